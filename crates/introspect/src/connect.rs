//! Opens a database, and says in a person's words why it cannot.

use std::net::IpAddr;
use std::time::Duration;

use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, Executor};
use sea_orm::{
    ConnectOptions as DriverOptions, DatabaseConnection, DbErr, SqlxMySqlConnector, SqlxPostgresConnector,
    SqlxSqliteConnector,
};
use tokio::net::TcpStream;

use crate::explain::{could_not_connect, query_failed, unreachable};
use crate::query::{QueryLog, QueryTime};
use crate::{Error, query};

/// An open database.
#[derive(Debug)]
pub struct Connection {
    db: DatabaseConnection,
    backend: Backend,
    server_version: String,
    url: DatabaseUrl,
    log: QueryLog,
}

impl Connection {
    /// SeaORM's connection.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Which database it is: MySQL and MariaDB are told apart by what the server says, not by the URL.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The server's version, as it says it.
    pub fn server_version(&self) -> &str {
        &self.server_version
    }

    /// The URL it was opened with.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The catalog queries made so far, in order.
    pub fn queries(&self) -> Vec<QueryTime> {
        self.log.entries()
    }

    /// Closes it, and waits until the server has noticed.
    ///
    /// # Errors
    ///
    /// Where the driver cannot close it.
    pub async fn close(self) -> Result<(), Error> {
        let Self { db, url, .. } = self;
        db.close().await.map_err(|error| could_not_connect(&url, &error))
    }

    pub(crate) fn log(&self) -> &QueryLog {
        &self.log
    }

    /// The error of a query that failed on this connection.
    pub(crate) fn query_error(&self, query: &'static str, error: &DbErr) -> Error {
        query_failed(&self.url, query, error)
    }
}

/// How to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectOptions {
    /// How long to wait for the server, or for another program's lock on an SQLite file. Ten seconds by default.
    pub connect_timeout: Duration,
    /// How long one statement may take, where there is a limit. SQLite knows none.
    pub statement_timeout: Option<Duration>,
    /// How many connections may be open at once. One by default, so that session settings stay.
    pub max_connections: u32,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), statement_timeout: None, max_connections: 1 }
    }
}

