//! Every case of `fixtures/introspect/mysql` on both servers, and of `fixtures/introspect/mariadb` on MariaDB: a
//! database is made by the statements, read, and compared with what a person wrote down beside them.
//! `fixtures/introspect/README.md` describes the format.

mod cases;
mod mysql_server;

use autogen_introspect::{Reading, Scope, read};
use cases::{Case, as_json, cases, files_for};
use mysql_server::{Server, TestDatabase, with_database};
use sea_orm::{ConnectionTrait, Statement};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_reads_as_it_was_written_down() {
    let mut failures = Vec::new();
    for server in Server::all() {
        let cases: Vec<Case> = files_for(server.name()).iter().flat_map(|file| cases(file)).collect();
        assert!(cases.len() >= 150, "only {} cases were found", cases.len());
        let parts = cases.chunks(cases.len().div_ceil(4)).map(|part| check_all(server, part));
        failures.extend(futures_util::future::join_all(parts).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "{} expectations fail:\n{}", failures.len(), failures.join("\n"));
}

async fn check_all(server: Server, cases: &[Case]) -> Vec<String> {
    let mut failures = Vec::new();
    for case in cases {
        let name = format!("{} on {}", case.name, server.name());
        let case = case.clone();
        let found = with_database(server, |database| async move { check(&case, server, &database).await }).await;
        failures.extend(found.into_iter().map(|failure| format!("{name}: {failure}")));
    }
    failures
}

async fn check(case: &Case, server: Server, database: &TestDatabase) -> Vec<String> {
    let (reading, definer) = match reading(case, database).await {
        Ok((reading, definer)) => (as_json(&reading, &["columns", "indexes"]), definer),
        Err(failure) => return vec![failure],
    };
    let fill = |text: &str| {
        text.replace("{database}", &database.name).replace("{other}", &database.other()).replace("{definer}", &definer)
    };
    let meant = |name: &Option<String>| name.as_ref().is_none_or(|name| name == server.name());
    let meant = case.expectations.iter().filter(|expected| meant(&expected.server));
    meant.filter_map(|expected| expected.failure(&reading, fill)).collect()
}

/// The reading, and the user as a definer is written.
async fn reading(case: &Case, database: &TestDatabase) -> Result<(Reading, String), String> {
    let connection = database.connect().await;
    let statements = case.statements.replace("{database}", &database.name).replace("{other}", &database.other());
    if case.statements.contains("{other}") {
        let sql = format!("CREATE DATABASE `{}`", database.other());
        connection.db().execute_unprepared(&sql).await.map_err(|error| error.to_string())?;
    }
    connection.db().execute_unprepared(&statements).await.map_err(|error| format!("the server refuses it: {error}"))?;
    let user = Statement::from_string(connection.db().get_database_backend(), "SELECT CURRENT_USER() AS me");
    let user = connection.db().query_one_raw(user).await.map_err(|error| error.to_string())?;
    let user: String = user.expect("a row").try_get("", "me").map_err(|error| error.to_string())?;
    let definer = format!("`{}`", user.replace('@', "`@`"));
    let reading = read(&connection, &Scope::default()).await.map_err(|error| error.to_string())?;
    connection.close().await.map_err(|error| error.to_string())?;
    Ok((reading, definer))
}
