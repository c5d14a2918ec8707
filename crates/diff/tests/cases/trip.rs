//! One case on one database: the file, then up and down.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use autogen_diff::render::{File, SeaOrm};
use autogen_diff::{Coverage, Inputs, Lock, Plan, Settings, Spellings, compare, plan, render};
use autogen_introspect::{ConnectOptions, Reading, Scope, connect, read};
use autogen_schema::{Backfill, DatabaseUrl, Rename, Schema};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::{MigrationTrait, MigratorTraitSelf};

use crate::database::{Server, TestDatabase, block_on};
use crate::golden::MIGRATIONS;
use crate::is_blessing;
use crate::listing::formatted;
use crate::recorder::Recorder;
use crate::scenario::{SERVERS, Scenario, Side, word};

type Outcome = Result<(), String>;

/// Checks the golden file, then runs what was compiled of it.
pub(crate) fn check(scenario: &Scenario, server: Server) -> Outcome {
    let _alone = alone(server);
    let Some(database) = TestDatabase::create(server) else { return Ok(()) };
    let before = block_on(make(scenario, Side::Before, &database))?;
    let wanted = Wanted::of(scenario, server)?;
    let plan = wanted.plan(&before)?;
    if plan.is_empty() {
        return Err("there is nothing to do".into());
    }
    let stem = format!("m20260101_000000_{}", scenario.name);
    let header = format!("//! {}\n", scenario.name.replace('_', " "));
    let source = formatted(&render::migration(
        &[&plan],
        &File { header: &header, stem: &stem, sea_orm: SeaOrm::V2, template: None },
    ));
    if is_blessing() {
        return bless(scenario, server, &source);
    }
    let path = golden_file(scenario, server);
    is_golden(&path, &source)?;
    let compiled = compiled(&scenario.name, path.file_stem().and_then(|stem| stem.to_str()).unwrap())?;
    block_on(up_and_down(compiled, &database, &before, &wanted, &plan))
}

