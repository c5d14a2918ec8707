//! Laws over random schemas that a real database must confirm: what is created reads back without a difference, up
//! leads to the desired schema, down leads back to exactly the start, and rows stay where no hazard says otherwise.

#![expect(clippy::disallowed_methods, reason = "a test is told by the environment which servers there are")]

mod rows;
mod schemas;

use std::collections::BTreeSet;

use autogen_diff::{compare, render};
use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{DatabaseUrl, Schema, TableName};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use sea_orm::{ConnectionTrait, Statement};

use self::schemas::{any_schema, canonical, strict};

/// How many pairs of schemas each database sees, unless AUTOGEN_LAW_CASES says otherwise.
const CASES: u32 = 24;

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
    let config = Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let strategy = (any_schema(), any_schema());
    let outcome = TestRunner::new(config).run(&strategy, |(start, end)| {
        runtime.block_on(async {
            let database = Database::create(url).await;
            let outcome = up_and_down(&database.connection, &start, &end).await;
            database.drop().await;
            outcome
        })
    });
    if let Err(error) = outcome {
        panic!("seed {seed}: {error}");
    }
}

async fn up_and_down(connection: &Connection, start: &Schema, end: &Schema) -> Outcome {
    let backend = connection.backend();
    let default_schema = now(connection).await.default_schema;
    for sql in render::create_sql(start, backend, default_schema.as_deref()) {
        run(connection, &sql).await?;
    }
    let before = now(connection).await.schema;
    expect_in_sync(connection, start, "a database created from a schema").await?;

    let plan = strict(&before, end, backend);
    let (up, down) = render::sql(&plan);
    let tables = rows::safe_tables(start, end, &plan);
    for sql in rows::inserts(start, &tables, backend) {
        run(connection, &sql).await?;
    }
    for sql in &up {
        run(connection, sql).await?;
    }
    expect_rows(connection, &rows::questions(start, end, &tables), &format!("after {up:#?}")).await?;
    expect_in_sync(connection, end, &format!("the database after {up:#?}")).await?;
    for sql in &down {
        run(connection, sql).await?;
    }
    let left: BTreeSet<TableName> = tables.into_iter().filter(|table| end.tables.contains_key(table)).collect();
    // A column that up drops comes back empty.
    let survived = without_dropped(start, end);
    expect_rows(connection, &rows::questions(start, &survived, &left), &format!("after {up:#?}\nand {down:#?}"))
        .await?;
    let after = now(connection).await.schema;
    let left = compare(&canonical(before), &canonical(after));
    if !left.is_empty() {
        return Err(TestCaseError::fail(format!("down left {left:#?}\nup was {up:#?}\ndown was {down:#?}")));
    }
    Ok(())
}

async fn now(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("the database can be read")
}

async fn expect_in_sync(connection: &Connection, schema: &Schema, what: &str) -> Outcome {
    let live = now(connection).await.schema;
    let plan = strict(&live, schema, connection.backend());
    if plan.is_empty() {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what} differs from it: {:#?}", plan.findings)))
}

/// The start without the columns that are not there at the end.
fn without_dropped(start: &Schema, end: &Schema) -> Schema {
    let mut schema = start.clone();
    for table in schema.tables.values_mut() {
        let later = end.tables.get(&table.name);
        table.columns.retain(|name, column| {
            later.and_then(|later| later.columns.get(name)).is_some_and(|later| later.ty == column.ty)
        });
    }
    schema
}

async fn expect_rows(connection: &Connection, questions: &[(String, i64)], what: &str) -> Outcome {
    for (question, expected) in questions {
        let statement = Statement::from_string(connection.db().get_database_backend(), question);
        let row = connection.db().query_one_raw(statement).await.expect("the question is sound").expect("one row");
        let found: i64 = row.try_get("", "value").expect("a number");
        if found != *expected {
            return Err(TestCaseError::fail(format!("{question}: {found}, not {expected}\n{what}")));
        }
    }
    Ok(())
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
