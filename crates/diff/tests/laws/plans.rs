//! Plans under the strictest settings, and what they call tables and columns.

use autogen_diff::{Change, Coverage, Inputs, Online, Plan, Settings, Spellings, Unmanaged, plan};
use autogen_schema::{Backend, Rename, Schema, TableName};

/// What is compared.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) live: &'a Schema,
    pub(crate) desired: &'a Schema,
    pub(crate) renames: &'a [Rename],
    pub(crate) coverage: Coverage,
    pub(crate) backend: Backend,
    pub(crate) online: bool,
}

impl<'a> Question<'a> {
    /// As the library is asked.
    pub(crate) fn inputs(self, settings: &'a Settings, spellings: &'a Spellings) -> Inputs<'a> {
        let Self { live, desired, renames, coverage, backend, online: _ } = self;
        let default_schema = (backend == Backend::Postgres).then_some("public");
        Inputs {
            live,
            desired,
            coverage,
            memory: None,
            renames: &[],
            decided: renames,
            backend,
            default_schema,
            settings,
            spellings,
        }
    }

    /// The plan that leads from one schema to exactly the other.
    pub(crate) fn plan(self, spellings: &Spellings) -> Plan {
        let online = self.online.then(Online::default);
        let settings = Settings { unmanaged: Unmanaged::Drop, online, ..Settings::default() };
        plan(&self.inputs(&settings, spellings)).expect("nothing here is opaque")
    }
}

/// What a table of the start is called at the end of the plan.
pub(crate) fn later_table(plan: &Plan, name: &TableName) -> TableName {
    let mut name = name.clone();
    for finding in &plan.findings {
        if let Change::RenameTable { from, to } = &finding.change
            && *from == name
        {
            name = to.clone();
        }
    }
    name
}

/// What a column is called at the end of the plan; `table` is the table's name there.
pub(crate) fn later_column(plan: &Plan, later: &TableName, column: &str) -> String {
    let mut column = column.to_owned();
    for finding in &plan.findings {
        if let Change::RenameColumn { table, from, to } = &finding.change
            && table == later
            && *from == column
        {
            column.clone_from(to);
        }
    }
    column
}
