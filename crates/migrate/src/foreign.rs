//! Histories that are not ours: the table of Alembic, or SeaORM's under another name. Whoever upgrades a database with
//! one of them for the first time probably wants to go on from there, not to create everything again.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::graph::Graph;
use crate::versions;

/// A version table that is not the migrator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherHistory {
    /// Its name.
    pub table: String,
    /// What it records.
    pub versions: Vec<String>,
    /// Whether it is SeaORM's, and records revisions that this program has.
    pub is_sea_orm: bool,
}

/// Looks for a history of another tool or another name.
///
/// # Errors
///
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, own: &str, graph: &Graph<'_>) -> Result<Option<OtherHistory>, DbErr> {
    for table in tables_like_sea_orm(db).await? {
        let versions = versions::applied(db, &table).await?;
        if table != own && versions.iter().any(|version| graph.by_stem(version).is_some()) {
            return Ok(Some(OtherHistory { table, versions, is_sea_orm: true }));
        }
    }
    if versions::exists(db, ALEMBIC).await? {
        let select = Statement::from_string(db.get_database_backend(), "SELECT version_num FROM alembic_version");
        let rows = db.query_all_raw(select).await?;
        let versions: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get("", "version_num")).collect();
        return Ok(Some(OtherHistory { table: ALEMBIC.into(), versions: versions?, is_sea_orm: false }));
    }
    Ok(None)
}

const ALEMBIC: &str = "alembic_version";

/// Tables with exactly the columns of SeaORM's version table.
async fn tables_like_sea_orm(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
             GROUP BY m.name HAVING count(*) = 2 AND sum(c.name IN ('version', 'applied_at')) = 2 ORDER BY 1"
        }
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema() \
             GROUP BY table_name HAVING count(*) = 2 \
             AND count(*) FILTER (WHERE column_name IN ('version', 'applied_at')) = 2 ORDER BY 1"
        }
        DbBackend::MySql => {
            "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.columns WHERE table_schema = DATABASE() \
             GROUP BY table_name HAVING count(*) = 2 AND sum(column_name IN ('version', 'applied_at')) = 2 ORDER BY 1"
        }
        other => return Err(versions::unsupported(other)),
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}
