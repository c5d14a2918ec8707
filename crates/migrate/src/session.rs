//! The one connection that migrations run on.
//!
//! It is not the caller's pool: settings of a session that a migration makes hold for its next statement, and a lock
//! that the session holds says how long its last statement lives.

#[cfg(any(feature = "postgres", feature = "mysql"))]
use sea_orm_migration::sea_orm::sqlx;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, DbErr};

use crate::versions;

/// A connection, and whether it was opened here.
pub(crate) struct Session {
    pub(crate) db: DatabaseConnection,
    is_own: bool,
}

impl Session {
    /// Opens a connection as the pool would. On SQLite the caller's connection is used: a database in memory is nowhere
    /// else.
    pub(crate) async fn open(db: &DatabaseConnection) -> Result<Self, DbErr> {
        match db.get_database_backend() {
            #[cfg(feature = "postgres")]
            DbBackend::Postgres => {
                let pool = db.get_postgres_connection_pool();
                let own = alone(pool).connect_with((*pool.connect_options()).clone()).await.map_err(custom)?;
                let db = sea_orm_migration::sea_orm::SqlxPostgresConnector::from_sqlx_postgres_pool(own);
                Ok(Self { db, is_own: true })
            }
            #[cfg(feature = "mysql")]
            DbBackend::MySql => {
                let pool = db.get_mysql_connection_pool();
                let own = alone(pool).connect_with((*pool.connect_options()).clone()).await.map_err(custom)?;
                let db = sea_orm_migration::sea_orm::SqlxMySqlConnector::from_sqlx_mysql_pool(own);
                Ok(Self { db, is_own: true })
            }
            DbBackend::Sqlite => Ok(Self { db: db.clone(), is_own: false }),
            other => Err(versions::unsupported(other)),
        }
    }

    pub(crate) async fn close(self) {
        if self.is_own {
            // Nobody can do anything about a connection that does not want to be closed.
            let _closed = self.db.close().await;
        }
    }
}

/// The pool's own settings, search path included, with one connection that stays.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn alone<DB: sqlx::Database>(pool: &sqlx::Pool<DB>) -> sqlx::pool::PoolOptions<DB> {
    pool.options().clone().min_connections(0).max_connections(1).idle_timeout(None).max_lifetime(None)
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn custom(error: sqlx::Error) -> DbErr {
    DbErr::Custom(format!("could not open a connection to run migrations on: {error}"))
}
