//! Databases for tests: each test has one of its own, on every server that is there. Not every test file needs all of
//! this.
#![allow(dead_code, reason = "each test file takes what it needs")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use autogen_migrate::connect;
use autogen_schema::DatabaseUrl;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The program of an example, which cargo builds together with the tests.
pub(crate) fn program(example: &str) -> Command {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.parent().and_then(|deps| deps.parent()).expect("the folder of the build");
    let mut path: PathBuf = folder.join("examples").join(example);
    path.set_extension(std::env::consts::EXE_EXTENSION);
    let mut command = Command::new(path);
    for name in ["DATABASE_URL", "DATABASE_SCHEMA", "SLEEP_IN_MIGRATION", "PAUSE"] {
        command.env_remove(name);
    }
    command
}

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A database that is dropped with the value, or with [`drop_now`](Self::drop_now) on servers.
pub(crate) struct Scratch {
    pub(crate) name: &'static str,
    pub(crate) url: DatabaseUrl,
    admin: Option<DatabaseUrl>,
    _folder: Option<tempfile::TempDir>,
}

impl Scratch {
    /// One for each database system that tests run against.
    pub(crate) async fn everywhere() -> Vec<Self> {
        let mut all = Vec::new();
        for name in ["sqlite", "postgres", "mariadb", "mysql"] {
            all.extend(Self::on(name).await);
        }
        all
    }

    /// One on this database system, where there is a server of it.
    pub(crate) async fn on(name: &str) -> Option<Self> {
        let (name, variable, default) = match name {
            "sqlite" => return Some(Self::sqlite()),
            "postgres" => {
                ("postgres", "AUTOGEN_TEST_POSTGRES_URL", Some("postgres://postgres@127.0.0.1:5432/postgres"))
            }
            "mariadb" => ("mariadb", "AUTOGEN_TEST_MARIADB_URL", Some("mysql://root@127.0.0.1:3306/mysql")),
            _ => ("mysql", "AUTOGEN_TEST_MYSQL_URL", None),
        };
        let url = std::env::var(variable).ok().or_else(|| default.map(str::to_owned));
        // Empty where `cargo xtask test` found no such server.
        let url = url.filter(|url| !url.is_empty())?;
        Some(Self::on_server(name, &url).await)
    }

    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("app.db").display());
        Self { name: "sqlite", url: parse(&url), admin: None, _folder: Some(folder) }
    }

    async fn on_server(name: &'static str, url: &str) -> Self {
        let url = parse(url);
        let admin = match url.database() {
            Some(_) => url,
            None => url.with_database(if name == "postgres" { "postgres" } else { "mysql" }).expect("a server's URL"),
        };
        let random = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let database = format!("autogen_test_{}_{random:x}_{count}", std::process::id());
        let db = connect(&admin, None).await.expect("a server");
        db.execute_unprepared(&format!("CREATE DATABASE {database}")).await.expect("the right to create a database");
        db.close().await.expect("an open connection");
        Self { name, url: admin.with_database(&database).expect("a server's URL"), admin: Some(admin), _folder: None }
    }

    pub(crate) async fn connect(&self) -> DatabaseConnection {
        connect(&self.url, None).await.expect("a database")
    }

    /// Drops the database of a server. A test that fails leaves it behind, for a look.
    pub(crate) async fn drop_now(self) {
        if let Some(admin) = &self.admin {
            let db = connect(admin, None).await.expect("a server");
            let force = if self.name == "postgres" { " WITH (FORCE)" } else { "" };
            let database = self.url.database().expect("a database");
            db.execute_unprepared(&format!("DROP DATABASE {database}{force}")).await.expect("the right to drop");
            db.close().await.expect("an open connection");
        }
    }
}

/// The names of the user's tables, without the version table.
pub(crate) async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        DbBackend::Postgres => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("a catalog");
    let mut names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    names.retain(|name| !name.ends_with("_migrations") && name != "autogen_history");
    names.sort();
    names
}

fn parse(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse(url).expect("a database URL")
}
