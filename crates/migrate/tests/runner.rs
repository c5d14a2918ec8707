//! The runner against real databases, with SeaORM's own migrator as the judge of the version table.
#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use autogen_migrate::{Goal, Progress, RunError, Runner, versions};
use expect_test::expect;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};
use support::{Scratch, tables};

/// A migration that creates a table named as it is, and fails where told to.
struct Create {
    name: &'static str,
    use_transaction: Option<bool>,
    fails: bool,
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
        if self.fails {
            manager.get_connection().execute_unprepared("THIS IS NOT SQL").await?;
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

fn create(name: &'static str) -> Box<dyn MigrationTrait> {
    Box::new(Create { name, use_transaction: None, fails: false })
}

struct Three;

impl MigratorTrait for Three {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![create("m1_a"), create("m2_b"), create("m3_c")]
    }
}

struct Failing;

impl MigratorTrait for Failing {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            create("m1_a"),
            Box::new(Create { name: "m2_b", use_transaction: Some(true), fails: true }),
            create("m3_c"),
        ]
    }
}

struct FailingPlainly;

impl MigratorTrait for FailingPlainly {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![create("m1_a"), Box::new(Create { name: "m2_b", use_transaction: Some(false), fails: true })]
    }
}

struct OtherTable;

impl MigratorTrait for OtherTable {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![create("m1_a")]
    }

    fn migration_table_name() -> DynIden {
        "other_migrations".into_iden()
    }
}

/// What SeaORM itself says is applied.
async fn applied_by_sea_orm<M: MigratorTrait>(db: &DatabaseConnection) -> Vec<String> {
    let applied = M::get_applied_migrations_read_only(db).await.expect("SeaORM reads the version table");
    applied.iter().map(|migration| migration.name().to_owned()).collect()
}

async fn upgrade<M: MigratorTrait>(db: &DatabaseConnection, goal: &str) -> Result<Vec<String>, RunError> {
    Runner::new(db).upgrade::<M>(&goal.into()).await
}

async fn downgrade<M: MigratorTrait>(db: &DatabaseConnection, goal: &str) -> Result<Vec<String>, RunError> {
    Runner::new(db).downgrade::<M>(&goal.into()).await
}

