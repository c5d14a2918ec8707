//! Indexes that foreign keys need, and what takes their place: the server refuses to be without one for a moment, and
//! takes a new one under the same name only in the statement that drops the old one.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Index, Schema, TableName};

use super::{Mysql, ddl, indexes};
use crate::Change;
use crate::dialect::Dialect;

/// The changes with each index that a key needs dropped after those that are added to its table, and directly before the
/// one that takes its name. An index that the server made for a key goes where it stands, with its key: the server drops
/// it by itself once another is there.
pub(super) fn add_before_dropping(dialect: &Mysql, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Change> {
    let mut ordered: Vec<Change> = Vec::with_capacity(changes.len());
    let mut waiting: Vec<Change> = Vec::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let adds = changes.iter().enumerate().filter(|(_, change)| matches!(change, Change::AddIndex { .. }));
    // The last one of a table stands over those before it.
    let last_adds: BTreeMap<&TableName, usize> = adds.filter_map(|(at, add)| Some((add.table()?, at))).collect();
    for (at, change) in changes.iter().enumerate() {
        let last_add = change.table().and_then(|table| last_adds.get(table));
        let comes_later = last_add.is_some_and(|last| *last > at);
        if is_in_use(change, &waiting, start) {
            // An index goes with its last column, and could not be dropped after it.
            release(&mut waiting, change, &mut ordered);
        }
        match change {
            Change::DropIndex { index, .. } if comes_later && serves_a_key(dialect, change, index, start, end) => {
                waiting.push(change.clone());
                let takes_its_name = |add: &Change| {
                    matches!(add, Change::AddIndex { .. })
                        && (add.table(), add.name()) == (change.table(), change.name())
                };
                if let Some(behind) = changes[at + 1..].iter().position(takes_its_name) {
                    let add = at + 1 + behind;
                    waiting.push(changes[add].clone());
                    taken.insert(add);
                }
            }
            _ if taken.contains(&at) => {}
            _ => ordered.push(change.clone()),
        }
        if matches!(change, Change::AddIndex { .. }) && !comes_later {
            release(&mut waiting, change, &mut ordered);
        }
    }
    ordered.extend(waiting);
    ordered
}

/// Whether a column goes that an index may have which waits to be dropped, and what takes its place can do without what
/// is not there yet.
fn is_in_use(change: &Change, waiting: &[Change], start: &Schema) -> bool {
    let Change::DropColumn { table, .. } = change else { return false };
    let is_there = |name: &str| start.tables.get(table).is_some_and(|table| table.column(name).is_some());
    let can_be_made = |add: &Change| match add {
        Change::AddIndex { index, .. } => index.plain_columns().is_some_and(|names| names.into_iter().all(is_there)),
        _ => true,
    };
    waiting.iter().filter(|waits| waits.table() == Some(table)).all(can_be_made)
}

/// Whether a key that is there before and after needs this index.
fn serves_a_key(dialect: &Mysql, change: &Change, index: &Index, start: &Schema, end: &Schema) -> bool {
    !index.implicit && has_key_over(dialect, start, change, index) && has_key_over(dialect, end, change, index)
}

/// Whether the table of `change` holds a foreign key in `schema` for which `index` serves.
pub(super) fn has_key_over(dialect: &Mysql, schema: &Schema, change: &Change, index: &Index) -> bool {
    let table = change.table().and_then(|name| schema.tables.get(name));
    table.is_some_and(|table| {
        table.foreign_keys.iter().any(|key| indexes::leads_this(dialect.backend, index, &key.columns))
    })
}

/// Puts the waiting changes of this change's table here.
fn release(waiting: &mut Vec<Change>, change: &Change, ordered: &mut Vec<Change>) {
    let (here, rest): (Vec<Change>, Vec<Change>) =
        std::mem::take(waiting).into_iter().partition(|waits| waits.table() == change.table());
    ordered.extend(here);
    *waiting = rest;
}

/// What two changes that follow each other do in one clause of `ALTER TABLE`: an index that a key needs goes, and another
/// takes its name. `now` is the schema before both.
pub(super) fn in_one(dialect: &Mysql, changes: &[Change], now: &Schema, end: &Schema) -> Option<String> {
    let [drop @ Change::DropIndex { table, index: old }, Change::AddIndex { table: holder, index: new }] = changes
    else {
        return None;
    };
    let is_taken_over = table == holder && old.name == new.name && serves_a_key(dialect, drop, old, now, end);
    is_taken_over.then(|| format!("DROP INDEX {}, {}", dialect.quote(&old.name), ddl::added_index(dialect, new)))
}
