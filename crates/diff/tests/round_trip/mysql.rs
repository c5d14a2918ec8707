//! MySQL and MariaDB, and `mysqldump`, which asks both servers for their own `SHOW CREATE`.

use std::collections::BTreeMap;
use std::process::Command;

use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

use crate::cases::{self, Case};
use crate::servers::{self, fresh_name};
use crate::shared::{Outcome, difference, judge, output, reasons, rendered};

/// How many cases share a run of `mysqldump`.
const BATCH: usize = 40;

#[tokio::test]
async fn every_case_makes_the_same_database_again_on_mysql() {
    if let Some(url) = servers::url(Backend::Mysql) {
        check_all("mysql", &url).await;
    }
}

#[tokio::test]
async fn every_case_makes_the_same_database_again_on_mariadb() {
    if let Some(url) = servers::url(Backend::Mariadb) {
        check_all("mariadb", &url).await;
    }
}

async fn check_all(product: &str, url: &str) {
    let server = DatabaseUrl::parse(url).expect("a URL").with_database("").expect("a server has databases");
    let cases: Vec<Case> = cases::files_for(product).iter().flat_map(|file| cases::cases(file)).collect();
    assert!(cases.len() >= 150, "only {} cases were found", cases.len());
    let mut running = tokio::task::JoinSet::new();
    for batch in cases.chunks(BATCH) {
        running.spawn(check_batch(server.clone(), batch.to_vec()));
    }
    let outcomes = running.join_all().await.into_iter().flatten().collect();
    judge(outcomes, &reasons(&format!("{product}.txt")));
}

/// Takes the cases around, then asks for the dumps of all their databases at once.
async fn check_batch(server: DatabaseUrl, cases: Vec<Case>) -> Vec<(String, Outcome)> {
    let admin = open(&server).await;
    let mut pairs = Vec::new();
    for case in cases {
        let pair = Pair::create(&admin).await;
        let readings = pair.trip(&server, &case).await;
        pairs.push((case.name, pair, readings));
    }
    let made = pairs.iter().filter(|(.., readings)| readings.is_ok()).flat_map(|(_, pair, _)| pair.names());
    let mut dumps = dumps(&server, made.collect()).await;
    let mut outcomes = Vec::new();
    for (name, pair, readings) in pairs {
        pair.drop(&admin).await;
        let dump = |dumps: &mut BTreeMap<_, _>, name| dumps.remove(&name).unwrap_or_else(String::new);
        let outcome = match (&mut dumps, readings) {
            (_, Err(failure)) => Outcome::wrong(failure),
            (Err(failure), _) => Outcome::wrong(failure.clone()),
            (Ok(dumps), Ok((first, second))) => {
                let (one, other) = (dump(dumps, pair.first), dump(dumps, pair.second));
                assert!(!one.is_empty() || first.schema.tables.is_empty(), "{name} was not dumped");
                Outcome::of(&first, &second, difference(&one, &other))
            }
        };
        outcomes.push((name, outcome));
    }
    outcomes
}

/// Two databases of one case, and one beside them where the case wants it.
struct Pair {
    first: String,
    second: String,
    other: String,
}

impl Pair {
    async fn create(admin: &Connection) -> Self {
        let pair = Self { first: fresh_name(), second: fresh_name(), other: fresh_name() };
        for name in pair.names() {
            // Both servers share this collation; their own defaults differ.
            let options = "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
            run(admin, &format!("CREATE DATABASE {name} {options}")).await.expect("a database can be made");
        }
        pair
    }

    fn names(&self) -> [String; 2] {
        [self.first.clone(), self.second.clone()]
    }

    async fn trip(&self, server: &DatabaseUrl, case: &Case) -> Result<(Reading, Reading), String> {
        let at = |name: &str| server.with_database(name).expect("a server has databases");
        let first = open(&at(&self.first)).await;
        if case.statements.contains("{other}") {
            run(&first, &format!("CREATE DATABASE {}", self.other)).await?;
        }
        run(&first, &case.statements.replace("{database}", &self.first).replace("{other}", &self.other)).await?;
        let reading = read_all(&first).await?;
        let second = open(&at(&self.second)).await;
        for sql in rendered(&reading) {
            run(&second, &sql).await?;
        }
        let again = read_all(&second).await?;
        for connection in [first, second] {
            connection.close().await.map_err(|error| error.to_string())?;
        }
        Ok((reading, again))
    }

    async fn drop(&self, admin: &Connection) {
        let Self { first, second, other } = self;
        // Keys of one database may refer to the other.
        let sql = format!(
            "SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS {other}; DROP DATABASE {first}; DROP DATABASE {second}"
        );
        run(admin, &sql).await.expect("our own databases can be dropped");
    }
}

async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.expect("the server is there")
}

async fn run(connection: &Connection, sql: &str) -> Result<(), String> {
    let done = connection.db().execute_unprepared(sql).await;
    done.map(|_| ()).map_err(|error| format!("{error}\n{sql}"))
}

async fn read_all(connection: &Connection) -> Result<Reading, String> {
    read(connection, &Scope::default()).await.map_err(|error| error.to_string())
}

/// What `mysqldump` prints of each database, without what is of that database alone: its name, the next number.
async fn dumps(server: &DatabaseUrl, names: Vec<String>) -> Result<BTreeMap<String, String>, String> {
    let url = url::Url::parse(server.expose()).expect("a URL");
    let mut command = Command::new("mysqldump");
    command.args(["--no-defaults", "--compact", "--no-data", "--no-create-db", "--routines", "--triggers", "--events"]);
    command.arg(format!("--host={}", url.host_str().unwrap_or_default()));
    command.arg(format!("--port={}", url.port().unwrap_or(3306)));
    command.arg(format!("--user={}", url.username()));
    command.env("MYSQL_PWD", url.password().unwrap_or_default());
    command.arg("--databases").args(&names);
    let text = output(command).await?;
    let mut dumps: BTreeMap<String, String> = BTreeMap::new();
    for part in text.split("\nUSE `").skip(1) {
        let (name, body) = part.split_once("`;\n").expect("a name in backticks");
        let dump = body.lines().map(|line| normal(line, name)).collect::<Vec<_>>().join("\n");
        // Routines and events stand in a part of their own.
        dumps.entry(name.to_owned()).or_default().push_str(&dump);
    }
    Ok(dumps)
}

fn normal(line: &str, database: &str) -> String {
    let line = line.replace(database, "{database}");
    match line.split_once(" AUTO_INCREMENT=") {
        Some((before, after)) => {
            format!("{before}{}", after.trim_start_matches(|letter: char| letter.is_ascii_digit()))
        }
        None => line,
    }
}
