//! `upgrade` and `downgrade` through the whole way: a migration crate that is built, its binary, a database, and what
//! can go wrong on it.

use std::fs;
use std::io::{BufReader, Read};
use std::process::Child;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::database::{Server, TestDatabase, block_on, connect};
use crate::job::scratch::{Scratch, target_directory};
use crate::project::{Ended, autogen, ended, start};

/// a - b - c - d - e. `b` is generated, as its header says; the others are written by hand.
const FILES: [(&str, &str); 5] = [
    ("m1_a", include_str!("running/m1_a.rs")),
    ("m2_b", include_str!("running/m2_b.rs")),
    ("m3_c", include_str!("running/m3_c.rs")),
    ("m4_d", include_str!("running/m4_d.rs")),
    ("m5_e", include_str!("running/m5_e.rs")),
];

struct Project {
    database: TestDatabase,
    scratch: Scratch,
}

impl Project {
    fn on(server: Server) -> Option<Self> {
        let database = TestDatabase::create(server)?;
        let folder = target_directory().join("end-to-end/running");
        let scratch = Scratch::copy("chat", &folder).unwrap();
        let source = folder.join("migration/src");
        for entry in fs::read_dir(&source).unwrap().map(|entry| entry.unwrap().path()) {
            if !entry.ends_with("main.rs") {
                fs::remove_file(entry).unwrap();
            }
        }
        for (stem, text) in FILES {
            fs::write(source.join(format!("{stem}.rs")), text).unwrap();
        }
        let mods: String = FILES.iter().map(|(stem, _)| format!("mod {stem};\n")).collect();
        let list: String = FILES.iter().map(|(stem, _)| format!("Box::new({stem}::Migration), ")).collect();
        let lib = format!(
            "pub use sea_orm_migration::prelude::*;\n\n{mods}\npub struct Migrator;\n\n#[async_trait::async_trait]\nimpl MigratorTrait for Migrator {{\n    \
             fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![{list}]\n    }}\n}}\n"
        );
        fs::write(source.join("lib.rs"), lib).unwrap();
        // An example of the fixture that has no place here.
        let _gone = fs::remove_dir_all(folder.join("migration/examples"));
        let project = Self { database, scratch };
        project.use_database(&project.database);
        Some(project)
    }

    fn use_database(&self, database: &TestDatabase) {
        let text = format!("entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"{}\"\n", database.url);
        fs::write(self.scratch.directory.join("autogen.toml"), text).unwrap();
    }

    fn run(&self, words: &str) -> Ended {
        autogen(&self.scratch.directory, &words.split(' ').collect::<Vec<_>>())
    }

    fn commits_at_every_statement(&self) -> bool {
        matches!(self.database.server, Server::Mariadb | Server::Mysql)
    }

    #[track_caller]
    fn has(&self, tables: &[&str]) {
        assert_eq!(self.database.tables(), tables);
    }

    /// Starts an upgrade whose fourth revision waits for a minute, and comes back when it waits.
    fn start_and_wait(&self) -> Child {
        let mut child = start(&self.scratch.directory, &["upgrade"], &[("PAUSE", "1")]);
        let mut seen = String::new();
        // What comes after is short enough for the pipe to hold.
        let mut output = BufReader::new(child.stdout.as_mut().unwrap());
        while !seen.contains("m4_d …") {
            let mut byte = [0];
            if output.read(&mut byte).unwrap() == 0 {
                panic!("it ended before: {}", ended("upgrade", child).stderr);
            }
            seen.push(char::from(byte[0]));
            // The ellipsis is no single byte.
            seen = seen.replace("â\u{80}¦", "…");
        }
        self.wait_for_the_statement();
        child
    }

