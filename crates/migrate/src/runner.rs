//! Applying and reverting: which migrations, in which order, under the lock, with a word on every step.

use std::time::{Duration, Instant};

use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::graph::{Graph, GraphError, Revision, Target};
use crate::lock::{self, Lock, LockError};
use crate::step::{self, Direction, StepError};
use crate::versions;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The migrations form no graph, the target is not in it, or the database records what is not in the list.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The database did not answer, outside of any migration.
    #[error("{0}")]
    Database(#[from] DbErr),
    /// Somebody else holds the lock, or it could not be taken.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A migration failed.
    #[error("could not {} {stem}: {source}; {state}", direction.verb())]
    Migration {
        /// The migration.
        stem: String,
        /// Whether it was being applied or reverted.
        direction: Direction,
        /// What the database, or the migration, says.
        source: DbErr,
        /// What is left in the database, as far as it can be known.
        state: String,
    },
}

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

/// Where a run goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// What a user typed: a stem or the beginning of one, `head`, `base`, `+1`, `-1`, and ids where a graph is known.
    Text(String),
    /// Exactly these stems, in the order of the list; what is applied (or not applied, when reverting) is passed over.
    Stems(Vec<String>),
    /// The next, or the last, so many; fewer where there are not so many.
    AtMost(usize),
}

impl From<&str> for Goal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
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
    on_progress: Box<dyn FnMut(&Progress) + Send + 'a>,
}

