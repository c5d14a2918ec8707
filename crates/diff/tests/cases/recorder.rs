//! What is really executed, heard where the driver logs it.

use std::sync::{Arc, LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

use crate::database::Server;

/// Hears the statements of the connections that are opened while it is there.
pub(crate) struct Recorder {
    statements: Arc<Mutex<Vec<String>>>,
    _guard: Option<DefaultGuard>,
}

impl Recorder {
    /// SQLite works, and logs, in a thread of its own, so that all of the process are heard; the others log in the thread
    /// that asks.
    pub(crate) fn new(server: Server) -> Self {
        static EVERYWHERE: LazyLock<Arc<Mutex<Vec<String>>>> = LazyLock::new(|| {
            let statements: Arc<Mutex<Vec<String>>> = Arc::default();
            let ear = Ear { statements: Arc::clone(&statements), of_workers: true };
            tracing::subscriber::set_global_default(ear).unwrap();
            statements
        });
        match server {
            Server::Sqlite => Self { statements: Arc::clone(&EVERYWHERE), _guard: None },
            Server::Postgres | Server::Mariadb | Server::Mysql => {
                let statements: Arc<Mutex<Vec<String>>> = Arc::default();
                let ear = Ear { statements: Arc::clone(&statements), of_workers: false };
                let guard = tracing::subscriber::set_default(ear);
                Self { statements, _guard: Some(guard) }
            }
        }
    }

    /// What was heard since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.statements.lock().unwrap())
    }
}

struct Ear {
    statements: Arc<Mutex<Vec<String>>>,
    /// Whether only the threads in which SQLite works are heard.
    of_workers: bool,
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        // Heard everywhere, others of this process are heard, too.
        if self.of_workers && !std::thread::current().name().is_some_and(|name| name.starts_with("sqlx-sqlite")) {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        // A short statement is its own summary.
        let statement = if said.statement.is_empty() { said.summary } else { said.statement };
        self.statements.lock().unwrap().push(statement);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            // The driver puts two line ends before it and one after.
            "db.statement" => {
                let inside = value.strip_prefix("\n\n").unwrap_or(value);
                self.statement = inside.strip_suffix('\n').unwrap_or(inside).to_owned();
            }
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
