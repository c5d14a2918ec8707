//! MySQL and MariaDB: a named lock of the session, on a connection of its own.
//!
//! Such names are of the whole server, so the database is part of the name.

use std::fmt::Write;

use sea_orm_migration::sea_orm::DatabaseConnection;
use sea_orm_migration::sea_orm::sqlx::mysql::MySqlConnection;
use sea_orm_migration::sea_orm::sqlx::{self, Connection, Row};
use sha2::{Digest, Sha256};

use super::{LockError, Patience};

#[derive(Debug)]
pub(super) struct Session {
    connection: MySqlConnection,
    name: String,
}

pub(super) async fn acquire(db: &DatabaseConnection, table: &str, patience: Patience) -> Result<Session, LockError> {
    let options = (*db.get_mysql_connection_pool().connect_options()).clone();
    let mut connection = MySqlConnection::connect_with(&options).await.map_err(refused)?;
    keep(&mut connection).await?;
    let name = lock_name(&database(&mut connection).await?, table);
    take(&mut connection, &name, patience).await?;
    Ok(Session { connection, name })
}

/// Makes the session that works hold a lock of its own. Returns the number of its connection.
pub(super) async fn occupy(session: &DatabaseConnection, table: &str, patience: Patience) -> Result<i64, LockError> {
    let mut connection = session.get_mysql_connection_pool().acquire().await.map_err(refused)?;
    keep(&mut connection).await?;
    let name = lock_name(&database(&mut connection).await?, &format!("{table}:work"));
    take(&mut connection, &name, patience).await?;
    sqlx::query_scalar("SELECT CAST(CONNECTION_ID() AS SIGNED)").fetch_one(&mut *connection).await.map_err(refused)
}

/// The connection idles while a long migration runs elsewhere. This is the longest time that all servers take.
async fn keep(connection: &mut MySqlConnection) -> Result<(), LockError> {
    let keep = sqlx::query("SET SESSION wait_timeout = 2147483");
    keep.execute(connection).await.map(|_| ()).map_err(refused)
}

async fn database(connection: &mut MySqlConnection) -> Result<String, LockError> {
    let name: Option<String> = sqlx::query_scalar("SELECT DATABASE()").fetch_one(connection).await.map_err(refused)?;
    Ok(name.unwrap_or_default())
}

async fn take(connection: &mut MySqlConnection, name: &str, patience: Patience) -> Result<(), LockError> {
    loop {
        // GET_LOCK itself could wait, but then the process could not be interrupted while it does.
        let taken: Option<i64> = sqlx::query_scalar("SELECT CAST(GET_LOCK(?, 0) AS SIGNED)")
            .bind(name)
            .fetch_one(&mut *connection)
            .await
            .map_err(refused)?;
        if taken == Some(1) {
            return Ok(());
        }
        if !patience.wait().await {
            return Err(patience.over(holder(connection, name).await));
        }
    }
}

impl Session {
    pub(super) async fn confirm(&mut self) -> Result<(), LockError> {
        let sql = "SELECT CAST(COALESCE(IS_USED_LOCK(?) = CONNECTION_ID(), 0) AS SIGNED)";
        let held: i64 = sqlx::query_scalar(sql)
            .bind(&self.name)
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| LockError::Lost(error.to_string()))?;
        if held == 1 { Ok(()) } else { Err(LockError::Lost("the server gave it to another session".into())) }
    }

    pub(super) async fn cancel(&mut self, worker: i64) {
        let kill = sqlx::query(sqlx::AssertSqlSafe(format!("KILL QUERY {worker}")));
        // Where it cannot be asked to stop, it is waited for.
        let _asked = kill.execute(&mut self.connection).await;
    }

    pub(super) async fn release(mut self) {
        // Either of the two suffices, and after both there is nobody to tell of a failure.
        let unlock = sqlx::query("DO RELEASE_LOCK(?)").bind(&self.name);
        let _unlocked = unlock.execute(&mut self.connection).await;
        let _closed = self.connection.close().await;
    }
}

/// At most 64 characters, which is the server's limit. Names are compared without regard to case there, so databases
/// that differ in case only share a lock; that is safe.
fn lock_name(database: &str, table: &str) -> String {
    let name = format!("autogen:{database}.{table}");
    if name.chars().count() <= 64 {
        return name;
    }
    let hash = Sha256::digest(name.as_bytes());
    let mut short: String = name.chars().take(43).collect();
    short.push(':');
    for byte in hash.iter().take(10) {
        // Writing into a String cannot fail.
        let _written = write!(short, "{byte:02x}");
    }
    short
}

async fn holder(connection: &mut MySqlConnection, name: &str) -> Option<String> {
    let id: u64 = sqlx::query_scalar("SELECT CAST(IS_USED_LOCK(?) AS UNSIGNED)")
        .bind(name)
        .fetch_one(&mut *connection)
        .await
        .ok()?;
    let sql = "SELECT CAST(user AS CHAR) AS user, CAST(host AS CHAR) AS host FROM information_schema.processlist WHERE id = ?";
    let row = sqlx::query(sql).bind(id).fetch_optional(connection).await.ok().flatten();
    let text = |name: &str| row.as_ref().and_then(|row| row.try_get::<String, _>(name).ok());
    Some(match (text("user"), text("host")) {
        (Some(user), Some(host)) => format!("connection {id}, {user} from {host}"),
        _ => format!("connection {id}"),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn refused(error: sqlx::Error) -> LockError {
    LockError::Refused(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::lock_name;

    #[test]
    fn a_name_is_short_and_still_its_own() {
        assert_eq!(lock_name("app", "seaql_migrations"), "autogen:app.seaql_migrations");
        let long = lock_name(&"d".repeat(64), "seaql_migrations");
        let other = lock_name(&"d".repeat(64), "other_migrations");
        assert_eq!((long.chars().count(), other.chars().count()), (64, 64));
        assert_ne!(long, other);
    }
}
