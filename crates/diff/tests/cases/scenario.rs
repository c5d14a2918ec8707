//! A folder of `fixtures/cases`: what is there before, what shall be there after, and the golden files between them.

use std::fs;
use std::path::PathBuf;

use autogen_diff::render::create_sql;
use autogen_model::{Options, SeaOrmVersion};
use autogen_schema::{Backend, Backfill};

use crate::database::Server;
use crate::folder;

/// All databases.
pub(crate) const SERVERS: [Server; 4] = [Server::Sqlite, Server::Postgres, Server::Mysql, Server::Mariadb];

/// One behaviour.
pub(crate) struct Scenario {
    pub(crate) name: String,
    folder: PathBuf,
}

/// Before or after.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Before,
    After,
}

impl Side {
    const fn stem(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl Scenario {
    /// All of them, by name.
    pub(crate) fn all() -> Vec<Self> {
        let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
        let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        let name = |folder: &PathBuf| folder.file_name().unwrap().to_str().unwrap().to_owned();
        folders.into_iter().map(|folder| Self { name: name(&folder), folder }).collect()
    }

    /// Whether it says what this database has, before and after.
    pub(crate) fn concerns(&self, server: Server) -> bool {
        let listed = self.databases().is_none_or(|names| names.iter().any(|name| name == word(server)));
        listed
            && [Side::Before, Side::After]
                .into_iter()
                .all(|side| self.entities(side).is_some() || self.sql(side, server).is_some())
    }

    /// The databases that the notes list; `None` where they list none.
    fn databases(&self) -> Option<Vec<String>> {
        let notes = self.text("notes.md")?;
        let line = notes.lines().find_map(|line| line.strip_prefix("Databases: "))?;
        Some(line.split(',').map(|name| name.trim().to_owned()).collect())
    }

    /// The databases that one file serves together; none where the notes name none.
    pub(crate) fn several(&self) -> Vec<Server> {
        let notes = self.text("notes.md").unwrap_or_default();
        let line = notes.lines().find_map(|line| line.strip_prefix("One file: ")).unwrap_or_default().to_owned();
        let is_named = |server: &Server| line.split(',').any(|name| name.trim() == word(*server));
        SERVERS.into_iter().filter(is_named).collect()
    }

    /// The value that the notes give to existing rows, where they give one.
    pub(crate) fn backfill(&self) -> Option<Backfill> {
        let notes = self.text("notes.md")?;
        let line = notes.lines().find_map(|line| line.strip_prefix("Backfill: "))?;
        Some(line.parse().unwrap())
    }

    /// The golden source for all of these together.
    pub(crate) fn golden_of_several(&self) -> PathBuf {
        self.folder.join("several.rs")
    }

    /// What the entities of this side say.
    pub(crate) fn entities(&self, side: Side) -> Option<autogen_model::Reading> {
        let path = self.folder.join(format!("{}.rs", side.stem()));
        path.is_file().then(|| {
            let sea_orm = Some(SeaOrmVersion::V2);
            autogen_model::read(&Options {
                root: self.folder.clone(),
                entities: vec![path],
                sea_orm,
                ..Options::default()
            })
            .unwrap()
        })
    }

    /// The SQL of this side: for this database alone, or for all.
    pub(crate) fn sql(&self, side: Side, server: Server) -> Option<String> {
        let own = self.text(&format!("{}.{}.sql", side.stem(), word(server)));
        // MariaDB is spoken to as MySQL is, where nothing else is said.
        let akin = || (server == Server::Mariadb).then(|| self.text(&format!("{}.mysql.sql", side.stem()))).flatten();
        own.or_else(akin).or_else(|| self.text(&format!("{}.sql", side.stem())))
    }

    /// The statements that make the database of this side.
    pub(crate) fn statements(&self, side: Side, server: Server, backend: Backend) -> Vec<String> {
        let mut statements = Vec::new();
        if let Some(reading) = self.entities(side) {
            statements.extend(create_sql(&reading.schema, backend, (backend == Backend::Postgres).then_some("public")));
        }
        let sql = self.sql(side, server).unwrap_or_default();
        statements.extend(sql.split(";\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
        statements
    }

    /// The file with the golden source. MariaDB has one of its own only where it differs from MySQL's.
    pub(crate) fn golden(&self, server: Server) -> PathBuf {
        self.folder.join(format!("{}.rs", word(server)))
    }

    fn text(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(file)).ok()
    }
}

/// The database's name in files.
pub(crate) const fn word(server: Server) -> &'static str {
    match server {
        Server::Sqlite => "sqlite",
        Server::Postgres => "postgres",
        Server::Mariadb => "mariadb",
        Server::Mysql => "mysql",
    }
}
