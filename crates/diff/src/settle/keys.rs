//! Primary keys, uniques, indexes and foreign keys.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{
    ForeignKey, Index, Notice, NoticeKind, Place, PrimaryKey, ReferentialAction, Table, TableName, Unique,
};

use super::complete::unify_index;
use super::names::{Named, giving_up};
use super::tables::Part;
use super::{Settled, Sides};

pub(super) fn settle(part: &mut Part<'_, '_>) {
    settle_primary_key(part);
    settle_uniques(part);
    settle_indexes(part);
    settle_foreign_keys(part);
}

/// The columns of a key are a set, until their order is edited: generated entities name them in column order. Its name
/// and options are the server's.
fn settle_primary_key(part: &mut Part<'_, '_>) {
    let Some(live) = &part.live.primary_key else { return };
    let before = part.base.and_then(|base| base.primary_key.as_ref());
    match &part.table.primary_key {
        Some(key) if set(&key.columns) == set(&live.columns) => {
            let reordered =
                before.is_some_and(|base| base.columns != key.columns && set(&base.columns) == set(&key.columns));
            let columns = if reordered { key.columns.clone() } else { live.columns.clone() };
            let origin = key.origin.clone();
            part.table.primary_key = Some(PrimaryKey { columns, origin, ..live.clone() });
        }
        Some(key) => {
            let name = key.name.clone().or_else(|| live.name.clone());
            part.table.primary_key = Some(PrimaryKey { name, ..key.clone() });
        }
        None => {
            let was_declared = part.base.is_some_and(|base| base.primary_key.is_some());
            if part.sides.keeps(was_declared) {
                part.table.primary_key = Some(live.clone());
                part.unmanaged(NoticeKind::UnmanagedPrimaryKey, live.name.as_deref(), "the primary key");
            }
        }
    }
}

fn set(names: &[String]) -> BTreeSet<&String> {
    names.iter().collect()
}

/// What the columns of a unique constraint or index are, where it promises uniqueness of all rows.
fn promised(index: &Index) -> Option<BTreeSet<&str>> {
    let columns = index.plain_columns()?;
    (index.unique && index.predicate.is_none()).then(|| columns.into_iter().collect())
}

/// A unique of the entity is content with a unique constraint or a unique index over the same columns, whatever the
/// name and form; also with a partial one, which is worth mentioning.
fn settle_uniques(part: &mut Part<'_, '_>) {
    let desired = std::mem::take(&mut part.table.uniques);
    let named = |unique: &Unique| Named {
        said: unique.name.clone(),
        live: live_unique(part, unique).and_then(|live| live.name.clone()),
    };
    let gives_up = giving_up(&desired.iter().map(named).collect::<Vec<_>>());
    for (unique, gives_up) in desired.into_iter().zip(gives_up) {
        let columns: BTreeSet<&str> = unique.columns.iter().map(String::as_str).collect();
        if let Some(live) = live_unique(part, &unique) {
            let name = if gives_up { &unique.name } else { &live.name };
            push_once(&mut part.table.uniques, Unique { name: name.clone(), ..live.clone() });
        } else if let Some(live) = part.live.indexes.iter().find(|live| promised(live).as_ref() == Some(&columns)) {
            push_once(&mut part.table.indexes, live.clone());
        } else if let Some(live) = part.live.indexes.iter().find(|live| is_partial_over(live, &columns)) {
            push_once(&mut part.table.indexes, live.clone());
            mention_partial(part, live, unique.origin.place());
        } else {
            push_once(&mut part.table.uniques, unique);
        }
    }
    keep_uniques(part);
}

/// The constraint over the same columns, the one of that name if there are several. One that includes a column which goes
/// goes with it.
fn live_unique<'l>(part: &Part<'l, '_>, unique: &Unique) -> Option<&'l Unique> {
    let stays = |live: &&Unique| part.has_columns(&live.include) && set(&live.columns) == set(&unique.columns);
    let mut alike = part.live.uniques.iter().filter(stays);
    alike.clone().find(|live| live.name == unique.name).or_else(|| alike.next())
}

