//! The binary of a migration crate as a process: exit codes, output, two at once, and a kill in the middle.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use autogen_migrate::versions;
use autogen_schema::DatabaseUrl;
use expect_test::expect;
use support::{Scratch, tables};

const UNBUILT: &str = "the example, which `cargo test` without --test builds";

fn program() -> Command {
    support::program("migration")
}

fn run(url: &DatabaseUrl, arguments: &[&str]) -> Output {
    program().args(arguments).env("DATABASE_URL", url.expose()).output().expect(UNBUILT)
}

/// What a user sees: the output, the errors, the exit code. Times are not compared.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut shown = String::new();
    for line in text(&output.stdout).lines() {
        let line = line.split(" in ").next().unwrap_or_default();
        let line = line.split(",\"milliseconds\":").next().unwrap_or_default();
        shown.push_str(&format!("{line}\n"));
    }
    shown.push_str(&text(&output.stderr));
    shown.push_str(&format!("exit code {}\n", output.status.code().unwrap_or(-1)));
    shown
}

#[test]
fn a_session_in_text() {
    let scratch = Scratch::sqlite();
    let mut session = String::new();
    for words in [
        "current",
        "upgrade +1",
        "status",
        "upgrade",
        "upgrade",
        "current",
        "history",
        "heads",
        "downgrade -1",
        "downgrade m1_a",
        "up -n 5",
        "down",
        "reset",
    ] {
        let arguments: Vec<&str> = words.split(' ').collect();
        session.push_str(&format!("$ {words}\n{}", shown(&run(&scratch.url, &arguments))));
    }
    expect![[r#"
        $ current
        exit code 0
        $ upgrade +1
        upgrade 1/1 m1_a … done
        exit code 0
        $ status
        m1_a (applied)
        m2_b (pending)
        m3_c (head) (pending)
        exit code 0
        $ upgrade
        upgrade 1/2 m2_b … done
        upgrade 2/2 m3_c … done
        exit code 0
        $ upgrade
        nothing to apply
        exit code 0
        $ current
        m3_c (head)
        exit code 0
        $ history
        m3_c (head) (applied)
        m2_b (applied)
        m1_a (applied)
        exit code 0
        $ heads
        m3_c (head) (applied)
        exit code 0
        $ downgrade -1
        downgrade 1/1 m3_c … done
        exit code 0
        $ downgrade m1_a
        downgrade 1/1 m2_b … done
        exit code 0
        $ up -n 5
        upgrade 1/2 m2_b … done
        upgrade 2/2 m3_c … done
        exit code 0
        $ down
        downgrade 1/1 m3_c … done
        exit code 0
        $ reset
        downgrade 1/2 m2_b … done
        downgrade 2/2 m1_a … done
        exit code 0
    "#]]
    .assert_eq(&session);
}

#[test]
fn a_session_for_programs() {
    let scratch = Scratch::sqlite();
    let mut session = String::new();
    for words in ["upgrade --only m1_a", "upgrade", "downgrade --only m3_c", "current"] {
        let arguments: Vec<&str> = words.split(' ').chain(["--format", "json-lines"]).collect();
        session.push_str(&format!("$ {words}\n{}", shown(&run(&scratch.url, &arguments))));
    }
    expect![[r#"
        $ upgrade --only m1_a
        {"event":"started","direction":"upgrade","name":"m1_a","number":1,"total":1}
        {"event":"finished","direction":"upgrade","name":"m1_a"
        {"event":"done","direction":"upgrade","names":["m1_a"]}
        exit code 0
        $ upgrade
        {"event":"started","direction":"upgrade","name":"m2_b","number":1,"total":2}
        {"event":"finished","direction":"upgrade","name":"m2_b"
        {"event":"started","direction":"upgrade","name":"m3_c","number":2,"total":2}
        {"event":"finished","direction":"upgrade","name":"m3_c"
        {"event":"done","direction":"upgrade","names":["m2_b","m3_c"]}
        exit code 0
        $ downgrade --only m3_c
        {"event":"started","direction":"downgrade","name":"m3_c","number":1,"total":1}
        {"event":"finished","direction":"downgrade","name":"m3_c"
        {"event":"done","direction":"downgrade","names":["m3_c"]}
        exit code 0
        $ current
        {"event":"revision","id":"m2_b","name":"m2_b","parents":["m1_a"],"message":"b","applied":null,"head":false}
        exit code 0
    "#]]
    .assert_eq(&session);
}

#[test]
fn every_failure_has_its_exit_code() {
    let scratch = Scratch::sqlite();
    let mut session = String::new();
    let mut note = |what: &str, output: &Output| session.push_str(&format!("$ {what}\n{}", shown(output)));
    note("upgrade without DATABASE_URL", &program().arg("upgrade").output().expect(UNBUILT));
    let url = |text: &str| program().args(["upgrade"]).env("DATABASE_URL", text).output().expect(UNBUILT);
    note("upgrade of an unknown database", &url("oracle://me:hunter2@host/db"));
    let refused = url("postgres://me:hunter2@127.0.0.1:1/db");
    assert_eq!(refused.status.code(), Some(4));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("hunter2"));
    note("upgrade nowhere", &run(&scratch.url, &["upgrade", "m7"]));
    run(&scratch.url, &["upgrade", "m1"]);
    // A table that is in the way.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        use sea_orm_migration::sea_orm::ConnectionTrait;
        let db = scratch.connect().await;
        db.execute_unprepared("CREATE TABLE m2_b (id INTEGER)").await.expect("a table");
        db.close().await.expect("an open connection");
    });
    note("upgrade into a table", &run(&scratch.url, &["upgrade"]));
    expect![[r#"
        $ upgrade without DATABASE_URL
        error: DATABASE_URL is not set; set it to the URL of the database
        exit code 2
        $ upgrade of an unknown database
        error: database URLs that begin with `oracle:` are not supported; use sqlite:, postgres:, mysql: or mariadb:
        exit code 2
        $ upgrade nowhere
        error: can't locate revision identified by 'm7'
        exit code 3
        $ upgrade into a table
        upgrade 1/2 m2_b … failed
        error: could not apply m2_b: Execution Error: error returned from database: (code: 1) table "m2_b" already exists; it was rolled back: nothing of it is left, earlier migrations stay
        exit code 6
    "#]].assert_eq(&session);
    let usage = program().arg("downgrade").output().expect(UNBUILT);
    assert_eq!(usage.status.code(), Some(2));
}

#[tokio::test]
async fn a_killed_process_leaves_neither_lock_nor_half_a_step() {
    for scratch in Scratch::everywhere().await {
        let mut child = program()
            .args(["upgrade", "--format", "json-lines"])
            .env("DATABASE_URL", scratch.url.expose())
            .env("SLEEP_IN_MIGRATION", "60000")
            .stdout(Stdio::piped())
            .spawn()
            .expect(UNBUILT);
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let started =
            lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("started") && line.contains("m2_b")));
        started.expect("the second migration starts").expect("a line");
        let held = run(&scratch.url, &["upgrade", "--lock-timeout", "0"]);
        assert_eq!(held.status.code(), Some(5), "{}: {}", scratch.name, shown(&held));
        let message = shown(&held);
        assert!(message.contains("another process runs migrations on this database ("), "{message}");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let db = scratch.connect().await;
        let recorded = versions::applied(&db, "seaql_migrations").await.expect("a version table");
        assert_eq!(recorded, ["m1_a"], "{}", scratch.name);
        if scratch.name == "sqlite" {
            assert_eq!(tables(&db).await, ["m1_a"]);
            db.close().await.expect("an open connection");
            let again = run(&scratch.url, &["upgrade"]);
            assert!(again.status.success(), "{}", shown(&again));
        } else {
            // The file asked for no transaction, so its table may be there. The lock is not.
            let lock =
                autogen_migrate::lock::acquire(&db, "seaql_migrations", std::time::Duration::from_secs(60)).await;
            lock.expect("the lock ended with the process").release().await;
            db.close().await.expect("an open connection");
        }
        scratch.drop_now().await;
    }
}

#[tokio::test]
async fn many_processes_at_once_apply_everything_once() {
    for scratch in Scratch::everywhere().await {
        let children: Vec<_> = (0..4)
            .map(|_| {
                let mut command = program();
                command.args(["upgrade", "--format", "json-lines"]).env("DATABASE_URL", scratch.url.expose());
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect(UNBUILT)
            })
            .collect();
        let mut finished = 0;
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}: {}", scratch.name, shown(&output));
            finished += String::from_utf8_lossy(&output.stdout).matches("\"finished\"").count();
        }
        assert_eq!(finished, 3, "{}", scratch.name);
        scratch.drop_now().await;
    }
}
