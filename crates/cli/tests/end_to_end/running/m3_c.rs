//! a table named on the command line
//!
//! Revision: c
//! Revises: b
//! Created: 2026-01-03 00:00:00 UTC

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = autogen_migrate::x_argument("table").unwrap_or_else(|| "c".into());
        manager.get_connection().execute_unprepared(&format!("CREATE TABLE {table} (id INTEGER)")).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = autogen_migrate::x_argument("table").unwrap_or_else(|| "c".into());
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
