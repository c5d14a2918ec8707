//! `autogen upgrade` and `autogen downgrade`: build the migration crate and run its binary.

use std::time::Duration;

use autogen_introspect::Connection;
use autogen_migrate::graph::Revision;
use autogen_migrate::lock;
use autogen_migrate::source::Project;

use super::{Session, history};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::{runner, sources};

/// Which way to go.
#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

/// Applies revisions up to `target`.
pub(crate) async fn up(session: &Session, target: &str) -> Outcome {
    run(session, Direction::Up, target).await
}

/// Takes revisions back to `target`.
pub(crate) async fn down(session: &Session, target: &str) -> Outcome {
    run(session, Direction::Down, target).await
}

async fn run(session: &Session, direction: Direction, target: &str) -> Outcome {
    let settings = session.settings()?;
    let url = settings.url()?;
    // A broken history or a wrong target is cheaper to find before a build than after it.
    let project = sources::revisions(&settings)?;
    history::mention(session, &project);
    let goal = goal(&project, target)?;
    if project.uses_autogen {
        let program = runner::build(&project.folder)?;
        let verb = match direction {
            Direction::Up => "upgrade",
            Direction::Down => "downgrade",
        };
        return runner::run(&program, &settings.root, url, &[verb, goal]);
    }
    run_stock(session, &settings, &project, direction, target).await
}

/// The target in words that the binary knows: it was compiled from the list of files, and need not know the ids that
/// stand in their headers.
fn goal<'a>(project: &'a Project, target: &'a str) -> Result<&'a str, Failure> {
    let is_for_the_binary = matches!(target, "head" | "heads" | "base") || target.starts_with(['+', '-', 'c']);
    match project.graph().resolve_one(target, &[]) {
        Ok(revision) if !matches!(target, "head" | "heads") => Ok(&revision.stem),
        Ok(_) => Ok(target),
        // `-1`, `base`, `current+1`: only the database knows, or there is nothing to translate.
        Err(_) if is_for_the_binary => Ok(target),
        Err(error) => Err(Failure::graph(error.to_string())),
    }
}

/// SeaORM's own `main` takes no lock, so this process holds it while the other runs.
async fn run_stock(
    session: &Session,
    settings: &Settings,
    project: &Project,
    direction: Direction,
    target: &str,
) -> Outcome {
    let program = runner::build(&project.folder)?;
    let connection = sources::connect(settings.url()?).await?;
    let lock = lock::acquire(connection.db(), &project.version_table, LOCK_TIMEOUT).await.map_err(|error| {
        let code = match error {
            lock::LockError::Timeout { .. } => Code::Locked,
            lock::LockError::Lost(_) | lock::LockError::Refused(_) => Code::Database,
        };
        Failure::new(code, connection.url().redact(&error.to_string()))
    })?;
    let arguments = stock_arguments(&connection, project, direction, target).await?;
    let outcome = match &arguments {
        Some(arguments) => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            runner::run(&program, &settings.root, connection.url(), &arguments)
        }
        None => {
            session.printer.result("nothing to do: the database is there already");
            Ok(Code::Fine)
        }
    };
    lock.release().await;
    outcome
}

/// How long to wait for another process that runs migrations, as long as the migration binary does.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// SeaORM's own `main` knows only numbers of steps, from the front of the list or from its end.
async fn stock_arguments(
    connection: &Connection,
    project: &Project,
    direction: Direction,
    target: &str,
) -> Result<Option<[String; 3]>, Failure> {
    let recorded = sources::recorded(connection, project).await?;
    let graph = project.graph();
    let failure = |error: autogen_migrate::graph::GraphError| Failure::graph(error.to_string());
    let goal = graph.resolve(target, &recorded).map_err(failure)?;
    let (verb, steps) = match direction {
        Direction::Up => ("up", graph.upgrade_steps(&goal, &recorded).map_err(failure)?),
        Direction::Down => ("down", graph.downgrade_steps(&goal, &recorded).map_err(failure)?),
    };
    let in_its_order = match direction {
        Direction::Up => same(&steps, graph.pending(&recorded).into_iter()),
        Direction::Down => same(&steps, project.revisions.iter().rev().filter(|one| recorded.contains(&one.stem))),
    };
    if !in_its_order {
        return Err(Failure::graph(format!(
            "the migration crate's main is SeaORM's own, which cannot go to {target} on a branched history; let it call autogen_migrate::main (`autogen init` shows the lines)"
        )));
    }
    Ok((!steps.is_empty()).then(|| [verb.to_owned(), "--num".to_owned(), steps.len().to_string()]))
}

/// Whether the first of the others are exactly these.
fn same<'a>(steps: &[&Revision], others: impl Iterator<Item = &'a Revision>) -> bool {
    let others: Vec<&str> = others.take(steps.len()).map(|revision| revision.id.as_str()).collect();
    steps.iter().map(|revision| revision.id.as_str()).eq(others)
}
