//! Rows for the random schemas, and whether they are still there. Nothing here knows `autogen-prove`: the rows are put in
//! by plain statements, and looked for by plain questions.
//!
//! Every number of a row is its `id`, so that every key between numbers holds and every unique has other values; the
//! checks hold, too. What is left are the changes that no row of ours can satisfy: see [`Rows::of`].

use std::collections::{BTreeMap, BTreeSet};

use autogen_diff::{Change, Hazard, HazardKind, Plan};
use autogen_schema::{Backend, Column, ForeignKey, IndexKey, MatchType, Schema, Table, TableName, Type};

use crate::names::{quoted, quoted_table};
use crate::plans::{later_column, later_table};

const ROWS: [i64; 3] = [1, 2, NULLS];
/// The row that has nothing wherever nothing may be.
const NULLS: i64 = 3;

/// How far a table has counted: further than its rows say.
const COUNTED: usize = 100;

/// The rows of those tables that can hold them all the way.
pub(crate) struct Rows<'s> {
    backend: Backend,
    start: &'s Schema,
    end: &'s Schema,
    /// The tables at the start, with the names they have at the end.
    tables: BTreeMap<TableName, TableName>,
    /// The columns that are there at both ends with one type: by the table's name at the end, old names to new.
    stable: BTreeMap<TableName, BTreeMap<String, String>>,
}

impl<'s> Rows<'s> {
    /// Tables whose rows nothing in the plan may stop, and that refer to such tables only. Not among them: those with a
    /// hazard of failing, up or down, that is about values which the rows do not share (a required column without a
    /// default, another type, a constraint over such columns).
    pub(crate) fn of(start: &'s Schema, end: &'s Schema, plan: &Plan) -> Self {
        let tables = start.tables.keys().map(|name| (name.clone(), later_table(plan, name))).collect();
        let mut rows = Self { backend: plan.backend, start, end, tables, stable: BTreeMap::new() };
        for (name, later) in &rows.tables {
            let (before, after) = (&start.tables[name], end.tables.get(later));
            let stable = before.columns.values().filter_map(|column| {
                let now = later_column(plan, later, &column.name);
                let after = after?.columns.get(&now)?;
                let same = after.ty == column.ty && after.generated.is_none() && column.generated.is_none();
                same.then(|| (column.name.clone(), now))
            });
            rows.stable.insert(later.clone(), stable.collect());
        }
        let risky: BTreeSet<TableName> = plan
            .findings
            .iter()
            .filter(|finding| rows.is_risky(&finding.change) || rows.is_risky(&finding.change.inverse()))
            .filter_map(|finding| finding.change.table().cloned())
            .collect();
        rows.tables.retain(|name, later| {
            let narrow = is_narrow(&start.tables[name]) || end.tables.get(later).is_some_and(is_narrow);
            !risky.contains(later) && !narrow
        });
        while rows.drop_orphans() {}
        rows
    }

    /// Whether a change may stop at these rows.
    fn is_risky(&self, change: &Change) -> bool {
        let may_fail = |hazards: &[Hazard]| hazards.iter().any(|hazard| hazard.kind == HazardKind::MayFail);
        if !may_fail(&change.hazards()) {
            return false;
        }
        match change {
            // No row has nothing where a value is wanted, and every label is one that all have.
            Change::AlterColumn { table, from, to } => {
                let labels = |ty: &Type| matches!(ty, Type::Enum { .. });
                let other_type = from.ty != to.ty && !(labels(&from.ty) && labels(&to.ty));
                other_type || (from.nullable && !to.nullable && !self.are_stable(table, [to.name.as_str()]))
            }
            Change::AlterEnum { .. } => false,
            Change::AddIndex { table, index } => {
                let names = index.plain_columns().unwrap_or_default();
                names.len() < index.parts.len() || !self.are_stable(table, names)
            }
            Change::AddUnique { table, unique } => !self.are_stable(table, unique.columns.iter().map(String::as_str)),
            Change::AddForeignKey { table, key } => {
                !self.are_stable(table, key.columns.iter().map(String::as_str))
                    || !self.are_stable(&key.references, key.referenced_columns.iter().map(String::as_str))
            }
            Change::SetPrimaryKey { table, to: Some(key), .. } => {
                !self.are_stable(table, key.columns.iter().map(String::as_str))
            }
            // The checks are about `id`, or about a text.
            Change::AddCheck { table, check } => {
                let before = self.tables.iter().filter(|(_, later)| *later == table);
                let before = before.filter_map(|(name, _)| self.start.tables.get(name));
                let mut columns = before.chain(self.end.tables.get(table)).flat_map(|table| table.columns.keys());
                columns.any(|name| check.expression.contains(name) && !self.are_stable(table, [name.as_str()]))
            }
            _ => true,
        }
    }

