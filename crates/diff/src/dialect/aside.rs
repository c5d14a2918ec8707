//! Foreign keys that stand in the way of a change, and stay: dropped before it, and added again after.

use std::collections::BTreeSet;

use autogen_schema::{ForeignKey, Index, Schema, TableName};

use crate::Change;

/// A key that is put aside, from its first obstacle to its last.
struct Span {
    holder: TableName,
    key: ForeignKey,
    first: usize,
    last: usize,
}

/// The same changes with the keys put aside for which `is_in_the_way` holds, given the holder of the key.
pub(crate) fn keys_aside(
    changes: &[Change],
    start: &Schema,
    is_in_the_way: impl Fn(&Change, &TableName, &ForeignKey) -> bool,
) -> Vec<Change> {
    let mut now = start.clone();
    let mut spans: Vec<Span> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        for table in now.tables.values().filter(|_| may_be_hindered(change)) {
            for key in table.foreign_keys.iter().filter(|key| is_in_the_way(change, &table.name, key)) {
                match spans.iter_mut().find(|span| span.holder == table.name && span.key == *key) {
                    Some(span) => span.last = at,
                    None => {
                        spans.push(Span { holder: table.name.clone(), key: key.clone(), first: at, last: at });
                    }
                }
            }
        }
        // A plan that does not apply is lowered as it is.
        if change.apply(&mut now).is_err() {
            return changes.to_vec();
        }
    }
    wait_for_targets(changes, start, &mut spans);
    // In an order of their own, whatever that of their table's list is.
    spans.sort_by(|one, other| {
        let place = |span: &Span| (span.holder.clone(), span.key.name.clone(), span.key.columns.clone());
        place(one).cmp(&place(other))
    });
    let mut all = Vec::with_capacity(changes.len() + 2 * spans.len());
    for (at, change) in changes.iter().enumerate() {
        let of = |span: &Span| (span.holder.clone(), span.key.clone());
        let drops = spans.iter().filter(|span| span.first == at).map(of);
        all.extend(drops.map(|(table, key)| Change::DropForeignKey { table, key }));
        all.push(change.clone());
        let adds = spans.iter().filter(|span| span.last == at).map(of);
        all.extend(adds.map(|(table, key)| Change::AddForeignKey { table, key }));
    }
    all
}

/// A key comes back only when what it refers to is unique, if that comes at all.
fn wait_for_targets(changes: &[Change], start: &Schema, spans: &mut [Span]) {
    let obstacles: Vec<usize> = spans.iter().map(|span| span.last).collect();
    let mut now = start.clone();
    for (at, change) in changes.iter().enumerate() {
        // It was applied before.
        let _ = change.apply(&mut now);
        for span in spans.iter_mut().filter(|span| span.last == at) {
            if !has_target(&now, &span.key) {
                span.last += 1;
            }
        }
    }
    for (span, obstacle) in spans.iter_mut().zip(obstacles) {
        if span.last == changes.len() {
            span.last = obstacle;
        }
    }
}

/// Whether a constraint or an index says that what the key refers to is unique.
fn has_target(schema: &Schema, key: &ForeignKey) -> bool {
    let wanted: BTreeSet<&str> = key.referenced_columns.iter().map(String::as_str).collect();
    let is_over = |columns: &[String]| columns.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted;
    let is_unique = |index: &Index| {
        let columns = index.plain_columns().filter(|_| index.unique && index.predicate.is_none());
        columns.is_some_and(|columns| columns.into_iter().collect::<BTreeSet<_>>() == wanted)
    };
    schema.tables.get(&key.references).is_some_and(|table| {
        table.primary_key.as_ref().is_some_and(|key| is_over(&key.columns))
            || table.uniques.iter().any(|unique| unique.deferrable.is_none() && is_over(&unique.columns))
            || table.indexes.iter().any(is_unique)
    })
}

fn may_be_hindered(change: &Change) -> bool {
    match change {
        Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::DropUnique { .. }
        | Change::DropIndex { .. }
        | Change::RenameEnumValue { .. }
        // A target that another index makes unique again.
        | Change::AddIndex { .. }
        | Change::SetTableOptions { .. } => true,
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. } => false,
    }
}
