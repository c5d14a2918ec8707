//! Results on standard output: as text for people, as one object a line for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::arguments::Format;
use crate::graph::{Graph, Revision, Stamp};
use crate::runner::Progress;
use crate::step::Direction;

/// One line for programs.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    Started { direction: Direction, name: &'a str, number: usize, total: usize },
    Finished { direction: Direction, name: &'a str, milliseconds: u128 },
    // The message goes to standard error at the end, in both formats.
    Failed { direction: Direction, name: &'a str },
    Done { direction: Direction, names: &'a [String] },
    Planned { direction: Direction, names: &'a [String] },
    Stamped { added: &'a [String], removed: &'a [String] },
    Revision { id: &'a str, name: &'a str, parents: &'a [String], message: &'a str, applied: Option<bool>, head: bool },
}

/// What is shown of revisions.
#[derive(Clone, Copy, Default)]
pub(super) struct Detail<'a> {
    /// What the version table records, where it matters which of them are applied.
    pub(super) recorded: Option<&'a [String]>,
    /// What is marked as the place of the database.
    pub(super) current: &'a [String],
    pub(super) verbose: bool,
}

/// Writes results to standard output. A reader that went away is no reason to stop a migration, so failures to write
/// are passed over.
#[derive(Clone, Copy)]
pub(super) struct Printer {
    pub(super) format: Format,
}

impl Printer {
    fn line(self, text: &str, event: &Event<'_>) {
        match self.format {
            Format::Text if text.is_empty() => {}
            Format::Text => write(&format!("{text}\n")),
            Format::JsonLines => {
                // Strings and numbers always have a form in JSON.
                write(&format!("{}\n", serde_json::to_string(event).unwrap_or_default()));
            }
        }
    }

    /// One line for each step: the name when it begins, the time when it ends.
    pub(super) fn step(self, progress: &Progress) {
        match (self.format, progress) {
            (Format::Text, Progress::Started { stem, direction, number, total }) => {
                write(&format!("{direction} {number}/{total} {stem} … "));
            }
            (Format::Text, Progress::Finished { duration, .. }) => {
                write(&format!("done in {} ms\n", duration.as_millis()));
            }
            (Format::Text, Progress::Failed { .. }) => write("failed\n"),
            (Format::JsonLines, Progress::Started { stem, direction, number, total }) => {
                self.line("", &Event::Started { direction: *direction, name: stem, number: *number, total: *total });
            }
            (Format::JsonLines, Progress::Finished { stem, direction, duration }) => {
                let milliseconds = duration.as_millis();
                self.line("", &Event::Finished { direction: *direction, name: stem, milliseconds });
            }
            (Format::JsonLines, Progress::Failed { stem, direction, .. }) => {
                self.line("", &Event::Failed { direction: *direction, name: stem });
            }
        }
    }

    pub(super) fn done(self, stems: &[String], direction: Direction) {
        let text = if stems.is_empty() { format!("nothing to {}", direction.verb()) } else { String::new() };
        self.line(&text, &Event::Done { direction, names: stems });
    }

    pub(super) fn plan(self, stems: &[String], direction: Direction) {
        let lines: Vec<String> = stems.iter().map(|stem| format!("{direction} {stem}")).collect();
        let text = if stems.is_empty() { format!("nothing to {}", direction.verb()) } else { lines.join("\n") };
        self.line(&text, &Event::Planned { direction, names: stems });
    }

    pub(super) fn stamped(self, stamp: &Stamp) {
        let removed = stamp.remove.iter().map(|stem| format!("removed {stem}"));
        let lines: Vec<String> = removed.chain(stamp.add.iter().map(|stem| format!("recorded {stem}"))).collect();
        let text = if lines.is_empty() { "nothing to change".to_owned() } else { lines.join("\n") };
        self.line(&text, &Event::Stamped { added: &stamp.add, removed: &stamp.remove });
    }

    pub(super) fn revisions(self, revisions: &[&Revision], graph: &Graph<'_>, detail: Detail<'_>) {
        let heads = graph.heads();
        for revision in revisions {
            let head = heads.iter().any(|head| head.id == revision.id);
            let applied = detail.recorded.map(|recorded| recorded.contains(&revision.stem));
            let is_current = detail.current.contains(&revision.id);
            self.line(
                &text(revision, graph, head, applied, is_current, detail.verbose),
                &Event::Revision {
                    id: &revision.id,
                    name: &revision.stem,
                    parents: &revision.parents,
                    message: &revision.message,
                    applied,
                    head,
                },
            );
        }
    }

    /// Each place where the history branches, and what follows there.
    pub(super) fn branches(self, graph: &Graph<'_>) {
        for point in graph.branch_points() {
            self.revisions(&[point], graph, Detail::default());
            for child in graph.children(&point.id) {
                if self.format == Format::Text {
                    write("  -> ");
                }
                self.revisions(&[child], graph, Detail::default());
            }
        }
    }
}

fn text(
    revision: &Revision,
    graph: &Graph<'_>,
    head: bool,
    applied: Option<bool>,
    is_current: bool,
    verbose: bool,
) -> String {
    let mut line = revision.id.clone();
    if revision.stem != revision.id {
        line.push_str(&format!(" {}", revision.stem));
    }
    let labels = revision.labels.iter().map(String::as_str);
    let marks = [
        (head, "head"),
        (revision.parents.len() > 1, "mergepoint"),
        (graph.children(&revision.id).len() > 1, "branchpoint"),
        (applied == Some(true), "applied"),
        (applied == Some(false), "pending"),
        (is_current, "current"),
    ];
    for mark in labels.chain(marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark)) {
        line.push_str(&format!(" ({mark})"));
    }
    if verbose {
        line.push_str(&details(revision, graph));
    }
    line
}

fn details(revision: &Revision, graph: &Graph<'_>) -> String {
    let children: Vec<&str> = graph.children(&revision.id).iter().map(|child| child.id.as_str()).collect();
    let lines = [
        ("parent", revision.parents.join(", ")),
        ("depends on", revision.depends_on.join(", ")),
        ("followed by", children.join(", ")),
        ("created", revision.created.clone().unwrap_or_default()),
        ("message", revision.message.replace('\n', "\n    ")),
    ];
    lines.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("\n    {key}: {value}")).collect()
}

/// Writes a text as it is.
pub(super) fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
