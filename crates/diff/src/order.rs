//! Puts changes into an order that every database accepts.
//!
//! The changes are a graph whose edges have reasons (see [`edges`]). Among those that may come next, the one of the
//! earliest phase comes next, then the one with the smallest name, so that the same changes always give the same
//! order. The reverse of an order is an order of the inverses: each reason holds the other way round, too.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{ForeignKey, PrimaryKey, Table, TableName, Type};

use crate::Change;

pub(crate) mod names;

/// The same changes, in an order in which they can run. Foreign keys that close a cycle among new or dropped tables, or
/// refer to what changes in a table that stays, are taken out of their tables and stand as changes of their own.
pub fn order(changes: Vec<Change>) -> Vec<Change> {
    let mut changes = break_cycles(changes);
    changes.sort_by_cached_key(rank);
    if names::open_rings(&mut changes) {
        changes.sort_by_cached_key(rank);
    }
    let edges = edges(&changes);
    sort_topologically(changes, &edges)
}

/// Where a change stands if nothing else says so: additive work first, what destroys last.
fn rank(change: &Change) -> (u8, String, String) {
    let phase = match change {
        Change::RenameTable { .. } => 0,
        Change::RenameColumn { .. } => 1,
        Change::RenameEnumValue { .. } | Change::CreateEnum(_) | Change::AlterEnum { .. } => 2,
        Change::DropForeignKey { .. } => 3,
        Change::DropCheck { .. } | Change::DropUnique { .. } | Change::DropIndex { .. } => 4,
        Change::RenameIndex { .. } => 5,
        // A value is computed from columns as they are: it goes before they change, and comes after.
        Change::DropColumn { column, .. } if column.generated.is_some() => 6,
        Change::CreateTable(_) => 7,
        Change::AddColumn { column, .. } if column.generated.is_some() => 10,
        Change::AddColumn { .. } => 8,
        Change::AlterColumn { .. } => 9,
        Change::SetPrimaryKey { .. } => 11,
        Change::AddUnique { .. } | Change::AddIndex { .. } | Change::AddCheck { .. } => 12,
        Change::AddForeignKey { .. } => 13,
        Change::SetTableOptions { .. } => 14,
        Change::DropColumn { .. } => 15,
        Change::DropTable(_) => 16,
        Change::DropEnum(_) => 17,
    };
    let table = || change.table().map(TableName::to_key).unwrap_or_default();
    match change {
        // Renames come in the order in which each finds its name free. The sort is stable.
        Change::RenameTable { .. } | Change::RenameColumn { .. } | Change::RenameEnumValue { .. } => {
            (phase, String::new(), String::new())
        }
        // New columns keep the order of the entity.
        Change::AddColumn { .. } => (phase, table(), String::new()),
        _ => (phase, table(), change.describe()),
    }
}

