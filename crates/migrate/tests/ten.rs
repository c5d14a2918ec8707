//! Ten revisions, many processes, kills at any moment: every revision is applied exactly once, and no row is lost.
#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

mod support;
#[path = "support/ten.rs"]
#[expect(dead_code, reason = "the example uses the rest")]
mod ten;

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use autogen_migrate::history;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use support::{Scratch, program, tables};

fn binary() -> Command {
    program("ten")
}

fn run(scratch: &Scratch, arguments: &[&str]) -> Output {
    binary().args(arguments).env("DATABASE_URL", scratch.url.expose()).output().expect("the example, built")
}

fn spawn(scratch: &Scratch, arguments: &[&str], pause: &str) -> Child {
    let mut command = binary();
    command.args(arguments).env("DATABASE_URL", scratch.url.expose()).env("PAUSE", pause);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the example, built")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The tables with rows that are there before the first revision.
async fn with_rows(scratch: &Scratch) -> DatabaseConnection {
    let db = scratch.connect().await;
    for sql in ten::start(db.get_database_backend()) {
        db.execute_unprepared(sql).await.expect(sql);
    }
    db
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.expect(sql).expect("a row");
    row.try_get("", "n").expect("a number")
}

/// What SeaORM's own migrator says, which reads the same table.
async fn applied_by_sea_orm(db: &DatabaseConnection) -> Vec<String> {
    let applied = ten::Migrator::get_applied_migrations_read_only(db).await.expect("a version table");
    applied.iter().map(|migration| migration.name().to_owned()).collect()
}

async fn assert_all_applied(db: &DatabaseConnection, when: &str) {
    assert_eq!(applied_by_sea_orm(db).await.len(), 10, "{when}");
    assert_eq!(tables(db).await, ["log", "notes", "people"], "{when}");
    let intact = "SELECT count(*) AS n FROM people p JOIN notes t ON t.person = p.id WHERE p.email = p.name AND t.id = p.id AND p.years IS NULL AND p.city IS NULL";
    assert_eq!(number(db, intact).await, 2000, "{when}");
    let index = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT count(*) AS n FROM sqlite_master WHERE type = 'index' AND name LIKE 'people%'",
        DbBackend::Postgres => {
            "SELECT count(*) AS n FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'people_email%' AND i.indisvalid"
        }
        _ => {
            "SELECT CAST(count(*) AS SIGNED) AS n FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name LIKE 'people_email%'"
        }
    };
    assert_eq!(number(db, index).await, 1, "{when}");
}

#[tokio::test]
async fn x50_eight_processes_at_once_apply_everything_once() {
    for scratch in Scratch::everywhere().await {
        let db = with_rows(&scratch).await;
        let children: Vec<Child> =
            (0..8).map(|_| spawn(&scratch, &["upgrade", "head", "--format", "json-lines"], "")).collect();
        let mut finished = Vec::new();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}: {}", scratch.name, text(&output));
            let shown = text(&output);
            finished.extend(shown.lines().filter(|line| line.contains("\"finished\"")).map(str::to_owned));
        }
        assert_eq!(finished.len(), 10, "{}: {finished:?}", scratch.name);
        assert_all_applied(&db, scratch.name).await;
        let steps = history::steps(&db, "seaql_migrations", None).await.expect("a history");
        assert_eq!(steps.len(), 10, "{}: {steps:?}", scratch.name);
        assert!(steps.iter().all(|step| step.outcome == history::Outcome::Done && step.checksum.is_some()));
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}

