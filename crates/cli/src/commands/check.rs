//! `autogen check`: is the database what the entities say?

use autogen_introspect::{ConnectOptions, Scope};

use super::Session;
use crate::args::Check;
use crate::compare::{Comparison, Rules, compare};
use crate::config::Compare;
use crate::exit::{Code, Failure, Outcome};
use crate::lock::LockFile;
use crate::settings::{self, Settings};
use crate::sources;

/// Compares, prints the report, and ends with 1 where there is a difference or a pending revision.
pub(crate) async fn run(session: &Session, args: &Check) -> Outcome {
    let comparison = if args.entities.is_empty() {
        of_project(session, &session.settings()?, args.strict).await?
    } else {
        of_entities(session, args).await?
    };
    session.printer.result(&comparison.report(args.format, session.printer.paint));
    Ok(if comparison.is_clean() { Code::Fine } else { Code::Drift })
}

/// Compares the database of a project with its entities.
pub(super) async fn of_project(session: &Session, settings: &Settings, strict: bool) -> Result<Comparison, Failure> {
    let entities = sources::entities(settings)?;
    let project = sources::revisions(settings)?;
    let rules = Rules::new(&settings.config.compare, strict)?.with_version_table(&project.version_table);
    let connection = sources::connect(settings).await?;
    let recorded = sources::recorded(&connection, &project).await?;
    let pending = project.pending(&recorded);
    let memory = LockFile::read(settings)?.memory(&project)?;
    let lock = memory.of_database_without(&pending);
    let pending = pending.iter().map(|revision| revision.stem.clone()).collect();
    let live =
        sources::live_for(session.printer, &entities, &connection, sources::scope(settings, &project.version_table))
            .await?;
    let comparison = compare(&connection, &entities, &live, lock.as_ref(), &rules).await?;
    let comparison = comparison.with_rows(&connection, &[]).await?;
    Ok(comparison.with_notices(project.notices.into_iter().chain(memory.notice)).with_pending(pending))
}

/// Without configuration, lock and migration crate.
async fn of_entities(session: &Session, args: &Check) -> Result<Comparison, Failure> {
    let url = settings::url_without_project(&session.common, &session.surroundings)?;
    let entities = sources::entities_at(&session.surroundings.folder, &args.entities, Default::default())?;
    let connection = sources::connect_to(&url, &ConnectOptions::default()).await?;
    let live = sources::live_for(session.printer, &entities, &connection, Scope::default()).await?;
    let rules = Rules::new(&Compare::default(), args.strict)?;
    compare(&connection, &entities, &live, None, &rules).await?.with_rows(&connection, &[]).await
}
