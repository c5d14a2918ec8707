//! SQLite, where the pragmas take the place of a dump tool.

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::DatabaseUrl;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::cases::{self, Case};
use crate::shared::{Outcome, check_all, difference, reasons, rendered};

#[tokio::test]
async fn every_case_makes_the_same_database_again() {
    let cases: Vec<Case> = cases::files("sqlite").iter().flat_map(|file| cases::cases(file)).collect();
    assert!(cases.len() >= 150, "only {} cases were found", cases.len());
    let trip = |(), case: Case| async move { ((), trip(&case).await.unwrap_or_else(Outcome::wrong)) };
    check_all(cases, reasons("sqlite.txt"), vec![(), ()], trip).await;
}

async fn trip(case: &Case) -> Result<Outcome, String> {
    let first = empty().await;
    run(&first, &case.statements).await?;
    let reading = read_all(&first).await?;
    let second = empty().await;
    for sql in rendered(&reading) {
        run(&second, &sql).await?;
    }
    let again = read_all(&second).await?;
    Ok(Outcome::of(&reading, &again, difference(&catalog(&first).await, &catalog(&second).await)))
}

async fn empty() -> Connection {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    connect(&url, &ConnectOptions::default()).await.expect("a database in memory")
}

async fn run(connection: &Connection, sql: &str) -> Result<(), String> {
    let done = connection.db().execute_unprepared(sql).await;
    done.map(|_| ()).map_err(|error| format!("{error}\n{sql}"))
}

async fn read_all(connection: &Connection) -> Result<Reading, String> {
    read(connection, &Scope::default()).await.map_err(|error| error.to_string())
}

/// What SQLite's pragmas tell of tables, columns, keys and indexes, and the statements that are kept word for word.
///
/// Left out is what says nothing: the number in the name of an index that a constraint made, and the order of indexes;
/// `NOT NULL` at the rowid, which never holds NULL.
const CATALOG: &str = r#"
WITH t AS (
    SELECT *, (SELECT count(*) FROM pragma_table_info(l.name, 'main') WHERE pk) = 1
              AND NOT wr AND NOT EXISTS (SELECT 1 FROM pragma_index_list(l.name, 'main') WHERE origin = 'pk') AS has_alias
    FROM pragma_table_list l WHERE schema = 'main' AND name NOT IN ('sqlite_schema', 'sqlite_sequence')
          AND type <> 'view'
)
SELECT 'table ' || t.name || ': ' || json_array(t.type, t.ncol, t.wr, t.strict) AS line
FROM t
UNION ALL
SELECT 'column ' || t.name || '.' || format('%02d', c.cid) || ': '
       || json_array(c.name, c.type, iif(has_alias AND c.pk, 1, c."notnull"), c.dflt_value, c.pk, c.hidden)
FROM t JOIN pragma_table_xinfo(t.name, 'main') c
UNION ALL
SELECT 'index ' || t.name || '.' || iif(i.origin = 'c', i.name, '') || ': '
       || json_array(i.origin, i."unique", i.partial)
       || (SELECT group_concat(json_array(p.cid, p.name, p."desc", p.coll, p."key"))
           FROM (SELECT * FROM pragma_index_xinfo(i.name, 'main') ORDER BY seqno) p)
FROM t JOIN pragma_index_list(t.name, 'main') i
UNION ALL
SELECT 'key ' || t.name || '.' || format('%02d.%02d', k.id, k.seq) || ': '
       || json_array(k."table", k."from", k."to", k.on_update, k.on_delete, k."match")
FROM t JOIN pragma_foreign_key_list(t.name, 'main') k
UNION ALL
SELECT 'statement ' || name || ': ' || iif(type = 'table', substr(sql, instr(upper(sql), 'USING')), sql)
FROM sqlite_schema
WHERE type IN ('view', 'trigger') OR (type = 'table' AND rootpage = 0)
ORDER BY 1"#;

async fn catalog(connection: &Connection) -> String {
    let rows = connection.db().query_all_raw(Statement::from_string(DbBackend::Sqlite, CATALOG)).await;
    let rows = rows.expect("SQLite knows its catalog");
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", "line").expect("it is a text")).collect();
    lines.join("\n")
}