/// How long an undisturbed upgrade takes; the better of two, as the machine has other work.
async fn duration_of_upgrade(name: &str, pause: &str) -> Option<Duration> {
    let mut best = None;
    for _ in 0..2 {
        let scratch = Scratch::on(name).await?;
        let db = with_rows(&scratch).await;
        let start = Instant::now();
        let whole = spawn(&scratch, &["upgrade"], pause).wait_with_output().expect("it ends");
        let took = start.elapsed();
        best = Some(best.map_or(took, |best: Duration| best.min(took)));
        assert!(whole.status.success(), "{name}: {}", text(&whole));
        assert_all_applied(&db, name).await;
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
    best
}

/// Kills an upgrade at twenty points that are spread over the time which an undisturbed one takes. Returns how often
/// the next one had to be told to go on.
async fn check_kills(name: &str, pause: &str) -> Option<usize> {
    let takes = duration_of_upgrade(name, pause).await?;
    let (mut cut_short, mut resumed) = (0, 0);
    for point in 1..=20 {
        let scratch = Scratch::on(name).await.expect("it was there");
        let db = with_rows(&scratch).await;
        let mut child = spawn(&scratch, &["upgrade"], pause);
        tokio::time::sleep(takes * point / 21).await;
        child.kill().expect("a process");
        let killed = child.wait_with_output().expect("it ends");
        let when = format!("{name}, killed at {point}/21, {}", text(&killed));
        cut_short += usize::from(!killed.status.success());
        let mut next = run(&scratch, &["upgrade"]);
        if next.status.code() == Some(6) {
            assert!(text(&next).contains("--resume"), "{when}: {}", text(&next));
            next = run(&scratch, &["upgrade", "--resume"]);
            resumed += 1;
        }
        assert!(next.status.success(), "{when}: {}", text(&next));
        assert_all_applied(&db, &when).await;
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
    assert!(cut_short >= 10, "{name}: only {cut_short} of 20 were cut short, so this shows little");
    Some(resumed)
}

#[tokio::test]
async fn a_kill_at_any_of_twenty_points_on_sqlite() {
    assert_eq!(check_kills("sqlite", "4").await, Some(0));
}

#[tokio::test]
async fn a_kill_at_any_of_twenty_points_on_postgres() {
    assert!(check_kills("postgres", "4").await.is_none_or(|resumed| resumed == 0));
}

#[tokio::test]
async fn a_kill_at_any_of_twenty_points_on_mariadb() {
    assert!(check_kills("mariadb", "").await.is_none_or(|resumed| resumed > 0));
}

#[tokio::test]
async fn a_kill_at_any_of_twenty_points_on_mysql() {
    assert!(check_kills("mysql", "").await.is_none_or(|resumed| resumed > 0));
}

#[tokio::test]
async fn a_copy_in_an_empty_folder_upgrades_a_branched_history_and_sea_orm_agrees() {
    for scratch in Scratch::everywhere().await {
        let db = with_rows(&scratch).await;
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("migrate");
        std::fs::copy(binary().get_program(), &copy).expect("a copy");
        let run = |words: &str| {
            let mut command = Command::new(&copy);
            command.args(words.split(' ')).current_dir(folder.path()).env_clear();
            let output = command.env("DATABASE_URL", scratch.url.expose()).output().expect("a program");
            assert!(output.status.success(), "{}: {words}: {}", scratch.name, text(&output));
            text(&output)
        };
        for (words, applied) in [
            ("upgrade audit", 5),
            ("upgrade people@+1", 6),
            ("upgrade people@head", 10),
            ("downgrade audit@aa04", 7),
            ("stamp bb08", 8),
            ("stamp audit@base", 7),
            ("downgrade people@-1", 6),
            ("upgrade heads", 10),
            ("downgrade cc09", 9),
            ("downgrade base", 0),
            ("upgrade", 10),
        ] {
            run(words);
            assert_eq!(applied_by_sea_orm(&db).await.len(), applied, "{}: {words}", scratch.name);
            let status = ten::Migrator::get_pending_migrations_read_only(&db).await.expect("a version table");
            assert_eq!(status.len(), 10 - applied, "{}: {words}", scratch.name);
        }
        assert!(run("current").starts_with("cc10 m10_log (head)"));
        db.close().await.expect("an open connection");
        scratch.drop_now().await;
    }
}
