//! `autogen upgrade` and `autogen downgrade`: build the migration crate and run its binary.

use std::time::Duration;

use autogen_introspect::Connection;
use autogen_migrate::graph::Revision;
use autogen_migrate::source::Project;
use autogen_migrate::{Direction, RunError, explain, lock, refuse_wrong_way};
use autogen_schema::DatabaseUrl;
use serde::Serialize;

use super::current::{other_history, unfinished};
use super::view::json;
use super::{Session, history, script};
use crate::args::{Downgrade, Format, Running, Upgrade};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::{runner, sources};

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) direction: Direction,
    pub(super) target: &'a str,
    pub(super) running: &'a Running,
}

/// Applies revisions up to a target.
pub(crate) async fn up(session: &Session, args: &Upgrade) -> Outcome {
    run(session, Order { direction: Direction::Up, target: &args.target, running: &args.running }).await
}

/// Takes revisions back to a target.
pub(crate) async fn down(session: &Session, args: &Downgrade) -> Outcome {
    run(session, Order { direction: Direction::Down, target: &args.target, running: &args.running }).await
}

async fn run(session: &Session, order: Order<'_>) -> Outcome {
    let settings = session.settings()?;
    let url = settings.url()?;
    // A broken history or a wrong target is cheaper to find before a build than after it.
    let project = sources::revisions(&settings)?;
    history::mention(session, &project);
    if order.running.sql {
        return script::run(session, &settings, &project, order).await;
    }
    let connection = sources::connect(&settings).await?;
    let steps = plan(&connection, &project, order).await?;
    if order.running.dry_run {
        return show(session, &steps, order);
    }
    if steps.is_empty() {
        refuse_unfinished(&connection, &project).await?;
    }
    if steps.is_empty() {
        session.printer.result(&format!("nothing to {}: the database is there already", order.direction));
        return Ok(Code::Fine);
    }
    let told = session.arguments_for_migrations();
    if !project.uses_autogen {
        refuse_what_stock_does_not_know(order.running, &told)?;
        return run_stock(session, &settings, &project, order).await;
    }
    // It waits for its turn with a connection of its own.
    drop(connection);
    let program = runner::build(&project.folder)?;
    let arguments = arguments(order, &told);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    runner::run(&program, &settings, &project, url, &arguments).await
}

/// The steps to the target, as the database is now. Another process may change that before the lock is taken, so
/// it is for showing, and for seeing early what cannot be.
async fn plan<'p>(
    connection: &Connection,
    project: &'p Project,
    Order { direction, target, .. }: Order<'_>,
) -> Result<Vec<&'p Revision>, Failure> {
    let recorded = sources::recorded(connection, project).await?;
    if let (Direction::Up, Some(other)) = (direction, other_history(connection, project).await?) {
        return Err(Failure::run(&other, connection.url()));
    }
    let graph = project.graph();
    let goal = refuse_wrong_way(target, direction).and_then(|()| graph.resolve(target, &recorded));
    let planned = goal.and_then(|goal| match direction {
        Direction::Up => graph.upgrade_steps(&goal, &recorded),
        Direction::Down => graph.downgrade_steps(&goal, &recorded),
    });
    match planned {
        Ok(steps) => Ok(steps),
        Err(error) => {
            let error = explain(error, connection.db(), &project.version_table).await;
            Err(Failure::run(&error, connection.url()))
        }
    }
}

/// Where nothing is left to do and a step was cut short all the same, the database is not where its version table says.
async fn refuse_unfinished(connection: &Connection, project: &Project) -> Result<(), Failure> {
    let found = unfinished(connection, project).await?;
    found.map_or(Ok(()), |unfinished| Err(Failure::run(&RunError::Unfinished(Box::new(unfinished)), connection.url())))
}

