//! Compares entities with a database and puts the report into words.

use autogen_diff::report::{self, Proof};
use autogen_diff::{Coverage, Inputs, Lock, Online, Plan, Settings, Spellings, Unmanaged};
use autogen_introspect::Connection;
use autogen_prove::{Place, spellings};
use autogen_schema::{Backend, Backfill, Notice, Rename};

use crate::args::Format;
use crate::config::Compare;
use crate::exit::{Code, Failure};

/// A finished comparison.
pub(crate) struct Comparison {
    /// What is between entities and database.
    pub(crate) plan: Plan,
    /// What the readers and the comparison noticed on the way.
    notices: Vec<Notice>,
    /// The stems of the revisions that are not applied yet.
    pending: Vec<String>,
    /// What was proven about the plan, where somebody tried.
    proof: Option<Proof>,
}

/// How entities are compared with a database.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    settings: Settings,
    /// The renames that the command line asks for, or a person at the prompt.
    renames: Vec<Rename>,
    /// Whether the memory counts.
    strict: bool,
}

impl Rules {
    /// As the project wants it; `strict` drops what only the database has, and forgets what was declared and accepted.
    pub(crate) fn new(compare: &Compare, strict: bool) -> Result<Self, Failure> {
        let mut settings = settings(compare)?;
        if strict {
            settings.unmanaged = Unmanaged::Drop;
        }
        Ok(Self { settings, renames: Vec::new(), strict })
    }

    /// The same, with renames that somebody decided.
    pub(crate) fn with_renames(mut self, renames: impl IntoIterator<Item = Rename>) -> Self {
        self.renames.extend(renames);
        self
    }

    /// The same, so that those who use the database do not wait.
    pub(crate) fn with_online(mut self, online: Option<Online>) -> Self {
        self.settings.online = online;
        self
    }

    /// The same for a project that records its migrations in this table.
    pub(crate) fn with_version_table(mut self, table: &str) -> Self {
        table.clone_into(&mut self.settings.version_table);
        self
    }
}

/// How a project wants schemas compared.
pub(crate) fn settings(compare: &Compare) -> Result<Settings, Failure> {
    compare.settings().map_err(|error| Failure::usage(format!("could not read [compare] of autogen.toml: {error}")))
}

/// Compares what was read.
pub(crate) async fn compare(
    connection: &Connection,
    entities: &autogen_model::Reading,
    live: &autogen_introspect::Reading,
    memory: Option<&Lock>,
    rules: &Rules,
) -> Result<Comparison, Failure> {
    let plan = plan(&inputs(entities, live, memory, rules), Some(connection)).await?;
    Ok(Comparison::of(plan).with_notices(entities.notices.iter().chain(&live.notices).cloned()))
}

/// Plans the same for a database of another kind, which is not at hand: what it has is what the entities declared at the
/// last revision, as that database spells it.
pub(crate) async fn plan_elsewhere(
    backend: Backend,
    entities: &autogen_model::Reading,
    memory: Option<&Lock>,
    rules: &Rules,
) -> Result<Plan, Failure> {
    let declared = memory.map(|lock| lock.declared.clone()).unwrap_or_default();
    let inputs = Inputs {
        live: &declared,
        desired: &entities.schema,
        coverage: Coverage::Partial,
        memory: memory.filter(|_| !rules.strict),
        renames: &entities.renames,
        decided: &rules.renames,
        backend,
        // What PostgreSQL has where nobody says otherwise; the others have no schemas, and it means nothing to them.
        default_schema: Some("public"),
        settings: &rules.settings,
        spellings: &Spellings::default(),
    };
    plan(&inputs, None).await
}

/// Proves the plan that came out of comparing the same.
pub(crate) async fn prove(
    plan: &Plan,
    connection: &Connection,
    entities: &autogen_model::Reading,
    live: &autogen_introspect::Reading,
    memory: Option<&Lock>,
    rules: &Rules,
    place: &Place,
) -> Proof {
    autogen_prove::prove(connection, &inputs(entities, live, memory, rules), plan, place).await
}

