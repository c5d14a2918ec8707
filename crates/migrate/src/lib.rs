//! Runs SeaORM migrations: the revision graph, the version table, the lock.
//!
//! A migration crate depends on this library and hands its migrator to [`main`]; an application can do the same at
//! start-up with [`Runner`]. The version table is SeaORM's own, so both runners can be used on one database.
//!
//! With the feature `source` there is also [`source`], which reads and edits a migration crate without building it.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("autogen-migrate needs a database: choose at least one of its features `sqlite`, `postgres`, `mysql`");

mod command;
mod connect;
pub mod graph;
pub mod header;
pub mod lock;
mod runner;
#[cfg(feature = "source")]
pub mod source;
#[cfg(feature = "sqlite")]
mod sqlite;
mod step;
pub mod versions;

pub use command::{main, main_with_graph};
pub use connect::connect;
pub use runner::{Goal, Progress, RunError, Runner};
pub use step::Direction;
