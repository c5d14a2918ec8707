//! Reads an SQLite database.

use autogen_schema::{Backend, Schema};

use crate::{Connection, Error, Reading, Scope};

/// Reads the tables in `scope`.
pub(crate) async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    scope.filter()?;
    Ok(Reading {
        backend: Backend::Sqlite,
        server_version: connection.server_version().to_owned(),
        default_schema: None,
        schema: Schema::default(),
        notices: Vec::new(),
    })
}
