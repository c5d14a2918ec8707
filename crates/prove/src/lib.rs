//! Runs a plan on a scratch database and says what it does there.
//!
//! ```text
//! live schema ── rebuild on scratch ── read: the same? ── up ── read: nothing left to do? ── down ── read: the same?
//!                                   └─ rows put in ── up ── all there? ── down ── all there?
//! ```
//!
//! The verdict rests on the database, on plain equality and on the comparison that the user gets to see; not on the
//! code that lowered the plan. What could not be found out is said, and why.

mod bench;
mod database;
mod names;
mod related;
mod rows;
mod run;
mod same;
mod scratch;
mod spelling;
mod stage;
mod stand_in;
mod unsaid;

use autogen_diff::report::{Proof, ProofStatus};
use autogen_diff::{Inputs, Plan};
use autogen_introspect::Connection;

pub use self::same::differences;
pub use self::scratch::{NoScratch, Place, Scratch};
pub use self::spelling::spellings;
pub use self::stand_in::{StandIn, needs_server};

use crate::bench::{Bench, Stop};
use crate::scratch::product;

/// Proves a plan: `inputs` are those it was made from, `live` is the database that they were read from, of which only
/// encoding, locale and modes are asked here.
///
/// Everything is done in databases that are made here and gone afterwards, on every path, also where this future is
/// dropped.
pub async fn prove(live: &Connection, inputs: &Inputs<'_>, plan: &Plan, place: &Place) -> Proof {
    let bench = Bench::new(live, inputs, plan, place);
    let mut proof = Proof {
        status: ProofStatus::Unproven,
        up_converged: None,
        down_exact: None,
        rows_kept: None,
        reason: None,
        database: None,
    };
    let mut scratch = None;
    let mut notes = bench.left_out();
    let outcome = examine(&bench, &mut scratch, &mut proof, &mut notes).await;
    if let Some(scratch) = scratch {
        proof.database = Some(product(scratch.connection()));
        scratch.remove().await;
    }
    let (status, reason) = match outcome {
        Ok(()) => (ProofStatus::Proven, None),
        Err(Stop::Unproven(reason)) => (ProofStatus::Unproven, Some(reason)),
        Err(Stop::Failed(reason)) => (ProofStatus::Failed, Some(reason)),
    };
    proof.status = status;
    proof.reason = Some(reason.into_iter().chain(notes).collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty());
    proof
}

/// First without rows, where nothing but the statements themselves can be wrong; then with rows.
async fn examine(
    bench: &Bench<'_>,
    scratch: &mut Option<Scratch>,
    proof: &mut Proof,
    notes: &mut Vec<String>,
) -> Result<(), Stop> {
    let start = bench.set_up(scratch, notes).await?;
    let end = bench.up(scratch, &start, &mut proof.up_converged).await?;
    bench.down(scratch, &start, &mut proof.down_exact).await?;
    bench.with_rows(scratch, (&start, &end), &mut proof.rows_kept, notes).await
}