fn show(session: &Session, steps: &[&Revision], Order { direction, running, .. }: Order<'_>) -> Outcome {
    session.printer.result(&match running.format.unwrap_or_default() {
        Format::Json => {
            let steps = steps.iter().map(|step| PlannedStep { id: &step.id, name: &step.stem, message: &step.message });
            json(&Planned { version: 1, direction, steps: steps.collect() })?
        }
        Format::Text if steps.is_empty() => format!("nothing to {direction}: the database is there already"),
        Format::Text => steps.iter().map(|step| format!("{direction} {}, {}\n", step.stem, step.message)).collect(),
    });
    Ok(Code::Fine)
}

#[derive(Serialize)]
struct Planned<'a> {
    version: u32,
    direction: Direction,
    steps: Vec<PlannedStep<'a>>,
}

#[derive(Serialize)]
struct PlannedStep<'a> {
    id: &'a str,
    name: &'a str,
    message: &'a str,
}

/// The command line for the binary, which finds the target itself: under the lock, and with the same graph.
fn arguments(Order { direction, target, running }: Order<'_>, told: &[&str]) -> Vec<String> {
    let mut arguments = vec!["--lock-timeout".to_owned(), running.lock_timeout.to_string()];
    for text in told {
        arguments.extend(["-x".to_owned(), (*text).to_owned()]);
    }
    let flags = [
        (running.single_transaction, "--single-transaction"),
        (running.resume, "--resume"),
        (running.restart, "--restart"),
    ];
    let flags = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| (*flag).to_owned());
    arguments.push(direction.to_string());
    arguments.extend(flags);
    arguments.push(target.to_owned());
    arguments
}

fn refuse_what_stock_does_not_know(running: &Running, told: &[&str]) -> Result<(), Failure> {
    let asked = [
        (running.single_transaction, "--single-transaction"),
        (running.resume, "--resume"),
        (running.restart, "--restart"),
        (!told.is_empty(), "-x"),
    ];
    match asked.iter().find(|(is_set, _)| *is_set) {
        Some((_, option)) => Err(Failure::usage(format!(
            "the migration crate's main is SeaORM's own, which does not know {option}; `autogen init --replace-main` gives it autogen's"
        ))),
        None => Ok(()),
    }
}

/// SeaORM's own `main` takes no lock, so this process holds it while the other runs.
async fn run_stock(session: &Session, settings: &Settings, project: &Project, order: Order<'_>) -> Outcome {
    let program = runner::build(&project.folder)?;
    let connection = sources::connect(settings).await?;
    let timeout = Duration::from_secs(order.running.lock_timeout);
    let lock = lock::acquire(connection.db(), &project.version_table, timeout)
        .await
        .map_err(|error| Failure::run(&error.into(), connection.url()))?;
    let outcome = match stock_arguments(&connection, project, order).await? {
        Some(arguments) => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            runner::run(&program, settings, project, &for_stock(connection.url()), &arguments).await
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
    order: Order<'_>,
) -> Result<Option<[String; 3]>, Failure> {
    // Again, now that nobody else can change it.
    let steps = plan(connection, project, order).await?;
    let recorded = sources::recorded(connection, project).await?;
    let graph = project.graph();
    let (verb, in_its_order) = match order.direction {
        Direction::Up => ("up", same(&steps, graph.pending(&recorded).into_iter())),
        Direction::Down => {
            ("down", same(&steps, project.revisions.iter().rev().filter(|one| recorded.contains(&one.stem))))
        }
    };
    if !in_its_order {
        return Err(Failure::graph(format!(
            "the migration crate's main is SeaORM's own, which cannot go to {} on a branched history; `autogen init --replace-main` gives it autogen's",
            order.target
        )));
    }
    Ok((!steps.is_empty()).then(|| [verb.to_owned(), "--num".to_owned(), steps.len().to_string()]))
}

/// Whether the first of the others are exactly these.
fn same<'a>(steps: &[&Revision], others: impl Iterator<Item = &'a Revision>) -> bool {
    let others: Vec<&str> = others.take(steps.len()).map(|revision| revision.id.as_str()).collect();
    steps.iter().map(|revision| revision.id.as_str()).eq(others)
}
