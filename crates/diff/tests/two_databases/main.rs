//! From one database to another: both are read, and everything that they say is compared. Up leads to exactly the
//! other one, down back to exactly the start. The schemas say what entities cannot, too.

#![expect(clippy::disallowed_methods, reason = "a test is told by the environment which servers there are")]

mod dice;
mod schemas;
mod tables;

use autogen_diff::{Coverage, Plan, Settings, Spellings, compare, questions, render};
use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read, respell};
use autogen_schema::{DatabaseUrl, NoticeKind, Schema};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use sea_orm::ConnectionTrait;

use self::schemas::{any_schema, canonical, compared, inputs};

/// How many pairs of schemas each database sees, unless AUTOGEN_LAW_CASES says otherwise.
const CASES: u32 = 8;

type Outcome = Result<(), TestCaseError>;

#[test]
fn up_and_down_are_exact_on_sqlite() {
    check_on("sqlite::memory:");
}

#[test]
fn up_and_down_are_exact_on_postgres() {
    let url = server("AUTOGEN_TEST_POSTGRES_URL", Some("postgres://postgres@127.0.0.1:5432/postgres"));
    if let Some(url) = url {
        check_on(&url);
    }
}

#[test]
fn up_and_down_are_exact_on_mariadb() {
    if let Some(url) = server("AUTOGEN_TEST_MARIADB_URL", Some("mysql://root@127.0.0.1:3306")) {
        check_on(&url);
    }
}

#[test]
fn up_and_down_are_exact_on_mysql() {
    if let Some(url) = server("AUTOGEN_TEST_MYSQL_URL", None) {
        check_on(&url);
    }
}

/// The server's URL: as the environment says, where an empty text says that there is none, else at its usual port.
fn server(variable: &str, standard: Option<&str>) -> Option<String> {
    match std::env::var(variable) {
        Ok(url) => (!url.is_empty()).then_some(url),
        Err(_) => standard.map(str::to_owned),
    }
}

fn check_on(url: &str) {
    let cases = std::env::var("AUTOGEN_LAW_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let seed = std::env::var("AUTOGEN_LAW_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 20,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let backend = runtime.block_on(async {
        let database = Database::create(url).await;
        let backend = database.connection.backend();
        database.drop().await;
        backend
    });
    let strategy = (any_schema(backend), any_schema(backend));
    let outcome = TestRunner::new(config).run(&strategy, |(start, end)| {
        runtime.block_on(async {
            let (database, other) = (Database::create(url).await, Database::create(url).await);
            let outcome = up_and_down(&database.connection, &other.connection, &start, &end).await;
            database.drop().await;
            other.drop().await;
            outcome
        })
    });
    if let Err(error) = outcome {
        panic!("seed {seed}: {error}");
    }
}

/// From `start` to what `end` is in another database, and back.
async fn up_and_down(connection: &Connection, other: &Connection, start: &Schema, end: &Schema) -> Outcome {
    let before = create(connection, start).await?;
    let wanted = create(other, end).await?;
    let whole = Coverage::Complete;
    let plan = difference(connection, &before, &wanted, whole).await;
    let (up, down) = render::sql(&plan);
    for sql in &up {
        run(connection, sql).await?;
    }
    expect_in_sync(connection, &wanted, whole, &format!("the database after {up:#?}")).await?;
    expect_in_sync(connection, end, Coverage::Partial, &format!("the database after {up:#?}")).await?;
    for sql in &down {
        run(connection, sql).await?;
    }
    let after = now(connection).await.schema;
    let left = compare(&canonical(before.clone()), &canonical(after.clone()));
    // A server may spell its own spelling anew when a check is made a second time; then it must say that it is the same.
    if !left.is_empty() && !difference(connection, &after, &before, whole).await.is_empty() {
        return Err(TestCaseError::fail(format!("down left {left:#?}\nup was {up:#?}\ndown was {down:#?}")));
    }
    Ok(())
}

/// Makes the schema in an empty database, and gives what is then there.
async fn create(connection: &Connection, schema: &Schema) -> Result<Schema, TestCaseError> {
    let default_schema = now(connection).await.default_schema;
    for sql in render::create_sql(schema, connection.backend(), default_schema.as_deref()) {
        run(connection, &sql).await?;
    }
    expect_in_sync(connection, schema, Coverage::Partial, "a database created from a schema").await?;
    Ok(now(connection).await.schema)
}

async fn now(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("the database can be read")
}

async fn expect_in_sync(connection: &Connection, schema: &Schema, coverage: Coverage, what: &str) -> Outcome {
    let live = now(connection).await.schema;
    let plan = difference(connection, &live, schema, coverage).await;
    let unclear = plan.notices.iter().any(|notice| notice.kind == NoticeKind::NotComparable);
    if plan.is_empty() && !unclear {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what} differs from it: {:#?} {:#?}", plan.findings, plan.notices)))
}

/// The plan, with the server's answers about expressions.
async fn difference(connection: &Connection, live: &Schema, desired: &Schema, coverage: Coverage) -> Plan {
    let how = (coverage, connection.backend());
    let mut spellings = Spellings::default();
    let (settings, nothing) = (Settings::default(), Spellings::default());
    for (table, asked) in questions(&inputs(live, desired, how, &settings, &nothing)) {
        let answers = respell(connection, &table, &asked).await.expect("the server answers");
        spellings.insert(table, asked, answers);
    }
    compared(live, desired, how, &spellings)
}

async fn run(connection: &Connection, sql: &str) -> Outcome {
    let result = connection.db().execute_unprepared(sql).await;
    result.map(|_| ()).map_err(|error| TestCaseError::fail(format!("{error}\n{sql}")))
}

/// A database of this test's own.
struct Database {
    connection: Connection,
    name: String,
    server: DatabaseUrl,
}

impl Database {
    async fn create(url: &str) -> Self {
        let server = DatabaseUrl::parse(url).expect("a database URL");
        let name = format!("autogen_test_{}_{:x}", std::process::id(), next_number());
        let Some(own) = server.with_database(&name) else {
            let connection = open(&server).await;
            // As in a generated file: dropping a table must not delete the rows that refer to it.
            connection.db().execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("SQLite has the pragma");
            return Self { connection, name, server };
        };
        let admin = open(&server).await;
        admin.db().execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
        Self { connection: open(&own).await, name, server }
    }

    async fn drop(self) {
        let has_server = self.server.host().is_some();
        self.connection.db().clone().close().await.expect("the connection closes");
        if has_server {
            let admin = open(&self.server).await;
            let sql = format!("DROP DATABASE {}", self.name);
            admin.db().execute_unprepared(&sql).await.expect("our own database can be dropped");
        }
    }
}

fn next_number() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.expect("the server is there")
}
