//! Where a change stands among the others: what may wait to the end, what takes the place of what, and what is done as
//! without `online` because nobody would wait for it, or PostgreSQL cannot do it otherwise.

use std::collections::BTreeSet;

use autogen_schema::{Schema, Table, TableKind, TableName};

use super::super::columns::{is_made_anew, is_retyped};
use super::super::lower::{check_name, key_name, needs_key_aside};
use super::super::{Postgres, kept};
use super::things::{Thing, can_be_built};
use crate::Change;
use crate::online::Slot;
use crate::order::names::taken;

/// The changes of a plan, and what is known of each.
pub(super) struct Place<'a> {
    dialect: &'a Postgres,
    changes: &'a [Change],
    start: &'a Schema,
    end: &'a Schema,
    /// Tables that this plan makes or drops.
    own: BTreeSet<&'a TableName>,
    /// From here on nothing changes the shape of a table that stays.
    tail: usize,
}

impl<'a> Place<'a> {
    pub(super) fn new(dialect: &'a Postgres, changes: &'a [Change], start: &'a Schema, end: &'a Schema) -> Self {
        let own = changes.iter().filter_map(|change| match change {
            Change::CreateTable(table) | Change::DropTable(table) => Some(&table.name),
            _ => None,
        });
        let tail = changes.iter().rposition(shapes).map_or(0, |last| last + 1);
        Self { dialect, changes, start, end, own: own.collect(), tail }
    }

