//! Reads a MySQL or MariaDB database, from `information_schema` alone.
//!
//! The two servers share its shape and disagree on what stands in it: how a default is quoted, whether an expression
//! is escaped, where a check belongs. Each file here says for its own subject who does what.

mod catalog;
mod columns;
mod constraints;
mod create_table;
mod defaults;
mod expression;
mod hidden;
mod indexes;
mod lost_letters;
mod objects;
mod partition;
mod respell;
mod rights;
mod rows;
mod steady;
mod tables;
mod types;

use autogen_schema::Backend;
use sea_orm::TransactionTrait;

use crate::scope::TableFilter;
use crate::{Connection, Error, Reading, Scope};
use catalog::Catalog;

pub(crate) use respell::respell;

/// Reads the tables in `scope`, on one connection of the pool from beginning to end.
pub(crate) async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    let filter = scope.filter()?;
    let flavour = Flavour::of(connection)?;
    let mut before: Option<Reading> = None;
    for _ in 1..ATTEMPTS {
        match read_once(connection, &filter, flavour).await {
            Err(error) if is_change_in_between(&error) => {}
            Err(error) => return Err(error),
            Ok((reading, is_steady)) if is_steady || before.as_ref() == Some(&reading) => return Ok(reading),
            Ok((reading, _)) => before = Some(reading),
        }
    }
    let (mut reading, is_steady) = read_once(connection, &filter, flavour).await?;
    if let Some(before) = before.filter(|_| !is_steady) {
        steady::mark_restless(&before, &mut reading);
    }
    Ok(reading)
}

/// How often a reading starts again because somebody changed the schema in the middle of it.
const ATTEMPTS: u32 = 10;

/// What was dropped between the query that names it and the one that reads it, the next reading does not name.
fn is_change_in_between(error: &Error) -> bool {
    match error {
        Error::Query { reason, .. } => reason.contains("doesn't exist") || reason.contains("does not exist"),
        _ => false,
    }
}

/// A reading, and whether nobody changed the schema meanwhile.
async fn read_once(connection: &Connection, filter: &TableFilter, flavour: Flavour) -> Result<(Reading, bool), Error> {
    let failed = |error| connection.query_error("the schema", &error);
    let transaction = connection.db().begin().await.map_err(failed)?;
    let catalog = Catalog::read(connection, &transaction, flavour).await?;
    transaction.rollback().await.map_err(failed)?;
    let (mut notices, is_steady) = (Vec::new(), catalog.is_steady);
    let schema = tables::assemble(catalog, filter, flavour, &mut notices);
    let reading = Reading {
        backend: connection.backend(),
        server_version: connection.server_version().to_owned(),
        default_schema: None,
        schema,
        notices,
    };
    Ok((reading, is_steady))
}

/// Which of the two servers answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavour {
    Mysql,
    Mariadb,
}

/// The first versions whose catalog tells enough: MySQL's `CHECK_CONSTRAINTS`
/// and `ENABLED_ROLES`, MariaDB's `STATISTICS.IGNORED`.
const OLDEST_MYSQL: (u32, u32, u32) = (8, 0, 19);
const OLDEST_MARIADB: (u32, u32, u32) = (10, 6, 0);

impl Flavour {
    /// The name that its makers give it.
    fn name(self) -> &'static str {
        match self {
            Self::Mysql => Backend::Mysql.product(),
            Self::Mariadb => Backend::Mariadb.product(),
        }
    }

    fn of(connection: &Connection) -> Result<Self, Error> {
        let version = connection.server_version();
        let (flavour, oldest) = match connection.backend() {
            Backend::Mariadb => (Self::Mariadb, OLDEST_MARIADB),
            Backend::Mysql | Backend::Postgres | Backend::Sqlite => (Self::Mysql, OLDEST_MYSQL),
        };
        if version_of(version) >= oldest {
            return Ok(flavour);
        }
        let (major, minor, patch) = oldest;
        Err(Error::Unsupported {
            what: format!("{} {version}", connection.backend().product()),
            reason: format!("its catalog tells too little; versions from {major}.{minor}.{patch} on are supported"),
        })
    }
}

/// The numbers in front of a version: `10.11.6-MariaDB`, `5.5.5-10.11.6-MariaDB` (as old clients see it), `9.7.4-2`.
fn version_of(text: &str) -> (u32, u32, u32) {
    let text = text.strip_prefix("5.5.5-").unwrap_or(text);
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).map(|digits| digits.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn a_version_is_its_first_three_numbers() {
        assert_eq!(version_of("10.11.19-MariaDB-0+deb12u1"), (10, 11, 19));
        assert_eq!(version_of("5.5.5-10.6.4-MariaDB"), (10, 6, 4));
        assert_eq!(version_of("9.7.4-2"), (9, 7, 4));
        assert_eq!(version_of("8.0.mysql_aurora.3.05.2"), (8, 0, 0));
    }
}
