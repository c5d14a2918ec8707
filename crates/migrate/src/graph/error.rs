//! What can be wrong with a history, or with a name in it.

use std::path::PathBuf;

/// Why the revisions form no graph, or a text names no revision in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The folder holds no migration crate.
    #[error("no migrations in {}: there is no src/lib.rs, lib.rs or mod.rs with a `fn migrations()`", folder.display())]
    NoMigrations {
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// A file could not be read.
    #[error("{}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// A file is not Rust, or its `migrations()` has a shape that is not understood.
    #[error("{}:{line}: {reason}", file.display())]
    NotUnderstood {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Two revisions have the same id.
    #[error("revision {id} is present more than once: in {first} and in {second}; give one of them another id")]
    Duplicate {
        /// The id, or the stem.
        id: String,
        /// The file of the one, or its stem.
        first: String,
        /// The file of the other, or its stem.
        second: String,
    },
    /// A parent or a dependency is in no file.
    #[error(
        "revision {parent}, referenced from {place}, is not present; restore its file from version control, or correct the line in {place}"
    )]
    MissingParent {
        /// The file of the revision that refers to it, or its stem.
        place: String,
        /// The id that no file has.
        parent: String,
    },
    /// Revisions are their own ancestors.
    #[error("cycle is detected in revisions ({}); correct a `Revises` or `Depends on` line in {}", ids.join(", "), places.join(", "))]
    Cycle {
        /// The revisions of the cycle.
        ids: Vec<String>,
        /// Their files, or their stems.
        places: Vec<String>,
    },
    /// The list does not put parents before children.
    #[error(
        "{stem} stands before {parent} in migrations(), which it follows; move it below, or SeaORM runs it too early"
    )]
    OutOfOrder {
        /// The stem of the child.
        stem: String,
        /// The stem of the parent.
        parent: String,
    },
    /// Two revisions that are not on one branch use the same label.
    #[error("branch name '{label}' in revision {second} already used by revision {first}")]
    LabelTaken {
        /// The label.
        label: String,
        /// The id that has it.
        first: String,
        /// The id that wants it.
        second: String,
    },
    /// No revision is named so.
    #[error("can't locate revision identified by '{text}'{}", nearest_clause(nearest))]
    Unknown {
        /// What was asked for.
        text: String,
        /// Names that are like it.
        nearest: Vec<String>,
    },
    /// No branch is named so.
    #[error("no such branch: '{name}'{}", nearest_clause(nearest))]
    UnknownBranch {
        /// What was asked for.
        name: String,
        /// Names that are like it.
        nearest: Vec<String>,
    },
    /// A revision is neither above nor below the one that names the branch.
    #[error("revision {revision} is not a member of branch '{branch}'")]
    NotOnBranch {
        /// The id of the revision.
        revision: String,
        /// The branch, as it was typed.
        branch: String,
    },
    /// The version table holds revisions that have no file.
    #[error(
        "can't locate revision identified by '{}', which the database records as applied; restore the file from version control, or correct the version table with `stamp`",
        stems.join("', '")
    )]
    UnknownApplied {
        /// What the version table says.
        stems: Vec<String>,
    },
    /// Several revisions begin like this.
    #[error("multiple revisions start with '{text}': {}; give more of the name", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// What it may mean.
        candidates: Vec<String>,
    },
    /// `head` where there are several.
    #[error(
        "multiple head revisions are present for given argument 'head' ({}); name one of them, 'heads' for all, or make one of them with `merge`",
        heads.join(", ")
    )]
    ManyHeads {
        /// The ids of the heads.
        heads: Vec<String>,
    },
    /// A relative name leads out of the graph.
    #[error("relative revision {text} didn't produce {wanted} migrations; there are {found}")]
    TooFar {
        /// What was asked for.
        text: String,
        /// How many steps were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// A relative name meets a branch or a merge.
    #[error("ambiguous walk for '{text}': {at} has {}; name the revision itself", candidates.join(" and "))]
    AmbiguousWalk {
        /// What was asked for.
        text: String,
        /// Where the ways part.
        at: String,
        /// The ways.
        candidates: Vec<String>,
    },
    /// Steps from what is applied could go on several branches.
    #[error(
        "ambiguous '{text}': the next step could be {}; name the branch, as in '{}@{text}'",
        candidates.join(" or "),
        candidates.first().map_or("", String::as_str)
    )]
    AmbiguousStep {
        /// What was asked for.
        text: String,
        /// What could be next.
        candidates: Vec<String>,
    },
    /// The direction does not fit the target.
    #[error("destination {text} is not a valid {direction} target from current head(s); {advice}")]
    WrongWay {
        /// What was asked for.
        text: String,
        /// `upgrade` or `downgrade`.
        direction: &'static str,
        /// What the user may have meant.
        advice: String,
    },
    /// A range where one place is expected.
    #[error(
        "range revision not allowed: '{text}'; name the revision to go to (a range can be shown, or written as SQL)"
    )]
    RangeNotAllowed {
        /// What was asked for.
        text: String,
    },
    /// One place where a range is expected.
    #[error("'{text}' is no range; a range is [start]:[end], [start]: or :[end]")]
    NotARange {
        /// What was asked for.
        text: String,
    },
    /// The ends of a range are not on one line.
    #[error(
        "requested range {text} does not refer to ancestor/descendant revisions along the same branch{}",
        nearest_clause(nearest)
    )]
    DisjointRange {
        /// What was asked for.
        text: String,
        /// The range the other way round, where that is one.
        nearest: Vec<String>,
    },
    /// Two places to stamp are on one line.
    #[error(
        "requested revision {above} overlaps with other requested revision {below}, which it needs; name {above} only"
    )]
    Overlap {
        /// The id of the later one.
        above: String,
        /// The id of the earlier one.
        below: String,
    },
}

fn nearest_clause(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", nearest.join(" or ")) }
}
