//! One revision, as its header and its place in the list describe it.

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
    /// The SHA-256 of the file's text in hexadecimal digits, where the text is known.
    pub checksum: Option<String>,
    /// Whether the file has a header; without one the revision follows its predecessor in the list.
    pub has_header: bool,
    /// Whether the statements in the file were generated, which is what a `Proof` line in the header says.
    pub is_generated: bool,
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
                has_header: true,
                is_generated: !header.proof.is_empty(),
                ..Self::default()
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

    /// The ids of what has to be applied before it: parents and dependencies.
    pub fn needs(&self) -> impl Iterator<Item = &String> {
        self.parents.iter().chain(&self.depends_on)
    }

    /// Where a person finds it: the file, or the stem where the file is not known.
    pub fn place(&self) -> String {
        self.file.as_ref().map_or_else(|| self.stem.clone(), |file| file.display().to_string())
    }
}

/// A stem as words: `m20261120_143000_add_email` is `add email`.
fn words(stem: &str) -> String {
    let is_stamp = |part: &&str| part.trim_start_matches('m').chars().all(|letter| letter.is_ascii_digit());
    stem.split('_').skip_while(is_stamp).collect::<Vec<_>>().join(" ")
}
