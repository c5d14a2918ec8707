//! `autogen upgrade` and `autogen downgrade`: build the migration crate and run its binary.

use std::time::Duration;

use autogen_introspect::Connection;
use autogen_migrate::graph::Revision;
use autogen_migrate::lock;
use autogen_migrate::source::Project;
use autogen_schema::DatabaseUrl;

use super::{Session, history};
use crate::args::{Downgrade, Upgrade};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::{runner, sources};

/// Which way to go.
#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Order<'a> {
    direction: Direction,
    target: &'a str,
    lock_timeout: u64,
}

/// Applies revisions up to a target.
pub(crate) async fn up(session: &Session, args: &Upgrade) -> Outcome {
    run(session, Order { direction: Direction::Up, target: &args.target, lock_timeout: args.lock_timeout }).await
}

/// Takes revisions back to a target.
pub(crate) async fn down(session: &Session, args: &Downgrade) -> Outcome {
    run(session, Order { direction: Direction::Down, target: &args.target, lock_timeout: args.lock_timeout }).await
}

async fn run(session: &Session, order: Order<'_>) -> Outcome {
    let settings = session.settings()?;
    let url = settings.url()?;
    // A broken history or a wrong target is cheaper to find before a build than after it.
    let project = sources::revisions(&settings)?;
    history::mention(session, &project);
    let goal = goal(&project, order.target)?;
    if !project.uses_autogen {
        return run_stock(session, &settings, &project, order).await;
    }
    let program = runner::build(&project.folder)?;
    let verb = match order.direction {
        Direction::Up => "upgrade",
        Direction::Down => "downgrade",
    };
    let timeout = order.lock_timeout.to_string();
    runner::run(&program, &settings.root, url, &["--lock-timeout", &timeout, verb, goal])
}

/// The target in words that the binary knows: it may have been compiled from the list of files alone, without the ids
/// that stand in their headers.
fn goal<'a>(project: &'a Project, target: &'a str) -> Result<&'a str, Failure> {
    if matches!(target, "head" | "heads" | "base") {
        return Ok(target);
    }
    match project.graph().resolve_one(target, &[]) {
        Ok(revision) => Ok(&revision.stem),
        // `-1`, `current+1`, `billing@+1`: only the database knows where that is.
        Err(_) if target.contains(['+', '-', '@']) => Ok(target),
        Err(error) => Err(Failure::graph(error.to_string())),
    }
}

/// SeaORM's own `main` takes no lock, so this process holds it while the other runs.
async fn run_stock(session: &Session, settings: &Settings, project: &Project, order: Order<'_>) -> Outcome {
    let program = runner::build(&project.folder)?;
    let connection = sources::connect(settings).await?;
    let timeout = Duration::from_secs(order.lock_timeout);
    let lock = lock::acquire(connection.db(), &project.version_table, timeout).await.map_err(|error| {
        let code = match error {
            lock::LockError::Timeout { .. } => Code::Locked,
            lock::LockError::Lost(_) | lock::LockError::Refused(_) => Code::Database,
        };
        Failure::new(code, connection.url().redact(&error.to_string()))
    })?;
    let outcome = match stock_arguments(&connection, project, order).await? {
        Some(arguments) => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            runner::run(&program, &settings.root, &for_stock(connection.url()), &arguments)
        }
        None => {
            session.printer.result("nothing to do: the database is there already");
            Ok(Code::Fine)
        }
    };
    lock.release().await;
    outcome
}

/// The URL in the words of SeaORM, which does not know `mariadb:`.
pub(super) fn for_stock(url: &DatabaseUrl) -> DatabaseUrl {
    let renamed = url.expose().strip_prefix("mariadb:").map(|rest| DatabaseUrl::parse(&format!("mysql:{rest}")));
    renamed.and_then(Result::ok).unwrap_or_else(|| url.clone())
}

/// SeaORM's own `main` knows only numbers of steps, from the front of the list or from its end.
async fn stock_arguments(
    connection: &Connection,
    project: &Project,
    Order { direction, target, .. }: Order<'_>,
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
