//! What a reading of a real PostgreSQL server does not depend on: who reads, how many tables there are, what the
//! session is set to, and what others do meanwhile.

mod postgres_support;

use std::time::Duration;

use autogen_introspect::{ConnectOptions, Connection, Error, Reading, Scope, connect, read};
use autogen_schema::TableName;
use postgres_support::{drop_role, execute, on_database, open, reading, reading_of, role, table};
use sea_orm::{ConnectionTrait, Statement};

/// A bit of everything.
const SCHEMA: &str = r"
CREATE SCHEMA app;
CREATE EXTENSION citext SCHEMA public;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE app.size AS ENUM ('s', 'm');
CREATE DOMAIN email AS citext CHECK (VALUE LIKE '%@%');
CREATE FUNCTION code() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$;
CREATE TABLE users (
    id bigserial PRIMARY KEY,
    number integer GENERATED ALWAYS AS IDENTITY,
    name varchar(120) NOT NULL DEFAULT 'nobody',
    email email UNIQUE,
    mood mood DEFAULT 'ok',
    size app.size DEFAULT 's',
    code text DEFAULT code(),
    created_at timestamptz NOT NULL DEFAULT now(),
    label text GENERATED ALWAYS AS (lower(name)) STORED,
    CONSTRAINT named CHECK (name <> '')
);
CREATE TABLE posts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id bigint NOT NULL CONSTRAINT posts_user REFERENCES users ON DELETE CASCADE,
    body text
);
CREATE INDEX posts_body ON posts (lower(body) text_pattern_ops) WHERE body IS NOT NULL;
CREATE VIEW recent AS SELECT p.id, u.name FROM posts p JOIN users u ON u.id = p.user_id;
CREATE SEQUENCE free;
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON posts USING (user_id > 0);
CREATE TABLE app.users (id integer PRIMARY KEY);
COMMENT ON TABLE users IS 'people';
";

#[tokio::test]
async fn a_role_that_may_only_select_reads_what_the_owner_reads() {
    on_database(|url| async move {
        let owner = open(&url).await;
        execute(&owner, SCHEMA).await;
        let (role, as_role) = role(&owner, &url).await;
        execute(&owner, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
        let (mine, theirs) = (reading(&owner).await, reading(&open(&as_role).await).await);
        drop_role(&owner, &role).await;
        assert_eq!(mine.schema.tables.len(), 2);
        assert_eq!(mine, theirs);
    })
    .await;
}

#[tokio::test]
async fn a_schema_that_the_role_may_not_use_is_read_all_the_same() {
    on_database(|url| async move {
        let owner = open(&url).await;
        execute(&owner, "CREATE SCHEMA hidden; REVOKE ALL ON SCHEMA hidden FROM PUBLIC").await;
        execute(&owner, "CREATE TYPE hidden.mood AS ENUM ('ok')").await;
        execute(&owner, "CREATE TABLE hidden.t (id serial PRIMARY KEY, a hidden.mood DEFAULT 'ok' CHECK (a <> 'ok'))")
            .await;
        let (role, as_role) = role(&owner, &url).await;
        let scope = Scope { schemas: vec!["hidden".to_owned()], ..Scope::default() };
        let (mine, theirs) = (reading_of(&owner, &scope).await, reading_of(&open(&as_role).await, &scope).await);
        drop_role(&owner, &role).await;
        assert!(mine.schema.table(&TableName::qualified("hidden", "t")).is_some());
        assert_eq!(mine, theirs);
    })
    .await;
}

#[tokio::test]
async fn two_hundred_tables_take_as_many_queries_as_one() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, "CREATE TABLE t0 (id serial PRIMARY KEY)").await;
        let one = queries(&connection).await;
        let many = "DO $$ BEGIN FOR i IN 1..199 LOOP
            EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, a text UNIQUE, b integer REFERENCES t%s CHECK (b > 0))', i, i - 1);
            EXECUTE format('CREATE INDEX i%s ON t%s (lower(a))', i, i);
            EXECUTE format('CREATE VIEW v%s AS SELECT a FROM t%s', i, i);
        END LOOP; END $$";
        execute(&connection, many).await;
        assert_eq!(queries(&connection).await, one);
        assert_eq!(reading(&connection).await.schema.tables.len(), 200);
    })
    .await;
}

