//! PostgreSQL: an advisory lock of the session, on a connection of its own.
//!
//! It is polled. A session that waits inside a statement holds a snapshot, and `CREATE INDEX CONCURRENTLY` in the
//! process that has the lock would wait for that snapshot for ever.

use sea_orm_migration::sea_orm::DatabaseConnection;
use sea_orm_migration::sea_orm::sqlx::postgres::{PgConnection, PgRow};
use sea_orm_migration::sea_orm::sqlx::{self, Connection, Row};

use super::{LockError, Patience};

#[derive(Debug)]
pub(super) struct Session {
    connection: PgConnection,
    key: i64,
}

pub(super) async fn acquire(db: &DatabaseConnection, table: &str, patience: Patience) -> Result<Session, LockError> {
    let pool = db.get_postgres_connection_pool();
    let name = lock_name(db, table).await?;
    let options = (*pool.connect_options()).clone().application_name("autogen migration lock");
    let mut connection = PgConnection::connect_with(&options).await.map_err(refused)?;
    keep_idle_session(&mut connection).await?;
    let key = take(&mut connection, &name, patience).await?;
    let mut session = Session { connection, key };
    session.refuse_pooler().await?;
    Ok(session)
}

/// Makes the session that works hold a lock of its own. Returns the number of its server process.
pub(super) async fn occupy(session: &DatabaseConnection, table: &str, patience: Patience) -> Result<i64, LockError> {
    let name = format!("{}:work", lock_name(session, table).await?);
    let mut connection = session.get_postgres_connection_pool().acquire().await.map_err(refused)?;
    take(&mut connection, &name, patience).await?;
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *connection).await.map_err(refused)?;
    Ok(pid.into())
}

/// The schema is asked on the pool, whose connections have the search path that the migrations run with.
async fn lock_name(db: &DatabaseConnection, table: &str) -> Result<String, LockError> {
    let schema: Option<String> = sqlx::query_scalar("SELECT current_schema()::text")
        .fetch_one(db.get_postgres_connection_pool())
        .await
        .map_err(refused)?;
    Ok(format!("autogen:{}.{table}", schema.unwrap_or_default()))
}

async fn take(connection: &mut PgConnection, name: &str, patience: Patience) -> Result<i64, LockError> {
    let key = sqlx::query_scalar("SELECT hashtextextended($1, 0)")
        .bind(name)
        .fetch_one(&mut *connection)
        .await
        .map_err(refused)?;
    loop {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(key)
            .fetch_one(&mut *connection)
            .await
            .map_err(refused)?;
        if taken {
            return Ok(key);
        }
        if !patience.wait().await {
            return Err(patience.over(holder(connection, key).await));
        }
    }
}

impl Session {
    pub(super) async fn confirm(&mut self) -> Result<(), LockError> {
        match is_held(&mut self.connection, self.key).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(LockError::Lost("the session that held it is not the same any more".into())),
            Err(error) => Err(LockError::Lost(error.to_string())),
        }
    }

    pub(super) async fn cancel(&mut self, worker: i64) {
        let cancel = sqlx::query("SELECT pg_cancel_backend($1::int)").bind(worker);
        // Where it cannot be asked to stop, it is waited for.
        let _asked = cancel.execute(&mut self.connection).await;
    }

    pub(super) async fn release(mut self) {
        // Either of the two suffices, and after both there is nobody to tell of a failure.
        let unlock = sqlx::query("SELECT pg_advisory_unlock($1)").bind(self.key);
        let _unlocked = unlock.execute(&mut self.connection).await;
        let _closed = self.connection.close().await;
    }

    /// Behind a pooler in transaction mode the next statement may run in another session, and the lock protects
    /// nothing.
    async fn refuse_pooler(&mut self) -> Result<(), LockError> {
        match is_held(&mut self.connection, self.key).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(LockError::Refused(
                "the connection goes through a pooler in transaction mode; give the direct URL of the database".into(),
            )),
            Err(error) => Err(refused(error)),
        }
    }
}

/// The lock connection idles while a long migration runs elsewhere. The setting exists from PostgreSQL 14 on.
async fn keep_idle_session(connection: &mut PgConnection) -> Result<(), LockError> {
    let sql = "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = 'idle_session_timeout'";
    sqlx::query(sql).execute(connection).await.map(|_| ()).map_err(refused)
}

const HELD: &str = "SELECT l.pid, l.pid = pg_backend_pid() AS is_own FROM pg_catalog.pg_locks l \
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
    AND (l.classid::bigint << 32) | l.objid::bigint = $1";

async fn is_held(connection: &mut PgConnection, key: i64) -> Result<bool, sqlx::Error> {
    let rows: Vec<PgRow> = sqlx::query(HELD).bind(key).fetch_all(connection).await?;
    rows.iter().try_fold(false, |held, row| Ok(held || row.try_get("is_own")?))
}

/// Who holds it. A user without the right to see others' sessions learns the process id only.
async fn holder(connection: &mut PgConnection, key: i64) -> Option<String> {
    let sql = format!(
        "SELECT h.pid, a.usename::text AS role, host(a.client_addr) AS address, a.backend_start::text AS since \
         FROM ({HELD}) h LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(key).fetch_optional(connection).await.ok()??;
    let pid: i32 = row.try_get("pid").ok()?;
    let text = |name: &str| row.try_get::<Option<String>, _>(name).ok().flatten();
    let mut holder = format!("server process {pid}");
    for (before, value) in [(", user ", text("role")), (" from ", text("address")), (", since ", text("since"))] {
        if let Some(value) = value {
            holder.push_str(before);
            holder.push_str(&value);
        }
    }
    Some(holder)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn refused(error: sqlx::Error) -> LockError {
    LockError::Refused(error.to_string())
}
