//! Laws that hold for any two schemas: without a database, and on real ones with rows. `docs/laws.md` lists them.
//!
//! There is one generator of random schemas ([`pairs`]). A failure prints the number that makes its pair again, after the
//! pair was made as small as it fails.

#![expect(
    clippy::disallowed_methods,
    reason = "a test is told by the environment which servers there are, and how much to try"
)]

mod dice;
mod indexes;
mod law;
mod live;
mod names;
mod pairs;
mod plans;
mod pure;
mod rows;
mod schemas;
#[path = "../servers/mod.rs"]
mod servers;
mod shrink;
mod tables;
