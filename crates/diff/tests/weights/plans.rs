//! Plans between two databases that are made by SQL, and what they say of costs.

use std::collections::BTreeSet;

use autogen_diff::{Coverage, HazardKind, Inputs, Plan, Settings, Spellings, Unmanaged, plan};
use autogen_introspect::{Connection, Scope, read};
use sea_orm::ConnectionTrait;

/// One change, as the statements that make its two sides.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

/// Cases, one a line: the name, then what the table `t` is before and after.
pub(crate) const fn case(name: &'static str, before: &'static str, after: &'static str) -> Case {
    Case { name, before, after }
}

/// Runs statements with semicolons between them.
pub(crate) async fn run(connection: &impl ConnectionTrait, script: &str) {
    for sql in script.split(";\n").flat_map(|part| part.split("; ")).filter(|sql| !sql.trim().is_empty()) {
        connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }
}

/// The plan that leads from one database to what the other one has.
pub(crate) async fn between(here: &Connection, there: &Connection) -> Plan {
    let read = async |connection| read(connection, &Scope::default()).await.expect("the database can be read");
    let (live, desired) = (read(here).await, read(there).await);
    let settings = Settings { unmanaged: Unmanaged::Drop, ..Settings::default() };
    let inputs = Inputs {
        live: &live.schema,
        desired: &desired.schema,
        coverage: Coverage::Complete,
        memory: None,
        renames: &[],
        decided: &[],
        backend: here.backend(),
        default_schema: live.default_schema.as_deref(),
        settings: &settings,
        spellings: &Spellings::default(),
    };
    plan(&inputs).expect("nothing here is opaque")
}

/// What the plan says of costs, at its differences.
pub(crate) fn said(plan: &Plan) -> BTreeSet<HazardKind> {
    let hazards = plan.findings.iter().flat_map(|finding| &finding.hazards);
    hazards.filter(|hazard| hazard.grows_with_the_table()).map(|hazard| hazard.kind).collect()
}
