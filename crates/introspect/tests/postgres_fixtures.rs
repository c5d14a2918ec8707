//! Every case of `fixtures/introspect/postgres`: the statements are run on a real server, the database is read, and
//! the reading compared with what a person wrote down beside them. `fixtures/introspect/README.md` describes the
//! format. Names in `public` stand without it; all other names are qualified.

mod cases;
mod postgres_support;

use std::path::Path;

use autogen_introspect::{Connection, Reading};
use autogen_schema::DatabaseUrl;
use cases::{Case, as_json, cases, stem};
use postgres_support::{EMPTIED, on_database, open, server_number};
use sea_orm::ConnectionTrait;

macro_rules! files {
    ($($name:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            on_database(|url| check_file(stringify!($name), url)).await;
        })*

        #[test]
        fn every_file_of_cases_is_run() {
            let files: Vec<String> = cases::files("postgres").iter().map(|file| stem(file)).collect();
            let mut run = vec![$(stringify!($name)),*];
            run.sort_unstable();
            assert_eq!(files, run);
        }
    };
}

files!(types, defaults, keys, checks, indexes, numbering, columns, tables, enums, objects, hostile);

async fn check_file(group: &'static str, url: DatabaseUrl) {
    let connection = open(&url).await;
    let server = server_number(&connection).await;
    let mut failures = Vec::new();
    let mut count = 0;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/introspect/postgres/{group}.sql"));
    for case in cases(&file).into_iter().filter(|case| (case.since..case.before).contains(&server)) {
        count += 1;
        failures.extend(check(&connection, &case).await.into_iter().map(|failure| format!("{}: {failure}", case.name)));
    }
    assert!(count >= 1, "only {count} cases were found");
    assert!(failures.is_empty(), "{} expectations of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

async fn check(connection: &Connection, case: &Case) -> Vec<String> {
    let reading = match reading(connection, &case.statements).await {
        Ok(reading) => as_json(&reading, &["columns", "indexes", "uniques", "foreign_keys", "checks"]),
        Err(failure) => return vec![failure],
    };
    case.expectations.iter().filter_map(|expected| expected.failure(&reading, str::to_owned)).collect()
}

async fn reading(connection: &Connection, statements: &str) -> Result<Reading, String> {
    connection.db().execute_unprepared(EMPTIED).await.map_err(|error| format!("could not empty it: {error}"))?;
    let refused = |error| format!("PostgreSQL refuses it: {error}");
    connection.db().execute_unprepared(statements).await.map_err(refused)?;
    autogen_introspect::read(connection, &autogen_introspect::Scope::default()).await.map_err(|error| error.to_string())
}
