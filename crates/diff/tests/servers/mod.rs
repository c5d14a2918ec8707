//! The servers that tests run on, and databases that are gone when a test ends.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use autogen_introspect::{ConnectOptions, Connection, connect};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

/// The URL of a server: as the environment says, where an empty text says that there is none, else at its usual port.
pub(crate) fn url(backend: Backend) -> Option<String> {
    let (variable, standard) = match backend {
        Backend::Sqlite => return Some("sqlite::memory:".to_owned()),
        Backend::Postgres => ("AUTOGEN_TEST_POSTGRES_URL", Some("postgres://postgres@127.0.0.1:5432/postgres")),
        Backend::Mysql => ("AUTOGEN_TEST_MYSQL_URL", None),
        Backend::Mariadb => ("AUTOGEN_TEST_MARIADB_URL", Some("mysql://root@127.0.0.1:3306")),
    };
    match std::env::var(variable) {
        Ok(url) => (!url.is_empty()).then_some(url),
        Err(_) => standard.map(str::to_owned),
    }
}

/// A name that no other test takes.
pub(crate) fn fresh_name() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is past 1970");
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("autogen_test_{:x}_{:x}_{next}", std::process::id(), since.as_nanos() & 0xffff_ffff)
}

/// An empty database of a test's own.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    name: String,
    server: DatabaseUrl,
}

impl Database {
    /// On the server at `url`; in memory where that is SQLite.
    pub(crate) async fn create(url: &str) -> Self {
        let server = DatabaseUrl::parse(url).expect("a database URL");
        let name = fresh_name();
        let Some(own) = server.with_database(&name) else {
            return Self { connection: open(&server).await, name, server };
        };
        let admin = open(&server).await;
        let options = match server.backend() {
            Backend::Postgres => "TEMPLATE template0 ENCODING 'UTF8'",
            // Both servers share this collation; their own defaults differ.
            Backend::Mysql | Backend::Mariadb => "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
            Backend::Sqlite => "",
        };
        let sql = format!("CREATE DATABASE {name} {options}");
        admin.db().execute_unprepared(&sql).await.expect("a database can be made");
        Self { connection: open(&own).await, name, server }
    }

    /// Takes it away again.
    pub(crate) async fn drop(self) {
        let has_server = self.server.host().is_some();
        self.connection.db().clone().close().await.expect("the connection closes");
        if has_server {
            let admin = open(&self.server).await;
            let sql = format!("DROP DATABASE {}", self.name);
            admin.db().execute_unprepared(&sql).await.expect("our own database can be dropped");
        }
    }
}

/// Opens a database.
pub(crate) async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.expect("the server is there")
}
