//! Finds the configuration and the database URL: which of the places that may name them wins.

use std::fs;
use std::path::{Path, PathBuf};

use autogen_schema::{Backend, DatabaseUrl, UrlError};

use crate::args::Common;
use crate::config::{Config, FILE_NAME};
use crate::exit::Failure;

/// What the process was started in. A value, so that precedence can be tested without touching the real one.
#[cfg_attr(test, derive(Default))]
pub(crate) struct Surroundings {
    /// The working directory.
    pub(crate) folder: PathBuf,
    /// `AUTOGEN_CONFIG`.
    pub(crate) config: Option<PathBuf>,
    /// `DATABASE_URL`.
    pub(crate) database_url: Option<String>,
    /// `DATABASE_SCHEMA`, which SeaORM's own command line makes the search path on PostgreSQL.
    pub(crate) database_schema: Option<String>,
}

impl Surroundings {
    /// Those of this process.
    pub(crate) fn read() -> Result<Self, Failure> {
        let folder = std::env::current_dir()
            .map_err(|error| Failure::usage(format!("could not find the working directory: {error}")))?;
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let text = |name| set(name).map(|value| value.to_string_lossy().into_owned());
        Ok(Self {
            folder,
            config: set("AUTOGEN_CONFIG").map(PathBuf::from),
            database_url: text("DATABASE_URL"),
            database_schema: text("DATABASE_SCHEMA"),
        })
    }
}

/// A project: its configuration and where it lies.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The folder of `autogen.toml`, to which its paths are relative.
    pub(crate) root: PathBuf,
    /// What the file says.
    pub(crate) config: Config,
    /// The database, where any of the places names one.
    url: Option<DatabaseUrl>,
    /// `DATABASE_SCHEMA`, which the URL holds already; SeaORM's own `main` wants it by environment.
    pub(crate) schema: Option<String>,
}

impl Settings {
    /// Reads the configuration that the options, the environment or the folder point to.
    pub(crate) fn find(common: &Common, surroundings: &Surroundings) -> Result<Self, Failure> {
        let file = locate(common, surroundings)?.ok_or_else(|| no_configuration(surroundings))?;
        Self::read(&file, common, surroundings)
    }

    /// The same for a command that needs no project: `None` where nobody names one and none lies around.
    pub(crate) fn find_if_any(common: &Common, surroundings: &Surroundings) -> Result<Option<Self>, Failure> {
        let file = locate(common, surroundings)?;
        file.map(|file| Self::read(&file, common, surroundings)).transpose()
    }

    fn read(file: &Path, common: &Common, surroundings: &Surroundings) -> Result<Self, Failure> {
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("could not read {}: {error}", file.display())))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let config = Config::parse(&text)
            .map_err(|message| Failure::usage(format!("could not read {}: {message}", folder.display())))?;
        let url = match url_of_command(common, surroundings)? {
            Some(url) => Some(url),
            None => url_of_project(folder, &config)?,
        };
        let schema = match &surroundings.database_schema {
            Some(schema) => Some(schema.clone()),
            // A line that cannot be read is complained about where the URL is looked for.
            None => dotenv(folder, "DATABASE_SCHEMA").unwrap_or_default(),
        };
        let url = url.map(|url| in_schema(&url, schema.as_deref()));
        Ok(Self { root: folder.to_owned(), config, url, schema })
    }

    /// The database.
    pub(crate) fn url(&self) -> Result<&DatabaseUrl, Failure> {
        self.url.as_ref().ok_or_else(|| no_url(Some(&self.root)))
    }

    /// The folder of the migration crate.
    pub(crate) fn migrations(&self) -> PathBuf {
        self.root.join(&self.config.migrations)
    }

    /// `path` as people name it: relative to the project where it lies inside.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The database of a command that runs without configuration.
pub(crate) fn url_without_project(common: &Common, surroundings: &Surroundings) -> Result<DatabaseUrl, Failure> {
    let url = url_of_command(common, surroundings)?.ok_or_else(|| no_url(None))?;
    Ok(in_schema(&url, surroundings.database_schema.as_deref()))
}

/// The database of a project that is about to be configured: what the command says, else the `.env` in this folder.
pub(crate) fn url_before_project(common: &Common, surroundings: &Surroundings) -> Result<DatabaseUrl, Failure> {
    let url = match url_of_command(common, surroundings)? {
        Some(url) => Some(url),
        None => url_of_project(&surroundings.folder, &Config::default())?,
    };
    url.ok_or_else(|| no_url(None))
}

fn in_schema(url: &DatabaseUrl, schema: Option<&str>) -> DatabaseUrl {
    schema.map_or_else(|| url.clone(), |schema| url.with_search_path(schema))
}

