//! Every case of `fixtures/introspect/sqlite`: a database is made by the statements, read, and compared with what a
//! person wrote down beside them. `fixtures/introspect/README.md` describes the format.

use std::fs;
use std::path::{Path, PathBuf};

use autogen_introspect::{ConnectOptions, Reading, Scope, connect, read};
use autogen_schema::{DatabaseUrl, Document};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

/// One case: statements, and what the reading of the database they make must say where.
struct Case {
    name: String,
    statements: String,
    expectations: Vec<(String, Option<Value>)>,
}

#[tokio::test]
async fn every_case_reads_as_it_was_written_down() {
    let mut failures = Vec::new();
    let mut count = 0;
    for file in files() {
        for case in cases(&file) {
            count += 1;
            failures.extend(check(&case).await.into_iter().map(|failure| format!("{}: {failure}", case.name)));
        }
    }
    assert!(count >= 150, "only {count} cases were found");
    assert!(failures.is_empty(), "{} expectations of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/introspect/sqlite");
    let entries = fs::read_dir(folder).expect("the folder of cases is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
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
    let (expected, statements): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.starts_with("-- /"));
    let expectations: Vec<_> = expected.into_iter().map(expectation).collect();
    assert!(!expectations.is_empty(), "{name} expects nothing");
    Case { name: format!("{group}: {name}"), statements: statements.join("\n"), expectations }
}

/// `-- /pointer = json`, where the word `absent` means that nothing stands there.
fn expectation(line: &str) -> (String, Option<Value>) {
    let (pointer, value) = line["-- ".len()..].split_once(" = ").expect("an expectation has a ` = `");
    let value = (value != "absent").then(|| serde_json::from_str(value).unwrap_or_else(|_| panic!("no JSON: {value}")));
    (pointer.to_owned(), value)
}

async fn check(case: &Case) -> Vec<String> {
    let reading = match reading(&case.statements).await {
        Ok(reading) => as_json(&reading),
        Err(failure) => return vec![failure],
    };
    let mut failures = Vec::new();
    for (pointer, expected) in &case.expectations {
        let found = reading.pointer(pointer);
        if found != expected.as_ref() {
            let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
            failures.push(format!("{pointer}\n  expected {}\n  found    {}", shown(expected.as_ref()), shown(found)));
        }
    }
    failures
}

async fn reading(statements: &str) -> Result<Reading, String> {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.map_err(|error| error.to_string())?;
    connection.db().execute_unprepared(statements).await.map_err(|error| format!("SQLite refuses it: {error}"))?;
    read(&connection, &Scope::default()).await.map_err(|error| error.to_string())
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

/// A list of objects that have a name. The order of columns is kept under `order`.
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
