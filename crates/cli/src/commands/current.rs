//! `autogen current`: the revision that the database is at.

use autogen_introspect::Connection;
use autogen_migrate::graph::GraphError;
use autogen_migrate::source::Project;
use autogen_migrate::{RunError, Unfinished, foreign, versions};
use serde::Serialize;

use super::view::{Value, View, json};
use super::{Session, history};
use crate::args::{Current, Format};
use crate::exit::{Code, Failure, Outcome};
use crate::sources;

/// Shows the applied revisions that no applied revision follows. Never creates the version table.
pub(crate) async fn run(session: &Session, args: &Current) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    history::mention(session, &project);
    let connection = sources::connect(&settings).await?;
    let recorded = sources::recorded(&connection, &project).await?;
    let view = View::new(&project, &settings);
    let current = view.graph.current(&recorded);
    // A revision without a file must not keep anybody from seeing where the database is.
    let unknown = view.graph.applied(&recorded).err();
    let is_at_heads = unknown.is_none() && view.graph.pending(&recorded).is_empty();
    match args.format {
        Format::Json => {
            let revisions = current.iter().map(|revision| view.value(revision)).collect();
            let unknown = unknown_stems(unknown.as_ref());
            session.printer.result(&json(&Place { version: 1, revisions, unknown, at_heads: is_at_heads })?);
        }
        Format::Text if session.common.verbose > 0 => {
            for revision in &current {
                session.printer.result(&view.block(revision));
            }
        }
        Format::Text => {
            for revision in &current {
                let stem = if revision.id == revision.stem { String::new() } else { format!("  {}", revision.stem) };
                session.printer.result(&format!("{}{}{stem}", revision.id, view.marks(revision)));
            }
        }
    }
    for error in unknown.iter().chain(&project.errors) {
        session.printer.warning(&error.to_string());
    }
    if let Some(unfinished) = unfinished(&connection, &project).await? {
        session.printer.warning(&unfinished.to_string());
    }
    if recorded.is_empty() {
        let other = other_history(&connection, &project).await?;
        match other {
            Some(other) => session.printer.warning(&other.to_string()),
            None => session.printer.note("nothing is applied to this database"),
        }
    }
    if args.check_heads && !is_at_heads {
        session.printer.note("the database is not on all head revisions; `autogen upgrade heads` goes there");
        return Ok(Code::Drift);
    }
    Ok(Code::Fine)
}

#[derive(Serialize)]
struct Place<'a> {
    version: u32,
    revisions: Vec<Value<'a>>,
    /// What the version table records and no file has.
    unknown: Vec<String>,
    at_heads: bool,
}

/// What the version table records and no file has.
pub(super) fn unknown_stems(error: Option<&GraphError>) -> Vec<String> {
    match error {
        Some(GraphError::UnknownApplied { stems }) => stems.clone(),
        Some(_) | None => Vec::new(),
    }
}

/// The step that was cut short earlier, on a database that commits at every statement.
pub(super) async fn unfinished(connection: &Connection, project: &Project) -> Result<Option<Unfinished>, Failure> {
    let recorded = sources::recorded(connection, project).await?;
    let (db, table) = (connection.db(), &project.version_table);
    let found = autogen_migrate::unfinished(db, table, &project.graph(), &recorded).await;
    found.map_err(|error| Failure::run(&RunError::Database(error), connection.url()))
}

/// The history of another tool or under another name, in a database that has none of ours.
pub(super) async fn other_history(connection: &Connection, project: &Project) -> Result<Option<RunError>, Failure> {
    let (db, table) = (connection.db(), &project.version_table);
    let failed = |error| Failure::run(&RunError::Database(error), connection.url());
    if versions::exists(db, table).await.map_err(failed)? {
        return Ok(None);
    }
    let other = foreign::find(db, table, &project.graph()).await.map_err(failed)?;
    Ok(other.map(|other| RunError::OtherHistory { other, table: table.clone() }))
}
