//! panics when told to
//!
//! Revision: e
//! Revises: d
//! Created: 2026-01-05 00:00:00 UTC

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.execute(Query::insert().into_table("b1").columns(["id"]).values_panic([1.into()]).to_owned()).await?;
        assert!(autogen_migrate::x_argument("panic").is_none(), "as it was told");
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM b1").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
