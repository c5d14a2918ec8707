//! A connection that takes down what goes over it.
//!
//! SeaORM's mock connection is the one place where all statements pass, also those given as text. Behind it is a real
//! database, so that what is asked is answered. The mock's methods cannot wait, so the database has a thread of its own.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use autogen_schema::DatabaseUrl;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseConnectionType, DbBackend, DbErr, ExecResult, MockDatabaseConnection,
    MockDatabaseTrait, QueryResult, Statement, Transaction,
};

use crate::work::only_reads;

/// What went over the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Something that changes the database, with its values in it.
    Statement(String),
    /// Something that was asked.
    Question(String),
}

/// Cloning gives another handle to the same recording.
#[derive(Clone, Debug)]
pub(super) struct Tape {
    backend: DbBackend,
    orders: SyncSender<Order>,
    recording: Arc<Mutex<Recording>>,
}

#[derive(Debug, Default)]
struct Recording {
    lines: Vec<Line>,
    /// How many transactions are open, one in the other.
    depth: usize,
    /// What went wrong where nobody could be told.
    failure: Option<DbErr>,
}

#[derive(Debug)]
enum Order {
    Execute(Statement, SyncSender<Result<ExecResult, DbErr>>),
    Query(Statement, SyncSender<Result<Vec<QueryResult>, DbErr>>),
}

/// Opens a database, and the tape beside it.
pub(super) fn open(url: &DatabaseUrl) -> Result<(DatabaseConnection, Tape), DbErr> {
    let (orders, to_do) = sync_channel(1);
    let (teller, opened) = sync_channel(1);
    let url = url.clone();
    std::thread::Builder::new()
        .spawn(move || work(&url, &to_do, &teller))
        .map_err(|error| DbErr::Custom(format!("could not start a thread: {error}")))?;
    let backend = opened.recv().map_err(|_| gone())??;
    let tape = Tape { backend, orders, recording: Arc::default() };
    let mock = MockDatabaseConnection::new(tape.clone());
    Ok((DatabaseConnectionType::MockDatabaseConnection(Arc::new(mock)).into(), tape))
}

/// The thread of the database. It ends with the last handle to the tape.
fn work(url: &DatabaseUrl, to_do: &Receiver<Order>, teller: &SyncSender<Result<DbBackend, DbErr>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let _told = teller.send(Err(DbErr::Custom(error.to_string())));
            return;
        }
    };
    runtime.block_on(async {
        let db = match crate::connect(url, None).await {
            Ok(db) => db,
            Err(error) => {
                let _told = teller.send(Err(error));
                return;
            }
        };
        // Whoever does not wait for an answer any more has no use for it.
        let _told = teller.send(Ok(db.get_database_backend()));
        while let Ok(order) = to_do.recv() {
            match order {
                Order::Execute(statement, answer) => drop(answer.send(execute(&db, statement).await)),
                Order::Query(statement, answer) => drop(answer.send(db.query_all_raw(statement).await)),
            }
        }
        let _closed = db.close().await;
    });
}

/// A text without values may hold several statements, which no server prepares.
async fn execute(db: &DatabaseConnection, statement: Statement) -> Result<ExecResult, DbErr> {
    match statement.values {
        Some(_) => db.execute_raw(statement).await,
        None => db.execute_unprepared(&statement.sql).await,
    }
}

impl Tape {
    /// What went over the connection since the last time.
    pub(super) fn take(&self) -> Vec<Line> {
        std::mem::take(&mut self.recording().lines)
    }

    /// Runs statements of our own.
    pub(super) fn play_all(&self, statements: &[&str]) -> Result<(), DbErr> {
        for sql in statements {
            match *sql {
                "BEGIN" => self.recording().depth += 1,
                "COMMIT" => self.recording().depth = 0,
                _ => {}
            }
            self.play(sql)?;
        }
        Ok(())
    }

    /// Fails where something went wrong that could not be said then.
    pub(super) fn confirm(&self) -> Result<(), DbErr> {
        self.recording().failure.take().map_or(Ok(()), Err)
    }

    fn play(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run(Statement::from_string(self.backend, sql))
    }

    fn run(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.recording().lines.push(Line::Statement(statement.to_string()));
        let (answer, done) = sync_channel(1);
        self.orders.send(Order::Execute(statement, answer)).map_err(|_| gone())?;
        done.recv().map_err(|_| gone())?
    }

    fn bracket(&self, sql: &str) {
        if let Err(error) = self.play(sql) {
            self.recording().failure.get_or_insert(error);
        }
    }

    fn recording(&self) -> MutexGuard<'_, Recording> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockDatabaseTrait for Tape {
    fn execute(&mut self, _counter: usize, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run(statement)
    }

    fn query(&mut self, _counter: usize, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        // `INSERT … RETURNING` is a query to SeaORM, and changes the database all the same.
        let sql = statement.to_string();
        self.recording().lines.push(if only_reads(&sql) { Line::Question(sql) } else { Line::Statement(sql) });
        let (answer, done) = sync_channel(1);
        self.orders.send(Order::Query(statement, answer)).map_err(|_| gone())?;
        done.recv().map_err(|_| gone())?
    }

    fn begin(&mut self) {
        let depth = self.recording().depth;
        self.recording().depth += 1;
        self.bracket(&if depth == 0 { "BEGIN".to_owned() } else { format!("SAVEPOINT savepoint_{depth}") });
    }

    fn commit(&mut self) {
        let depth = self.recording().depth.saturating_sub(1);
        self.recording().depth = depth;
        self.bracket(&if depth == 0 { "COMMIT".to_owned() } else { format!("RELEASE SAVEPOINT savepoint_{depth}") });
    }

    fn rollback(&mut self) {
        let depth = self.recording().depth.saturating_sub(1);
        self.recording().depth = depth;
        self.bracket(&if depth == 0 {
            "ROLLBACK".to_owned()
        } else {
            format!("ROLLBACK TO SAVEPOINT savepoint_{depth}")
        });
    }

    fn drain_transaction_log(&mut self) -> Vec<Transaction> {
        Vec::new()
    }

    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    fn ping(&self) -> Result<(), DbErr> {
        Ok(())
    }
}

fn gone() -> DbErr {
    DbErr::Custom("the scratch database is gone".to_owned())
}
