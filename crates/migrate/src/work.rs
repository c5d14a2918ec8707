//! The body of one migration while it runs: a panic becomes an error, and an interruption stops it.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationTrait, SchemaManager};

use crate::lock::Lock;
use crate::step::Direction;

/// Something that ends when the run is to stop: Ctrl-C, say.
pub(crate) struct Interrupt<'a> {
    signal: Option<Pin<Box<dyn Future<Output = ()> + Send + 'a>>>,
    has_come: bool,
}

impl<'a> Interrupt<'a> {
    pub(crate) fn never() -> Self {
        Self { signal: None, has_come: false }
    }

    pub(crate) fn on(signal: impl Future<Output = ()> + Send + 'a) -> Self {
        Self { signal: Some(Box::pin(signal)), has_come: false }
    }

    /// Whether it has come.
    pub(crate) fn has_come(&self) -> bool {
        self.has_come
    }

    /// The same, and looks; from then on the signal does not end the program in its own way.
    pub(crate) async fn has_come_by_now(&mut self) -> bool {
        {
            let mut come = pin!(self.come());
            poll_fn(|context| {
                let _not_yet = come.as_mut().poll(context);
                Poll::Ready(())
            })
            .await;
        }
        self.has_come
    }

    /// Ends when it comes, and never before.
    async fn come(&mut self) {
        match &mut self.signal {
            Some(signal) if !self.has_come => signal.await,
            Some(_) | None => std::future::pending().await,
        }
        self.has_come = true;
    }
}

/// What one migration needs to run.
pub(crate) struct Work<'w, 'a> {
    pub(crate) migration: &'w dyn MigrationTrait,
    pub(crate) direction: Direction,
    pub(crate) lock: &'w mut Lock,
    /// The number of the session, for stopping its statement.
    pub(crate) worker: Option<i64>,
    pub(crate) interrupt: &'w mut Interrupt<'a>,
    /// Whether the migration's own statements run at this moment, for who listens to the connection.
    pub(crate) is_running: Arc<AtomicBool>,
}

impl Work<'_, '_> {
    /// Runs `up` or `down`.
    pub(crate) async fn run(&mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let (migration, direction) = (self.migration, self.direction);
        let body = async move {
            match direction {
                Direction::Up => migration.up(manager).await,
                Direction::Down => migration.down(manager).await,
            }
        };
        self.is_running.store(true, Ordering::Relaxed);
        let done = self.watch(without_panic(body)).await;
        self.is_running.store(false, Ordering::Relaxed);
        done
    }

    /// Waits for something the session does, or stops it when told to.
    pub(crate) async fn watch(&mut self, body: impl Future<Output = Result<(), DbErr>>) -> Result<(), DbErr> {
        let mut body = pin!(body);
        tokio::select! {
            biased;
            done = &mut body => return done,
            () = self.interrupt.come() => {}
        }
        if let Some(worker) = self.worker {
            self.lock.cancel(worker).await;
        }
        // A statement that was stopped ends with an error; what waits for something else is left.
        tokio::time::timeout(PATIENCE, body).await.unwrap_or_else(|_| Err(DbErr::Custom("it was interrupted".into())))
    }
}

const PATIENCE: Duration = Duration::from_secs(2);

/// A panic must not take the lock and the transaction along without a word.
pub(crate) async fn without_panic(body: impl Future<Output = Result<(), DbErr>>) -> Result<(), DbErr> {
    let mut body = pin!(body);
    poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(context))).unwrap_or_else(|payload| {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
            Poll::Ready(Err(DbErr::Custom(format!("it panicked: {text}"))))
        })
    })
    .await
}

/// Whether a statement asks only, as far as its first word tells.
pub(crate) fn only_reads(sql: &str) -> bool {
    let word = sql.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    ["SELECT", "SHOW", "PRAGMA", "EXPLAIN", "DESCRIBE"].iter().any(|verb| verb.eq_ignore_ascii_case(word))
}
