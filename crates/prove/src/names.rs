//! Which table and column of the end is which of the start, and what the plan says that it takes away.

use std::collections::{BTreeMap, BTreeSet};

use autogen_diff::{Change, HazardKind, Plan};
use autogen_schema::{Schema, TableName};

use crate::related::{qualified, tables_with};

/// The names that a plan changes, from the start to the end.
#[derive(Debug, Default)]
pub(crate) struct Names {
    default_schema: Option<String>,
    tables: BTreeMap<TableName, TableName>,
    columns: BTreeMap<(TableName, String), String>,
    dropped_tables: BTreeSet<TableName>,
    dropped_columns: BTreeSet<(TableName, String)>,
}

impl Names {
    /// Those of a plan that starts at this schema.
    pub(crate) fn of(plan: &Plan, start: &Schema, default_schema: Option<&str>) -> Self {
        let mut names = Self { default_schema: default_schema.map(str::to_owned), ..Self::default() };
        names.tables = start.tables.keys().map(|name| (names.full(name), names.full(name))).collect();
        for table in start.tables.values() {
            for column in table.columns.keys() {
                names.columns.insert((names.full(&table.name), column.clone()), column.clone());
            }
        }
        for finding in &plan.findings {
            names.follow(&finding.change);
        }
        names
    }

    fn follow(&mut self, change: &Change) {
        match change {
            Change::RenameTable { from, to } => {
                let (from, to) = (self.full(from), self.full(to));
                for name in self.tables.values_mut().filter(|name| **name == from) {
                    *name = to.clone();
                }
            }
            Change::RenameColumn { table, from, to } => {
                if let Some(table) = self.at_start(table) {
                    let columns =
                        self.columns.iter_mut().filter(|((holder, _), name)| *holder == table && *name == from);
                    columns.for_each(|(_, name)| to.clone_into(name));
                }
            }
            Change::DropTable(table) => self.dropped_tables.extend(self.at_start(&table.name)),
            Change::DropColumn { table, column } => {
                if let Some(table) = self.at_start(table) {
                    let is_it = |((holder, _), name): &(&(TableName, String), &String)| {
                        *holder == table && **name == column.name
                    };
                    let found = self.columns.iter().find(is_it).map(|(key, _)| key.clone());
                    self.dropped_columns.extend(found);
                }
            }
            Change::CreateTable(_)
            | Change::AddColumn { .. }
            | Change::AlterColumn { .. }
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
            | Change::DropEnum(_)
            | Change::AlterEnum { .. }
            | Change::RenameEnumValue { .. }
            | Change::SetTableOptions { .. } => {}
        }
    }

    /// A name with its schema, where the database has schemas.
    pub(crate) fn full(&self, name: &TableName) -> TableName {
        qualified(name, self.default_schema.as_deref())
    }

    /// The name at the start of what is called so at the end, or on the way.
    pub(crate) fn at_start(&self, name: &TableName) -> Option<TableName> {
        let name = self.full(name);
        self.tables.iter().find(|(_, end)| **end == name).map(|(start, _)| start.clone())
    }

    /// The name at the end; `None` where the plan drops the table.
    pub(crate) fn at_end(&self, table: &TableName) -> Option<&TableName> {
        let table = self.full(table);
        if self.dropped_tables.contains(&table) { None } else { self.tables.get(&table) }
    }

    /// A column's name at the end, by its table and name at the start; `None` where the plan drops it.
    pub(crate) fn column_at_end(&self, table: &TableName, column: &str) -> Option<&str> {
        let key = (self.full(table), column.to_owned());
        if self.dropped_columns.contains(&key) { None } else { self.columns.get(&key).map(String::as_str) }
    }

    /// A column's name at the start, by its table's name at the start and its own at the end.
    pub(crate) fn column_at_start(&self, table: &TableName, column: &str) -> Option<&str> {
        let table = self.full(table);
        let is_it = |((holder, _), name): &(&(TableName, String), &String)| *holder == table && *name == column;
        let found = self.columns.iter().filter(|(key, _)| !self.dropped_columns.contains(*key)).find(is_it);
        found.map(|((_, column), _)| column.as_str())
    }

    /// What the plan drops, for people: `users.nick`, `logs`.
    pub(crate) fn dropped(&self) -> Vec<String> {
        let columns = self.dropped_columns.iter().map(|(table, column)| format!("{}.{column}", table.name));
        self.dropped_tables.iter().map(|table| table.name.clone()).chain(columns).collect()
    }
}

/// The two directions of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

impl Direction {
    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// The tables whose rows may stop this direction, as the hazards of the plan say, by their names at the start.
pub(crate) fn may_stop(plan: &Plan, direction: Direction, names: &Names, start: &Schema) -> BTreeSet<TableName> {
    let mut tables = BTreeSet::new();
    for finding in &plan.findings {
        let inverse = finding.change.inverse();
        let (change, hazards) = match direction {
            Direction::Up => (&finding.change, finding.hazards.clone()),
            Direction::Down => (&inverse, inverse.hazards()),
        };
        if !hazards.iter().any(|hazard| matches!(hazard.kind, HazardKind::MayFail | HazardKind::WillFail)) {
            continue;
        }
        // A renamed table has its end's name in one direction and its start's in the other.
        let named = change.table().and_then(|table| names.at_start(table).or_else(|| Some(names.full(table))));
        tables.extend(named);
        if let Change::AlterEnum { from, .. } = &finding.change {
            tables.extend(tables_with(start, &from.name).iter().map(|name| names.full(name)));
        }
    }
    tables.retain(|name| start.tables.keys().any(|known| names.full(known) == *name));
    tables
}
