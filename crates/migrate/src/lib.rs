//! Runs SeaORM migrations: the revision graph, the version table, the lock.
//!
//! A migration crate depends on this library and hands its migrator to [`main`]; an application can do the same at
//! start-up with [`Runner`]. The version table is SeaORM's own, so both runners can be used on one database.
//!
//! With the feature `source` there is also [`source`], which reads and edits a migration crate without building it.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("autogen-migrate needs a database: choose at least one of its features `sqlite`, `postgres`, `mysql`");

mod arguments;
mod command;
mod connect;
pub mod foreign;
pub mod graph;
pub mod header;
pub mod history;
pub mod lock;
#[cfg(feature = "mysql")]
mod mysql;
mod runner;
mod script;
mod session;
#[cfg(feature = "source")]
pub mod source;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stamp;
mod step;
pub mod versions;
mod work;

pub use arguments::{set_x_arguments, x_argument};
pub use command::{REVISIONS_VARIABLE, main, main_with_graph};
pub use connect::connect;
pub use runner::{
    Goal, HalfDone, Origin, Progress, RunError, Runner, Unfinished, explain, refuse_wrong_way, unfinished,
};
pub use script::{Range, range};
pub use stamp::stamp;
pub use step::Direction;
