//! Reads PostgreSQL 13 and later straight from `pg_catalog`, which every role may read whatever it owns.
//!
//! One read-only snapshot, one query for each sort of thing, whatever the number of tables; the rows are joined here,
//! by oid. `information_schema` plays no part: it hides what the role does not own.

mod catalog;
mod constraint;
mod default;
mod dependency;
mod index;
mod object;
mod respell;
mod sql_text;
mod table;
mod types;

use std::collections::BTreeMap;

use autogen_schema::{EnumName, EnumType, Schema, TableName};
use sea_orm::{AccessMode, DatabaseTransaction, IsolationLevel, TransactionTrait};

use crate::reading::mark_odd;
use crate::{Connection, Error, Reading, Scope};
use catalog::{Catalog, EnumRow, OddTable};
use dependency::Dependencies;

pub(crate) use respell::respell;

/// How often a reading starts again because somebody changed the schema in the middle of it.
const ATTEMPTS: u32 = 20;

/// Reads the tables in `scope`.
pub(crate) async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    for _ in 1..ATTEMPTS {
        match read_once(connection, scope).await {
            Err(error) if is_change_in_between(&error) => {}
            result => return result,
        }
    }
    read_once(connection, scope).await
}

async fn read_once(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    let transaction = snapshot(connection).await?;
    let catalog = Catalog::read(connection, &transaction, scope).await?;
    transaction.rollback().await.map_err(|error| connection.query_error("the end of the snapshot", &error))?;
    assemble(connection, catalog)
}

/// A transaction that sees one moment and cannot write.
async fn snapshot(connection: &Connection) -> Result<DatabaseTransaction, Error> {
    connection
        .db()
        .begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
        .await
        .map_err(|error| connection.query_error("a snapshot", &error))
}

fn assemble(connection: &Connection, catalog: Catalog) -> Result<Reading, Error> {
    let mut notices = Vec::new();
    let mut schema = Schema { enums: enums(catalog.enums), ..Schema::default() };
    let (tables, sequences) = table::assemble(catalog.tables, catalog.parts, &mut notices)?;
    let dependencies = Dependencies::new(catalog.dependencies, &catalog.objects, &sequences);
    schema.objects = object::objects(catalog.objects, sequences, &dependencies, &mut notices)?;
    let names: BTreeMap<i64, TableName> = tables.iter().map(|(oid, table)| (*oid, table.name.clone())).collect();
    for (oid, mut table) in tables {
        table.depends_on = dependencies.of_relation(oid);
        schema.insert(table);
    }
    let name = |table: &OddTable| table.name.as_ref().or_else(|| names.get(&table.oid)).cloned();
    mark_odd(&catalog.odd, name, &mut schema, &mut notices);
    Ok(Reading {
        backend: connection.backend(),
        server_version: connection.server_version().split_whitespace().next().unwrap_or_default().to_owned(),
        default_schema: Some(catalog.default_schema),
        schema,
        notices,
    })
}

fn enums(rows: Vec<EnumRow>) -> BTreeMap<EnumName, EnumType> {
    rows.into_iter()
        .map(|row| {
            let name = EnumName::qualified(row.schema, row.name);
            let labels = row.labels.unwrap_or_default();
            (name.clone(), EnumType { name, labels, comment: row.comment, origin: Default::default() })
        })
        .collect()
}

/// The server's own functions (`pg_get_expr` and its like) look at the present, not at the snapshot: what was dropped
/// in between, they do not find. The next snapshot does not have it either.
fn is_change_in_between(error: &Error) -> bool {
    match error {
        Error::Query { reason, .. } => {
            reason == CHANGED
                || reason.starts_with("cache lookup failed")
                || reason.starts_with("could not open relation")
                || reason.starts_with("could not find tuple")
        }
        _ => false,
    }
}

/// The reason where the server gave no text for an expression that the snapshot has.
const CHANGED: &str = "the tables are being changed by somebody else; try again when that is done";

/// The text that the server has for something in the snapshot.
///
/// # Errors
///
/// Where it has none, because the thing was dropped in between.
fn present(query: &'static str, text: Option<String>) -> Result<String, Error> {
    text.ok_or_else(|| Error::Query { query, reason: CHANGED.to_owned() })
}
