//! A run, from the lock to the last step.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use sea_orm_migration::sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend, TransactionTrait};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use super::error::{Origin, Unfinished, explain};
use super::{Goal, HalfDone, Progress, RunError, Runner, goal, unfinished};
use crate::graph::{Graph, GraphError};
use crate::history::{self, Entry, Outcome};
use crate::lock::{self, Lock};
use crate::session::Session;
use crate::step::{self, Booking, Direction, StepError};
use crate::work::Work;
use crate::{foreign, versions};

/// What is asked for.
pub(super) struct Order<'o> {
    pub(super) graph: &'o Graph<'o>,
    pub(super) migrations: &'o [Box<dyn MigrationTrait>],
    pub(super) table: &'o str,
    pub(super) goal: &'o Goal,
    pub(super) direction: Direction,
}

/// The database while a run has it.
struct Site<'s> {
    db: &'s DatabaseConnection,
    lock: &'s mut Lock,
    worker: Option<i64>,
}

/// One step of a run.
struct Step<'s> {
    migration: &'s dyn MigrationTrait,
    number: usize,
    total: usize,
    /// The run that it goes on with.
    earlier: Option<&'s Unfinished>,
}

pub(super) async fn run(mut runner: Runner<'_>, order: Order<'_>) -> Result<Vec<String>, RunError> {
    goal::refuse_unknown(order.graph, order.goal, order.direction)?;
    let mut lock = lock::acquire(runner.db, order.table, runner.lock_timeout).await?;
    let done = on_session(&mut runner, &order, &mut lock).await;
    lock.release().await;
    done
}

async fn on_session(runner: &mut Runner<'_>, order: &Order<'_>, lock: &mut Lock) -> Result<Vec<String>, RunError> {
    let session = Session::open(runner.db).await?;
    let worker = lock::occupy(&session.db, order.table, runner.lock_timeout).await;
    let done = match worker {
        Ok(worker) => locked(runner, order, &mut Site { db: &session.db, lock, worker }).await,
        Err(error) => Err(error.into()),
    };
    session.close().await;
    done
}

async fn locked(runner: &mut Runner<'_>, order: &Order<'_>, site: &mut Site<'_>) -> Result<Vec<String>, RunError> {
    let recorded = versions::applied(site.db, order.table).await?;
    if order.direction == Direction::Up {
        refuse_other_history(order, site.db).await?;
    }
    let earlier = earlier(runner.half_done, order, site.db, &recorded).await?;
    let stems = match goal::steps(order.graph, order.goal, order.direction, &recorded) {
        Ok(stems) => stems,
        Err(error) => return Err(explain(error, site.db, order.table).await),
    };
    // What is half-way comes first, or nothing.
    if let Some(unfinished) = &earlier
        && stems.first() != Some(&unfinished.step.revision)
    {
        return Err(RunError::Unfinished(Box::new(unfinished.clone())));
    }
    let steps = steps(order, &stems, earlier.as_ref())?;
    if order.direction == Direction::Up {
        versions::ensure(site.db, order.table).await?;
    }
    if !steps.is_empty() {
        history::ensure(site.db).await?;
    }
    if runner.single_transaction {
        all_at_once(runner, order, site, &steps).await?;
    } else {
        one_by_one(runner, order, site, &steps).await?;
    }
    Ok(stems)
}

async fn refuse_other_history(order: &Order<'_>, db: &DatabaseConnection) -> Result<(), RunError> {
    if versions::exists(db, order.table).await? {
        return Ok(());
    }
    match foreign::find(db, order.table, order.graph).await? {
        Some(other) => Err(RunError::OtherHistory { other, table: order.table.to_owned() }),
        None => Ok(()),
    }
}

/// The step that was cut short earlier, where it is to be gone on with.
async fn earlier(
    answer: HalfDone,
    order: &Order<'_>,
    db: &DatabaseConnection,
    recorded: &[String],
) -> Result<Option<Unfinished>, RunError> {
    let Some(unfinished) = unfinished::unfinished(db, order.table, order.graph, recorded).await? else {
        return Ok(None);
    };
    let is_same_way = unfinished.step.direction == order.direction.action();
    match answer {
        HalfDone::Resume if unfinished.origin == Origin::Generated && is_same_way => Ok(Some(unfinished)),
        HalfDone::Restart => {
            unfinished::abandon(db, &unfinished).await?;
            Ok(None)
        }
        HalfDone::Report | HalfDone::Resume => Err(RunError::Unfinished(Box::new(unfinished))),
    }
}

fn steps<'s>(
    order: &Order<'s>,
    stems: &[String],
    earlier: Option<&'s Unfinished>,
) -> Result<Vec<Step<'s>>, GraphError> {
    let find = |(index, stem): (usize, &String)| {
        let migration = order.migrations.iter().find(|migration| migration.name() == stem.as_str());
        let migration = migration.ok_or_else(|| GraphError::Unknown { text: stem.clone(), nearest: Vec::new() })?;
        let earlier = earlier.filter(|unfinished| unfinished.step.revision == *stem);
        Ok(Step { migration: migration.as_ref(), number: index + 1, total: stems.len(), earlier })
    };
    stems.iter().enumerate().map(find).collect()
}

