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
mod untold;

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{EnumName, EnumType, Schema, TableName};
use sea_orm::{AccessMode, DatabaseTransaction, IsolationLevel, TransactionTrait};

use crate::reading::mark_odd;
use crate::{Connection, Error, Reading, Scope};
use catalog::{Catalog, EnumRow, OddTable};
use dependency::Dependencies;
use untold::Untold;

pub(crate) use respell::respell;

/// How often a reading starts again because somebody changed the schema in the middle of it.
const ATTEMPTS: u32 = 20;

/// Reads the tables in `scope`.
pub(crate) async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    let mut untold_before = None;
    for _ in 1..ATTEMPTS {
        match read_once(connection, scope).await {
            Err(error) if is_change_in_between(&error) => {}
            Err(error) => return Err(error),
            Ok((reading, untold)) if untold.is_empty() || untold_before.as_ref() == Some(&untold) => {
                return Ok(reading);
            }
            Ok((_, untold)) => untold_before = Some(untold),
        }
    }
    read_once(connection, scope).await.map(|(reading, _)| reading)
}

/// A reading, and what in it the server gave no text for.
async fn read_once(connection: &Connection, scope: &Scope) -> Result<(Reading, BTreeSet<(i64, String)>), Error> {
    let transaction = snapshot(connection).await?;
    let catalog = Catalog::read(connection, &transaction, scope).await?;
    transaction.rollback().await.map_err(|error| connection.query_error("the end of the snapshot", &error))?;
    Ok(assemble(connection, catalog))
}

/// A transaction that sees one moment and cannot write.
async fn snapshot(connection: &Connection) -> Result<DatabaseTransaction, Error> {
    connection
        .db()
        .begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
        .await
        .map_err(|error| connection.query_error("a snapshot", &error))
}

fn assemble(connection: &Connection, mut catalog: Catalog) -> (Reading, BTreeSet<(i64, String)>) {
    let mut notices = Vec::new();
    let mut untold = Untold::default();
    let mut schema = Schema { enums: enums(catalog.enums), ..Schema::default() };
    let (tables, sequences) = table::assemble(catalog.tables, catalog.parts, &mut untold, &mut notices);
    let dependencies = Dependencies::new(catalog.dependencies, &catalog.objects, &sequences);
    let names: BTreeMap<i64, TableName> = tables.iter().map(|(oid, table)| (*oid, table.name.clone())).collect();
    schema.objects = object::objects(catalog.objects, sequences, &dependencies, &names, &mut untold, &mut notices);
    for (oid, mut table) in tables {
        table.depends_on = dependencies.of_relation(oid);
        schema.insert(table);
    }
    let name = |table: &OddTable| table.name.as_ref().or_else(|| names.get(&table.oid)).cloned();
    let things = untold.things().clone();
    catalog.odd.extend(untold.rows());
    mark_odd(&catalog.odd, name, &mut schema, &mut notices);
    let reading = Reading {
        backend: connection.backend(),
        server_version: connection.server_version().split_whitespace().next().unwrap_or_default().to_owned(),
        default_schema: Some(catalog.default_schema),
        schema,
        notices,
    };
    (reading, things)
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

/// Whether one of the server's own functions did not find what the snapshot has; see [`untold`].
fn is_change_in_between(error: &Error) -> bool {
    match error {
        Error::Query { reason, .. } => {
            reason.starts_with("cache lookup failed")
                || reason.starts_with("could not open relation")
                || reason.starts_with("could not find tuple")
        }
        _ => false,
    }
}
