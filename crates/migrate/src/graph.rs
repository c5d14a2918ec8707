//! The revision graph as a value: who comes after whom, what is a head, what is applied, what is next.
//!
//! Pure. The command line fills it from source, the migration crate's binary from its own `migrations()` list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::header::Header;

/// One migration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// The id that its header gives, else the stem.
    pub id: String,
    /// What the version table records: the stem of the file, or what its `fn name` says.
    pub stem: String,
    /// The ids of the parents.
    pub parents: Vec<String>,
    /// The ids of revisions that have to be applied before it without being parents.
    pub depends_on: Vec<String>,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
    /// What the user said about it.
    pub message: String,
    /// When it was made, as its header says it.
    pub created: Option<String>,
    /// The file that holds it, where it is known.
    pub file: Option<PathBuf>,
    /// Whether the file has a header; without one the revision follows its predecessor in the list.
    pub has_header: bool,
}

impl Revision {
    /// The revision that the version table records as `stem`. Without a header it follows `previous`, the revision that
    /// stands before it in the list.
    pub fn new(stem: String, header: Option<Header>, previous: Option<String>) -> Self {
        match header {
            Some(header) => Self {
                id: header.id,
                stem,
                parents: header.revises,
                depends_on: header.depends_on,
                labels: header.labels,
                message: header.message,
                created: (!header.created.is_empty()).then_some(header.created),
                file: None,
                has_header: true,
            },
            None => Self {
                id: stem.clone(),
                message: words(&stem),
                stem,
                parents: previous.into_iter().collect(),
                ..Self::default()
            },
        }
    }
}

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
        /// The stem of the one.
        first: String,
        /// The stem of the other.
        second: String,
    },
    /// A parent or a dependency is in no file.
    #[error(
        "revision {parent}, referenced from {stem}, is not present; restore its file from version control, or correct the line in {stem}"
    )]
    MissingParent {
        /// The stem of the revision that refers to it.
        stem: String,
        /// The id that no file has.
        parent: String,
    },
    /// Revisions are their own ancestors.
    #[error("cycle is detected in revisions ({}); correct a `Revises` or `Depends on` line", ids.join(", "))]
    Cycle {
        /// The revisions of the cycle.
        ids: Vec<String>,
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
    /// The direction does not fit the target.
    #[error("destination {text} is not a valid {direction} target from current head(s)")]
    WrongWay {
        /// What was asked for.
        text: String,
        /// `upgrade` or `downgrade`.
        direction: &'static str,
    },
}

fn nearest_clause(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", nearest.join(" or ")) }
}

/// A place in the history that a command goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Before the first revision.
    Base,
    /// One revision, by id. Other branches stay as they are.
    Revision(String),
    /// Exactly everything up to these revisions.
    Heads(Vec<String>),
}

/// The revisions of a project, in an order in which parents come first.
#[derive(Clone, Copy, Debug)]
pub struct Graph<'a> {
    revisions: &'a [Revision],
}

impl<'a> Graph<'a> {
    /// Takes revisions in the order of the `migrations()` list.
    ///
    /// # Errors
    ///
    /// Where an id or a stem occurs twice, a parent is missing, the list is not in topological order, revisions form a
    /// cycle, or two branches have the same label.
    pub fn new(revisions: &'a [Revision]) -> Result<Self, GraphError> {
        let graph = Self { revisions };
        graph.check_unique(|revision| &revision.id)?;
        graph.check_unique(|revision| &revision.stem)?;
        graph.check_links()?;
        graph.check_order()?;
        graph.check_labels()?;
        Ok(graph)
    }

    /// Takes revisions that [`Graph::new`] has accepted before.
    #[cfg(feature = "source")]
    pub(crate) fn trusted(revisions: &'a [Revision]) -> Self {
        Self { revisions }
    }

    /// A linear history, for a list of stems without headers.
    pub fn linear(stems: impl IntoIterator<Item = String>) -> Vec<Revision> {
        let mut revisions: Vec<Revision> = Vec::new();
        for stem in stems {
            let previous = revisions.last().map(|last| last.id.clone());
            revisions.push(Revision::new(stem, None, previous));
        }
        revisions
    }

