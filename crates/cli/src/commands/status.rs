//! `autogen status`: where the database is, in one look.

use autogen_introspect::Connection;
use autogen_migrate::RunError;
use autogen_migrate::history::{self as log, changed_files};
use autogen_migrate::source::Project;
use autogen_schema::Backend;
use serde::Serialize;

use super::current::{other_history, unfinished, unknown_stems};
use super::view::{Value, View, json};
use super::{Session, check, history};
use crate::args::{Format, Status};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::sources;

/// Shows the database, its revision, what is pending and what differs.
pub(crate) async fn run(session: &Session, args: &Status) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    history::mention(session, &project);
    let connection = sources::connect(&settings).await?;
    let recorded = sources::recorded(&connection, &project).await?;
    let half_way = unfinished(&connection, &project).await?;
    let view = View::new(&project, &settings);
    let report = Report {
        version: 1,
        backend: connection.backend(),
        server_version: connection.server_version(),
        database: connection.url().to_string(),
        version_table: &project.version_table,
        current: view.graph.current(&recorded).into_iter().map(|revision| view.value(revision)).collect(),
        heads: view.graph.heads().into_iter().map(|revision| view.value(revision)).collect(),
        pending: view.graph.pending(&recorded).into_iter().map(|revision| view.value(revision)).collect(),
        unknown: unknown_stems(view.graph.applied(&recorded).err().as_ref()),
        changed: changed(&connection, &project).await?,
        half_way: half_way.as_ref().map(|unfinished| unfinished.step.revision.as_str()),
        drift: drift(session, &settings, &project).await,
    };
    session.printer.result(&match args.format {
        Format::Text => report.text(),
        Format::Json => json(&report)?,
    });
    for stem in &report.changed {
        session.printer.warning(&format!(
            "{stem} was edited after it was applied; what it says now was never run on this database"
        ));
    }
    if let Some(unfinished) = &half_way {
        session.printer.warning(&unfinished.to_string());
    }
    for error in &project.errors {
        session.printer.warning(&error.to_string());
    }
    if let Some(other) = other_history(&connection, &project).await? {
        session.printer.warning(&other.to_string());
    }
    Ok(if args.check && !report.is_clean() { Code::Drift } else { Code::Fine })
}

/// The revisions whose file is not what was applied.
async fn changed(connection: &Connection, project: &Project) -> Result<Vec<String>, Failure> {
    let steps = log::steps(connection.db(), &project.version_table, None).await;
    let steps = steps.map_err(|error| Failure::run(&RunError::Database(error), connection.url()))?;
    Ok(changed_files(&steps, &project.revisions))
}

/// What differs from the entities, where that can be told.
async fn drift(session: &Session, settings: &Settings, project: &Project) -> Drift {
    if !project.errors.is_empty() {
        return Drift::Unknown("the revisions have errors".to_owned());
    }
    match check::of_project(session, settings, false).await {
        Ok(comparison) => Drift::Known(comparison.summaries()),
        Err(failure) => Drift::Unknown(failure.to_string()),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Drift {
    /// The differences.
    Known(Vec<String>),
    /// Why they are not known.
    Unknown(String),
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    backend: Backend,
    server_version: &'a str,
    database: String,
    version_table: &'a str,
    current: Vec<Value<'a>>,
    heads: Vec<Value<'a>>,
    pending: Vec<Value<'a>>,
    /// What the version table records and no file has.
    unknown: Vec<String>,
    /// What was edited after it was applied.
    changed: Vec<String>,
    /// The revision that was cut short on a database that commits at every statement.
    half_way: Option<&'a str>,
    drift: Drift,
}

impl Report<'_> {
    /// Whether the database has every revision and nothing else, and is what the entities say.
    fn is_clean(&self) -> bool {
        self.pending.is_empty()
            && self.unknown.is_empty()
            && self.half_way.is_none()
            && matches!(&self.drift, Drift::Known(differences) if differences.is_empty())
    }

    fn text(&self) -> String {
        let drift = match &self.drift {
            Drift::Known(differences) if differences.is_empty() => "none".to_owned(),
            Drift::Known(differences) => {
                format!("{} (`autogen check` says more){}", differences.len(), listed(differences))
            }
            Drift::Unknown(reason) => format!("not known: {reason}"),
        };
        let lines = [
            ("Database", format!("{} {}, {}", self.backend.product(), self.server_version, self.database)),
            ("Version table", self.version_table.to_owned()),
            ("Current", named(&self.current)),
            ("Heads", named(&self.heads)),
            ("Pending", counted(&self.pending.iter().map(Value::name).collect::<Vec<_>>())),
            ("Without a file", counted(&self.unknown)),
            ("Edited", counted(&self.changed)),
            ("Half-way", self.half_way.unwrap_or("none").to_owned()),
            ("Differences", drift),
        ];
        let is_shown =
            |(key, value): &&(&str, String)| value != "none" || !["Without a file", "Edited", "Half-way"].contains(key);
        lines.iter().filter(is_shown).map(|(key, value)| format!("{:15}{value}\n", format!("{key}:"))).collect()
    }
}

fn named(revisions: &[Value<'_>]) -> String {
    let names: Vec<String> = revisions.iter().map(Value::name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn counted(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { format!("{}{}", names.len(), listed(names)) }
}

fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n    {line}")).collect()
}
