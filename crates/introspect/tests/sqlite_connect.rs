//! What a person is told when an SQLite database cannot be opened, and what opening one leaves behind.

use std::fs;
use std::path::Path;
use std::time::Duration;

use autogen_introspect::{ConnectOptions, Connection, Error, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl, TableName};
use sea_orm::ConnectionTrait;

async fn open(text: &str) -> Result<Connection, Error> {
    let options = ConnectOptions { connect_timeout: Duration::from_millis(200), ..ConnectOptions::default() };
    connect(&DatabaseUrl::parse(text).expect("a database URL"), &options).await
}

fn url(file: &Path, parameters: &str) -> String {
    format!("sqlite://{}{parameters}", file.display())
}

#[tokio::test]
async fn a_missing_file_is_named_and_not_created() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("app.db");
    for parameters in ["", "?mode=rw", "?mode=ro"] {
        let error = open(&url(&file, parameters)).await.expect_err("there is no file");
        assert_eq!(error, Error::MissingFile { path: file.display().to_string() });
        assert!(!file.exists());
    }
}

#[tokio::test]
async fn a_file_is_created_where_the_url_asks_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("app.db");
    let connection = open(&url(&file, "?mode=rwc")).await.expect("the URL says that it may be created");
    assert_eq!(connection.backend(), Backend::Sqlite);
    assert!(file.exists());
}

#[tokio::test]
async fn a_missing_folder_is_a_missing_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("nowhere/app.db");
    let error = open(&url(&file, "?mode=rwc")).await.expect_err("there is no folder");
    assert_eq!(error, Error::MissingFile { path: file.display().to_string() });
}

#[tokio::test]
async fn a_file_that_is_something_else_is_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.txt");
    let text = "this is a text of more than sixteen bytes, and no database\n".repeat(50);
    fs::write(&file, &text).expect("the file can be written");
    let error = open(&url(&file, "")).await.expect_err("it is a text");
    assert_eq!(error, Error::NotADatabase { path: file.display().to_string() });
    assert_eq!(fs::read_to_string(&file).expect("the file is there"), text);
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = open(&url(folder.path(), "")).await.expect_err("it is a folder");
    assert_eq!(error, Error::NotADatabase { path: folder.path().display().to_string() });
}

#[tokio::test]
async fn a_locked_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("app.db");
    let other = open(&url(&file, "?mode=rwc")).await.expect("a new database");
    let lock = "CREATE TABLE t (a text); BEGIN EXCLUSIVE";
    other.db().execute_unprepared(lock).await.expect("nobody else has it");
    let error = open(&url(&file, "")).await.expect_err("it is locked");
    let Error::Locked { database, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*database, file.display().to_string());
}

#[tokio::test]
async fn an_empty_file_is_an_empty_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("empty.db");
    fs::write(&file, "").expect("the file can be written");
    let connection = open(&url(&file, "")).await.expect("SQLite makes an empty file a database");
    let reading = read(&connection, &Scope::default()).await.expect("it can be read");
    assert!(reading.schema.tables.is_empty());
    assert_eq!(fs::metadata(&file).expect("the file is there").len(), 0);
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("app db#1.db");
    let writer = open(&url(&file, "?mode=rwc").replace('#', "%23").replace(' ', "%20")).await.expect("a new database");
    writer.db().execute_unprepared("CREATE TABLE t (a text)").await.expect("it can be written");
    writer.close().await.expect("it can be closed");
    assert!(file.exists());
    let reader = open(&url(&file, "?mode=ro").replace('#', "%23").replace(' ', "%20")).await.expect("it can be read");
    let reading = read(&reader, &Scope::default()).await.expect("it can be read");
    assert!(reading.schema.table(&TableName::bare("t")).is_some());
}

#[tokio::test]
async fn a_parameter_that_the_driver_does_not_know_is_named() {
    let error = open("sqlite::memory:?wal=yes").await.expect_err("there is no such parameter");
    assert!(error.to_string().contains("wal"), "{error}");
}

#[tokio::test]
async fn a_broken_schema_says_which_query_failed() {
    let connection = open("sqlite::memory:").await.expect("a database in memory");
    let broken = "CREATE TABLE t (a text); PRAGMA writable_schema = ON;
                  UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a text' WHERE name = 't'; PRAGMA writable_schema = RESET";
    // SQLite itself notices it at once, in one version, or when it next reads the schema, in another.
    let told = match connection.db().execute_unprepared(broken).await {
        Ok(_) => read(&connection, &Scope::default()).await.expect_err("the schema is broken").to_string(),
        Err(error) => error.to_string(),
    };
    assert!(told.contains("malformed database schema"), "{told}");
}
