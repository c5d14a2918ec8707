//! `autogen history` and `autogen heads`: the revisions as the sources say them, without a database.

use autogen_migrate::graph::Revision;
use autogen_migrate::source::Project;

use super::Session;
use crate::exit::{Code, Outcome};
use crate::sources;

/// Lists the revisions, newest first.
pub(crate) fn run(session: &Session) -> Outcome {
    let project = sources::revisions(&session.settings()?)?;
    mention(session, &project);
    for revision in project.revisions.iter().rev() {
        session.printer.result(&line(revision, &project));
    }
    Ok(Code::Fine)
}

/// Lists the revisions that no other follows.
pub(crate) fn heads(session: &Session) -> Outcome {
    let project = sources::revisions(&session.settings()?)?;
    mention(session, &project);
    for revision in project.heads() {
        session.printer.result(&format!("{}{}, {}", revision.id, marks(revision, &project), revision.message));
    }
    Ok(Code::Fine)
}

/// What is odd about the revisions goes beside the result.
pub(super) fn mention(session: &Session, project: &Project) {
    for notice in &project.notices {
        session.printer.warning(&notice.to_string());
    }
}

/// ` (head)` and the like.
pub(super) fn marks(revision: &Revision, project: &Project) -> String {
    let mut marks = String::new();
    if !revision.labels.is_empty() {
        marks.push_str(&format!(" ({})", revision.labels.join(", ")));
    }
    if project.heads().iter().any(|head| head.id == revision.id) {
        marks.push_str(" (head)");
    }
    if revision.parents.len() > 1 {
        marks.push_str(" (mergepoint)");
    }
    marks
}

fn line(revision: &Revision, project: &Project) -> String {
    let parents = if revision.parents.is_empty() { "<base>".to_owned() } else { revision.parents.join(", ") };
    format!("{parents} -> {}{}, {}", revision.id, marks(revision, project), revision.message)
}