/// What SQLite does is heard in the whole process, so that one case at a time is under way.
fn alone(server: Server) -> Option<MutexGuard<'static, ()>> {
    static ALONE: Mutex<()> = Mutex::new(());
    (server == Server::Sqlite).then(|| ALONE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What leads from before to after; `None` where there is no such server.
pub(crate) fn plan_of(scenario: &Scenario, server: Server) -> Option<Plan> {
    let _alone = alone(server);
    let database = TestDatabase::create(server)?;
    let before = block_on(make(scenario, Side::Before, &database)).unwrap();
    Some(Wanted::of(scenario, server).and_then(|wanted| wanted.plan(&before)).unwrap())
}

/// The file that holds for this database.
fn golden_file(scenario: &Scenario, server: Server) -> PathBuf {
    let own = scenario.golden(server);
    if server == Server::Mariadb && !own.is_file() { scenario.golden(Server::Mysql) } else { own }
}

/// Writes the golden file. MariaDB has none where it would be MySQL's, whichever of the two comes first.
fn bless(scenario: &Scenario, server: Server, source: &str) -> Outcome {
    let (of_mysql, of_mariadb) = (scenario.golden(Server::Mysql), scenario.golden(Server::Mariadb));
    let is = |path: &Path| fs::read_to_string(path).is_ok_and(|found| found == source);
    if server == Server::Mariadb && is(&of_mysql) {
        return remove(&of_mariadb);
    }
    fs::write(scenario.golden(server), source).map_err(|error| error.to_string())?;
    if server == Server::Mysql && is(&of_mariadb) { remove(&of_mariadb) } else { Ok(()) }
}

fn remove(path: &Path) -> Outcome {
    if path.is_file() { fs::remove_file(path).map_err(|error| error.to_string()) } else { Ok(()) }
}

/// What shall be there after.
struct Wanted {
    schema: Schema,
    coverage: Coverage,
    renames: Vec<Rename>,
    memory: Option<Lock>,
    backfill: Option<Backfill>,
}

impl Wanted {
    fn of(scenario: &Scenario, server: Server) -> Result<Self, String> {
        let backfill = scenario.backfill();
        if let Some(after) = scenario.entities(Side::After) {
            let declared = scenario.entities(Side::Before).map(|before| before.schema);
            let memory = declared.map(|declared| Lock::advance(None, declared, vec!["before".into()]));
            return Ok(Self {
                schema: after.schema,
                coverage: Coverage::Partial,
                renames: after.renames,
                memory,
                backfill,
            });
        }
        let database = TestDatabase::create(server).ok_or("the server went away")?;
        let schema = block_on(make(scenario, Side::After, &database))?.schema;
        Ok(Self { schema, coverage: Coverage::Complete, renames: Vec::new(), memory: None, backfill })
    }

    /// What leads there, with values for the rows.
    fn plan(&self, live: &Reading) -> Result<Plan, String> {
        self.backfill.iter().try_fold(self.left(live)?, |plan, backfill| {
            plan.backfilled(std::slice::from_ref(backfill)).map_err(|error| error.to_string())
        })
    }

    /// What is left between this and what is there.
    fn left(&self, live: &Reading) -> Result<Plan, String> {
        plan(&Inputs {
            live: &live.schema,
            desired: &self.schema,
            coverage: self.coverage,
            memory: self.memory.as_ref(),
            renames: &self.renames,
            decided: &[],
            backend: live.backend,
            default_schema: live.default_schema.as_deref(),
            settings: &Settings::default(),
            spellings: &Spellings::default(),
        })
        .map_err(|error| error.to_string())
    }
}

/// Makes the database of one side and reads it.
async fn make(scenario: &Scenario, side: Side, database: &TestDatabase) -> Result<Reading, String> {
    let url = DatabaseUrl::parse(&database.url).map_err(|error| error.to_string())?;
    let connection = connect(&url, &ConnectOptions::default()).await.map_err(|error| error.to_string())?;
    for sql in scenario.statements(side, database.server, connection.backend()) {
        let done = connection.db().execute_unprepared(&sql).await;
        done.map_err(|error| format!("{error}\n{sql}"))?;
    }
    connection.close().await.map_err(|error| error.to_string())?;
    now(database).await
}

async fn now(database: &TestDatabase) -> Result<Reading, String> {
    let url = DatabaseUrl::parse(&database.url).map_err(|error| error.to_string())?;
    let connection = connect(&url, &ConnectOptions::default()).await.map_err(|error| error.to_string())?;
    let reading = read(&connection, &Scope::default()).await.map_err(|error| error.to_string())?;
    connection.close().await.map_err(|error| error.to_string())?;
    Ok(reading)
}

/// Checks the file for several databases, and runs it on each of them.
pub(crate) fn check_several(scenario: &Scenario) -> Outcome {
    let servers = scenario.several();
    let plans: Option<Vec<Plan>> = servers.iter().map(|server| plan_of(scenario, *server)).collect();
    // Without one of the servers there is no telling what the file must say.
    let Some(plans) = plans else { return Ok(()) };
    let header = format!("//! {} on several databases\n", scenario.name.replace('_', " "));
    let stem = format!("m20260101_000000_{}", scenario.name);
    let file = File { header: &header, stem: &stem, sea_orm: SeaOrm::V2, template: None };
    let source = formatted(&render::migration(&plans.iter().collect::<Vec<_>>(), &file));
    let path = scenario.golden_of_several();
    if is_blessing() {
        return fs::write(path, source).map_err(|error| error.to_string());
    }
    is_golden(&path, &source)?;
    for server in servers {
        let _alone = alone(server);
        let Some(database) = TestDatabase::create(server) else { return Err("the server went away".into()) };
        let before = block_on(make(scenario, Side::Before, &database))?;
        let wanted = Wanted::of(scenario, server)?;
        let plan = wanted.plan(&before)?;
        let compiled = compiled(&scenario.name, "several")?;
        block_on(up_and_down(compiled, &database, &before, &wanted, &plan))
            .map_err(|failure| format!("on {server:?}: {failure}"))?;
    }
    Ok(())
}

fn is_golden(path: &Path, source: &str) -> Outcome {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == source {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(found.as_str(), source);
    Err(format!("{} is not what is rendered:\n{}", path.display(), diff.unified_diff()))
}

/// What was compiled of a golden file.
pub(crate) fn compiled(case: &str, stem: &str) -> Result<One, String> {
    let found = MIGRATIONS.iter().find(|(known, name, _)| *known == case && *name == stem);
    found.map(|(_, _, migration)| One(*migration)).ok_or_else(|| "it is not compiled; run cargo xtask bless".into())
}

/// Runs the compiled file under SeaORM's own runner.
async fn up_and_down(runner: One, database: &TestDatabase, before: &Reading, wanted: &Wanted, plan: &Plan) -> Outcome {
    let recorder = Recorder::new(database.server);
    let db = Database::connect(&database.url).await.map_err(|error| error.to_string())?;
    let said = |error: sea_orm::DbErr| error.to_string();
    runner.install(&db).await.map_err(said)?;
    let (up, down) = render::sql(plan);

    heard(&recorder, &db).await;
    runner.up(&db, None).await.map_err(|error| format!("up: {error}"))?;
    same_statements("up", &up, heard(&recorder, &db).await)?;
    let left = wanted.left(&now(database).await?)?;
    if !left.is_empty() {
        return Err(format!("up leaves {:#?}", left.findings));
    }

    heard(&recorder, &db).await;
    runner.down(&db, None).await.map_err(|error| format!("down: {error}"))?;
    same_statements("down", &down, heard(&recorder, &db).await)?;
    db.close().await.map_err(|error| error.to_string())?;
    let after = now(database).await?;
    let left = compare(&before.schema, &after.schema);
    if left.is_empty() { Ok(()) } else { Err(format!("down leaves {left:#?}")) }
}

/// What was executed up to here. The driver logs a statement once it is done with it, so one more is waited for.
async fn heard(recorder: &Recorder, db: &DatabaseConnection) -> Vec<String> {
    db.execute_unprepared("SELECT 'end of the recording'").await.unwrap();
    recorder.take()
}

fn same_statements(direction: &str, proven: &[String], mut executed: Vec<String>) -> Outcome {
    executed.retain(|sql| !is_frame(sql));
    if executed == proven {
        return Ok(());
    }
    let [proven, executed] = [proven, &executed].map(|list| list.join(";\n") + ";\n");
    let diff = similar::TextDiff::from_lines(&proven, &executed);
    Err(format!("{direction} executes other statements than were proven:\n{}", diff.unified_diff()))
}

/// What SeaORM's runner and the guards of a rebuild ask and say around the statements.
fn is_frame(sql: &str) -> bool {
    const FRAME: [&str; 10] = [
        "SELECT VERSION() AS value",
        // The driver, on every new connection.
        "SET sql_mode=(SELECT CONCAT(@@sql_mode",
        "BEGIN",
        "COMMIT",
        "SELECT 'end of the recording'",
        "SELECT foreign_keys AS value FROM pragma_foreign_keys",
        "SELECT count(*) AS value FROM",
        "SELECT name FROM pragma_table_xinfo(?)",
        "PRAGMA foreign_keys = ",
        "SELECT version()",
    ];
    sql.contains("seaql_migrations") || FRAME.iter().any(|words| sql.starts_with(words))
}

/// A runner of one migration.
pub(crate) struct One(fn() -> Box<dyn MigrationTrait>);

impl MigratorTraitSelf for One {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        vec![(self.0)()]
    }
}

impl std::fmt::Debug for One {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("One")
    }
}

#[test]
fn every_case_has_a_database_that_it_concerns() {
    for scenario in Scenario::all() {
        assert!(SERVERS.into_iter().any(|server| scenario.concerns(server)), "{}", scenario.name);
        for server in SERVERS.into_iter().filter(|server| !scenario.concerns(*server)) {
            assert!(
                !scenario.golden(server).is_file(),
                "{} has {}.rs and does not concern it",
                scenario.name,
                word(server)
            );
        }
    }
}
