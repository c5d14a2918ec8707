//! How long it takes to read a database, beside the bare catalog queries and beside sea-schema's discovery.
//!
//! `cargo run --release -p autogen-introspect --example bench_introspect -- 10 100 1000`
//!
//! Makes that many tables in a database of its own, on SQLite and on every server that `AUTOGEN_TEST_POSTGRES_URL`,
//! `AUTOGEN_TEST_MARIADB_URL` and `AUTOGEN_TEST_MYSQL_URL` name, and drops it again. The floor is the same queries with
//! the same driver, whose rows are fetched and dropped. Of several runs the shortest counts, because what makes the
//! others longer is the machine's other work; opening the connection is not in it.

use std::error::Error;
use std::future::Future;
use std::io::Write;
use std::time::{Duration, Instant};

use autogen_introspect::{ConnectOptions, Connection, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut sizes: Vec<usize> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![10, 100, 1000];
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<11} {:>6} {:>11} {:>11} {:>6} {:>12} {:>7}",
        "", "tables", "floor", "ours", "", "sea-schema", ""
    )?;
    let folder = tempfile::tempdir()?;
    for server in servers(folder.path())? {
        for size in &sizes {
            let times = server.measure(*size).await?;
            writeln!(
                out,
                "{:<11} {size:>6} {:>8.1} ms {:>8.1} ms {:>5.2}× {:>9.1} ms {:>6.1}×",
                server.name,
                milliseconds(times.floor),
                milliseconds(times.ours),
                times.ours.as_secs_f64() / times.floor.as_secs_f64(),
                milliseconds(times.discovery),
                times.discovery.as_secs_f64() / times.ours.as_secs_f64(),
            )?;
        }
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A place for databases.
struct Server {
    name: &'static str,
    /// Where a database is made; for SQLite, the database.
    url: DatabaseUrl,
}

fn servers(folder: &std::path::Path) -> Outcome<Vec<Server>> {
    let file = format!("sqlite://{}/bench.db?mode=rwc", folder.display());
    let mut servers = vec![Server { name: "SQLite", url: DatabaseUrl::parse(&file)? }];
    for (name, variable) in [
        ("PostgreSQL", "AUTOGEN_TEST_POSTGRES_URL"),
        ("MariaDB", "AUTOGEN_TEST_MARIADB_URL"),
        ("MySQL", "AUTOGEN_TEST_MYSQL_URL"),
    ] {
        if let Some(text) = std::env::var(variable).ok().filter(|text| !text.is_empty()) {
            servers.push(Server { name, url: DatabaseUrl::parse(&text)? });
        }
    }
    Ok(servers)
}

/// The shortest of several runs of each.
struct Times {
    floor: Duration,
    ours: Duration,
    discovery: Duration,
}

impl Server {
    async fn measure(&self, size: usize) -> Outcome<Times> {
        let name = format!("autogen_test_bench_{}_{size}", std::process::id());
        let database = match self.url.backend() {
            Backend::Sqlite => self.url.clone(),
            Backend::Postgres | Backend::Mysql | Backend::Mariadb => {
                self.admin(&format!("CREATE DATABASE {name}")).await?;
                self.url.with_database(&name).ok_or("a server's URL takes a database")?
            }
        };
        let times = on_database(&database, size).await;
        match self.url.backend() {
            Backend::Sqlite => drop(std::fs::remove_file(database.database().unwrap_or_default())),
            Backend::Postgres | Backend::Mysql | Backend::Mariadb => {
                self.admin(&format!("DROP DATABASE {name}")).await?;
            }
        }
        times
    }

    async fn admin(&self, sql: &str) -> Outcome<()> {
        let connection = connect(&self.url, &ConnectOptions::default()).await?;
        connection.db().execute_unprepared(sql).await?;
        connection.close().await?;
        Ok(())
    }
}

async fn on_database(url: &DatabaseUrl, size: usize) -> Outcome<Times> {
    let connection = connect(url, &ConnectOptions::default()).await?;
    let statements: Vec<String> = (0..size).map(|number| table(connection.backend(), number)).collect();
    for part in statements.chunks(50) {
        connection.db().execute_unprepared(&part.concat()).await?;
    }
    if connection.backend() == Backend::Postgres {
        // As autovacuum would have done by the time that anybody reads a database.
        connection.db().execute_unprepared("VACUUM ANALYZE").await?;
    }
    let tables = read(&connection, &Scope::default()).await?.schema.tables.len();
    assert_eq!(tables, size, "not every table was read");
    // The first finds out which server it is. A reading that somebody interfered with begins anew.
    let log = connection.queries();
    let first = log.get(1).ok_or("a reading asks something")?.name;
    let begin = log.iter().rposition(|query| query.name == first).ok_or("it stands there")?;
    let queries: Vec<Statement> = log.into_iter().skip(begin).map(|query| query.statement).collect();

    let ours = shortest(|| reading(&connection)).await?;
    let floor = shortest(|| floor(&connection, &queries)).await?;
    let discovery = shortest(|| discovery(&connection)).await?;
    connection.close().await?;
    Ok(Times { floor, ours, discovery })
}

/// At least three runs, except of what takes a minute, and more of what is over soon.
async fn shortest<F: Future<Output = Outcome<()>>>(mut run: impl FnMut() -> F) -> Outcome<Duration> {
    let begin = Instant::now();
    let mut shortest = Duration::MAX;
    let mut runs = 0;
    let takes = |seconds| begin.elapsed() < Duration::from_secs(seconds);
    while (runs < 3 && takes(60)) || (runs < 30 && takes(3)) {
        let start = Instant::now();
        run().await?;
        shortest = shortest.min(start.elapsed());
        runs += 1;
    }
    Ok(shortest)
}

async fn reading(connection: &Connection) -> Outcome<()> {
    read(connection, &Scope::default()).await?;
    Ok(())
}

/// The queries of one reading, in one transaction as there.
async fn floor(connection: &Connection, queries: &[Statement]) -> Outcome<()> {
    let transaction = connection.db().begin().await?;
    for query in queries {
        transaction.query_all_raw(query.clone()).await?;
    }
    transaction.rollback().await?;
    Ok(())
}

async fn discovery(connection: &Connection) -> Outcome<()> {
    let db = connection.db();
    let tables = match connection.backend() {
        Backend::Sqlite => {
            let pool = db.get_sqlite_connection_pool().clone();
            let schema = sea_schema::sqlite::discovery::SchemaDiscovery::new(pool).discover().await?;
            schema.tables.len()
        }
        Backend::Postgres => {
            let pool = db.get_postgres_connection_pool().clone();
            sea_schema::postgres::discovery::SchemaDiscovery::new(pool, "public").discover().await?.tables.len()
        }
        Backend::Mysql | Backend::Mariadb => {
            let pool = db.get_mysql_connection_pool().clone();
            let database = connection.url().database().unwrap_or_default();
            sea_schema::mysql::discovery::SchemaDiscovery::new(pool, &database).discover().await?.tables.len()
        }
    };
    assert!(tables > 0, "sea-schema found nothing");
    Ok(())
}

/// Ten columns, three indexes and a foreign key to the table before.
fn table(backend: Backend, number: usize) -> String {
    let parent = number.saturating_sub(1);
    let key = match backend {
        Backend::Sqlite => "integer PRIMARY KEY AUTOINCREMENT",
        Backend::Postgres => "serial PRIMARY KEY",
        Backend::Mysql | Backend::Mariadb => "int PRIMARY KEY AUTO_INCREMENT",
    };
    format!(
        "CREATE TABLE table_{number} (id {key}, name varchar(80) NOT NULL, email varchar(255) NOT NULL DEFAULT '',
            note text, age integer DEFAULT 0, price decimal(10,2) NOT NULL DEFAULT 0, active boolean NOT NULL,
            created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, day date, parent_id integer,
            CONSTRAINT fk_{number} FOREIGN KEY (parent_id) REFERENCES table_{parent} (id) ON DELETE CASCADE);
         CREATE UNIQUE INDEX email_{number} ON table_{number} (email);
         CREATE INDEX name_{number} ON table_{number} (name, age);
         CREATE INDEX parent_{number} ON table_{number} (parent_id);"
    )
}
