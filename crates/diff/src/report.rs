//! What was found, for people and for machines.

mod json;
mod proof;
mod text;

use autogen_schema::Notice;

pub use self::json::json;
pub use self::proof::{Proof, ProofStatus};
pub use self::text::text;
use crate::Plan;

/// All that a report speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The differences.
    pub plan: &'a Plan,
    /// What is worth saying and is no difference, of the readers and of the plan.
    pub notices: &'a [Notice],
    /// The stems of the revisions that are not applied yet.
    pub pending: &'a [String],
    /// What was proven about the plan, where somebody tried.
    pub proof: Option<&'a Proof>,
}
