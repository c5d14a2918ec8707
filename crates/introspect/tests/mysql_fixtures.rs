//! Every case of `fixtures/introspect/mysql` on both servers, and of `fixtures/introspect/mariadb` on MariaDB: a
//! database is made by the statements, read, and compared with what a person wrote down beside them.
//! `fixtures/introspect/README.md` describes the format.

mod mysql_server;

use std::fs;
use std::path::{Path, PathBuf};

use autogen_introspect::{Reading, Scope, read};
use autogen_schema::Document;
use mysql_server::{Server, TestDatabase, with_database};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value, json};

/// One case: statements, and what the reading of the database they make must say where.
#[derive(Clone)]
struct Case {
    name: String,
    statements: String,
    expectations: Vec<Expectation>,
}

#[derive(Clone)]
struct Expectation {
    /// The server that it holds for, where not for both.
    server: Option<String>,
    pointer: String,
    value: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_reads_as_it_was_written_down() {
    let mut failures = Vec::new();
    for server in Server::all() {
        let cases: Vec<Case> = files(server).iter().flat_map(|file| cases(file)).collect();
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

/// A file whose name begins with `only_mysql` is for MySQL alone.
fn files(server: Server) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/introspect");
    let list = |name: &str| {
        let entries = fs::read_dir(folder.join(name)).expect("the folder of cases is there");
        entries.map(|entry| entry.expect("the folder can be listed").path()).collect::<Vec<_>>()
    };
    let mut files = list("mysql");
    match server {
        Server::Mysql => {}
        Server::Mariadb => {
            files.retain(|file| file.file_name().is_none_or(|name| name != "only_mysql.sql"));
            files.extend(list("mariadb"));
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files
}

fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).expect("the file can be read");
    let group = file.file_stem().expect("the file has a name").to_string_lossy().into_owned();
    text.split("\n-- case: ").skip(1).map(|block| case(&group, block)).collect()
}

fn case(group: &str, block: &str) -> Case {
    let (name, body) = block.split_once('\n').expect("a case has statements");
    let (expected, statements): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.starts_with("-- "));
    let expectations: Vec<_> = expected.into_iter().map(expectation).collect();
    assert!(!expectations.is_empty(), "{name} expects nothing");
    Case { name: format!("{group}: {name}"), statements: statements.join("\n"), expectations }
}

/// `-- /pointer = json` or `-- mysql: /pointer = json`; the word `absent` means that nothing stands there.
fn expectation(line: &str) -> Expectation {
    let (pointer, value) = line["-- ".len()..].split_once(" = ").expect("an expectation has a ` = `");
    let (server, pointer) = match pointer.split_once(": /") {
        Some((server, pointer)) => (Some(server.to_owned()), format!("/{pointer}")),
        None => (None, pointer.to_owned()),
    };
    Expectation { server, pointer, value: value.to_owned() }
}

async fn check(case: &Case, server: Server, database: &TestDatabase) -> Vec<String> {
    let (reading, definer) = match reading(case, database).await {
        Ok((reading, definer)) => (as_json(&reading), definer),
        Err(failure) => return vec![failure],
    };
    let fill = |text: &str| {
        text.replace("{database}", &database.name).replace("{other}", &database.other()).replace("{definer}", &definer)
    };
    let mut failures = Vec::new();
    let meant = |name: &Option<String>| name.as_ref().is_none_or(|name| name == server.name());
    for Expectation { server: only, pointer, value } in &case.expectations {
        let value = fill(value);
        let expected: Option<Value> = (value != "absent")
            .then(|| serde_json::from_str(&value).unwrap_or_else(|_| panic!("{}: no JSON: {value}", case.name)));
        let found = reading.pointer(&fill(pointer));
        if meant(only) && found != expected.as_ref() {
            let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
            failures.push(format!("{pointer}\n  expected {}\n  found    {}", shown(expected.as_ref()), shown(found)));
        }
    }
    failures
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

/// The JSON form with tables, columns, indexes and objects under their names, so that a pointer finds them.
fn as_json(reading: &Reading) -> Value {
    let document = Document::new(&reading.schema, Some(reading.backend)).to_json();
    let document: Value = serde_json::from_str(&document).expect("a document is JSON");
    let mut tables = by_name(document.get("tables"));
    for table in tables.values_mut() {
        for list in ["columns", "indexes"] {
            if let Some(value) = table.get(list) {
                table[list] = Value::Object(by_name(Some(value)));
            }
        }
    }
    let notices: Vec<_> = reading.notices.iter().map(ToString::to_string).collect();
    json!({ "tables": tables, "objects": by_name(document.get("objects")), "notices": notices })
}

/// A list of things that have a name, each with its place in the list.
fn by_name(list: Option<&Value>) -> Map<String, Value> {
    let items = list.and_then(Value::as_array).cloned().unwrap_or_default();
    items
        .into_iter()
        .enumerate()
        .map(|(place, mut item)| {
            item["place"] = json!(place);
            let name = item["name"].as_str().expect("it has a name").to_owned();
            (name, item)
        })
        .collect()
}
