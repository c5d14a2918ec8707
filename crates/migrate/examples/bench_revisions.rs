//! `cargo xtask bench revisions`: how long it takes to read the history of a project, and where a database is in it.
#![expect(clippy::print_stdout, reason = "its figures are its result")]

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use autogen_migrate::header::Header;
use autogen_migrate::{connect, source, versions};
use autogen_schema::DatabaseUrl;

/// The numbers of revisions to measure come as arguments.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes: Vec<usize> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes.push(1000);
    }
    println!("{:>9}  {:>8}  {:>8}  {:>8}", "revisions", "heads", "history", "current");
    for size in sizes {
        let folder = tempfile::tempdir()?;
        write_project(folder.path(), size)?;
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display());
        let url = DatabaseUrl::parse(&url)?;
        let db = connect(&url, None).await?;
        versions::ensure(&db, versions::DEFAULT_TABLE).await?;
        for number in 0..size {
            versions::record(&db, versions::DEFAULT_TABLE, &stem(number)).await?;
        }
        db.close().await?;

        let start = Instant::now();
        let heads = source::read(folder.path())?.heads().len();
        let for_heads = start.elapsed();

        let start = Instant::now();
        let project = source::read(folder.path())?;
        let lines: usize = project.revisions.iter().rev().map(|revision| format!("{revision:?}").len()).sum();
        let for_history = start.elapsed();

        let start = Instant::now();
        let project = source::read(folder.path())?;
        let db = connect(&url, None).await?;
        let recorded = versions::applied(&db, &project.version_table).await?;
        let current = project.graph().current(&recorded).len();
        let for_current = start.elapsed();
        assert!(heads == 1 && current == 1 && lines > 0);

        println!(
            "{size:>9}  {:>5} ms  {:>5} ms  {:>5} ms",
            for_heads.as_millis(),
            for_history.as_millis(),
            for_current.as_millis()
        );
    }
    Ok(())
}

fn stem(number: usize) -> String {
    format!("m20260101_{number:06}_change")
}

/// A migration crate with generated revisions of the usual length; every other one says its name, as the files of
/// sea-orm-cli do.
fn write_project(folder: &std::path::Path, size: usize) -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir(folder.join("src"))?;
    let (mut mods, mut list) = (String::new(), String::new());
    for number in 0..size {
        let stem = stem(number);
        writeln!(mods, "mod {stem};")?;
        writeln!(list, "            Box::new({stem}::Migration),")?;
        let header = Header {
            id: format!("{number:012x}"),
            revises: number.checked_sub(1).map(|parent| format!("{parent:012x}")).into_iter().collect(),
            created: "2026-01-01 00:00:00 UTC".into(),
            message: format!("change {number}"),
            proof: "none".into(),
            ..Header::default()
        };
        let body = "        manager.get_connection().execute_unprepared(\"SELECT 1\").await?;\n".repeat(40);
        let name = match number % 2 {
            0 => "#[derive(DeriveMigrationName)]\npub struct Migration;\n".to_owned(),
            _ => format!(
                "pub struct Migration;\n\nimpl MigrationName for Migration {{\n    fn name(&self) -> &str {{\n        \"{stem}\"\n    }}\n}}\n"
            ),
        };
        let file = format!(
            "{}\nuse sea_orm_migration::prelude::*;\n\n{name}\n#[async_trait::async_trait]\nimpl MigrationTrait for Migration {{\n    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{\n{body}        Ok(())\n    }}\n}}\n",
            header.render()
        );
        fs::write(folder.join("src").join(format!("{stem}.rs")), file)?;
    }
    let lib = format!(
        "pub use sea_orm_migration::prelude::*;\n\n{mods}\npub struct Migrator;\n\n#[async_trait::async_trait]\nimpl MigratorTrait for Migrator {{\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![\n{list}        ]\n    }}\n}}\n"
    );
    fs::write(folder.join("src/lib.rs"), lib)?;
    Ok(())
}
