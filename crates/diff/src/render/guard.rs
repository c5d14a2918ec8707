//! What a file that rebuilds an SQLite table has around its statements: foreign keys off, a transaction of its own, checks.

use super::SeaOrm;

/// What the helpers need from SeaORM beside the prelude.
pub(super) const fn imports(sea_orm: SeaOrm) -> &'static [&'static str] {
    match sea_orm {
        SeaOrm::V1 => &["DatabaseTransaction", "Statement", "TransactionTrait"],
        SeaOrm::V2 => &["Statement"],
    }
}

/// What stands before that body in a file that serves other databases, too: only `backend` needs the guard.
pub(super) fn elsewhere(sea_orm: SeaOrm, function: &str, backend: &str) -> String {
    let (begin, manager) = match sea_orm {
        SeaOrm::V1 => ("manager.get_connection().begin()", "&SchemaManager::new(&transaction)"),
        SeaOrm::V2 => ("manager.begin()", "&transaction"),
    };
    format!(
        "        if manager.get_database_backend() != DbBackend::{backend} {{\n            let transaction = {begin}.await?;\n            \
         {function}({manager}).await?;\n            return transaction.commit().await;\n        }}\n"
    )
}

/// The body of one direction: `function` runs with foreign keys off, in a transaction that ends with a check of them.
pub(super) fn guarded(sea_orm: SeaOrm, function: &str) -> String {
    let manager = match sea_orm {
        SeaOrm::V1 => "&SchemaManager::new(&transaction)",
        SeaOrm::V2 => "&transaction",
    };
    GUARDED.replace("FUNCTION", function).replace("MANAGER", manager)
}

/// The mechanics of every rebuild, at the foot of the file.
pub(super) fn helpers(sea_orm: SeaOrm) -> String {
    match sea_orm {
        SeaOrm::V1 => format!("{STATEMENTS}{TRANSACTION_OF_V1}{CHECKS}").replace("_raw(statement)", "(statement)"),
        SeaOrm::V2 => format!("{STATEMENTS}{TRANSACTION}{CHECKS}"),
    }
}

const GUARDED: &str = r#"        let enforced = suspend_foreign_keys(manager).await?;
        let result = match begin_unenforced(manager).await {
            Ok(transaction) => match FUNCTION(MANAGER).await {
                Ok(()) => commit_checked(transaction).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        restore_foreign_keys(manager, enforced).await.and(result)
"#;

const STATEMENTS: &str = r#"/// Runs one statement.
async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}

/// Reads one number.
async fn number(manager: &SchemaManager<'_>, sql: &str) -> Result<i64, DbErr> {
    let connection = manager.get_connection();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    match connection.query_one_raw(statement).await? {
        Some(row) => row.try_get("", "value"),
        None => Ok(0),
    }
}

const FOREIGN_KEYS: &str = "SELECT foreign_keys AS value FROM pragma_foreign_keys";

/// Switches foreign keys off, or dropping the old table would delete the rows that refer to it.
async fn suspend_foreign_keys(manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
    let enforced = number(manager, FOREIGN_KEYS).await? != 0;
    if enforced {
        execute(manager, "PRAGMA foreign_keys = OFF").await?;
    }
    Ok(enforced)
}

/// Switches foreign keys on again where they were on.
async fn restore_foreign_keys(manager: &SchemaManager<'_>, enforced: bool) -> Result<(), DbErr> {
    if enforced {
        execute(manager, "PRAGMA foreign_keys = ON").await?;
    }
    Ok(())
}

"#;

const TRANSACTION: &str = r#"/// Begins a transaction and makes sure that foreign keys are off in it.
async fn begin_unenforced(manager: &SchemaManager<'_>) -> Result<SchemaManager<'static>, DbErr> {
    let transaction = manager.begin().await?;
    if number(&transaction, FOREIGN_KEYS).await? != 0 {
        drop(transaction);
        // Whichever connection they are off on: in a pool each comes to its turn.
        for _ in 0..100 {
            restore_foreign_keys(manager, true).await?;
        }
        return Err(DbErr::Migration(
            "foreign keys are still on: the pragma went to another connection of the pool; \
             connect with max_connections(1)"
                .to_owned(),
        ));
    }
    Ok(transaction)
}

/// Commits if every foreign key of the database still finds its row.
async fn commit_checked(transaction: SchemaManager<'static>) -> Result<(), DbErr> {
    let broken = number(
        &transaction,
        "SELECT count(*) AS value FROM pragma_foreign_key_check",
    )
    .await?;
    if broken != 0 {
        return Err(DbErr::Migration(format!(
            "{broken} rows refer to rows that do not exist (PRAGMA foreign_key_check lists them); \
             nothing was changed"
        )));
    }
    transaction.commit().await
}

"#;

/// SeaORM 1 has no `SchemaManager::begin`; its connection begins.
const TRANSACTION_OF_V1: &str = r#"/// Begins a transaction and makes sure that foreign keys are off in it.
async fn begin_unenforced(manager: &SchemaManager<'_>) -> Result<DatabaseTransaction, DbErr> {
    let transaction = manager.get_connection().begin().await?;
    if number(&SchemaManager::new(&transaction), FOREIGN_KEYS).await? != 0 {
        drop(transaction);
        // Whichever connection they are off on: in a pool each comes to its turn.
        for _ in 0..100 {
            restore_foreign_keys(manager, true).await?;
        }
        return Err(DbErr::Migration(
            "foreign keys are still on: the pragma went to another connection of the pool; \
             connect with max_connections(1)"
                .to_owned(),
        ));
    }
    Ok(transaction)
}

/// Commits if every foreign key of the database still finds its row.
async fn commit_checked(transaction: DatabaseTransaction) -> Result<(), DbErr> {
    let broken = number(
        &SchemaManager::new(&transaction),
        "SELECT count(*) AS value FROM pragma_foreign_key_check",
    )
    .await?;
    if broken != 0 {
        return Err(DbErr::Migration(format!(
            "{broken} rows refer to rows that do not exist (PRAGMA foreign_key_check lists them); \
             nothing was changed"
        )));
    }
    transaction.commit().await
}

"#;

const CHECKS: &str = r#"/// Stops where the table is not the one that this file was written for.
async fn expect_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    known: &[&str],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1",
        [table.into()],
    );
    let mut found = Vec::new();
    for row in connection.query_all_raw(statement).await? {
        found.push(row.try_get::<String>("", "name")?);
    }
    let unknown = found.iter().find(|name| !known.contains(&name.as_str()));
    let missing = known.iter().find(|name| !found.iter().any(|found| found == *name));
    match (unknown, missing) {
        (None, None) => Ok(()),
        (Some(name), _) => Err(DbErr::Migration(format!(
            "{table} has a column {name} that this migration does not know and would lose; \
             nothing was changed"
        ))),
        (None, Some(name)) => Err(DbErr::Migration(format!(
            "{table} has no column {name}, which this migration copies; nothing was changed"
        ))),
    }
}

/// Stops where rows were lost on the way.
async fn expect_same_count(
    manager: &SchemaManager<'_>,
    old: &str,
    new: &str,
) -> Result<(), DbErr> {
    let (before, after) = (number(manager, old).await?, number(manager, new).await?);
    if before != after {
        return Err(DbErr::Migration(format!(
            "{before} rows became {after}; nothing was changed"
        )));
    }
    Ok(())
}
"#;