impl<'a> Runner<'a> {
    /// A runner that waits a minute for the lock and says nothing.
    pub fn new(db: &'a DatabaseConnection) -> Self {
        Self { db, lock_timeout: Duration::from_secs(60), revisions: None, on_progress: Box::new(|_| {}) }
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

    async fn run<M: MigratorTrait>(mut self, goal: &Goal, direction: Direction) -> Result<Vec<String>, RunError> {
        let migrations = M::migrations();
        let table = M::migration_table_name().to_string();
        let revisions = match self.revisions.take() {
            Some(revisions) => revisions,
            None => revisions_of(&migrations),
        };
        let graph = Graph::new(&revisions)?;
        // A goal that is not in the list is refused before anybody waits for a lock.
        if let Goal::Text(text) = goal {
            refuse_unknown(&graph, text)?;
        }
        let mut lock = lock::acquire(self.db, &table, self.lock_timeout).await?;
        let done = self.run_locked(&graph, &migrations, &table, goal, direction, &mut lock).await;
        lock.release().await;
        done
    }

    async fn run_locked(
        &mut self,
        graph: &Graph<'_>,
        migrations: &[Box<dyn MigrationTrait>],
        table: &str,
        goal: &Goal,
        direction: Direction,
        lock: &mut Lock,
    ) -> Result<Vec<String>, RunError> {
        let recorded = versions::applied(self.db, table).await?;
        let steps = steps(graph, goal, direction, &recorded)?;
        if direction == Direction::Up {
            versions::ensure(self.db, table).await?;
        }
        let mut done = Vec::new();
        for (index, stem) in steps.iter().enumerate() {
            let migration = migrations
                .iter()
                .find(|migration| migration.name() == stem.as_str())
                .ok_or_else(|| GraphError::Unknown { text: stem.clone(), nearest: Vec::new() })?;
            // The server may have dropped an idle connection, and the lock with it.
            lock.confirm().await?;
            (self.on_progress)(&Progress::Started {
                stem: stem.clone(),
                direction,
                number: index + 1,
                total: steps.len(),
            });
            self.step(migration.as_ref(), table, direction).await?;
            done.push(stem.clone());
        }
        Ok(done)
    }

    async fn step(
        &mut self,
        migration: &dyn MigrationTrait,
        table: &str,
        direction: Direction,
    ) -> Result<(), RunError> {
        let stem = migration.name().to_owned();
        let start = Instant::now();
        match step::run(self.db, migration, table, direction).await {
            Ok(()) => {
                (self.on_progress)(&Progress::Finished { stem, direction, duration: start.elapsed() });
                Ok(())
            }
            Err(StepError { source, state }) => {
                let error = RunError::Migration { stem: stem.clone(), direction, source, state };
                (self.on_progress)(&Progress::Failed { stem, direction, message: error.to_string() });
                Err(error)
            }
        }
    }
}

/// The history that a list without a graph has.
pub(crate) fn revisions_of(migrations: &[Box<dyn MigrationTrait>]) -> Vec<Revision> {
    Graph::linear(migrations.iter().map(|migration| migration.name().to_owned()))
}

fn refuse_unknown(graph: &Graph<'_>, text: &str) -> Result<(), GraphError> {
    let everything: Vec<String> = graph.revisions().iter().map(|revision| revision.stem.clone()).collect();
    match graph.resolve(text, &everything) {
        // How far `+1` and `-1` reach depends on what is applied.
        Ok(_) | Err(GraphError::TooFar { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn steps(graph: &Graph<'_>, goal: &Goal, direction: Direction, recorded: &[String]) -> Result<Vec<String>, GraphError> {
    let revisions = match (goal, direction) {
        (Goal::Text(text), Direction::Up) => graph.upgrade_steps(&upgrade_target(graph, text, recorded)?, recorded)?,
        (Goal::Text(text), Direction::Down) => {
            let target = graph.resolve(text, recorded)?;
            if is_relative(text, '+') {
                return Err(GraphError::WrongWay {
                    text: text.clone(),
                    direction: "downgrade",
                    advice: format!("`upgrade {text}` goes up"),
                });
            }
            graph.downgrade_steps(&target, recorded)?
        }
        (Goal::AtMost(number), Direction::Up) => {
            graph.applied(recorded)?;
            graph.pending(recorded).into_iter().take(*number).collect()
        }
        (Goal::AtMost(number), Direction::Down) => {
            graph.downgrade_steps(&Target::Base, recorded)?.into_iter().take(*number).collect()
        }
        (Goal::Stems(stems), _) => return named_steps(graph, stems, direction, recorded),
    };
    Ok(revisions.into_iter().map(|revision| revision.stem.clone()).collect())
}

/// Whether the text counts from what is applied, up or down: `+1`, `billing@+1`.
fn is_relative(text: &str, sign: char) -> bool {
    text.rsplit('@').next().is_some_and(|steps| steps.trim().starts_with(sign))
}

fn upgrade_target(graph: &Graph<'_>, text: &str, recorded: &[String]) -> Result<Target, GraphError> {
    if is_relative(text, '-') {
        return Err(GraphError::WrongWay {
            text: text.to_owned(),
            direction: "upgrade",
            advice: format!("`downgrade {text}` goes down"),
        });
    }
    graph.resolve(text, recorded)
}

fn named_steps(
    graph: &Graph<'_>,
    stems: &[String],
    direction: Direction,
    recorded: &[String],
) -> Result<Vec<String>, GraphError> {
    graph.applied(recorded)?;
    if let Some(unknown) = stems.iter().find(|stem| graph.by_stem(stem).is_none()) {
        return Err(GraphError::Unknown { text: unknown.clone(), nearest: Vec::new() });
    }
    let listed = graph.revisions().iter().map(|revision| revision.stem.clone()).filter(|stem| stems.contains(stem));
    Ok(match direction {
        Direction::Up => listed.filter(|stem| !recorded.contains(stem)).collect(),
        Direction::Down => {
            let mut steps: Vec<String> = listed.filter(|stem| recorded.contains(stem)).collect();
            steps.reverse();
            steps
        }
    })
}

/// Whether a failed step of this database takes its statements back.
pub(crate) fn has_transactional_ddl(backend: DbBackend) -> bool {
    matches!(backend, DbBackend::Postgres | DbBackend::Sqlite)
}
