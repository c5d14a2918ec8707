//! Compares entities with a database and puts the report into words.

use autogen_diff::{Coverage, Inputs, Lock, Plan, Settings as DiffSettings, Spellings, report};
use autogen_schema::Notice;

use crate::args::Format;
use crate::config::{self, Config};
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

/// Compares what was read.
pub(crate) fn compare(
    entities: &autogen_model::Reading,
    live: &autogen_introspect::Reading,
    memory: Option<&Lock>,
    config: Option<&Config>,
) -> Result<Comparison, Failure> {
    let plan = plan(&Inputs {
        live: &live.schema,
        desired: &entities.schema,
        memory,
        coverage: Coverage::Partial,
        renames: &entities.renames,
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &settings(config),
        spellings: &Spellings::default(),
    })?;
    Ok(Comparison::of(plan).with_notices(entities.notices.iter().chain(&live.notices).cloned()))
}

/// Plans, whatever is compared.
pub(crate) fn plan(inputs: &Inputs<'_>) -> Result<Plan, Failure> {
    autogen_diff::plan(inputs)
        .map_err(|error| Failure::new(Code::Entities, format!("could not plan the migration: {error}")))
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
        match format {
            Format::Text => report::text(&self.plan, &self.notices, paint),
            Format::Json => report::json(&self.plan, &self.notices, &self.pending),
        }
    }

    /// The stems of the revisions that are not applied yet.
    pub(crate) fn pending(&self) -> &[String] {
        &self.pending
    }
}

/// How a project wants schemas compared.
pub(crate) fn settings(config: Option<&Config>) -> DiffSettings {
    let mut settings = DiffSettings::default();
    if let Some(config) = config {
        settings.unmanaged = match config.compare.unmanaged {
            config::Unmanaged::Report => autogen_diff::Unmanaged::Report,
            config::Unmanaged::Ignore => autogen_diff::Unmanaged::Ignore,
            config::Unmanaged::Drop => autogen_diff::Unmanaged::Drop,
        };
    }
    settings
}
