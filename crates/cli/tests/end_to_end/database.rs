//! A database for one test, of its own name, dropped afterwards.

use std::collections::hash_map::RandomState;
use std::env;
use std::hash::BuildHasher;

use autogen_schema::DatabaseUrl;
use sea_orm::{ConnectionTrait, Database as Driver, DatabaseConnection};

/// The databases that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Sqlite,
    Postgres,
    Mariadb,
    Mysql,
}

/// A database that nobody else uses. Dropping it drops the database.
pub(crate) struct TestDatabase {
    pub(crate) server: Server,
    pub(crate) url: String,
    name: String,
    // SQLite's file lies in it.
    _folder: tempfile::TempDir,
}

impl Server {
    /// Where the server is: as the environment says, else at its usual port. `None` where the environment says that
    /// there is none, and for MySQL, which is rarely there, where it says nothing.
    fn url(self) -> Option<String> {
        let (variable, usual) = match self {
            Self::Sqlite => return Some("sqlite:".into()),
            Self::Postgres => ("AUTOGEN_TEST_POSTGRES_URL", Some("postgres://postgres@127.0.0.1:5432/postgres")),
            Self::Mariadb => ("AUTOGEN_TEST_MARIADB_URL", Some("mysql://root@127.0.0.1:3306")),
            Self::Mysql => ("AUTOGEN_TEST_MYSQL_URL", None),
        };
        match env::var(variable) {
            Ok(url) => (!url.is_empty()).then_some(url),
            Err(_) => usual.map(str::to_owned),
        }
    }
}

impl TestDatabase {
    /// A new, empty database; `None` where there is no such server to test on.
    pub(crate) fn create(server: Server) -> Option<Self> {
        let base = server.url()?;
        let folder = tempfile::tempdir().unwrap();
        let name = format!("autogen_test_{:016x}", RandomState::new().hash_one(0));
        let url = match server {
            Server::Sqlite => format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()),
            Server::Postgres | Server::Mariadb | Server::Mysql => {
                block_on(async { connect(&base).await.execute_unprepared(&format!("CREATE DATABASE {name}")).await })
                    .unwrap();
                let base = DatabaseUrl::parse(&base).expect("the environment holds a database URL");
                base.with_database(&name).expect("a server has databases").expose().to_owned()
            }
        };
        Some(Self { server, url, name, _folder: folder })
    }
}

impl TestDatabase {
    /// Runs one statement.
    pub(crate) fn execute(&self, statement: &str) {
        block_on(async {
            let connection = connect(&self.url).await;
            connection.execute_unprepared(statement).await.unwrap();
            connection.close().await.unwrap();
        });
    }
}

impl TestDatabase {
    /// A user who may only read this database (MySQL, MariaDB): the name in SQL, and the database's URL.
    pub(crate) fn reader(&self) -> (String, String) {
        let name = format!("reader_{}", &self.name[self.name.len() - 12..]);
        let account = format!("'{name}'@'%'");
        self.execute(&format!("CREATE USER {account} IDENTIFIED BY 'pw'"));
        self.execute(&format!("GRANT SELECT ON {}.* TO {account}", self.name));
        let (_, place) = self.url.split_once('@').expect("a server's URL names a user");
        (account, format!("mysql://{name}:pw@{place}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop = match self.server {
            Server::Sqlite => return,
            Server::Postgres => format!("DROP DATABASE {} WITH (FORCE)", self.name),
            Server::Mariadb | Server::Mysql => format!("DROP DATABASE {}", self.name),
        };
        let base = self.server.url().expect("the database was created on this server");
        block_on(async { connect(&base).await.execute_unprepared(&drop).await }).unwrap();
    }
}

pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    Driver::connect(url).await.unwrap()
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
