//! SQLite migrations that ask for no transaction: table rebuilds.
//!
//! A rebuild needs foreign keys off, which is a setting of one connection that does nothing inside a transaction; and
//! its row in the version table has to be written with it or not at all. So it gets a connection of its own that was
//! opened with foreign keys off, and a transaction around everything: the file's own `begin` becomes a savepoint.

use sea_orm_migration::SchemaManager;
use sea_orm_migration::sea_orm::sqlx::sqlite::SqlitePoolOptions;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqlxSqliteConnector, Statement,
    TransactionTrait,
};

use crate::step::{self, Booking, StepError};
use crate::work::Work;

pub(crate) async fn run(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let alone = with_foreign_keys_off(db).await.map_err(step::nothing_happened)?;
    let outcome = in_transaction(&alone, work, booking).await;
    // Closed even after a failure: a connection that lingers keeps the file locked.
    let _closed = alone.close().await;
    match outcome {
        Err(error) if cannot_nest(&error.source) => step::plainly(db, work, booking).await,
        outcome => outcome,
    }
}

async fn in_transaction(
    alone: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let transaction = alone.begin().await.map_err(step::nothing_happened)?;
    if let Err(source) = checked(&transaction, work, booking).await {
        let rolled_back = transaction.rollback().await.is_ok();
        let state = step::state_after_rollback(DbBackend::Sqlite, rolled_back, booking.direction);
        return Err(StepError { source, state });
    }
    transaction.commit().await.map_err(step::nothing_happened)
}

async fn checked(
    transaction: &DatabaseTransaction,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), DbErr> {
    // A key that leads to no unique column makes the check itself fail. Where it did before, nothing can be compared.
    let before = broken_keys(transaction).await;
    work.run(&SchemaManager::new(transaction)).await?;
    let broken = match before {
        Ok(before) => broken_keys(transaction).await?.into_iter().filter(|broken| !before.contains(broken)).collect(),
        Err(_) => Vec::new(),
    };
    if !broken.is_empty() {
        let text = format!("rows would refer to rows that do not exist: {}; correct them first", broken.join(", "));
        return Err(DbErr::Custom(text));
    }
    booking.write(transaction).await
}

/// Rows with a foreign key that leads nowhere, as `child.rowid → parent`. What was broken before is not this
/// migration's doing.
async fn broken_keys(transaction: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check");
    let rows = transaction.query_all_raw(check).await?;
    rows.iter()
        .map(|row| {
            let child: String = row.try_get("", "table")?;
            let parent: String = row.try_get("", "parent")?;
            let rowid: Option<i64> = row.try_get("", "rowid")?;
            Ok(format!("{child} row {} → {parent}", rowid.map_or_else(|| "?".into(), |rowid| rowid.to_string())))
        })
        .collect()
}

/// A pool of one connection to the same database, also where that lives in memory and only this process sees it.
async fn with_foreign_keys_off(db: &DatabaseConnection) -> Result<DatabaseConnection, DbErr> {
    let options = (*db.get_sqlite_connection_pool().connect_options()).clone().foreign_keys(false);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        // Neither may end while the transaction lasts.
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Whether the file did what SQLite allows at the top level only: a `BEGIN` of its own as text, `VACUUM`, changing the
/// journal mode.
fn cannot_nest(error: &DbErr) -> bool {
    let text = error.to_string();
    [
        "cannot start a transaction within a transaction",
        "cannot VACUUM from within a transaction",
        "from within a transaction",
        "Safety level may not be changed inside a transaction",
    ]
    .iter()
    .any(|message| text.contains(message))
}
