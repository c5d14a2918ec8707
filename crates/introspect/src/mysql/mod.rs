//! Reads a MySQL or MariaDB database.

use crate::{Connection, Error, Reading, Scope};

/// Reads the tables in `scope`.
pub(crate) async fn read(connection: &Connection, _scope: &Scope) -> Result<Reading, Error> {
    Err(Error::Unsupported {
        what: format!("MySQL or MariaDB {}", connection.server_version()),
        reason: "this version of autogen has no reader for it".to_owned(),
    })
}
