//! Steps that were cut short on a database that commits at every statement.

use sea_orm_migration::sea_orm::{DatabaseConnection, DbErr};

use super::error::{Origin, Unfinished};
use crate::graph::Graph;
use crate::history::{self, Action, Entry, Outcome};

/// The step that was cut short and is neither gone on with nor put in order since. There is at most one, as nothing is
/// run beside it. `recorded` is what the version table holds.
///
/// # Errors
///
/// Where the database does not answer.
pub async fn unfinished(
    db: &DatabaseConnection,
    table: &str,
    graph: &Graph<'_>,
    recorded: &[String],
) -> Result<Option<Unfinished>, DbErr> {
    let steps = history::steps(db, table, None).await?;
    let mut latest: Vec<&Entry> = Vec::new();
    for step in steps.iter().rev() {
        if latest.iter().all(|seen| seen.revision != step.revision) {
            latest.push(step);
        }
    }
    for step in latest.into_iter().filter(|step| is_open(step, recorded)) {
        let statements = history::statements(db, &step.run).await?;
        if statements.iter().any(|statement| matches!(statement.outcome, Outcome::Done | Outcome::Running)) {
            let origin = Origin::of(graph.by_stem(&step.revision));
            return Ok(Some(Unfinished { step: step.clone(), statements, origin }));
        }
    }
    Ok(None)
}

/// Whether it has no good end, and the version table does not say that somebody else brought it there.
fn is_open(step: &Entry, recorded: &[String]) -> bool {
    let is_recorded = recorded.contains(&step.revision);
    let is_reached = match step.direction {
        Action::Upgrade => is_recorded,
        Action::Downgrade => !is_recorded,
        Action::Stamp => true,
    };
    match step.outcome {
        Outcome::Running | Outcome::Failed => !is_reached,
        Outcome::Done | Outcome::Abandoned => false,
    }
}

/// Somebody took back by hand what ran.
pub(super) async fn abandon(db: &DatabaseConnection, unfinished: &Unfinished) -> Result<(), DbErr> {
    history::update(db, &Entry { outcome: Outcome::Abandoned, ..unfinished.step.clone() }).await?;
    history::forget_statements(db, &unfinished.step.run).await
}
