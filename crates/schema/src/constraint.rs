//! Keys, uniques and checks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Origin, TableName};

/// The primary key of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryKey {
    /// The constraint's name, where one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The columns, in key order.
    pub columns: Vec<String>,
    /// What stands behind the name of a column inside the key, in the database's own words: `(20)` (MySQL),
    /// `COLLATE NOCASE DESC` (SQLite). By column; those with nothing are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub column_options: BTreeMap<String, String>,
    /// Clauses that have no field here, in the database's own words (SQLite's `ON CONFLICT REPLACE`, `DESC`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<String>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl PrimaryKey {
    /// An unnamed key over these columns.
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            column_options: BTreeMap::new(),
            extra: Vec::new(),
            origin: Origin::default(),
        }
    }
}

/// A unique constraint. A unique *index* is an [`crate::Index`] with `unique` set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unique {
    /// The constraint's name, where one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// As in a [`PrimaryKey`] (SQLite).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub column_options: BTreeMap<String, String>,
    /// Columns that are carried along (PostgreSQL's `INCLUDE`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Whether two NULLs are the same (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<Deferrable>,
    /// Clauses that have no field here, in the database's own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<String>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl Unique {
    /// An unnamed unique constraint over these columns.
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            column_options: BTreeMap::new(),
            include: Vec::new(),
            nulls_not_distinct: false,
            deferrable: None,
            extra: Vec::new(),
            origin: Origin::default(),
        }
    }
}

/// When a constraint is checked. `None` in its place means `NOT DEFERRABLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    InitiallyImmediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    InitiallyDeferred,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// The constraint's name, where one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to.
    pub references: TableName,
    /// The columns referred to, in the order of `columns`.
    pub referenced_columns: Vec<String>,
    /// What happens when the row referred to is deleted; `None` where an entity does not say. A live database
    /// always says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferentialAction>,
    /// What happens when the key referred to changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferentialAction>,
    /// The columns that `SET NULL` or `SET DEFAULT` touches on delete, where not all (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_delete_columns: Vec<String>,
    /// How partly-null keys are treated; `None` is `MATCH SIMPLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_type: Option<MatchType>,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<Deferrable>,
    /// Whether existing rows were not checked (PostgreSQL's `NOT VALID`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl ForeignKey {
    /// An unnamed key with no action said.
    pub fn new<C: Into<String>, R: Into<String>>(
        columns: impl IntoIterator<Item = C>,
        references: TableName,
        referenced_columns: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            references,
            referenced_columns: referenced_columns.into_iter().map(Into::into).collect(),
            on_delete: None,
            on_update: None,
            on_delete_columns: Vec::new(),
            match_type: None,
            deferrable: None,
            not_valid: false,
            origin: Origin::default(),
        }
    }
}

/// What a foreign key does when its target goes away or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// Refuse, at the end of the statement.
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Do the same to the referring rows.
    Cascade,
    /// Put NULL into the referring columns.
    SetNull,
    /// Put the default into the referring columns.
    SetDefault,
}

impl ReferentialAction {
    /// The words in SQL, the same in all databases.
    pub const fn as_sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }

    /// Reads the words in SQL, in any case.
    pub fn from_sql(text: &str) -> Option<Self> {
        [Self::NoAction, Self::Restrict, Self::Cascade, Self::SetNull, Self::SetDefault]
            .into_iter()
            .find(|action| action.as_sql().eq_ignore_ascii_case(text.trim()))
    }
}

/// How a foreign key treats a key of which only a part is NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchType {
    /// All or none may be NULL.
    Full,
    /// Not implemented by any database here; kept because SQLite stores the word.
    Partial,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The constraint's name, where one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The condition in SQL, without outer parentheses.
    pub expression: String,
    /// Whether child tables do not inherit it (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// Whether existing rows were not checked (PostgreSQL), or it is not enforced (MySQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// The column it stands at, where the database keeps a column's checks apart (SQLite, MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl Check {
    /// An unnamed table check.
    pub fn new(expression: impl Into<String>) -> Self {
        Self {
            name: None,
            expression: expression.into(),
            no_inherit: false,
            not_valid: false,
            column: None,
            origin: Origin::default(),
        }
    }
}
