//! Compares two schemas and writes the migration between them.
//!
//! ```text
//! live, desired ── spell ── settle ── compare ── order ── lower ──► Plan ── render ──► source, SQL, report
//! ```
//!
//! Everything here is pure: values in, values out. What knows one database lies in `dialect/<database>`.

mod accepted;
mod apply;
mod backfill;
mod change;
mod compare;
mod counts;
mod describe;
mod dialect;
mod filter;
mod hazard;
mod identifiers;
mod lock;
mod online;
mod order;
mod plan;
mod renames;
pub mod render;
pub mod report;
mod settings;
mod settle;
mod size;
mod spellings;
mod statement;
mod suspicion;
mod too_long;

pub use self::accepted::{accept, can_be_accepted};
pub use self::apply::Misfit;
pub use self::backfill::NothingToFill;
pub use self::change::{Change, Labelled, TableDetails};
pub use self::compare::compare;
pub use self::counts::Count;
pub use self::filter::{Filter, PatternError, Patterns};
pub use self::hazard::{Hazard, HazardKind};
pub use self::lock::{LOCK_VERSION, Lock, LockError};
pub use self::online::{Online, Staging};
pub use self::order::order;
pub use self::plan::{Coverage, Finding, Inputs, Plan, PlanError, plan, questions};
pub use self::settings::{Settings, TypeComparison, Unmanaged};
pub use self::size::Size;
pub use self::spellings::{Questions, Spellings};
pub use self::statement::{Fill, Rebuild, Statement, Step};
pub use self::suspicion::{Candidate, Suspicion};