/// Pairs of positions: the first must run before the second. Each kind of pair is a reason of its own, found by name, so
/// that a thousand tables are not compared with a thousand others.
fn edges(changes: &[Change]) -> BTreeSet<(usize, usize)> {
    let tables = |pick: fn(&Change) -> Option<&Table>| -> BTreeMap<&TableName, usize> {
        changes.iter().enumerate().filter_map(|(at, change)| Some((&pick(change)?.name, at))).collect()
    };
    let (made, gone) = (tables(created), tables(dropped));
    let freed = names::freed_at(changes);
    let left_keys: BTreeMap<&TableName, (usize, &PrimaryKey)> = changes
        .iter()
        .enumerate()
        .filter_map(|(at, change)| match change {
            Change::SetPrimaryKey { table, from: Some(key), .. } => Some((table, (at, key))),
            _ => None,
        })
        .collect();
    let new_targets = new_targets(changes);

    let left_by = |table: &TableName, column: &String| {
        left_keys.get(table).filter(|(_, key)| key.columns.contains(column)).map(|&(first, _)| first)
    };

    let mut edges = BTreeSet::new();
    for (at, change) in changes.iter().enumerate() {
        // A name is taken until what has it is gone, or has another one.
        let former = names::taken(change).into_iter().filter_map(|name| freed.get(&name)).flatten();
        edges.extend(former.filter(|first| **first != at).map(|&first| (first, at)));
        match change {
            Change::CreateTable(table) => {
                // A table must exist before a key can refer to it.
                edges.extend(targets(table).filter_map(|target| Some((*made.get(target)?, at))));
            }
            // A key needs both of its tables and what makes its target unique, and any of them may wait for a name.
            Change::AddForeignKey { table, key } => {
                edges.extend([table, &key.references].into_iter().filter_map(|name| Some((*made.get(name)?, at))));
                edges.extend(new_targets.get(&key.references).into_iter().flatten().map(|&first| (first, at)));
            }
            // A table can go only when no key refers to it.
            Change::DropTable(table) => {
                edges.extend(targets(table).filter_map(|target| Some((at, *gone.get(target)?))));
            }
            // A column must have left the key before it may be empty, or be gone.
            Change::AlterColumn { table, from, to } if to.nullable && !from.nullable => {
                edges.extend(left_by(table, &from.name).map(|first| (first, at)));
            }
            Change::DropColumn { table, column } => {
                edges.extend(left_by(table, &column.name).map(|first| (first, at)));
            }
            // The new key of a table comes after the old one.
            Change::SetPrimaryKey { table, from: None, .. } => {
                edges.extend(left_keys.get(table).map(|&(first, _)| (first, at)));
            }
            _ => {}
        }
    }
    edges
}

/// By table: where something becomes unique that a foreign key may refer to.
fn new_targets(changes: &[Change]) -> BTreeMap<&TableName, Vec<usize>> {
    let mut places: BTreeMap<&TableName, Vec<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        let table = match change {
            Change::AddUnique { table, .. } | Change::SetPrimaryKey { table, to: Some(_), .. } => table,
            Change::AddIndex { table, index } if index.unique => table,
            _ => continue,
        };
        places.entry(table).or_default().push(at);
    }
    places
}

/// The other tables that this one refers to, inherits from or is a partition of.
fn targets(holder: &Table) -> impl Iterator<Item = &TableName> {
    let keys = holder.foreign_keys.iter().map(|key| &key.references);
    keys.chain(&holder.options.inherits).chain(&holder.depends_on).filter(|target| **target != holder.name)
}

/// Kahn's algorithm with the position in `changes` as the priority. What a cycle leaves over keeps its place at the
/// end; [`break_cycles`] has seen to it that nothing is.
fn sort_topologically(changes: Vec<Change>, edges: &BTreeSet<(usize, usize)>) -> Vec<Change> {
    let mut waiting_for = vec![0_usize; changes.len()];
    let mut releases: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(first, second) in edges {
        waiting_for[second] += 1;
        releases.entry(first).or_default().push(second);
    }
    let mut ready: BTreeSet<usize> = (0..changes.len()).filter(|&at| waiting_for[at] == 0).collect();
    let mut sorted = Vec::with_capacity(changes.len());
    while let Some(at) = ready.pop_first() {
        sorted.push(at);
        for &next in releases.get(&at).into_iter().flatten() {
            waiting_for[next] -= 1;
            if waiting_for[next] == 0 {
                ready.insert(next);
            }
        }
    }
    let left: Vec<usize> = (0..changes.len()).filter(|&at| waiting_for[at] > 0).collect();
    debug_assert!(left.is_empty(), "the changes wait for each other: {left:?}");
    sorted.extend(left);
    let mut changes: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    sorted.into_iter().filter_map(|at| changes[at].take()).collect()
}

