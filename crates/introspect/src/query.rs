//! The one way to a catalog: every query has a name, is counted and timed, and fails with that name.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use autogen_schema::{Notice, NoticeKind};
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
    /// The text in the first column, whatever it is called.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where it is no text.
    pub(crate) fn first_text(&self) -> Result<String, Error> {
        let failed = |error| Error::Query { query: self.query, reason: format!("column 1: {error}") };
        self.row.try_get_by(0_usize).map_err(failed)
    }

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

/// A catalog row that is not understood: a value of a type that it never has, or none where there always is one.
#[derive(Debug)]
pub(crate) struct OddRow<K> {
    /// The table that it belongs to, where the row tells.
    pub(crate) table: Option<K>,
    /// The column, key, view, … that it describes, where the row tells.
    pub(crate) name: Option<String>,
    /// What was being read.
    pub(crate) query: &'static str,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl<K> OddRow<K> {
    /// The sentence for its table.
    pub(crate) fn sentence(&self) -> String {
        let name = self.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("a row of the query for {}{name} is not understood: {}", self.query, self.reason)
    }

    /// The notice for a row that belongs to no table.
    pub(crate) fn notice(&self) -> Notice {
        let notice = Notice::new(NoticeKind::NotUnderstood, self.sentence());
        match &self.name {
            Some(name) => notice.named(name),
            None => notice,
        }
    }
}

/// What the rows say, each by itself: one that `decode` refuses goes to `odd`, and spoils nothing for the others.
pub(crate) fn understood<T, K>(
    rows: &[Row],
    odd: &mut Vec<OddRow<K>>,
    table: impl Fn(&Row) -> Option<K>,
    mut decode: impl FnMut(&Row) -> Result<T, Error>,
) -> Vec<T> {
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        match decode(row) {
            Ok(value) => values.push(value),
            Err(error) => odd.push(OddRow {
                table: table(row),
                name: row.get("name").ok(),
                query: row.query,
                reason: match error {
                    Error::Query { reason, .. } => reason,
                    other => other.to_string(),
                },
            }),
        }
    }
    values
}
