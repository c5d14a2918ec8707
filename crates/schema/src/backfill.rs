//! Values for the rows that have none, and their text on a command line: `users.email='unknown'`.

use std::str::FromStr;

use crate::TableName;
use crate::name::split_unescaped;
use crate::rename::{parts, table};

/// What a column that becomes required holds in the rows that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table, by its name in the entity.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// The value: an SQL expression over the row.
    pub sql: String,
}

/// Why a text is not a backfill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write TABLE.COLUMN=SQL, as in users.email=\"'unknown'\", and \\ before a dot or = that belongs to a name")]
pub struct BackfillError;

impl FromStr for Backfill {
    type Err = BackfillError;

    fn from_str(text: &str) -> Result<Self, BackfillError> {
        let (path, sql) = split_unescaped(text, '=').ok_or(BackfillError)?;
        let parts = parts(path);
        let [holder @ .., column] = &parts[..] else { return Err(BackfillError) };
        if parts.iter().any(String::is_empty) || sql.trim().is_empty() {
            return Err(BackfillError);
        }
        Ok(Self { table: table(holder).ok_or(BackfillError)?, column: column.clone(), sql: sql.trim().to_owned() })
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
    fn what_is_no_backfill_is_refused() {
        for text in ["", "users.email", "email='x'", "users.email=", "a.b.c.d=1", ".a=1"] {
            assert_eq!(text.parse::<Backfill>(), Err(BackfillError), "{text}");
        }
    }
}