    fn are_stable<'n>(&self, later: &TableName, names: impl IntoIterator<Item = &'n str>) -> bool {
        let Some(stable) = self.stable.get(later) else { return false };
        names.into_iter().all(|name| stable.keys().any(|old| old == name) && stable.values().any(|new| new == name))
    }

    /// Leaves out the tables that refer to one without rows.
    fn drop_orphans(&mut self) -> bool {
        let (old, new): (BTreeSet<_>, BTreeSet<_>) =
            (self.tables.keys().cloned().collect(), self.tables.values().cloned().collect());
        let before = self.tables.len();
        let refers_to = |schema: &Schema, name: &TableName, known: &BTreeSet<TableName>| {
            let keys = schema.tables.get(name).map(|table| &table.foreign_keys);
            keys.is_none_or(|keys| keys.iter().all(|key| known.contains(&key.references)))
        };
        let (start, end) = (self.start, self.end);
        self.tables.retain(|name, later| refers_to(start, name, &old) && refers_to(end, later, &new));
        self.tables.len() < before
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.tables.len() * ROWS.len()
    }

    /// The statements that put the rows in, keys or no keys.
    pub(crate) fn inserts(&self) -> Vec<String> {
        let [off, on] = match self.backend {
            Backend::Sqlite => ["PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"],
            Backend::Postgres => ["SET session_replication_role = replica", "RESET session_replication_role"],
            Backend::Mysql | Backend::Mariadb => ["SET foreign_key_checks = 0", "SET foreign_key_checks = 1"],
        };
        let mut statements = vec![off.to_owned()];
        for name in self.tables.keys() {
            let table = &self.start.tables[name];
            let columns: Vec<&Column> = table.columns.values().filter(|column| column.generated.is_none()).collect();
            let rowid = has_hidden_rowid(self.backend, table);
            let names = columns.iter().map(|column| quoted(self.backend, &column.name));
            let names: Vec<String> = rowid.then(|| "rowid".to_owned()).into_iter().chain(names).collect();
            for row in ROWS {
                let values = columns.iter().map(|column| self.value(name, column, row));
                let values: Vec<String> = rowid.then(|| hidden_rowid(row)).into_iter().chain(values).collect();
                let how = if self.backend == Backend::Postgres { " OVERRIDING SYSTEM VALUE" } else { "" };
                let (table, names) = (quoted_table(self.backend, name), names.join(", "));
                statements.push(format!("INSERT INTO {table} ({names}){how} VALUES ({})", values.join(", ")));
            }
        }
        let counting = self.tables.keys().filter(|name| counts(self.backend, &self.start.tables[*name]));
        let is_of = |name: &TableName| format!("name = '{}'", name.name.replace('\'', "''"));
        statements
            .extend(counting.map(|name| format!("UPDATE sqlite_sequence SET seq = {COUNTED} WHERE {}", is_of(name))));
        statements.push(on.to_owned());
        statements
    }

    /// What to ask after up: questions with the number that each must be answered with.
    pub(crate) fn questions_after_up(&self) -> Vec<(String, usize)> {
        self.tables
            .iter()
            .filter(|(_, later)| self.end.tables.contains_key(later))
            .flat_map(|(name, later)| self.questions(name, later, |new| new))
            .collect()
    }

    /// The same after down, where a table that was dropped came back empty.
    pub(crate) fn questions_after_down(&self) -> Vec<(String, usize)> {
        let kept = self.tables.iter().filter(|(_, later)| self.end.tables.contains_key(later));
        kept.flat_map(|(name, later)| {
            let back: BTreeMap<&str, &str> =
                self.stable[later].iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
            self.questions(name, name, |new| back[new])
        })
        .collect()
    }

    /// How many rows a table has, and how many are as they were in the columns that stay.
    fn questions<'n>(
        &'n self,
        name: &TableName,
        now: &TableName,
        called: impl Fn(&'n str) -> &'n str,
    ) -> Vec<(String, usize)> {
        let later = &self.tables[name];
        let holders = [self.start.tables.get(name), self.end.tables.get(later)];
        let both_ends = |is: &dyn Fn(&Table) -> bool| holders.into_iter().flatten().all(is);
        let rowid = both_ends(&|table| has_hidden_rowid(self.backend, table));
        let is_there = |row: i64| {
            let of_row = rowid.then(|| format!("rowid = {}", hidden_rowid(row)));
            let tests = self.stable[later].iter().map(|(old, new)| {
                let value = self.value(name, &self.start.tables[name].columns[old], row);
                let column = quoted(self.backend, called(new));
                if value == "NULL" { format!("{column} IS NULL") } else { format!("{column} = {value}") }
            });
            format!("({})", of_row.into_iter().chain(tests).collect::<Vec<_>>().join(" AND "))
        };
        let any = ROWS.map(is_there).join(" OR ");
        let all = format!("SELECT count(*) AS value FROM {}", quoted_table(self.backend, now));
        let mut questions = vec![(all.clone(), ROWS.len()), (format!("{all} WHERE {any}"), ROWS.len())];
        if both_ends(&|table| counts(self.backend, table)) {
            let name = now.name.replace('\'', "''");
            questions.push((format!("SELECT seq AS value FROM sqlite_sequence WHERE name = '{name}'"), COUNTED));
        }
        questions
    }

    fn value(&self, table: &TableName, column: &Column, row: i64) -> String {
        let later = &self.tables[table];
        let after = self.stable[later].get(&column.name).and_then(|name| self.end.tables.get(later)?.columns.get(name));
        let nullable = |of: &Column, holder: &Table| {
            // MATCH FULL wants all or nothing.
            let full = |key: &ForeignKey| key.match_type == Some(MatchType::Full) && key.columns.contains(&of.name);
            of.nullable && !holder.foreign_keys.iter().any(full)
        };
        let may_be_null = nullable(column, &self.start.tables[table])
            && after.is_none_or(|after| nullable(after, &self.end.tables[later]));
        if row == NULLS && may_be_null { "NULL".to_owned() } else { literal(self.backend, &column.ty, row) }
    }
}

