//! SQLite as the judge of completeness: a database that is written anew from nothing but its reading must have the
//! same catalog, as SQLite's own pragmas tell it, and must read the same.

mod write;

use std::fs;
use std::path::Path;

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::DatabaseUrl;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// What the pragmas tell of tables, columns, keys and indexes. Left out is what a reading may say in another way: the
/// text of a default, an index's own name where a constraint made it, `NOT NULL` at the rowid, and the order of
/// uniques and foreign keys.
const CATALOG: &str = "
    SELECT 'table ' || t.name || ' ' || t.type || ' ' || t.ncol || ' ' || t.wr || ' ' || t.strict AS line
    FROM pragma_table_list t WHERE t.schema = 'main'
    UNION ALL
    SELECT 'column ' || t.name || '.' || c.cid || ' ' || c.name || ' ' || c.type || ' ' || c.pk || ' ' || c.hidden
           || ' ' || (c.dflt_value IS NULL) || ' ' || (c.pk > 0 OR c.\"notnull\")
    FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, 'main') c WHERE t.schema = 'main' AND t.type <> 'view'
    UNION ALL
    SELECT 'index ' || t.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE '' END || ' ' || i.origin || ' '
           || i.\"unique\" || ' ' || i.partial || ' '
           || (SELECT group_concat(p.cid || '/' || p.\"desc\" || '/' || upper(p.coll), ' ')
               FROM pragma_index_xinfo(i.name, 'main') p)
    FROM pragma_table_list t JOIN pragma_index_list(t.name, 'main') i WHERE t.schema = 'main'
    UNION ALL
    SELECT 'key ' || t.name || ' ' || lower(k.\"table\") || ' ' || k.\"from\" || ' ' || k.on_update || ' ' || k.on_delete
    FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name, 'main') k WHERE t.schema = 'main'
    ORDER BY 1";

#[tokio::test]
async fn a_database_written_from_its_reading_is_the_same_database() {
    let mut failures = Vec::new();
    let mut written = 0;
    for (name, statements) in cases() {
        let original = database(&statements).await.expect("the cases are SQLite's");
        let reading = reading(&original).await;
        // What a reading does not understand is never rebuilt.
        if !reading.notices.is_empty() {
            continue;
        }
        written += 1;
        let script = write::script(&reading.schema);
        match database(&script).await {
            Ok(copy) => {
                let (before, after) = (catalog(&original).await, catalog(&copy).await);
                let again = self::reading(&copy).await;
                if before != after || reading.schema != again.schema {
                    failures.push(format!("{name}\n{statements}\n→ {script}\n{before:#?}\n{after:#?}"));
                }
            }
            Err(error) => failures.push(format!("{name}\n{statements}\n→ {script}\n{error}")),
        }
    }
    assert!(written >= 150, "only {written} cases were written");
    assert!(failures.is_empty(), "{} of {written} differ:\n{}", failures.len(), failures.join("\n\n"));
}

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/introspect/sqlite");
    let entries = fs::read_dir(folder).expect("the folder of cases is there");
    let mut cases = Vec::new();
    for entry in entries {
        let text = fs::read_to_string(entry.expect("the folder can be listed").path()).expect("a case can be read");
        for block in text.split("\n-- case: ").skip(1) {
            let (name, statements) = block.split_once('\n').expect("a case has statements");
            // Left out: what no reading holds (temporary tables, statistics, bookkeeping tables).
            if !["TEMP", "ANALYZE", "seaql_migrations"].iter().any(|word| statements.contains(word)) {
                cases.push((name.to_owned(), statements.to_owned()));
            }
        }
    }
    cases
}

async fn database(statements: &str) -> Result<Connection, String> {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.expect("a database in memory");
    connection.db().execute_unprepared(statements).await.map_err(|error| error.to_string())?;
    Ok(connection)
}

async fn reading(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("it can be read")
}

async fn catalog(connection: &Connection) -> Vec<String> {
    let rows = connection.db().query_all_raw(Statement::from_string(DbBackend::Sqlite, CATALOG)).await;
    let rows = rows.expect("SQLite knows its catalog");
    rows.iter().map(|row| row.try_get("", "line").expect("it is a text")).collect()
}
