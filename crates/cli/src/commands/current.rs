//! `autogen current`: the revision that the database is at.

use autogen_migrate::graph::GraphError;

use super::{Session, history};
use crate::args::Current;
use crate::exit::{Code, Outcome};
use crate::sources;

/// Shows the applied revisions that no applied revision follows. Never creates the version table.
pub(crate) async fn run(session: &Session, args: &Current) -> Outcome {
    let settings = session.settings()?;
    let project = sources::revisions(&settings)?;
    let connection = sources::connect(&settings).await?;
    let recorded = sources::recorded(&connection, &project).await?;
    let graph = project.graph();
    let current = graph.current(&recorded);
    for revision in &current {
        let stem = if revision.id == revision.stem { String::new() } else { format!("  {}", revision.stem) };
        let marks = history::marks(revision, &project);
        session.printer.result(&format!("{}{marks}{stem}", revision.id));
    }
    if recorded.is_empty() {
        session.printer.note("nothing is applied to this database");
    }
    // A revision without a file must not keep anybody from seeing where the database is.
    let unknown = graph.applied(&recorded).err();
    if let Some(error @ GraphError::UnknownApplied { .. }) = &unknown {
        session.printer.warning(&error.to_string());
    }
    let is_at_heads = unknown.is_none() && graph.pending(&recorded).is_empty();
    Ok(if args.check_heads && !is_at_heads { Code::Drift } else { Code::Fine })
}
