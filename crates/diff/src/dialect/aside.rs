//! Foreign keys that stand in the way of a change, and stay: dropped before it, and added again after.

use autogen_schema::{ForeignKey, Schema, TableName};

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