/// What is compared, before the server is asked anything.
fn inputs<'a>(
    entities: &'a autogen_model::Reading,
    live: &'a autogen_introspect::Reading,
    memory: Option<&'a Lock>,
    rules: &'a Rules,
) -> Inputs<'a> {
    static NOT_ASKED: std::sync::LazyLock<Spellings> = std::sync::LazyLock::new(Spellings::default);
    Inputs {
        live: &live.schema,
        desired: &entities.schema,
        coverage: Coverage::Partial,
        memory: memory.filter(|_| !rules.strict),
        renames: &entities.renames,
        decided: &rules.renames,
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &rules.settings,
        spellings: &NOT_ASKED,
    }
}

/// Plans, whatever is compared. Where the live side is a database that is at hand, it is asked how it spells the
/// expressions that differ as text.
pub(crate) async fn plan(inputs: &Inputs<'_>, live: Option<&Connection>) -> Result<Plan, Failure> {
    let spellings = match live {
        Some(connection) => spellings(inputs, connection).await,
        None => Spellings::default(),
    };
    autogen_diff::plan(&Inputs { spellings: &spellings, ..*inputs })
        .map_err(|error| Failure::new(Code::Entities, format!("could not plan the migration: {error}")))
}

/// The same plan, with hazards that say how many rows of its database they concern.
pub(crate) async fn counted(plan: Plan, connection: &Connection) -> Plan {
    let counts = plan.counts();
    if counts.is_empty() {
        return plan;
    }
    let questions: Vec<String> = counts.iter().map(|count| count.sql.clone()).collect();
    let answers = autogen_introspect::count(connection, &questions).await;
    plan.counted(counts.into_iter().zip(answers))
}

/// The same plan, with values for existing rows.
pub(crate) fn filled(plan: Plan, backfills: &[Backfill]) -> Result<Plan, Failure> {
    let backend = plan.backend;
    plan.backfilled(backfills).map_err(|error| Failure::usage(format!("--backfill on {}: {error}", backend.product())))
}

/// Refuses a value for a database that is none of these: it would never be used.
pub(crate) fn refuse_foreign(backfills: &[Backfill], served: &[Backend]) -> Result<(), Failure> {
    let foreign = backfills.iter().filter_map(|backfill| backfill.backend).find(|backend| !served.contains(backend));
    foreign.map_or(Ok(()), |backend| Err(Failure::usage(format!("--backfill {backend}:…: this is not for {backend}"))))
}

impl Comparison {
    /// The same, with values for existing rows, and hazards that say how many rows they concern.
    pub(crate) async fn with_rows(mut self, connection: &Connection, backfills: &[Backfill]) -> Result<Self, Failure> {
        self = self.filled(backfills)?;
        self.plan = counted(self.plan, connection).await;
        Ok(self)
    }

    /// What a plan says.
    pub(crate) fn of(plan: Plan) -> Self {
        Self { notices: plan.notices.clone(), plan, pending: Vec::new(), proof: None }
    }

    /// The same, with values for existing rows.
    pub(crate) fn filled(self, backfills: &[Backfill]) -> Result<Self, Failure> {
        Ok(Self { plan: filled(self.plan, backfills)?, ..self })
    }

    /// The same, with revisions that are not applied yet.
    pub(crate) fn with_pending(mut self, pending: Vec<String>) -> Self {
        self.pending = pending;
        self
    }

    /// The same, with what was proven about the plan.
    pub(crate) fn with_proof(mut self, proof: Proof) -> Self {
        self.proof = Some(proof);
        self
    }

    /// The same, with further notices in front of the others.
    pub(crate) fn with_notices(mut self, notices: impl IntoIterator<Item = Notice>) -> Self {
        self.notices.splice(0..0, notices);
        self
    }

    /// Whether the database is what the entities say, and nothing is pending.
    pub(crate) fn is_clean(&self) -> bool {
        self.plan.is_empty() && self.pending.is_empty()
    }

    /// The differences, one line each.
    pub(crate) fn summaries(&self) -> Vec<String> {
        let summary = |finding: &autogen_diff::Finding| match finding.change.table() {
            Some(table) => format!("{table}: {}", finding.change.describe()),
            None => finding.change.describe(),
        };
        self.plan.findings.iter().map(summary).collect()
    }

    /// The report.
    pub(crate) fn report(&self, format: Format, paint: bool) -> String {
        let report = report::Report {
            plan: &self.plan,
            notices: &self.notices,
            pending: &self.pending,
            proof: self.proof.as_ref(),
        };
        match format {
            Format::Text => report::text(&report, paint),
            Format::Json => report::json(&report),
        }
    }
}
