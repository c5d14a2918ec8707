//! rows are counted by a trigger
//!
//! Revision: a
//! Revises:
//! Created: 2026-01-01 00:00:00 UTC

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("CREATE TABLE a (id INTEGER, seen INTEGER)").await?;
        let routine = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => {
                "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := 1; RETURN NEW; END; $$; \
                 CREATE TRIGGER see BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION see()"
            }
            sea_orm::DbBackend::MySql => {
                "CREATE TRIGGER see BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.seen = 0; SET NEW.seen = NEW.seen + 1; END"
            }
            _ => "CREATE TRIGGER see AFTER INSERT ON a BEGIN UPDATE a SET seen = 0; UPDATE a SET seen = seen + 1; END",
        };
        db.execute_unprepared(routine).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP TABLE a -- and its trigger").await?;
        if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION see()").await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
