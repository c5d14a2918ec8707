//! Exactness by round trip: each case of `fixtures/introspect` is loaded into an empty database and read, what was read
//! is written as SQL by our own renderer, and that SQL makes a second database. Both must read alike, and the database's
//! own dump tool must say the same of both, apart from the reasons that are written down beside this file.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads files and is told by the environment which servers there are"
)]

#[path = "../../../introspect/tests/cases/mod.rs"]
mod cases;
mod mysql;
mod postgres;
#[path = "../servers/mod.rs"]
mod servers;
mod shared;
mod sqlite;
