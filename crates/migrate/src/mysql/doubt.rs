//! What an error says about a statement that may have run before.

use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether the server answered. Otherwise the connection broke, and nobody knows what it did.
pub(super) fn is_answer(error: &DbErr) -> bool {
    // 1053 server shutdown, 1927 connection was killed.
    number(error).is_some_and(|(number, _)| !matches!(number, 1053 | 1927))
}

/// Whether the error is "already there" or "not there any more": what a statement gets that ran before. To be asked only
/// about a statement that is in doubt.
pub(super) fn shows_that_it_ran(error: &DbErr, sql: &str) -> bool {
    let Some((number, message)) = number(error) else { return false };
    match number {
        // There already: table, column, index, primary key, trigger, foreign key (twice, by age), check.
        1050 | 1060 | 1061 | 1068 | 1359 | 1826 | 3822 => true,
        // Not there: table, column or key of a DROP, trigger, check, constraint.
        1051 | 1091 | 1360 | 3821 | 3940 => true,
        // MariaDB's "there already" of a foreign key is hidden in a failure to create the table.
        1005 => message.contains("errno: 121"),
        // No such column or table: what was renamed away. A statement on rows never gets these for having run before.
        1054 | 1146 => sql.trim_start().get(..6).is_some_and(|word| {
            ["ALTER ", "RENAME", "DROP T", "DROP I"].iter().any(|verb| verb.eq_ignore_ascii_case(word))
        }),
        _ => false,
    }
}

/// The number and the text of the server's error.
fn number(error: &DbErr) -> Option<(u16, &str)> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    let sqlx::Error::Database(error) = error.as_ref() else { return None };
    let error = error.try_downcast_ref::<MySqlDatabaseError>()?;
    Some((error.number(), error.message()))
}
