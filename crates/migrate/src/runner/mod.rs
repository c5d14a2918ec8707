//! Applying and reverting: which migrations, in which order, under the lock, with a word on every step.

mod error;
mod goal;
mod run;
mod unfinished;

use std::future::Future;
use std::time::Duration;

use sea_orm_migration::sea_orm::DatabaseConnection;
use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub use error::{Origin, RunError, Unfinished, explain};
pub use goal::{Goal, refuse_wrong_way};
pub use unfinished::unfinished;

use crate::graph::{Graph, Revision, Stamp};
use crate::step::Direction;
use crate::work::Interrupt;
use crate::{stamp, versions};

/// A word on one step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A migration begins.
    Started {
        /// Which.
        stem: String,
        /// Whether it is applied or reverted.
        direction: Direction,
        /// Its number in this run, counted from 1.
        number: usize,
        /// How many there are in this run.
        total: usize,
    },
    /// A migration ended well and is recorded.
    Finished {
        /// Which.
        stem: String,
        /// Whether it was applied or reverted.
        direction: Direction,
        /// How long it took.
        duration: Duration,
    },
    /// A migration failed; nothing more is run.
    Failed {
        /// Which.
        stem: String,
        /// Whether it was being applied or reverted.
        direction: Direction,
        /// Why.
        message: String,
    },
}

/// What to do about a migration that was cut short earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HalfDone {
    /// Say so and stop.
    #[default]
    Report,
    /// Go on from the statement that did not run, in a generated file.
    Resume,
    /// Begin with its first statement: somebody took back by hand what ran.
    Restart,
}

/// Applies and reverts the migrations of a migrator.
///
/// ```no_run
/// # use autogen_migrate::Runner;
/// # async fn start<Migrator: sea_orm_migration::MigratorTrait>(db: &sea_orm_migration::sea_orm::DatabaseConnection)
/// # -> Result<(), autogen_migrate::RunError> {
/// Runner::new(db).upgrade::<Migrator>(&"head".into()).await?;
/// # Ok(())
/// # }
/// ```
pub struct Runner<'a> {
    db: &'a DatabaseConnection,
    lock_timeout: Duration,
    revisions: Option<Vec<Revision>>,
    half_done: HalfDone,
    single_transaction: bool,
    interrupt: Interrupt<'a>,
    on_progress: Box<dyn FnMut(&Progress) + Send + 'a>,
}

impl<'a> Runner<'a> {
    /// A runner that waits a minute for the lock and says nothing.
    pub fn new(db: &'a DatabaseConnection) -> Self {
        Self {
            db,
            lock_timeout: Duration::from_secs(60),
            revisions: None,
            half_done: HalfDone::Report,
            single_transaction: false,
            interrupt: Interrupt::never(),
            on_progress: Box::new(|_| {}),
        }
    }

    /// How long to wait for another process that runs migrations on the same database.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// The revision graph, where it is known; without it the history is the `migrations()` list.
    #[must_use]
    pub fn graph(mut self, revisions: Vec<Revision>) -> Self {
        self.revisions = Some(revisions);
        self
    }

    /// What to do about a migration that was cut short earlier, on MySQL and MariaDB.
    #[must_use]
    pub fn half_done(mut self, answer: HalfDone) -> Self {
        self.half_done = answer;
        self
    }

    /// One transaction around the whole run, on PostgreSQL, and on SQLite where no file asks for none.
    #[must_use]
    pub fn single_transaction(mut self, is_wanted: bool) -> Self {
        self.single_transaction = is_wanted;
        self
    }

    /// Stops when this ends: the statement that runs is stopped, its step is rolled back or journalled, and the lock is
    /// given back.
    #[must_use]
    pub fn stop_on(mut self, signal: impl Future<Output = ()> + Send + 'a) -> Self {
        self.interrupt = Interrupt::on(signal);
        self
    }

    /// Whom to tell about every step.
    #[must_use]
    pub fn on_progress(mut self, tell: impl FnMut(&Progress) + Send + 'a) -> Self {
        self.on_progress = Box::new(tell);
        self
    }

    /// Applies what is pending up to the goal. Returns the stems that were applied.
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub async fn upgrade<M: MigratorTrait>(self, goal: &Goal) -> Result<Vec<String>, RunError> {
        self.run::<M>(goal, Direction::Up).await
    }

    /// Reverts what is applied beyond the goal. Returns the stems that were reverted.
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub async fn downgrade<M: MigratorTrait>(self, goal: &Goal) -> Result<Vec<String>, RunError> {
        self.run::<M>(goal, Direction::Down).await
    }

    /// The stems that `upgrade` or `downgrade` would run, in order. Takes no lock and changes nothing.
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub async fn plan<M: MigratorTrait>(mut self, goal: &Goal, direction: Direction) -> Result<Vec<String>, RunError> {
        let revisions = self.take_revisions::<M>();
        let recorded = versions::applied(self.db, &M::migration_table_name().to_string()).await?;
        Ok(goal::steps(&Graph::new(&revisions)?, goal, direction, &recorded)?)
    }

    /// Records that the database is at these places, without running anything. With `purge` all rows go first, also
    /// those that no file has.
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub async fn stamp<M: MigratorTrait>(mut self, places: &[String], purge: bool) -> Result<Stamp, RunError> {
        let revisions = self.take_revisions::<M>();
        let table = M::migration_table_name().to_string();
        stamp::stamp(self.db, &table, &Graph::tolerant(&revisions), places, purge, self.lock_timeout).await
    }

    async fn run<M: MigratorTrait>(mut self, goal: &Goal, direction: Direction) -> Result<Vec<String>, RunError> {
        let revisions = self.take_revisions::<M>();
        let graph = Graph::new(&revisions)?;
        let (migrations, table) = (M::migrations(), M::migration_table_name().to_string());
        run::run(self, run::Order { graph: &graph, migrations: &migrations, table: &table, goal, direction }).await
    }

    fn take_revisions<M: MigratorTrait>(&mut self) -> Vec<Revision> {
        self.revisions.take().unwrap_or_else(|| revisions_of(&M::migrations()))
    }
}

/// The history that a list without a graph has.
pub(crate) fn revisions_of(migrations: &[Box<dyn MigrationTrait>]) -> Vec<Revision> {
    Graph::linear(migrations.iter().map(|migration| migration.name().to_owned()))
}
