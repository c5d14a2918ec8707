//! The one way to a catalog: every query has a name, is counted and timed, and fails with that name.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, QueryResult, Statement, TryGetable, Value};

use crate::{Connection, Error};

/// One catalog query that was made, for people who ask where the time goes.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryTime {
    /// What the query reads: `columns`, `foreign keys`.
    pub name: &'static str,
    /// The query itself.
    pub statement: Statement,
    /// How long the server and the way to it took.
    pub duration: Duration,
    /// How many rows came back.
    pub rows: usize,
}

/// The queries that one connection has made, in order.
#[derive(Debug, Default)]
pub(crate) struct QueryLog(Mutex<Vec<QueryTime>>);

impl QueryLog {
    pub(crate) fn entries(&self) -> Vec<QueryTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn push(&self, entry: QueryTime) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

/// Runs one catalog query on `on`, which is `connection.db()` or a transaction begun on it.
///
/// `name` says what it reads, for error messages and the log: `columns`, `foreign keys`.
///
/// # Errors
///
/// [`Error::Query`] with the name and the server's own message.
pub(crate) async fn rows(
    connection: &Connection,
    on: &impl ConnectionTrait,
    name: &'static str,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>, Error> {
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    let start = Instant::now();
    let rows = on.query_all_raw(statement.clone()).await.map_err(|error| connection.query_error(name, &error))?;
    connection.log().push(QueryTime { name, statement, duration: start.elapsed(), rows: rows.len() });
    Ok(rows.into_iter().map(|row| Row { query: name, row }).collect())
}

/// A row that knows which query it came from.
pub(crate) struct Row {
    query: &'static str,
    row: QueryResult,
}

impl Row {
    /// The value of a column; give an `Option` where it may be NULL.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where there is no such column, or it is of another type.
    pub(crate) fn get<T: TryGetable>(&self, column: &str) -> Result<T, Error> {
        self.row
            .try_get("", column)
            .map_err(|error| Error::Query { query: self.query, reason: format!("column {column}: {error}") })
    }
}
