//! Every case of `fixtures/introspect/sqlite`: a database is made by the statements, read, and compared with what a
//! person wrote down beside them. `fixtures/introspect/README.md` describes the format.

mod cases;

use autogen_introspect::{ConnectOptions, Reading, Scope, connect, read};
use autogen_schema::DatabaseUrl;
use cases::{Case, as_json, cases, files};
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn every_case_reads_as_it_was_written_down() {
    let mut failures = Vec::new();
    let mut count = 0;
    for file in files("sqlite") {
        for case in cases(&file) {
            count += 1;
            failures.extend(check(&case).await.into_iter().map(|failure| format!("{}: {failure}", case.name)));
        }
    }
    assert!(count >= 150, "only {count} cases were found");
    assert!(failures.is_empty(), "{} expectations of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

async fn check(case: &Case) -> Vec<String> {
    let reading = match reading(&case.statements).await {
        Ok(reading) => as_json(&reading, &["columns", "indexes"]),
        Err(failure) => return vec![failure],
    };
    case.expectations.iter().filter_map(|expected| expected.failure(&reading, str::to_owned)).collect()
}

async fn reading(statements: &str) -> Result<Reading, String> {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.map_err(|error| error.to_string())?;
    connection.db().execute_unprepared(statements).await.map_err(|error| format!("SQLite refuses it: {error}"))?;
    read(&connection, &Scope::default()).await.map_err(|error| error.to_string())
}
