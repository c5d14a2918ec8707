//! The binary of a migration crate, in one file. The tests run it as a process of its own.
//!
//! `SLEEP_IN_MIGRATION` (milliseconds) makes the second migration slow, so that there is time to kill it.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

use std::process::ExitCode;
use std::time::Duration;

use sea_orm_migration::prelude::*;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let create = |name, use_transaction| Box::new(Create { name, use_transaction }) as Box<dyn MigrationTrait>;
        vec![create("m1_a", None), create("m2_b", Some(false)), create("m3_c", None)]
    }
}

/// Creates a table named as it is.
struct Create {
    name: &'static str,
    use_transaction: Option<bool>,
}

impl MigrationName for Create {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Create {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(Table::create().table(self.name).col(ColumnDef::new("id").integer()).to_owned()).await?;
        let pause = std::env::var("SLEEP_IN_MIGRATION").ok().and_then(|text| text.parse().ok());
        if let (Some(pause), "m2_b") = (pause, self.name) {
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(self.name).to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        self.use_transaction
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    autogen_migrate::main(Migrator).await
}
