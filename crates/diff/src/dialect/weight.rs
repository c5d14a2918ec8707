//! What a change costs those who use its tables meanwhile: the words that all dialects share.
//!
//! Which change costs what, the file `hazards.rs` of each dialect says. Only what grows with the rows of a table is
//! worth a hazard: a lock that is held for a moment is not, and neither is anything at a table that the same plan makes.

use std::collections::BTreeSet;

use autogen_schema::{Schema, TableName};

use super::Dialect;
use crate::{Change, Hazard, HazardKind};

/// What to do where a plan in stages finds a way around.
pub(crate) const ONLINE: &str = "--online avoids that";

/// What to do where only time helps.
pub(crate) const QUIET: &str = "if it is large, do it at a quiet hour";

/// What a change does with the rows of its tables, who waits for it, and what to do about that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weight {
    /// The tables that are locked; the first is the one whose rows are gone through.
    pub tables: Vec<TableName>,
    pub work: Work,
    pub waits: Waits,
    /// What to do, in a clause.
    pub remedy: &'static str,
}

/// What is done with every row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// It is read, to see whether it satisfies something.
    Check,
    /// It is put into an index.
    Index,
    /// It is written again.
    Rewrite,
}

/// Who waits until that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Waits {
    /// Reading and writing go on.
    Nobody,
    /// Who wants to write.
    Writers,
    /// Who wants to write anywhere in the database (SQLite).
    EveryWriter,
    /// Who wants to read, too.
    Everybody,
}

impl Weight {
    /// Of a change that goes through the rows of one table.
    pub(crate) fn of(table: &TableName, work: Work, waits: Waits, remedy: &'static str) -> Self {
        Self { tables: vec![table.clone()], work, waits, remedy }
    }

    fn hazards(&self) -> Vec<Hazard> {
        let rewrites = (self.work == Work::Rewrite).then(|| {
            let message = format!("every row of {} is rewritten; {}", self.tables[0], self.remedy);
            Hazard::weighing(HazardKind::RewritesTable, &self.tables[0], message)
        });
        let avoidable = self.remedy == ONLINE;
        rewrites.into_iter().chain(self.blocks()).map(|hazard| Hazard { avoidable, ..hazard }).collect()
    }

    fn blocks(&self) -> Option<Hazard> {
        let tables = self.tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        let (kind, who) = match self.waits {
            Waits::Nobody => return None,
            Waits::Writers => (HazardKind::BlocksWrites, format!("nobody can write to {tables}")),
            Waits::EveryWriter => (HazardKind::BlocksWrites, "nobody can write".to_owned()),
            Waits::Everybody => (HazardKind::BlocksReads, format!("nobody can read or write {tables}")),
        };
        let named_alone = self.tables.len() == 1 && self.waits != Waits::EveryWriter;
        let table = if named_alone { "it".to_owned() } else { self.tables[0].to_string() };
        let done = match self.work {
            Work::Check => "checked",
            Work::Index => "indexed",
            Work::Rewrite => "rewritten",
        };
        let message = format!("{who} while {table} is {done}; {}", self.remedy);
        Some(Hazard::weighing(kind, &self.tables[0], message))
    }
}

/// The functions that an expression calls, in small letters.
pub(crate) fn calls(sql: &str) -> impl Iterator<Item = String> {
    let outside: String = sql.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    let mut before: Vec<&str> = outside.split('(').collect();
    before.pop();
    let function = |before: &&str| {
        let word = before.trim_end().rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next();
        word.unwrap_or_default().to_ascii_lowercase()
    };
    before.iter().map(function).filter(|name| !name.is_empty()).collect::<Vec<_>>().into_iter()
}

/// What the changes of one direction are weighed against.
pub(crate) struct Scales<'p> {
    dialect: &'p dyn Dialect,
    /// All changes of the direction, in their order.
    pub changes: &'p [Change],
    /// The schema that the direction starts from.
    pub start: &'p Schema,
    /// Tables that are built anew as a whole.
    pub rebuilt: BTreeSet<TableName>,
    created: BTreeSet<&'p TableName>,
}

impl<'p> Scales<'p> {
    /// Those for the changes that lead from `start` to `end`.
    pub(crate) fn new(dialect: &'p dyn Dialect, changes: &'p [Change], start: &'p Schema, end: &Schema) -> Self {
        let created = changes.iter().filter_map(|change| match change {
            Change::CreateTable(table) => Some(&table.name),
            _ => None,
        });
        Self { dialect, changes, start, rebuilt: dialect.rebuilt(changes, start, end), created: created.collect() }
    }

    /// What a change costs when it is made in the schema `now`, and the digits it loses where the database rounds.
    pub(crate) fn hazards(&self, change: &Change, now: &Schema) -> Vec<Hazard> {
        let rounding = Hazard::rounding(change).filter(|_| self.dialect.refuses_misfits());
        let mut hazards: Vec<Hazard> = rounding.into_iter().collect();
        for weight in self.dialect.weigh(change, now, self) {
            let is_new = weight.tables.first().is_none_or(|table| self.created.contains(table));
            if !is_new {
                let more: Vec<Hazard> =
                    weight.hazards().into_iter().filter(|hazard| !hazards.contains(hazard)).collect();
                hazards.extend(more);
            }
        }
        hazards
    }
}

/// What each of the changes costs that lead from `start` to `end`, in their order.
pub(crate) fn costs(dialect: &dyn Dialect, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Vec<Hazard>> {
    let scales = Scales::new(dialect, changes, start, end);
    let mut now = start.clone();
    let cost = |change: &Change| {
        let cost = scales.hazards(change, &now);
        // The law tests hold that an ordered plan applies; what does not leaves the others to be weighed as they are.
        let _ = change.apply(&mut now);
        cost
    };
    changes.iter().map(cost).collect()
}