#[tokio::test]
async fn tables_that_come_and_go_do_not_disturb_a_reading() {
    on_database(|url| async move {
        let (reader, writer) = (open(&url).await, open(&url).await);
        execute(&reader, SCHEMA).await;
        let before = reading(&reader).await;
        let restless = tokio::spawn(async move {
            for _ in 0..150 {
                execute(
                    &writer,
                    "CREATE TABLE passing (id serial PRIMARY KEY, a text DEFAULT upper('x') CHECK (a <> ''));
                     CREATE INDEX passing_a ON passing (lower(a)) WHERE a IS NOT NULL;
                     CREATE VIEW passing_view AS SELECT a FROM passing",
                )
                .await;
                execute(&writer, "DROP TABLE passing CASCADE").await;
            }
        });
        while !restless.is_finished() {
            let mut during = reading(&reader).await;
            during.schema.tables.remove(&TableName::qualified("public", "passing"));
            during.schema.objects.retain(|object| object.name.name != "passing_view");
            assert_eq!(during, before);
        }
        restless.await.expect("the other session did its work");
    })
    .await;
}

#[tokio::test]
async fn a_schema_further_on_the_search_path_changes_nothing() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, SCHEMA).await;
        let before = reading(&connection).await;
        execute(&connection, "SET search_path = public, app, pg_catalog").await;
        assert_eq!(reading(&connection).await, before);
        execute(&connection, "CREATE TEMPORARY TABLE users (x integer)").await;
        assert_eq!(reading(&connection).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_included_column_has_its_present_name() {
    on_database(|url| async move {
        let connection = open(&url).await;
        let table = "CREATE TABLE t (id int, n int, a int, PRIMARY KEY (id) INCLUDE (a), UNIQUE (n) INCLUDE (a))";
        execute(&connection, table).await;
        execute(&connection, "CREATE INDEX i ON t (id) INCLUDE (a)").await;
        execute(&connection, "ALTER TABLE t RENAME a TO b").await;
        let schema = reading(&connection).await.schema;
        let table = schema.tables.values().next().expect("the table is read");
        assert_eq!(table.uniques[0].include, ["b"]);
        assert_eq!(table.indexes[0].include, ["b"]);
        assert_eq!(table.primary_key.as_ref().expect("a key").extra, ["INCLUDE (b)"]);
    })
    .await;
}

#[tokio::test]
async fn the_default_schema_is_the_first_on_the_path() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, SCHEMA).await;
        execute(&connection, "SET search_path = missing, app, public").await;
        let reading = reading(&connection).await;
        assert_eq!(reading.default_schema.as_deref(), Some("app"));
        assert_eq!(names(&reading), ["app.users"]);
    })
    .await;
}

#[tokio::test]
async fn a_scope_names_schemas_and_patterns() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, SCHEMA).await;
        let both = Scope { schemas: vec!["public".to_owned(), "app".to_owned()], ..Scope::default() };
        assert_eq!(names(&reading_of(&connection, &both).await), ["app.users", "public.posts", "public.users"]);
        let users = Scope { include: vec!["user*".to_owned()], ..both.clone() };
        assert_eq!(names(&reading_of(&connection, &users).await), ["app.users", "public.users"]);
        let rest = Scope { exclude: vec!["users".to_owned()], ..both };
        assert_eq!(names(&reading_of(&connection, &rest).await), ["public.posts"]);
        let nowhere = Scope { schemas: vec!["nowhere".to_owned()], ..Scope::default() };
        assert!(names(&reading_of(&connection, &nowhere).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_reading_leaves_the_session_as_it_was() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, "SET search_path = public, pg_catalog; SET TimeZone = 'Asia/Tokyo'").await;
        reading(&connection).await;
        assert_eq!(text(&connection, "SHOW search_path").await, "public, pg_catalog");
        assert_eq!(text(&connection, "SHOW TimeZone").await, "Asia/Tokyo");
        assert_eq!(text(&connection, "SELECT (pg_current_xact_id_if_assigned() IS NULL)::text").await, "true");
        execute(&connection, "CREATE TABLE writable (a integer)").await;
    })
    .await;
}

#[tokio::test]
async fn the_version_is_a_bare_number() {
    on_database(|url| async move {
        let connection = open(&url).await;
        let reading = reading(&connection).await;
        let number = text(&connection, "SELECT split_part(current_setting('server_version'), ' ', 1)").await;
        assert_eq!(reading.server_version, number);
        assert_eq!(reading.default_schema.as_deref(), Some("public"));
    })
    .await;
}

async fn queries(connection: &Connection) -> usize {
    let before = connection.queries().len();
    reading(connection).await;
    connection.queries().len() - before
}

fn names(reading: &Reading) -> Vec<String> {
    reading.schema.tables.keys().map(ToString::to_string).collect()
}

