//! Writing the version table without running anything.

use std::time::Duration;

use sea_orm_migration::sea_orm::{DatabaseConnection, TransactionTrait};

use crate::graph::{Graph, GraphError, Stamp, Target};
use crate::history::{self, Action, Entry, Outcome};
use crate::runner::RunError;
use crate::{lock, versions};

/// Records that the database is at these places of the graph, under the lock, and says what changed. With `purge` all
/// rows go first, also those that no file has; without it those stay. The graph need not be sound.
///
/// # Errors
///
/// Where a place is not found, two of them are on one line, the lock is held, or the database refuses.
pub async fn stamp(
    db: &DatabaseConnection,
    table: &str,
    graph: &Graph<'_>,
    places: &[String],
    purge: bool,
    lock_timeout: Duration,
) -> Result<Stamp, RunError> {
    let lock = lock::acquire(db, table, lock_timeout).await?;
    let stamped = locked(db, table, graph, places, purge).await;
    lock.release().await;
    stamped
}

async fn locked(
    db: &DatabaseConnection,
    table: &str,
    graph: &Graph<'_>,
    places: &[String],
    purge: bool,
) -> Result<Stamp, RunError> {
    let recorded = versions::applied(db, table).await?;
    let stamp = changes(graph, places, purge, &recorded)?;
    versions::ensure(db, table).await?;
    history::ensure(db).await?;
    let transaction = db.begin().await?;
    for (stems, outcome) in [(&stamp.remove, "removed"), (&stamp.add, "recorded")] {
        for stem in stems {
            let id = graph.by_stem(stem).map_or(stem, |revision| &revision.id);
            let entry = Entry::starting(table, stem, id, Action::Stamp);
            match outcome {
                "removed" => versions::remove(&transaction, table, stem).await.map(|_| ())?,
                _ => versions::record(&transaction, table, stem).await?,
            }
            let entry = entry.ended(Outcome::Done, Duration::ZERO, Some(outcome.into()));
            history::insert(&transaction, &entry).await?;
        }
    }
    transaction.commit().await?;
    Ok(stamp)
}

fn changes(graph: &Graph<'_>, places: &[String], purge: bool, recorded: &[String]) -> Result<Stamp, GraphError> {
    // Where the table holds what no file has, `+1` and `current` still mean what is known.
    let known: Vec<String> = recorded.iter().filter(|name| graph.by_stem(name).is_some()).cloned().collect();
    let targets: Result<Vec<Target>, GraphError> = places.iter().map(|place| graph.resolve(place, &known)).collect();
    let start = if purge { &[] } else { known.as_slice() };
    let mut stamp = graph.stamp(&targets?, start)?;
    if purge {
        let (kept, gone): (Vec<String>, Vec<String>) =
            recorded.iter().cloned().partition(|stem| stamp.add.contains(stem));
        stamp.add.retain(|stem| !kept.contains(stem));
        stamp.remove = gone;
    }
    Ok(stamp)
}
