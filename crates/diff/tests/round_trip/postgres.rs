//! PostgreSQL, with `pg_dump -s` as the witness.

use std::process::Command;

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::{ConnectionTrait, Statement};

use crate::cases::{Case, cases, files};
use crate::servers::{self, fresh_name};
use crate::shared::{Outcome, check_all, difference, output, readings_differ, reasons, rendered};

/// How many cases are under way at once. Each worker has two databases and a connection to each.
const WORKERS: usize = 6;

const EMPTIED: &str = include_str!("../../../introspect/tests/postgres_support/empty.sql");

#[tokio::test]
async fn every_case_comes_back_as_it_was() {
    let Some(url) = servers::url(Backend::Postgres) else { return };
    let admin = open(&DatabaseUrl::parse(&url).expect("a database URL")).await;
    let version = text(&admin, "SELECT (current_setting('server_version_num')::int4 / 10000)::text").await;
    let version = version.parse().expect("a number");
    let mut cases: Vec<Case> = files("postgres").iter().flat_map(|file| cases(file)).collect();
    assert!(cases.len() >= 200, "only {} cases were found", cases.len());
    cases.retain(|case| case.since <= version);

    let mut pairs = Vec::new();
    for _ in 0..WORKERS {
        pairs.push(Pair::create(&admin).await);
    }
    let names: Vec<String> = pairs.iter().flat_map(|pair| [&pair.first, &pair.second]).map(name).collect();
    let outcome = tokio::spawn(check_all(cases, reasons("postgres.txt"), pairs, round_trip)).await;
    for name in names {
        execute(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("our own database can be dropped");
    }
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// The database that a case makes, and the one that our SQL makes of its reading.
struct Pair {
    first: Connection,
    second: Connection,
}

impl Pair {
    async fn create(admin: &Connection) -> Self {
        Self { first: create(admin).await, second: create(admin).await }
    }
}

async fn round_trip(pair: Pair, case: Case) -> (Pair, Outcome) {
    let outcome = there_and_back(&pair, &case).await.unwrap_or_else(Outcome::wrong);
    (pair, outcome)
}

async fn there_and_back(Pair { first, second }: &Pair, case: &Case) -> Result<Outcome, String> {
    execute(first, EMPTIED).await?;
    execute(first, &case.statements).await?;
    let path = text(first, "SELECT set_config('search_path', current_setting('search_path'), false)").await;
    let before = reading(first).await?;

    execute(second, EMPTIED).await?;
    let statements = rendered(&before);
    for sql in &statements {
        execute(second, sql).await?;
    }
    // The names in a reading depend on it.
    execute(second, &format!("SELECT set_config('search_path', '{}', false)", path.replace('\'', "''"))).await?;
    let after = reading(second).await?;
    let written = || statements.join(";\n");
    let wrong = readings_differ(&before, &after).map(|lines| format!("{lines}{}", written()));
    let dumps_differ = difference(&dump(first).await?, &dump(second).await?);
    Ok(Outcome {
        wrong: wrong.into_iter().collect(),
        dumps_differ: dumps_differ.map(|lines| format!("{lines}{}", written())),
    })
}

/// Everything in the database, whatever its schema.
async fn reading(connection: &Connection) -> Result<Reading, String> {
    let sql = "SELECT coalesce(string_agg(nspname, '/'), '') FROM pg_namespace
               WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
    let schemas = text(connection, sql).await.split('/').map(str::to_owned).collect();
    let scope = Scope { beside_default: schemas, ..Scope::default() };
    read(connection, &scope).await.map_err(|error| error.to_string())
}

/// What `pg_dump` says of the database, without the key that newer versions draw at random.
async fn dump(connection: &Connection) -> Result<String, String> {
    let mut command = Command::new("pg_dump");
    command.args(["--schema-only", "--dbname"]).arg(connection.url().expose());
    let text = output(command).await?;
    let restricts = |line: &&str| line.starts_with(r"\restrict ") || line.starts_with(r"\unrestrict ");
    Ok(text.split_inclusive('\n').filter(|line| !restricts(line)).collect())
}

async fn create(admin: &Connection) -> Connection {
    let name = fresh_name();
    let sql = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    execute(admin, &sql).await.expect("a database can be made");
    open(&admin.url().with_database(&name).expect("a server's URL takes a database")).await
}

async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.unwrap_or_else(|error| panic!("could not connect: {error}"))
}

fn name(connection: &Connection) -> String {
    connection.url().database().expect("it has a name")
}

async fn execute(connection: &Connection, sql: &str) -> Result<(), String> {
    connection.db().execute_unprepared(sql).await.map(|_| ()).map_err(|error| format!("{error}\n{sql}"))
}

/// The one text that a query gives.
async fn text(connection: &Connection, sql: &str) -> String {
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let row = connection.db().query_one_raw(statement).await.expect("the query runs").expect("one row");
    row.try_get_by_index(0).expect("a text")
}
