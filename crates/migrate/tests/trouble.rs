//! What can go wrong in the middle of a run: what is said, what is left, and that the next run gets on.
#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

mod support;
#[path = "support/ten.rs"]
mod ten;

use std::process::Stdio;
use std::time::Duration;

use autogen_migrate::history::{self, Action, Outcome};
use autogen_migrate::{HalfDone, RunError, Runner, header, versions};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use support::{Scratch, program, tables};

/// Runs text, the way a person writes a migration by hand. The word `panic` panics, `wait` waits for ever.
struct Written {
    name: &'static str,
    statements: &'static [&'static str],
    use_transaction: Option<bool>,
}

impl MigrationName for Written {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Written {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in self.statements {
            match *sql {
                "panic" => panic!("nobody expected this"),
                "wait" => std::future::pending().await,
                sql => manager.get_connection().execute_unprepared(sql).await.map(|_| ())?,
            }
        }
        Ok(())
    }

    /// Does what no migration should: it corrects the version table.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = format!("DELETE FROM seaql_migrations WHERE version = '{}'", self.name);
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }

    fn use_transaction(&self) -> Option<bool> {
        self.use_transaction
    }
}

macro_rules! migrator {
    ($name:ident: $($stem:literal $use_transaction:expr => $statements:expr),*) => {
        struct $name;

        impl MigratorTrait for $name {
            fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                vec![$(Box::new(Written { name: $stem, statements: $statements, use_transaction: $use_transaction })),*]
            }
        }
    };
}

migrator!(Panicking: "m1_a" None => &["CREATE TABLE a (id INTEGER)"], "m2_b" None => &["CREATE TABLE b (id INTEGER)", "panic"]);
migrator!(LeftOpen: "m1_a" Some(false) => &["BEGIN", "CREATE TABLE a (id INTEGER)", "INSERT INTO a VALUES (1)"],
    "m2_b" None => &["CREATE TABLE b (id INTEGER)"]);
migrator!(Waiting: "m1_a" None => &["CREATE TABLE a (id INTEGER)"], "m2_b" Some(true) => &["CREATE TABLE b (id INTEGER)", "wait"]);
migrator!(Sleeping: "m1_a" Some(true) => &["CREATE TABLE a (id INTEGER)", "SELECT pg_sleep(60)"]);
migrator!(SecondFails: "m1_a" None => &["CREATE TABLE a (id INTEGER)"], "m2_b" None => &["THIS IS NOT SQL"]);
migrator!(OwnWay: "m1_a" None => &["CREATE TABLE a (id INTEGER)"], "m2_b" Some(false) => &["CREATE TABLE b (id INTEGER)"]);

async fn upgrade<M: MigratorTrait>(db: &DatabaseConnection) -> Result<Vec<String>, RunError> {
    Runner::new(db).upgrade::<M>(&"head".into()).await
}

async fn end(db: DatabaseConnection, scratch: Scratch) {
    db.close().await.expect("an open connection");
    scratch.drop_now().await;
}

