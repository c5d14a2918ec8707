//! Opens a database, and says in a person's words why it cannot.

use std::time::Duration;

use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::sqlx;
use sea_orm::{
    ConnectOptions as DriverOptions, DatabaseConnection, DbErr, RuntimeErr, SqlxMySqlConnector, SqlxPostgresConnector,
    SqlxSqliteConnector,
};

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
        db.close().await.map_err(|error| explain(&url, &error))
    }

    pub(crate) fn log(&self) -> &QueryLog {
        &self.log
    }

    /// The error of a query that failed on this connection.
    pub(crate) fn query_error(&self, query: &'static str, error: &DbErr) -> Error {
        let reason = reason(&self.url, error);
        match situation(error) {
            Situation::Locked => Error::Locked { database: place(&self.url), reason },
            Situation::NotADatabase => Error::NotADatabase { path: place(&self.url) },
            Situation::NotPermitted => Error::NotPermitted { query, reason },
            Situation::Unreachable
            | Situation::WrongPassword
            | Situation::UnknownDatabase
            | Situation::CannotOpen
            | Situation::Other => Error::Query { query, reason },
        }
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
        match url.backend() {
            Backend::Sqlite => SqlxSqliteConnector::connect(driver).await,
            Backend::Postgres => SqlxPostgresConnector::connect(driver).await,
            Backend::Mysql | Backend::Mariadb => SqlxMySqlConnector::connect(driver).await,
        }
    };
    // The pool's own time-out covers most of it; a server that accepts and then says nothing needs this one.
    match tokio::time::timeout(options.connect_timeout + Duration::from_secs(1), opening).await {
        Ok(result) => result.map_err(|error| explain(url, &error)),
        Err(_) => Err(unreachable(url, format!("no answer within {:?}", options.connect_timeout))),
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
            Box::pin(async move { sqlx::Executor::execute(session, sqlx::AssertSqlSafe(sql)).await.map(|_| ()) })
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

/// What a driver's error means to a person.
enum Situation {
    Unreachable,
    WrongPassword,
    UnknownDatabase,
    CannotOpen,
    NotADatabase,
    Locked,
    NotPermitted,
    Other,
}

fn situation(error: &DbErr) -> Situation {
    match error {
        DbErr::ConnectionAcquire(_) => Situation::Unreachable,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => match &**error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Situation::Unreachable,
            sqlx::Error::Database(error) => by_code(&**error),
            _ => Situation::Other,
        },
        _ => Situation::Other,
    }
}

/// Codes: <https://www.sqlite.org/rescode.html>, <https://www.postgresql.org/docs/current/errcodes-appendix.html>,
/// <https://dev.mysql.com/doc/mysql-errors/9.0/en/server-error-reference.html>.
fn by_code(error: &dyn sqlx::error::DatabaseError) -> Situation {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sea_orm::SqlxSqliteError>().is_some() {
        // The low byte is the primary code, the rest refines it.
        return match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => Situation::Locked,
            Ok(14) => Situation::CannotOpen,
            Ok(26) => Situation::NotADatabase,
            _ => Situation::Other,
        };
    }
    if let Some(error) = error.try_downcast_ref::<sea_orm::SqlxMySqlError>() {
        return match error.number() {
            1045 | 1698 => Situation::WrongPassword,
            1049 => Situation::UnknownDatabase,
            1044 | 1142 | 1227 => Situation::NotPermitted,
            1205 => Situation::Locked,
            _ => Situation::Other,
        };
    }
    match code.as_ref() {
        "28000" | "28P01" => Situation::WrongPassword,
        "3D000" => Situation::UnknownDatabase,
        "42501" => Situation::NotPermitted,
        "55P03" => Situation::Locked,
        "57P03" => Situation::Unreachable,
        _ => Situation::Other,
    }
}

/// The error of a connection that could not be opened.
fn explain(url: &DatabaseUrl, error: &DbErr) -> Error {
    let reason = reason(url, error);
    let (product, host, database) = (url.backend().product(), host(url), database(url));
    match situation(error) {
        Situation::Unreachable => unreachable(url, reason),
        Situation::WrongPassword => Error::WrongPassword { product, host, database, reason },
        Situation::UnknownDatabase => Error::UnknownDatabase { product, host, database },
        Situation::CannotOpen => cannot_open(url, reason),
        Situation::NotADatabase => Error::NotADatabase { path: place(url) },
        Situation::Locked => Error::Locked { database: place(url), reason },
        Situation::NotPermitted | Situation::Other => Error::Connect { database: place(url), reason },
    }
}

fn unreachable(url: &DatabaseUrl, reason: String) -> Error {
    let (product, host, database) = (url.backend().product(), host(url), database(url));
    Error::Unreachable { product, host, database, reason }
}

/// SQLite says "unable to open database file" both where there is none and where it may not be read.
fn cannot_open(url: &DatabaseUrl, reason: String) -> Error {
    let path = place(url);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Error::MissingFile { path },
        Ok(found) if found.is_dir() => Error::NotADatabase { path },
        Ok(_) | Err(_) => Error::Connect { database: path, reason },
    }
}

/// The driver's message in one line, without SeaORM's own words around it and without a password.
fn reason(url: &DatabaseUrl, error: &DbErr) -> String {
    let text = match error {
        DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error) => match error {
            RuntimeErr::SqlxError(error) => match &**error {
                sqlx::Error::Database(error) => error.message().to_owned(),
                sqlx::Error::Io(error) => error.to_string(),
                sqlx::Error::PoolTimedOut => "no answer in time".to_owned(),
                other => other.to_string(),
            },
            other => other.to_string(),
        },
        DbErr::ConnectionAcquire(error) => error.to_string(),
        other => other.to_string(),
    };
    url.redact(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn host(url: &DatabaseUrl) -> String {
    url.host().unwrap_or_else(|| "the local socket".to_owned())
}

fn database(url: &DatabaseUrl) -> String {
    url.database().unwrap_or_else(|| "(none named)".to_owned())
}

/// The file, or `database on host`.
fn place(url: &DatabaseUrl) -> String {
    match url.backend() {
        Backend::Sqlite => database(url),
        Backend::Postgres | Backend::Mysql | Backend::Mariadb => format!("{} on {}", database(url), host(url)),
    }
}
