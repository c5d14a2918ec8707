//! Online plans on a real PostgreSQL: what is done in which revision, that each can be taken back and begun again, and
//! that others can work meanwhile.

#![expect(clippy::disallowed_methods, reason = "a test is told by the environment which servers there are")]

mod lab;
mod others;
#[path = "../servers/mod.rs"]
mod servers;
mod stages;
