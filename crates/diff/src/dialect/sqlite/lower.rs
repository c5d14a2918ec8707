//! What SQLite cannot do in place becomes one rebuild of each table. See https://www.sqlite.org/lang_altertable.html

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Column, DefaultValue, GeneratedKind, Index, IndexKey, Schema, Table, TableName};

use super::super::{Dialect, Scales, dependents};
use super::Sqlite;
use crate::statement::{Rebuild, Statement};
use crate::{Change, Hazard, Labelled, Step, compare, order};

/// Renames are made when every table still, or again, has the name under which its triggers and views know it: SQLite
/// follows a rename through them, and a rebuild puts them back as they read in the live database.
pub(super) fn lower(changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
    let (renames, others): (Vec<Change>, Vec<Change>) = changes.iter().cloned().partition(is_rename);
    if renames.is_empty() || others.is_empty() {
        return lower_in_order(changes, start, end);
    }
    let in_place = || renames.iter().flat_map(|rename| lower_in_place(rename, rename.hazards()));
    if changes.first().is_some_and(is_rename) {
        let undo: Vec<Change> = renames.iter().rev().map(Change::inverse).collect();
        if let Some(end) = applied(&undo, end) {
            let steps = lower_in_order(&order(compare(start, &end)), start, &end);
            return steps.into_iter().chain(in_place()).collect();
        }
    } else if let Some(start) = applied(&renames, start) {
        let undo: Vec<Change> = order(compare(end, &start)).iter().rev().map(Change::inverse).collect();
        return in_place().chain(lower_in_order(&undo, &start, end)).collect();
    }
    // A new column has the name that another one gives up: then the rename must come first.
    lower_in_order(changes, start, end)
}

fn is_rename(change: &Change) -> bool {
    matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. })
}

fn applied(changes: &[Change], schema: &Schema) -> Option<Schema> {
    let mut schema = schema.clone();
    changes.iter().all(|change| change.apply(&mut schema).is_ok()).then_some(schema)
}

fn lower_in_order(changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
    let changes = &keep_keys_inline(changes);
    let scales = Scales::new(&Sqlite, changes, start, end);
    let rebuilt = &scales.rebuilt;
    let mut now = start.clone();
    let mut steps = Vec::new();
    // The changes of a table that is rebuilt are collected, and the rebuild stands where the last of them stood.
    let mut pending: BTreeMap<&TableName, (Table, Vec<Hazard>)> = BTreeMap::new();
    let last = last_changes(changes, rebuilt);
    for (at, change) in changes.iter().enumerate() {
        let folded = change.table().filter(|table| rebuilt.contains(*table) && is_folded(change));
        match folded {
            Some(table) => {
                if let Some(before) = now.tables.get(table) {
                    let (_, hazards) = pending.entry(table).or_insert_with(|| (before.clone(), Vec::new()));
                    let more = scales.hazards(change, &now);
                    hazards.retain(|hazard| !more.contains(hazard));
                    hazards.extend(more);
                }
            }
            None => steps.extend(lower_in_place(change, scales.hazards(change, &now))),
        }
        // The law tests hold that an ordered plan applies; where it does not, the plan is lowered as far as it goes.
        if change.apply(&mut now).is_err() {
            continue;
        }
        if let Some(table) = folded
            && last.get(table) == Some(&at)
            && let (Some((from, hazards)), Some(to)) = (pending.remove(table), now.tables.get(table))
        {
            let around = dependents(start, &from.name).into_iter().cloned().collect();
            let scratch = free_name(&from.name, [start, end]);
            let table = Some(to.name.clone());
            let rebuild = Rebuild { from, to: to.clone(), scratch, around, fills: Vec::new() };
            steps.push(Step { table, statement: Statement::Rebuild(Box::new(rebuild)), hazards });
        }
    }
    steps
}

/// A name for the new table that no table, view, index or trigger has before or after: SQLite keeps them in one room,
/// and takes letters for the same whatever their case.
fn free_name(table: &TableName, schemas: [&Schema; 2]) -> TableName {
    let taken: BTreeSet<String> = schemas.into_iter().flat_map(names).map(str::to_lowercase).collect();
    let mut free = format!("{}__new", table.name);
    while taken.contains(&free.to_lowercase()) {
        free.push('_');
    }
    TableName::bare(free)
}

/// What tables, indexes, views and triggers are called.
fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    let indexes = schema.tables.values().flat_map(|table| &table.indexes).map(|index| index.name.as_str());
    let tables = schema.tables.keys().map(|name| name.name.as_str());
    tables.chain(indexes).chain(schema.objects.iter().map(|object| object.name.name.as_str()))
}

