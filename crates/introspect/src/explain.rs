//! What a driver's error means to a person, without the password that it may quote.

use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::Error;

/// The error of a connection that could not be opened.
pub(crate) fn could_not_connect(url: &DatabaseUrl, error: &DbErr) -> Error {
    let reason = reason(url, error);
    let (product, host, database) = (url.backend().product(), host(url), database(url));
    match situation(error) {
        Situation::Unreachable => unreachable(url, reason),
        Situation::WrongPassword => Error::WrongPassword { product, host, database, reason },
        Situation::UnknownDatabase => Error::UnknownDatabase { product, host, database },
        Situation::CannotOpen => cannot_open(url, reason),
        Situation::NotADatabase => Error::NotADatabase { path: place(url) },
        Situation::Locked => Error::Locked { database: place(url), reason },
        Situation::NotPermitted | Situation::TimedOut | Situation::Other => {
            Error::Connect { database: place(url), reason }
        }
    }
}

/// The error for a server that gives no answer.
pub(crate) fn unreachable(url: &DatabaseUrl, reason: String) -> Error {
    let (product, host, database) = (url.backend().product(), host(url), database(url));
    Error::Unreachable { product, host, database, reason }
}

/// The error of a query that failed on an open connection.
pub(crate) fn query_failed(url: &DatabaseUrl, query: &'static str, error: &DbErr) -> Error {
    let reason = reason(url, error);
    match situation(error) {
        Situation::Locked => Error::Locked { database: place(url), reason },
        Situation::NotADatabase => Error::NotADatabase { path: place(url) },
        Situation::NotPermitted => Error::NotPermitted { query, reason },
        Situation::TimedOut => Error::TimedOut { query, reason },
        Situation::Unreachable
        | Situation::WrongPassword
        | Situation::UnknownDatabase
        | Situation::CannotOpen
        | Situation::Other => Error::Query { query, reason },
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
    TimedOut,
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
            // MariaDB's number and MySQL's.
            1969 | 3024 => Situation::TimedOut,
            _ => Situation::Other,
        };
    }
    match code.as_ref() {
        "28000" | "28P01" => Situation::WrongPassword,
        "3D000" => Situation::UnknownDatabase,
        "42501" => Situation::NotPermitted,
        "55P03" => Situation::Locked,
        // Another's request to cancel has the same code.
        "57014" if error.message().contains("timeout") => Situation::TimedOut,
        "57P03" => Situation::Unreachable,
        _ => Situation::Other,
    }
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
