//! `autogen history`, `autogen heads` and `autogen branches`: the revisions as the sources say them.

use autogen_migrate::graph::Revision;
use autogen_migrate::source::Project;

use super::Session;
use super::draft::names_what_is_applied;
use super::view::View;
use crate::args::{Branches, Heads, History};
use crate::exit::{Failure, Outcome};
use crate::sources;

/// Lists the revisions, newest first. The database is asked only where something is said that depends on it.
pub(crate) async fn run(session: &Session, args: &History) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    mention(session, &project);
    let range = args.rev_range.as_deref();
    let is_relative = range.is_some_and(|range| range.split(':').any(names_what_is_applied));
    let recorded = match args.indicate_current || is_relative {
        true => Some(sources::recorded(&sources::connect(&settings).await?, &project).await?),
        false => None,
    };
    let view = View::new(&project, &settings);
    let mut shown: Vec<&Revision> = match range {
        Some(range) => {
            let range = view.graph.range(range, recorded.as_deref().unwrap_or_default());
            range.map_err(|error| Failure::graph(error.to_string()))?
        }
        None => project.revisions.iter().collect(),
    };
    shown.reverse();
    let view = view.with_recorded(recorded.as_deref().filter(|_| args.indicate_current));
    let is_long = session.common.verbose > 0;
    view.print(session, &project, args.format, &shown, |revision| match is_long {
        true => format!("{}\n", view.block(revision)),
        false => view.line(revision),
    })
}

/// Lists the revisions that no other follows.
pub(crate) fn heads(session: &Session, args: &Heads) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    mention(session, &project);
    let view = View::new(&project, &settings);
    let heads = if args.resolve_dependencies { view.graph.effective_heads() } else { view.graph.heads() };
    let is_long = session.common.verbose > 0;
    view.print(session, &project, args.format, &heads, |revision| match is_long {
        true => format!("{}\n", view.block(revision)),
        false => view.short(revision),
    })
}

/// Lists the revisions that several others follow, and those.
pub(crate) fn branches(session: &Session, args: &Branches) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    mention(session, &project);
    let view = View::new(&project, &settings);
    let is_long = session.common.verbose > 0;
    view.print(session, &project, args.format, &view.graph.branch_points(), |point| {
        if is_long {
            return format!("{}\n", view.block(point));
        }
        let children = view.graph.children(&point.id);
        let children: String = children.iter().map(|child| format!("\n  -> {}", view.short(child))).collect();
        format!("{}{children}", view.line(point))
    })
}

/// What is odd about the revisions goes beside the result.
pub(super) fn mention(session: &Session, project: &Project) {
    for notice in &project.notices {
        session.printer.warning(&notice.to_string());
    }
}
