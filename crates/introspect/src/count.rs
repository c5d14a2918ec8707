//! Counts rows, for those who must know how many a change concerns.

use crate::query::rows;
use crate::{Connection, Error};

/// How many questions go into one query; every database takes that many columns.
const AT_ONCE: usize = 100;

/// The answers to questions of the form `SELECT count(*) …`, in their order, in as few queries as can be. `None` stands
/// for a question that the database refuses.
pub async fn count(connection: &Connection, questions: &[String]) -> Vec<Option<u64>> {
    let mut answers = Vec::with_capacity(questions.len());
    for some in questions.chunks(AT_ONCE) {
        match together(connection, some).await {
            Ok(numbers) => answers.extend(numbers.into_iter().map(Some)),
            // One of them is refused; the others need not suffer for it.
            Err(_) => {
                for one in some {
                    let alone = together(connection, std::slice::from_ref(one)).await;
                    answers.push(alone.ok().and_then(|numbers| numbers.first().copied()));
                }
            }
        }
    }
    answers
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
