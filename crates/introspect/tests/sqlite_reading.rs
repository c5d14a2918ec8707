//! What holds for every reading of an SQLite database, whatever is in it.

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl, ObjectKind, TableName};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

async fn database(statements: &str) -> Connection {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.expect("a database in memory");
    connection.db().execute_unprepared(statements).await.expect("SQLite takes the statements");
    connection
}

async fn reading(statements: &str, scope: &Scope) -> Reading {
    read(&database(statements).await, scope).await.expect("it can be read")
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.schema.tables.keys().map(|name| name.name.as_str()).collect()
}

fn objects(reading: &Reading) -> Vec<&str> {
    reading.schema.objects.iter().map(|object| object.name.name.as_str()).collect()
}

/// One table with everything that costs a query somewhere.
fn many_tables(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!(
                "CREATE TABLE t{n} (id integer PRIMARY KEY, a text UNIQUE, b integer REFERENCES t0 (id), CHECK (b > 0));
                 CREATE INDEX i{n} ON t{n} (lower(a)) WHERE b > 1; CREATE VIEW v{n} AS SELECT * FROM t{n};"
            )
        })
        .collect()
}

#[tokio::test]
async fn the_number_of_queries_does_not_grow_with_the_tables() {
    let mut counts = Vec::new();
    for tables in [1, 200] {
        let connection = database(&many_tables(tables)).await;
        let before = connection.queries().len();
        let reading = read(&connection, &Scope::default()).await.expect("it can be read");
        assert_eq!(reading.schema.tables.len(), tables);
        counts.push(connection.queries().len() - before);
    }
    assert_eq!(counts, [5, 5]);
}

#[tokio::test]
async fn a_reading_says_what_was_read() {
    let reading = reading("CREATE TABLE t (a text)", &Scope::default()).await;
    assert_eq!(reading.backend, Backend::Sqlite);
    assert_eq!(reading.default_schema, None);
    assert!(reading.server_version.starts_with("3."), "{}", reading.server_version);
}

#[tokio::test]
async fn a_database_reads_the_same_twice() {
    let connection = database(&many_tables(5)).await;
    let first = read(&connection, &Scope::default()).await.expect("it can be read");
    let second = read(&connection, &Scope::default()).await.expect("it can be read again");
    assert_eq!(first, second);
}

#[tokio::test]
async fn reading_changes_nothing() {
    let connection = database(&many_tables(2)).await;
    let version = |connection: &Connection| {
        let statement = Statement::from_string(
            DbBackend::Sqlite,
            "SELECT (SELECT * FROM pragma_schema_version) || '/' || total_changes() || '/' || (SELECT * FROM pragma_foreign_keys) AS v",
        );
        let db = connection.db().clone();
        async move {
            let row = db.query_one_raw(statement).await.expect("SQLite answers").expect("there is a row");
            row.try_get::<String>("", "v").expect("it is a text")
        }
    };
    let before = version(&connection).await;
    read(&connection, &Scope::default()).await.expect("it can be read");
    assert_eq!(version(&connection).await, before);
}

const SHOP: &str = "
    CREATE TABLE users (id integer PRIMARY KEY);
    CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users);
    CREATE TABLE audit_2024 (id integer);
    CREATE VIEW buyers AS SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id;
    CREATE VIEW best_buyers AS SELECT * FROM buyers;
    CREATE VIEW audit_view AS SELECT * FROM audit_2024;
    CREATE TRIGGER on_order AFTER INSERT ON orders BEGIN INSERT INTO audit_2024 VALUES (new.id); END;
    CREATE TRIGGER on_audit AFTER INSERT ON audit_2024 BEGIN SELECT 1; END;";

#[tokio::test]
async fn tables_outside_the_scope_are_not_read() {
    let scope = Scope { exclude: vec!["audit_*".into()], ..Scope::default() };
    let reading = reading(SHOP, &scope).await;
    assert_eq!(names(&reading), ["orders", "users"]);
    assert_eq!(objects(&reading), ["best_buyers", "buyers", "on_order"]);
}

