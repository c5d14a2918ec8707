//! What others notice: which locks are held while rows are read, that they can write, and that what fails can be begun
//! again.

use std::time::Duration;

use autogen_diff::{Plan, render};
use autogen_introspect::Connection;
use sea_orm::{ConnectionTrait, Statement};

use crate::lab::{Case, Trial, block_on, run, up};
use crate::servers::open;

const TABLES: &str = "CREATE TABLE teams (id int PRIMARY KEY);
    CREATE TABLE users (id int PRIMARY KEY, email text, team int);
    INSERT INTO teams VALUES (1);
    INSERT INTO users SELECT n, 'u' || n, 1 FROM generate_series(1, 50) n;";

const CHANGED: &str = "CREATE TABLE teams (id int PRIMARY KEY);
    CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, team int REFERENCES teams (id), CHECK (id > 0));";

/// Locks that stop whoever wants to write into a table.
const STRONG: [&str; 4] = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

async fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let rows = connection.db().query_all_raw(statement).await.expect("the question is sound");
    rows.iter().map(|row| row.try_get("", "value").expect("a text")).collect()
}

/// The statements of a revision, as far as transactions hold them together. Nothing is built here.
fn transactions(stage: &Plan) -> Vec<Vec<String>> {
    let up = render::sql(stage).0;
    if stage.transaction == Some(false) { up.into_iter().map(|sql| vec![sql]).collect() } else { vec![up] }
}

/// How many rows this session has read by going through whole tables, as the server counts.
async fn rows_read(connection: &Connection) -> u64 {
    let question = "SELECT sum(seq_tup_read)::text AS value FROM pg_stat_xact_user_tables";
    rows(connection, question).await[0].parse().expect("a number")
}

/// The locks that a session holds on tables, and does not only wait for.
fn locks(pid: &str) -> String {
    format!(
        "SELECT DISTINCT mode AS value FROM pg_locks JOIN pg_class ON pg_class.oid = relation \
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND granted AND pid = {pid}"
    )
}

async fn another(trial: &Trial) -> Connection {
    open(trial.database.connection.url()).await
}

#[test]
fn whoever_holds_a_strong_lock_reads_no_rows() {
    block_on(async {
        let Some(trial) = Case::new(TABLES, CHANGED).trial().await else { return };
        let connection = &trial.database.connection;
        let mut read_rows = 0;
        for statements in trial.stages.iter().flat_map(transactions) {
            run(connection, "BEGIN").await.expect("a transaction");
            let before = rows_read(connection).await;
            for sql in &statements {
                run(connection, sql).await.expect("up runs");
            }
            let held = rows(connection, &locks("pg_backend_pid()")).await;
            let read = rows_read(connection).await - before;
            run(connection, "COMMIT").await.expect("all is well");
            let strong: Vec<&String> = held.iter().filter(|mode| STRONG.contains(&mode.as_str())).collect();
            assert!(read == 0 || strong.is_empty(), "{read} rows under {strong:?}: {statements:?}");
            read_rows += read;
        }
        // The check of the column, the check and the foreign key: each looks at the fifty users, and the server counts.
        assert!(read_rows >= 100, "{read_rows} rows were read");
        trial.expect_end().await;
        trial.drop().await;
    });
}

#[test]
fn others_write_while_an_index_is_built() {
    block_on(async {
        let end = TABLES.replace("email text", "email text UNIQUE");
        let Some(trial) = Case::new(TABLES, &end).trial().await else { return };
        let (slow, other) = (another(&trial).await, another(&trial).await);
        let pid = rows(&trial.database.connection, "SELECT pg_backend_pid()::text AS value").await.remove(0);
        // The build waits for this transaction.
        run(&slow, "BEGIN; INSERT INTO users VALUES (51, 'slow', 1)").await.expect("a row");
        let build = async {
            for stage in &trial.stages {
                up(&trial.database.connection, stage).await.expect("up runs");
            }
        };
        let meanwhile = async {
            let mut held = Vec::new();
            while !held.contains(&"ShareUpdateExclusiveLock".to_owned()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
                held = rows(&other, &locks(&pid)).await;
            }
            assert!(!held.iter().any(|mode| STRONG.contains(&mode.as_str())), "{held:?}");
            run(&other, "SET lock_timeout = '1s'; INSERT INTO users VALUES (52, 'other', 1)").await.expect("a row");
            run(&slow, "COMMIT").await.expect("all is well");
        };
        tokio::join!(build, meanwhile);
        trial.expect_end().await;
        slow.close().await.expect("it closes");
        other.close().await.expect("it closes");
        trial.drop().await;
    });
}

#[test]
fn a_build_that_failed_is_begun_again() {
    block_on(async {
        let end = TABLES.replace("email text", "email text UNIQUE");
        let Some(trial) = Case::new(TABLES, &end).trial().await else { return };
        let connection = &trial.database.connection;
        run(connection, "INSERT INTO users VALUES (51, 'u1', 1)").await.expect("a row");
        let [stage] = trial.stages.as_slice() else { panic!("one revision, not {}", trial.stages.len()) };
        let error = up(connection, stage).await.expect_err("two rows are the same");
        assert!(error.contains("could not create unique index"), "{error}");
        let invalid = "SELECT indexrelid::regclass::text AS value FROM pg_index WHERE NOT indisvalid";
        assert_eq!(rows(connection, invalid).await, ["users_email_key_new"]);
        run(connection, "DELETE FROM users WHERE id = 51").await.expect("the row goes");
        up(connection, stage).await.expect("now it runs");
        assert_eq!(rows(connection, invalid).await, [""; 0]);
        trial.expect_end().await;
        trial.drop().await;
    });
}

#[test]
fn rows_that_come_while_others_are_filled_are_filled_too() {
    block_on(async {
        let end = "CREATE TABLE users (id int PRIMARY KEY, email text, team int, nick text NOT NULL);
            CREATE TABLE teams (id int PRIMARY KEY)";
        let Some(trial) = Case::new(TABLES, end).filled("users.nick=lower(email)").trial().await else { return };
        for (number, stage) in trial.stages.iter().enumerate() {
            up(&trial.database.connection, stage).await.expect("up runs");
            // The application that runs now does not know of the column. Once it is required of new rows, it is refused.
            let row = format!("INSERT INTO users (id, email, team) VALUES ({}, 'OLD', 1)", 100 + number);
            let written = run(&trial.database.connection, &row).await;
            assert_eq!(written.is_ok(), number < 2, "after revision {}: {written:?}", number + 1);
        }
        let nicks = "SELECT DISTINCT nick AS value FROM users WHERE id >= 100";
        assert_eq!(rows(&trial.database.connection, nicks).await, ["old"]);
        trial.expect_end().await;
        trial.drop().await;
    });
}

#[test]
fn who_waits_too_long_for_a_lock_gives_up_and_changes_nothing() {
    block_on(async {
        let end = TABLES.replace("email text", "email text NOT NULL");
        let case = Case::new(TABLES, &end).waiting(Duration::from_millis(200));
        let Some(trial) = case.trial().await else { return };
        let reader = another(&trial).await;
        run(&reader, "BEGIN; SELECT 1 FROM users").await.expect("a reader");
        let error = up(&trial.database.connection, &trial.stages[0]).await.expect_err("the reader is in the way");
        assert!(error.contains("lock timeout"), "{error}");
        run(&reader, "COMMIT").await.expect("all is well");
        reader.close().await.expect("the reader is gone");
        for stage in &trial.stages {
            up(&trial.database.connection, stage).await.expect("up runs");
        }
        trial.expect_end().await;
        trial.drop().await;
    });
}
