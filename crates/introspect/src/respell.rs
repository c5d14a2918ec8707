//! Asks a server how it writes an expression.
//!
//! A server keeps what it understood, not what it was told: `a IN ('x')` comes back as `a = ANY (ARRAY['x'::text])`.
//! Whether two texts mean the same is therefore a question for the server, and this is how it is put.

use autogen_schema::{Backend, DefaultValue, TableName};

use crate::{Connection, Error, postgres};

/// An expression on a table that the database already has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// The default of a column.
    Default {
        /// A column that the table has; its type decides how a constant is written.
        column: String,
        /// The default.
        value: DefaultValue,
    },
    /// The value of a generated column.
    Generated {
        /// A column that the table has, for its type.
        column: String,
        /// The expression, without outer parentheses.
        sql: String,
    },
    /// The condition of a check, without outer parentheses.
    Check(String),
    /// The condition of a partial index, without `WHERE` and outer parentheses.
    Predicate(String),
    /// What an index is over, without outer parentheses.
    IndexKey(String),
}

/// How the server spells each of these expressions on `table`, in their order. Where it refuses one, its reason stands
/// in that place. Nothing is left behind in the database.
///
/// Two expressions say the same where both, sent through here, come back equal. It is not enough to send one and
/// compare it with what [`crate::read`] gave for the other: PostgreSQL may spell its own spelling anew.
///
/// # Errors
///
/// Where the table does not exist, the user may not make temporary tables, or this is not possible on this database.
pub async fn respell(
    connection: &Connection,
    table: &TableName,
    expressions: &[Expression],
) -> Result<Vec<Result<Expression, String>>, Error> {
    match connection.backend() {
        Backend::Postgres => postgres::respell(connection, table, expressions).await,
        // It keeps the text as it was written.
        Backend::Sqlite => Ok(expressions.iter().cloned().map(Ok).collect()),
        Backend::Mysql | Backend::Mariadb => Err(Error::Unsupported {
            what: format!("the spelling of an expression on {}", connection.backend().product()),
            reason: "this version of autogen asks PostgreSQL only".to_owned(),
        }),
    }
}
