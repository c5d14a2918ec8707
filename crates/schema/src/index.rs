//! Indexes.

use serde::{Deserialize, Serialize};

use crate::Origin;

/// An index that no constraint owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The name, unquoted.
    pub name: String,
    /// What it is over, in order.
    pub parts: Vec<IndexPart>,
    /// Whether it refuses duplicates.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The method where it is not the default: `gin`, `hash`, `fulltext`, `spatial`. Lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The condition of a partial index in SQL, without `WHERE` and without outer parentheses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Columns that are carried along (PostgreSQL's `INCLUDE`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Whether two NULLs are the same (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// Storage parameters and other options, in the database's own words, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The comment kept by the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether the planner ignores it (MySQL's `INVISIBLE`, MariaDB's `IGNORED`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
    /// Whether a failed `CREATE INDEX CONCURRENTLY` left it unusable (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invalid: bool,
    /// Whether the database made it for a foreign key and would make it again (MySQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit: bool,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl Index {
    /// A plain index over columns.
    pub fn new<C: Into<String>>(name: impl Into<String>, columns: impl IntoIterator<Item = C>) -> Self {
        Self {
            name: name.into(),
            parts: columns.into_iter().map(IndexPart::column).collect(),
            unique: false,
            method: None,
            predicate: None,
            include: Vec::new(),
            nulls_not_distinct: false,
            options: Vec::new(),
            comment: None,
            invisible: false,
            invalid: false,
            implicit: false,
            origin: Origin::default(),
        }
    }

    /// The same index, refusing duplicates.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// The names of the columns, where it is over plain columns only.
    pub fn plain_columns(&self) -> Option<Vec<&str>> {
        self.parts
            .iter()
            .map(|part| match &part.key {
                IndexKey::Column(name) => Some(name.as_str()),
                IndexKey::Expression(_) => None,
            })
            .collect()
    }
}

/// One column or expression of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPart {
    /// What it is over.
    #[serde(flatten)]
    pub key: IndexKey,
    /// The direction where it is not ascending.
    #[serde(default, skip_serializing_if = "SortOrder::is_ascending")]
    pub order: SortOrder,
    /// Where NULLs go, if not where the direction puts them (last when ascending, first when descending).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls: Option<NullsOrder>,
    /// The collation where it is not the column's, written as a column's is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The operator class where it is not the type's default (PostgreSQL), with its options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_class: Option<String>,
    /// How many leading characters or bytes are indexed, where not all (MySQL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<u32>,
}

impl IndexPart {
    /// A plain column, ascending.
    pub fn column(name: impl Into<String>) -> Self {
        Self::of(IndexKey::Column(name.into()))
    }

    /// An expression, ascending.
    pub fn expression(sql: impl Into<String>) -> Self {
        Self::of(IndexKey::Expression(sql.into()))
    }

    fn of(key: IndexKey) -> Self {
        Self { key, order: SortOrder::Ascending, nulls: None, collation: None, operator_class: None, prefix: None }
    }
}

/// What a part of an index is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    /// A column.
    Column(String),
    /// An expression in SQL, without outer parentheses.
    Expression(String),
}

/// The direction of a part of an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl SortOrder {
    /// Whether it is the default direction.
    pub fn is_ascending(&self) -> bool {
        matches!(self, Self::Ascending)
    }
}

/// Where NULLs go in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NullsOrder {
    /// Before all values.
    First,
    /// After all values.
    Last,
}
