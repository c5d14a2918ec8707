//! Scratch databases: what they are like, and that they go.

use autogen_prove::{Place, Scratch};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

use crate::lab::{Database, block_on, open, server};

#[test]
fn a_scratch_database_is_gone_when_nobody_waits_for_it() {
    for backend in [Backend::Postgres, Backend::Mariadb, Backend::Mysql] {
        let Some(text) = server(backend) else { continue };
        let url = DatabaseUrl::parse(&text).unwrap();
        let name = block_on(async {
            let live = open(&url).await;
            let scratch = Scratch::create(&live, &Place::default()).await.unwrap();
            let name = scratch.url().database().unwrap();
            assert!(name.starts_with("autogen_scratch_"), "{name}");
            assert!(is_there(&url, &name).await);
            // As where a future is dropped half-way, or a panic unwinds.
            drop(scratch);
            name
        });
        assert!(!block_on(is_there(&url, &name)), "{backend}: {name} is still there");
    }
}

#[test]
fn a_scratch_database_is_gone_after_a_panic() {
    let Some(text) = server(Backend::Postgres) else { return };
    let url = DatabaseUrl::parse(&text).unwrap();
    let told = std::sync::Mutex::new(String::new());
    let panicked = std::panic::catch_unwind(|| {
        block_on(async {
            let live = open(&url).await;
            let scratch = Scratch::create(&live, &Place::default()).await.unwrap();
            *told.lock().unwrap() = scratch.url().database().unwrap();
            panic!("on purpose");
        });
    });
    assert!(panicked.is_err());
    let name = told.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert!(!block_on(is_there(&url, &name)), "{name} is still there");
}

#[test]
fn a_scratch_database_has_the_encoding_of_the_live_one() {
    let cases = [
        (
            Backend::Postgres,
            "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype AS value FROM pg_database WHERE datname = current_database()",
        ),
        (Backend::Mariadb, "SELECT CONCAT(@@character_set_database, ' ', @@collation_database) AS value"),
        (Backend::Mysql, "SELECT CONCAT(@@character_set_database, ' ', @@collation_database) AS value"),
    ];
    for (backend, query) in cases {
        block_on(async {
            let Some(live) = Database::create(backend).await else { return };
            if backend != Backend::Postgres {
                live.run("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci").await;
            }
            let live_again = open(live.connection.url()).await;
            let scratch = Scratch::create(&live_again, &Place::default()).await.unwrap();
            assert_eq!(value(scratch.connection(), query).await, value(&live_again, query).await);
            scratch.remove().await;
            live_again.close().await.unwrap();
            live.drop().await;
        });
    }
}

#[test]
fn a_shared_scratch_database_of_sqlite_is_a_file_that_goes() {
    block_on(async {
        let live = open(&DatabaseUrl::parse("sqlite::memory:").unwrap()).await;
        let scratch = Scratch::create(&live, &Place { shared: true, ..Place::default() }).await.unwrap();
        let file = scratch.url().database().unwrap();
        scratch.connection().db().execute_unprepared("CREATE TABLE t (id integer)").await.unwrap();
        assert!(std::path::Path::new(&file).is_file(), "{file}");
        scratch.remove().await;
        assert!(!std::path::Path::new(&file).exists(), "{file}");
    });
}

async fn value(connection: &autogen_introspect::Connection, query: &str) -> String {
    let db = connection.db();
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), query);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "value").unwrap()
}

async fn is_there(server: &DatabaseUrl, name: &str) -> bool {
    let connection = open(server).await;
    let query = match connection.backend() {
        Backend::Postgres => "SELECT coalesce(string_agg(datname, ' '), '') AS value FROM pg_database",
        Backend::Sqlite | Backend::Mysql | Backend::Mariadb => {
            "SELECT CONVERT(GROUP_CONCAT(schema_name SEPARATOR ' ') USING utf8mb4) AS value FROM information_schema.schemata WHERE schema_name LIKE 'autogen_scratch%' OR schema_name = 'mysql'"
        }
    };
    value(&connection, query).await.split(' ').any(|other| other == name)
}
