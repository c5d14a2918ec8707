//! Why a database could not be opened or read.

/// Why a database could not be opened or read. One variant per situation that a person handles differently.
///
/// No message holds a password, and none has a source: a driver's error may quote the URL, so only its redacted text
/// is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing answers at that address, or not in time.
    #[error(
        "no answer from {product} at {host} (database {database}): {reason}; is the server running, and the host and port right?"
    )]
    Unreachable {
        /// The database's name as its makers write it.
        product: &'static str,
        /// Host and port.
        host: String,
        /// The database asked for.
        database: String,
        /// The driver's reason.
        reason: String,
    },
    /// The server refuses user or password.
    #[error(
        "{product} at {host} refused the user or password for database {database}: {reason}; check the database URL"
    )]
    WrongPassword {
        /// The database's name as its makers write it.
        product: &'static str,
        /// Host and port.
        host: String,
        /// The database asked for.
        database: String,
        /// The server's reason.
        reason: String,
    },
    /// The server has no such database.
    #[error("{product} at {host} has no database {database}; create it, or correct the database URL")]
    UnknownDatabase {
        /// The database's name as its makers write it.
        product: &'static str,
        /// Host and port.
        host: String,
        /// The database asked for.
        database: String,
    },
    /// The URL names no database, and the server needs one.
    #[error("the database URL names no database on {host}; write it after the host, as in mysql://{host}/app")]
    NoDatabase {
        /// Host and port.
        host: String,
    },
    /// There is no such SQLite file.
    #[error("there is no SQLite database {path}; create it by applying migrations, or add ?mode=rwc to the URL")]
    MissingFile {
        /// The file.
        path: String,
    },
    /// The file is not an SQLite database, or is an encrypted one.
    #[error("{path} is not an SQLite database; check the database URL")]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// Another program holds a lock for longer than we wait.
    #[error("{database} is locked by another program ({reason}); end that program's transaction and try again")]
    Locked {
        /// The file or database.
        database: String,
        /// The driver's reason.
        reason: String,
    },
    /// The user may not do what was asked.
    #[error("the database user may not read {query}: {reason}; grant it, or use another user")]
    NotPermitted {
        /// What was being read.
        query: &'static str,
        /// The server's reason.
        reason: String,
    },
    /// A statement took longer than [`crate::ConnectOptions::statement_timeout`] allows.
    #[error(
        "the query for {query} ran into the statement time-out: {reason}; allow more time, or look who holds a lock"
    )]
    TimedOut {
        /// What was being read.
        query: &'static str,
        /// The server's reason.
        reason: String,
    },
    /// A connection could not be made for another reason.
    #[error("no connection to {database}: {reason}")]
    Connect {
        /// Host and database, or file.
        database: String,
        /// The driver's reason.
        reason: String,
    },
    /// A query failed, or its answer is not what it should be.
    #[error("the query for {query} failed: {reason}")]
    Query {
        /// What was being read.
        query: &'static str,
        /// The server's reason.
        reason: String,
    },
    /// A pattern of the scope is not a glob.
    #[error("`{pattern}` is not a pattern for table names: {reason}; write it like audit_* or {{users,roles}}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This database or version cannot be read.
    #[error("{what} cannot be read: {reason}")]
    Unsupported {
        /// Which database or version.
        what: String,
        /// Why, and what to do.
        reason: String,
    },
}