/// Opens a database and asks for its version. Never creates an SQLite file, unless the URL says `mode=rwc`.
///
/// # Errors
///
/// Where there is no such server, database or file, or it refuses us; the message names host and database.
pub async fn connect(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Connection, Error> {
    let db = open(url, options).await?;
    let mut connection = Connection {
        db,
        backend: url.backend(),
        server_version: String::new(),
        url: url.clone(),
        log: QueryLog::default(),
    };
    connection.server_version = version(&connection).await?;
    connection.backend = actual_backend(url.backend(), &connection.server_version);
    Ok(connection)
}

/// Goes to the driver by the scheme, because SeaORM's own dispatch quotes the whole URL where it does not know one,
/// and does not know `mariadb:`.
async fn open(url: &DatabaseUrl, options: &ConnectOptions) -> Result<DatabaseConnection, Error> {
    let driver = driver_options(url, options);
    let opening = async {
        knock(url).await?;
        let opened = match url.backend() {
            Backend::Sqlite => SqlxSqliteConnector::connect(driver).await,
            Backend::Postgres => SqlxPostgresConnector::connect(driver).await,
            Backend::Mysql | Backend::Mariadb => SqlxMySqlConnector::connect(driver).await,
        };
        opened.map_err(|error| could_not_connect(url, &error))
    };
    // The pool's own time-out covers most of it; a server that accepts and then says nothing needs this one.
    match tokio::time::timeout(options.connect_timeout + Duration::from_secs(1), opening).await {
        Ok(result) => result,
        Err(_) => Err(unreachable(url, format!("no answer within {:?}", options.connect_timeout))),
    }
}

/// Whether the database is on this machine: a file, a socket, or a server at a loopback address. A tunnel to another
/// machine looks the same from here.
pub fn is_local(url: &DatabaseUrl) -> bool {
    match address(url) {
        Some(Address::OnThisMachine) => true,
        Some(Address::Network { host, .. }) => {
            host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

/// Finds out at once whether somebody listens: the pool takes a refused connection for a server that is starting, and
/// would try until the time is over.
async fn knock(url: &DatabaseUrl) -> Result<(), Error> {
    let Some(Address::Network { host, port }) = address(url) else { return Ok(()) };
    TcpStream::connect((host.as_str(), port)).await.map(drop).map_err(|error| unreachable(url, error.to_string()))
}

/// Where a database is.
enum Address {
    /// A file or a socket.
    OnThisMachine,
    /// A server in the network.
    Network { host: String, port: u16 },
}

/// Where the driver will look, which the environment may have a say in (`PGHOST`); `None` where it understands the URL
/// otherwise than we do, and will say so itself.
fn address(url: &DatabaseUrl) -> Option<Address> {
    let network = |host: &str, port| {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Address::Network { host, port }
    };
    match url.backend() {
        Backend::Sqlite => Some(Address::OnThisMachine),
        Backend::Postgres => {
            let options = url.expose().parse::<PgConnectOptions>().ok()?;
            let is_socket = options.get_socket().is_some() || options.get_host().starts_with('/');
            Some(if is_socket { Address::OnThisMachine } else { network(options.get_host(), options.get_port()) })
        }
        Backend::Mysql | Backend::Mariadb => {
            let options = url.expose().parse::<MySqlConnectOptions>().ok()?;
            let is_socket = options.get_socket().is_some();
            Some(if is_socket { Address::OnThisMachine } else { network(options.get_host(), options.get_port()) })
        }
    }
}

fn driver_options(url: &DatabaseUrl, options: &ConnectOptions) -> DriverOptions {
    let mut driver = DriverOptions::new(url.expose());
    driver
        .max_connections(options.max_connections)
        .connect_timeout(options.connect_timeout)
        .acquire_timeout(options.connect_timeout)
        // An in-memory database is gone with its last connection.
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    let wait = options.connect_timeout;
    driver.map_sqlx_sqlite_opts(move |sqlite| sqlite.busy_timeout(wait));
    if let Some(limit) = options.statement_timeout {
        limit_statements(&mut driver, limit);
    }
    driver
}

/// Sets the limit on every connection of the pool, because it belongs to the session.
fn limit_statements(driver: &mut DriverOptions, limit: Duration) {
    driver.statement_timeout(limit);
    let (milliseconds, seconds) = (limit.as_millis(), limit.as_secs_f64());
    driver.map_sqlx_mysql_pool_opts(move |pool| {
        pool.after_connect(move |session, _| {
            // Each of the two servers reads one of the comments: MariaDB skips MySQL's 5.7 numbers, MySQL skips `M!`.
            let sql = format!(
                "SET SESSION /*!50708 max_execution_time = {milliseconds} */ /*M!100101 max_statement_time = {seconds} */"
            );
            Box::pin(async move { session.execute(sqlx::AssertSqlSafe(sql)).await.map(drop) })
        })
    });
}

async fn version(connection: &Connection) -> Result<String, Error> {
    let sql = match connection.backend {
        Backend::Sqlite => "SELECT sqlite_version() AS version, (SELECT count(*) FROM sqlite_schema) AS entries",
        Backend::Postgres => "SELECT current_setting('server_version') AS version",
        Backend::Mysql | Backend::Mariadb => "SELECT VERSION() AS version",
    };
    let rows = query::rows(connection, &connection.db, "the version", sql, []).await?;
    match rows.first() {
        Some(row) => row.get("version"),
        None => Err(Error::Query { query: "the version", reason: "no row came back".to_owned() }),
    }
}

/// MariaDB says so in its version, whatever the URL says.
fn actual_backend(by_url: Backend, version: &str) -> Backend {
    match by_url {
        Backend::Sqlite | Backend::Postgres => by_url,
        Backend::Mysql | Backend::Mariadb => {
            if version.to_ascii_lowercase().contains("mariadb") {
                Backend::Mariadb
            } else {
                Backend::Mysql
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        let is_local = |text: &str| is_local(&DatabaseUrl::parse(text).expect("a database URL"));
        for text in [
            "sqlite://app.db",
            "postgres://ann@localhost/d",
            "postgres://ann@127.0.0.1:5433/d",
            "postgres://ann@[::1]/d",
            "postgres://ann@%2Fvar%2Frun%2Fpostgresql/d",
            "mysql://ann@127.0.0.2/d",
            "mysql://ann@db.example/d?socket=/run/mysqld/mysqld.sock",
        ] {
            assert!(is_local(text), "{text}");
        }
        for text in [
            "postgres://ann@db.example/d",
            "postgres://ann@10.0.0.1/d",
            "mysql://ann@192.168.0.7/d",
            "postgres://ann@localhost.example/d",
        ] {
            assert!(!is_local(text), "{text}");
        }
    }
}