    pub(super) fn change(&self, at: usize) -> &'a Change {
        &self.changes[at]
    }

    /// Whether a change waits for a lock on what others use.
    pub(super) fn waits(&self, change: &Change) -> bool {
        match change {
            Change::CreateTable(table) => table.foreign_keys.iter().any(|key| !self.own.contains(&key.references)),
            Change::CreateEnum(_) => false,
            Change::DropTable(_) => true,
            change => change.table().is_none_or(|table| !self.own.contains(table)),
        }
    }

    /// The slot of a change that is made as without `online`; `None` where it can be made better.
    pub(super) fn as_it_is(&self, at: usize) -> Option<Slot> {
        let change = self.change(at);
        if kept::statements(self.dialect, change, self.changes, self.start).is_some() {
            // A constraint that only gets another name, or is only to be checked.
            return Some(if self.is_checked(at) { Slot::Validate } else { Slot::Shape });
        }
        match change {
            Change::DropColumn { .. } | Change::DropTable(_) | Change::DropEnum(_) | Change::SetTableOptions { .. } => {
                let is_early = at < self.tail || self.frees_what_is_taken(at);
                Some(if is_early { Slot::Shape } else { Slot::Tail })
            }
            Change::CreateTable(_)
            | Change::RenameTable { .. }
            | Change::AddColumn { .. }
            | Change::RenameColumn { .. }
            | Change::RenameIndex { .. }
            | Change::CreateEnum(_)
            | Change::AlterEnum { .. }
            | Change::RenameEnumValue { .. } => Some(Slot::Shape),
            Change::AlterColumn { table, from, to } => {
                let is_plain = self.is_bare(table) || from.auto_increment != to.auto_increment;
                is_plain.then_some(Slot::Shape)
            }
            Change::AddIndex { table, .. }
            | Change::AddUnique { table, .. }
            | Change::SetPrimaryKey { table, to: Some(_), .. } => {
                let is_plain = self.is_bare(table) || !can_be_built(change) || self.frees_what_is_taken(at);
                is_plain.then_some(Slot::Shape)
            }
            Change::AddForeignKey { table, .. } | Change::AddCheck { table, .. } => {
                let slot = if self.refers_to_built(change) { Slot::Keys } else { Slot::Shape };
                self.is_bare(table).then_some(slot)
            }
            Change::SetPrimaryKey { table, to: None, .. }
            | Change::DropIndex { table, .. }
            | Change::DropUnique { table, .. }
            | Change::DropForeignKey { table, .. }
            | Change::DropCheck { table, .. } => {
                let slot = if self.is_bare(table) || !can_be_built(change) { Slot::Shape } else { self.latest(at) };
                match self.add_of(at) {
                    // Both are made at one time, unless the new one is made as without `online`, or has to wait.
                    Some(add) if slot != Slot::Shape => {
                        let is_late = self.refers_to_built(self.change(add));
                        (self.as_it_is(add).is_some() || is_late).then_some(Slot::Shape)
                    }
                    Some(_) | None => (slot != Slot::Release).then_some(slot),
                }
            }
        }
    }

    /// The position of what this change drops by adding something else under its name.
    pub(super) fn replaced(&self, at: usize) -> Option<usize> {
        let drops = self.changes[..at].iter().enumerate();
        drops
            .filter(|(drop, _)| self.is_swap(*drop, at))
            .map(|(drop, _)| drop)
            .find(|drop| self.as_it_is(*drop).is_none())
    }

    /// The position of what takes the place of what this change drops.
    pub(super) fn replaces(&self, at: usize) -> Option<usize> {
        self.add_of(at).filter(|_| self.as_it_is(at).is_none())
    }

    /// The position of what is added under the name of what this change drops.
    fn add_of(&self, at: usize) -> Option<usize> {
        (at + 1..self.changes.len()).find(|add| self.is_swap(at, *add))
    }

    fn is_swap(&self, drop: usize, add: usize) -> bool {
        match (self.change(drop), self.change(add)) {
            (Change::DropForeignKey { table, key: from }, Change::AddForeignKey { table: holder, key: to }) => {
                table == holder && (key_name(table, from) == key_name(table, to) || from.columns == to.columns)
            }
            (Change::DropCheck { table, check: from }, Change::AddCheck { table: holder, check: to }) => {
                table == holder && check_name(table, from) == check_name(table, to)
            }
            // One change is both.
            (Change::SetPrimaryKey { .. }, _) | (_, Change::SetPrimaryKey { .. }) => false,
            (drop, add) => match (Thing::dropped(drop), Thing::added(add)) {
                (Some(old), Some(new)) => old.table == new.table && old.name == new.name,
                _ => false,
            },
        }
    }

    /// Whether a foreign key refers to a table that gets a key or a unique in the same plan.
    pub(super) fn refers_to_built(&self, change: &Change) -> bool {
        let Change::AddForeignKey { key, .. } = change else { return false };
        self.changes.iter().any(|change| match change {
            Change::SetPrimaryKey { table, to: Some(_), .. } | Change::AddUnique { table, .. } => {
                *table == key.references
            }
            Change::AddIndex { table, index } => index.unique && *table == key.references,
            _ => false,
        })
    }

    /// Whether an index of the schema of this table, or a constraint of the table, has this name before or after the plan.
    pub(super) fn is_used(&self, table: &TableName, name: &str) -> bool {
        let tables = self.start.tables.values().chain(self.end.tables.values());
        tables.filter(|other| other.name.schema == table.schema).any(|table| names_of(table).any(|used| used == name))
    }

    /// When what is dropped goes at last: before what needs it to be gone.
    fn latest(&self, at: usize) -> Slot {
        let change = self.change(at);
        let Some(table) = change.table() else { return Slot::Shape };
        let target = match change {
            Change::DropForeignKey { key, .. } => Some(&key.references),
            _ => None,
        };
        let is_disturbed = |later: &Change| {
            disturbs(later, table) || target.is_some_and(|target| disturbs(later, target) || unmakes(later, target))
        };
        let first = self.changes.iter().enumerate().skip(at + 1).find(|(_, later)| is_disturbed(later));
        let is_target = self.is_hung_on(change, table);
        match first {
            _ if is_target || self.frees_what_is_taken(at) => Slot::Shape,
            None => Slot::Release,
            Some((first, _)) if self.as_it_is(first) == Some(Slot::Tail) => Slot::Tail,
            Some(_) => Slot::Shape,
        }
    }

    /// Whether another change takes a name that this one frees, and not in the same step.
    fn frees_what_is_taken(&self, at: usize) -> bool {
        let freed = taken(&self.change(at).inverse());
        let others = (0..self.changes.len()).filter(|other| *other != at && !self.is_swap(at, *other));
        let takes = |other: usize| taken(self.change(other)).iter().any(|name| freed.contains(name));
        !freed.is_empty() && others.into_iter().any(takes)
    }

    /// Whether a foreign key, before or after the plan, may hang on what this change drops.
    fn is_hung_on(&self, change: &Change, table: &TableName) -> bool {
        let keys = |schema: &'a Schema| schema.tables.values().flat_map(|table| &table.foreign_keys);
        keys(self.start).chain(keys(self.end)).any(|key| needs_key_aside(change, table, key))
    }

    /// Whether the table is empty, or PostgreSQL has no better way for it.
    fn is_bare(&self, table: &TableName) -> bool {
        let held = self.end.tables.get(table).or_else(|| self.start.tables.get(table));
        self.own.contains(table) || held.is_none_or(|table| !takes_stages(table))
    }

    /// Whether this is one side of a constraint that is kept, and only checked.
    fn is_checked(&self, at: usize) -> bool {
        let not_valid = |change: &Change| match change {
            Change::DropForeignKey { key, .. } | Change::AddForeignKey { key, .. } => key.not_valid,
            Change::DropCheck { check, .. } | Change::AddCheck { check, .. } => check.not_valid,
            _ => false,
        };
        let others = (0..self.changes.len()).filter(|other| self.is_swap(at, *other) || self.is_swap(*other, at));
        others.into_iter().any(|other| not_valid(self.change(other)) != not_valid(self.change(at)))
    }
}

