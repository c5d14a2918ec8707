//! Columns and what fills them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Origin, Type};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The name, unquoted.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether NULL is allowed.
    #[serde(default)]
    pub nullable: bool,
    /// The default on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// How its value is computed, for a generated column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// How the database numbers it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_increment: Option<AutoIncrement>,
    /// MySQL's `ON UPDATE` expression, without the keywords.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<String>,
    /// The character set (MySQL); unsaid where it is the table's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The collation; unsaid where it is the table's or the type's own. Where collations have schemas (PostgreSQL), as
    /// [`TableName::to_key`](crate::TableName::to_key) writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The comment kept by the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether `SELECT *` leaves it out (MySQL, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
    /// Further clauses in the database's own words, in order, for what has no field here: SQLite's
    /// `NOT NULL ON CONFLICT IGNORE`, PostgreSQL's `STORAGE EXTERNAL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<String>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

impl Column {
    /// A required column with nothing else said.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Self {
            name: name.into(),
            ty,
            nullable: false,
            default: None,
            generated: None,
            auto_increment: None,
            on_update: None,
            charset: None,
            collation: None,
            comment: None,
            invisible: false,
            extra: Vec::new(),
            origin: Origin::default(),
        }
    }

    /// The same column with NULL allowed.
    #[must_use]
    pub fn null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The same column with a default.
    #[must_use]
    pub fn with_default(mut self, default: DefaultValue) -> Self {
        self.default = Some(default);
        self
    }
}

/// A default on the server.
///
/// A reader gives a literal only where it is certain that the text is one; everything else is an expression in the
/// database's own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultValue {
    /// An explicit `DEFAULT NULL`.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number, as its decimal text.
    Number(String),
    /// A text, without quotes or escapes.
    Text(String),
    /// SQL, without the `DEFAULT` keyword and without outer parentheses that only the syntax needs.
    Expression(String),
}

impl DefaultValue {
    /// An expression in SQL.
    pub fn expression(sql: impl Into<String>) -> Self {
        Self::Expression(sql.into())
    }
}

/// For people, not SQL: a text stands in single quotes.
impl fmt::Display for DefaultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Expression(sql) => f.write_str(sql),
        }
    }
}

/// How the value of a generated column is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The expression in SQL, without outer parentheses.
    pub expression: String,
    /// Whether it is kept or computed when read.
    pub kind: GeneratedKind,
}

/// Whether a generated value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedKind {
    /// Kept in the row.
    Stored,
    /// Computed when read.
    Virtual,
}

/// How the database numbers a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoIncrement {
    /// It numbers it; how was not said (an entity).
    Unspecified,
    /// SQLite's `AUTOINCREMENT`, MySQL's `AUTO_INCREMENT`.
    Keyword,
    /// PostgreSQL's `serial`: a default from a sequence that the column owns.
    Serial {
        /// The sequence, as [`TableName::to_key`](crate::TableName::to_key) writes it.
        sequence: String,
    },
    /// PostgreSQL's `GENERATED … AS IDENTITY`.
    Identity(Identity),
}

/// The options of an identity column; each is what the catalog holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Whether a given value is taken or refused.
    pub mode: IdentityMode,
    /// The first number.
    pub start: i64,
    /// The step.
    pub increment: i64,
    /// The smallest number.
    pub min: i64,
    /// The largest number.
    pub max: i64,
    /// How many numbers a session takes at once.
    pub cache: i64,
    /// Whether it starts again at the end.
    pub cycle: bool,
}

/// `GENERATED ALWAYS` or `BY DEFAULT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// A given value is refused.
    Always,
    /// A given value is taken.
    ByDefault,
}
