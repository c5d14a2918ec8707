//! What is worth saying and is not a difference.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Place, TableName};

/// Something a person should know, about one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What sort of notice it is.
    pub kind: NoticeKind,
    /// The table it is about.
    pub table: Option<TableName>,
    /// The column, index, constraint, type or file it is about.
    pub name: Option<String>,
    /// One sentence: what, and where useful what to do.
    pub message: String,
    /// The line of the entity it is about.
    pub source: Option<Place>,
}

impl Notice {
    /// A notice that is about nothing in particular yet.
    pub fn new(kind: NoticeKind, message: impl Into<String>) -> Self {
        Self { kind, table: None, name: None, message: message.into(), source: None }
    }

    /// The same notice, about this table.
    #[must_use]
    pub fn on(mut self, table: &TableName) -> Self {
        self.table = Some(table.clone());
        self
    }

    /// The same notice, about this column, index, constraint, type or file.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same notice, at this line.
    #[must_use]
    pub fn at(mut self, place: Option<&Place>) -> Self {
        self.source = place.cloned();
        self
    }
}

/// The sorts of notices. The text form is part of the JSON report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A table that only the database has.
    UnmanagedTable,
    /// A column that only the database has.
    UnmanagedColumn,
    /// An index that only the database has.
    UnmanagedIndex,
    /// A unique constraint that only the database has.
    UnmanagedUnique,
    /// A foreign key that only the database has.
    UnmanagedForeignKey,
    /// A check that only the database has.
    UnmanagedCheck,
    /// A default that only the database has.
    UnmanagedDefault,
    /// An enum type that only the database has.
    UnmanagedEnum,
    /// A primary key that only the database has.
    UnmanagedPrimaryKey,
    /// A view, trigger, function, … that only the database can have.
    UnmanagedObject,
    /// A Rust type that could not be resolved.
    OpaqueType,
    /// An attribute that SeaORM would ignore in silence.
    UnknownAttribute,
    /// A file that no `mod` reaches.
    OrphanFile,
    /// Two entities of one table that contradict each other.
    EntityConflict,
    /// A relation that has no foreign key in the database.
    RelationWithoutKey,
    /// A drop and an add that look like a rename.
    PossibleRename,
    /// Something that was seen and not understood.
    NotUnderstood,
    /// Two things that could not be compared.
    NotComparable,
    /// The same members in another order.
    OrderDiffers,
    /// The memory in `autogen.lock` was taken from the revision before.
    LockRecovered,
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Serde holds the one spelling of each kind.
        self.serialize(f)
    }
}

/// The message, with the line in front where there is one.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.source {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}
