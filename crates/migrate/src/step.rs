//! One migration: in a transaction or not, with its rows in the version table and in the history.

use std::fmt;
use std::time::Instant;

use sea_orm_migration::SchemaManager;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, TransactionTrait};

use crate::history::{self, Action, Entry, Outcome};
use crate::versions;
use crate::work::Work;

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

    /// As the history calls it.
    pub(crate) fn action(self) -> Action {
        match self {
            Self::Up => Action::Upgrade,
            Self::Down => Action::Downgrade,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action().as_str())
    }
}

/// What a migration or the database said, and what is left.
pub(crate) struct StepError {
    pub(crate) source: DbErr,
    pub(crate) state: String,
}

/// The rows that a step leaves.
pub(crate) struct Booking<'a> {
    pub(crate) table: &'a str,
    pub(crate) direction: Direction,
    pub(crate) entry: Entry,
    pub(crate) start: Instant,
}

impl Booking<'_> {
    /// Writes the version table's row, or removes it, and adds to the history.
    pub(crate) async fn write(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        self.write_version(db).await?;
        history::insert(db, &self.ended(Outcome::Done, None)).await
    }

    pub(crate) async fn write_version(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let stem = &self.entry.revision;
        match self.direction {
            Direction::Up => versions::record(db, self.table, stem).await,
            Direction::Down if versions::remove(db, self.table, stem).await? => Ok(()),
            Direction::Down => Err(DbErr::Custom(format!(
                "expected to remove one row, {stem}, from {}; somebody removed it in the meantime",
                self.table
            ))),
        }
    }

    pub(crate) fn ended(&self, outcome: Outcome, message: Option<String>) -> Entry {
        self.entry.ended(outcome, self.start.elapsed(), message)
    }
}

/// Runs one migration by SeaORM's rule. On SQLite a file that asks for no transaction gets one connection with foreign
/// keys off, inside a transaction of ours.
pub(crate) async fn run(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let backend = db.get_database_backend();
    #[cfg(feature = "sqlite")]
    if backend == DbBackend::Sqlite && work.migration.use_transaction() == Some(false) {
        return crate::sqlite::run(db, work, booking).await;
    }
    if work.migration.use_transaction().unwrap_or(backend == DbBackend::Postgres) {
        in_transaction(db, work, booking).await
    } else {
        plainly(db, work, booking).await
    }
}

async fn in_transaction(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let transaction = db.begin().await.map_err(nothing_happened)?;
    let worked = match work.run(&SchemaManager::new(&transaction)).await {
        Ok(()) => booking.write(&transaction).await,
        Err(error) => Err(error),
    };
    if let Err(source) = worked {
        // The error of the migration says more than one of a rollback, which the connection's end does anyway.
        let rolled_back = transaction.rollback().await.is_ok();
        let state = state_after_rollback(db.get_database_backend(), rolled_back, booking.direction);
        return Err(StepError { source, state });
    }
    transaction.commit().await.map_err(commit_failed)
}

/// As SeaORM does it: the body outside a transaction, then the row.
pub(crate) async fn plainly(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    work.run(&SchemaManager::new(db))
        .await
        .map_err(|source| StepError { source, state: half_done(booking.direction) })?;
    settle(db).await.map_err(|source| StepError { source, state: half_done(booking.direction) })?;
    let booked = async {
        let transaction = db.begin().await?;
        booking.write(&transaction).await?;
        transaction.commit().await
    };
    booked.await.map_err(|source| StepError { source, state: row_missing(booking.direction) })
}

/// The body alone, in a transaction where the file asks for one: on databases where that protects rows and no table.
#[cfg(feature = "mysql")]
pub(crate) async fn body_only(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let half_done = |source| StepError { source, state: half_done(booking.direction) };
    if work.migration.use_transaction() != Some(true) {
        work.run(&SchemaManager::new(db)).await.map_err(half_done)?;
        return settle(db).await.map_err(half_done);
    }
    let transaction = db.begin().await.map_err(nothing_happened)?;
    if let Err(source) = work.run(&SchemaManager::new(&transaction)).await {
        let _rolled_back = transaction.rollback().await;
        return Err(half_done(source));
    }
    transaction.commit().await.map_err(half_done)
}

/// A transaction that the migration began in words and left open is committed, so that its row stands for something.
async fn settle(db: &DatabaseConnection) -> Result<(), DbErr> {
    // In a transaction that has failed PostgreSQL takes COMMIT for ROLLBACK without a word, but refuses this.
    db.execute_unprepared("SELECT 1").await?;
    // Where no transaction is open, SQLite says so, and that is well.
    let _committed = db.execute_unprepared("COMMIT").await;
    Ok(())
}

pub(crate) fn row_missing(direction: Direction) -> String {
    let done = match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    };
    format!("its statements ran to the end, only its row in the version table is missing; `stamp` it as {done}")
}

pub(crate) fn commit_failed(source: DbErr) -> StepError {
    StepError { source, state: "the commit failed, so it is either wholly there or not at all; `current` tells".into() }
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

pub(crate) fn half_done(direction: Direction) -> String {
    let recorded = match direction {
        Direction::Up => "not recorded as applied",
        Direction::Down => "still recorded as applied",
    };
    format!(
        "it ran outside a transaction: what came before the failing statement stays, and it is {recorded}; take that back by hand, then run `{direction}` again"
    )
}

/// Whether a failed step of this database takes its statements back.
pub(crate) fn has_transactional_ddl(backend: DbBackend) -> bool {
    matches!(backend, DbBackend::Postgres | DbBackend::Sqlite)
}
