//! A database for one test on a real PostgreSQL server.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{Column, DatabaseUrl, Table, TableName};
use sea_orm::{ConnectionTrait, Statement};

/// Runs a test on every server, on an empty database of its own, which is gone afterwards, whether or not the test
/// passes.
pub(crate) async fn on_database<F, T>(test: F)
where
    F: Fn(DatabaseUrl) -> T,
    T: Future<Output = ()> + Send + 'static,
{
    for server in servers() {
        on_database_of(&server, &test).await;
    }
}

/// Runs a test on one server.
pub(crate) async fn on_database_of<F, T>(server: &DatabaseUrl, test: F)
where
    F: FnOnce(DatabaseUrl) -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let admin = open(server).await;
    let name = fresh_name("autogen_test");
    execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
    let url = server.with_database(&name).expect("a server's URL takes a database");
    let outcome = tokio::spawn(test(url)).await;
    execute(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// A name that no other test takes.
pub(crate) fn fresh_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}_{:x}_{:x}_{count}", std::process::id(), now.as_nanos())
}

/// Makes a test's database empty again.
pub(crate) const EMPTIED: &str = include_str!("empty.sql");

/// The server that tests usually run on; none where `AUTOGEN_TEST_POSTGRES_URL` is empty.
pub(crate) fn usual_server() -> Option<DatabaseUrl> {
    let url = std::env::var("AUTOGEN_TEST_POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    (!url.is_empty()).then(|| server(&url))
}

/// That one, and the servers of other versions that `AUTOGEN_TEST_POSTGRES_URLS` lists with spaces between them.
pub(crate) fn servers() -> Vec<DatabaseUrl> {
    let others = std::env::var("AUTOGEN_TEST_POSTGRES_URLS").unwrap_or_default();
    usual_server().into_iter().chain(others.split_whitespace().map(server)).collect()
}

fn server(url: &str) -> DatabaseUrl {
    let url = DatabaseUrl::parse(url).expect("a test server is named by its URL");
    if url.database().is_some() { url } else { url.with_database("postgres").expect("it takes a database") }
}

/// Opens the database.
pub(crate) async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.unwrap_or_else(|error| panic!("could not connect: {error}"))
}

/// The server's major version.
pub(crate) async fn server_number(connection: &Connection) -> u32 {
    let sql = "SELECT current_setting('server_version_num')::int4 / 10000 AS major";
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let row = connection.db().query_one_raw(statement).await.expect("a setting can be read").expect("one row");
    row.try_get::<i32>("", "major").expect("a number").unsigned_abs()
}

/// Runs statements.
pub(crate) async fn execute(connection: &Connection, sql: &str) {
    connection.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Reads the default schema.
pub(crate) async fn reading(connection: &Connection) -> Reading {
    reading_of(connection, &Scope::default()).await
}

/// Reads what is in scope.
pub(crate) async fn reading_of(connection: &Connection, scope: &Scope) -> Reading {
    read(connection, scope).await.unwrap_or_else(|error| panic!("could not read: {error}"))
}

/// The table of this name in `public`.
pub(crate) fn table<'a>(reading: &'a Reading, name: &str) -> &'a Table {
    let name = TableName::qualified("public", name);
    reading.schema.table(&name).unwrap_or_else(|| panic!("{name} is not there"))
}

/// The column of this name in a table of `public`.
pub(crate) fn column<'a>(reading: &'a Reading, name: &str, column: &str) -> &'a Column {
    table(reading, name).column(column).unwrap_or_else(|| panic!("{name}.{column} is not there"))
}

/// A role that owns nothing, and the URL of the database for it.
pub(crate) async fn role(owner: &Connection, url: &DatabaseUrl) -> (String, DatabaseUrl) {
    let role = fresh_name("autogen_test_role");
    execute(owner, &format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'")).await;
    let text = url.expose();
    let (scheme, rest) = text.split_once("://").expect("a URL has a scheme");
    let place = rest.split_once('@').map_or(rest, |(_, place)| place);
    let url = DatabaseUrl::parse(&format!("{scheme}://{role}:secret@{place}")).expect("it is a URL");
    (role, url)
}

/// Roles belong to the server, so a test must take its own away.
pub(crate) async fn drop_role(owner: &Connection, role: &str) {
    execute(owner, &format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
