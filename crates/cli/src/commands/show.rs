//! `autogen show` and `autogen edit`: one revision, to read or to change.

use std::path::PathBuf;
use std::process::Command;

use autogen_migrate::graph::{Graph, GraphError, Revision, Target};
use autogen_migrate::source::Project;

use super::draft::names_what_is_applied;
use super::view::View;
use super::{Session, history};
use crate::args::{Edit, Show};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::sources;

/// Shows all of a revision.
pub(crate) async fn run(session: &Session, args: &Show) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    history::mention(session, &project);
    let view = View::new(&project, &settings);
    let shown = found(&settings, &project, &view.graph, &args.revision).await?;
    view.print(session, &project, args.format, &shown, |revision| view.block(revision))
}

/// Opens the files of revisions in an editor.
pub(crate) async fn edit(session: &Session, args: &Edit) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    history::mention(session, &project);
    let revisions = found(&settings, &project, &project.graph(), &args.revision).await?;
    let files: Vec<PathBuf> = revisions.iter().filter_map(|revision| revision.file.clone()).collect();
    if files.is_empty() {
        return Err(Failure::graph(format!("no revision files indicated by symbol '{}'", args.revision)));
    }
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.trim().is_empty());
    let editor = set("VISUAL").or_else(|| set("EDITOR")).ok_or_else(|| {
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        Failure::usage(format!("set VISUAL or EDITOR to open {}", files.join(" ")))
    })?;
    // As git and others do it: the variable holds a command with its options.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = Command::new(program).args(words).args(&files).status();
    match status {
        Ok(status) if status.success() => Ok(Code::Fine),
        Ok(status) => Err(Failure::usage(format!("{program} ended with {status}"))),
        Err(error) => Err(Failure::usage(format!("could not start {program}: {error}"))),
    }
}

/// The revisions that a text names; the database is asked only where it matters.
async fn found<'a>(
    settings: &Settings,
    project: &Project,
    graph: &Graph<'a>,
    text: &str,
) -> Result<Vec<&'a Revision>, Failure> {
    let recorded = match names_what_is_applied(text) {
        true => sources::recorded(&sources::connect(settings).await?, project).await?,
        false => Vec::new(),
    };
    let refused = |error: GraphError| Failure::graph(error.to_string());
    let ids = match graph.resolve(text, &recorded).map_err(refused)? {
        Target::Base | Target::Before(_) => Vec::new(),
        Target::Revision(id) | Target::OnBranch { revision: id, .. } => vec![id],
        Target::Heads(ids) => ids,
    };
    let revisions: Vec<&Revision> = ids.iter().filter_map(|id| graph.by_id(id)).collect();
    match revisions.as_slice() {
        [] if names_what_is_applied(text) => Err(Failure::graph("no current revisions: nothing is applied")),
        [] => Err(Failure::graph(format!("'{text}' names no revision"))),
        _ => Ok(revisions),
    }
}
