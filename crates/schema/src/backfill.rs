//! Values for the rows that have none, and their text on a command line: `users.email='unknown'`, or
//! `postgres:users.email='unknown'` for one kind of database alone.

use std::str::FromStr;

use crate::name::split_unescaped;
use crate::rename::{parts, table};
use crate::{Backend, TableName};

/// What a column that becomes required holds in the rows that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The kind of database that it is for; `None` for all that have none of their own.
    pub backend: Option<Backend>,
    /// The table, by its name in the entity.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// The value: an SQL expression over the row.
    pub sql: String,
}

/// Why a text is not a backfill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write TABLE.COLUMN=SQL, as in users.email=\"'unknown'\", and \\ before a dot or = that belongs to a name; for one of \
     several databases alone, postgres:TABLE.COLUMN=SQL"
)]
pub struct BackfillError;

impl Backfill {
    /// Those of `backfills` that are for this database: where it has one of its own for a column, that one.
    pub fn for_backend(backfills: &[Self], backend: Backend) -> Vec<&Self> {
        let own = |backfill: &&Self| backfill.backend == Some(backend);
        let is_same = |one: &Self, other: &Self| one.table == other.table && one.column == other.column;
        let is_beaten = |general: &Self| backfills.iter().filter(own).any(|own| is_same(own, general));
        backfills.iter().filter(|one| own(one) || (one.backend.is_none() && !is_beaten(one))).collect()
    }
}

impl FromStr for Backfill {
    type Err = BackfillError;

    fn from_str(text: &str) -> Result<Self, BackfillError> {
        let named = text.split_once(':').and_then(|(name, rest)| Some((name.parse::<Backend>().ok()?, rest)));
        let (backend, text) = named.map_or((None, text), |(backend, rest)| (Some(backend), rest));
        let (path, sql) = split_unescaped(text, '=').ok_or(BackfillError)?;
        let parts = parts(path);
        let [holder @ .., column] = &parts[..] else { return Err(BackfillError) };
        if parts.iter().any(String::is_empty) || sql.trim().is_empty() {
            return Err(BackfillError);
        }
        let table = table(holder).ok_or(BackfillError)?;
        Ok(Self { backend, table, column: column.clone(), sql: sql.trim().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_ends_the_name() {
        let backfill: Backfill = "app.users.is_old=age = 3".parse().expect("it is a backfill");
        assert_eq!(backfill.table, TableName::qualified("app", "users"));
        assert_eq!((backfill.column.as_str(), backfill.sql.as_str()), ("is_old", "age = 3"));
    }

    #[test]
    fn a_database_takes_its_own_before_one_for_all() {
        let all = ["users.born=now()", "mysql:users.born=utc_timestamp()", "sqlite:users.name=a:b", "users.age=1"];
        let all: Vec<Backfill> = all.into_iter().map(|text| text.parse().expect("it is a backfill")).collect();
        let of =
            |backend| Backfill::for_backend(&all, backend).into_iter().map(|one| one.sql.as_str()).collect::<Vec<_>>();
        assert_eq!(of(Backend::Postgres), ["now()", "1"]);
        assert_eq!(of(Backend::Mysql), ["utc_timestamp()", "1"]);
        assert_eq!(of(Backend::Sqlite), ["now()", "a:b", "1"]);
    }

    #[test]
    fn what_is_no_backfill_is_refused() {
        for text in ["", "users.email", "email='x'", "users.email=", "a.b.c.d=1", ".a=1"] {
            assert_eq!(text.parse::<Backfill>(), Err(BackfillError), "{text}");
        }
    }
}
