//! The rows of a database, so that none is lost.

use std::collections::{BTreeMap, BTreeSet};

use autogen_diff::{Change, Labelled, Plan, render};
use autogen_introspect::Connection;
use autogen_schema::{Backend, Schema, TableName};
use sea_orm::{ConnectionTrait, Statement};

/// The values of every table, column by column, each column sorted.
pub(crate) type Rows = BTreeMap<TableName, BTreeMap<String, Vec<Option<String>>>>;

/// Reads all of them.
pub(crate) async fn rows(connection: &Connection, schema: &Schema) -> Result<Rows, String> {
    let mut rows = Rows::new();
    let backend = connection.backend();
    for table in schema.tables.values() {
        let values = rows.entry(table.name.clone()).or_default();
        for column in table.columns.keys() {
            let sql = select(backend, &table.name, column);
            let query = Statement::from_string(connection.db().get_database_backend(), &sql);
            let found = connection.db().query_all_raw(query).await.map_err(|error| format!("{error}\n{sql}"))?;
            let found: Result<Vec<Option<String>>, _> = found.iter().map(|row| row.try_get_by_index(0)).collect();
            values.insert(column.clone(), found.map_err(|error| format!("{error}\n{sql}"))?);
        }
    }
    Ok(rows)
}

/// What a question answers, as text.
pub(crate) async fn answer(connection: &Connection, sql: &str) -> Result<Vec<String>, String> {
    if sql.is_empty() {
        return Ok(Vec::new());
    }
    let query = Statement::from_string(connection.db().get_database_backend(), sql);
    let rows = connection.db().query_all_raw(query).await.map_err(|error| format!("{error}\n{sql}"))?;
    Ok(rows.iter().map(|row| format!("{row:?}")).collect())
}

fn select(backend: Backend, table: &TableName, column: &str) -> String {
    let (table, column) = (render::table(backend, table), render::quoted(backend, column));
    let text = match backend {
        // Bytes need not be a text.
        Backend::Sqlite => format!("quote({column})"),
        // Always of one collation, which a plan that the driver keeps depends on.
        Backend::Postgres => format!("CAST({column} AS text) COLLATE \"default\""),
        Backend::Mysql | Backend::Mariadb => format!("CAST({column} AS char)"),
    };
    format!("SELECT {text} FROM {table} ORDER BY 1")
}

/// Which end of a plan rows were read at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Start,
    End,
}

/// What was there before the plan and is not there at this end of it, except what the plan says it drops or changes.
pub(crate) fn lost(plan: &Plan, before: &Rows, after: &Rows, end: End) -> Vec<String> {
    let changes: Vec<&Change> = plan.findings.iter().map(|finding| &finding.change).collect();
    let same = |one: &TableName, other: &TableName| one.name == other.name;
    let touched: BTreeSet<(String, String)> = changes.iter().filter_map(|change| touched(change)).collect();
    let mut lost = Vec::new();
    for (table, columns) in before {
        let renamed = changes.iter().fold(table, |name, change| match change {
            Change::RenameTable { from, to } if same(from, name) => to,
            _ => name,
        });
        let is_dropped =
            changes.iter().any(|change| matches!(change, Change::DropTable(gone) if same(&gone.name, table)));
        let name = if end == End::End { renamed } else { table };
        let Some((_, now)) = after.iter().find(|(other, _)| same(other, name)) else {
            if !is_dropped {
                lost.push(format!("the table {table} is gone"));
            }
            continue;
        };
        for (column, values) in columns {
            let is_touched = touched.contains(&(renamed.name.clone(), column.clone()));
            if !is_touched && !is_dropped && now.get(column) != Some(values) {
                lost.push(format!("{table}.{column}: {values:?} became {:?}", now.get(column)));
            }
        }
    }
    lost
}

/// The column whose values the change takes away or makes others.
fn touched(change: &Change) -> Option<(String, String)> {
    let at = |table: &TableName, column: &str| Some((table.name.clone(), column.to_owned()));
    match change {
        Change::DropColumn { table, column } => at(table, &column.name),
        Change::RenameColumn { table, from, .. } => at(table, from),
        Change::AlterColumn { table, from, to } if from.ty != to.ty || from.generated != to.generated => {
            at(table, &from.name)
        }
        Change::RenameEnumValue { of: Labelled::Column { table, column }, .. } => at(table, column),
        _ => None,
    }
}