/// Whether SQLite knows the rows of the table by a number that is no column. Other tables may not, but people do.
fn has_hidden_rowid(backend: Backend, table: &Table) -> bool {
    let is_alias = table.primary_key.as_ref().is_some_and(|key| key.columns.len() == 1);
    backend == Backend::Sqlite && !table.options.without_rowid && !is_alias
}

/// Whether SQLite remembers how far the table has counted.
fn counts(backend: Backend, table: &Table) -> bool {
    backend == Backend::Sqlite && table.columns.values().any(|column| column.auto_increment.is_some())
}

/// Another number than a copy of the rows would get by itself.
fn hidden_rowid(row: i64) -> String {
    (row * 10).to_string()
}

/// Whether a unique is over a column of so few values that three rows cannot differ.
fn is_narrow(table: &Table) -> bool {
    let few = |name: &str| {
        table.columns.get(name).is_some_and(|column| matches!(column.ty, Type::Boolean | Type::Enum { .. }))
    };
    table.uniques.iter().any(|unique| unique.columns.iter().all(|name| few(name)))
        || table
            .indexes
            .iter()
            .filter(|index| index.unique)
            .any(|index| index.parts.iter().all(|part| matches!(&part.key, IndexKey::Column(name) if few(name))))
}

fn literal(backend: Backend, ty: &Type, row: i64) -> String {
    let number = row + 4;
    match ty {
        Type::Boolean => if row == 1 { "TRUE" } else { "FALSE" }.to_owned(),
        Type::Varchar { .. } | Type::Text { .. } | Type::Char { .. } => format!("'v''{row}'"),
        Type::Double | Type::Decimal { .. } => format!("{row}.5"),
        Type::DateTime { .. } => format!("'2024-02-2{row} 12:00:00'"),
        Type::Date => format!("'2024-02-2{row}'"),
        Type::Uuid => format!("'00000000-0000-4000-8000-00000000000{row}'"),
        Type::Blob { .. } if backend == Backend::Postgres => format!("'\\x0{row}'"),
        Type::Blob { .. } => format!("X'0{row}'"),
        Type::Enum { .. } => "'x'".to_owned(),
        Type::Array { element } if matches!(**element, Type::Enum { .. }) => "'{x}'".to_owned(),
        Type::Array { .. } => format!("'{{{number}}}'"),
        // The other types of the random schemas are whole numbers.
        _ => number.to_string(),
    }
}
