//! Asks a server how it writes an expression.
//!
//! A server keeps what it understood, not what it was told: `a IN ('x')` comes back as `a = ANY (ARRAY['x'::text])`.
//! Whether two texts mean the same is therefore a question for the server, and this is how it is put.

pub use autogen_schema::Expression;
use autogen_schema::{Backend, TableName};

use crate::{Connection, Error, mysql, postgres};

/// What the server says for one expression, or why it refuses it.
pub(crate) type Answer = Result<Expression, String>;

/// How often an expression is spelled anew before its spelling counts as never coming to rest.
const ROUNDS: usize = 4;

/// How the server spells each of these expressions on `table`, in their order. Where it refuses one, its reason stands
/// in that place. Nothing is left behind in the database.
///
/// Two expressions say the same where both, sent through here, come back equal. It is not enough to send one and
/// compare it with what [`crate::read`] gave for the other, because a server's own spelling need not be one that it
/// would keep: to PostgreSQL, `name IN ('a', 'b')` on a varchar is a cast around the list, and that, put to it again, a
/// cast around each member. So each answer is asked again until it no longer changes.
///
/// # Errors
///
/// Where the table does not exist, or the user may not make temporary tables.
pub async fn respell(
    connection: &Connection,
    table: &TableName,
    expressions: &[Expression],
) -> Result<Vec<Result<Expression, String>>, Error> {
    let mut answers = round(connection, table, expressions).await?;
    for _ in 1..ROUNDS {
        let (places, again): (Vec<usize>, Vec<Expression>) = answers
            .iter()
            .enumerate()
            .filter_map(|(place, answer)| Some((place, answer.as_ref().ok()?.clone())))
            .unzip();
        let mut changed = false;
        for (place, answer) in places.into_iter().zip(round(connection, table, &again).await?) {
            changed |= answers[place] != answer;
            answers[place] = answer;
        }
        if !changed {
            break;
        }
    }
    Ok(answers)
}

async fn round(connection: &Connection, table: &TableName, expressions: &[Expression]) -> Result<Vec<Answer>, Error> {
    match connection.backend() {
        Backend::Postgres => postgres::respell(connection, table, expressions).await,
        Backend::Mysql | Backend::Mariadb => mysql::respell(connection, table, expressions).await,
        // It keeps the text as it was written.
        Backend::Sqlite => Ok(expressions.iter().cloned().map(Ok).collect()),
    }
}