#[tokio::test]
async fn a_panic_is_a_failure_that_gives_the_lock_back() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let error = upgrade::<Panicking>(&db).await.expect_err("it panics").to_string();
        assert!(
            error.contains("could not apply m2_b: ") && error.contains("it panicked: nobody expected this"),
            "{error}"
        );
        assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("a table"), ["m1_a"]);
        let steps = history::steps(&db, "seaql_migrations", None).await.expect("a history");
        let outcomes: Vec<Outcome> = steps.iter().map(|step| step.outcome).collect();
        assert_eq!(outcomes, [Outcome::Done, Outcome::Failed], "{}", scratch.name);
        let lock = autogen_migrate::lock::acquire(&db, "seaql_migrations", Duration::ZERO).await.expect("it is free");
        lock.release().await;
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn a_transaction_that_was_left_open_is_committed_with_its_row() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        assert_eq!(upgrade::<LeftOpen>(&db).await.expect("applied"), ["m1_a", "m2_b"], "{}", scratch.name);
        let other = scratch.connect().await;
        assert_eq!(tables(&other).await, ["a", "b"], "{}", scratch.name);
        assert_eq!(versions::applied(&other, "seaql_migrations").await.expect("a table"), ["m1_a", "m2_b"]);
        other.close().await.expect("an open connection");
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn an_interruption_rolls_the_step_back_and_gives_the_lock_back() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let soon = tokio::time::sleep(Duration::from_millis(1500));
        let error = Runner::new(&db).stop_on(soon).upgrade::<Waiting>(&"head".into()).await.expect_err("it stops");
        assert!(matches!(&error, RunError::Interrupted { step: Some((stem, _)) } if stem == "m2_b"), "{error}");
        assert_eq!(versions::applied(&db, "seaql_migrations").await.expect("a table"), ["m1_a"]);
        if matches!(scratch.name, "sqlite" | "postgres") {
            assert_eq!(tables(&db).await, ["a"]);
        }
        let lock = autogen_migrate::lock::acquire(&db, "seaql_migrations", Duration::ZERO).await.expect("it is free");
        lock.release().await;
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn an_interruption_stops_the_statement_on_the_server() {
    let Some(scratch) = Scratch::on("postgres").await else { return };
    let db = scratch.connect().await;
    let start = std::time::Instant::now();
    let soon = tokio::time::sleep(Duration::from_millis(500));
    Runner::new(&db).stop_on(soon).upgrade::<Sleeping>(&"head".into()).await.expect_err("it stops");
    assert!(start.elapsed() < Duration::from_secs(30), "the server slept on");
    assert!(tables(&db).await.is_empty());
    end(db, scratch).await;
}

#[tokio::test]
async fn a_connection_that_the_database_drops_is_a_failed_step() {
    let Some(scratch) = Scratch::on("postgres").await else { return };
    let (db, other) = (scratch.connect().await, scratch.connect().await);
    let run = upgrade::<Sleeping>(&db);
    let kill = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
        other.execute_unprepared(sql).await.expect("the right to end it");
    };
    let (ran, ()) = tokio::join!(run, kill);
    let error = ran.expect_err("its connection is gone").to_string();
    assert!(error.contains("could not apply m1_a") && error.contains("nothing of it is left"), "{error}");
    assert!(tables(&other).await.is_empty());
    let steps = history::steps(&other, "seaql_migrations", None).await.expect("a history");
    assert_eq!(steps.iter().map(|step| step.outcome).collect::<Vec<_>>(), [Outcome::Failed]);
    other.close().await.expect("an open connection");
    end(db, scratch).await;
}

#[tokio::test]
async fn ctrl_c_ends_the_program_with_130() {
    for scratch in Scratch::everywhere().await {
        let mut command = program("migration");
        command.arg("upgrade").env("DATABASE_URL", scratch.url.expose()).env("SLEEP_IN_MIGRATION", "60000");
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the example, built");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(killed.expect("the program kill").success());
        let output = child.wait_with_output().expect("it ends");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{}: {message}", scratch.name);
        assert!(message.contains("interrupted in m2_b: "), "{message}");
        let db = scratch.connect().await;
        let lock = autogen_migrate::lock::acquire(&db, "seaql_migrations", Duration::ZERO).await.expect("it is free");
        lock.release().await;
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn x51_one_transaction_around_everything() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let run = |_: ()| Runner::new(&db).single_transaction(true);
        match scratch.name {
            "sqlite" | "postgres" => {
                run(()).upgrade::<SecondFails>(&"head".into()).await.expect_err("the second fails");
                assert!(tables(&db).await.is_empty(), "{}", scratch.name);
                assert!(versions::applied(&db, "seaql_migrations").await.expect("a table").is_empty());
                let error = run(()).upgrade::<OwnWay>(&"head".into()).await.expect_err("not possible").to_string();
                assert!(error.starts_with("--single-transaction is not possible: m2_b asks"), "{error}");
                assert_eq!(run(()).upgrade::<OwnWay>(&"m1_a".into()).await.expect("applied"), ["m1_a"]);
            }
            _ => {
                let error = run(()).upgrade::<OwnWay>(&"head".into()).await.expect_err("not possible");
                assert!(matches!(error, RunError::SingleTransaction { .. }), "{error}");
            }
        }
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn x56_a_row_that_goes_during_a_downgrade_is_noticed() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        upgrade::<OwnWay>(&db).await.expect("applied");
        let error = Runner::new(&db).downgrade::<OwnWay>(&"m1_a".into()).await.expect_err("the row is gone");
        assert!(error.to_string().contains("expected to remove one row, m2_b, from seaql_migrations"), "{error}");
        end(db, scratch).await;
    }
}

