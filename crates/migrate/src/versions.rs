//! The version table, exactly as SeaORM's own migrator keeps it: `version`, `applied_at`, one row per migration.

use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm_migration::sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, Order, Query};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Schema, Statement, Value};
use sea_orm_migration::seaql_migrations::{Column, Entity};

/// The name that SeaORM gives the version table unless a migrator names another.
pub const DEFAULT_TABLE: &str = "seaql_migrations";

/// What is recorded, in the order in which it was applied; empty where the table does not exist. Never creates it.
///
/// The table knows seconds only: what was applied within one second is in the order of the names, which is the order in
/// which migrations with a time stamp in their name are applied.
///
/// # Errors
///
/// Where the database does not answer, or the table is not one of SeaORM's.
pub async fn applied(db: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    if !exists(db, table).await? {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .column(Column::Version)
        .from(Alias::new(table))
        .order_by(Column::AppliedAt, Order::Asc)
        .order_by(Column::Version, Order::Asc)
        .take();
    let rows = db.query_all(&select).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// Whether the table exists in the schema in which SeaORM would create it.
///
/// # Errors
///
/// Where the database does not answer.
pub async fn exists(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
        // Not information_schema: it hides tables that the user has no privilege on, and then CREATE TABLE fails with a
        // message that leads nowhere. `current_schema` because that is where SeaORM creates the table.
        DbBackend::Postgres => {
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'f')"
        }
        DbBackend::MySql => {
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
        }
        other => return Err(unsupported(other)),
    };
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(table)]);
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Creates the table where it does not exist. A user without the privilege to create tables can upgrade with a table
/// that someone else created.
///
/// # Errors
///
/// Where the database refuses.
pub async fn ensure(db: &impl ConnectionTrait, table: &str) -> Result<(), DbErr> {
    if exists(db, table).await? {
        return Ok(());
    }
    let mut create = Schema::new(db.get_database_backend()).create_table_from_entity(Entity);
    create.table(Alias::new(table)).if_not_exists();
    db.execute(&create).await?;
    Ok(())
}

/// Records a migration as applied, now.
///
/// # Errors
///
/// Where it is recorded already, or the database refuses.
pub async fn record(db: &impl ConnectionTrait, table: &str, stem: &str) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(Alias::new(table))
        .columns([Column::Version.into_iden(), Column::AppliedAt.into_iden()])
        .values([Expr::val(stem), Expr::val(seconds_since_epoch())])
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .to_owned();
    db.execute(&insert).await?;
    Ok(())
}

/// Records a migration as not applied. Returns whether it was recorded.
///
/// # Errors
///
/// Where the database refuses.
pub async fn remove(db: &impl ConnectionTrait, table: &str, stem: &str) -> Result<bool, DbErr> {
    let delete =
        Query::delete().from_table(Alias::new(table)).and_where(Expr::col(Column::Version).eq(stem)).to_owned();
    Ok(db.execute(&delete).await?.rows_affected() > 0)
}

pub(crate) fn unsupported(backend: DbBackend) -> DbErr {
    DbErr::BackendNotSupported { db: backend.as_str(), ctx: "autogen-migrate" }
}

fn seconds_since_epoch() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