/// A key that was taken out of a table to break a cycle goes back in: SQLite takes a key to a table that does not
/// exist yet, and with foreign keys off it drops tables in any order.
fn keep_keys_inline(changes: &[Change]) -> Vec<Change> {
    let of_whole_table = |name: &TableName| {
        changes.iter().any(|change| match change {
            Change::CreateTable(table) | Change::DropTable(table) => table.name == *name,
            _ => false,
        })
    };
    let taken_out = |change: &Change| match change {
        Change::AddForeignKey { table, .. } | Change::DropForeignKey { table, .. } => of_whole_table(table),
        _ => false,
    };
    let mut kept: Vec<Change> = changes.iter().filter(|change| !taken_out(change)).cloned().collect();
    for change in changes.iter().filter(|change| taken_out(change)) {
        if let Change::AddForeignKey { table: holder, key } | Change::DropForeignKey { table: holder, key } = change {
            for change in &mut kept {
                if let Change::CreateTable(table) | Change::DropTable(table) = change
                    && table.name == *holder
                {
                    table.foreign_keys.push(key.clone());
                }
            }
        }
    }
    kept
}

fn last_changes<'c>(changes: &'c [Change], rebuilt: &BTreeSet<TableName>) -> BTreeMap<&'c TableName, usize> {
    let folded = |change: &&Change| change.table().is_some_and(|table| rebuilt.contains(table)) && is_folded(change);
    let numbered = changes.iter().enumerate().filter(|(_, change)| folded(change));
    numbered.filter_map(|(at, change)| Some((change.table()?, at))).collect()
}

/// Renames are done in place, before; whole tables come and go as wholes.
pub(super) fn is_folded(change: &Change) -> bool {
    match change {
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. } => false,
        Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::SetTableOptions { .. } => true,
    }
}

/// The tables of which at least one change cannot be made in place.
pub(super) fn tables_to_rebuild(changes: &[Change], start: &Schema, end: &Schema) -> BTreeSet<TableName> {
    changes.iter().filter(|change| !in_place(change, start, end)).filter_map(Change::table).cloned().collect()
}

fn in_place(change: &Change, start: &Schema, end: &Schema) -> bool {
    match change {
        Change::AddColumn { column, .. } => can_add(column),
        Change::DropColumn { table, column } => {
            // What will be there when the column goes: indexes that go too have gone before it.
            let after = end.tables.get(table);
            let before = start.tables.get(table);
            [before, after].into_iter().flatten().all(|table| can_drop(table, column))
        }
        Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::SetTableOptions { .. } => false,
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. } => true,
    }
}

/// `ADD COLUMN` takes a column that is nullable or has a constant default, and is not stored generated.
fn can_add(column: &Column) -> bool {
    let constant = match &column.default {
        None | Some(DefaultValue::Null) => column.nullable,
        Some(DefaultValue::Boolean(_) | DefaultValue::Number(_) | DefaultValue::Text(_)) => true,
        Some(DefaultValue::Expression(_)) => false,
    };
    let stored = column.generated.as_ref().is_some_and(|generated| generated.kind == GeneratedKind::Stored);
    (constant || column.generated.is_some()) && !stored && column.auto_increment.is_none()
}

/// `DROP COLUMN` refuses a column that anything mentions. Expressions are text here, so a table with any is rebuilt.
fn can_drop(table: &Table, column: &Column) -> bool {
    let name = &column.name;
    let in_index = |index: &Index| {
        index.predicate.is_some() || index.parts.iter().any(|part| matches!(&part.key, IndexKey::Expression(_)))
    };
    let in_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name));
    let in_unique = table.uniques.iter().any(|unique| unique.columns.contains(name));
    let in_foreign_key = table.foreign_keys.iter().any(|key| key.columns.contains(name));
    let is_computed_from = table.columns.values().any(|other| other.generated.is_some());
    !in_key
        && !in_unique
        && !in_foreign_key
        && !is_computed_from
        && table.checks.is_empty()
        && !table.indexes.iter().any(in_index)
}

fn lower_in_place(change: &Change, hazards: Vec<Hazard>) -> Vec<Step> {
    let statements = match change.clone() {
        Change::CreateTable(table) => Statement::create_table(table),
        Change::DropTable(table) => vec![Statement::DropTable(table.name)],
        Change::RenameTable { from, to } => vec![Statement::RenameTable { from, to }],
        Change::RenameColumn { table, from, to } => vec![Statement::RenameColumn { table, from, to }],
        Change::AddColumn { table, column } => vec![Statement::AddColumn { table, column }],
        Change::DropColumn { table, column } => vec![Statement::DropColumn { table, name: column.name }],
        Change::AddIndex { table, index } => vec![Statement::CreateIndex { table, index }],
        Change::DropIndex { table, index } => vec![Statement::DropIndex { table, name: index.name }],
        // SQLite has no way to rename an index.
        Change::RenameIndex { table, from, to } => vec![
            Statement::DropIndex { table: table.clone(), name: from.name },
            Statement::CreateIndex { table, index: to },
        ],
        // SQLite has no enum types; the label lists live in the application, and the labels in rows.
        Change::RenameEnumValue { of: Labelled::Column { table, column }, from, to } => {
            vec![Statement::Raw(format!(
                "UPDATE {} SET {column} = {} WHERE {column} = {}",
                Sqlite.table_sql(&table),
                Sqlite.literal(&to),
                Sqlite.literal(&from),
                column = Sqlite.quote(&column),
            ))]
        }
        Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { of: Labelled::Type(_), .. } => Vec::new(),
        // A rebuild makes these.
        Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::SetTableOptions { .. } => Vec::new(),
    };
    Step::of(change, statements, hazards)
}
