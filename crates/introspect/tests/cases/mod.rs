//! The cases of `fixtures/introspect`, whose README describes the format. The round trips of `autogen-diff` load them
//! from here, too.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use autogen_introspect::Reading;
use autogen_schema::Document;
use serde_json::{Map, Value, json};

/// One case: statements, and what the reading of the database they make must say where.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The file's name and the case's own: `keys: a key on the table itself`.
    pub(crate) name: String,
    pub(crate) statements: String,
    pub(crate) expectations: Vec<Expectation>,
    /// The first version of the server that knows what the case uses.
    pub(crate) since: u32,
    /// The first version of the server that spells it in another way.
    pub(crate) before: u32,
}

/// What must stand where.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    /// The server that it holds for, where not for all.
    pub(crate) server: Option<String>,
    /// A JSON pointer into what [`as_json`] gives.
    pub(crate) pointer: String,
    /// JSON, or the word `absent`.
    pub(crate) value: String,
}

/// The files of cases in this folder of `fixtures/introspect`, sorted.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/introspect").join(folder);
    let entries = fs::read_dir(folder).expect("the folder of cases is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files
}

/// The files of cases for a server: MariaDB runs those of MySQL too, except what is for MySQL alone.
pub(crate) fn files_for(server: &str) -> Vec<PathBuf> {
    match server {
        "mariadb" => {
            let of_mysql = files("mysql").into_iter().filter(|file| stem(file) != "only_mysql");
            of_mysql.chain(files("mariadb")).collect()
        }
        other => files(other),
    }
}

/// The cases in a file.
pub(crate) fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.split("\n-- case: ").skip(1).map(|block| case(&stem(file), block)).collect()
}

/// The name of a file of cases, without its extension.
pub(crate) fn stem(file: &Path) -> String {
    file.file_stem().expect("the file has a name").to_string_lossy().into_owned()
}

fn case(group: &str, block: &str) -> Case {
    let (name, body) = block.split_once('\n').expect("a case has statements");
    let (expected, statements): (Vec<_>, Vec<_>) = body.lines().partition(|line| expectation(line).is_some());
    let expectations: Vec<_> = expected.into_iter().filter_map(expectation).collect();
    assert!(!expectations.is_empty(), "{name} expects nothing");
    let version = |word: &str| body.lines().find_map(|line| line.strip_prefix(word));
    let version = |word, otherwise| version(word).map_or(otherwise, |number| number.parse().expect("a number"));
    Case {
        name: format!("{group}: {name}"),
        statements: statements.join("\n"),
        expectations,
        since: version("-- since: ", 0),
        before: version("-- before: ", u32::MAX),
    }
}

/// `-- /pointer = json` or `-- mysql: /pointer = json`.
fn expectation(line: &str) -> Option<Expectation> {
    let line = line.strip_prefix("-- ")?;
    let (server, line) = match line.split_once(": /") {
        Some((server, _)) if server.chars().all(char::is_alphanumeric) => {
            (Some(server.to_owned()), &line[server.len() + 2..])
        }
        Some(_) | None => (None, line),
    };
    let (pointer, value) = line.split_once(" = ").filter(|_| line.starts_with('/'))?;
    Some(Expectation { server, pointer: pointer.to_owned(), value: value.to_owned() })
}

impl Expectation {
    /// The sentence for what does not stand in `reading` as it should; `fill` puts in what a test knows only when it
    /// runs.
    pub(crate) fn failure(&self, reading: &Value, fill: impl Fn(&str) -> String) -> Option<String> {
        let value = fill(&self.value);
        let expected: Option<Value> =
            (value != "absent").then(|| serde_json::from_str(&value).unwrap_or_else(|_| panic!("no JSON: {value}")));
        let found = reading.pointer(&fill(&self.pointer));
        let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
        (found != expected.as_ref())
            .then(|| format!("{}\n  expected {}\n  found    {}", self.pointer, shown(expected.as_ref()), shown(found)))
    }
}

/// The JSON form with everything that has a name under its name, so that a pointer finds it. `lists` are those of a
/// table in which everything has one.
pub(crate) fn as_json(reading: &Reading, lists: &[&str]) -> Value {
    let document = Document::new(&reading.schema, Some(reading.backend)).to_json();
    let document: Value = serde_json::from_str(&document).expect("a document is JSON");
    let mut tables = by_name(document.get("tables"));
    for table in tables.values_mut() {
        for list in lists {
            if let Some(value) = table.get(list) {
                table[*list] = Value::Object(by_name(Some(value)));
            }
        }
    }
    let notices: Vec<_> = reading.notices.iter().map(ToString::to_string).collect();
    json!({
        "tables": tables,
        "enums": by_name(document.get("enums")),
        "objects": by_name(document.get("objects")),
        "notices": notices,
    })
}

/// A list of things that have a name, each with its place in the list.
fn by_name(list: Option<&Value>) -> Map<String, Value> {
    let items = list.and_then(Value::as_array).cloned().unwrap_or_default();
    items
        .into_iter()
        .enumerate()
        .map(|(place, mut item)| {
            item["place"] = json!(place);
            let name = item["name"].as_str().expect("it has a name");
            (name.strip_prefix("public.").unwrap_or(name).to_owned(), item)
        })
        .collect()
}
