//! What a reading gives.

use autogen_schema::{Backend, Notice, Schema};

/// A database as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which database it is.
    pub backend: Backend,
    /// Its version, as it says it: `3.51.3`, `15.6 (Debian 15.6-1)`, `10.11.6-MariaDB`.
    pub server_version: String,
    /// The schema that unqualified names mean (PostgreSQL's `current_schema()`); `None` where there are none.
    pub default_schema: Option<String>,
    /// The tables and what belongs to them.
    pub schema: Schema,
    /// What was seen and not understood.
    pub notices: Vec<Notice>,
}
