//! What the hazards say that a change costs, held against the servers: whether the rows are gone through or written
//! again, and which lock is held meanwhile.

#![expect(clippy::disallowed_methods, reason = "these tests talk to databases")]

mod mysql;
mod plans;
mod postgres;
#[path = "../servers/mod.rs"]
mod servers;
mod sqlite;
