//! The tool as a user runs it, on whole projects and real databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod compare;
mod database;
mod diff;
mod dump;
mod inspect;
mod job;
mod online;
mod project;
mod proof;
mod refusals;
mod renames;
mod revisions;
mod rows;
#[cfg(unix)]
mod running;
mod scenarios;
mod several;
mod small;
mod writing;