#[tokio::test]
async fn upgrade_and_downgrade_go_where_they_are_told() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("no table"), [""; 0]);
        for (direction, goal, done, left) in [
            ("up", "m1", "m1_a", "m1_a"),
            ("up", "+1", "m2_b", "m1_a m2_b"),
            ("up", "head", "m3_c", "m1_a m2_b m3_c"),
            ("up", "head", "", "m1_a m2_b m3_c"),
            ("down", "-1", "m3_c", "m1_a m2_b"),
            ("down", "m1_a", "m2_b", "m1_a"),
            ("up", "heads", "m2_b m3_c", "m1_a m2_b m3_c"),
            ("down", "base", "m3_c m2_b m1_a", ""),
            ("down", "base", "", ""),
        ] {
            let ran = match direction {
                "up" => upgrade::<Three>(&db, goal).await,
                _ => downgrade::<Three>(&db, goal).await,
            };
            let name = scratch.name;
            assert_eq!(ran.expect(goal).join(" "), done, "{name}: {direction} {goal}");
            assert_eq!(tables(&db).await.join(" "), left, "{name}: {direction} {goal}");
            assert_eq!(applied_by_sea_orm::<Three>(&db).await.join(" "), left, "{name}: {direction} {goal}");
            let recorded = versions::applied(&db, "seaql_migrations").await.expect("a version table");
            assert_eq!(recorded.join(" "), left, "{name}: {direction} {goal}");
        }
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn sea_orms_runner_and_ours_take_turns() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        Three::up(&db, Some(1)).await.expect("SeaORM applies");
        assert_eq!(Runner::new(&db).upgrade::<Three>(&Goal::AtMost(1)).await.expect("we apply"), ["m2_b"]);
        Three::up(&db, None).await.expect("SeaORM applies");
        assert_eq!(downgrade::<Three>(&db, "m2_b").await.expect("we revert"), ["m3_c"]);
        Three::down(&db, None).await.expect("SeaORM reverts");
        assert!(tables(&db).await.is_empty(), "{}", scratch.name);
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn x58_the_version_table_of_the_migrator_is_used() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        upgrade::<OtherTable>(&db, "head").await.expect("applied");
        assert!(!versions::exists(&db, "seaql_migrations").await.expect("a catalog"));
        assert_eq!(applied_by_sea_orm::<OtherTable>(&db).await, ["m1_a"]);
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn x52_x53_a_failure_in_a_transaction_leaves_nothing_where_the_database_can() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let error = upgrade::<Failing>(&db, "head").await.expect_err("it fails");
        let RunError::Migration { stem, state, .. } = error else { panic!("another error: {error}") };
        assert_eq!(stem, "m2_b");
        assert_eq!(applied_by_sea_orm::<Failing>(&db).await, ["m1_a"]);
        match scratch.name {
            "sqlite" | "postgres" => {
                assert_eq!(tables(&db).await, ["m1_a"]);
                expect!["it was rolled back: nothing of it is left, earlier migrations stay"].assert_eq(&state);
            }
            // MySQL and MariaDB commit at every DDL statement; the message must not say otherwise.
            _ => {
                assert_eq!(tables(&db).await, ["m1_a", "m2_b"]);
                expect!["it ran outside a transaction: what came before the failing statement stays, and it is not recorded as applied; take that back by hand, then run `upgrade` again with --restart. Of what was noted these ran: CREATE TABLE `m2_b` ( `id` int )"].assert_eq(&state);
            }
        }
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn a_failure_without_a_transaction_says_what_stays() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let error = upgrade::<FailingPlainly>(&db, "head").await.expect_err("it fails").to_string();
        let left = tables(&db).await.join(" ");
        // On SQLite our own transaction is around the file, so nothing stays there either.
        let (expected, phrase) = match scratch.name {
            "sqlite" => ("m1_a", "nothing of it is left"),
            _ => ("m1_a m2_b", "what came before the failing statement stays"),
        };
        assert_eq!(left, expected, "{}", scratch.name);
        assert!(error.starts_with("could not apply m2_b: "), "{error}");
        assert!(error.contains(phrase), "{error}");
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn every_step_is_told() {
    let scratch = Scratch::sqlite();
    let db = scratch.connect().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let runner = Runner::new(&db).on_progress(move |progress| {
        let word = match progress {
            Progress::Started { stem, number, total, .. } => format!("started {stem} {number}/{total}"),
            Progress::Finished { stem, .. } => format!("finished {stem}"),
            Progress::Failed { stem, message, .. } => format!("failed {stem}: {message}"),
        };
        teller.lock().expect("no panic").push(word);
    });
    runner.upgrade::<Failing>(&"head".into()).await.expect_err("it fails");
    expect![[r#"
        started m1_a 1/3
        finished m1_a
        started m2_b 2/3
        failed m2_b: could not apply m2_b: Execution Error: error returned from database: (code: 1) near "THIS": syntax error; it was rolled back: nothing of it is left, earlier migrations stay"#]].assert_eq(&told.lock().expect("no panic").join("\n"));
}

#[tokio::test]
async fn what_the_database_records_without_a_file_stops_before_anything_runs() {
    let scratch = Scratch::sqlite();
    let db = scratch.connect().await;
    upgrade::<Three>(&db, "m1").await.expect("applied");
    versions::record(&db, "seaql_migrations", "m9_gone").await.expect("recorded");
    for goal in ["head", "+1", "m2"] {
        let error = upgrade::<Three>(&db, goal).await.expect_err("a file is missing");
        assert!(matches!(error, RunError::Unknown { .. }), "{error}");
        assert!(error.to_string().contains("'m9_gone'"), "{error}");
    }
    assert_eq!(tables(&db).await, ["m1_a"]);
}

#[tokio::test]
async fn a_wrong_goal_is_refused_without_a_database_change() {
    let scratch = Scratch::sqlite();
    let db = scratch.connect().await;
    let mut shown = String::new();
    for goal in ["m4", "-1", "base", "+4", "m"] {
        let error = upgrade::<Three>(&db, goal).await.expect_err(goal);
        shown.push_str(&format!("upgrade {goal}: {error}\n"));
    }
    for goal in ["m1_a", "-1", "+1", "m1_b"] {
        let error = downgrade::<Three>(&db, goal).await.expect_err(goal);
        shown.push_str(&format!("downgrade {goal}: {error}\n"));
    }
    expect![[r#"
        upgrade m4: can't locate revision identified by 'm4'
        upgrade -1: destination -1 is not a valid upgrade target from current head(s); `downgrade -1` goes that way
        upgrade base: destination base is not a valid upgrade target from current head(s); `downgrade base` reverts everything
        upgrade +4: relative revision +4 didn't produce 4 migrations; there are 3
        upgrade m: multiple revisions start with 'm': m1_a, m2_b, m3_c; give more of the name
        downgrade m1_a: destination m1_a is not a valid downgrade target from current head(s); it is not applied; `upgrade m1_a` goes there
        downgrade -1: relative revision -1 didn't produce 1 migrations; there are 0
        downgrade +1: destination +1 is not a valid downgrade target from current head(s); `upgrade +1` goes that way
        downgrade m1_b: can't locate revision identified by 'm1_b'; did you mean m1_a or m2_b?
    "#]]
    .assert_eq(&shown);
    assert!(!versions::exists(&db, "seaql_migrations").await.expect("a catalog"));
}

#[tokio::test]
async fn two_at_once_take_turns() {
    for scratch in Scratch::everywhere().await {
        let (one, other) = (scratch.connect().await, scratch.connect().await);
        let (first, second) = tokio::join!(upgrade::<Three>(&one, "head"), upgrade::<Three>(&other, "head"));
        let done = [first.expect("applied"), second.expect("applied")].concat();
        assert_eq!(done, ["m1_a", "m2_b", "m3_c"], "{}", scratch.name);
        one.close().await.expect("an open connection");
        other.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

/// Builds an index without blocking writers, which waits for every older snapshot in the database.
struct Concurrently;

impl MigrationName for Concurrently {
    fn name(&self) -> &str {
        "m4_concurrently"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Concurrently {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("CREATE INDEX CONCURRENTLY i ON m1_a (id)").await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

struct WithIndex;

impl MigratorTrait for WithIndex {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![create("m1_a"), Box::new(Concurrently)]
    }
}

#[tokio::test]
async fn x55_who_waits_for_the_lock_does_not_stop_a_concurrent_index() {
    for scratch in Scratch::everywhere().await.into_iter().filter(|scratch| scratch.name == "postgres") {
        let (one, other) = (scratch.connect().await, scratch.connect().await);
        let (first, second) = tokio::join!(upgrade::<WithIndex>(&one, "head"), upgrade::<WithIndex>(&other, "head"));
        let done = [first.expect("applied"), second.expect("applied")].concat();
        assert_eq!(done, ["m1_a", "m4_concurrently"]);
        one.close().await.expect("an open connection");
        other.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn each_schema_of_a_database_has_its_own_history() {
    for scratch in Scratch::everywhere().await.into_iter().filter(|scratch| scratch.name == "postgres") {
        let admin = scratch.connect().await;
        admin.execute_unprepared("CREATE SCHEMA tenant").await.expect("a schema");
        upgrade::<Three>(&admin, "head").await.expect("applied");
        let tenant = autogen_migrate::connect(&scratch.url, Some("tenant,public")).await.expect("a database");
        assert_eq!(versions::applied(&tenant, "seaql_migrations").await.expect("a catalog"), [""; 0]);
        assert_eq!(upgrade::<Three>(&tenant, "m1").await.expect("applied"), ["m1_a"]);
        assert_eq!(applied_by_sea_orm::<Three>(&tenant).await, ["m1_a"]);
        assert_eq!(applied_by_sea_orm::<Three>(&admin).await, ["m1_a", "m2_b", "m3_c"]);
        admin.close().await.expect("an open connection");
        tenant.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn who_waits_too_long_learns_who_holds_the_lock() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let lock = autogen_migrate::lock::acquire(&db, "seaql_migrations", Duration::ZERO).await.expect("free");
        let other = scratch.connect().await;
        let runner = Runner::new(&other).lock_timeout(Duration::ZERO);
        let error = runner.upgrade::<Three>(&"head".into()).await.expect_err("it is held").to_string();
        let holder = match scratch.name {
            "sqlite" => format!("(process {}, table seaql_migrations, by ", std::process::id()),
            "postgres" => "(server process ".to_owned(),
            _ => "(connection ".to_owned(),
        };
        assert!(error.contains(&holder), "{error}");
        // Another version table is another history.
        let elsewhere = autogen_migrate::lock::acquire(&other, "other_migrations", Duration::ZERO).await;
        assert_eq!(elsewhere.is_ok(), scratch.name != "sqlite");
        drop(elsewhere);
        lock.release().await;
        upgrade::<Three>(&other, "head").await.expect("it is free again");
        db.close().await.expect("an open connection");
        other.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn a_lock_that_was_lost_is_noticed() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let mut lock = autogen_migrate::lock::acquire(&db, "seaql_migrations", Duration::ZERO).await.expect("free");
        lock.confirm().await.expect("it is held");
        let sql = match scratch.name {
            "sqlite" => None,
            "postgres" => Some(
                "SELECT pg_terminate_backend(pid)::int::bigint FROM pg_locks \
                 WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            ),
            _ => Some("SELECT CAST(IS_USED_LOCK(CONCAT('autogen:', DATABASE(), '.seaql_migrations')) AS SIGNED)"),
        };
        match sql {
            Some(sql) => {
                let statement = sea_orm_migration::sea_orm::Statement::from_string(db.get_database_backend(), sql);
                let row = db.query_one_raw(statement).await.expect("an answer").expect("somebody holds it");
                let id: i64 = row.try_get_by_index(0).expect("a number");
                if scratch.name != "postgres" {
                    db.execute_unprepared(&format!("KILL {id}")).await.expect("the right to kill");
                }
            }
            None => {
                let database = scratch.url.database().expect("a file");
                std::fs::remove_file(format!("{database}.autogen-lock")).expect("the lock's file");
            }
        }
        let error = lock.confirm().await.expect_err("it is lost");
        assert!(matches!(error, autogen_migrate::lock::LockError::Lost(_)), "{}: {error}", scratch.name);
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}
