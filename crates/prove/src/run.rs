//! Runs statements on a scratch database, as a migration file would.

use autogen_introspect::Connection;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};

use crate::database::Envelope;

/// A statement that the database refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The statement.
    pub(crate) statement: String,
    /// The database's message.
    pub(crate) message: String,
}

/// Runs one direction of a plan: all of it, or, where the database can, nothing.
pub(crate) async fn direction(
    connection: &Connection,
    statements: &[String],
    envelope: Envelope,
) -> Result<(), Refusal> {
    for statement in envelope.before {
        execute(connection, statement).await?;
    }
    let done = inside(connection, statements, envelope).await;
    for statement in envelope.after {
        execute(connection, statement).await?;
    }
    done
}

async fn inside(connection: &Connection, statements: &[String], envelope: Envelope) -> Result<(), Refusal> {
    if !envelope.transaction {
        return all(connection, statements).await;
    }
    execute(connection, "BEGIN").await?;
    let done = match all(connection, statements).await {
        Ok(()) => checked(connection, envelope).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => execute(connection, "COMMIT").await,
        Err(refusal) => {
            // The first refusal is the one to tell.
            let _ = execute(connection, "ROLLBACK").await;
            Err(refusal)
        }
    }
}

async fn checked(connection: &Connection, envelope: Envelope) -> Result<(), Refusal> {
    let Some((query, what)) = envelope.check else { return Ok(()) };
    let refusal = |message: String| Refusal { statement: query.to_owned(), message };
    let rows = query_all(connection, query).await?;
    let number: i64 = match rows.first() {
        Some(row) => row.try_get("", "value").map_err(|error| refusal(message(connection, &error)))?,
        None => 0,
    };
    if number == 0 { Ok(()) } else { Err(refusal(format!("{number} {what}"))) }
}

/// Runs statements one after the other, up to the first that is refused.
pub(crate) async fn all(connection: &Connection, statements: &[String]) -> Result<(), Refusal> {
    for statement in statements {
        execute(connection, statement).await?;
    }
    Ok(())
}

/// Runs one statement.
pub(crate) async fn execute(connection: &Connection, statement: &str) -> Result<(), Refusal> {
    let done = connection.db().execute_unprepared(statement).await;
    done.map(drop).map_err(|error| refusal(connection, statement, &error))
}

/// The rows of one query.
pub(crate) async fn query_all(connection: &Connection, query: &str) -> Result<Vec<QueryResult>, Refusal> {
    let db = connection.db();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await;
    rows.map_err(|error| refusal(connection, query, &error))
}

/// The text `value` of a query's only row.
pub(crate) async fn text(connection: &Connection, query: &str) -> Result<String, Refusal> {
    let rows = query_all(connection, query).await?;
    let value = rows.first().map(|row| row.try_get("", "value"));
    match value {
        Some(Ok(text)) => Ok(text),
        Some(Err(error)) => Err(refusal(connection, query, &error)),
        None => Err(Refusal { statement: query.to_owned(), message: "no row came back".to_owned() }),
    }
}

fn refusal(connection: &Connection, statement: &str, error: &DbErr) -> Refusal {
    Refusal { statement: statement.to_owned(), message: message(connection, error) }
}

/// What the database said, without the words of the layers between.
fn message(connection: &Connection, error: &DbErr) -> String {
    let text = connection.url().redact(&error.to_string());
    let said = text.rsplit_once("error returned from database: ").map_or(text.as_str(), |(_, said)| said);
    said.trim().to_owned()
}
