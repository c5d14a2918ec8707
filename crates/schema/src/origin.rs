//! Where a value was written, for reports.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A position in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file, relative to the project's folder where it lies inside it, with `/` between folders.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A [`Place`] that takes no part in comparisons: two columns that differ only in where they were written are equal.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origin(pub Option<Place>);

impl Origin {
    /// An origin at a known place.
    pub fn at(file: impl Into<String>, line: u32, column: u32) -> Self {
        Self(Some(Place { file: file.into(), line, column }))
    }

    /// The place, where one is known.
    pub fn place(&self) -> Option<&Place> {
        self.0.as_ref()
    }

    /// Whether no place is known; used to leave it out of the JSON form.
    pub fn is_unknown(&self) -> bool {
        self.0.is_none()
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl From<Place> for Origin {
    fn from(place: Place) -> Self {
        Self(Some(place))
    }
}
