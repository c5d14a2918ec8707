//! Revisions in words for people, and as JSON for programs.

use std::collections::BTreeSet;

use autogen_migrate::graph::{Graph, Revision};
use autogen_migrate::source::Project;
use serde::Serialize;

use super::Session;
use crate::args::Format;
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;

/// A history, ready to be shown.
pub(super) struct View<'a> {
    pub(super) graph: Graph<'a>,
    settings: &'a Settings,
    heads: BTreeSet<&'a str>,
    /// What is marked as the place of the database, and what is applied, where that is known.
    applied: Option<Applied>,
}

struct Applied {
    ids: BTreeSet<String>,
    current: BTreeSet<String>,
}

impl<'a> View<'a> {
    /// A view that knows the files only.
    pub(super) fn new(project: &'a Project, settings: &'a Settings) -> Self {
        let graph = project.graph();
        let heads = graph.heads().into_iter().map(|head| head.id.as_str()).collect();
        Self { graph, settings, heads, applied: None }
    }

    /// The same, with what the version table records.
    pub(super) fn with_recorded(mut self, recorded: Option<&[String]>) -> Self {
        self.applied = recorded.map(|recorded| Applied {
            ids: self.graph.known(recorded),
            current: self.graph.current(recorded).into_iter().map(|revision| revision.id.clone()).collect(),
        });
        self
    }

    /// `1d0e -> 4f2a (head), add email`
    pub(super) fn line(&self, revision: &Revision) -> String {
        format!("{} -> {}", parents(revision), self.short(revision))
    }

    /// `4f2a (head), add email`
    pub(super) fn short(&self, revision: &Revision) -> String {
        let message = revision.message.lines().next().unwrap_or_default();
        format!("{}{}, {message}", revision.id, self.marks(revision))
    }

    /// All that is known of a revision.
    pub(super) fn block(&self, revision: &Revision) -> String {
        let children = ids(&self.graph.children(&revision.id));
        let path = revision.file.as_ref().map(|file| self.settings.shown(file).to_string());
        let several = revision.parents.len() > 1;
        let lines = [
            (if several { "Merges" } else { "Parent" }, parents(revision)),
            ("Branches into", if children.len() > 1 { children.join(", ") } else { String::new() }),
            ("Depends on", revision.depends_on.join(", ")),
            ("Branch labels", revision.labels.join(", ")),
            ("Name", revision.stem.clone()),
            ("Created", revision.created.clone().unwrap_or_default()),
            ("Path", path.unwrap_or_default()),
        ];
        let mut text = format!("Revision: {}{}\n", revision.id, self.marks(revision));
        for (key, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("{key}: {value}\n"));
        }
        let message: String = revision.message.lines().map(|line| format!("\n    {line}")).collect();
        format!("{text}{message}\n")
    }

    /// ` (billing) (head)` and the like.
    pub(super) fn marks(&self, revision: &Revision) -> String {
        let mut marks = String::new();
        if !revision.labels.is_empty() {
            marks.push_str(&format!(" ({})", revision.labels.join(", ")));
        }
        let said = [
            (self.heads.contains(revision.id.as_str()), "head"),
            (self.graph.children(&revision.id).len() > 1, "branchpoint"),
            (revision.parents.len() > 1, "mergepoint"),
            (self.is_current(revision), "current"),
        ];
        for (_, mark) in said.iter().filter(|(holds, _)| *holds) {
            marks.push_str(&format!(" ({mark})"));
        }
        marks
    }

    fn is_current(&self, revision: &Revision) -> bool {
        self.applied.as_ref().is_some_and(|applied| applied.current.contains(&revision.id))
    }

    /// The same for programs.
    pub(super) fn value(&self, revision: &'a Revision) -> Value<'a> {
        Value {
            id: &revision.id,
            name: &revision.stem,
            parents: &revision.parents,
            depends_on: &revision.depends_on,
            labels: &revision.labels,
            message: &revision.message,
            created: revision.created.as_deref(),
            path: revision.file.as_ref().map(|file| self.settings.shown(file).to_string()),
            children: ids(&self.graph.children(&revision.id)),
            head: self.heads.contains(revision.id.as_str()),
            applied: self.applied.as_ref().map(|applied| applied.ids.contains(&revision.id)),
            current: self.applied.as_ref().map(|_| self.is_current(revision)),
        }
    }

    /// Prints revisions, each as `text` says it, and ends as a history ends that is as sound as this one.
    pub(super) fn print(
        &self,
        session: &Session,
        project: &Project,
        format: Format,
        revisions: &[&'a Revision],
        text: impl Fn(&Revision) -> String,
    ) -> Outcome {
        match format {
            Format::Json => {
                let revisions = revisions.iter().map(|revision| self.value(revision)).collect();
                session.printer.result(&json(&Listed { version: 1, revisions })?);
            }
            Format::Text => {
                for revision in revisions {
                    session.printer.result(&text(revision));
                }
            }
        }
        end(project)
    }
}

/// A revision for programs.
#[derive(Serialize)]
pub(super) struct Value<'a> {
    id: &'a str,
    name: &'a str,
    parents: &'a [String],
    depends_on: &'a [String],
    labels: &'a [String],
    message: &'a str,
    created: Option<&'a str>,
    path: Option<String>,
    children: Vec<&'a str>,
    head: bool,
    /// `None` where the database was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

impl Value<'_> {
    /// The id, and the name where that says more.
    pub(super) fn name(&self) -> String {
        if self.id == self.name { self.id.to_owned() } else { format!("{} {}", self.id, self.name) }
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    version: u32,
    revisions: Vec<Value<'a>>,
}

/// A result for programs.
pub(super) fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::usage(format!("could not write JSON: {error}")))
}

/// A history that is shown and has something wrong is shown, and the command fails.
fn end(project: &Project) -> Outcome {
    let errors: Vec<String> = project.errors.iter().map(ToString::to_string).collect();
    if errors.is_empty() { Ok(Code::Fine) } else { Err(Failure::graph(errors.join("\n"))) }
}

fn parents(revision: &Revision) -> String {
    if revision.parents.is_empty() { "<base>".to_owned() } else { revision.parents.join(", ") }
}

fn ids<'a>(revisions: &[&'a Revision]) -> Vec<&'a str> {
    revisions.iter().map(|revision| revision.id.as_str()).collect()
}