/// Takes foreign keys that close a cycle out of new and dropped tables.
fn break_cycles(changes: Vec<Change>) -> Vec<Change> {
    let mut new = closing_keys(changes.iter().filter_map(created));
    let mut old = closing_keys(changes.iter().filter_map(dropped));
    // What a key refers to may come only after its table, or go before it.
    let unready = changes.iter().filter(|change| may_carry_keys(change)).filter_map(Change::table);
    let unready: BTreeSet<&TableName> = unready.collect();
    for (tables, taken) in [(created as fn(&Change) -> Option<&Table>, &mut new), (dropped, &mut old)] {
        for table in changes.iter().filter_map(tables) {
            let keys = targets(table).filter(|target| unready.contains(target));
            taken.extend(keys.map(|target| (table.name.clone(), target.clone())));
        }
    }
    let mut broken = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Change::CreateTable(mut table) => {
                for key in take_keys(&mut table, &new) {
                    broken.push(Change::AddForeignKey { table: table.name.clone(), key });
                }
                broken.push(Change::CreateTable(table));
            }
            Change::DropTable(mut table) => {
                for key in take_keys(&mut table, &old) {
                    broken.push(Change::DropForeignKey { table: table.name.clone(), key });
                }
                broken.push(Change::DropTable(table));
            }
            other => broken.push(other),
        }
    }
    broken
}

/// Whether a foreign key may refer to what this change makes, takes away or changes in a table that stays.
fn may_carry_keys(change: &Change) -> bool {
    match change {
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. } => index.unique,
        Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. } => true,
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::RenameIndex { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => false,
    }
}

fn created(change: &Change) -> Option<&Table> {
    if let Change::CreateTable(table) = change { Some(table) } else { None }
}

fn dropped(change: &Change) -> Option<&Table> {
    if let Change::DropTable(table) = change { Some(table) } else { None }
}

fn take_keys(table: &mut Table, closing: &BTreeSet<(TableName, TableName)>) -> Vec<ForeignKey> {
    let name = table.name.clone();
    let is_closing = |key: &ForeignKey| closing.contains(&(name.clone(), key.references.clone()));
    let (taken, kept) = table.foreign_keys.drain(..).partition(is_closing);
    table.foreign_keys = kept;
    taken
}

/// The references (holder, target) that point back to a table on the path of a depth-first walk: without them there
/// is no cycle. A table that refers to itself is no cycle here: the key stands in its own `CREATE TABLE`.
fn closing_keys<'t>(tables: impl Iterator<Item = &'t Table>) -> BTreeSet<(TableName, TableName)> {
    let tables: BTreeMap<&TableName, &Table> = tables.map(|table| (&table.name, table)).collect();
    let targets = |table: &&'t Table| -> Vec<&'t TableName> {
        let others = table.foreign_keys.iter().map(|key| &key.references).filter(|target| **target != table.name);
        others.filter(|target| tables.contains_key(target)).collect()
    };
    let graph: BTreeMap<&TableName, Vec<&TableName>> =
        tables.iter().map(|(name, table)| (*name, targets(table))).collect();
    let mut closing = BTreeSet::new();
    let mut done: BTreeSet<&TableName> = BTreeSet::new();
    for start in graph.keys() {
        // An explicit stack: a chain of a thousand tables must not overflow the real one.
        let mut path: Vec<(&TableName, usize)> = vec![(start, 0)];
        while let Some((name, next)) = path.pop() {
            if done.contains(name) {
                continue;
            }
            let Some(&target) = graph[name].get(next) else {
                done.insert(name);
                continue;
            };
            path.push((name, next + 1));
            if path.iter().any(|(on_path, _)| *on_path == target) {
                closing.insert((name.clone(), target.clone()));
            } else if !done.contains(target) {
                path.push((target, 0));
            }
        }
    }
    closing
}

/// Whether a column of this type needs the enum type `name`.
pub(crate) fn uses_enum(ty: &Type, name: &autogen_schema::EnumName) -> bool {
    match ty {
        Type::Enum { name: Some(used), .. } => used == name,
        Type::Array { element } => uses_enum(element, name),
        _ => false,
    }
}
