//! Runs SeaORM migrations: the revision graph, the version table, the lock.
//!
//! A migration crate depends on this library and hands its migrator to [`main`]; an application can do the same at
//! start-up with [`Runner`]. The version table is SeaORM's own, so both runners can be used on one database.
//!
//! With the feature `source` there is also [`source`], which reads and edits a migration crate without building it.

pub mod graph;
pub mod header;
mod resolve;
#[cfg(feature = "source")]
pub mod source;
pub mod versions;
