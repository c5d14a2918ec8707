//! Counts rows, for those who must know how many a change concerns.

use std::time::Duration;

use autogen_schema::Backend;
use tokio::time::{Instant, timeout_at};

use crate::query::rows;
use crate::{ConnectOptions, Connection, Error, connect};

/// How many questions go into one query; every database takes that many columns.
const AT_ONCE: usize = 100;

/// How long the server works at one query before it gives up. A count is worth a moment, and no more.
const ONE: Duration = Duration::from_secs(3);

/// How long all of them may take together.
const ALL: Duration = Duration::from_secs(15);

/// The answers to questions of the form `SELECT count(*) …`, in their order, in as few queries as can be. `None` stands
/// for a question that the database refuses, or that takes too long.
pub async fn count(connection: &Connection, questions: &[String]) -> Vec<Option<u64>> {
    let own = beside(connection).await;
    let on = own.as_ref().unwrap_or(connection);
    let until = Instant::now() + ALL;
    let mut answers = Vec::with_capacity(questions.len());
    for some in questions.chunks(AT_ONCE) {
        match timeout_at(until, together(on, some)).await {
            Ok(Ok(numbers)) => answers.extend(numbers.into_iter().map(Some)),
            // One of them is refused, or takes long; the others need not suffer for it.
            Ok(Err(_)) => answers.extend(alone(on, some, until).await),
            Err(_) => break,
        }
    }
    answers.resize(questions.len(), None);
    answers
}

async fn alone(connection: &Connection, questions: &[String], until: Instant) -> Vec<Option<u64>> {
    let mut answers = Vec::with_capacity(questions.len());
    for one in questions {
        let answer = timeout_at(until, together(connection, std::slice::from_ref(one))).await;
        let Ok(answer) = answer else { break };
        answers.push(answer.ok().and_then(|numbers| numbers.first().copied()));
    }
    answers.resize(questions.len(), None);
    answers
}

/// A connection on which a statement that takes too long is given up, and which nobody else waits for. A database in
/// memory has the one connection only, and no rows to speak of.
async fn beside(connection: &Connection) -> Option<Connection> {
    if connection.backend() == Backend::Sqlite && connection.url().expose().contains("memory") {
        return None;
    }
    let options = ConnectOptions { statement_timeout: Some(ONE), ..ConnectOptions::default() };
    connect(connection.url(), &options).await.ok()
}

async fn together(connection: &Connection, questions: &[String]) -> Result<Vec<u64>, Error> {
    let columns: Vec<String> = questions.iter().enumerate().map(|(at, sql)| format!("({sql}) AS c{at}")).collect();
    let found = rows(connection, connection.db(), "counts", &format!("SELECT {}", columns.join(", ")), []).await?;
    let mut numbers = Vec::with_capacity(questions.len());
    for row in &found {
        for at in 0..questions.len() {
            let number: i64 = row.get(&format!("c{at}"))?;
            numbers.push(u64::try_from(number).unwrap_or(0));
        }
    }
    Ok(numbers)
}