/// Alembic refuses such a table. Here a row says that a revision is applied, and twice says no more than once.
#[tokio::test]
async fn x57_a_table_without_a_key_may_hold_a_row_twice() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        for sql in [
            "CREATE TABLE seaql_migrations (version VARCHAR(255), applied_at BIGINT)",
            "INSERT INTO seaql_migrations VALUES ('m1_a', 1), ('m1_a', 1)",
        ] {
            db.execute_unprepared(sql).await.expect(sql);
        }
        assert_eq!(upgrade::<OwnWay>(&db).await.expect("applied"), ["m2_b"], "{}", scratch.name);
        Runner::new(&db).stamp::<OwnWay>(&["base".into()], false).await.expect("a stamp");
        assert!(versions::applied(&db, "seaql_migrations").await.expect("a table").is_empty(), "{}", scratch.name);
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn a_history_of_alembic_is_mentioned_before_anything_runs() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        let create = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)";
        db.execute_unprepared(create).await.expect(create);
        db.execute_unprepared("INSERT INTO alembic_version VALUES ('4f2a9c1b7e04')").await.expect("a row");
        let error = upgrade::<OwnWay>(&db).await.expect_err("another history").to_string();
        assert!(error.contains("it is at 4f2a9c1b7e04") && error.contains("`stamp REVISION`"), "{error}");
        Runner::new(&db).stamp::<OwnWay>(&["base".into()], false).await.expect("a history of our own");
        assert_eq!(upgrade::<OwnWay>(&db).await.expect("applied"), ["m1_a", "m2_b"]);
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn a_history_of_sea_orm_under_another_name_is_mentioned() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        versions::ensure(&db, "old_migrations").await.expect("a table");
        versions::record(&db, "old_migrations", "m1_a").await.expect("a row");
        let error = upgrade::<OwnWay>(&db).await.expect_err("another history").to_string();
        assert!(error.contains("is in old_migrations (it records m1_a)"), "{error}");
        Runner::new(&db).stamp::<OwnWay>(&["m1_a".into()], false).await.expect("a stamp");
        assert_eq!(upgrade::<OwnWay>(&db).await.expect("applied"), ["m2_b"]);
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn stamp_purge_gets_rid_of_what_no_file_has_and_the_history_tells_of_it() {
    for scratch in Scratch::everywhere().await {
        let db = scratch.connect().await;
        upgrade::<OwnWay>(&db).await.expect("applied");
        // The same database as a program sees it that has only the first of the two.
        migrator!(Shorter: "m1_a" None => &["CREATE TABLE a (id INTEGER)"]);
        let error = upgrade::<Shorter>(&db).await.expect_err("a file is missing").to_string();
        assert!(error.contains("'m2_b'") && error.contains("m2_b: upgrade done, 2"), "{error}");
        let stamp = Runner::new(&db).stamp::<Shorter>(&["head".into()], true).await.expect("a stamp");
        assert_eq!((stamp.add.join(" "), stamp.remove.join(" ")), (String::new(), "m2_b".into()), "{}", scratch.name);
        assert!(upgrade::<Shorter>(&db).await.expect("nothing to do").is_empty());
        let steps = history::steps(&db, "seaql_migrations", Some("m2_b")).await.expect("a history");
        assert_eq!(steps.iter().map(|step| step.direction).collect::<Vec<_>>(), [Action::Upgrade, Action::Stamp]);
        end(db, scratch).await;
    }
}