/// A database URL that `origin` names, its SQLite file taken relative to `folder`.
pub(crate) fn parse_url(text: &str, origin: &str, folder: &Path) -> Result<DatabaseUrl, Failure> {
    let wrong = |error| {
        let encode = match &error {
            UrlError::Malformed(_) => "; a character like / or @ in a password is written %2F or %40",
            UrlError::Scheme(_) => "",
        };
        Failure::usage(format!("{error}{encode} (it comes from {origin})"))
    };
    let url = DatabaseUrl::parse(text).map_err(wrong)?;
    match url.backend() {
        Backend::Sqlite => DatabaseUrl::parse(&anchored(text, folder)).map_err(wrong),
        Backend::Postgres | Backend::Mysql | Backend::Mariadb => Ok(url),
    }
}

/// The file that is named, else the nearest one upwards.
fn locate(common: &Common, surroundings: &Surroundings) -> Result<Option<PathBuf>, Failure> {
    let named = match (&common.config, &surroundings.config) {
        (Some(path), _) => Some((path, "-c")),
        (None, Some(path)) => Some((path, "AUTOGEN_CONFIG")),
        (None, None) => None,
    };
    if let Some((path, origin)) = named {
        let path = surroundings.folder.join(path);
        let path = if path.is_dir() { path.join(FILE_NAME) } else { path };
        return if path.is_file() {
            Ok(Some(path))
        } else {
            Err(Failure::usage(format!("there is no configuration {}, which {origin} names", path.display())))
        };
    }
    Ok(surroundings.folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()))
}

fn no_configuration(surroundings: &Surroundings) -> Failure {
    Failure::usage(format!(
        "no {FILE_NAME} in {} or a folder above it; run `autogen init` in the project's folder, or name the file with -c",
        surroundings.folder.display()
    ))
}

fn url_of_command(common: &Common, surroundings: &Surroundings) -> Result<Option<DatabaseUrl>, Failure> {
    let mut extra = None;
    for setting in &common.extra {
        match setting.split_once('=') {
            Some(("url", url)) => extra = Some(url),
            // The rest is for migrations.
            Some(_) => {}
            None => return Err(Failure::usage("-x takes KEY=VALUE, as in -x url=sqlite://app.db")),
        }
    }
    let candidates = [
        (common.database_url.as_deref(), "-u"),
        (extra, "-x url"),
        (surroundings.database_url.as_deref(), "DATABASE_URL in the environment"),
    ];
    candidates
        .into_iter()
        .find_map(|(text, origin)| text.map(|text| parse_url(text, origin, &surroundings.folder)))
        .transpose()
}

fn url_of_project(folder: &Path, config: &Config) -> Result<Option<DatabaseUrl>, Failure> {
    if let Some(text) = dotenv(folder, "DATABASE_URL")? {
        return parse_url(&text, ".env", folder).map(Some);
    }
    config.database_url.as_deref().map(|text| parse_url(text, FILE_NAME, folder)).transpose()
}

/// A variable of the `.env` in this folder. The environment of the process stays as it is.
fn dotenv(folder: &Path, variable: &str) -> Result<Option<String>, Failure> {
    let path = folder.join(".env");
    if !path.is_file() {
        return Ok(None);
    }
    let unreadable = |what: String| Failure::usage(format!("could not read {}: {what}", path.display()));
    let lines = dotenvy::from_path_iter(&path).map_err(|error| unreadable(plain(&error, variable)))?;
    let mut wrong = None;
    for line in lines {
        match line {
            Ok((key, value)) if key == variable && !value.is_empty() => return Ok(Some(value)),
            Ok(_) => {}
            Err(error) => wrong = Some(plain(&error, variable)),
        }
    }
    // A line that dotenvy cannot read is none of our business, unless it may be the one we look for.
    wrong.map_or(Ok(None), |what| Err(unreadable(what)))
}

/// The error without the line that it quotes, which may be the one with the password.
fn plain(error: &dotenvy::Error, variable: &str) -> String {
    match error {
        dotenvy::Error::Io(error) => error.to_string(),
        _ => format!("a line is not of the form KEY=VALUE, and no line before or after it names {variable}"),
    }
}

fn no_url(root: Option<&Path>) -> Failure {
    let places = match root {
        Some(root) => format!(", or write database_url into {}", root.join(FILE_NAME).display()),
        None => String::new(),
    };
    Failure::usage(format!("no database is named; give -u URL, set DATABASE_URL{places}"))
}