async fn one_by_one(
    runner: &mut Runner<'_>,
    order: &Order<'_>,
    site: &mut Site<'_>,
    steps: &[Step<'_>],
) -> Result<(), RunError> {
    for step in steps {
        // The server may have dropped an idle connection, and the lock with it.
        site.lock.confirm().await?;
        if runner.interrupt.has_come_by_now().await {
            return Err(RunError::Interrupted { step: None });
        }
        let booking = begin(runner, order, step);
        let ran = alone(runner, order, site, step, &booking).await;
        if let Err(error) = &ran
            && step::has_transactional_ddl(backend(site.db))
        {
            let failed = booking.ended(Outcome::Failed, Some(error.source.to_string()));
            // The connection may be gone; the error itself says more than that.
            let _noted = history::insert(site.db, &failed).await;
        }
        end(runner, order, &booking, ran)?;
    }
    Ok(())
}

async fn alone(
    runner: &mut Runner<'_>,
    order: &Order<'_>,
    site: &mut Site<'_>,
    step: &Step<'_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let mut work = Work {
        migration: step.migration,
        direction: order.direction,
        lock: site.lock,
        worker: site.worker,
        interrupt: &mut runner.interrupt,
        is_running: Arc::new(AtomicBool::new(false)),
    };
    #[cfg(feature = "mysql")]
    if !step::has_transactional_ddl(backend(site.db)) {
        let is_generated = order.graph.by_stem(step.migration.name()).is_some_and(|revision| revision.is_generated);
        let earlier = step.earlier.map(|earlier| earlier.statements.clone()).unwrap_or_default();
        return crate::mysql::run(site.db, &mut work, booking, is_generated, earlier).await;
    }
    step::run(site.db, &mut work, booking).await
}

const ALL_ROLLED_BACK: &str = "the whole run is rolled back: nothing of it is left";

/// One transaction around all steps.
async fn all_at_once(
    runner: &mut Runner<'_>,
    order: &Order<'_>,
    site: &mut Site<'_>,
    steps: &[Step<'_>],
) -> Result<(), RunError> {
    refuse_single_transaction(site.db, steps)?;
    site.lock.confirm().await?;
    let transaction = site.db.begin().await?;
    for step in steps {
        if runner.interrupt.has_come_by_now().await {
            let step = (step.migration.name().to_owned(), ALL_ROLLED_BACK.to_owned());
            return Err(RunError::Interrupted { step: Some(step) });
        }
        let booking = begin(runner, order, step);
        let ran = within(runner, order, site, step, &booking, &transaction).await;
        if ran.is_err() {
            return end(runner, order, &booking, ran);
        }
        end(runner, order, &booking, Ok(()))?;
    }
    Ok(transaction.commit().await?)
}

async fn within(
    runner: &mut Runner<'_>,
    order: &Order<'_>,
    site: &mut Site<'_>,
    step: &Step<'_>,
    booking: &Booking<'_>,
    transaction: &DatabaseTransaction,
) -> Result<(), StepError> {
    let mut work = Work {
        migration: step.migration,
        direction: order.direction,
        lock: site.lock,
        worker: site.worker,
        interrupt: &mut runner.interrupt,
        is_running: Arc::new(AtomicBool::new(false)),
    };
    let worked = match work.run(&SchemaManager::new(transaction)).await {
        Ok(()) => booking.write(transaction).await,
        Err(error) => Err(error),
    };
    worked.map_err(|source| StepError { source, state: ALL_ROLLED_BACK.into() })
}

fn refuse_single_transaction(db: &DatabaseConnection, steps: &[Step<'_>]) -> Result<(), RunError> {
    if !step::has_transactional_ddl(backend(db)) {
        let reason = "MySQL and MariaDB commit at every DDL statement; leave it out, and a run that was cut short can be gone on with by --resume";
        return Err(RunError::SingleTransaction { reason: reason.into() });
    }
    match steps.iter().find(|step| step.migration.use_transaction() == Some(false)) {
        Some(step) => Err(RunError::SingleTransaction {
            reason: format!(
                "{} asks to run outside a transaction; upgrade to the revision before it, then to it, then on",
                step.migration.name()
            ),
        }),
        None => Ok(()),
    }
}

fn begin<'o>(runner: &mut Runner<'_>, order: &Order<'o>, step: &Step<'_>) -> Booking<'o> {
    let stem = step.migration.name();
    (runner.on_progress)(&Progress::Started {
        stem: stem.to_owned(),
        direction: order.direction,
        number: step.number,
        total: step.total,
    });
    let revision = order.graph.by_stem(stem);
    let id = revision.map_or(stem, |revision| revision.id.as_str());
    let entry = Entry::starting(order.table, stem, id, order.direction.action());
    let entry = Entry {
        checksum: revision.and_then(|revision| revision.checksum.clone()),
        // A step that is gone on with keeps its journal.
        run: step.earlier.map_or(entry.run, |earlier| earlier.step.run.clone()),
        ..entry
    };
    Booking { table: order.table, direction: order.direction, entry, start: Instant::now() }
}

fn end(
    runner: &mut Runner<'_>,
    order: &Order<'_>,
    booking: &Booking<'_>,
    ran: Result<(), StepError>,
) -> Result<(), RunError> {
    let (stem, direction) = (booking.entry.revision.clone(), order.direction);
    let Err(StepError { source, state }) = ran else {
        (runner.on_progress)(&Progress::Finished { stem, direction, duration: booking.start.elapsed() });
        return Ok(());
    };
    let error = if runner.interrupt.has_come() {
        RunError::Interrupted { step: Some((stem.clone(), state)) }
    } else {
        RunError::Migration { stem: stem.clone(), direction, source, state }
    };
    (runner.on_progress)(&Progress::Failed { stem, direction, message: error.to_string() });
    Err(error)
}

fn backend(db: &DatabaseConnection) -> DbBackend {
    db.get_database_backend()
}