/// Brings a MySQL to the middle of `m02_email`: its first statement in doubt, having run or not.
async fn half_way(db: &DatabaseConnection, has_run: bool) {
    for sql in ten::start(DbBackend::MySql) {
        db.execute_unprepared(sql).await.expect(sql);
    }
    runner(db).upgrade::<ten::Migrator>(&"aa01".into()).await.expect("the first");
    // The table that is renamed away makes the second statement of the step fail; then it is put back.
    db.execute_unprepared(
        "CREATE TRIGGER stop BEFORE UPDATE ON people FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not yet'",
    )
    .await
    .expect("a trigger");
    let error = runner(db).upgrade::<ten::Migrator>(&"aa02".into()).await.expect_err("it is stopped").to_string();
    assert!(error.contains("of its 2 statements 1 ran and stay, and this one did nothing"), "{error}");
    db.execute_unprepared("DROP TRIGGER stop").await.expect("a trigger");
    db.execute_unprepared("UPDATE autogen_history SET outcome = 'running' WHERE statement = 1").await.expect("a row");
    db.execute_unprepared("DELETE FROM autogen_history WHERE statement = 2").await.expect("a row");
    if !has_run {
        db.execute_unprepared("ALTER TABLE people DROP COLUMN email").await.expect("a column");
    }
}

fn runner(db: &DatabaseConnection) -> Runner<'_> {
    let stems: Vec<String> = ten::Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    Runner::new(db).graph(header::revisions(&stems, &ten::bundle()))
}

#[tokio::test]
async fn a_statement_in_doubt_is_tried_again_whether_it_ran_or_not() {
    for name in ["mariadb", "mysql"] {
        for has_run in [true, false] {
            let Some(scratch) = Scratch::on(name).await else { continue };
            let db = scratch.connect().await;
            half_way(&db, has_run).await;
            let error = runner(&db).upgrade::<ten::Migrator>(&"head".into()).await.expect_err("half-way").to_string();
            assert!(error.contains("1. may have run: ALTER TABLE people ADD COLUMN email"), "{error}");
            let resumed = runner(&db).half_done(HalfDone::Resume).upgrade::<ten::Migrator>(&"aa02".into()).await;
            assert_eq!(resumed.expect("it goes on"), ["m02_email"], "{name}, {has_run}");
            let steps = history::steps(&db, "seaql_migrations", Some("m02_email")).await.expect("a history");
            assert_eq!(steps.iter().map(|step| step.outcome).collect::<Vec<_>>(), [Outcome::Done]);
            runner(&db).upgrade::<ten::Migrator>(&"head".into()).await.expect("the rest");
            end(db, scratch).await;
        }
    }
}

#[tokio::test]
async fn only_a_statement_in_doubt_may_find_its_work_done() {
    for name in ["mariadb", "mysql"] {
        let Some(scratch) = Scratch::on(name).await else { continue };
        let db = scratch.connect().await;
        for sql in ten::start(DbBackend::MySql) {
            db.execute_unprepared(sql).await.expect(sql);
        }
        db.execute_unprepared("CREATE TABLE teams (id INTEGER)").await.expect("a table in the way");
        for answer in [HalfDone::Report, HalfDone::Resume] {
            let ran = runner(&db).half_done(answer).upgrade::<ten::Migrator>(&"head".into()).await;
            let error = ran.expect_err("a table is in the way").to_string();
            assert!(error.contains("already exists; nothing of it ran"), "{error}");
        }
        end(db, scratch).await;
    }
}

#[tokio::test]
async fn a_revision_written_by_hand_is_reported_and_not_gone_on_with() {
    for name in ["mariadb", "mysql"] {
        let Some(scratch) = Scratch::on(name).await else { continue };
        let db = scratch.connect().await;
        half_way(&db, true).await;
        // Without headers nobody knows that the files were generated.
        for answer in [HalfDone::Report, HalfDone::Resume] {
            let ran = Runner::new(&db).half_done(answer).upgrade::<ten::Migrator>(&"m02".into()).await;
            let error = ran.expect_err("half-way").to_string();
            assert!(
                error.contains("does not know how to go on with m02_email") && error.contains("--restart"),
                "{error}"
            );
        }
        db.execute_unprepared("ALTER TABLE people DROP COLUMN email").await.expect("taken back by hand");
        let ran = Runner::new(&db).half_done(HalfDone::Restart).upgrade::<ten::Migrator>(&"m02".into()).await;
        assert_eq!(ran.expect("from the start"), ["m02_email"]);
        end(db, scratch).await;
    }
}
