//! Laws that a real database must confirm: what is created reads back without a difference, up leads to the desired
//! schema, down leads back to exactly the start, and rows stay.

use autogen_diff::{Coverage, Plan, Settings, Spellings, Unmanaged, compare, questions, render};
use autogen_introspect::{Connection, Reading, Scope, read, respell};
use autogen_schema::{Backend, NoticeKind, Schema};
use sea_orm::{ConnectionTrait, Statement};

use crate::law::{Broken, Outcome, hold};
use crate::pairs::Pair;
use crate::plans::Question;
use crate::rows::Rows;
use crate::schemas::canonical;
use crate::servers::{Database, url};

/// How many pairs of schemas each database sees, unless AUTOGEN_LAW_CASES says otherwise.
const CASES: u64 = 16;

#[test]
fn up_and_down_are_exact_on_sqlite() {
    check_on(Backend::Sqlite, 6 * CASES, &[20_261_578, 20_263_742]);
}

#[test]
fn up_and_down_are_exact_on_postgres() {
    let once_broken = [20_261_132, 20_261_163, 20_261_167, 20_261_199, 20_261_226, 20_261_246, 20_261_718];
    check_on(Backend::Postgres, CASES, &once_broken);
}

#[test]
fn up_and_down_are_exact_on_mariadb() {
    check_on(Backend::Mariadb, CASES, &[778_943, 800_214, 20_261_270, 20_261_296, 20_261_356, 20_261_475]);
}

#[test]
fn up_and_down_are_exact_on_mysql() {
    check_on(Backend::Mysql, CASES, &[778_943, 779_591, 800_214, 20_261_356, 20_261_475, 20_262_046]);
}

#[test]
fn online_plans_are_exact_on_postgres_and_every_stage_can_be_taken_back() {
    hold_on(Backend::Postgres, CASES, &[], true);
}

fn check_on(backend: Backend, cases: u64, once_broken: &[u64]) {
    hold_on(backend, cases, once_broken, false);
}

fn hold_on(backend: Backend, cases: u64, once_broken: &[u64], online: bool) {
    let Some(url) = url(backend) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let bench = runtime.block_on(async { Bench::new(&url, online).await });
    let mut rows = 0;
    let held = hold(backend, cases, once_broken, |pair| {
        runtime.block_on(async {
            bench.clear().await;
            rows += bench.up_and_down(pair).await?;
            Ok(())
        })
    });
    assert!(rows > 0 || held < CASES, "{backend}: no pair had rows");
    runtime.block_on(bench.drop());
}

/// Two databases that every pair is tried on, emptied in between.
struct Bench {
    here: Database,
    there: Database,
    /// Whether plans are online.
    online: bool,
}

impl Bench {
    async fn new(url: &str, online: bool) -> Self {
        Self { here: Database::create(url).await, there: Database::create(url).await, online }
    }

    async fn clear(&self) {
        for database in [&self.here, &self.there] {
            // A script that stopped half-way has left its transaction open.
            if database.connection.backend() == Backend::Sqlite {
                let _ = database.connection.db().execute_unprepared("ROLLBACK").await;
            }
            for sql in clearing(&now(&database.connection).await.schema, database.connection.backend()) {
                run(&database.connection, &sql, "emptying a database").await.expect("our own database can be emptied");
            }
        }
    }

    async fn drop(self) {
        self.here.drop().await;
        self.there.drop().await;
    }

    /// From the start to the end and back; the number of rows that came along.
    async fn up_and_down(&self, pair: &Pair) -> Result<usize, Broken> {
        let Pair { start, end, renames, coverage } = pair;
        let here = &self.here.connection;
        let before = create(here, start).await?;
        // What is desired: as the other database has it, or as it is said.
        let wanted = match coverage {
            Coverage::Complete => create(&self.there.connection, end).await?,
            Coverage::Partial => end.clone(),
        };
        let (coverage, backend, online) = (*coverage, here.backend(), self.online);
        let question = |live, desired| Question { live, desired, renames, coverage, backend, online };
        let plan = answered(here, question(&before, &wanted)).await;
        let rows = Rows::of(start, end, &plan);
        run_all(here, &rows.inserts(), "putting rows in").await?;

        let [up, down] = scripts(&plan);
        match self.online {
            true => stages_up(here, &plan).await?,
            false => run_all(here, &up, "up").await?,
        }
        expect_rows(here, &rows.questions_after_up(), "rows after up").await?;
        // What only the server can tell, and could not be asked while columns change their names, stays for another plan.
        if !plan.notices.iter().any(|notice| notice.kind == NoticeKind::NotComparable) {
            expect_in_sync(here, &wanted, coverage, "the schema after up").await?;
        }
        match self.online {
            true => stages_down(here, &plan).await?,
            false => run_all(here, &down, "down").await?,
        }
        expect_rows(here, &rows.questions_after_down(), "rows after down").await?;
        let after = now(here).await.schema;
        let left = compare(&canonical(before.clone()), &canonical(after.clone()));
        // A server may spell its own spelling anew when a check is made a second time; then it must say that it is the same.
        let back = Question { renames: &[], coverage: Coverage::Complete, ..question(&after, &before) };
        if !left.is_empty() && !answered(here, back).await.is_empty() {
            return Err(Broken::at("the schema after down", format!("{left:#?}\nup was {up:#?}\ndown was {down:#?}")));
        }
        Ok(rows.count())
    }
}

