//! Views over a column whose values are converted: the server refuses while they are there.

use autogen_schema::{Object, ObjectKind, Schema, TableName};

use super::super::{Dialect, dependents};
use super::Postgres;
use super::columns::{is_made_anew, is_retyped};
use super::enums;
use crate::Change;
use crate::order::uses_enum;
use crate::statement::Statement;

/// The views that stand in the way of these changes, each after those that it reads.
pub(super) fn in_the_way<'s>(changes: &[Change], start: &'s Schema) -> Vec<&'s Object> {
    let tables: Vec<&TableName> = changes.iter().flat_map(|change| converted(change, start)).collect();
    let is_view = |object: &&Object| matches!(object.kind, ObjectKind::View | ObjectKind::MaterializedView);
    let mut found: Vec<&Object> = Vec::new();
    for object in tables.into_iter().flat_map(|table| dependents(start, table)).filter(is_view) {
        if !found.contains(&object) {
            found.push(object);
        }
    }
    in_order(found)
}

/// Whether this change is one that the views stand in the way of.
pub(super) fn is_hindered(change: &Change, start: &Schema) -> bool {
    !converted(change, start).is_empty()
}

fn converted<'c>(change: &'c Change, start: &'c Schema) -> Vec<&'c TableName> {
    match change {
        Change::AlterColumn { table, from, to } if is_retyped(from, to) || is_made_anew(from, to) => vec![table],
        Change::AlterEnum { from, to } if !enums::only_gains(from, to) => {
            let uses =
                |table: &&autogen_schema::Table| table.columns.values().any(|column| uses_enum(&column.ty, &from.name));
            start.tables.values().filter(uses).map(|table| &table.name).collect()
        }
        _ => Vec::new(),
    }
}

fn in_order(mut views: Vec<&Object>) -> Vec<&Object> {
    let mut ordered: Vec<&Object> = Vec::with_capacity(views.len());
    while !views.is_empty() {
        let reads_another =
            |view: &&Object| views.iter().any(|other| other.name != view.name && view.depends_on.contains(&other.name));
        let at = views.iter().position(|view| !reads_another(view)).unwrap_or_default();
        ordered.push(views.remove(at));
    }
    ordered
}

pub(super) fn drop(dialect: &Postgres, view: &Object) -> Statement {
    let kind = if view.kind == ObjectKind::MaterializedView { "MATERIALIZED VIEW" } else { "VIEW" };
    Statement::Raw(format!("DROP {kind} {}", dialect.table_sql(&view.name)))
}

pub(super) fn put_back(view: &Object) -> Statement {
    Statement::Raw(view.definition.clone())
}
