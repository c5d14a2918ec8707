//! A project of one entity that is never built: for what needs reading and writing only.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sea_orm::ConnectionTrait;

use crate::database::{block_on, connect};
use crate::project::{Ended, autogen, snapshot};

/// A project in a temporary folder.
pub(crate) struct Small {
    folder: tempfile::TempDir,
}

pub(crate) const NOTE: &str = r#"use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub title: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
"#;

const LIB: &str = "pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
";

impl Small {
    /// One entity, a migration crate without migrations, an SQLite database that is not there yet.
    pub(crate) fn new() -> Self {
        let small = Self { folder: tempfile::tempdir().unwrap() };
        small.write(
            "autogen.toml",
            "entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"sqlite://notes.db?mode=rwc\"\n",
        );
        small.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"entity\", \"migration\"]\n");
        small.write("entity/Cargo.toml", &manifest("entity", "sea-orm = \"2.0\"\n"));
        small.write("entity/src/lib.rs", "pub mod note;\n");
        small.write("entity/src/note.rs", NOTE);
        let migration = "autogen-migrate = \"0.1\"\nsea-orm-migration = \"2.0\"\ntokio = \"1\"\n";
        small.write("migration/Cargo.toml", &manifest("migration", migration));
        small.write("migration/src/lib.rs", LIB);
        small.write("migration/src/main.rs", "fn main() {}\n");
        small
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the project, in the place of what is there.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        let path = self.path().join(name);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs statements in the project's database.
    pub(crate) fn execute(&self, statements: &str) {
        let url = format!("sqlite://{}?mode=rwc", self.path().join("notes.db").display());
        block_on(async { connect(&url).await.execute_unprepared(statements).await }).unwrap();
    }

    pub(crate) fn autogen(&self, arguments: &[&str]) -> Ended {
        autogen(self.path(), arguments)
    }

    /// The same at a terminal, with what a person types; `None` where there is nothing to make a terminal with.
    pub(crate) fn at_terminal(&self, arguments: &[&str], typed: &str) -> Option<String> {
        const TERMINAL: &str = "import pty, sys, os\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
        let mut command = Command::new("python3");
        command.args(["-c", TERMINAL, env!("CARGO_BIN_EXE_autogen")]).args(arguments).current_dir(self.path());
        command.env_remove("DATABASE_URL").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().ok()?;
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        Some(said)
    }

    /// Every file that a person wrote or the tool wrote for people; databases and their locks are neither.
    pub(crate) fn files(&self) -> Vec<(PathBuf, String)> {
        let is_database = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".db"));
        snapshot(self.path()).into_iter().filter(|(path, _)| !is_database(path)).collect()
    }
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}")
}
