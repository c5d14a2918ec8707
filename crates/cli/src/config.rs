//! The text of `autogen.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use autogen_diff::{Filter, PatternError, Patterns, Settings, TypeComparison, Unmanaged};
use autogen_introspect::ConnectOptions;
use autogen_schema::Backend;
use serde::Deserialize;

use crate::printing::scrub;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "autogen.toml";

/// What `autogen.toml` says. Paths are relative to its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The crates or folders with the entities.
    #[serde(deserialize_with = "one_or_more")]
    pub(crate) entities: Vec<PathBuf>,
    /// Globs on entity files that are not read.
    #[serde(default)]
    pub(crate) exclude: Vec<String>,
    /// The migration crate.
    #[serde(default = "default_migrations")]
    pub(crate) migrations: PathBuf,
    /// The database, the weakest of the places it can come from.
    pub(crate) database_url: Option<String>,
    /// The databases that one migration file shall serve.
    #[serde(default)]
    pub(crate) backends: Vec<Backend>,
    /// Databases to prove migrations on.
    #[serde(default)]
    pub(crate) scratch_urls: BTreeMap<Backend, String>,
    /// SQL types of Rust types that the reader cannot resolve.
    #[serde(default)]
    pub(crate) types: BTreeMap<String, String>,
    /// What to compare.
    #[serde(default)]
    pub(crate) compare: Compare,
    /// How long to wait for the database.
    #[serde(default)]
    pub(crate) database: Database,
    /// What a revision's file looks like.
    #[serde(default)]
    pub(crate) render: Render,
    /// What runs over a revision's file once it is written.
    #[serde(default)]
    pub(crate) post_write_hooks: Vec<Hook>,
}

/// `[database]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// How long to wait for the server, or for another program's lock on an SQLite file.
    #[serde(default, deserialize_with = "time")]
    connect_timeout: Option<Duration>,
    /// How long one statement may take.
    #[serde(default, deserialize_with = "time")]
    statement_timeout: Option<Duration>,
}

impl Database {
    /// The same for opening one.
    pub(crate) fn options(&self) -> ConnectOptions {
        let usual = ConnectOptions::default();
        ConnectOptions {
            connect_timeout: self.connect_timeout.unwrap_or(usual.connect_timeout),
            statement_timeout: self.statement_timeout,
            ..usual
        }
    }
}

/// `[render]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Render {
    /// A file with what stands above the migration, with `{{header}}` and `{{imports}}` in it.
    pub(crate) template: Option<PathBuf>,
    /// The name of the file, in Alembic's tokens.
    pub(crate) file_template: Option<String>,
    /// `UTC`, `local` or an offset.
    pub(crate) timezone: Option<String>,
    /// The longest slug.
    pub(crate) truncate_slug_length: Option<usize>,
    /// The generation of SeaORM, where the manifest of the migration crate is not to decide.
    pub(crate) sea_orm: Option<SeaOrmGeneration>,
    /// Whether those who use the database are not to wait for a migration (PostgreSQL).
    #[serde(default)]
    pub(crate) online: bool,
    /// How long a statement of an online migration waits for a lock.
    #[serde(default, deserialize_with = "time")]
    pub(crate) lock_timeout: Option<Duration>,
}

/// The generations of SeaORM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum SeaOrmGeneration {
    /// 1.x.
    #[serde(rename = "1")]
    V1,
    /// 2.x.
    #[serde(rename = "2")]
    V2,
}

/// `[[post_write_hooks]]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hook {
    /// The program and its arguments; `{file}` is the file's path, which stands at the end where it is not named.
    pub(crate) command: Vec<String>,
    /// The folder that it runs in, the project's where it is not said.
    pub(crate) cwd: Option<PathBuf>,
}

/// `[compare]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Compare {
    /// What happens to what only the database has.
    pub(crate) unmanaged: Unmanaged,
    /// When two types are the same.
    pub(crate) types: TypeComparison,
    /// Whether defaults are compared.
    pub(crate) defaults: bool,
    /// Whether indexes and unique constraints are compared.
    pub(crate) indexes: bool,
    /// Whether checks are compared.
    pub(crate) checks: bool,
    /// Whether comments are compared.
    pub(crate) comments: bool,
    /// Whether foreign keys are compared.
    pub(crate) foreign_keys: bool,
    /// The schemas to read (PostgreSQL); empty means the default one.
    pub(crate) schemas: Vec<String>,
    /// Globs on table names; empty means all.
    pub(crate) include: Vec<String>,
    /// Globs on table names that are left alone.
    pub(crate) exclude: Vec<String>,
    /// Globs on `table.column` or `column`; empty means all.
    pub(crate) include_columns: Vec<String>,
    /// Globs on `table.column` or `column` that are left alone.
    pub(crate) exclude_columns: Vec<String>,
    /// Globs on `table.index` or `index`; empty means all.
    pub(crate) include_indexes: Vec<String>,
    /// Globs on `table.index` or `index` that are left alone.
    pub(crate) exclude_indexes: Vec<String>,
    /// Globs on `table.constraint` or `constraint`; empty means all.
    pub(crate) include_constraints: Vec<String>,
    /// Globs on `table.constraint` or `constraint` that are left alone.
    pub(crate) exclude_constraints: Vec<String>,
}

impl Default for Compare {
    fn default() -> Self {
        Self {
            unmanaged: Unmanaged::default(),
            types: TypeComparison::default(),
            defaults: true,
            indexes: true,
            checks: true,
            comments: true,
            foreign_keys: true,
            schemas: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            include_columns: Vec::new(),
            exclude_columns: Vec::new(),
            include_indexes: Vec::new(),
            exclude_indexes: Vec::new(),
            include_constraints: Vec::new(),
            exclude_constraints: Vec::new(),
        }
    }
}