#[tokio::test]
async fn what_hangs_on_a_table_in_scope_is_read_with_it() {
    let scope = Scope { include: vec!["users".into()], ..Scope::default() };
    let reading = reading(SHOP, &scope).await;
    assert_eq!(names(&reading), ["users"]);
    // A view over a view over the table would have to be put back too.
    assert_eq!(objects(&reading), ["best_buyers", "buyers"]);
    assert!(reading.schema.objects.iter().all(|object| object.kind == ObjectKind::View));
}

#[tokio::test]
async fn a_key_to_a_table_outside_the_scope_knows_its_columns() {
    let scope = Scope { include: vec!["orders".into()], ..Scope::default() };
    let reading = reading(SHOP, &scope).await;
    let orders = reading.schema.table(&TableName::bare("orders")).expect("it is in scope");
    assert_eq!(orders.foreign_keys[0].referenced_columns, ["id"]);
}

#[tokio::test]
async fn a_statement_that_is_not_understood_leaves_what_the_catalog_knows() {
    // `writable_schema` lets a text into the catalog that SQLite's parser takes and ours does not know: nothing that
    // SQLite accepts today, so a table option of tomorrow stands in for it, which SQLite only reads when it next
    // opens the schema.
    let connection = database(
        "CREATE TABLE p (id integer PRIMARY KEY);
         CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x' UNIQUE, b integer REFERENCES p,
                         g integer AS (b + 1));
         CREATE INDEX i ON t (b, lower(a));
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = sql || ' FUTURE OPTION' WHERE name = 't';",
    )
    .await;
    let reading = read(&connection, &Scope::default()).await.expect("the rest can be read");
    let table = reading.schema.table(&TableName::bare("t")).expect("the table is there");
    assert_eq!(
        table.not_understood,
        [
            "its CREATE TABLE statement could not be understood (STRICT or WITHOUT ROWID was expected in the place of FUTURE)",
            "the expression of its generated column g is unknown"
        ]
    );
    let columns: Vec<_> = table.columns.values().map(|column| (column.name.as_str(), column.nullable)).collect();
    assert_eq!(columns, [("id", false), ("a", false), ("b", true), ("g", true)]);
    assert_eq!(table.primary_key.as_ref().expect("it has a key").columns, ["id"]);
    assert_eq!(table.uniques[0].columns, ["a"]);
    assert_eq!(table.foreign_keys[0].referenced_columns, ["id"]);
    assert_eq!(table.indexes[0].name, "i");
    assert_eq!(reading.notices.len(), 2);
    assert_eq!(reading.notices[0].table, Some(TableName::bare("t")));
}

#[tokio::test]
async fn a_virtual_table_whose_module_is_missing_does_not_hide_the_others() {
    let connection = database(
        "CREATE TABLE t (a text);
         PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
         VALUES ('table', 'places', 'places', 0, 'CREATE VIRTUAL TABLE places USING vec9(a, b float[3])');
         PRAGMA writable_schema = RESET;",
    )
    .await;
    let reading = read(&connection, &Scope::default()).await.expect("the rest can be read");
    assert_eq!(names(&reading), ["places", "t"]);
    let places = reading.schema.table(&TableName::bare("places")).expect("it is there");
    assert_eq!(places.options.extra, ["USING vec9(a, b float[3])"]);
    assert_eq!(places.not_understood, ["its columns are unknown (no such module: vec9)"]);
}

