//! What a change costs those who use its tables meanwhile: the words that all dialects share.
//!
//! Which change costs what, the file `hazards.rs` of each dialect says. Only what grows with the rows of a table is
//! worth a hazard: a lock that is held for a moment is not, and neither is anything at a table that the same plan makes.

use std::collections::BTreeSet;

use autogen_schema::{Column, Schema, TableName};

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
    /// New columns that no row has a value in.
    empty: BTreeSet<(&'p TableName, &'p str)>,
}

impl<'p> Scales<'p> {
    /// Those for the changes that lead from `start` to `end`.
    pub(crate) fn new(dialect: &'p dyn Dialect, changes: &'p [Change], start: &'p Schema, end: &Schema) -> Self {
        let created = changes.iter().filter_map(|change| match change {
            Change::CreateTable(table) => Some(&table.name),
            _ => None,
        });
        let empty = changes.iter().filter_map(|change| match change {
            Change::AddColumn { table, column } if is_empty(column) => Some((table, column.name.as_str())),
            _ => None,
        });
        let rebuilt = dialect.rebuilt(changes, start, end);
        Self { dialect, changes, start, rebuilt, created: created.collect(), empty: empty.collect() }
    }

    /// What to think about before a change that is made in the schema `now`: what it does to the rows that are there,
    /// and what it costs.
    pub(crate) fn hazards(&self, change: &Change, now: &Schema) -> Vec<Hazard> {
        let cannot_fail = self.meets_no_row(change) || self.meets_no_value(change) || widens_key(change, now);
        let can_happen = |hazard: &Hazard| !(cannot_fail && hazard.kind == HazardKind::MayFail);
        let at_rows = change.hazards().into_iter().filter(can_happen);
        let rounding = Hazard::rounding(change).filter(|_| self.dialect.refuses_misfits());
        at_rows.chain(rounding).chain(self.costs(change, now)).collect()
    }

    fn meets_no_row(&self, change: &Change) -> bool {
        change.table().is_some_and(|table| self.created.contains(table))
    }

    /// Whether it is about values that must differ or be found elsewhere, where none stands in any row.
    fn meets_no_value(&self, change: &Change) -> bool {
        let (table, columns) = match change {
            Change::AddUnique { table, unique } if !unique.nulls_not_distinct => (table, &unique.columns),
            // A key that must match in full refuses a row with some of its values.
            Change::AddForeignKey { table, key } if key.columns.len() == 1 || key.match_type.is_none() => {
                (table, &key.columns)
            }
            Change::AddIndex { table, index } if !index.nulls_not_distinct => {
                let columns = index.plain_columns().unwrap_or_default();
                return columns.into_iter().any(|column| self.empty.contains(&(table, column)));
            }
            _ => return false,
        };
        columns.iter().any(|column| self.empty.contains(&(table, column.as_str())))
    }

    /// What a change costs those who use its tables meanwhile.
    pub(crate) fn costs(&self, change: &Change, now: &Schema) -> Vec<Hazard> {
        let mut hazards: Vec<Hazard> = Vec::new();
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

/// The hazards of each of the changes that lead from `start` to `end`, in their order.
pub(crate) fn hazards(dialect: &dyn Dialect, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Vec<Hazard>> {
    let scales = Scales::new(dialect, changes, start, end);
    let mut now = start.clone();
    let of_one = |change: &Change| {
        let hazards = scales.hazards(change, &now);
        // The law tests hold that an ordered plan applies; what does not leaves the others to be weighed as they are.
        let _ = change.apply(&mut now);
        hazards
    };
    changes.iter().map(of_one).collect()
}

/// Whether a primary key becomes one of more columns, all of them required: what differed before still differs.
fn widens_key(change: &Change, now: &Schema) -> bool {
    let Change::SetPrimaryKey { table, from: Some(from), to: Some(to) } = change else { return false };
    let Some(table) = now.tables.get(table) else { return false };
    let is_required = |name: &String| table.column(name).is_some_and(|column| !column.nullable);
    from.columns.iter().all(|name| to.columns.contains(name))
        && to.columns.iter().all(|name| from.columns.contains(name) || is_required(name))
}

/// Whether the rows that are there have no value in a column when it is new.
fn is_empty(column: &Column) -> bool {
    column.nullable && column.default.is_none() && column.generated.is_none() && column.auto_increment.is_none()
}