    /// All revisions, parents first.
    pub fn revisions(self) -> &'a [Revision] {
        self.revisions
    }

    /// The revision with this id.
    pub fn by_id(self, id: &str) -> Option<&'a Revision> {
        self.revisions.iter().find(|revision| revision.id == id)
    }

    /// The revision that the version table records so.
    pub fn by_stem(self, stem: &str) -> Option<&'a Revision> {
        self.revisions.iter().find(|revision| revision.stem == stem)
    }

    /// Revisions that nothing follows.
    pub fn heads(self) -> Vec<&'a Revision> {
        let parents: BTreeSet<&str> =
            self.revisions.iter().flat_map(|revision| &revision.parents).map(String::as_str).collect();
        self.revisions.iter().filter(|revision| !parents.contains(revision.id.as_str())).collect()
    }

    /// Revisions that follow nothing.
    pub fn bases(self) -> Vec<&'a Revision> {
        self.revisions.iter().filter(|revision| revision.parents.is_empty()).collect()
    }

    /// Revisions that follow this one directly.
    pub fn children(self, id: &str) -> Vec<&'a Revision> {
        self.revisions.iter().filter(|revision| revision.parents.iter().any(|parent| parent == id)).collect()
    }

    /// The ids of these revisions and of all they need: parents, dependencies, and theirs.
    pub fn ancestors(self, ids: &[String]) -> BTreeSet<String> {
        let mut wanted: BTreeSet<String> = ids.iter().cloned().collect();
        for revision in self.revisions.iter().rev() {
            if wanted.contains(&revision.id) {
                wanted.extend(needs(revision).cloned());
            }
        }
        wanted
    }

    /// The ids of all revisions that need one of these, without these themselves.
    pub fn descendants(self, ids: &[String]) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        for revision in self.revisions {
            if needs(revision).any(|need| ids.contains(need) || found.contains(need)) {
                found.insert(revision.id.clone());
            }
        }
        found
    }

    /// The ids of what is applied, from what the version table records.
    ///
    /// # Errors
    ///
    /// Where the table records what no file has.
    pub fn applied(self, recorded: &[String]) -> Result<BTreeSet<String>, GraphError> {
        let unknown: Vec<String> = recorded.iter().filter(|name| self.by_stem_or_id(name).is_none()).cloned().collect();
        if !unknown.is_empty() {
            return Err(GraphError::UnknownApplied { stems: unknown });
        }
        Ok(recorded.iter().filter_map(|name| self.by_stem_or_id(name)).map(|revision| revision.id.clone()).collect())
    }

    /// The applied revisions that no applied revision follows: what `current` shows. Names without a file are left out.
    pub fn current(self, recorded: &[String]) -> Vec<&'a Revision> {
        let applied: Vec<&Revision> = recorded.iter().filter_map(|name| self.by_stem_or_id(name)).collect();
        let followed: BTreeSet<&String> = applied.iter().flat_map(|revision| &revision.parents).collect();
        self.revisions
            .iter()
            .filter(|revision| applied.iter().any(|found| found.id == revision.id) && !followed.contains(&revision.id))
            .collect()
    }

    /// What is not applied yet, in the order in which to apply it.
    pub fn pending(self, recorded: &[String]) -> Vec<&'a Revision> {
        let applied: BTreeSet<&str> = recorded.iter().map(String::as_str).collect();
        self.revisions
            .iter()
            .filter(|revision| !applied.contains(revision.stem.as_str()) && !applied.contains(revision.id.as_str()))
            .collect()
    }

    /// What to apply, in order, to get to the target.
    ///
    /// # Errors
    ///
    /// Where the target is the base, or the table records what no file has.
    pub fn upgrade_steps(self, target: &Target, recorded: &[String]) -> Result<Vec<&'a Revision>, GraphError> {
        self.applied(recorded)?;
        let wanted = match target {
            Target::Base => return Err(GraphError::WrongWay { text: "base".into(), direction: "upgrade" }),
            Target::Revision(id) => self.ancestors(std::slice::from_ref(id)),
            Target::Heads(ids) => self.ancestors(ids),
        };
        Ok(self.pending(recorded).into_iter().filter(|revision| wanted.contains(&revision.id)).collect())
    }

    /// What to revert, in order, to get to the target.
    ///
    /// # Errors
    ///
    /// Where the target itself is not applied, or the table records what no file has.
    pub fn downgrade_steps(self, target: &Target, recorded: &[String]) -> Result<Vec<&'a Revision>, GraphError> {
        let applied = self.applied(recorded)?;
        let goes: BTreeSet<String> = match target {
            Target::Base => applied.clone(),
            Target::Revision(id) if !applied.contains(id) => {
                return Err(GraphError::WrongWay { text: id.clone(), direction: "downgrade" });
            }
            Target::Revision(id) => self.descendants(std::slice::from_ref(id)),
            Target::Heads(ids) => applied.difference(&self.ancestors(ids)).cloned().collect(),
        };
        let steps = self.revisions.iter().rev();
        Ok(steps.filter(|revision| applied.contains(&revision.id) && goes.contains(&revision.id)).collect())
    }

    fn by_stem_or_id(self, name: &str) -> Option<&'a Revision> {
        self.by_stem(name).or_else(|| self.by_id(name))
    }

    fn check_unique(self, key: impl Fn(&Revision) -> &String) -> Result<(), GraphError> {
        let mut seen: BTreeMap<&String, &Revision> = BTreeMap::new();
        for revision in self.revisions {
            if let Some(first) = seen.insert(key(revision), revision) {
                return Err(GraphError::Duplicate {
                    id: key(revision).clone(),
                    first: first.stem.clone(),
                    second: revision.stem.clone(),
                });
            }
        }
        Ok(())
    }

    fn check_links(self) -> Result<(), GraphError> {
        for revision in self.revisions {
            if let Some(parent) = needs(revision).find(|need| self.by_id(need).is_none()) {
                return Err(GraphError::MissingParent { stem: revision.stem.clone(), parent: parent.clone() });
            }
        }
        Ok(())
    }

    /// A cycle is named as one, although it also shows as an order that no list can have.
    fn check_order(self) -> Result<(), GraphError> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for revision in self.revisions {
            if let Some(parent) = needs(revision).find(|need| !seen.contains(need.as_str())) {
                self.check_cycle()?;
                let parent = self.by_id(parent).map_or_else(|| parent.clone(), |found| found.stem.clone());
                return Err(GraphError::OutOfOrder { stem: revision.stem.clone(), parent });
            }
            seen.insert(&revision.id);
        }
        Ok(())
    }

    /// Takes away, again and again, what needs nothing that is left; what remains is on a cycle or behind one.
    fn check_cycle(self) -> Result<(), GraphError> {
        let mut left: Vec<&Revision> = self.revisions.iter().collect();
        loop {
            let ids: BTreeSet<&String> = left.iter().map(|revision| &revision.id).collect();
            let next: Vec<&Revision> =
                left.iter().copied().filter(|revision| needs(revision).any(|need| ids.contains(need))).collect();
            if next.is_empty() {
                return Ok(());
            }
            if next.len() == left.len() {
                return Err(GraphError::Cycle { ids: next.iter().map(|revision| revision.id.clone()).collect() });
            }
            left = next;
        }
    }

    fn check_labels(self) -> Result<(), GraphError> {
        let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
        for revision in self.revisions {
            for label in &revision.labels {
                if let Some(first) = seen.insert(label, &revision.id) {
                    return Err(GraphError::LabelTaken {
                        label: label.clone(),
                        first: first.clone(),
                        second: revision.id.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

fn needs(revision: &Revision) -> impl Iterator<Item = &String> {
    revision.parents.iter().chain(&revision.depends_on)
}

/// A stem as words: `m20261120_143000_add_email` is `add email`.
fn words(stem: &str) -> String {
    let is_stamp = |part: &&str| part.trim_start_matches('m').chars().all(|letter| letter.is_ascii_digit());
    stem.split('_').skip_while(is_stamp).collect::<Vec<_>>().join(" ")
}
