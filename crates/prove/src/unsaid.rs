//! What up takes away without a word. The comparison with the entities does not see it where they never spoke of it, and
//! a rebuild that forgets it twice brings it back in down.

use std::collections::BTreeSet;

use autogen_diff::{Change, Plan};
use autogen_schema::{Schema, Table, TableName};

use crate::names::Names;
use crate::related::is_tied;

/// What is at the start, is not at the end, and is in no change of the plan.
pub(crate) fn unsaid(plan: &Plan, names: &Names, start: &Schema, end: &Schema) -> Vec<String> {
    let mut lost = Vec::new();
    for table in start.tables.values() {
        // Dropped on purpose.
        let Some(name) = names.at_end(&table.name) else { continue };
        match end.tables.iter().find(|(other, _)| names.full(other) == *name) {
            Some((_, after)) => lost.extend(of_table(plan, names, table, after)),
            None => lost.push(table.name.to_string()),
        }
    }
    let kept: BTreeSet<_> = end.objects.iter().map(|object| (object.kind, names.full(&object.name))).collect();
    let is_said = |table: &Option<TableName>| table.as_ref().is_some_and(|table| names.at_end(table).is_none());
    let objects = start.objects.iter().filter(|object| is_tied(object.kind) && !is_said(&object.table));
    let gone = objects.filter(|object| !kept.contains(&(object.kind, names.full(&object.name))));
    lost.extend(gone.map(|object| format!("{} {}", object.kind.noun(), object.name)));
    lost
}

fn of_table(plan: &Plan, names: &Names, before: &Table, after: &Table) -> Vec<String> {
    let name = &before.name;
    let column = |column: &String| names.column_at_end(name, column).map(str::to_owned);
    // What stands on a column that goes, goes with it, and down puts it back or is not exact.
    let columns = |list: &[String]| list.iter().map(column).collect::<Option<Vec<String>>>();
    let said: Vec<&Change> = plan
        .findings
        .iter()
        .map(|finding| &finding.change)
        .filter(|change| change.table().is_some_and(|table| names.at_start(table) == Some(names.full(name))))
        .collect();

    let gone = before.columns.keys().filter_map(column).filter(|column| !after.columns.contains_key(column));
    let mut lost: Vec<String> = gone.map(|column| format!("{name}.{column}")).collect();

    let is_dropped_index = |index: &str| {
        said.iter().any(|change| match change {
            Change::DropIndex { index: said, .. } | Change::RenameIndex { from: said, .. } => said.name == index,
            _ => is_about_keys(change),
        })
    };
    let has_index = |index: &str| after.indexes.iter().any(|other| other.name == index);
    let indexes = before.indexes.iter().filter(|index| !index.implicit && !index_columns_gone(index, &columns));
    let gone = indexes.filter(|index| !has_index(&index.name) && !is_dropped_index(&index.name));
    lost.extend(gone.map(|index| format!("index {} of {name}", index.name)));

    let drops_unique = said.iter().any(|change| matches!(change, Change::DropUnique { .. }) || is_about_keys(change));
    let has_unique = |list: &Vec<String>| {
        after.uniques.iter().any(|unique| unique.columns == *list)
            || after.indexes.iter().any(|index| index.unique)
            || drops_unique
    };
    let gone = before.uniques.iter().filter_map(|unique| columns(&unique.columns)).filter(|list| !has_unique(list));
    lost.extend(gone.map(|list| format!("unique ({}) of {name}", list.join(", "))));

    let drops_key = said.iter().any(|change| matches!(change, Change::DropForeignKey { .. }));
    let has_key = |list: &Vec<String>| after.foreign_keys.iter().any(|key| key.columns == *list) || drops_key;
    let gone = before.foreign_keys.iter().filter_map(|key| columns(&key.columns)).filter(|list| !has_key(list));
    lost.extend(gone.map(|list| format!("foreign key ({}) of {name}", list.join(", "))));

    let drops_check = said.iter().any(|change| matches!(change, Change::DropCheck { .. } | Change::DropColumn { .. }));
    if after.checks.len() < before.checks.len() && !drops_check {
        lost.push(format!("a check of {name}"));
    }
    lost
}

/// Whether the change may make other indexes than it names: those behind a constraint.
fn is_about_keys(change: &Change) -> bool {
    matches!(change, Change::SetPrimaryKey { .. } | Change::AddUnique { .. })
}

fn index_columns_gone(index: &autogen_schema::Index, columns: &impl Fn(&[String]) -> Option<Vec<String>>) -> bool {
    let named: Vec<String> = index
        .parts
        .iter()
        .filter_map(
            |part| {
                if let autogen_schema::IndexKey::Column(name) = &part.key { Some(name.clone()) } else { None }
            },
        )
        .collect();
    columns(&named).is_none()
}
