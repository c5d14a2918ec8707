//! How schemas are compared: what a person decides about it.

use serde::Deserialize;

use crate::filter::Filter;
use crate::online::Online;

/// How schemas are compared.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What to do with what only the database has.
    pub unmanaged: Unmanaged,
    /// When two types are the same.
    pub types: TypeComparison,
    /// Whether defaults are compared.
    pub defaults: bool,
    /// Whether indexes and unique constraints are compared.
    pub indexes: bool,
    /// Whether checks are compared.
    pub checks: bool,
    /// Whether comments are compared.
    pub comments: bool,
    /// Whether foreign keys are compared.
    pub foreign_keys: bool,
    /// What is compared at all, by name.
    pub filter: Filter,
    /// The table in which migrations are recorded. Like the others of [`autogen_schema::BOOKKEEPING`] it is nobody's to
    /// compare, although an entity may be mapped on it.
    pub version_table: String,
    /// Whether those who use the database are not to wait for the plan, and how; only PostgreSQL can.
    pub online: Option<Online>,
}

impl Default for Settings {
    /// Everything is compared, and what only the database has is reported.
    fn default() -> Self {
        Self {
            unmanaged: Unmanaged::Report,
            types: TypeComparison::Compatible,
            defaults: true,
            indexes: true,
            checks: true,
            comments: true,
            foreign_keys: true,
            filter: Filter::default(),
            version_table: "seaql_migrations".to_owned(),
            online: None,
        }
    }
}

/// What to do with what only the database has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmanaged {
    /// Keep it and mention it.
    #[default]
    Report,
    /// Keep it in silence.
    Ignore,
    /// Drop it.
    Drop,
}

/// When the type of an entity and that of a database are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeComparison {
    /// Where the entity leaves open what the database says, such as the length of a `String`.
    #[default]
    Compatible,
    /// Only where SeaORM would have made the very type.
    Exact,
}
