//! Reads a live database into a [`Schema`](autogen_schema::Schema).
//!
//! [`connect`] opens a database and finds out which one it really is; [`read`] reads it. A reading is exact: names,
//! types and expressions are what the database says, in its own words where the shared vocabulary has none. Nothing
//! here compares, spells or decides; that is `autogen-diff`'s.
//!
//! Each database has a folder of its own with a `read` function, and is asked a constant number of catalog queries
//! whatever the number of its tables. What a reader sees and does not understand becomes a notice, never a guess.

mod connect;
mod count;
mod error;
mod explain;
mod mysql;
mod postgres;
mod query;
mod reading;
mod respell;
mod scope;
mod sqlite;

use autogen_schema::Backend;

pub use connect::{ConnectOptions, Connection, connect, is_local};
pub use count::count;
pub use error::Error;
pub use query::QueryTime;
pub use reading::Reading;
pub use respell::{Expression, respell};
pub use scope::Scope;

/// Reads the tables in `scope` and everything that belongs to them.
///
/// # Errors
///
/// Where a catalog query fails, or `scope` holds a pattern that is not a glob.
pub async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    match connection.backend() {
        Backend::Sqlite => sqlite::read(connection, scope).await,
        Backend::Postgres => postgres::read(connection, scope).await,
        Backend::Mysql | Backend::Mariadb => mysql::read(connection, scope).await,
    }
}