/// An SQLite URL whose file is an absolute path, so that it means the same in every working directory.
fn anchored(text: &str, folder: &Path) -> String {
    let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    if path.is_empty() || path == ":memory:" || Path::new(path).is_absolute() {
        return text.to_owned();
    }
    let in_memory = query.is_some_and(|query| query.split('&').any(|pair| pair == "mode=memory"));
    if in_memory {
        return text.to_owned();
    }
    // The driver decodes percent signs in the path; those of the folder are meant literally.
    let folder = folder.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    let path = path.strip_prefix("./").unwrap_or(path);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("sqlite://{}/{path}{query}", folder.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project in `app/`, with a folder `app/src` to stand in.
    struct Place {
        top: tempfile::TempDir,
        common: Common,
        surroundings: Surroundings,
    }

    impl Place {
        fn new(toml: &str) -> Self {
            let top = tempfile::tempdir().expect("a temporary folder");
            fs::create_dir_all(top.path().join("app/src")).expect("the folder is ours");
            fs::write(top.path().join("app/autogen.toml"), toml).expect("the folder is ours");
            let surroundings =
                Surroundings { folder: top.path().join("app/src"), config: None, ..Surroundings::default() };
            Self { top, common: Common::default(), surroundings }
        }

        fn write(self, name: &str, text: &str) -> Self {
            fs::write(self.top.path().join(name), text).expect("the folder is ours");
            self
        }

        fn find(&self) -> Result<Settings, Failure> {
            Settings::find(&self.common, &self.surroundings)
        }

        fn url(&self) -> String {
            self.find().and_then(|settings| settings.url().cloned()).expect("a URL").to_string()
        }
    }

    const WITH_URL: &str = "entities = \"entity\"\ndatabase_url = \"postgres://toml/d\"\n";

    #[test]
    fn the_url_comes_from_the_strongest_place() {
        let mut place = Place::new(WITH_URL);
        assert_eq!(place.url(), "postgres://toml/d");
        place = place.write("app/.env", "OTHER=x\nDATABASE_URL=postgres://dotenv/d\n");
        assert_eq!(place.url(), "postgres://dotenv/d");
        place.surroundings.database_url = Some("postgres://environment/d".into());
        assert_eq!(place.url(), "postgres://environment/d");
        place.common.extra = vec!["url=postgres://extra/d".into()];
        assert_eq!(place.url(), "postgres://extra/d");
        place.common.database_url = Some("postgres://option/d".into());
        assert_eq!(place.url(), "postgres://option/d");
    }

    #[test]
    fn a_dotenv_of_another_folder_is_not_read() {
        let place = Place::new(WITH_URL).write("app/src/.env", "DATABASE_URL=postgres://dotenv/d\n");
        assert_eq!(place.url(), "postgres://toml/d");
    }

    #[test]
    fn the_configuration_comes_from_the_strongest_place() {
        let mut place = Place::new("entities = \"upwards\"")
            .write("environment.toml", "entities = \"environment\"")
            .write("option.toml", "entities = \"option\"");
        let entities = |place: &Place| place.find().expect("a configuration").config.entities;
        assert_eq!(entities(&place), [PathBuf::from("upwards")]);
        place.surroundings.config = Some(place.top.path().join("environment.toml"));
        assert_eq!(entities(&place), [PathBuf::from("environment")]);
        place.common.config = Some("../../option.toml".into());
        assert_eq!(entities(&place), [PathBuf::from("option")]);
    }

    #[test]
    fn without_configuration_the_next_step_is_named() {
        let mut place = Place::new(WITH_URL);
        place.surroundings.folder = place.top.path().to_owned();
        let message = place.find().expect_err("the folder above the project has none").to_string();
        assert!(message.contains("autogen init"), "{message}");
    }

    #[test]
    fn an_sqlite_file_is_relative_to_where_its_url_was_written() {
        let mut place = Place::new("entities = \"entity\"\ndatabase_url = \"sqlite://data/app.db?mode=rwc\"\n");
        let top = place.top.path().display().to_string();
        assert_eq!(place.url(), format!("sqlite://{top}/app/data/app.db?mode=rwc"));
        place.common.database_url = Some("sqlite:app.db".into());
        assert_eq!(place.url(), format!("sqlite://{top}/app/src/app.db"));
        for fixed in ["sqlite::memory:", "sqlite:///var/app.db", "sqlite://x?mode=memory"] {
            place.common.database_url = Some(fixed.into());
            assert_eq!(place.url(), fixed);
        }
    }

    #[test]
    fn a_schema_becomes_the_search_path() {
        let mut place = Place::new(WITH_URL).write("app/.env", "DATABASE_SCHEMA=tenant\n");
        assert!(place.url().ends_with("/d?options%5Bsearch_path%5D=%22tenant%22"), "{}", place.url());
        place.surroundings.database_schema = Some("other".into());
        assert!(place.url().ends_with("=%22other%22"), "{}", place.url());
        place.common.database_url = Some("mysql://h/d".into());
        assert_eq!(place.url(), "mysql://h/d");
    }

    #[test]
    fn a_wrong_url_is_named_by_its_place_and_not_shown() {
        let mut place = Place::new(WITH_URL).write("app/.env", "DATABASE_URL = \"postgres://ann:s3cr et@h\" oops\n");
        let dotenv = place.find().expect_err("the line is wrong").to_string();
        assert!(dotenv.contains(".env") && !dotenv.contains("s3cr"), "{dotenv}");
        place.common.database_url = Some("oracle://ann:s3cr@h/d".into());
        let option = place.find().expect_err("not supported").to_string();
        assert!(option.contains("-u") && !option.contains("s3cr"), "{option}");
    }
}
