//! Rows for every table of a scratch database, and whether they are still there afterwards.

mod generate;
mod insert;
mod literals;
mod snapshot;
mod values;

pub(crate) use self::generate::generate;
pub(crate) use self::insert::insert;
pub(crate) use self::snapshot::{End, losses, survivors, take};
