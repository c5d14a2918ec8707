//! The statements of a generated file, taken down without a database.
//!
//! They depend on nothing that a database could answer. A file that does ask is no file for this.

use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::sqlx::mysql::MySqlQueryResult;
use sea_orm::{
    DatabaseConnection, DatabaseConnectionType, DbBackend, DbErr, ExecResult, MockDatabaseConnection,
    MockDatabaseTrait, QueryResult, Statement, Transaction,
};
use sea_orm_migration::SchemaManager;

use crate::work::Work;

/// The statements of the migration, in order; `None` where it asks the database something, or fails without one.
pub(super) async fn statements(work: &mut Work<'_, '_>) -> Option<Vec<Statement>> {
    let recorder = Recorder::default();
    let mock = MockDatabaseConnection::new(recorder.clone());
    let connection: DatabaseConnection = DatabaseConnectionType::MockDatabaseConnection(Arc::new(mock)).into();
    work.run(&SchemaManager::new(&connection)).await.ok()?;
    let recording = recorder.lock();
    (!recording.asked).then(|| recording.statements.clone())
}

/// Cloning gives another handle to the same recording.
#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Recording>>);

#[derive(Debug, Default)]
struct Recording {
    statements: Vec<Statement>,
    asked: bool,
}

impl Recorder {
    fn lock(&self) -> std::sync::MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockDatabaseTrait for Recorder {
    fn execute(&mut self, _counter: usize, statement: Statement) -> Result<ExecResult, DbErr> {
        self.lock().statements.push(statement);
        Ok(MySqlQueryResult::default().into())
    }

    fn query(&mut self, _counter: usize, _statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.lock().asked = true;
        Err(DbErr::Custom("there is no database to ask".into()))
    }

    // Every DDL statement would end a transaction, so each statement stands for itself.
    fn begin(&mut self) {}

    fn commit(&mut self) {}

    fn rollback(&mut self) {}

    fn drain_transaction_log(&mut self) -> Vec<Transaction> {
        Vec::new()
    }

    fn get_database_backend(&self) -> DbBackend {
        DbBackend::MySql
    }

    fn ping(&self) -> Result<(), DbErr> {
        Ok(())
    }
}
