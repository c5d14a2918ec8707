//! Smaller pairs: each lacks one thing.

use std::collections::BTreeSet;

use autogen_schema::{Backend, IndexKey, Schema, Table, TableName};

use crate::names::quoted;
use crate::pairs::Pair;
use crate::schemas::keep_keys_with_targets;

/// The pairs that are simpler by one thing, the boldest first.
pub(crate) fn simpler(pair: &Pair) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if !pair.renames.is_empty() {
        pairs.push(Pair { renames: Vec::new(), ..pair.clone() });
    }
    let tables: BTreeSet<TableName> = pair.start.tables.keys().chain(pair.end.tables.keys()).cloned().collect();
    for name in &tables {
        each_side(pair, &mut pairs, |schema| schema.tables.remove(name).is_some());
    }
    for name in &tables {
        for change in changes() {
            each_side(pair, &mut pairs, |schema| schema.tables.get_mut(name).is_some_and(change));
        }
        for column in columns_of(pair, name) {
            each_side(pair, &mut pairs, |schema| {
                schema.tables.get_mut(name).is_some_and(|table| take_column(table, &column))
            });
            each_side(pair, &mut pairs, |schema| {
                schema.tables.get_mut(name).is_some_and(|table| make_plain(table, &column))
            });
        }
    }
    each_side(pair, &mut pairs, |schema| {
        let is_used = format!("{:?}", schema.tables).contains("EnumName");
        !is_used && !std::mem::take(&mut schema.enums).is_empty()
    });
    pairs
}

/// The change made on both sides, then on one. It says whether there was something to change.
fn each_side(pair: &Pair, pairs: &mut Vec<Pair>, change: impl Fn(&mut Schema) -> bool) {
    for (on_start, on_end) in [(true, true), (true, false), (false, true)] {
        let mut pair = pair.clone();
        let at_start = on_start && change(&mut pair.start);
        let at_end = on_end && change(&mut pair.end);
        if (at_start || !on_start) && (at_end || !on_end) {
            keep_keys_with_targets(&mut pair.start);
            keep_keys_with_targets(&mut pair.end);
            pairs.push(pair);
        }
    }
}

fn columns_of(pair: &Pair, name: &TableName) -> BTreeSet<String> {
    let tables = [&pair.start, &pair.end].into_iter().filter_map(|schema| schema.tables.get(name));
    tables.flat_map(|table| table.columns.keys()).filter(|name| *name != "id").cloned().collect()
}

/// What a table can do without.
fn changes() -> [fn(&mut Table) -> bool; 8] {
    [
        |table| table.foreign_keys.pop().is_some(),
        |table| !table.foreign_keys.is_empty() && !table.foreign_keys.remove(0).columns.is_empty(),
        |table| table.indexes.pop().is_some(),
        |table| !table.indexes.is_empty() && !table.indexes.remove(0).parts.is_empty(),
        |table| table.uniques.pop().is_some(),
        |table| table.checks.pop().is_some(),
        |table| table.comment.take().is_some(),
        |table| std::mem::take(&mut table.options) != autogen_schema::TableOptions::default(),
    ]
}

/// Takes a column with everything over it.
fn take_column(table: &mut Table, name: &str) -> bool {
    let words = [Backend::Postgres, Backend::Mysql].map(|backend| quoted(backend, name));
    let is_in = |sql: &str| words.iter().any(|word| sql.contains(word));
    let is_over = |columns: &[String]| columns.iter().any(|column| column == name);
    if table.primary_key.as_ref().is_some_and(|key| is_over(&key.columns)) {
        return false;
    }
    table.uniques.retain(|unique| !is_over(&unique.columns) && !is_over(&unique.include));
    table.foreign_keys.retain(|key| !is_over(&key.columns));
    table.checks.retain(|check| !is_in(&check.expression));
    table.indexes.retain(|index| {
        let in_parts = index.parts.iter().any(|part| match &part.key {
            IndexKey::Column(column) => column == name,
            IndexKey::Expression(sql) => is_in(sql),
        });
        !in_parts && !is_over(&index.include)
    });
    table.columns.shift_remove(name).is_some()
}

/// Takes what a column says beside its type.
fn make_plain(table: &mut Table, name: &str) -> bool {
    let Some(column) = table.columns.get_mut(name) else { return false };
    let before = column.clone();
    (column.default, column.comment, column.collation) = (None, None, None);
    *column != before
}