fn is_partial_over(index: &Index, columns: &BTreeSet<&str>) -> bool {
    let over: Option<BTreeSet<&str>> = index.plain_columns().map(|columns| columns.into_iter().collect());
    index.unique && index.predicate.is_some() && over.as_ref() == Some(columns)
}

fn mention_partial(part: &mut Part<'_, '_>, live: &Index, place: Option<&Place>) {
    let message = format!(
        "{}: ({}) is unique in the entity and only partially unique in the database (index {}); it is left as it is",
        part.live.name,
        live.plain_columns().unwrap_or_default().join(", "),
        live.name
    );
    let notice = Notice::new(NoticeKind::NotComparable, message).on(&part.live.name).named(&live.name);
    part.notices.push(notice.at(place));
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn keep_uniques(part: &mut Part<'_, '_>) {
    for live in &part.live.uniques {
        if part.table.uniques.contains(live) || satisfied_by(part.table, live) {
            continue;
        }
        let was_declared = part.base.is_some_and(|base| declares_unique(base, &live.columns));
        if part.sides.keeps(was_declared) && part.has_columns(&live.columns) && part.has_columns(&live.include) {
            part.table.uniques.push(live.clone());
            let what = format!("unique ({})", live.columns.join(", "));
            part.unmanaged(NoticeKind::UnmanagedUnique, live.name.as_deref(), &what);
        }
    }
}

/// Whether the entity's unique index asks for what this live constraint does; then the constraint stands for it.
fn satisfied_by(table: &mut Table, live: &Unique) -> bool {
    let columns: BTreeSet<&str> = live.columns.iter().map(String::as_str).collect();
    let before = table.indexes.len();
    table.indexes.retain(|index| promised(index).as_ref() != Some(&columns));
    let satisfied = table.indexes.len() < before;
    if satisfied {
        table.uniques.push(live.clone());
    }
    satisfied
}

fn declares_unique(base: &Table, columns: &[String]) -> bool {
    let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    base.uniques.iter().any(|unique| set(&unique.columns) == columns.iter().collect())
        || base.indexes.iter().any(|index| promised(index).as_ref() == Some(&wanted))
}

/// An index is matched by name, else by what it is over: the entity cannot say the rest, and takes it from the server.
fn settle_indexes(part: &mut Part<'_, '_>) {
    let said = part.table.clone();
    let desired = std::mem::take(&mut part.table.indexes);
    let named = |index: &Index| Named {
        said: Some(index.name.clone()),
        live: live_index(part, index, &said).map(|live| live.name.clone()),
    };
    let gives_up = giving_up(&said.indexes.iter().map(named).collect::<Vec<_>>());
    for (mut index, gives_up) in desired.into_iter().zip(gives_up) {
        let has_expressions = index.plain_columns().is_none() || index.predicate.is_some();
        let namesake = part.live.indexes.iter().find(|live| live.name == index.name);
        if let Some(live) = namesake.filter(|_| has_expressions) {
            let name = part.live.name.clone();
            unify_index(part.sides, part.questions, &name, live, &mut index);
        }
        let found = live_index(part, &index, &said);
        if let Some(live) = found.filter(|live| live.invalid) {
            mention_unusable(part, live, index.origin.place());
        }
        if let Some(live) = found.filter(|live| live.unique && live.predicate.is_some() && index.predicate.is_none()) {
            mention_partial(part, live, index.origin.place());
        }
        let settled = match found {
            Some(live) if gives_up => Index { name: index.name, ..live.clone() },
            Some(live) => live.clone(),
            None => index,
        };
        push_once(&mut part.table.indexes, settled);
    }
    for live in &part.live.indexes {
        let names_one = part.table.indexes.iter().any(|index| index.name == live.name);
        if names_one || part.table.indexes.contains(live) {
            continue;
        }
        let was_declared = part.base.is_some_and(|base| declares_index(base, live));
        if (live.implicit || part.sides.keeps(was_declared)) && part.has_columns_of(live) {
            part.table.indexes.push(live.clone());
            if !live.implicit {
                part.unmanaged(NoticeKind::UnmanagedIndex, Some(&live.name), &format!("index {}", live.name));
            }
        }
    }
}

/// The index that stands for this one of the entity: the one of that name if there are several.
fn live_index<'l>(part: &Part<'l, '_>, index: &Index, said: &Table) -> Option<&'l Index> {
    let stays: Vec<&Index> = part.live.indexes.iter().filter(|live| part.has_columns_of(live)).collect();
    let stays = || stays.iter().copied();
    let found = stays().find(|live| live.name == index.name && same_reach(live, index));
    let may_stand = |live: &&Index| {
        same_reach(live, index) && part.sides.dialect.may_stand_for_an_index(part.live, live, index, said)
    };
    let found = found.or_else(|| stays().find(may_stand));
    found.or_else(|| stays().find(|live| same_promise(part, live, index)))
}

/// The indexes that the server makes and drops by itself, now that the foreign keys are settled.
pub(super) fn settle_implicit_indexes(sides: &Sides<'_>, settled: &mut Settled) {
    for (name, table) in &mut settled.desired.tables {
        if let Some(live) = sides.live.tables.get(name) {
            sides.dialect.settle_implicit_indexes(live, table);
        }
    }
}

fn same_reach(live: &Index, index: &Index) -> bool {
    live == index
        || (live.plain_columns().is_some()
            && live.plain_columns() == index.plain_columns()
            && live.unique == index.unique)
}

/// Uniqueness is of a set of columns; their order in the index counts once it is edited.
fn same_promise(part: &Part<'_, '_>, live: &Index, index: &Index) -> bool {
    let same = |one: &Index, other: &Index| promised(one).is_some() && promised(one) == promised(other);
    let reordered = |base: &Table| base.indexes.iter().any(|base| same(base, index) && !same_reach(base, index));
    same(live, index) && !part.base.is_some_and(reordered)
}

fn mention_unusable(part: &mut Part<'_, '_>, live: &Index, place: Option<&Place>) {
    let message = format!(
        "{}: index {} was never finished, and no query uses it; make it usable with REINDEX INDEX, or drop it and \
         generate the migration again",
        part.live.name, live.name
    );
    let notice = Notice::new(NoticeKind::NotComparable, message).on(&part.live.name).named(&live.name);
    part.notices.push(notice.at(place));
}

fn declares_index(base: &Table, live: &Index) -> bool {
    let by_unique = live.plain_columns().is_some_and(|columns| {
        let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
        live.unique && declares_unique(base, &columns)
    });
    by_unique || base.indexes.iter().any(|index| index.name == live.name || same_reach(live, index))
}

fn same_link(one: &ForeignKey, other: &ForeignKey) -> bool {
    one.columns == other.columns
        && one.references == other.references
        && one.referenced_columns == other.referenced_columns
}

/// A key is matched by what it links; its name is the server's, and what is not said of it is, too.
fn settle_foreign_keys(part: &mut Part<'_, '_>) {
    let linked = |key: &ForeignKey| part.live.foreign_keys.iter().find(|live| same_link(live, key));
    let named =
        |key: &ForeignKey| Named { said: key.name.clone(), live: linked(key).and_then(|live| live.name.clone()) };
    let gives_up = giving_up(&part.table.foreign_keys.iter().map(named).collect::<Vec<_>>());
    for (key, gives_up) in part.table.foreign_keys.iter_mut().zip(gives_up) {
        if let Some(live) = linked(key) {
            let base = part.base.and_then(|base| base.foreign_keys.iter().find(|base| same_link(base, key)));
            let action = |said: Option<ReferentialAction>, base: Option<ReferentialAction>, live| {
                // What was said and is no longer said was removed on purpose.
                let said = said.or(base.map(|_| ReferentialAction::NoAction));
                match (said, live) {
                    (Some(said), Some(live)) if !part.sides.dialect.is_same_action(said, live) => Some(said),
                    (said, live) => live.or(said),
                }
            };
            let was_deferrable = base.is_some_and(|base| base.deferrable.is_some());
            let kept = if was_deferrable { None } else { live.deferrable };
            let name = if gives_up { &key.name } else { &live.name };
            *key = ForeignKey {
                name: name.clone(),
                on_delete: action(key.on_delete, base.and_then(|base| base.on_delete), live.on_delete),
                on_update: action(key.on_update, base.and_then(|base| base.on_update), live.on_update),
                deferrable: key.deferrable.or(kept),
                match_type: key.match_type.or(live.match_type),
                origin: key.origin.clone(),
                ..live.clone()
            };
        }
    }
    for live in &part.live.foreign_keys {
        if part.table.foreign_keys.iter().any(|key| same_link(live, key)) {
            continue;
        }
        let was_declared = part.base.is_some_and(|base| base.foreign_keys.iter().any(|key| same_link(live, key)));
        if part.sides.keeps(was_declared) && part.has_columns(&live.columns) {
            part.table.foreign_keys.push(live.clone());
            let what = format!("foreign key ({}) to {}", live.columns.join(", "), live.references);
            part.unmanaged(NoticeKind::UnmanagedForeignKey, live.name.as_deref(), &what);
        }
    }
}

/// A relation is not always a key: many projects join over columns without one, on purpose. Where both tables exist
/// and the database has no key, a relation is a key to add only if it is new since the lock.
pub(super) fn settle_relations(sides: &Sides<'_>, settled: &mut Settled) {
    let kept: BTreeMap<TableName, BTreeSet<String>> = settled
        .desired
        .tables
        .values()
        .map(|table| (table.name.clone(), table.columns.keys().cloned().collect()))
        .collect();
    for (name, table) in &mut settled.desired.tables {
        let Some(live) = sides.live.tables.get(name) else { continue };
        let base = sides.base.and_then(|base| base.tables.get(name));
        let notices = &mut settled.notices;
        table.foreign_keys.retain(|key| {
            if loses_target(key, sides, &kept) {
                return false;
            }
            let is_new = sides.base.is_some()
                && base.is_none_or(|base| !base.foreign_keys.iter().any(|known| same_link(known, key)));
            let over_new = key.columns.iter().any(|column| !live.columns.contains_key(column))
                || !sides.live.tables.contains_key(&key.references);
            let stays = live.foreign_keys.iter().any(|live| same_link(live, key)) || is_new || over_new;
            if !stays {
                notices.push(without_key(name, key));
            }
            stays
        });
    }
}

/// Whether what the key refers to is in the database now and will be gone.
fn loses_target(key: &ForeignKey, sides: &Sides<'_>, kept: &BTreeMap<TableName, BTreeSet<String>>) -> bool {
    let Some(live) = sides.live.tables.get(&key.references) else { return false };
    let Some(columns) = kept.get(&key.references) else { return true };
    key.referenced_columns.iter().any(|column| live.columns.contains_key(column) && !columns.contains(column))
}

fn without_key(table: &TableName, key: &ForeignKey) -> Notice {
    let message = format!(
        "{table}: the relation over ({}) to {} has no foreign key in the database, and none is added; mark it \
         `skip_fk` if that is meant",
        key.columns.join(", "),
        key.references
    );
    let mut notice = Notice::new(NoticeKind::RelationWithoutKey, message).on(table).at(key.origin.place());
    notice.name.clone_from(&key.name);
    notice
}