/// The default that a reading calls a literal must be the value that SQLite itself puts into a row.
#[tokio::test]
async fn literal_defaults_are_what_sqlite_inserts() {
    let cases = [
        ("bare", "'bare'"),
        ("\"quoted one\"", "'quoted one'"),
        ("\"true\"", "'true'"),
        ("true", "1"),
        ("(false)", "0"),
        ("+2", "2"),
        ("- 1.5", "-1.5"),
        ("('it''s')", "'it''s'"),
        ("[in brackets]", "'in brackets'"),
        ("`in ticks`", "'in ticks'"),
    ];
    for (default, literal) in cases {
        let connection = database(&format!(
            "CREATE TABLE t (a DEFAULT {default}, b); INSERT INTO t (b) VALUES (0); CREATE TABLE other (a DEFAULT {literal})"
        ))
        .await;
        let statement = format!("SELECT a IS {literal} AS same FROM t");
        let row = connection.db().query_one_raw(Statement::from_string(DbBackend::Sqlite, statement)).await;
        let same: bool = row.expect("SQLite answers").expect("a row").try_get("", "same").expect("a truth value");
        assert!(same, "{default} is not {literal} to SQLite");
        let reading = read(&connection, &Scope::default()).await.expect("it can be read");
        let default_of = |table: &str| {
            let table = reading.schema.table(&TableName::bare(table)).expect("it is there");
            table.columns["a"].default.clone()
        };
        match default_of("t") {
            // The nouns know truth values, which SQLite keeps as numbers.
            Some(autogen_schema::DefaultValue::Boolean(value)) => assert_eq!(literal, if value { "1" } else { "0" }),
            other => assert_eq!(other, default_of("other"), "{default}"),
        }
    }
}

#[tokio::test]
async fn a_row_that_is_not_understood_spoils_its_own_table_only() {
    // A default whose text is no text at all: the byte ff is not UTF-8.
    let reading = reading(
        "CREATE TABLE fine (id integer PRIMARY KEY, a text DEFAULT 'x');
         CREATE TABLE odd (id integer PRIMARY KEY, a text DEFAULT 'x');
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, '''x''', '''' || CAST(x'ff' AS TEXT) || '''') WHERE name = 'odd';
         PRAGMA writable_schema = RESET;",
        &Scope::default(),
    )
    .await;
    let table = |name: &str| &reading.schema.tables[&TableName::bare(name)];
    assert!(table("odd").incomplete, "{:?}", table("odd"));
    assert!(!table("fine").incomplete && table("fine").columns.len() == 2, "{:?}", table("fine"));
    assert!(reading.notices.iter().all(|notice| notice.table == Some(TableName::bare("odd"))), "{:?}", reading.notices);
    assert!(!reading.notices.is_empty());
}

#[tokio::test]
async fn a_table_that_comes_and_goes_is_never_read_in_half() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("restless.db").display());
    let url = DatabaseUrl::parse(&url).expect("it is a URL");
    let open = || async { connect(&url, &ConnectOptions::default()).await.expect("the file can be made") };
    let (reader, writer) = (open().await, open().await);
    let passing = "CREATE TABLE passing (id integer PRIMARY KEY, a text UNIQUE, b integer REFERENCES p CHECK (b > 0)); \
        CREATE INDEX k ON passing (a, b);";
    let sql = format!("CREATE TABLE p (id integer PRIMARY KEY); {passing}");
    reader.db().execute_unprepared(&sql).await.expect("SQLite takes it");
    let before = read(&reader, &Scope::default()).await.expect("it can be read");
    let name = TableName::bare("passing");
    let restless = tokio::spawn(async move {
        for _ in 0..100 {
            let sql = format!("BEGIN IMMEDIATE; DROP TABLE passing; COMMIT; BEGIN IMMEDIATE; {passing} COMMIT;");
            writer.db().execute_unprepared(&sql).await.expect("the reader waits, and the writer too");
        }
    });
    while !restless.is_finished() {
        let mut during = read(&reader, &Scope::default()).await.expect("it can be read");
        let whole = &before.schema.tables[&name];
        assert!(during.schema.tables.get(&name).is_none_or(|found| found == whole), "{during:#?}");
        during.schema.tables.insert(name.clone(), whole.clone());
        assert_eq!(during, before);
    }
    restless.await.expect("the other session did its work");
}
