//! A schema by the name that a person gives it on the command line: `entities`, `database`, a URL, a folder, a file.

use std::path::{Path, PathBuf};

use autogen_introspect::{Connection, Scope};
use autogen_schema::{Backend, DatabaseUrl, Document, Notice, NoticeKind, Rename, Schema, Table};

use crate::exit::Failure;
use crate::printing::Printer;
use crate::settings::{Settings, parse_url};
use crate::sources;

/// Where a schema comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// The entities of the project.
    Entities,
    /// The database of the project.
    Database,
    /// A database.
    Url(DatabaseUrl),
    /// A folder or file of entities.
    Folder(PathBuf),
    /// A file that `inspect --format json` wrote.
    Document(PathBuf),
}

/// Which database schemas are read, where `[compare] schemas` does not say it (PostgreSQL).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach<'a> {
    /// All of the database's.
    Everything,
    /// The default one and these.
    Beside(&'a [String]),
}

/// A schema that was read, from wherever.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) schema: Schema,
    /// The database it was read from; `None` for entities.
    pub(crate) backend: Option<Backend>,
    /// Where its tables without a schema live, as far as that is known.
    pub(crate) default_schema: Option<String>,
    /// The renames that entities ask for.
    pub(crate) renames: Vec<Rename>,
    pub(crate) notices: Vec<Notice>,
    /// The database, where it is one.
    pub(crate) connection: Option<Connection>,
}

impl Named {
    /// Where its tables without a schema live; where nobody says it, where PostgreSQL puts them by itself.
    pub(crate) fn default_schema(&self) -> &str {
        self.default_schema.as_deref().unwrap_or("public")
    }

    /// The database schemas that its tables name.
    pub(crate) fn schemas(&self) -> Vec<String> {
        sources::schemas_of(&self.schema)
    }

    /// Whether it says everything; what entities leave unsaid may be there all the same.
    pub(crate) fn is_complete(&self) -> bool {
        self.backend.is_some()
    }
}

impl Source {
    /// What `text` names, relative to `folder`.
    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(text);
        match text {
            "entities" => Ok(Self::Entities),
            "database" => Ok(Self::Database),
            _ if path.is_dir() || text.ends_with(".rs") => Ok(Self::Folder(text.into())),
            _ if path.is_file() && text.ends_with(".json") => Ok(Self::Document(path)),
            _ if text.contains(':') => parse_url(text, "the argument", folder).map(Self::Url),
            _ => Err(Failure::usage(format!(
                "there is no {text}; name `entities`, `database`, a database URL, a folder of entities, or a JSON file"
            ))),
        }
    }

    /// Whether it is a part of the project, which there must be then.
    pub(crate) fn is_of_project(&self) -> bool {
        match self {
            Self::Entities | Self::Database => true,
            Self::Url(_) | Self::Folder(_) | Self::Document(_) => false,
        }
    }

    /// Whether a database must be asked.
    pub(crate) fn is_database(&self) -> bool {
        match self {
            Self::Database | Self::Url(_) => true,
            Self::Entities | Self::Folder(_) | Self::Document(_) => false,
        }
    }

    /// Reads it, a database as far as `reach` says.
    pub(crate) async fn read(&self, place: &Place<'_>, reach: Reach<'_>) -> Result<Named, Failure> {
        match self {
            Self::Entities => sources::entities(place.project()?).map(of_entities),
            Self::Folder(path) => of_folder(place, path),
            Self::Document(path) => of_document(path),
            Self::Database => of_database(place, place.project()?.url()?, reach).await,
            Self::Url(url) => of_database(place, url, reach).await,
        }
    }
}

/// Where sources are read: a folder, and the project that it belongs to, if any.
pub(crate) struct Place<'a> {
    /// The folder that paths are relative to.
    pub(crate) folder: &'a Path,
    /// The project whose `[types]` and `[compare]` hold.
    pub(crate) settings: Option<&'a Settings>,
    /// Where to say what goes on.
    pub(crate) printer: Printer,
}

impl Place<'_> {
    fn project(&self) -> Result<&Settings, Failure> {
        self.settings
            .ok_or_else(|| Failure::usage("`entities` and `database` are those of a project; there is no autogen.toml"))
    }

    fn scope(&self, reach: Reach<'_>) -> Scope {
        let scope = self.settings.map_or_else(Scope::default, |settings| match sources::revisions(settings) {
            Ok(project) => sources::scope(settings, &project.version_table),
            // Databases can be looked at where the revisions are not in order, or not there.
            Err(_) => sources::scope(settings, &Scope::default().version_table),
        });
        match reach {
            Reach::Everything => Scope { every_schema: true, ..scope },
            Reach::Beside(schemas) => Scope { beside_default: schemas.to_vec(), ..scope },
        }
    }
}

fn of_folder(place: &Place<'_>, path: &Path) -> Result<Named, Failure> {
    let types = place.settings.map(|settings| settings.config.types.clone()).unwrap_or_default();
    sources::entities_at(place.folder, &[path.to_owned()], types).map(of_entities)
}

fn of_entities(reading: autogen_model::Reading) -> Named {
    let autogen_model::Reading { schema, renames, notices, .. } = reading;
    Named { schema, backend: None, default_schema: None, renames, notices, connection: None }
}

async fn of_database(place: &Place<'_>, url: &DatabaseUrl, reach: Reach<'_>) -> Result<Named, Failure> {
    let options = place.settings.map(|settings| settings.config.database.options()).unwrap_or_default();
    let connection = sources::connect_to(url, &options).await?;
    let reading = sources::live(place.printer, &connection, &place.scope(reach)).await?;
    Ok(Named {
        schema: reading.schema,
        backend: Some(reading.backend),
        default_schema: reading.default_schema,
        renames: Vec::new(),
        notices: reading.notices,
        connection: Some(connection),
    })
}

/// What the reading from which a file was made said of a table.
fn not_understood(table: &Table) -> impl Iterator<Item = Notice> {
    let notice = |what| Notice::new(NoticeKind::NotUnderstood, format!("{}: {what}", table.name)).on(&table.name);
    table.not_understood.iter().map(notice)
}

fn of_document(path: &Path) -> Result<Named, Failure> {
    let failure = |reason: String| Failure::usage(format!("could not read {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    let document = Document::from_json(&text).map_err(|error| failure(error.to_string()))?;
    let backend = document.backend;
    let schema = document.into_schema();
    Ok(Named {
        backend,
        notices: schema.tables.values().flat_map(not_understood).collect(),
        schema,
        default_schema: None,
        renames: Vec::new(),
        connection: None,
    })
}
