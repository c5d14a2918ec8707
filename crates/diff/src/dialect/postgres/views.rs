//! Views, triggers, rules and policies over a column whose values are converted: the server refuses while they are there.

use autogen_schema::{Object, ObjectKind, Schema, Table, TableName};

use super::super::{Dialect, dependents};
use super::Postgres;
use super::columns::{is_made_anew, is_retyped};
use super::enums;
use crate::Change;
use crate::identifiers::mentions;
use crate::order::uses_enum;
use crate::statement::Statement;

/// What stands in the way of these changes: views, each after those that it reads, and what hangs on tables and views.
pub(super) fn in_the_way<'s>(changes: &[Change], start: &'s Schema) -> Vec<&'s Object> {
    let mut found: Vec<&Object> = Vec::new();
    for (table, column) in changes.iter().flat_map(|change| converted(change, start)) {
        for object in dependents(start, table) {
            if is_hindrance(object, column, start) && !found.contains(&object) {
                found.push(object);
            }
        }
    }
    let (views, others): (Vec<&Object>, Vec<&Object>) = found.into_iter().partition(|object| is_view(object));
    in_order(views).into_iter().chain(others).collect()
}

fn is_view(object: &Object) -> bool {
    matches!(object.kind, ObjectKind::View | ObjectKind::MaterializedView)
}

/// A view may have the column under any name. What hangs on a view goes with it; what hangs on a table hinders only where
/// it names the column.
fn is_hindrance(object: &Object, column: &str, start: &Schema) -> bool {
    match object.kind {
        ObjectKind::View | ObjectKind::MaterializedView => true,
        // The switch that makes policies count is kept among them, and hinders nothing.
        ObjectKind::Policy if object.definition.starts_with("ALTER TABLE") => false,
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            let hangs_on_table = object.table.as_ref().is_some_and(|table| start.tables.contains_key(table));
            !hangs_on_table || mentions(&object.definition, column)
        }
        ObjectKind::Exclusion
        | ObjectKind::Function
        | ObjectKind::Sequence
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Extension
        | ObjectKind::Collation
        | ObjectKind::Server
        | ObjectKind::Statistics
        | ObjectKind::Event
        | ObjectKind::Comment => false,
    }
}

/// Whether this change is one that the views stand in the way of.
pub(super) fn is_hindered(change: &Change, start: &Schema) -> bool {
    !converted(change, start).is_empty()
}

/// The columns whose values this change converts.
fn converted<'c>(change: &'c Change, start: &'c Schema) -> Vec<(&'c TableName, &'c str)> {
    match change {
        Change::AlterColumn { table, from, to } if is_retyped(from, to) || is_made_anew(from, to) => {
            vec![(table, to.name.as_str())]
        }
        Change::AlterEnum { from, to } if !enums::only_gains(from, to) => {
            let columns = |table: &'c Table| table.columns.values().map(move |column| (&table.name, column));
            let of_type =
                start.tables.values().flat_map(columns).filter(|(_, column)| uses_enum(&column.ty, &from.name));
            of_type.map(|(table, column)| (table, column.name.as_str())).collect()
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

/// The statement that takes it away; none for what is no thing of its own.
pub(super) fn drop(dialect: &Postgres, object: &Object) -> Option<Statement> {
    let word = match object.kind {
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::Rule => "RULE",
        ObjectKind::Policy => "POLICY",
        ObjectKind::Exclusion
        | ObjectKind::Function
        | ObjectKind::Sequence
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Extension
        | ObjectKind::Collation
        | ObjectKind::Server
        | ObjectKind::Statistics
        | ObjectKind::Event
        | ObjectKind::Comment => return None,
    };
    let sql = match &object.table {
        Some(holder) => format!("{} ON {}", dialect.quote(&object.name.name), dialect.table_sql(holder)),
        None => dialect.table_sql(&object.name),
    };
    Some(Statement::Raw(format!("DROP {word} {sql}")))
}

pub(super) fn put_back(object: &Object) -> Statement {
    Statement::Raw(object.definition.clone())
}
