//! Tries a case on a database: the expected operations, up, nothing left to do, down, back at the start.

use autogen_diff::{Change, Coverage, Inputs, Lock, Plan, Spellings, plan, render};
use autogen_introspect::{Connection, Reading, Scope, read};
use autogen_prove::{differences, spellings};
use autogen_schema::{Backend, Notice, Rename, Schema};
use sea_orm::{ConnectionTrait, Statement};

use crate::case::{Case, cases};
use crate::entities;
use crate::options::Options;
use crate::rows::{End, answer, lost, rows};
use crate::servers::{Database, url};
use crate::words::words;

/// Tries the case of this id on each of its databases. What is marked as failing must fail.
pub(crate) fn check(group: &str, id: &str) {
    let case = cases(group).into_iter().find(|case| case.id == id).unwrap_or_else(|| panic!("{group}.txt has no {id}"));
    if let Some(reason) = case.section("differs", Backend::Sqlite).filter(|_| case.backends.is_empty()) {
        say(&format!("{id} differs: {}", reason.trim()));
    }
    let failures: Vec<String> = std::thread::scope(|threads| {
        let trials: Vec<_> = case.backends.iter().map(|backend| threads.spawn(|| check_on(&case, *backend))).collect();
        trials.into_iter().filter_map(|trial| trial.join().expect("a trial does not panic")).collect()
    });
    assert!(failures.is_empty(), "{id} ({}):\n{}", case.title, failures.join("\n\n"));
}

