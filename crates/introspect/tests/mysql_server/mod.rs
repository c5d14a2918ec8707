//! A MySQL or MariaDB server for tests, and databases that are gone when a test ends.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::env;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use autogen_introspect::{ConnectOptions, Connection, connect};
use autogen_schema::DatabaseUrl;
use sea_orm::ConnectionTrait;

/// Which server a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Mysql,
    Mariadb,
}

impl Server {
    /// The servers there are: MariaDB unless its URL is set to nothing, MySQL where its URL is set.
    pub(crate) fn all() -> Vec<Self> {
        [Self::Mysql, Self::Mariadb].into_iter().filter(|server| server.url().is_some()).collect()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    fn url(self) -> Option<DatabaseUrl> {
        let text = match self {
            Self::Mysql => env::var("AUTOGEN_TEST_MYSQL_URL").ok()?,
            Self::Mariadb => {
                env::var("AUTOGEN_TEST_MARIADB_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned())
            }
        };
        if text.is_empty() {
            return None;
        }
        let url = DatabaseUrl::parse(&text).expect("a database URL");
        url.with_database("")
    }

    /// A connection to no database in particular.
    pub(crate) async fn open(self) -> Connection {
        let url = self.url().expect("the server's URL is set");
        connect(&url, &ConnectOptions::default()).await.expect("the server runs")
    }
}

/// A database of a test's own, with room for another one beside it.
#[derive(Clone)]
pub(crate) struct TestDatabase {
    pub(crate) name: String,
    pub(crate) url: DatabaseUrl,
}

impl TestDatabase {
    /// The name of the database beside it, which a test may make.
    pub(crate) fn other(&self) -> String {
        format!("{}_other", self.name)
    }

    /// A user of this test's own, whom it may make.
    pub(crate) fn user(&self, suffix: &str) -> TestUser {
        let name = format!("u{}{suffix}", self.name.rsplit('_').take(2).collect::<Vec<_>>().concat());
        let host = self.url.host().expect("a server has a host");
        let url = format!("mysql://{name}:pw@{host}/{}", self.name);
        let url = DatabaseUrl::parse(&url).expect("a database URL");
        TestUser { name, url, database: self.name.clone() }
    }

    pub(crate) async fn connect(&self) -> Connection {
        connect(&self.url, &ConnectOptions::default()).await.expect("the database was just made")
    }
}

/// A user who has rights on one test's database.
pub(crate) struct TestUser {
    name: String,
    pub(crate) url: DatabaseUrl,
    database: String,
}

impl TestUser {
    pub(crate) async fn create(&self, admin: &Connection, rights: &str) {
        let Self { name, database, .. } = self;
        let sql =
            format!("CREATE USER '{name}'@'%' IDENTIFIED BY 'pw'; GRANT {rights} ON `{database}`.* TO '{name}'@'%'");
        admin.db().execute_unprepared(&sql).await.expect("a user can be made");
    }

    /// The user as SQL names it.
    pub(crate) fn account(&self) -> String {
        format!("'{}'@'%'", self.name)
    }

    pub(crate) async fn drop(&self, admin: &Connection) {
        admin.db().execute_unprepared(&format!("DROP USER {}", self.account())).await.expect("it was just made");
    }
}

/// Runs `body` with an empty database, which is dropped however it ends.
pub(crate) async fn with_database<F, T>(server: Server, body: impl FnOnce(TestDatabase) -> F) -> T
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("autogen_test_{:x}_{:x}_{count}", std::process::id(), moment & 0xffff_ffff);
    let url = server.url().and_then(|url| url.with_database(&name)).expect("the server's URL is set");
    let database = TestDatabase { name, url };
    let (own, other) = (database.name.clone(), database.other());

    let admin = server.open().await;
    // Both servers share this collation; their own defaults differ.
    let sql = format!("CREATE DATABASE `{own}` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
    admin.db().execute_unprepared(&sql).await.expect("the user may create a database");
    let outcome = tokio::spawn(body(database)).await;
    // Keys of one database may refer to the other.
    let sql = format!("SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS `{other}`; DROP DATABASE `{own}`");
    admin.db().execute_unprepared(&sql).await.expect("the user may drop what it made");
    match outcome {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
