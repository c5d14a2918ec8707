//! Differences that a person accepted: they are left as they are, for as long as both sides are what they were.

use std::collections::BTreeMap;

use autogen_schema::{Schema, TableName};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Change, order};

/// The lines of `autogen.lock` under `accepted` that these differences make.
pub fn accept<'c>(changes: impl IntoIterator<Item = &'c Change>) -> BTreeMap<String, Value> {
    changes.into_iter().filter_map(line).collect()
}

/// Whether a difference can be accepted. A rename is a decision to make something, and no state to leave alone.
pub fn can_be_accepted(change: &Change) -> bool {
    line(change).is_some()
}

/// The differences that are left to make, those that were accepted, and what the database looks like afterwards.
pub(crate) fn split(
    accepted: &BTreeMap<String, Value>,
    changes: Vec<Change>,
    live: &Schema,
    desired: Schema,
) -> (Vec<Change>, Vec<Change>, Schema) {
    let is_accepted =
        |change: &Change| line(change).is_some_and(|(_, value)| accepted.values().any(|one| *one == value));
    let (accepted, open): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(is_accepted);
    if accepted.is_empty() {
        return (open, accepted, desired);
    }
    let mut end = live.clone();
    for change in order(open.clone()) {
        // What needs an accepted difference to be made cannot be made either; the database will say so.
        let _ = change.apply(&mut end);
    }
    end.objects = desired.objects;
    (open, accepted, end)
}

/// The line of a difference: what people see of it, and both sides in full.
fn line(change: &Change) -> Option<(String, Value)> {
    let (from, to) = sides(change)?;
    let table = change.table().map(TableName::to_key);
    let key = match &table {
        Some(table) => format!("table {table} {}", change.describe()),
        None => change.describe(),
    };
    Some((key, json!({ "kind": change.kind(), "table": table, "from": from, "to": to })))
}

/// Both sides of a difference; null is absence.
fn sides(change: &Change) -> Option<(Value, Value)> {
    let (gone, new) = (|value| (value, Value::Null), |value| (Value::Null, value));
    Some(match change {
        Change::RenameTable { .. } | Change::RenameColumn { .. } | Change::RenameEnumValue { .. } => return None,
        Change::CreateTable(table) => new(value(table)),
        Change::DropTable(table) => gone(value(table)),
        Change::AddColumn { column, .. } => new(value(column)),
        Change::DropColumn { column, .. } => gone(value(column)),
        Change::AlterColumn { from, to, .. } => (value(from), value(to)),
        Change::SetPrimaryKey { from, to, .. } => (value(from), value(to)),
        Change::AddIndex { index, .. } => new(value(index)),
        Change::DropIndex { index, .. } => gone(value(index)),
        Change::RenameIndex { from, to, .. } => (value(from), value(to)),
        Change::AddUnique { unique, .. } => new(value(unique)),
        Change::DropUnique { unique, .. } => gone(value(unique)),
        Change::AddForeignKey { key, .. } => new(value(key)),
        Change::DropForeignKey { key, .. } => gone(value(key)),
        Change::AddCheck { check, .. } => new(value(check)),
        Change::DropCheck { check, .. } => gone(value(check)),
        Change::CreateEnum(ty) => new(value(ty)),
        Change::DropEnum(ty) => gone(value(ty)),
        Change::AlterEnum { from, to } => (value(from), value(to)),
        Change::SetTableOptions { from, to, .. } => {
            (json!([value(&from.options), from.comment]), json!([value(&to.options), to.comment]))
        }
    })
}

/// As JSON, without the lines of source, which move with every edit.
fn value(side: &impl Serialize) -> Value {
    fn without_origins(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("origin");
                fields.values_mut().for_each(without_origins);
            }
            Value::Array(items) => items.iter_mut().for_each(without_origins),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(side).expect("a schema holds nothing that JSON cannot");
    without_origins(&mut value);
    value
}
