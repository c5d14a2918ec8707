//! The other databases that a file is to serve: what they have is what the entities declared at the last revision.

use autogen_diff::report::{Proof, ProofStatus};
use autogen_diff::{Lock, Plan};
use autogen_prove::{Place, StandIn};
use autogen_schema::{Backend, Backfill};

use crate::compare::{Rules, compare, filled, plan_elsewhere, prove};
use crate::exit::Failure;
use crate::scratch;
use crate::settings::{Settings, parse_url};

/// What the file does on one of them.
pub(crate) struct Branch {
    pub(crate) plan: Plan,
    pub(crate) proof: Proof,
}

/// What all of them are planned with.
#[derive(Clone, Copy)]
pub(crate) struct Common<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) entities: &'a autogen_model::Reading,
    pub(crate) memory: Option<&'a Lock>,
    pub(crate) rules: &'a Rules,
    pub(crate) backfills: &'a [Backfill],
    /// Whether the plans are proven.
    pub(crate) proves: bool,
}

/// Plans the same for each database of `backends` but the one at hand. Where a scratch database of its kind can be made,
/// what was declared is made there and read, so that the plan is made and proven as for a real one.
pub(crate) async fn branches(common: Common<'_>, here: Backend) -> Result<Vec<Branch>, Failure> {
    let mut branches = Vec::new();
    for backend in common.settings.config.backends.iter().filter(|backend| **backend != here) {
        branches.push(branch(common, *backend).await?);
    }
    Ok(branches)
}

async fn branch(common: Common<'_>, backend: Backend) -> Result<Branch, Failure> {
    if !common.proves {
        return unproven(common, backend, scratch::skipped()).await;
    }
    let unknown = |reason: String| Proof {
        database: Some(backend.product().to_owned()),
        ..Proof::without_answers(ProofStatus::Unproven, reason)
    };
    let configured = common.settings.config.scratch_urls.get(&backend);
    if configured.is_none() && autogen_prove::needs_server(backend) {
        let reason = format!("scratch_urls in autogen.toml names no server for {backend}");
        return unproven(common, backend, unknown(reason)).await;
    }
    let parse = |text: &String| parse_url(text, "scratch_urls in autogen.toml", &common.settings.root);
    let url = configured.filter(|_| autogen_prove::needs_server(backend)).map(parse).transpose()?;
    let declared = common.memory.map(|lock| lock.declared.clone()).unwrap_or_default();
    match scratch::unless_interrupted(StandIn::create(backend, url.as_ref(), &declared)).await? {
        Ok(stand_in) => {
            let place = Place { url, ..Place::default() };
            let proven = scratch::unless_interrupted(proven(common, &stand_in, &place)).await;
            stand_in.remove().await;
            proven?
        }
        Err(reason) => unproven(common, backend, unknown(reason.to_string())).await,
    }
}

/// The plan of a database that nobody can look at.
async fn unproven(common: Common<'_>, backend: Backend, proof: Proof) -> Result<Branch, Failure> {
    let plan = plan_elsewhere(backend, common.entities, common.memory, common.rules).await?;
    Ok(Branch { plan: filled(plan, common.backfills)?, proof })
}

async fn proven(common: Common<'_>, stand_in: &StandIn, place: &Place) -> Result<Branch, Failure> {
    let Common { entities, memory, rules, .. } = common;
    let (connection, live) = (stand_in.connection(), stand_in.reading());
    let plan = compare(connection, entities, live, memory, rules).await?.filled(common.backfills)?.plan;
    let proof = prove(&plan, connection, entities, live, memory, rules, place).await;
    Ok(Branch { plan, proof })
}
