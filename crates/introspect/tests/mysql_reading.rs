//! How a MySQL or MariaDB database is read: with how many queries, with which rights, in which session.

mod mysql_server;

use autogen_introspect::{ConnectOptions, Connection, Error, Reading, Scope, connect, read};
use autogen_schema::TableName;
use mysql_server::{Server, TestDatabase, with_database};
use sea_orm::ConnectionTrait;

async fn execute(connection: &Connection, sql: &str) {
    connection.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn read_all(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("the database can be read")
}

/// The names of the queries that one reading makes. Where another test changes something on the server meanwhile, the
/// last attempt counts, without what it asks of tables that are younger than it.
async fn queries(connection: &Connection) -> Vec<&'static str> {
    read_all(connection).await;
    let names: Vec<&str> = connection.queries().iter().map(|query| query.name).collect();
    let last = names.iter().rposition(|name| *name == "the session").expect("each attempt begins with it");
    let is_usual = |name: &&str| *name != "a table that may have been made meanwhile";
    let usual: Vec<_> = names[last..].iter().copied().filter(is_usual).collect();
    let again = usual.iter().filter(|name| **name == "the tables once more").count();
    usual[..usual.len() - (again - 1)].to_vec()
}

#[tokio::test]
async fn the_number_of_queries_does_not_grow_with_the_number_of_tables() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let connection = database.connect().await;
            let table = |number: u32| {
                format!("CREATE TABLE t{number} (id int PRIMARY KEY, parent int, note varchar(9) CHECK (note <> ''), KEY k (note), FOREIGN KEY (parent) REFERENCES t0 (id)) ENGINE = InnoDB;")
            };
            execute(&connection, &table(0)).await;
            let one = queries(&connection).await;
            execute(&connection, &(1..200).map(table).collect::<String>()).await;
            assert_eq!(queries(&connection).await, one, "on {}", server.name());
            assert_eq!(read_all(&connection).await.schema.tables.len(), 200);
        })
        .await;
    }
}

#[tokio::test]
async fn a_table_that_comes_and_goes_is_never_read_in_half() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let (reader, writer) = (database.connect().await, database.connect().await);
            execute(&reader, "CREATE TABLE p (id int PRIMARY KEY)").await;
            let passing = "CREATE TABLE passing (id int PRIMARY KEY, a varchar(9), b int, KEY k (a), \
                CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id), CONSTRAINT c CHECK (b > 0))";
            execute(&reader, passing).await;
            let (before, name) = (read_all(&reader).await, TableName::bare("passing"));
            let restless = tokio::spawn(async move {
                for _ in 0..40 {
                    execute(&writer, "DROP TABLE passing").await;
                    execute(&writer, passing).await;
                }
            });
            while !restless.is_finished() {
                let mut during = read_all(&reader).await.schema;
                let whole = &before.schema.tables[&name];
                let found = during.tables.get(&name);
                assert!(found.is_none_or(|found| found == whole || found.incomplete), "{}: {found:#?}", server.name());
                during.tables.insert(name.clone(), whole.clone());
                assert_eq!(during, before.schema, "on {}", server.name());
            }
            restless.await.expect("the other session did its work");
            assert_eq!(read_all(&reader).await, before);
        })
        .await;
    }
}

#[tokio::test]
async fn two_readings_of_one_database_are_equal() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let connection = database.connect().await;
            let sql = "CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE a (id int, KEY y (id), KEY x (id)); CREATE VIEW v AS SELECT 1;";
            execute(&connection, sql).await;
            assert_eq!(read_all(&connection).await, read_all(&connection).await);
        })
        .await;
    }
}

#[tokio::test]
async fn a_session_that_quotes_names_otherwise_reads_the_same() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let connection = database.connect().await;
            execute(&connection, "CREATE TABLE t (a int, g int AS (a + 1), CONSTRAINT c CHECK (a > 0 AND a <> '\"'))")
                .await;
            let usual = read_all(&connection).await;
            execute(&connection, "SET SESSION sql_mode = 'ANSI'").await;
            assert_eq!(read_all(&connection).await, usual);
        })
        .await;
    }
}

#[tokio::test]
async fn the_scope_leaves_tables_out_with_their_triggers() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let connection = database.connect().await;
            let sql = "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE TRIGGER x BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1;";
            execute(&connection, sql).await;
            let scope = Scope { exclude: vec!["u".into()], ..Scope::default() };
            let reading = read(&connection, &scope).await.expect("it can be read");
            assert_eq!(reading.schema.tables.keys().collect::<Vec<_>>(), [&TableName::bare("t")]);
            assert_eq!(reading.schema.objects, []);
        })
        .await;
    }
}

#[tokio::test]
async fn a_view_is_kept_where_it_hangs_on_a_table_in_scope() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let connection = database.connect().await;
            let sql = "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW x AS SELECT a FROM t; \
                CREATE VIEW w AS SELECT a FROM x; CREATE VIEW v AS SELECT a FROM u;";
            execute(&connection, sql).await;
            let scope = Scope { include: vec!["t".into()], ..Scope::default() };
            let reading = read(&connection, &scope).await.expect("it can be read");
            let names: Vec<&str> = reading.schema.objects.iter().map(|object| object.name.name.as_str()).collect();
            assert_eq!(names, ["w", "x"], "on {}", server.name());
        })
        .await;
    }
}

#[tokio::test]
async fn a_url_without_a_database_is_refused() {
    for server in Server::all() {
        let connection = server.open().await;
        let error = read(&connection, &Scope::default()).await.expect_err("it names no database");
        assert!(matches!(error, Error::NoDatabase { .. }), "{error}");
    }
}

