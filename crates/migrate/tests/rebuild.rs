//! SQLite files that ask for no transaction: what a table rebuild needs, and what it must not lose.
#![cfg(feature = "sqlite")]
#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

use std::sync::atomic::{AtomicBool, Ordering};

use autogen_migrate::{RunError, Runner, versions};
use expect_test::expect;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait,
};

/// Statements as text, as one migration.
struct Sql {
    name: &'static str,
    statements: &'static [&'static str],
}

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in self.statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const TABLES: Sql = Sql {
    name: "m1_tables",
    statements: &[
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE)",
        "INSERT INTO parent VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO child VALUES (10, 1), (20, 2)",
    ],
};

/// A rebuild of `parent` in the way in which generated files do it.
struct Rebuild {
    copy: &'static str,
}

impl MigrationName for Rebuild {
    fn name(&self) -> &str {
        "m2_rebuild"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Rebuild {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
        let transaction = manager.begin().await?;
        let inside = transaction.get_connection();
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_keys");
        let row = inside.query_one_raw(statement).await?.ok_or(DbErr::Custom("no answer".into()))?;
        if row.try_get_by_index::<i64>(0)? != 0 {
            return Err(DbErr::Custom("foreign keys are on".into()));
        }
        for statement in [
            "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            self.copy,
            "DROP TABLE parent",
            "ALTER TABLE parent_new RENAME TO parent",
        ] {
            inside.execute_unprepared(statement).await?;
        }
        transaction.commit().await?;
        db.execute_unprepared("PRAGMA foreign_keys = ON").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

struct Good;

impl MigratorTrait for Good {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(TABLES), Box::new(Rebuild { copy: "INSERT INTO parent_new SELECT id, name FROM parent" })]
    }
}

/// Loses the row that a child refers to.
struct Losing;

impl MigratorTrait for Losing {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let copy = "INSERT INTO parent_new SELECT id, name FROM parent WHERE id = 1";
        vec![Box::new(TABLES), Box::new(Rebuild { copy })]
    }
}

async fn open(url: &str, connections: u32) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(connections).sqlx_logging(false);
    Database::connect(options).await.expect("a database")
}

async fn rows(db: &DatabaseConnection, sql: &str) -> String {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index::<i64>(0).expect("a number").to_string()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_rebuild_keeps_the_rows_that_refer_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display());
    // With several connections a pragma on the pool would reach any of them; in memory there is only this process.
    for (url, connections) in [(file.as_str(), 5), ("sqlite::memory:", 1)] {
        let db = open(url, connections).await;
        let done = Runner::new(&db).upgrade::<Good>(&"head".into()).await.expect("applied");
        assert_eq!(done, ["m1_tables", "m2_rebuild"]);
        assert_eq!(rows(&db, "SELECT id FROM child ORDER BY id").await, "10 20", "{url}");
        assert_eq!(rows(&db, "SELECT \"notnull\" FROM pragma_table_info('parent') WHERE name = 'name'").await, "1");
        assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("a table"), ["m1_tables", "m2_rebuild"]);
        for _ in 0..connections {
            assert_eq!(rows(&db, "PRAGMA foreign_keys").await, "1", "{url}");
        }
    }
}

#[tokio::test]
async fn a_rebuild_that_loses_a_parent_is_rolled_back_with_its_version_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(&format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display()), 1).await;
    let error = Runner::new(&db).upgrade::<Losing>(&"head".into()).await.expect_err("a row is lost");
    expect!["could not apply m2_rebuild: Custom Error: rows would refer to rows that do not exist: child row 20 → parent; correct them first; it was rolled back: nothing of it is left, earlier migrations stay"]
        .assert_eq(&error.to_string());
    assert_eq!(rows(&db, "SELECT id FROM parent ORDER BY id").await, "1 2");
    assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("a table"), ["m1_tables"]);
}

#[tokio::test]
async fn what_was_broken_before_does_not_stop_a_rebuild() {
    let db = open("sqlite::memory:", 1).await;
    Runner::new(&db).upgrade::<Good>(&"m1".into()).await.expect("applied");
    for statement in ["PRAGMA foreign_keys = OFF", "INSERT INTO child VALUES (30, 3)", "PRAGMA foreign_keys = ON"] {
        db.execute_unprepared(statement).await.expect(statement);
    }
    Runner::new(&db).upgrade::<Good>(&"head".into()).await.expect("applied");
    assert_eq!(rows(&db, "SELECT id FROM child ORDER BY id").await, "10 20 30");
}

#[tokio::test]
async fn a_key_that_leads_to_no_unique_column_does_not_stop_a_rebuild() {
    let db = open("sqlite::memory:", 1).await;
    Runner::new(&db).upgrade::<Good>(&"m1".into()).await.expect("applied");
    db.execute_unprepared("CREATE TABLE odd (name TEXT REFERENCES parent (name))").await.expect("SQLite allows it");
    Runner::new(&db).upgrade::<Good>(&"head".into()).await.expect("applied");
    assert_eq!(rows(&db, "SELECT id FROM child ORDER BY id").await, "10 20");
}

/// Says BEGIN itself, as text, and so cannot run inside another transaction.
struct OwnTransaction;

impl MigrationName for OwnTransaction {
    fn name(&self) -> &str {
        "m1_own"
    }
}

static RAN: AtomicBool = AtomicBool::new(false);

#[async_trait::async_trait]
impl MigrationTrait for OwnTransaction {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("CREATE TABLE before_it (id INTEGER)").await?;
        db.execute_unprepared("BEGIN; CREATE TABLE inside_it (id INTEGER); COMMIT; VACUUM").await?;
        RAN.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

struct Own;

impl MigratorTrait for Own {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(OwnTransaction)]
    }
}

#[tokio::test]
async fn a_file_that_cannot_nest_runs_by_sea_orms_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(&format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display()), 1).await;
    Runner::new(&db).upgrade::<Own>(&"head".into()).await.expect("applied");
    assert!(RAN.load(Ordering::SeqCst));
    assert_eq!(rows(&db, "SELECT count(*) FROM sqlite_master WHERE name IN ('before_it', 'inside_it')").await, "2");
    assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("a table"), ["m1_own"]);
}

#[tokio::test]
async fn a_writer_elsewhere_is_an_error_that_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display());
    let mut options = ConnectOptions::new(&url);
    options
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| options.busy_timeout(std::time::Duration::from_millis(50)));
    let db = Database::connect(options).await.expect("a database");
    Runner::new(&db).upgrade::<Good>(&"m1".into()).await.expect("applied");
    let other = open(&url, 1).await;
    let writing = other.begin().await.expect("a transaction");
    writing.execute_unprepared("INSERT INTO parent VALUES (3, 'three')").await.expect("a row");
    let error = Runner::new(&db).upgrade::<Good>(&"head".into()).await.expect_err("it is busy");
    assert!(matches!(error, RunError::Migration { .. }), "{error}");
    assert!(error.to_string().contains("database is locked"), "{error}");
    writing.commit().await.expect("committed");
    Runner::new(&db).upgrade::<Good>(&"head".into()).await.expect("it is free again");
    assert_eq!(rows(&db, "SELECT id FROM parent ORDER BY id").await, "1 2 3");
}
