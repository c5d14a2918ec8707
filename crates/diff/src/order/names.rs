//! The names of indexes, and of the constraints that have one behind them. On most databases all tables of a schema share
//! them, and a name is taken until the change is made that frees it.

use std::collections::BTreeMap;

use autogen_schema::{PrimaryKey, Table, TableName};

use crate::Change;

/// A name, with the schema that it is unique in.
pub(crate) type Name = (Option<String>, String);

/// Where in a list of changes each name becomes free.
pub(super) fn freed_at(changes: &[Change]) -> BTreeMap<Name, Vec<usize>> {
    let mut places: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        for name in taken(&change.inverse()) {
            places.entry(name).or_default().push(at);
        }
    }
    places
}

/// The names that a change takes. Those that it frees, its inverse takes.
pub(crate) fn taken(change: &Change) -> Vec<Name> {
    let in_schema = |table: &TableName, name: &str| (table.schema.clone(), name.to_owned());
    match change {
        Change::CreateTable(table) => names_of(table).map(|name| in_schema(&table.name, name)).collect(),
        Change::AddIndex { table, index } => vec![in_schema(table, &index.name)],
        Change::RenameIndex { table, to, .. } => vec![in_schema(table, &to.name)],
        Change::AddUnique { table, unique } => unique.name.iter().map(|name| in_schema(table, name)).collect(),
        Change::SetPrimaryKey { table, from, to } => {
            let name = |key: &Option<PrimaryKey>| key.as_ref().and_then(|key| key.name.clone());
            name(to)
                .filter(|to| name(from).as_ref() != Some(to))
                .map(|name| in_schema(table, &name))
                .into_iter()
                .collect()
        }
        Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::DropIndex { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => Vec::new(),
    }
}

fn names_of(table: &Table) -> impl Iterator<Item = &str> {
    let indexes = table.indexes.iter().map(|index| index.name.as_str());
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_deref());
    indexes.chain(uniques).chain(table.primary_key.iter().filter_map(|key| key.name.as_deref()))
}

/// Opens rings of names: of changes that give each other their names, one becomes two, which free the name first and take
/// the other one later. Whether there was any.
pub(super) fn open_rings(changes: &mut Vec<Change>) -> bool {
    let before = changes.len();
    while let Some(at) = in_a_ring(changes) {
        let change = changes.remove(at);
        changes.extend(halves(change));
    }
    changes.len() > before
}

/// A change that waits for itself, through names alone.
fn in_a_ring(changes: &[Change]) -> Option<usize> {
    let moves: Vec<usize> = (0..changes.len()).filter(|&at| is_move(&changes[at])).collect();
    let freed = freed_at(changes);
    let waits_for = |at: usize| taken(&changes[at]).into_iter().filter_map(|name| freed.get(&name)).flatten().copied();
    moves.into_iter().find(|&start| {
        let mut reached = Vec::new();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            for next in waits_for(at).filter(|&next| is_move(&changes[next])) {
                if next == start {
                    return true;
                }
                if !reached.contains(&next) {
                    reached.push(next);
                    open.push(next);
                }
            }
        }
        false
    })
}

/// Whether the change frees one name and takes another.
fn is_move(change: &Change) -> bool {
    !taken(change).is_empty() && !taken(&change.inverse()).is_empty()
}

fn halves(change: Change) -> Vec<Change> {
    match change {
        Change::RenameIndex { table, from, to } => {
            vec![Change::DropIndex { table: table.clone(), index: from }, Change::AddIndex { table, index: to }]
        }
        Change::SetPrimaryKey { table, from, to } => vec![
            Change::SetPrimaryKey { table: table.clone(), from, to: None },
            Change::SetPrimaryKey { table, from: None, to },
        ],
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use autogen_schema::{Index, Schema, TableName};

    use super::*;
    use crate::{compare, order};

    fn schema(indexes: &[(&str, &str)]) -> Schema {
        let mut schema = Schema::default();
        for (table, index) in indexes {
            let mut table = Table::new(TableName::bare(*table));
            table.indexes.push(Index::new(*index, ["n"]));
            schema.insert(table);
        }
        schema
    }

    fn check(live: &[(&str, &str)], desired: &[(&str, &str)], expected: &[&str]) {
        let changes = order(compare(&schema(live), &schema(desired)));
        let kinds: Vec<String> = changes
            .iter()
            .map(|change| {
                format!(
                    "{} {} {}",
                    change.kind(),
                    change.table().map(ToString::to_string).unwrap_or_default(),
                    change.name().unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_name_is_taken_when_it_is_free() {
        check(&[("a", "x"), ("b", "y")], &[("a", "y"), ("b", "z")], &["rename_index b z", "rename_index a y"]);
        check(&[("a", "x"), ("b", "y")], &[("a", "y")], &["drop_table b ", "rename_index a y"]);
    }

    #[test]
    fn two_names_that_change_places_are_given_anew() {
        let dropped_and_added = ["drop_index a x", "rename_index b x", "add_index a y"];
        check(&[("a", "x"), ("b", "y")], &[("a", "y"), ("b", "x")], &dropped_and_added);
    }
}
