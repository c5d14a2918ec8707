//! Reads what a command compares: entities, revisions, database. Turns each library's error into an exit code.

mod named;
mod progress;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use autogen_introspect::{ConnectOptions, Connection, Scope};
use autogen_migrate::graph::GraphError;
use autogen_migrate::source::Project;
use autogen_migrate::{source, versions};
use autogen_schema::{DatabaseUrl, Schema};

pub(crate) use self::named::{Named, Place, Reach, Source};
use crate::exit::{Code, Failure};
use crate::printing::Printer;
use crate::settings::Settings;

/// Reads the entities of a project.
pub(crate) fn entities(settings: &Settings) -> Result<autogen_model::Reading, Failure> {
    read_entities(&autogen_model::Options {
        root: settings.root.clone(),
        entities: settings.config.entities.clone(),
        exclude: settings.config.exclude.clone(),
        types: settings.config.types.clone(),
        ..Default::default()
    })
}

/// Reads entities without a project; places are given relative to `folder`, `types` says what cannot be resolved.
pub(crate) fn entities_at(
    folder: &Path,
    paths: &[PathBuf],
    types: BTreeMap<String, String>,
) -> Result<autogen_model::Reading, Failure> {
    let (root, entities) = (folder.to_owned(), paths.to_vec());
    read_entities(&autogen_model::Options { root, entities, types, ..Default::default() })
}

fn read_entities(options: &autogen_model::Options) -> Result<autogen_model::Reading, Failure> {
    autogen_model::read(options)
        .map_err(|error| Failure::new(Code::Entities, format!("could not read the entities: {error}")))
}

/// Reads the revisions of a project, without building anything.
pub(crate) fn revisions(settings: &Settings) -> Result<Project, Failure> {
    revisions_to_extend(settings, String::new)
}

/// The same for commands that only show: what is wrong with the history is in the project.
pub(crate) fn survey(settings: &Settings) -> Result<Project, Failure> {
    let folder = migrations(settings)?;
    source::survey(&folder).map_err(|error| Failure::graph(format!("could not read the revisions: {error}")))
}

/// The folder of the revisions.
fn migrations(settings: &Settings) -> Result<PathBuf, Failure> {
    let folder = settings.migrations();
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Failure::graph(format!(
        "could not read the revisions: there is no folder {}; run `autogen init` for a new migration crate, or set `migrations` in autogen.toml",
        folder.display()
    )))
}

/// As [`revisions`], with what to say where the list of revisions has a shape that is not understood.
pub(crate) fn revisions_to_extend(settings: &Settings, advice: impl FnOnce() -> String) -> Result<Project, Failure> {
    let folder = migrations(settings)?;
    source::read(&folder).map_err(|error| {
        let advice = if matches!(error, GraphError::NotUnderstood { .. }) { advice() } else { String::new() };
        Failure::graph(format!("could not read the revisions: {error}{advice}"))
    })
}

/// Opens the database of a project.
pub(crate) async fn connect(settings: &Settings) -> Result<Connection, Failure> {
    connect_to(settings.url()?, &settings.config.database.options()).await
}

/// Opens a database.
pub(crate) async fn connect_to(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Connection, Failure> {
    autogen_introspect::connect(url, options)
        .await
        .map_err(|error| Failure::new(Code::Database, format!("could not open the database: {error}")))
}

/// What the version table records, in the order in which it was applied.
pub(crate) async fn recorded(connection: &Connection, project: &Project) -> Result<Vec<String>, Failure> {
    versions::applied(connection.db(), &project.version_table).await.map_err(|error| {
        let reason = connection.url().redact(&error.to_string());
        let table = &project.version_table;
        Failure::new(Code::Database, format!("could not read the version table {table}: {reason}"))
    })
}

/// Reads the tables of the database that the configuration takes in, and those in schemas that only entities name.
pub(crate) async fn live_for(
    printer: Printer,
    entities: &autogen_model::Reading,
    connection: &Connection,
    scope: Scope,
) -> Result<autogen_introspect::Reading, Failure> {
    live(printer, connection, &Scope { beside_default: schemas_of(&entities.schema), ..scope }).await
}

/// The database schemas that tables name.
fn schemas_of(schema: &Schema) -> Vec<String> {
    let named: BTreeSet<String> = schema.tables.keys().filter_map(|table| table.schema.clone()).collect();
    named.into_iter().collect()
}

/// Reads the tables of the database that the configuration takes in.
pub(crate) async fn live(
    printer: Printer,
    connection: &Connection,
    scope: &Scope,
) -> Result<autogen_introspect::Reading, Failure> {
    let before = connection.queries().len();
    let reading = progress::watched(printer, connection, autogen_introspect::read(connection, scope)).await;
    progress::show_queries(printer, &connection.queries()[before..]);
    reading.map_err(|error| Failure::new(Code::Database, format!("could not read the database: {error}")))
}

/// Which tables of the database concern a project.
pub(crate) fn scope(settings: &Settings, version_table: &str) -> Scope {
    let compare = &settings.config.compare;
    Scope {
        schemas: compare.schemas.clone(),
        include: compare.include.clone(),
        exclude: compare.exclude.clone(),
        version_table: version_table.to_owned(),
        ..Scope::default()
    }
}
