//! Tables.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Check, Column, ForeignKey, Index, Origin, PrimaryKey, TableName, Unique};

/// A table and everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The name.
    pub name: TableName,
    /// What sort of table it is.
    #[serde(default, skip_serializing_if = "TableKind::is_ordinary")]
    pub kind: TableKind,
    /// The columns by name, in their order in the table.
    #[serde(with = "columns")]
    pub columns: IndexMap<String, Column>,
    /// The primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<Unique>,
    /// Indexes that no constraint owns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Foreign keys that this table holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Check constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The comment kept by the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Options of the whole table.
    #[serde(default, skip_serializing_if = "TableOptions::is_plain")]
    pub options: TableOptions,
    /// What must be there before it can be made, beside the targets of its foreign keys: the functions, types, sequences,
    /// collations and servers that its columns and checks use, and the table that it inherits from or is a partition of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<TableName>,
    /// Columns that the entity knows and leaves alone (`#[sea_orm(ignore)]`): never dropped, never reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// What the reader saw here and did not understand, one sentence each. Such a table is compared as far as it was
    /// read, and never rebuilt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
    /// Whether a part of it could not be read at all. Such a table is left exactly as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl Table {
    /// A table without columns.
    pub fn new(name: TableName) -> Self {
        Self {
            name,
            kind: TableKind::Ordinary,
            columns: IndexMap::new(),
            primary_key: None,
            uniques: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            comment: None,
            options: TableOptions::default(),
            depends_on: Vec::new(),
            ignored: Vec::new(),
            not_understood: Vec::new(),
            incomplete: false,
            origin: Origin::default(),
        }
    }

    /// The same table with one more column at the end.
    #[must_use]
    pub fn with_column(mut self, column: Column) -> Self {
        self.columns.insert(column.name.clone(), column);
        self
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }
}

/// What sort of table it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An ordinary table.
    #[default]
    Ordinary,
    /// The parent of partitions.
    Partitioned,
    /// A partition of another table.
    Partition,
    /// A virtual table (SQLite).
    Virtual,
    /// A table that a virtual table keeps its data in (SQLite).
    Shadow,
    /// A table whose rows live elsewhere (PostgreSQL).
    Foreign,
    /// A table that belongs to an extension (PostgreSQL).
    Extension,
    /// An entity that is mapped on a view.
    View,
}

impl TableKind {
    /// Whether it is made and dropped with something else, and never by itself.
    pub fn comes_with_another(&self) -> bool {
        match self {
            Self::Shadow | Self::Extension | Self::View => true,
            Self::Ordinary | Self::Partitioned | Self::Partition | Self::Virtual | Self::Foreign => false,
        }
    }

    /// Whether it is an ordinary table.
    pub fn is_ordinary(&self) -> bool {
        matches!(self, Self::Ordinary)
    }
}

/// Options of a whole table, each `None` or false where unsaid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOptions {
    /// The storage engine (MySQL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The default character set (MySQL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The default collation (MySQL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// `STRICT` (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// `WITHOUT ROWID` (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_rowid: bool,
    /// `UNLOGGED` (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// The partition key or bound, in the database's own words after `PARTITION BY` or `PARTITION OF`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// The tables it inherits from (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<TableName>,
    /// Further options in the database's own words, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<String>,
}

impl TableOptions {
    /// Whether nothing is said.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Columns are a list in JSON, where the order of an object's keys means nothing.
mod columns {
    use indexmap::IndexMap;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::Column;

    pub(super) fn serialize<S: Serializer>(columns: &IndexMap<String, Column>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(columns.values())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<IndexMap<String, Column>, D::Error> {
        let columns = Vec::<Column>::deserialize(from)?;
        Ok(columns.into_iter().map(|column| (column.name.clone(), column)).collect())
    }
}
