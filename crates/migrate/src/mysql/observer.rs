//! A file written by hand: SeaORM reports each of its statements after it ran, and the journal notes them.
//!
//! Statements given as text (`execute_unprepared`) are not reported, so the journal of such a file is what is known,
//! not all that happened.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm_migration::sea_orm::DatabaseConnection;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::header::checksum;
use crate::history::{self, Entry, Outcome};
use crate::step::{self, Booking, StepError};
use crate::work::{Work, only_reads};

struct Report {
    sql: String,
    took: Duration,
    failed: bool,
}

/// Runs the file by SeaORM's rule, without its row in the version table.
pub(super) async fn run(
    db: &DatabaseConnection,
    books: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
) -> Result<(), StepError> {
    let (teller, reports) = unbounded_channel();
    let mut heard = db.clone();
    let is_running = work.is_running.clone();
    heard.set_metric_callback(move |info| {
        let sql = info.statement.to_string();
        if is_running.load(Ordering::Relaxed) && !only_reads(&sql) {
            // The other end is gone when the step is over.
            let _told = teller.send(Report { sql, took: info.elapsed, failed: info.failed });
        }
    });
    let writer = tokio::spawn(write(books.clone(), booking.entry.clone(), reports));
    let ran = step::body_only(&heard, work, booking).await;
    // The last handle to the teller goes with the connection that has it.
    drop(heard);
    // A task that the migration left behind may keep the connection for ever.
    let noted = tokio::time::timeout(Duration::from_secs(5), writer).await;
    let noted = noted.ok().and_then(Result::ok).unwrap_or_default();
    ran.map_err(|error| StepError { state: format!("{}{}", error.state, listed(&noted)), ..error })
}

async fn write(books: DatabaseConnection, step: Entry, mut reports: UnboundedReceiver<Report>) -> Vec<Entry> {
    let mut noted = Vec::new();
    while let Some(report) = reports.recv().await {
        let outcome = if report.failed { Outcome::Failed } else { Outcome::Done };
        let entry = Entry {
            statement: i32::try_from(noted.len() + 1).ok(),
            checksum: Some(checksum(&report.sql)),
            sql: Some(report.sql),
            ..step.ended(outcome, report.took, None)
        };
        // A journal that cannot be written is no reason to stop a migration that runs.
        let _written = history::insert(&books, &entry).await;
        noted.push(entry);
    }
    noted
}

fn listed(noted: &[Entry]) -> String {
    let ran: Vec<&str> =
        noted.iter().filter(|entry| entry.outcome == Outcome::Done).filter_map(|entry| entry.sql.as_deref()).collect();
    if ran.is_empty() {
        String::new()
    } else {
        format!(" with --restart. Of what was noted these ran: {}", ran.join("; "))
    }
}