/// Whether PostgreSQL builds an index, or checks rows, of this table while others work.
pub(in super::super) fn takes_stages(table: &Table) -> bool {
    table.options.partition.is_none() && table.kind != TableKind::Foreign
}

/// Whether a change must be made before what is built and checked.
fn shapes(change: &Change) -> bool {
    match change {
        Change::CreateTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::RenameIndex { .. }
        | Change::CreateEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. } => true,
        Change::DropTable(_)
        | Change::DropColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::DropEnum(_)
        | Change::SetTableOptions { .. } => false,
    }
}

/// Whether a change may need to find this table without an index or constraint that goes.
fn disturbs(change: &Change, table: &TableName) -> bool {
    match change {
        Change::AlterEnum { .. } | Change::RenameEnumValue { .. } => true,
        Change::AlterColumn { table: holder, from, to } => {
            holder == table && (is_retyped(from, to) || is_made_anew(from, to) || from.generated != to.generated)
        }
        Change::SetTableOptions { table: holder, from, to } => {
            holder == table && from.options.unlogged != to.options.unlogged
        }
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. } => change.table() == Some(table),
        Change::AddColumn { .. }
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
        | Change::CreateEnum(_)
        | Change::DropEnum(_) => false,
    }
}

/// Whether a change takes a unique of this table away, on which a foreign key may hang.
fn unmakes(change: &Change, target: &TableName) -> bool {
    match change {
        Change::SetPrimaryKey { table, from: Some(_), .. } | Change::DropUnique { table, .. } => table == target,
        Change::DropIndex { table, index } => index.unique && table == target,
        _ => false,
    }
}

/// The names of a table's indexes and constraints.
fn names_of(table: &Table) -> impl Iterator<Item = &str> {
    let indexes = table.indexes.iter().map(|index| index.name.as_str());
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_deref());
    let keys = table.foreign_keys.iter().filter_map(|key| key.name.as_deref());
    let checks = table.checks.iter().filter_map(|check| check.name.as_deref());
    let key = table.primary_key.iter().filter_map(|key| key.name.as_deref());
    let names = indexes.chain(uniques).chain(keys).chain(checks).chain(key);
    names.chain(std::iter::once(table.name.name.as_str()))
}
