//! Two schemas in, changes out. Pure, knows no database, compares with `==`.
//!
//! Both sides are spelled and the desired side is settled: whatever the desired side does not hold is to go.

use autogen_schema::{Index, Schema, Table};

use crate::Change;
use crate::change::TableDetails;

/// Every difference between `live` and `desired`, in no particular order that a database would accept; see
/// [`crate::order`].
pub fn compare(live: &Schema, desired: &Schema) -> Vec<Change> {
    let mut changes = compare_enums(live, desired);
    for (name, table) in &desired.tables {
        match live.tables.get(name) {
            Some(live) => changes.extend(compare_table(live, table)),
            None => changes.push(Change::CreateTable(table.clone())),
        }
    }
    let gone = live.tables.values().filter(|table| !desired.tables.contains_key(&table.name));
    changes.extend(gone.cloned().map(Change::DropTable));
    changes
}

fn compare_enums(live: &Schema, desired: &Schema) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, ty) in &desired.enums {
        match live.enums.get(name) {
            Some(live) if live.labels == ty.labels => {}
            Some(live) => changes.push(Change::AlterEnum { from: live.clone(), to: ty.clone() }),
            None => changes.push(Change::CreateEnum(ty.clone())),
        }
    }
    let gone = live.enums.values().filter(|ty| !desired.enums.contains_key(&ty.name));
    changes.extend(gone.cloned().map(Change::DropEnum));
    changes
}

fn compare_table(live: &Table, desired: &Table) -> Vec<Change> {
    let mut changes = compare_columns(live, desired);
    changes.extend(compare_primary_key(live, desired));
    changes.extend(compare_indexes(live, desired));
    let table = &desired.name;
    changes.extend(compare_lists(
        (&live.uniques, &desired.uniques),
        |unique| Change::DropUnique { table: table.clone(), unique },
        |unique| Change::AddUnique { table: table.clone(), unique },
    ));
    changes.extend(compare_lists(
        (&live.foreign_keys, &desired.foreign_keys),
        |key| Change::DropForeignKey { table: table.clone(), key },
        |key| Change::AddForeignKey { table: table.clone(), key },
    ));
    changes.extend(compare_lists(
        (&live.checks, &desired.checks),
        |check| Change::DropCheck { table: table.clone(), check },
        |check| Change::AddCheck { table: table.clone(), check },
    ));
    let (from, to) = (TableDetails::of(live), TableDetails::of(desired));
    if from != to {
        changes.push(Change::SetTableOptions { table: table.clone(), from, to });
    }
    changes
}

fn compare_columns(live: &Table, desired: &Table) -> Vec<Change> {
    let table = &desired.name;
    let mut changes = Vec::new();
    for column in desired.columns.values() {
        match live.columns.get(&column.name) {
            Some(from) if from == column => {}
            Some(from) => {
                changes.push(Change::AlterColumn { table: table.clone(), from: from.clone(), to: column.clone() });
            }
            None => changes.push(Change::AddColumn { table: table.clone(), column: column.clone() }),
        }
    }
    let gone = live.columns.values().filter(|column| !desired.columns.contains_key(&column.name));
    changes.extend(gone.cloned().map(|column| Change::DropColumn { table: table.clone(), column }));
    changes
}

fn compare_primary_key(live: &Table, desired: &Table) -> Option<Change> {
    (live.primary_key != desired.primary_key).then(|| Change::SetPrimaryKey {
        table: desired.name.clone(),
        from: live.primary_key.clone(),
        to: desired.primary_key.clone(),
    })
}

fn compare_indexes(live: &Table, desired: &Table) -> Vec<Change> {
    let table = &desired.name;
    let mut gone: Vec<&Index> = live.indexes.iter().filter(|index| !desired.indexes.contains(index)).collect();
    let mut changes = Vec::new();
    for index in desired.indexes.iter().filter(|index| !live.indexes.contains(index)) {
        let renamed = gone.iter().position(|other| same_but_for_name(other, index));
        changes.push(match renamed {
            Some(at) => {
                let from = gone.remove(at).clone();
                Change::RenameIndex { table: table.clone(), from, to: index.clone() }
            }
            None => Change::AddIndex { table: table.clone(), index: index.clone() },
        });
    }
    changes.extend(gone.into_iter().cloned().map(|index| Change::DropIndex { table: table.clone(), index }));
    changes
}

fn same_but_for_name(one: &Index, other: &Index) -> bool {
    *one == Index { name: one.name.clone(), ..other.clone() }
}

/// What only the live list holds is dropped, what only the desired list holds is added.
fn compare_lists<T: Clone + PartialEq>(
    (live, desired): (&[T], &[T]),
    drop: impl Fn(T) -> Change,
    add: impl Fn(T) -> Change,
) -> Vec<Change> {
    let gone = live.iter().filter(|item| !desired.contains(item)).cloned().map(drop);
    let new = desired.iter().filter(|item| !live.contains(item)).cloned().map(add);
    gone.chain(new).collect()
}
