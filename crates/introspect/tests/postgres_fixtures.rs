//! Every case of `fixtures/introspect/postgres`: the statements are run on a real server, the database is read, and
//! the reading compared with what a person wrote down beside them. `fixtures/introspect/README.md` describes the
//! format. Names in `public` stand without it; all other names are qualified.

mod postgres_support;

use std::fs;
use std::path::Path;

use autogen_introspect::{Connection, Reading};
use autogen_schema::{DatabaseUrl, Document};
use postgres_support::{on_database, open};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value, json};

/// One case: statements, and what the reading of the database they make must say where.
struct Case {
    name: String,
    statements: String,
    expectations: Vec<(String, Option<Value>)>,
    /// The first server version that knows what the case uses.
    since: u32,
    /// The first server version that spells it in another way.
    before: u32,
}

macro_rules! files {
    ($($name:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            on_database(|url| check_file(stringify!($name), url)).await;
        })*

        #[test]
        fn every_file_of_cases_is_run() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
            let mut files: Vec<_> = fs::read_dir(folder)
                .expect("the folder of cases is there")
                .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
                .collect();
            files.sort();
            let mut run = vec![$(concat!(stringify!($name), ".sql")),*];
            run.sort_unstable();
            assert_eq!(files, run);
        }
    };
}

files!(types, defaults, keys, checks, indexes, numbering, columns, tables, enums, objects, hostile);

const FOLDER: &str = "../../fixtures/introspect/postgres";

async fn check_file(group: &'static str, url: DatabaseUrl) {
    let connection = open(&url).await;
    let server = server_number(&connection).await;
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases(group).into_iter().filter(|case| (case.since..case.before).contains(&server)) {
        count += 1;
        failures.extend(check(&connection, &case).await.into_iter().map(|failure| format!("{}: {failure}", case.name)));
    }
    assert!(count >= 1, "only {count} cases were found");
    assert!(failures.is_empty(), "{} expectations of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

async fn server_number(connection: &Connection) -> u32 {
    let sql = "SELECT current_setting('server_version_num')::int4 / 10000 AS major";
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let row = connection.db().query_one_raw(statement).await.expect("a setting can be read").expect("one row");
    row.try_get::<i32>("", "major").expect("a number").unsigned_abs()
}

fn cases(group: &str) -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join(format!("{group}.sql"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.split("\n-- case: ").skip(1).map(|block| case(group, block)).collect()
}

fn case(group: &str, block: &str) -> Case {
    let (name, body) = block.split_once('\n').expect("a case has statements");
    let (expected, statements): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.starts_with("-- /"));
    let expectations: Vec<_> = expected.into_iter().map(expectation).collect();
    assert!(!expectations.is_empty(), "{name} expects nothing");
    let version = |word: &str| body.lines().find_map(|line| line.strip_prefix(word));
    let version = |word, otherwise| version(word).map_or(otherwise, |number| number.parse().expect("a number"));
    Case {
        name: format!("{group}: {name}"),
        statements: statements.join("\n"),
        expectations,
        since: version("-- since: ", 13),
        before: version("-- before: ", u32::MAX),
    }
}

/// `-- /pointer = json`, where the word `absent` means that nothing stands there.
fn expectation(line: &str) -> (String, Option<Value>) {
    let (pointer, value) = line["-- ".len()..].split_once(" = ").expect("an expectation has a ` = `");
    let value = (value != "absent").then(|| serde_json::from_str(value).unwrap_or_else(|_| panic!("no JSON: {value}")));
    (pointer.to_owned(), value)
}

async fn check(connection: &Connection, case: &Case) -> Vec<String> {
    let reading = match reading(connection, &case.statements).await {
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

async fn reading(connection: &Connection, statements: &str) -> Result<Reading, String> {
    connection.db().execute_unprepared(EMPTY).await.map_err(|error| format!("could not empty it: {error}"))?;
    let refused = |error| format!("PostgreSQL refuses it: {error}");
    connection.db().execute_unprepared(statements).await.map_err(refused)?;
    autogen_introspect::read(connection, &autogen_introspect::Scope::default()).await.map_err(|error| error.to_string())
}

/// Empties the database between two cases, which is much quicker than making another.
const EMPTY: &str = r"
RESET ALL;
DISCARD TEMP;
SET search_path = pg_catalog;
DO $$
DECLARE
    it record;
BEGIN
    -- Before the extensions whose functions their indexes need, even for being dropped.
    FOR it IN SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
              WHERE relkind IN ('r', 'p') AND nspname !~ '^(pg_|information_schema$)' AND NOT relispartition
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I.%I CASCADE', it.nspname, it.relname);
    END LOOP;
    FOR it IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
        EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', it.extname);
    END LOOP;
    FOR it IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', it.nspname);
    END LOOP;
    CREATE SCHEMA public;
END $$;
RESET ALL;
";

/// The JSON form with everything that has a name under its name, so that a pointer finds it.
fn as_json(reading: &Reading) -> Value {
    let document = Document::new(&reading.schema, Some(reading.backend)).to_json();
    let document: Value = serde_json::from_str(&document).expect("a document is JSON");
    let mut tables = by_name(document.get("tables"));
    for table in tables.values_mut() {
        for list in ["columns", "indexes", "uniques", "foreign_keys", "checks"] {
            if let Some(value) = table.get(list) {
                table[list] = Value::Object(by_name(Some(value)));
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

/// A list of things that have a name, with their place in it.
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