async fn text(connection: &Connection, sql: &str) -> String {
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let row = connection.db().query_one_raw(statement).await.expect("the query works").expect("a row comes back");
    row.try_get_by_index(0).expect("it is a text")
}

#[tokio::test]
async fn a_reading_that_waits_for_a_lock_ends_at_its_limit() {
    on_database(|url| async move {
        let holder = open(&url).await;
        execute(&holder, "CREATE TABLE t (a integer); BEGIN; LOCK TABLE pg_catalog.pg_description").await;
        let options =
            ConnectOptions { statement_timeout: Some(Duration::from_millis(200)), ..ConnectOptions::default() };
        let connection = connect(&url, &options).await.expect("the server runs");
        let error = read(&connection, &Scope::default()).await.expect_err("somebody holds a lock");
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert!(error.to_string().contains("statement time-out"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_not_understood_spoils_its_own_table_only() {
    on_database(|url| async move {
        let connection = open(&url).await;
        let sql = "CREATE TABLE fine (id int PRIMARY KEY, CHECK (id > 0)); CREATE TABLE listed (id int); \
            CREATE TABLE sorted (id int); CREATE TABLE keyed (id int, CONSTRAINT k CHECK (id > 0));";
        execute(&connection, sql).await;
        let expected = reading(&connection).await;
        // A list of options with a hole in it, a kind of table and a kind of constraint that nobody knows.
        let sql = "SET allow_system_table_mods = on; \
            UPDATE pg_class SET reloptions = '{NULL}' WHERE relname = 'listed'; \
            UPDATE pg_class SET relkind = 'z' WHERE relname = 'sorted'; \
            UPDATE pg_constraint SET contype = 'z' WHERE conname = 'k';";
        execute(&connection, sql).await;
        let found = reading(&connection).await;
        assert_eq!(table(&found, "fine"), table(&expected, "fine"));
        assert_eq!(found.schema.tables.len(), 4);
        for name in ["listed", "sorted"] {
            assert!(table(&found, name).incomplete, "{name}: {found:?}");
        }
        let told: String = found.notices.iter().map(|notice| format!("{notice}\n")).collect();
        for name in ["public.listed: ", "public.sorted: it is a table of the kind `z`", "public.keyed: constraint k"] {
            assert!(told.contains(name), "{name} is missing in:\n{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_expression_without_a_text_spoils_its_own_table_only() {
    on_database(|url| async move {
        let connection = open(&url).await;
        let sql = "CREATE TABLE fine (id int PRIMARY KEY, CHECK (id > 0)); \
            CREATE TABLE defaulted (id int, a int DEFAULT 1 + 1); CREATE TABLE checked (id int, CONSTRAINT k CHECK (id > 0)); \
            CREATE TABLE parent (id int) PARTITION BY RANGE (id); \
            CREATE TABLE part PARTITION OF parent FOR VALUES FROM (1) TO (2); \
            CREATE TABLE secured (id int); CREATE POLICY p ON secured USING (id > 0); \
            CREATE VIEW v AS SELECT id FROM fine;";
        execute(&connection, sql).await;
        let expected = reading(&connection).await;
        // What the server itself never writes: constraints, bounds and rules without their expression.
        let sql = "SET allow_system_table_mods = on; ALTER TABLE pg_attrdef ALTER adbin DROP NOT NULL; \
            UPDATE pg_attrdef SET adbin = NULL WHERE adrelid = 'defaulted'::regclass; \
            UPDATE pg_constraint SET conbin = NULL WHERE conname = 'k'; \
            UPDATE pg_class SET relpartbound = NULL WHERE relname = 'part'; \
            DELETE FROM pg_rewrite WHERE ev_class = 'v'::regclass;";
        execute(&connection, sql).await;
        let found = reading(&connection).await;
        for name in ["fine", "parent", "secured"] {
            assert_eq!(table(&found, name), table(&expected, name));
        }
        for name in ["defaulted", "checked", "part"] {
            assert!(table(&found, name).incomplete, "{name}: {found:?}");
        }
        let told: Vec<String> = found.notices.iter().map(ToString::to_string).collect();
        let told = told.join("\n");
        for words in
            ["public.defaulted: a row of the query for columns (a)", "constraints (k)", "tables (part)", "objects (public.v)"]
        {
            assert!(told.contains(words), "{words} is missing in:\n{told}");
        }
        let view = found.schema.objects.iter().find(|object| object.name.name == "v").expect("its name is taken");
        assert_eq!(view.definition, "");
    })
    .await;
}