/// Makes a user with these rights on the test's database, and reads the database as that user.
async fn read_as(database: &TestDatabase, rights: &str) -> Result<Reading, Error> {
    let admin = database.connect().await;
    let user = database.user("");
    user.create(&admin, rights).await;
    let connection = connect(&user.url, &ConnectOptions::default()).await.expect("the user was just made");
    let reading = read(&connection, &Scope::default()).await;
    connection.close().await.expect("it can be closed");
    user.drop(&admin).await;
    reading
}

const HIDEABLE: &str = "CREATE TABLE p (id int PRIMARY KEY); \
    CREATE TABLE t (a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)); \
    CREATE VIEW v AS SELECT a FROM t; \
    CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;";

#[tokio::test]
async fn what_the_user_may_not_see_is_said() {
    for server in Server::all() {
        with_database(server, |database| async move {
            execute(&database.connect().await, HIDEABLE).await;
            let reading = read_as(&database, "SELECT, REFERENCES").await.expect("it can be read");
            let table = &reading.schema.tables[&TableName::bare("t")];
            assert_eq!(table.foreign_keys.len(), 1);
            assert!(table.not_understood.iter().any(|what| what.contains("its triggers are hidden")));
            // The view is there, so that nobody takes its name for a table's.
            let [view] = &reading.schema.objects[..] else { panic!("{:?}", reading.schema.objects) };
            assert_eq!((view.name.name.as_str(), view.definition.as_str()), ("v", ""));
            let told: String = reading.notices.iter().map(|notice| format!("{notice}\n")).collect();
            for right in [
                "no TRIGGER on",
                "no EVENT on",
                "no SHOW VIEW on",
                "no EXECUTE on",
                "view v: the database user may not see",
            ] {
                assert!(told.contains(right), "{right} is missing in:\n{told}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_user_who_sees_everything_gets_no_notice() {
    for server in Server::all() {
        with_database(server, |database| async move {
            execute(&database.connect().await, HIDEABLE).await;
            let rights = "SELECT, REFERENCES, TRIGGER, EVENT, SHOW VIEW, EXECUTE";
            let reading = read_as(&database, rights).await.expect("it can be read");
            assert_eq!(reading.notices, []);
            assert_eq!(reading.schema.objects.len(), 2);
        })
        .await;
    }
}

/// Constraints of every sort, which MariaDB's catalog hides in part.
const CONSTRAINED: &str = "CREATE TABLE p (id int UNIQUE, kind int, PRIMARY KEY (id, kind)); \
    CREATE TABLE t (a int, b int, c int CHECK (c > 0), d int, j json, u int UNIQUE, \
        CONSTRAINT `c)` CHECK (d <> 5), \
        CONSTRAINT `f``k` FOREIGN KEY (a, b) REFERENCES p (id, kind) ON DELETE CASCADE ON UPDATE SET NULL, \
        CONSTRAINT plain FOREIGN KEY (a) REFERENCES p (id), \
        CONSTRAINT none FOREIGN KEY (b, a) REFERENCES p (id, kind) ON DELETE NO ACTION);";

#[tokio::test]
async fn a_user_who_may_only_select_reads_the_same_constraints() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let admin = database.connect().await;
            execute(&admin, CONSTRAINED).await;
            let owners = read_all(&admin).await.schema.tables;
            let mut readers = read_as(&database, "SELECT").await.expect("it can be read").schema.tables;
            readers.values_mut().for_each(|table| table.not_understood.clear());
            assert_eq!(readers, owners, "on {}", server.name());
        })
        .await;
    }
}

#[tokio::test]
async fn a_user_with_rights_on_single_tables_reads_their_constraints_and_is_told_of_the_others() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let admin = database.connect().await;
            execute(&admin, CONSTRAINED).await;
            let name = TableName::bare("t");
            let owners = read_all(&admin).await.schema.tables[&name].clone();
            let user = database.user("");
            user.create(&admin, "CREATE TEMPORARY TABLES").await;
            let (account, of) = (user.account(), &database.name);
            let sql =
                format!("REVOKE ALL ON `{of}`.* FROM {account}; GRANT SELECT, INSERT (b) ON `{of}`.t TO {account}");
            execute(&admin, &sql).await;
            let connection = connect(&user.url, &ConnectOptions::default()).await.expect("the user was just made");
            let reading = read_all(&connection).await;
            connection.close().await.expect("it can be closed");
            user.drop(&admin).await;
            let mut readers = reading.schema.tables[&name].clone();
            readers.not_understood.clear();
            assert_eq!(readers, owners, "on {}", server.name());
            assert!(reading.notices.iter().any(|notice| notice.message.contains("single tables")), "{reading:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_table_that_the_server_cannot_open_is_left_alone() {
    with_database(Server::Mariadb, |database| async move {
        let connection = database.connect().await;
        let sql = "CREATE TABLE t (a int); CREATE TABLE part (a int) ENGINE = MyISAM; \
            CREATE TABLE odd (a int) ENGINE = MERGE UNION = (part); DROP TABLE part;";
        execute(&connection, sql).await;
        let reading = read_all(&connection).await;
        let table = |name: &str| &reading.schema.tables[&TableName::bare(name)];
        assert!(table("odd").incomplete && !table("t").incomplete, "{reading:?}");
        assert!(reading.notices.iter().any(|notice| notice.message.starts_with("odd: the server cannot open it")));
    })
    .await;
}
