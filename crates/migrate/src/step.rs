//! One migration: in a transaction or not, with its row in the version table.

use std::fmt;

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, TransactionTrait};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use crate::runner::has_transactional_ddl;
use crate::versions;

/// Whether a migration is applied or reverted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Direction {
    /// Apply: run `up`, write the row.
    #[serde(rename = "upgrade")]
    Up,
    /// Revert: run `down`, remove the row.
    #[serde(rename = "downgrade")]
    Down,
}

impl Direction {
    /// As in "could not apply".
    pub fn verb(self) -> &'static str {
        match self {
            Self::Up => "apply",
            Self::Down => "revert",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "upgrade",
            Self::Down => "downgrade",
        })
    }
}

/// What a migration or the database said, and what is left.
pub(crate) struct StepError {
    pub(crate) source: DbErr,
    pub(crate) state: String,
}

/// Runs one migration by SeaORM's rule. On SQLite a file that asks for no transaction gets one connection with foreign
/// keys off, inside a transaction of ours.
pub(crate) async fn run(
    db: &DatabaseConnection,
    migration: &dyn MigrationTrait,
    table: &str,
    direction: Direction,
) -> Result<(), StepError> {
    let backend = db.get_database_backend();
    #[cfg(feature = "sqlite")]
    if backend == DbBackend::Sqlite && migration.use_transaction() == Some(false) {
        return crate::sqlite::run(db, migration, table, direction).await;
    }
    if migration.use_transaction().unwrap_or(backend == DbBackend::Postgres) {
        in_transaction(db, migration, table, direction).await
    } else {
        plainly(db, migration, table, direction).await
    }
}

async fn in_transaction(
    db: &DatabaseConnection,
    migration: &dyn MigrationTrait,
    table: &str,
    direction: Direction,
) -> Result<(), StepError> {
    let backend = db.get_database_backend();
    let transaction = db.begin().await.map_err(nothing_happened)?;
    let worked = match body(&SchemaManager::new(&transaction), migration, direction).await {
        Ok(()) => book(&transaction, table, migration.name(), direction).await,
        Err(error) => Err(error),
    };
    if let Err(source) = worked {
        // The error of the migration says more than one of a rollback, which the connection's end does anyway.
        let rolled_back = transaction.rollback().await.is_ok();
        return Err(StepError { source, state: state_after_rollback(backend, rolled_back, direction) });
    }
    transaction.commit().await.map_err(|source| StepError {
        source,
        state: "the commit failed, so it is either wholly there or not at all; `current` tells".into(),
    })
}

/// As SeaORM does it: the body, then the row, each on its own.
pub(crate) async fn plainly(
    db: &DatabaseConnection,
    migration: &dyn MigrationTrait,
    table: &str,
    direction: Direction,
) -> Result<(), StepError> {
    body(&SchemaManager::new(db), migration, direction)
        .await
        .map_err(|source| StepError { source, state: half_done(direction) })?;
    book(db, table, migration.name(), direction).await.map_err(|source| StepError {
        source,
        state: format!(
            "its statements ran to the end, only its row in the version table is missing; `stamp` it as {}",
            match direction {
                Direction::Up => "applied",
                Direction::Down => "reverted",
            }
        ),
    })
}

pub(crate) async fn body(
    manager: &SchemaManager<'_>,
    migration: &dyn MigrationTrait,
    direction: Direction,
) -> Result<(), DbErr> {
    match direction {
        Direction::Up => migration.up(manager).await,
        Direction::Down => migration.down(manager).await,
    }
}

pub(crate) async fn book(
    db: &impl ConnectionTrait,
    table: &str,
    stem: &str,
    direction: Direction,
) -> Result<(), DbErr> {
    match direction {
        Direction::Up => versions::record(db, table, stem).await,
        Direction::Down => versions::remove(db, table, stem).await.map(|_| ()),
    }
}

pub(crate) fn nothing_happened(source: DbErr) -> StepError {
    StepError { source, state: "nothing was changed".into() }
}

pub(crate) fn state_after_rollback(backend: DbBackend, rolled_back: bool, direction: Direction) -> String {
    if !has_transactional_ddl(backend) {
        // MySQL and MariaDB commit at every DDL statement, whatever the transaction around it.
        return half_done(direction);
    }
    let how = if rolled_back { "was rolled back" } else { "is rolled back as the connection ends" };
    format!("it {how}: nothing of it is left, earlier migrations stay")
}

fn half_done(direction: Direction) -> String {
    let (recorded, next) = match direction {
        Direction::Up => ("not recorded as applied", "upgrade"),
        Direction::Down => ("still recorded as applied", "downgrade"),
    };
    format!(
        "it ran outside a transaction: what came before the failing statement stays, and it is {recorded}; take that back by hand, then run `{next}` again"
    )
}