    fn wait_for_the_statement(&self) {
        let (backend, sql) = match self.database.server {
            Server::Sqlite => return,
            Server::Postgres => (
                DbBackend::Postgres,
                "SELECT pid::bigint AS id FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
            ),
            Server::Mariadb | Server::Mysql => (
                DbBackend::MySql,
                "SELECT CAST(id AS SIGNED) AS id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%SLEEP(60)%' AND id <> CONNECTION_ID()",
            ),
        };
        block_on(async {
            let db = connect(&self.database.url).await;
            while db.query_one_raw(Statement::from_string(backend, sql)).await.unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }

    /// Ends every session of the database but this one's, as an administrator would.
    fn kill_sessions(&self) {
        block_on(async {
            let db = connect(&self.database.url).await;
            if self.database.server == Server::Postgres {
                let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
                db.execute_unprepared(sql).await.unwrap();
                return;
            }
            let sql = "SELECT CAST(id AS SIGNED) AS id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            for row in db.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await.unwrap() {
                let id: i64 = row.try_get("", "id").unwrap();
                // It may have ended by itself.
                let _killed = db.execute_unprepared(&format!("KILL {id}")).await;
            }
        });
    }

    /// After `d` was cut short: nothing is left of it, or what is left is told and taken back by hand.
    fn recover(&self) {
        self.run("current").with(0).shows(&["c  m3_c"]);
        if self.commits_at_every_statement() {
            self.run("upgrade").with(6).says(&[
                "m4_d is half-way",
                "ran: CREATE TABLE `d`",
                "written by hand",
                "--restart",
            ]);
            self.run("upgrade --resume").with(6).says(&["written by hand"]);
            self.database.execute("DROP TABLE d");
            self.run("upgrade d --restart").with(0);
        } else {
            self.has(&["a", "b1", "b2", "given"]);
            self.run("upgrade d").with(0);
        }
        self.has(&["a", "b1", "b2", "d", "given"]);
    }
}

fn interrupt(child: &Child) {
    // The whole group, as a terminal does it.
    let group = format!("-{}", child.id());
    assert!(std::process::Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
}

#[test]
fn sqlite_through_failures_interruptions_and_kills() {
    through_failures_interruptions_and_kills(Server::Sqlite);
}

#[test]
fn postgres_through_failures_interruptions_and_kills() {
    through_failures_interruptions_and_kills(Server::Postgres);
}

#[test]
fn mariadb_through_failures_interruptions_and_kills() {
    through_failures_interruptions_and_kills(Server::Mariadb);
}

#[test]
fn mysql_through_failures_interruptions_and_kills() {
    through_failures_interruptions_and_kills(Server::Mysql);
}

fn through_failures_interruptions_and_kills(server: Server) {
    let Some(project) = Project::on(server) else { return };
    fail_and_go_on(&project);
    project.run("upgrade c -x table=given").with(0);
    project.has(&["a", "b1", "b2", "given"]);

    let child = project.start_and_wait();
    interrupt(&child);
    ended("upgrade", child).with(130).says(&["interrupted in m4_d"]);
    project.recover();

    project.run("downgrade c").with(0);
    if server != Server::Sqlite {
        let child = project.start_and_wait();
        project.kill_sessions();
        let killed = ended("upgrade", child);
        assert!([4, 6].contains(&killed.code), "{}: {}", killed.code, killed.stderr);
        assert!(
            killed.stderr.contains("could not apply m4_d") && !killed.stderr.contains("panicked at"),
            "{}",
            killed.stderr
        );
        project.recover();
    } else {
        project.run("upgrade d").with(0);
    }

    project.run("upgrade -x panic=now").with(6).says(&["could not apply m5_e", "it panicked: as it was told"]);
    if project.commits_at_every_statement() {
        project.run("upgrade").with(6).says(&["m5_e is half-way", "it panicked"]);
        project.database.execute("DELETE FROM b1");
        project.run("upgrade --restart").with(0);
    } else {
        project.run("upgrade").with(0);
    }
    one_transaction(&project);
}

/// A table in the way of the second statement of a generated revision.
fn fail_and_go_on(project: &Project) {
    project.database.execute("CREATE TABLE b2 (id INTEGER)");
    project.run("upgrade b").with(6).says(&["could not apply m2_b", "b2"]);
    project.run("current").with(0).shows(&["a  m1_a"]);
    if project.commits_at_every_statement() {
        project.has(&["a", "b1", "b2"]);
        project.run("current").with(0).says(&["m2_b is half-way"]);
        project.run("status").with(0).shows(&["Half-way:", "m2_b"]);
        // Nothing is left to do up to there, and the database is not there.
        project.run("upgrade a").with(6).says(&[
            "m2_b is half-way",
            "1. ran: CREATE TABLE b1",
            "2. failed: CREATE TABLE b2",
            "--resume",
        ]);
        project.database.execute("DROP TABLE b2");
        project.run("upgrade b --resume").with(0);
    } else {
        project.has(&["a", "b2"]);
        project.database.execute("DROP TABLE b2");
        project.run("upgrade b").with(0);
    }
    project.has(&["a", "b1", "b2"]);
}

fn one_transaction(project: &Project) {
    project.run("downgrade base -x table=given").with(0);
    project.has(&[]);
    if project.commits_at_every_statement() {
        project.run("upgrade --single-transaction").with(2).says(&["MySQL and MariaDB commit at every DDL statement"]);
        return;
    }
    project.run("upgrade --single-transaction -x panic=now").with(6).says(&["m5_e", "the whole run is rolled back"]);
    project.has(&[]);
    project.run("current").with(0).says(&["nothing is applied"]);
    project.run("upgrade --single-transaction").with(0);
    project.has(&["a", "b1", "b2", "c", "d"]);
}

/// The script gives the database that a real upgrade gives, routines with semicolons in them included.
#[test]
fn x47_a_script_gives_what_an_upgrade_gives() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql] {
        let Some(project) = Project::on(server) else { continue };
        let scripted = TestDatabase::create(server).expect("the other one was created");
        let up = project.run("upgrade base:e --sql").with(0).stdout;
        let down = project.run("downgrade e:base --sql").with(0).stdout;
        project.has(&[]);
        project.run("upgrade").with(0);
        if !scripted.run_script(&up) {
            continue;
        }
        assert_eq!(told_apart(&scripted), told_apart(&project.database), "{server:?}\n{up}");
        let insert = "INSERT INTO a (id) VALUES (1)";
        scripted.execute(insert);
        project.database.execute(insert);
        assert_eq!(told_apart(&scripted), told_apart(&project.database), "the triggers do the same");
        project.use_database(&scripted);
        project.run("current --check-heads").with(0).shows(&["e (head)"]);
        project.run("upgrade").with(0).shows(&["nothing to upgrade"]);
        scripted.run_script(&down);
        assert_eq!(scripted.tables(), [""; 0]);
        project.run("current").with(0).says(&["nothing is applied"]);
    }
}