/// What is wrong with the case on this database, where it is there.
fn check_on(case: &Case, backend: Backend) -> Option<String> {
    let url = url(backend)?;
    let id = &case.id;
    if let Some(reason) = case.section("differs", backend) {
        say(&format!("{id} differs on {backend}: {}", reason.trim()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    match (runtime.block_on(on_database(case, &url)), case.section("fails", backend)) {
        (Ok(()), None) => None,
        (Err(_), Some(reason)) => {
            say(&format!("{id} fails on {backend}: {}", reason.trim()));
            None
        }
        (Ok(()), Some(reason)) => Some(format!("{backend}: passes now, and was marked as failing: {reason}")),
        (Err(failure), None) => Some(format!("{backend}: {failure}")),
    }
}

#[expect(clippy::print_stderr, reason = "what is not as the scenario wants it is never passed over in silence")]
fn say(line: &str) {
    eprintln!("{line}");
}

async fn on_database(case: &Case, url: &str) -> Result<(), String> {
    let database = Database::create(url).await;
    let outcome = trial(case, &database.connection, url).await;
    database.drop().await;
    outcome
}

/// What is wanted, and what was said at the last revision.
struct Wanted {
    schema: Schema,
    coverage: Coverage,
    memory: Option<Lock>,
    /// The renames that the entities speak of.
    renames: Vec<Rename>,
    options: Options,
}

async fn trial(case: &Case, connection: &Connection, url: &str) -> Result<(), String> {
    let backend = connection.backend();
    let section = |name| case.section(name, backend);
    let expected = section("expect").ok_or("nothing is expected")?;
    run(connection, section("before").unwrap_or_default()).await?;
    run(connection, section("rows").unwrap_or_default()).await?;
    let (wanted, told) = match wanted(case, backend, url).await {
        Ok(wanted) => wanted,
        Err(error) => return refused(expected, &error),
    };
    let scope = scope(&wanted);
    let start = now(connection, &scope).await?;
    let planned = match planned(connection, &start, &wanted, wanted.memory.as_ref()).await {
        Ok(planned) => planned,
        Err(error) => return refused(expected, &error),
    };
    let told: Vec<Notice> = told.into_iter().chain(start.notices.clone()).collect();
    check_expected(expected, &planned, &told, wanted.options.ordered)?;

    let (up, down) = render::sql(&planned);
    let before = rows(connection, &start.schema).await?;
    let question = section("kept").unwrap_or_default();
    let answered = answer(connection, question).await?;
    if let Err(error) = migrate(connection, &planned, &up).await {
        let left = differences(&start.schema, &now(connection, &scope).await?.schema);
        return if expected.lines().any(|line| line == "up fails") && left.is_empty() {
            Ok(())
        } else {
            Err(format!("up: {error}\nup is {up:#?}\nleft behind: {left:#?}"))
        };
    }
    let end = now(connection, &scope).await?;
    let at_end = |error: String| format!("{error}\nup was {up:#?}");
    if let Some(sql) = section("end") {
        let made = database_of(url, sql, &scope).await?;
        nothing("the database is not what the case says", &differences(&made, &end.schema)).map_err(at_end)?;
    }
    let advanced = Lock::advance(None, wanted.schema.clone(), vec!["a".into()]);
    let memory = (wanted.coverage == Coverage::Partial).then_some(&advanced);
    // What was decided has been made.
    let wanted = Wanted { options: Options { renames: Vec::new(), ..wanted.options }, ..wanted };
    let again = self::planned(connection, &end, &wanted, memory).await?;
    let left: Vec<String> = again.findings.iter().map(|finding| format!("{:?}", finding.change)).collect();
    nothing("the second comparison is not empty", &left).map_err(at_end)?;
    let kept = lost(&planned, &before, &rows(connection, &end.schema).await?, End::End);
    nothing("up lost rows", &kept).map_err(at_end)?;
    same_answer(&answered, &answer(connection, question).await?).map_err(at_end)?;

    let at_start = |error: String| format!("{error}\nup was {up:#?}\ndown was {down:#?}");
    migrate(connection, &planned, &down).await.map_err(|error| at_start(format!("down: {error}")))?;
    let back = now(connection, &scope).await?;
    nothing("down does not lead to the start", &differences(&start.schema, &back.schema)).map_err(at_start)?;
    nothing("down lost rows", &lost(&planned, &before, &rows(connection, &back.schema).await?, End::Start))
        .map_err(at_start)?;
    same_answer(&answered, &answer(connection, question).await?).map_err(at_start)
}

fn same_answer(before: &[String], now: &[String]) -> Result<(), String> {
    if before == now { Ok(()) } else { Err(format!("the answer was {before:?}, and is {now:?}")) }
}

fn nothing(what: &str, found: &[String]) -> Result<(), String> {
    if found.is_empty() { Ok(()) } else { Err(format!("{what}:\n{}", found.join("\n"))) }
}

/// An error that the case expects in these words.
fn refused(expected: &str, error: &str) -> Result<(), String> {
    let words = expected.lines().find_map(|line| line.strip_prefix("error "));
    if words.is_some_and(|words| error.contains(words)) { Ok(()) } else { Err(error.to_owned()) }
}

async fn wanted(case: &Case, backend: Backend, url: &str) -> Result<(Wanted, Vec<Notice>), String> {
    let options = Options::parse(case.section("options", backend).unwrap_or_default());
    if let Some(sql) = case.section("target", backend) {
        let schema = database_of(url, sql, &Scope { schemas: options.schemas.clone(), ..Scope::default() }).await?;
        let wanted = Wanted { schema, coverage: Coverage::Complete, memory: None, renames: Vec::new(), options };
        return Ok((wanted, Vec::new()));
    }
    let after = entities::reading(case.section("after", backend).ok_or("nothing is wanted")?)?;
    let memory = match case.section("was", backend) {
        Some(text) => Some(Lock::advance(None, entities::reading(text)?.schema, vec!["a".into()])),
        None => None,
    };
    let (schema, renames) = (after.schema, after.renames);
    Ok((Wanted { schema, coverage: Coverage::Partial, memory, renames, options }, after.notices))
}

/// As the command line does it: the schemas of the entities are read beside the default one.
fn scope(wanted: &Wanted) -> Scope {
    let said = wanted.memory.iter().flat_map(|lock| lock.declared.tables.keys());
    let named = wanted.schema.tables.keys().chain(said).filter_map(|name| name.schema.clone());
    let enums = wanted.schema.enums.keys().filter_map(|name| name.schema.clone());
    let mut beside_default: Vec<String> = named.chain(enums).collect();
    beside_default.sort();
    beside_default.dedup();
    Scope { schemas: wanted.options.schemas.clone(), beside_default, ..Scope::default() }
}

/// What a database that is made by this SQL reads as.
async fn database_of(url: &str, sql: &str, scope: &Scope) -> Result<Schema, String> {
    let database = Database::create(url).await;
    let made = async {
        run(&database.connection, sql).await?;
        now(&database.connection, scope).await
    };
    let made = made.await;
    database.drop().await;
    made.map(|reading| reading.schema)
}

async fn planned(
    connection: &Connection,
    live: &Reading,
    wanted: &Wanted,
    memory: Option<&Lock>,
) -> Result<Plan, String> {
    let inputs = Inputs {
        live: &live.schema,
        desired: &wanted.schema,
        coverage: wanted.coverage,
        memory,
        renames: &wanted.renames,
        decided: &wanted.options.renames,
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &wanted.options.settings,
        spellings: &Spellings::default(),
    };
    let spellings = spellings(&inputs, connection).await;
    plan(&Inputs { spellings: &spellings, ..inputs }).map_err(|error| error.to_string())
}

/// Every line that is no demand of its own is an operation; these must be all.
fn check_expected(expected: &str, plan: &Plan, told: &[Notice], ordered: bool) -> Result<(), String> {
    let default_schema = plan.default_schema.as_deref();
    let change_words = |change: &Change| words(change, default_schema);
    let mut found: Vec<String> = plan.findings.iter().map(|finding| change_words(&finding.change)).collect();
    let notices: Vec<&Notice> = told.iter().chain(&plan.notices).collect();
    let up = render::sql(plan).0;
    let mut operations = Vec::new();
    let mut missing = Vec::new();
    for line in expected.lines().filter(|line| !matches!(*line, "nothing" | "up fails")) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let is_met = match word {
            "notice" => notices.iter().any(|notice| as_word(&notice.kind) == rest),
            "hazard" => {
                let mut hazards = plan.findings.iter().flat_map(|finding| &finding.hazards);
                hazards.any(|hazard| as_word(&hazard.kind) == rest)
            }
            "sql" => up.iter().any(|sql| sql.contains(rest)),
            _ => {
                operations.push(line.to_owned());
                true
            }
        };
        if !is_met {
            missing.push(line);
        }
    }
    if !ordered {
        found.sort();
        operations.sort();
    }
    if found == operations && missing.is_empty() {
        return Ok(());
    }
    let notices: Vec<String> = notices.iter().map(|notice| format!("{}: {}", as_word(&notice.kind), notice)).collect();
    Err(format!("expected {operations:#?}\nfound {found:#?}\nmissing {missing:#?}\nnotices {notices:#?}\nup {up:#?}"))
}

fn as_word<T: serde::Serialize>(kind: &T) -> String {
    serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn now(connection: &Connection, scope: &Scope) -> Result<Reading, String> {
    read(connection, scope).await.map_err(|error| error.to_string())
}

async fn run(connection: &Connection, sql: &str) -> Result<(), String> {
    if sql.trim().is_empty() {
        return Ok(());
    }
    let done = connection.db().execute_unprepared(sql).await;
    done.map(drop).map_err(|error| format!("{error}\n{sql}"))
}

/// Runs statements as a generated file and SeaORM's runner do: in a transaction, or, around a rebuild, with the
/// enforcement of keys put aside and looked at in the end. Without one on MySQL and MariaDB.
async fn migrate(connection: &Connection, plan: &Plan, statements: &[String]) -> Result<(), String> {
    let is_guarded = plan.backend == Backend::Sqlite && render::use_transaction(plan) == Some(false);
    let has_transactions = matches!(plan.backend, Backend::Sqlite | Backend::Postgres);
    let [before, after] = if is_guarded { [OFF, ON] } else { ["", ""] };
    run(connection, before).await?;
    let done = async {
        run(connection, if has_transactions { "BEGIN" } else { "" }).await?;
        for sql in statements {
            run(connection, sql).await?;
        }
        if is_guarded {
            let query = Statement::from_string(connection.db().get_database_backend(), "PRAGMA foreign_key_check");
            let broken = connection.db().query_all_raw(query).await.map_err(|error| error.to_string())?;
            nothing("keys are broken", &broken.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>())?;
        }
        run(connection, if has_transactions { "COMMIT" } else { "" }).await
    };
    let done = done.await;
    if done.is_err() && has_transactions {
        // The refusal is the one to tell.
        let _ = run(connection, "ROLLBACK").await;
    }
    run(connection, after).await?;
    done
}

const OFF: &str = "PRAGMA foreign_keys = OFF";
const ON: &str = "PRAGMA foreign_keys = ON";
