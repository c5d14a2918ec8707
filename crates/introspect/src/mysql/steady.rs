//! Whether somebody changed the schema while it was read. The catalog of these servers shows the present in each query,
//! so that a table that is dropped and made again in between would be read with its columns and without its keys.
//!
//! The server counts the statements that change something. Where it counted none, and all tables are still there, the
//! reading is of one moment. Otherwise it is made again, until two in a row say the same; and each table that is so
//! young that it may have been made meanwhile is held against its own statement, which is of one moment in any case.

use std::collections::BTreeSet;

use autogen_schema::Notice;

use super::catalog::{Asking, Catalog};
use super::create_table::CreateTable;
use super::hidden;
use crate::query::{OddRow, Row};
use crate::reading::not_understood;
use crate::{Error, Reading};

/// The number of changes that the server has counted since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changes(u64);

impl Changes {
    /// Asks the server.
    pub(super) async fn count(ask: &Asking<'_>) -> Result<Self, Error> {
        let rows = ask.rows("changes of the schema", include_str!("queries/changes.sql")).await?;
        let number = |row: &Row| row.get::<String>("Value")?.parse::<u64>().map_err(|error| not_a_number(&error));
        rows.iter().map(number).sum::<Result<u64, Error>>().map(Self)
    }
}

fn not_a_number(error: &std::num::ParseIntError) -> Error {
    Error::Query { query: "changes of the schema", reason: format!("column Value: {error}") }
}

/// What a reading that somebody interfered with says too little of: a row for each table. `None` where nobody did.
pub(super) async fn torn(
    ask: &Asking<'_>,
    before: Changes,
    catalog: &Catalog,
) -> Result<Option<Vec<OddRow<String>>>, Error> {
    let there = names(ask, include_str!("queries/names.sql")).await?;
    let gone = catalog.tables.iter().filter(|row| !there.contains(&row.name));
    let mut torn: Vec<_> = gone.map(|row| odd(&row.name, "it was dropped in the middle of the reading")).collect();
    if Changes::count(ask).await? == before {
        return Ok((!torn.is_empty()).then_some(torn));
    }
    for name in names(ask, include_str!("queries/young.sql")).await? {
        if !catalog.tables.iter().any(|row| row.name == name && row.engine.is_some()) {
            continue;
        }
        match ask.statement_of(YOUNG, &name).await {
            Ok(Some(statement)) if !is_whole(&name, catalog, &statement) => {
                torn.push(odd(&name, "it was made in the middle of the reading"));
            }
            // A right to single columns is none to their table's statement.
            Ok(_) | Err(Error::NotPermitted { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(torn))
}

/// The name of the query for the statement of a table that is younger than the reading, or may be.
const YOUNG: &str = "a table that may have been made meanwhile";

async fn names(ask: &Asking<'_>, sql: &str) -> Result<BTreeSet<String>, Error> {
    ask.rows("the tables once more", sql).await?.iter().map(|row| row.get("name")).collect()
}

fn odd(table: &str, reason: &str) -> OddRow<String> {
    OddRow { table: Some(table.to_owned()), name: None, query: "the tables once more", reason: reason.to_owned() }
}

/// Whether as many columns, indexes, keys and checks were read as the table has.
fn is_whole(name: &str, catalog: &Catalog, statement: &CreateTable) -> bool {
    let columns = catalog.columns.get(name).into_iter().flatten();
    let checks = hidden::checks(statement, columns.clone().map(|row| row.name.as_str())).len();
    let indexes: BTreeSet<&str> = catalog.indexes.get(name).into_iter().flatten().map(|row| &*row.name).collect();
    let keys: BTreeSet<&str> = catalog.foreign_keys.get(name).into_iter().flatten().map(|row| &*row.name).collect();
    let foreign = statement.constraints().filter(|(_, rest)| rest.starts_with("FOREIGN KEY ")).count();
    let read = (columns.count(), indexes.len(), keys.len(), catalog.checks.get(name).map_or(0, Vec::len));
    read == (statement.columns(), statement.indexes(), foreign, checks)
}

/// Marks the tables that two readings in a row do not agree on.
pub(super) fn mark_restless(before: &Reading, reading: &mut Reading) {
    for (name, table) in &mut reading.schema.tables {
        if before.schema.tables.get(name) != Some(table) {
            table.incomplete = true;
            not_understood(table, &mut reading.notices, "somebody is changing it; read it again later".to_owned());
        }
    }
    if before.schema.objects != reading.schema.objects {
        let message = "somebody is changing views, triggers or routines; read the database again later";
        reading.notices.push(Notice::new(autogen_schema::NoticeKind::NotUnderstood, message.to_owned()));
    }
}
