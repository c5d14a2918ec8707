//! What a person is told when a database server cannot be reached or refuses, and that no password is told.

use std::env;
use std::net::TcpListener;
use std::time::Duration;

use autogen_introspect::{ConnectOptions, Connection, Error, connect};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::{ConnectionTrait, Statement};

/// `None` where the variable is set to nothing: then there is no such server.
fn postgres() -> Option<DatabaseUrl> {
    server("AUTOGEN_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
}

fn mariadb() -> Option<DatabaseUrl> {
    server("AUTOGEN_TEST_MARIADB_URL", "mysql://root@127.0.0.1:3306/mysql")
}

/// The servers that there are.
fn servers() -> impl Iterator<Item = DatabaseUrl> {
    postgres().into_iter().chain(mariadb()).chain(server("AUTOGEN_TEST_MYSQL_URL", ""))
}

fn server(variable: &str, usual: &str) -> Option<DatabaseUrl> {
    let text = env::var(variable).unwrap_or_else(|_| usual.to_owned());
    if text.is_empty() {
        return None;
    }
    let url = DatabaseUrl::parse(&text).expect("a database URL");
    Some(if url.database().is_some() { url } else { url.with_database("mysql").expect("a server has databases") })
}

/// The same server with another user, who has a password.
fn with_user(url: &DatabaseUrl, user: &str) -> DatabaseUrl {
    let host = url.host().expect("a server has a host");
    let database = url.database().expect("the URL names a database");
    DatabaseUrl::parse(&format!("{}://{user}:t0p%21secret@{host}/{database}", url.backend())).expect("a database URL")
}

async fn open(url: &DatabaseUrl) -> Result<Connection, Error> {
    let options = ConnectOptions { connect_timeout: Duration::from_secs(2), ..ConnectOptions::default() };
    connect(url, &options).await
}

fn assert_tells_no_password(error: &Error) {
    let told = format!("{error} {error:?}");
    assert!(!told.contains("secret"), "{told}");
    assert!(std::error::Error::source(error).is_none(), "a driver's error may quote the URL");
}

#[tokio::test]
async fn a_server_says_which_it_is_and_its_version() {
    let Some(url) = postgres() else { return };
    let connection = open(&url).await.expect("PostgreSQL runs");
    assert_eq!(connection.backend(), Backend::Postgres);
    assert!(connection.server_version().starts_with(|first: char| first.is_ascii_digit()));
}

#[tokio::test]
async fn mariadb_is_known_whatever_the_url_calls_it() {
    let Some(url) = mariadb() else { return };
    let rest = url.expose().split_once(':').expect("a URL has a scheme").1;
    for scheme in ["mysql", "mariadb"] {
        let url = DatabaseUrl::parse(&format!("{scheme}:{rest}")).expect("a database URL");
        let connection = open(&url).await.expect("MariaDB runs");
        assert_eq!(connection.backend(), Backend::Mariadb);
        assert!(connection.server_version().contains("MariaDB"), "{}", connection.server_version());
    }
}

#[tokio::test]
async fn mysql_is_known_whatever_the_url_calls_it() {
    // MySQL is tested where somebody offers one.
    let Some(text) = env::var("AUTOGEN_TEST_MYSQL_URL").ok().filter(|url| !url.is_empty()) else { return };
    let url = DatabaseUrl::parse(&text).expect("a database URL");
    let rest = url.expose().split_once(':').expect("a URL has a scheme").1;
    for scheme in ["mysql", "mariadb"] {
        let url = DatabaseUrl::parse(&format!("{scheme}:{rest}")).expect("a database URL");
        assert_eq!(open(&url).await.expect("MySQL runs").backend(), Backend::Mysql);
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it has an address");
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://ann:t0psecret@{closed}/app");
        let error = open(&DatabaseUrl::parse(&url).expect("a database URL")).await.expect_err("nobody listens");
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().contains(&closed.to_string()) && error.to_string().contains("app"), "{error}");
        assert_tells_no_password(&error);
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_unreachable() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("it has an address");
    let options = ConnectOptions { connect_timeout: Duration::from_millis(100), ..ConnectOptions::default() };
    for scheme in ["postgres", "mysql"] {
        let url = DatabaseUrl::parse(&format!("{scheme}://ann:t0psecret@{address}/app")).expect("a database URL");
        let error = connect(&url, &options).await.expect_err("nobody answers");
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
        assert_tells_no_password(&error);
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_unreachable() {
    let url = DatabaseUrl::parse("postgres://ann:t0psecret@no-such-host.invalid/app").expect("a database URL");
    let error = open(&url).await.expect_err("the name is reserved for nobody");
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_tells_no_password(&error);
}

#[tokio::test]
async fn an_unknown_database_is_named() {
    for url in servers() {
        let url = url.with_database("autogen_test_nowhere").expect("a server has databases");
        let error = open(&url).await.expect_err("there is no such database");
        let Error::UnknownDatabase { host, database, .. } = &error else { panic!("{error:?}") };
        assert_eq!((host.as_str(), database.as_str()), (url.host().as_deref().unwrap_or(""), "autogen_test_nowhere"));
    }
}

#[tokio::test]
async fn a_refused_user_is_told_without_the_password() {
    for url in servers() {
        let error = open(&with_user(&url, "autogen_test_nobody")).await.expect_err("there is no such user");
        assert!(matches!(error, Error::WrongPassword { .. }), "{error:?}");
        assert_tells_no_password(&error);
    }
}

#[tokio::test]
async fn a_statement_ends_at_its_limit() {
    let options = ConnectOptions { statement_timeout: Some(Duration::from_millis(100)), ..ConnectOptions::default() };
    let cases = [
        (postgres(), "SELECT pg_sleep(60)", "statement timeout"),
        // A sleep that is interrupted is no error to MariaDB; a join that takes for ever is.
        (
            mariadb(),
            "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq % 7 = b.seq % 11",
            "max_statement_time exceeded",
        ),
    ];
    for (url, sql, told) in cases {
        let Some(url) = url else { continue };
        let connection = connect(&url, &options).await.expect("the server runs");
        let statement = Statement::from_string(connection.db().get_database_backend(), sql);
        let error = connection.db().query_one_raw(statement).await.expect_err("it takes longer than allowed");
        assert!(error.to_string().contains(told), "{error}");
    }
}
