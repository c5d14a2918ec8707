//! takes its time
//!
//! Revision: d
//! Revises: c
//! Created: 2026-01-04 00:00:00 UTC

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        manager.create_table(Table::create().table("d").col(ColumnDef::new("id").integer()).to_owned()).await?;
        if std::env::var_os("PAUSE").is_some() {
            match manager.get_database_backend() {
                sea_orm::DbBackend::Postgres => drop(db.execute_unprepared("SELECT pg_sleep(60)").await?),
                // Alone, SLEEP ends well where it is interrupted.
                sea_orm::DbBackend::MySql => drop(
                    db.execute_unprepared("SELECT 1 FROM information_schema.schemata WHERE SLEEP(60)").await?,
                ),
                _ => tokio::time::sleep(std::time::Duration::from_secs(60)).await,
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE d").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