/// The statements of both ways, as they run. On SQLite they are those of the script, with foreign keys enforced before
/// and after: what deletes a row deletes those that refer to it.
fn scripts(plan: &Plan) -> [Vec<String>; 2] {
    let (up, down) = render::sql(plan);
    if plan.backend != Backend::Sqlite {
        return [up, down];
    }
    let nothing = Schema::default();
    [plan.clone(), plan.clone().reversed()]
        .map(|plan| vec![render::script(&plan, &nothing, &nothing), "PRAGMA foreign_keys = ON".to_owned()])
}

/// Up, revision by revision. Each is taken back and made again, and what no transaction holds together is begun again.
async fn stages_up(connection: &Connection, plan: &Plan) -> Outcome {
    for stage in plan.stages() {
        let (up, down) = render::sql(&stage);
        revision(connection, &stage, &up, "up").await?;
        revision(connection, &stage, &down, "down of a stage").await?;
        revision(connection, &stage, &up, "up again").await?;
        if stage.transaction == Some(false) {
            revision(connection, &stage, &up, "up once more").await?;
        }
    }
    Ok(())
}

async fn stages_down(connection: &Connection, plan: &Plan) -> Outcome {
    for stage in plan.stages().iter().rev() {
        let (_, down) = render::sql(stage);
        revision(connection, stage, &down, "down").await?;
        if stage.transaction == Some(false) {
            revision(connection, stage, &down, "down once more").await?;
        }
    }
    Ok(())
}

async fn revision(connection: &Connection, stage: &Plan, statements: &[String], step: &'static str) -> Outcome {
    if stage.transaction == Some(false) {
        return run_all(connection, statements, step).await;
    }
    run(connection, "BEGIN", step).await?;
    let done = run_all(connection, statements, step).await;
    run(connection, if done.is_ok() { "COMMIT" } else { "ROLLBACK" }, step).await?;
    done
}

/// The statements that leave nothing of the schema.
fn clearing(schema: &Schema, backend: Backend) -> Vec<String> {
    let names = schema.tables.keys().map(|name| crate::names::quoted_table(backend, name));
    let drops = names.map(|name| format!("DROP TABLE {name}"));
    match backend {
        Backend::Sqlite => ["PRAGMA foreign_keys = OFF".to_owned()]
            .into_iter()
            .chain(drops)
            .chain(["PRAGMA foreign_keys = ON".to_owned()])
            .collect(),
        Backend::Postgres => vec![
            "DROP SCHEMA IF EXISTS public, other, \"an \"\"other\"\"\" CASCADE".to_owned(),
            "CREATE SCHEMA public".to_owned(),
        ],
        Backend::Mysql | Backend::Mariadb => ["SET foreign_key_checks = 0".to_owned()]
            .into_iter()
            .chain(drops)
            .chain(["SET foreign_key_checks = 1".to_owned()])
            .collect(),
    }
}

/// Makes the schema in an empty database, and gives what is then there.
async fn create(connection: &Connection, schema: &Schema) -> Result<Schema, Broken> {
    let default_schema = now(connection).await.default_schema;
    let statements = render::create_sql(schema, connection.backend(), default_schema.as_deref());
    run_all(connection, &statements, "creating a schema").await?;
    expect_in_sync(connection, schema, Coverage::Partial, "a database made from a schema").await?;
    Ok(now(connection).await.schema)
}

async fn now(connection: &Connection) -> Reading {
    read(connection, &Scope { every_schema: true, ..Scope::default() }).await.expect("the database can be read")
}

async fn expect_in_sync(connection: &Connection, schema: &Schema, coverage: Coverage, step: &'static str) -> Outcome {
    let live = now(connection).await.schema;
    let backend = connection.backend();
    let question = Question { live: &live, desired: schema, renames: &[], coverage, backend, online: false };
    let plan = answered(connection, question).await;
    let unclear = plan.notices.iter().any(|notice| notice.kind == NoticeKind::NotComparable);
    if plan.is_empty() && !unclear {
        return Ok(());
    }
    Err(Broken::at(step, format!("{:#?} {:#?}", plan.findings, plan.notices)))
}

/// The plan, with the server's answers about expressions.
async fn answered(connection: &Connection, question: Question<'_>) -> Plan {
    let mut spellings = Spellings::default();
    let settings = Settings { unmanaged: Unmanaged::Drop, ..Settings::default() };
    for (table, asked) in questions(&question.inputs(&settings, &Spellings::default())) {
        let answers = respell(connection, &table, &asked).await.expect("the server answers");
        spellings.insert(table, asked, answers);
    }
    question.plan(&spellings)
}

async fn expect_rows(connection: &Connection, questions: &[(String, usize)], step: &'static str) -> Outcome {
    for (question, expected) in questions {
        let statement = Statement::from_string(connection.db().get_database_backend(), question);
        let row = connection.db().query_one_raw(statement).await.expect("the question is sound").expect("one row");
        let found: i64 = row.try_get("", "value").expect("a number");
        if i64::try_from(*expected) != Ok(found) {
            return Err(Broken::at(step, format!("{question}: {found}, not {expected}")));
        }
    }
    Ok(())
}

async fn run_all(connection: &Connection, statements: &[String], step: &'static str) -> Outcome {
    for sql in statements {
        run(connection, sql, step)
            .await
            .map_err(|broken| Broken { seen: format!("{}\nof {statements:#?}", broken.seen), ..broken })?;
    }
    Ok(())
}

async fn run(connection: &Connection, sql: &str, step: &'static str) -> Outcome {
    let result = connection.db().execute_unprepared(sql).await;
    result.map(|_| ()).map_err(|error| Broken::at(step, format!("{error}\n{sql}")))
}
