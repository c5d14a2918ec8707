//! Laws over random schemas that a real database must confirm: what is created reads back without a difference, up
//! leads to the desired schema, down leads back to exactly the start, and rows stay where no hazard says otherwise.

#![expect(clippy::disallowed_methods, reason = "a test is told by the environment which servers there are")]

mod rows;
mod schemas;
mod servers;

use std::collections::BTreeSet;

use autogen_diff::{compare, render};
use autogen_introspect::{Connection, Reading, Scope, read};
use autogen_schema::{Backend, Schema, TableName};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use sea_orm::{ConnectionTrait, Statement};

use self::schemas::{any_schema, canonical, strict};
use self::servers::{Database, url};

/// How many pairs of schemas each database sees, unless AUTOGEN_LAW_CASES says otherwise.
const CASES: u32 = 24;

type Outcome = Result<(), TestCaseError>;

#[test]
fn up_and_down_are_exact_on_sqlite() {
    check_on(Backend::Sqlite);
}

#[test]
fn up_and_down_are_exact_on_postgres() {
    check_on(Backend::Postgres);
}

#[test]
fn up_and_down_are_exact_on_mariadb() {
    check_on(Backend::Mariadb);
}

#[test]
fn up_and_down_are_exact_on_mysql() {
    check_on(Backend::Mysql);
}

fn check_on(backend: Backend) {
    let Some(url) = url(backend) else { return };
    let cases = std::env::var("AUTOGEN_LAW_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let seed = std::env::var("AUTOGEN_LAW_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    let config = Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let strategy = (any_schema(), any_schema());
    let outcome = TestRunner::new(config).run(&strategy, |(start, end)| {
        runtime.block_on(async {
            let database = Database::create(&url).await;
            if backend == Backend::Sqlite {
                // As in a generated file: dropping a table must not delete the rows that refer to it.
                run(&database.connection, "PRAGMA foreign_keys = OFF").await?;
            }
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
