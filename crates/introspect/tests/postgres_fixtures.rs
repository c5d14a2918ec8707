//! Every case of `fixtures/introspect/postgres`: the statements are run on a real server, the database is read, and
//! the reading compared with what a person wrote down beside them. `fixtures/introspect/README.md` describes the
//! format. Names in `public` stand without it; all other names are qualified. A role that owns nothing and may only
//! look must read the same.

mod cases;
mod postgres_support;

use std::path::Path;

use autogen_introspect::{Connection, Reading};
use autogen_schema::DatabaseUrl;
use cases::{Case, as_json, cases, stem};
use postgres_support::{EMPTIED, drop_role, on_database, open, role, server_number};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

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

files!(types, defaults, keys, checks, indexes, numbering, columns, tables, enums, objects, hostile, dependencies);

async fn check_file(group: &'static str, url: DatabaseUrl) {
    let owner = open(&url).await;
    let server = server_number(&owner).await;
    let (role, as_role) = role(&owner, &url).await;
    let other = open(&as_role).await;
    let mut failures = Vec::new();
    let mut count = 0;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/introspect/postgres/{group}.sql"));
    for case in cases(&file).into_iter().filter(|case| (case.since..case.before).contains(&server)) {
        count += 1;
        let found = check(&owner, &role, &other, &case).await.unwrap_or_else(|failure| vec![failure]);
        failures.extend(found.into_iter().map(|failure| format!("{}: {failure}", case.name)));
    }
    drop_role(&owner, &role).await;
    assert!(count >= 1, "only {count} cases were found");
    assert!(failures.is_empty(), "{} expectations of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

async fn check(owner: &Connection, role: &str, other: &Connection, case: &Case) -> Result<Vec<String>, String> {
    run(owner, EMPTIED).await?;
    run(owner, &case.statements).await?;
    let reading = reading(owner).await?;
    let seen = as_json(&reading, &["columns", "indexes", "uniques", "foreign_keys", "checks"]);
    let mut failures: Vec<String> =
        case.expectations.iter().filter_map(|expected| expected.failure(&seen, str::to_owned)).collect();
    if reading != reading_of_role(owner, role, other).await? {
        failures.push("a role that may only select reads something else".to_owned());
    }
    Ok(failures)
}

async fn reading(connection: &Connection) -> Result<Reading, String> {
    autogen_introspect::read(connection, &autogen_introspect::Scope::default()).await.map_err(|error| error.to_string())
}

/// What the role reads that has been given `SELECT`, in a session whose search path is the owner's.
async fn reading_of_role(owner: &Connection, role: &str, other: &Connection) -> Result<Reading, String> {
    let path = Statement::from_string(DbBackend::Postgres, "SELECT current_setting('search_path') AS path");
    let path = owner.db().query_one_raw(path).await.map_err(|error| error.to_string())?.ok_or("no row")?;
    let path: String = path.try_get("", "path").map_err(|error| error.to_string())?;
    run(owner, &SELECT_ONLY.replace("{role}", role)).await?;
    let path = path.replace('\'', "''");
    run(other, &format!("SELECT set_config('search_path', '{path}', false)")).await?;
    reading(other).await
}

const SELECT_ONLY: &str = r"
DO $$
DECLARE
    it name;
BEGIN
    FOR it IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', it);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {role}', it);
    END LOOP;
END $$";

async fn run(connection: &Connection, sql: &str) -> Result<(), String> {
    let done = connection.db().execute_unprepared(sql).await;
    done.map(|_| ()).map_err(|error| format!("PostgreSQL refuses it: {error}"))
}
