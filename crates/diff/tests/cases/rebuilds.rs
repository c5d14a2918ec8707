//! The golden file of a rebuild, where foreign keys could hurt: under SeaORM's runner and under ours, with one connection
//! and with several.

use autogen_migrate::Runner;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use sea_orm_migration::{MigrationTrait, MigratorTrait, MigratorTraitSelf};

use crate::database::block_on;
use crate::trip::{One, compiled};

/// A database file with a parent that is to be rebuilt, and children that would go with it.
struct Family {
    folder: tempfile::TempDir,
}

impl Family {
    async fn new() -> Self {
        let family = Self { folder: tempfile::tempdir().unwrap() };
        let db = family.open(1).await;
        for statement in [
            "CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar)",
            "CREATE TABLE notes (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
            "INSERT INTO users VALUES (1, 'one'), (2, 'two')",
            "INSERT INTO notes VALUES (10, 1), (20, 2), (30, 2)",
        ] {
            db.execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();
        family
    }

    /// So many connections, all open.
    async fn open(&self, connections: u32) -> DatabaseConnection {
        let url = format!("sqlite://{}?mode=rwc", self.folder.path().join("family.db").display());
        let mut options = ConnectOptions::new(url);
        options.max_connections(connections).min_connections(connections);
        let db = Database::connect(options).await.unwrap();
        // The pool opens its connections in the background; they are there once each has been held.
        let mut held = Vec::new();
        for _ in 0..connections {
            held.push(db.begin().await.unwrap());
        }
        for transaction in held {
            transaction.rollback().await.unwrap();
        }
        db
    }
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Whether the rebuild was made, and nothing was lost.
async fn assert_family(db: &DatabaseConnection, is_required: bool) {
    assert_eq!(number(db, "SELECT count(*) FROM users").await, 2);
    assert_eq!(number(db, "SELECT count(*) FROM notes").await, 3, "children went with the old table");
    let required = "SELECT \"notnull\" FROM pragma_table_info('users') WHERE name = 'name'";
    assert_eq!(number(db, required).await, i64::from(is_required));
}

async fn assert_enforced(db: &DatabaseConnection, connections: usize) {
    // Each connection of the pool comes to its turn.
    for _ in 0..connections * 2 {
        assert_eq!(number(db, "PRAGMA foreign_keys").await, 1, "a connection is left without foreign keys");
    }
}

fn rebuild() -> One {
    compiled("make_required", "sqlite").unwrap()
}

/// The same for our runner, which wants the type of a migrator.
struct Ours;

impl MigratorTrait for Ours {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        rebuild().migrations()
    }
}

#[test]
fn with_one_connection_children_that_would_be_deleted_stay() {
    block_on(async {
        let family = Family::new().await;
        let db = family.open(1).await;
        rebuild().up(&db, None).await.unwrap();
        assert_family(&db, true).await;
        assert_enforced(&db, 1).await;
        rebuild().down(&db, None).await.unwrap();
        assert_family(&db, false).await;
        assert_enforced(&db, 1).await;
    });
}

#[test]
fn with_a_pool_of_five_the_file_refuses_and_leaves_everything_as_it_was() {
    block_on(async {
        let family = Family::new().await;
        let db = family.open(5).await;
        let error = rebuild().up(&db, None).await.unwrap_err().to_string();
        assert!(error.contains("max_connections(1)"), "{error}");
        assert_family(&db, false).await;
        assert_enforced(&db, 5).await;
    });
}

#[test]
fn our_runner_makes_it_with_any_pool() {
    for connections in [1, 5] {
        block_on(async {
            let family = Family::new().await;
            let db = family.open(connections).await;
            Runner::new(&db).upgrade::<Ours>(&"head".into()).await.unwrap();
            assert_family(&db, true).await;
            assert_enforced(&db, 5).await;
            Runner::new(&db).downgrade::<Ours>(&"base".into()).await.unwrap();
            assert_family(&db, false).await;
            assert_enforced(&db, 5).await;
        });
    }
}

#[test]
fn a_column_that_the_file_does_not_know_stops_it() {
    block_on(async {
        let family = Family::new().await;
        let db = family.open(1).await;
        db.execute_unprepared("ALTER TABLE users ADD COLUMN nickname text").await.unwrap();
        let error = rebuild().up(&db, None).await.unwrap_err().to_string();
        assert!(error.contains("users has a column nickname that this migration does not know"), "{error}");
        assert_family(&db, false).await;
        assert_enforced(&db, 1).await;
    });
}