/// The schema and the rows, without what the log of the steps brings along, and without the time of each.
fn told_apart(database: &TestDatabase) -> Vec<String> {
    let dump = database.dump();
    let lines = dump
        .lines()
        .filter(|line| !["autogen_history", "sqlite_sequence", "name='"].iter().any(|word| line.contains(word)));
    let is_version = |line: &str| line.starts_with("version=") || line.starts_with("{\"version\"");
    let without_time = |line: &str| line.split("applied_at").next().unwrap_or_default().to_owned();
    lines.map(|line| if is_version(line) { without_time(line) } else { line.to_owned() }).collect()
}

/// What SeaORM's own command line calls DATABASE_SCHEMA is where all commands look, and where migrations run.
#[test]
fn a_schema_of_postgresql_is_honoured_by_every_command() {
    let Some(project) = Project::on(Server::Postgres) else { return };
    project.database.execute("CREATE SCHEMA tenant");
    fs::write(project.scratch.directory.join(".env"), "DATABASE_SCHEMA=tenant\n").unwrap();
    project.run("upgrade b").with(0);
    project.run("current").with(0).shows(&["b  m2_b"]);
    project.has(&[]);
    project.database.execute("SELECT id FROM tenant.b1");
    project.run("stamp c").with(0).shows(&["recorded m3_c"]);
    let script = project.run("upgrade c:e --sql").with(0);
    assert!(script.stdout.contains("CREATE TABLE \"d\""), "{}", script.stdout);
    project.run("verify").with(1).shows(&["ok    up again m5_e"]);
    fs::remove_file(project.scratch.directory.join(".env")).unwrap();
    project.run("current").with(0).says(&["nothing is applied"]);
}
