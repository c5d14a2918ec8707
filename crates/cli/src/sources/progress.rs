//! What a person sees while a database is read, and afterwards with `-v`.

use std::future::Future;
use std::time::Duration;

use autogen_introspect::{Connection, QueryTime};
use tokio::time::{Instant, interval_at};

use crate::printing::Printer;

/// Waits for a reading. What takes longer than a second is accompanied by a line on the terminal.
pub(super) async fn watched<T>(printer: Printer, connection: &Connection, reading: impl Future<Output = T>) -> T {
    if !printer.is_watched() {
        return reading.await;
    }
    tokio::pin!(reading);
    let (start, before) = (Instant::now(), connection.queries().len());
    let mut ticks = interval_at(start + Duration::from_secs(1), Duration::from_secs(1));
    let mut is_shown = false;
    let result = loop {
        tokio::select! {
            result = &mut reading => break result,
            _ = ticks.tick() => {
                is_shown = true;
                printer.progress(&line(start.elapsed(), connection.queries().len() - before));
            }
        }
    };
    if is_shown {
        printer.progress("");
    }
    result
}

fn line(elapsed: Duration, done: usize) -> String {
    let queries = if done == 1 { "query" } else { "queries" };
    format!("reading the database: {} s, {done} {queries} answered", elapsed.as_secs())
}

/// Shows the queries with `-v`, and what they ask with `-vv`.
pub(super) fn show_queries(printer: Printer, queries: &[QueryTime]) {
    if printer.verbosity == 0 {
        return;
    }
    for query in queries {
        let rows = if query.rows == 1 { "row" } else { "rows" };
        printer.note(&time_line(query.duration, &format!("{} ({} {rows})", query.name, query.rows)));
        if printer.verbosity > 1 {
            query.statement.sql.lines().for_each(|line| printer.note(&format!("             {line}")));
        }
    }
    let total = queries.iter().map(|query| query.duration).sum();
    printer.note(&time_line(total, &format!("in all, for {} queries", queries.len())));
}

fn time_line(time: Duration, what: &str) -> String {
    format!("{:>9.1} ms  {what}", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_long_and_how_far() {
        assert_eq!(line(Duration::from_millis(3400), 1), "reading the database: 3 s, 1 query answered");
        assert_eq!(time_line(Duration::from_micros(12_345), "columns (40 rows)"), "     12.3 ms  columns (40 rows)");
    }
}
