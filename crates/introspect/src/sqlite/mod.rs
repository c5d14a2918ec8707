//! Reads an SQLite database: what the pragmas tell, completed by what only the text of the statements says.
//!
//! * `catalog` asks, in five queries.
//! * `parse`, `references` and `parse_index` read the statements, on top of `token` and `cursor`.
//! * `tables`, `constraints`, `indexes`, `types` and `defaults` bring the two together; `objects` keeps views and
//!   triggers.
//!
//! Where the statement and the catalog contradict each other, the catalog is right and the table gets a sentence in
//! `not_understood`.

mod catalog;
mod constraints;
mod cursor;
mod defaults;
mod indexes;
mod names;
mod objects;
mod parse;
mod parse_index;
mod references;
mod tables;
mod token;
mod types;

use autogen_schema::{Backend, Notice, NoticeKind, Schema, Table};
use sea_orm::TransactionTrait;

use crate::reading::mark_odd;
use crate::{Connection, Error, Reading, Scope};

/// Reads the tables in `scope`, in one read transaction, so that all answers are of one moment.
pub(crate) async fn read(connection: &Connection, scope: &Scope) -> Result<Reading, Error> {
    let filter = scope.filter()?;
    let failed = |error| connection.query_error("the schema", &error);
    let transaction = connection.db().begin().await.map_err(failed)?;
    let catalog = catalog::catalog(connection, &transaction).await?;
    transaction.commit().await.map_err(failed)?;

    let mut schema = Schema::default();
    for (name, facts) in catalog.tables.iter().filter(|(name, _)| filter.admits(name)) {
        schema.insert(tables::table(name, facts, &catalog));
    }
    schema.objects = objects::objects(&catalog, &filter);
    let mut notices = schema.tables.values().flat_map(notices).collect();
    let name = |name: &String| filter.admits(name).then(|| parse::table_name(name));
    mark_odd(&catalog.odd, name, &mut schema, &mut notices);
    Ok(Reading {
        backend: Backend::Sqlite,
        server_version: connection.server_version().to_owned(),
        default_schema: None,
        schema,
        notices,
    })
}

fn notices(table: &Table) -> impl Iterator<Item = Notice> {
    table.not_understood.iter().map(|sentence| {
        let message = format!("table {}: {sentence}; it is compared as far as it was read", table.name);
        Notice::new(NoticeKind::NotUnderstood, message).on(&table.name)
    })
}
