//! Compares entities with a database and puts the report into words.

use autogen_diff::{Coverage, Inputs, Lock, Plan, Settings, Spellings, Unmanaged, questions, report};
use autogen_introspect::Connection;
use autogen_schema::{Notice, Rename};

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
}

/// How entities are compared with a database.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    settings: Settings,
    /// The renames that the command line asks for.
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
    let renames: Vec<Rename> = entities.renames.iter().chain(&rules.renames).cloned().collect();
    let inputs = Inputs {
        live: &live.schema,
        desired: &entities.schema,
        coverage: Coverage::Partial,
        memory: memory.filter(|_| !rules.strict),
        renames: &renames,
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &rules.settings,
        spellings: &Spellings::default(),
    };
    let plan = plan(&inputs, Some(connection)).await?;
    Ok(Comparison::of(plan).with_notices(entities.notices.iter().chain(&live.notices).cloned()))
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

/// What the server does not answer (the user may not make temporary tables) stays open, and becomes a notice.
async fn spellings(inputs: &Inputs<'_>, connection: &Connection) -> Spellings {
    let mut spellings = Spellings::default();
    for (table, asked) in questions(inputs) {
        if let Ok(answers) = autogen_introspect::respell(connection, &table, &asked).await {
            spellings.insert(table, asked, answers);
        }
    }
    spellings
}

impl Comparison {
    /// What a plan says.
    pub(crate) fn of(plan: Plan) -> Self {
        Self { notices: plan.notices.clone(), plan, pending: Vec::new() }
    }

    /// The same, with revisions that are not applied yet.
    pub(crate) fn with_pending(mut self, pending: Vec<String>) -> Self {
        self.pending = pending;
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

    /// The report.
    pub(crate) fn report(&self, format: Format, paint: bool) -> String {
        let report = report::Report { plan: &self.plan, notices: &self.notices, pending: &self.pending };
        match format {
            Format::Text => report::text(&report, paint),
            Format::Json => report::json(&report),
        }
    }
}
