//! The rows of a database as text, and whether they are all still there at the other end of a plan.

use std::collections::BTreeMap;

use autogen_introspect::Connection;
use autogen_schema::{Column, Schema, Table, TableKind, TableName, Type};

use crate::database::Database;
use crate::names::Names;
use crate::related::enum_of;
use crate::run::{Refusal, query_all};

/// The rows of every table.
pub(crate) type Snapshot = BTreeMap<TableName, Shot>;

/// The rows of one table, each value as text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shot {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Shot {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Reads the rows of every table of `schema`.
pub(crate) async fn take(connection: &Connection, facts: &dyn Database, schema: &Schema) -> Result<Snapshot, Refusal> {
    let mut snapshot = Snapshot::new();
    let has_rows = |table: &&Table| matches!(table.kind, TableKind::Ordinary | TableKind::Partitioned);
    for table in schema.tables.values().filter(has_rows) {
        snapshot.insert(table.name.clone(), shot(connection, facts, table).await?);
    }
    Ok(snapshot)
}

async fn shot(connection: &Connection, facts: &dyn Database, table: &Table) -> Result<Shot, Refusal> {
    let texts: Vec<String> =
        table.columns.values().map(|column| facts.as_text(&facts.quoted(&column.name), &column.ty)).collect();
    if texts.is_empty() {
        return Ok(Shot::default());
    }
    let query = format!("SELECT {} FROM {}", texts.join(", "), facts.table(&table.name));
    let found = query_all(connection, &query).await?;
    let unreadable = |error: sea_orm::DbErr| Refusal { statement: query.clone(), message: error.to_string() };
    let mut rows = Vec::new();
    for row in found {
        let values: Result<Vec<Option<String>>, _> = (0..texts.len()).map(|at| row.try_get_by_index(at)).collect();
        rows.push(values.map_err(unreadable)?);
    }
    Ok(Shot { columns: table.columns.keys().cloned().collect(), rows })
}

/// A table that is there at both ends of a plan, and what of its rows must be.
#[derive(Debug)]
pub(crate) struct Survivor {
    start: TableName,
    end: TableName,
    columns: Vec<SurvivingColumn>,
}

/// A column that is there at both ends.
#[derive(Debug)]
struct SurvivingColumn {
    start: String,
    end: String,
    /// Whether its values stay as they are; else only whether there is one.
    is_untouched: bool,
}

/// The tables that survive.
pub(crate) type Survivors = Vec<Survivor>;

/// What is there at both ends.
pub(crate) fn survivors(start: &Schema, end: &Schema, names: &Names) -> Survivors {
    let survivor = |before: &Table| {
        let after = end.tables.get(names.at_end(&before.name)?)?;
        let column = |column: &Column| {
            let later = after.columns.get(names.column_at_end(&before.name, &column.name)?)?;
            let is_computed = column.generated.is_some() || later.generated.is_some();
            (!is_computed).then(|| SurvivingColumn {
                start: column.name.clone(),
                end: later.name.clone(),
                is_untouched: is_untouched(column, later, start, end),
            })
        };
        let columns = before.columns.values().filter_map(column).collect();
        Some(Survivor { start: before.name.clone(), end: after.name.clone(), columns })
    };
    start.tables.values().filter_map(survivor).collect()
}

fn is_untouched(column: &Column, later: &Column, start: &Schema, end: &Schema) -> bool {
    let labels =
        |ty: &Type, schema: &Schema| enum_of(ty).and_then(|name| schema.enums.get(name)).map(|ty| ty.labels.clone());
    column.ty == later.ty
        && column.charset == later.charset
        && column.on_update.is_none()
        && labels(&column.ty, start) == labels(&later.ty, end)
}

/// Which end of a plan rows were read at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Start,
    End,
}

/// What is not there any more of the rows at the start, one sentence each.
pub(crate) fn losses(survivors: &Survivors, before: &Snapshot, now: &Snapshot, end: End) -> Vec<String> {
    survivors.iter().filter_map(|survivor| survivor.loss(before, now, end)).collect()
}

impl Survivor {
    fn loss(&self, before: &Snapshot, now: &Snapshot, end: End) -> Option<String> {
        let name = match end {
            End::Start => &self.start,
            End::End => &self.end,
        };
        let was = before.get(&self.start)?;
        let Some(is) = now.get(name) else { return Some(format!("the rows of {} are gone with it", self.start)) };
        if was.len() != is.len() {
            return Some(format!("{name} had {} rows and has {}", was.len(), is.len()));
        }
        let all: Vec<&SurvivingColumn> = self.columns.iter().collect();
        let differs = |columns: &[&SurvivingColumn]| self.pick(was, columns, End::Start) != self.pick(is, columns, end);
        if !differs(&all) {
            return None;
        }
        let changed = self.columns.iter().find(|column| differs(&[column]));
        Some(match changed {
            Some(column) => self.changed(column, was, is, name, end),
            None => format!("values of {name} went to other rows"),
        })
    }

    fn changed(&self, column: &SurvivingColumn, was: &Shot, is: &Shot, name: &TableName, end: End) -> String {
        let (was, is) = (self.pick(was, &[column], End::Start), self.pick(is, &[column], end));
        let gone = first_without_twin(&was, &is);
        let new = first_without_twin(&is, &was);
        let shown = |value: Option<&Option<String>>| match value.map(Option::as_deref) {
            Some(Some(text)) if column.is_untouched => text.chars().take(60).collect(),
            Some(Some(_)) => "something".to_owned(),
            Some(None) => "NULL".to_owned(),
            None => "there".to_owned(),
        };
        format!("a value of {name}.{} was {} and is {}", column.end, shown(gone), shown(new))
    }

    /// The values of these columns, row by row, in an order that the database has no part in.
    fn pick(&self, shot: &Shot, columns: &[&SurvivingColumn], end: End) -> Vec<Vec<Option<String>>> {
        let place = |column: &SurvivingColumn| {
            let name = match end {
                End::Start => &column.start,
                End::End => &column.end,
            };
            shot.columns.iter().position(|other| other == name)
        };
        let value = |row: &[Option<String>], column: &SurvivingColumn| {
            let value = place(column).and_then(|at| row.get(at).cloned()).flatten();
            if column.is_untouched { value } else { value.map(|_| String::new()) }
        };
        let mut rows: Vec<Vec<Option<String>>> =
            shot.rows.iter().map(|row| columns.iter().map(|column| value(row, column)).collect()).collect();
        rows.sort();
        rows
    }
}

/// The first value that `values` has more often than `others`.
fn first_without_twin<'v>(
    values: &'v [Vec<Option<String>>],
    others: &[Vec<Option<String>>],
) -> Option<&'v Option<String>> {
    let count = |rows: &[Vec<Option<String>>], value: &Option<String>| {
        rows.iter().flatten().filter(|other| *other == value).count()
    };
    values.iter().flatten().find(|value| count(values, value) > count(others, value))
}
