//! `autogen merge`: a revision with several parents, and nothing in it.

use chrono::Utc;

use super::draft::{Draft, named, said};
use super::{Session, history, revision};
use crate::args::Merge;
use crate::exit::{Code, Failure, Outcome};
use crate::naming::Naming;

/// Writes the merge.
pub(crate) fn run(session: &Session, args: &Merge) -> Outcome {
    let settings = session.settings()?;
    let naming = Naming::new(&settings.config.render, Utc::now())?;
    let project = revision::revisions(&settings, "merge", &naming)?;
    history::mention(session, &project);
    let parents = named(&project.graph(), &args.revisions, "merge")?;
    if parents.len() < 2 {
        let found = parents.first().map_or_else(|| "none".to_owned(), |parent| format!("only {}", parent.id));
        return Err(Failure::graph(format!("a merge needs two revisions, and {found} is named; nothing was written")));
    }
    let ids: Vec<&str> = parents.iter().map(|parent| parent.id.as_str()).collect();
    let usual = format!("merge {}", ids.join(" and "));
    let message = args.message.as_deref().map(str::trim).filter(|message| !message.is_empty()).unwrap_or(&usual);
    let draft = Draft::merge(&project, &parents, &args.marks, message, &naming)?;
    let edits = draft.write_empty(&settings)?;
    session.printer.result(&said(&settings, &edits, "apply it with `autogen upgrade`"));
    Ok(Code::Fine)
}
