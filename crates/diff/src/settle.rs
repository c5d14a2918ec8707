//! Silence is not a difference: completes what the entities leave unsaid from the live side.
//!
//! After settling, the desired schema says everything: what it holds is wanted, what it does not hold is to go, and
//! `==` decides. What only the database has is kept and mentioned, unless it was said at the last revision and is no
//! longer said: then it was removed on purpose.

mod checks;
mod columns;
mod complete;
mod defaults;
mod enums;
mod expressions;
mod incomplete;
mod keys;
mod names;
mod tables;
mod types;

use autogen_schema::{Notice, Schema};

use crate::dialect::Dialect;
use crate::renames::Renames;
use crate::spellings::{Questions, Spellings};
use crate::{Coverage, TypeComparison, Unmanaged};

/// The schemas that settling looks at, all under the names that the database has.
pub(crate) struct Sides<'s> {
    /// The database, spelled.
    pub live: &'s Schema,
    /// The entities, spelled.
    pub desired: &'s Schema,
    /// The entities as they said it, only qualified.
    pub said: &'s Schema,
    /// What the entities declared at the last revision, spelled; `None` without a lock.
    pub base: Option<&'s Schema>,
    /// The database's dialect.
    pub dialect: &'s dyn Dialect,
    /// How much of a database the desired side speaks of.
    pub coverage: Coverage,
    /// What to do with what only the database has.
    pub unmanaged: Unmanaged,
    /// When two types are the same.
    pub types: TypeComparison,
    /// What gave the live side its names.
    pub renames: &'s Renames,
    /// How the server spells expressions.
    pub spellings: &'s Spellings,
}

/// The desired schema in full, and what is worth mentioning.
pub(crate) struct Settled {
    /// What the database is to look like.
    pub desired: Schema,
    /// What is kept without having been said, and what could not be compared.
    pub notices: Vec<Notice>,
    /// What the server should be asked.
    pub questions: Questions,
}

/// Completes the desired schema from the live one.
pub(crate) fn settle(sides: &Sides<'_>) -> Settled {
    let mut settled = Settled { desired: sides.desired.clone(), notices: Vec::new(), questions: Questions::default() };
    settled.desired.objects.clone_from(&sides.live.objects);
    match sides.coverage {
        Coverage::Partial => {
            tables::settle(sides, &mut settled);
            enums::settle(sides, &mut settled);
        }
        Coverage::Complete => complete::settle(sides, &mut settled),
    }
    incomplete::leave_alone(sides, &mut settled);
    settled
}

impl Sides<'_> {
    /// Whether what only the database has stays, given whether the entities declared it at the last revision.
    pub(crate) fn keeps(&self, was_declared: bool) -> bool {
        !was_declared && self.unmanaged != Unmanaged::Drop
    }
}
