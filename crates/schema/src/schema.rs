//! A whole schema, and the databases there are.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{EnumName, Origin, Table, TableName};

/// Everything that one source says about a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The tables by name.
    pub tables: BTreeMap<TableName, Table>,
    /// Named enum types (PostgreSQL; an entity's active enums).
    pub enums: BTreeMap<EnumName, EnumType>,
    /// What is seen and kept verbatim, not compared: views, triggers, functions, policies, …
    pub objects: Vec<Object>,
}

impl Schema {
    /// The table of this name.
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Adds a table, in the place of one of the same name.
    pub fn insert(&mut self, table: Table) {
        self.tables.insert(table.name.clone(), table);
    }
}

/// An enum type that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// The name.
    pub name: EnumName,
    /// The labels, in order.
    pub labels: Vec<String>,
    /// The comment kept by the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
}

/// Something that the database holds and that we keep word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What sort of thing it is.
    pub kind: ObjectKind,
    /// Its name, as `schema.name` where the database has schemas.
    pub name: TableName,
    /// The table it hangs on, for a trigger, a policy, an exclusion constraint or a sequence that a column owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableName>,
    /// What it names or depends on, as far as the database tells: tables, views and other objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<TableName>,
    /// The statement that makes it, without a semicolon at the end. Where it takes several, `;` and a line break stand
    /// between them. Nothing, where the database hides it from the user.
    pub definition: String,
}

/// The sorts of things that are kept word for word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A trigger.
    Trigger,
    /// A function or procedure.
    Function,
    /// A row-level security policy.
    Policy,
    /// A sequence that no `serial` or identity column accounts for, or what it has beyond a usual `serial`.
    Sequence,
    /// An exclusion constraint.
    Exclusion,
    /// A domain.
    Domain,
    /// A composite or range type.
    CompositeType,
    /// An extension.
    Extension,
    /// A rewrite rule.
    Rule,
    /// A scheduled event (MySQL).
    Event,
    /// A collation.
    Collation,
    /// A foreign server.
    Server,
    /// Extended statistics over several columns.
    Statistics,
    /// A comment on a constraint or a database schema, under the name of that.
    Comment,
}

impl ObjectKind {
    /// The word for people: `view`, `materialised view`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::MaterializedView => "materialised view",
            Self::Trigger => "trigger",
            Self::Function => "function",
            Self::Policy => "policy",
            Self::Sequence => "sequence",
            Self::Exclusion => "exclusion constraint",
            Self::Domain => "domain",
            Self::CompositeType => "composite type",
            Self::Extension => "extension",
            Self::Rule => "rule",
            Self::Event => "event",
            Self::Collation => "collation",
            Self::Server => "foreign server",
            Self::Statistics => "statistics object",
            Self::Comment => "comment",
        }
    }
}

/// The databases that there are. MariaDB is not MySQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Backend {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Mysql, Self::Mariadb];

    /// The name in configuration and reports: `sqlite`, `postgres`, `mysql`, `mariadb`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    /// The name as its makers write it.
    pub const fn product(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Backend {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|backend| backend.as_str() == text)
            .ok_or_else(|| format!("no database is called `{text}`; there are sqlite, postgres, mysql and mariadb"))
    }
}
