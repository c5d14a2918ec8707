//! One process at a time runs migrations on a database.
//!
//! The lock belongs to the process that executes migrations and ends with it, however it ends.

#[cfg(feature = "sqlite")]
mod file;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;

use std::time::{Duration, Instant};

use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, DbErr};

use crate::versions;

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process held it all the time.
    #[error(
        "another process runs migrations on this database ({holder}) and did not end within {} s; wait for it, or give --lock-timeout",
        waited.as_secs()
    )]
    Timeout {
        /// Who holds it, as far as that is known.
        holder: String,
        /// How long we waited.
        waited: Duration,
    },
    /// The connection that held the lock ended while migrations were running.
    #[error("the migration lock was lost: {0}; nothing more was run, `current` shows where it stopped")]
    Lost(String),
    /// The database or the operating system refused, for another reason than a holder.
    #[error("could not take the migration lock: {0}")]
    Refused(String),
}

impl From<DbErr> for LockError {
    fn from(error: DbErr) -> Self {
        Self::Refused(error.to_string())
    }
}

/// The lock, held until it is released or dropped, or the process ends.
#[derive(Debug)]
#[must_use = "the lock ends when it is dropped"]
pub struct Lock {
    held: Held,
}

#[derive(Debug)]
enum Held {
    #[cfg(feature = "postgres")]
    Postgres(postgres::Session),
    #[cfg(feature = "mysql")]
    Mysql(mysql::Session),
    #[cfg(feature = "sqlite")]
    File(file::LockFile),
    /// A database in memory has no second process.
    #[cfg(feature = "sqlite")]
    Alone,
}

/// Takes the lock of the database and version table, and waits at most `timeout` for another holder.
///
/// # Errors
///
/// Where the time is over, or the lock cannot be taken at all.
pub async fn acquire(db: &DatabaseConnection, table: &str, timeout: Duration) -> Result<Lock, LockError> {
    let patience = Patience::new(timeout);
    let held = match db.get_database_backend() {
        #[cfg(feature = "postgres")]
        DbBackend::Postgres => Held::Postgres(postgres::acquire(db, table, patience).await?),
        #[cfg(feature = "mysql")]
        DbBackend::MySql => Held::Mysql(mysql::acquire(db, table, patience).await?),
        #[cfg(feature = "sqlite")]
        DbBackend::Sqlite => file::acquire(db, table, patience).await?.map_or(Held::Alone, Held::File),
        other => return Err(versions::unsupported(other).into()),
    };
    Ok(Lock { held })
}

/// Makes the session that migrations run on hold a lock of its own, and waits for one that another session left: the
/// server may still run the last statement of a process that was killed. Returns the number by which the server knows
/// the session, where it has one.
pub(crate) async fn occupy(
    session: &DatabaseConnection,
    table: &str,
    timeout: Duration,
) -> Result<Option<i64>, LockError> {
    let patience = Patience::new(timeout);
    match session.get_database_backend() {
        #[cfg(feature = "postgres")]
        DbBackend::Postgres => postgres::occupy(session, table, patience).await.map(Some),
        #[cfg(feature = "mysql")]
        DbBackend::MySql => mysql::occupy(session, table, patience).await.map(Some),
        // A file is locked by the process that writes it, and no longer.
        #[cfg(feature = "sqlite")]
        DbBackend::Sqlite => {
            let _ = (table, patience);
            Ok(None)
        }
        other => Err(versions::unsupported(other).into()),
    }
}

impl Lock {
    /// Asks the server to stop what the session of this number does.
    pub(crate) async fn cancel(&mut self, worker: i64) {
        match &mut self.held {
            #[cfg(feature = "postgres")]
            Held::Postgres(session) => session.cancel(worker).await,
            #[cfg(feature = "mysql")]
            Held::Mysql(session) => session.cancel(worker).await,
            // Here the process that holds the lock is the one that works.
            #[cfg(feature = "sqlite")]
            Held::File(_) | Held::Alone => {
                let _ = worker;
            }
        }
    }

    /// Makes sure that the lock is still held.
    ///
    /// # Errors
    ///
    /// Where the connection that held it has ended.
    pub async fn confirm(&mut self) -> Result<(), LockError> {
        match &mut self.held {
            #[cfg(feature = "postgres")]
            Held::Postgres(session) => session.confirm().await,
            #[cfg(feature = "mysql")]
            Held::Mysql(session) => session.confirm().await,
            #[cfg(feature = "sqlite")]
            Held::File(file) => file.confirm(),
            #[cfg(feature = "sqlite")]
            Held::Alone => Ok(()),
        }
    }

    /// Gives the lock back and waits until the database knows. Dropping it does the same a little later.
    pub async fn release(self) {
        match self.held {
            #[cfg(feature = "postgres")]
            Held::Postgres(session) => session.release().await,
            #[cfg(feature = "mysql")]
            Held::Mysql(session) => session.release().await,
            #[cfg(feature = "sqlite")]
            Held::File(_) | Held::Alone => {}
        }
    }
}

/// How long there is left to wait.
#[derive(Clone, Copy, Debug)]
struct Patience {
    start: Instant,
    timeout: Duration,
}

impl Patience {
    const PAUSE: Duration = Duration::from_millis(200);

    fn new(timeout: Duration) -> Self {
        Self { start: Instant::now(), timeout }
    }

    /// Sleeps a little; `false` when the time is over.
    async fn wait(self) -> bool {
        let left = self.timeout.saturating_sub(self.start.elapsed());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(left.min(Self::PAUSE)).await;
        true
    }

    fn over(self, holder: Option<String>) -> LockError {
        let holder = holder.unwrap_or_else(|| "it is not known which".into());
        LockError::Timeout { holder, waited: self.timeout }
    }
}
