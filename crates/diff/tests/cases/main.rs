//! The golden migrations of `fixtures/cases`: each is what the renderer writes, each compiles, and each runs up and down
//! on a real database, where it executes exactly the statements that are shown and proven.
//!
//! `UPDATE_EXPECT=1` (or `cargo xtask bless`) writes the files and the list of them anew; what was written is compiled,
//! and so run, the next time.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads files and fails by panicking")]

#[path = "../../../cli/tests/end_to_end/database.rs"]
#[expect(dead_code, reason = "its other functions serve the end-to-end tests")]
mod database;
mod first_generation;
#[rustfmt::skip]
#[expect(unreachable_pub, elided_lifetimes_in_paths, reason = "a migration is written as a project writes it")]
mod golden;
mod listing;
mod rebuilds;
mod recorder;
mod scenario;
mod trip;

use std::path::PathBuf;

use self::database::Server;
use self::scenario::Scenario;

/// The folder of the cases.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cases")).canonicalize().unwrap()
}

/// Whether the golden files are to be written.
fn is_blessing() -> bool {
    std::env::var("UPDATE_EXPECT").is_ok_and(|value| !value.is_empty() && value != "0")
}

#[test]
fn every_migration_is_golden_and_does_what_it_says_on_sqlite() {
    run(Server::Sqlite, 1);
}

#[test]
fn every_migration_is_golden_and_does_what_it_says_on_postgres() {
    run(Server::Postgres, 4);
}

#[test]
fn every_migration_is_golden_and_does_what_it_says_on_mariadb() {
    run(Server::Mariadb, 4);
}

#[test]
fn every_migration_is_golden_and_does_what_it_says_on_mysql() {
    run(Server::Mysql, 4);
}

#[test]
fn every_migration_for_several_databases_does_on_each_what_it_says() {
    let scenarios: Vec<Scenario> =
        Scenario::all().into_iter().filter(|scenario| !scenario.several().is_empty()).collect();
    assert!(scenarios.len() >= 6, "only {} cases are for several databases", scenarios.len());
    let check = |scenario: &Scenario| {
        let checked = trip::check_several(scenario);
        checked.err().map(|failure| format!("== {}\n{failure}", scenario.name))
    };
    let failures: Vec<String> = scenarios.iter().filter_map(check).collect();
    if is_blessing() {
        listing::write_list();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs the cases that concern this database, `workers` at a time.
fn run(server: Server, workers: usize) {
    let scenarios: Vec<Scenario> = Scenario::all().into_iter().filter(|scenario| scenario.concerns(server)).collect();
    let queue = std::sync::Mutex::new(scenarios.iter());
    let work = || {
        let mut failures = Vec::new();
        let next = || queue.lock().unwrap().next();
        while let Some(scenario) = next() {
            if let Err(failure) = trip::check(scenario, server) {
                failures.push(format!("== {} on {server:?}\n{failure}", scenario.name));
            }
        }
        failures
    };
    let mut failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    failures.sort();
    if is_blessing() {
        listing::write_list();
    }
    assert!(failures.is_empty(), "{} of {} fail\n{}", failures.len(), scenarios.len(), failures.join("\n"));
}
