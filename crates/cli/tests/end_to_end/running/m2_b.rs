//! two tables
//!
//! Revision: b
//! Revises: a
//! Created: 2026-01-02 00:00:00 UTC
//! Proof: up and down

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("CREATE TABLE b1 (id INTEGER)").await?;
        manager.get_connection().execute_unprepared("CREATE TABLE b2 (id INTEGER)").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE b2").await?;
        manager.get_connection().execute_unprepared("DROP TABLE b1").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