impl Compare {
    /// The same for the comparison itself.
    pub(crate) fn settings(&self) -> Result<Settings, PatternError> {
        Ok(Settings {
            unmanaged: self.unmanaged,
            types: self.types,
            defaults: self.defaults,
            indexes: self.indexes,
            checks: self.checks,
            comments: self.comments,
            foreign_keys: self.foreign_keys,
            filter: Filter {
                tables: Patterns::new(&self.include, &self.exclude)?,
                columns: Patterns::new(&self.include_columns, &self.exclude_columns)?,
                indexes: Patterns::new(&self.include_indexes, &self.exclude_indexes)?,
                constraints: Patterns::new(&self.include_constraints, &self.exclude_constraints)?,
            },
            ..Settings::default()
        })
    }
}

impl Config {
    /// Reads the text of the file.
    ///
    /// The message of an error names line and column, and does not quote the line: it may hold a password.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let place = error.span().map_or_else(String::new, |span| format!(":{}", line_and_column(text, span.start)));
            let message = scrub(error.message().trim().lines().next().unwrap_or("it is not TOML"));
            format!("{FILE_NAME}{place}: {message}")
        })
    }
}

fn line_and_column(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

/// A time like `"10s"`, `"500ms"` or `"2m"`.
fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || serde::de::Error::custom("a time has a number and a unit, as in \"10s\", \"500ms\" or \"2m\"");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let milliseconds = match &text[digits.len()..] {
        "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => None,
    };
    // Nobody waits for no time; to the servers, 0 means for ever.
    milliseconds.filter(|milliseconds| *milliseconds > 0).map(|it| Some(Duration::from_millis(it))).ok_or_else(wrong)
}

fn default_migrations() -> PathBuf {
    "migration".into()
}

fn one_or_more<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    struct Paths;

    impl<'de> serde::de::Visitor<'de> for Paths {
        type Value = Vec<PathBuf>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a path or a list of paths, as in entities = \"entity\"")
        }

        fn visit_str<E: serde::de::Error>(self, path: &str) -> Result<Self::Value, E> {
            Ok(vec![path.into()])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut paths = Vec::new();
            while let Some(path) = list.next_element()? {
                paths.push(path);
            }
            if paths.is_empty() {
                return Err(serde::de::Error::invalid_length(0, &self));
            }
            Ok(paths)
        }
    }

    deserializer.deserialize_any(Paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Config::parse(text).expect_err("the text is wrong")
    }

    #[test]
    fn the_documented_file_is_read() {
        let config = Config::parse(
            "entities = [\"a\", \"b\"]\nmigrations = \"db/migration\"\ndatabase_url = \"sqlite://app.db?mode=rwc\"\n\
             backends = [\"sqlite\", \"postgres\"]\nscratch_urls = { postgres = \"postgres://localhost/scratch\" }\n\
             [types]\n\"crate::ids::UserId\" = \"integer\"\n[compare]\nunmanaged = \"ignore\"\nexclude = [\"tmp_*\"]\n",
        )
        .expect("it is as documented");
        assert_eq!(config.entities, [PathBuf::from("a"), PathBuf::from("b")]);
        assert_eq!(config.backends, [Backend::Sqlite, Backend::Postgres]);
        assert_eq!(config.compare.unmanaged, Unmanaged::Ignore);
    }

    #[test]
    fn a_time_has_a_unit() {
        let database = |line: &str| Config::parse(&format!("entities = \"e\"\n[database]\n{line}\n"));
        let options = |line: &str| database(line).expect("it is as documented").database.options();
        assert_eq!(options("connect_timeout = \"500ms\"").connect_timeout, Duration::from_millis(500));
        assert_eq!(options("statement_timeout = \"2m\"").statement_timeout, Some(Duration::from_secs(120)));
        assert_eq!(options(""), ConnectOptions::default());
        for wrong in ["\"10\"", "\"0s\"", "\"-1s\"", "\"1 h\"", "\"s\"", "\"99999999999999999999s\""] {
            let message = database(&format!("connect_timeout = {wrong}")).expect_err("it is wrong");
            assert!(message.contains("autogen.toml:3:19: a time has a number and a unit"), "{message}");
        }
    }

    #[test]
    fn one_path_is_a_list_of_one() {
        let config = Config::parse("entities = \"entity\"").expect("entities is all that is needed");
        assert_eq!(config.entities, [PathBuf::from("entity")]);
        assert_eq!(config.migrations, PathBuf::from("migration"));
    }

    #[test]
    fn a_wrong_key_is_named_with_its_place() {
        let message = error("entities = \"entity\"\nmigration = \"migration\"\n");
        assert!(message.starts_with("autogen.toml:2:1: unknown field `migration`"), "{message}");
        assert!(message.contains("`migrations`"), "{message}");
    }

    #[test]
    fn a_missing_key_is_named() {
        assert!(error("migrations = \"m\"").contains("missing field `entities`"));
        assert!(error("entities = []").contains("a path or a list of paths"));
    }

    #[test]
    fn the_line_is_never_quoted() {
        for text in [
            "entities = \"e\"\ndatabase_url = \"postgres://ann:s3cr@h/d\" oops\n",
            "entities = \"e\"\nbackends = \"postgres://ann:s3cr@h/d\"\n",
            "entities = \"e\"\n[compare]\nunmanaged = \"postgres://ann:s3cr@h/d\"\n",
        ] {
            let message = error(text);
            assert!(!message.contains("s3cr"), "{message}");
        }
    }
}
