//! Makes rows up that a schema takes: at its start, and as far as this can be told also at its end.
//!
//! A row refers to the row of the same number, whatever the table, and to the one before it in its own. A value depends
//! on its type and its row's number alone where a key has part in it, so that keys over several columns, and several
//! keys over one column, come out right by themselves.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{ForeignKey, IndexKey, Schema, Table, TableKind, TableName, Type};

use super::literals::mentioned;
use super::values::{Limits, Role, Value, value};
use crate::database::Database;
use crate::names::Names;
use crate::related::enum_of;

/// How many rows a table gets, at most.
const ROWS: usize = 6;

/// The row that has no value wherever it need not have one.
const NULLS: usize = 3;

const NULL: &str = "NULL";

/// Rows for a schema.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The tables in an order in which they can be filled; those of one group refer to each other in a circle.
    pub(crate) groups: Vec<Vec<TableRows>>,
    /// The tables for which no row could be made up, with the reason.
    pub(crate) without: Vec<(TableName, String)>,
}

/// The rows of one table.
#[derive(Debug)]
pub(crate) struct TableRows {
    pub(crate) name: TableName,
    pub(crate) columns: Vec<String>,
    /// SQL, a literal for each column.
    pub(crate) rows: Vec<Vec<String>>,
}

/// What is known about a table that gets rows.
struct Sheet<'s> {
    name: &'s TableName,
    columns: BTreeMap<&'s str, Slot>,
    /// In the order of the table.
    order: Vec<&'s str>,
    /// No two rows may have the same values here.
    uniques: Vec<Vec<String>>,
    keys: Vec<Reference>,
}

/// What is known about a column.
struct Slot {
    /// At the start and, where it is another, at the end.
    types: Vec<Type>,
    limits: Limits,
    nullable: bool,
    /// Whether the database counts it.
    numbered: bool,
    /// Where it stands in its table, for a column without a part in any key.
    place: Option<usize>,
    /// Values that a check names.
    named: Vec<Value>,
    has_default: bool,
}

/// A foreign key, in the names of the start.
struct Reference {
    columns: Vec<String>,
    /// `None` where the table is not there at the start, or gets no rows.
    table: Option<TableName>,
    referenced_columns: Vec<String>,
}

/// Makes rows up for every table of `start` but `withheld`; `end` is the schema that the plan leads to.
pub(crate) fn generate(
    start: &Schema,
    end: &Schema,
    names: &Names,
    facts: &dyn Database,
    withheld: &BTreeSet<TableName>,
) -> Rows {
    let mut without = Vec::new();
    let filled: Vec<&Table> = start
        .tables
        .values()
        .filter(|table| matches!(table.kind, TableKind::Ordinary | TableKind::Partitioned))
        .filter(|table| !withheld.contains(&names.full(&table.name)))
        .collect();
    let mut sheets: BTreeMap<&TableName, Sheet<'_>> =
        filled.iter().map(|table| (&table.name, sheet(table, start, end, names, facts))).collect();
    let mut made: BTreeMap<TableName, Vec<BTreeMap<&str, String>>>;
    loop {
        let known: BTreeSet<TableName> = sheets.keys().map(|name| (*name).clone()).collect();
        for key in sheets.values_mut().flat_map(|sheet| &mut sheet.keys) {
            key.table = key.table.take().filter(|table| known.contains(table));
        }
        let pages = Pages { sheets: &sheets, facts };
        made = sheets.keys().map(|name| ((*name).clone(), pages.rows(name))).collect();
        keep_what_fits(&sheets, &mut made);
        let Some(empty) = sheets.keys().copied().find(|name| made.get(*name).is_none_or(Vec::is_empty)) else { break };
        let reason = pages.why_none(empty);
        without.push((empty.clone(), reason));
        sheets.remove(empty);
    }
    Rows { groups: groups(&sheets, &mut made), without }
}

fn sheet<'s>(table: &'s Table, start: &Schema, end: &Schema, names: &Names, facts: &dyn Database) -> Sheet<'s> {
    let after = names.at_end(&table.name).and_then(|name| end.tables.get(name));
    let mut keys: Vec<Reference> = table.foreign_keys.iter().map(|key| reference(key, start, names)).collect();
    let mut uniques = uniques(table);
    if let Some(after) = after {
        let back = |column: &String| names.column_at_start(&table.name, column).map(str::to_owned);
        uniques.extend(self::uniques(after).iter().filter_map(|columns| columns.iter().map(back).collect()));
        let new = after.foreign_keys.iter().filter_map(|key| {
            let columns = key.columns.iter().map(back).collect::<Option<Vec<String>>>()?;
            let target = names.at_start(&key.references);
            let referenced = |column: &String| {
                let start = target.as_ref().and_then(|target| names.column_at_start(target, column));
                start.unwrap_or(column).to_owned()
            };
            let referenced_columns = key.referenced_columns.iter().map(referenced).collect();
            Some(Reference { columns, table: target, referenced_columns })
        });
        keys.extend(new);
    }
    // Columns of keys have values that depend on nothing but type and row.
    let in_keys: BTreeSet<String> =
        keys.iter().flat_map(|key| key.columns.clone()).chain(referenced(table, start)).collect();
    let primary: Vec<String> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    let is_generated = |name: &str| table.columns.get(name).is_some_and(|column| column.generated.is_some());
    let order: Vec<&str> = table.columns.keys().map(String::as_str).filter(|name| !is_generated(name)).collect();
    let slots = order.iter().enumerate().filter_map(|(at, name)| {
        let column = table.columns.get(*name)?;
        let later = names.column_at_end(&table.name, name).and_then(|name| after?.columns.get(name));
        let types: Vec<Type> = std::iter::once(&column.ty)
            .chain(later.map(|later| &later.ty).filter(|ty| **ty != column.ty))
            .cloned()
            .collect();
        let alone = primary.len() == 1 && primary.first().is_some_and(|only| only == name);
        let is_whole =
            matches!(column.ty, Type::Integer { .. }) || column.ty.to_string().eq_ignore_ascii_case("integer");
        let slot = Slot {
            limits: Limits {
                labels: labels(&column.ty, later.map(|later| &later.ty), start, end),
                any_letter: facts.takes_any_letter(column, table.options.charset.as_deref()),
            },
            nullable: column.nullable
                && later.is_none_or(|later| later.nullable)
                && !primary.iter().any(|key| key == name),
            numbered: column.auto_increment.is_some() || (alone && is_whole),
            place: (!in_keys.contains(*name)).then_some(at),
            named: named(table, after, name, &types),
            has_default: column.default.is_some(),
            types,
        };
        Some((*name, slot))
    });
    let columns = slots.collect();
    Sheet { name: &table.name, columns, order, uniques, keys }
}

/// What may not be there twice. A partial index is taken for a whole one: fewer rows do no harm.
fn uniques(table: &Table) -> Vec<Vec<String>> {
    let of_index = |parts: &[autogen_schema::IndexPart]| -> Option<Vec<String>> {
        parts
            .iter()
            .map(|part| if let IndexKey::Column(name) = &part.key { Some(name.clone()) } else { None })
            .collect()
    };
    let indexes = table.indexes.iter().filter(|index| index.unique).filter_map(|index| of_index(&index.parts));
    let keys = table.primary_key.iter().map(|key| key.columns.clone());
    keys.chain(table.uniques.iter().map(|unique| unique.columns.clone())).chain(indexes).collect()
}

fn reference(key: &ForeignKey, start: &Schema, names: &Names) -> Reference {
    let table = start.tables.keys().find(|name| names.full(name) == names.full(&key.references));
    Reference {
        columns: key.columns.clone(),
        table: table.cloned(),
        referenced_columns: key.referenced_columns.clone(),
    }
}

/// The columns of this table that others refer to.
fn referenced<'s>(table: &'s Table, schema: &'s Schema) -> impl Iterator<Item = String> + 's {
    let keys = schema.tables.values().flat_map(|other| &other.foreign_keys);
    keys.filter(|key| key.references.name == table.name.name).flat_map(|key| key.referenced_columns.clone())
}

/// The labels that a column's enum type has at both ends.
fn labels(ty: &Type, later: Option<&Type>, start: &Schema, end: &Schema) -> Vec<String> {
    let of = |ty: &Type, schema: &Schema| -> Vec<String> {
        if let Type::Enum { labels, .. } = ty
            && !labels.is_empty()
        {
            return labels.clone();
        }
        enum_of(ty).and_then(|name| schema.enums.get(name)).map(|ty| ty.labels.clone()).unwrap_or_default()
    };
    let (first, last) = (of(ty, start), later.map(|later| of(later, end)).unwrap_or_default());
    if last.is_empty() { first } else { first.into_iter().filter(|label| last.contains(label)).collect() }
}

/// The values that the checks of both ends name for this column.
fn named(table: &Table, after: Option<&Table>, column: &str, types: &[Type]) -> Vec<Value> {
    let is_text = types.iter().all(|ty| {
        matches!(
            ty,
            Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } | Type::Other { .. } | Type::Enum { .. }
        )
    });
    let is_number = types.iter().all(|ty| {
        matches!(ty, Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. } | Type::Other { .. })
    });
    let mut values = Vec::new();
    for check in table.checks.iter().chain(after.iter().flat_map(|after| &after.checks)) {
        let (texts, numbers) = mentioned(&check.expression, column);
        if is_text && !texts.is_empty() {
            values.extend(texts.into_iter().map(Value::Text));
        } else if is_number {
            values.extend(numbers.into_iter().map(|number| Value::Bare(number.to_string())));
        } else if is_text {
            // `length(name) > 3`: a text of about that length.
            let lengths = numbers.into_iter().filter(|number| (1..200).contains(number));
            values.extend(
                lengths.filter_map(|number| usize::try_from(number).ok()).map(|number| Value::Text("v".repeat(number))),
            );
        }
    }
    values.dedup();
    values
}

/// The sheets while rows are made.
struct Pages<'p, 's> {
    sheets: &'p BTreeMap<&'s TableName, Sheet<'s>>,
    facts: &'p dyn Database,
}

impl<'s> Pages<'_, 's> {
    fn rows(&self, name: &TableName) -> Vec<BTreeMap<&'s str, String>> {
        let Some(sheet) = self.sheets.get(name) else { return Vec::new() };
        let row = |number| {
            let cell = |column: &&'s str| Some((*column, self.cell(sheet, number, column, &mut Vec::new())?));
            sheet.order.iter().map(cell).collect::<Option<BTreeMap<&str, String>>>()
        };
        (0..ROWS).filter_map(row).filter(|row| !row.is_empty()).collect()
    }

    /// The value of a column in a row, as SQL. `above` are the columns that wait for this one.
    fn cell(
        &self,
        sheet: &Sheet<'s>,
        row: usize,
        column: &str,
        above: &mut Vec<(TableName, usize, String)>,
    ) -> Option<String> {
        let slot = sheet.columns.get(column)?;
        if row == NULLS && slot.nullable {
            return Some(NULL.to_owned());
        }
        let here = (sheet.name.clone(), row, column.to_owned());
        if above.contains(&here) {
            return self.own(slot, row);
        }
        let holds = |key: &&Reference| key.columns.iter().any(|name| name == column);
        let Some(key) = sheet.keys.iter().find(holds) else { return self.own(slot, row) };
        let Some(target) = key.table.as_ref().and_then(|table| self.sheets.get(table)) else {
            return slot.nullable.then(|| NULL.to_owned());
        };
        let at = key.columns.iter().position(|name| name == column)?;
        let referenced = key.referenced_columns.get(at)?;
        above.push(here);
        // A row refers to the one before it in its own table, and the first to itself.
        let other = if target.name == sheet.name { row.saturating_sub(1) } else { row };
        let found = self.cell(target, other, referenced, above);
        above.pop();
        match found {
            Some(found) if found != NULL || slot.nullable => Some(found),
            Some(_) => self.own(slot, row),
            None => None,
        }
    }

    /// A value that no other column decides.
    fn own(&self, slot: &Slot, row: usize) -> Option<String> {
        if slot.numbered {
            return Some((row + 1).to_string());
        }
        let role = match row {
            0 => Role::Low,
            1 => Role::High,
            // Later columns get larger values, so that `begin < end` has a chance.
            _ => Role::Plain(row + slot.place.unwrap_or_default()),
        };
        let named = if let Role::Plain(_) = role {
            slot.named.get(row.checked_rem(slot.named.len()).unwrap_or(0))
        } else {
            None
        };
        let made = named.cloned().or_else(|| value(self.facts, &slot.types, role, &slot.limits));
        match made {
            Some(value) => Some(value.sql(self.facts)),
            None if slot.nullable => Some(NULL.to_owned()),
            None => slot.has_default.then(|| "DEFAULT".to_owned()),
        }
    }

    fn why_none(&self, name: &TableName) -> String {
        let Some(sheet) = self.sheets.get(name) else { return String::new() };
        let valueless = sheet
            .order
            .iter()
            .find(|column| (0..ROWS).all(|row| self.cell(sheet, row, column, &mut Vec::new()).is_none()));
        match valueless {
            Some(column) if sheet.keys.iter().any(|key| key.columns.iter().any(|name| name == column)) => {
                format!("{column} refers to a table without rows")
            }
            Some(column) => {
                let ty = sheet.columns.get(column).and_then(|slot| slot.types.first());
                format!("no value of {column} ({}) can be made up", ty.map(ToString::to_string).unwrap_or_default())
            }
            None => "its keys contradict each other".to_owned(),
        }
    }
}

/// Takes away the rows that have a twin, or refer to a row that was taken away, until there are none.
fn keep_what_fits(
    sheets: &BTreeMap<&TableName, Sheet<'_>>,
    made: &mut BTreeMap<TableName, Vec<BTreeMap<&str, String>>>,
) {
    loop {
        let mut changed = false;
        for (name, sheet) in sheets {
            let rows = made.get(*name).cloned().unwrap_or_default();
            let kept = without_twins(sheet, rows.clone());
            let kept = without_orphans(sheet, &kept, made);
            changed |= kept.len() != rows.len();
            made.insert((*name).clone(), kept);
        }
        if !changed {
            return;
        }
    }
}

type Row<'s> = BTreeMap<&'s str, String>;

fn tuple(row: &Row<'_>, columns: &[String]) -> Option<Vec<String>> {
    // A key with a NULL in it is like no other.
    columns.iter().map(|column| row.get(column.as_str()).filter(|value| *value != NULL).cloned()).collect()
}

fn without_twins<'s>(sheet: &Sheet<'_>, rows: Vec<Row<'s>>) -> Vec<Row<'s>> {
    let mut seen: Vec<BTreeSet<Vec<String>>> = vec![BTreeSet::new(); sheet.uniques.len()];
    let mut kept = Vec::new();
    for row in rows {
        let tuples: Vec<Option<Vec<String>>> = sheet.uniques.iter().map(|columns| tuple(&row, columns)).collect();
        let is_twin =
            tuples.iter().zip(&seen).any(|(tuple, seen)| tuple.as_ref().is_some_and(|tuple| seen.contains(tuple)));
        if !is_twin {
            for (tuple, seen) in tuples.into_iter().zip(&mut seen) {
                seen.extend(tuple);
            }
            kept.push(row);
        }
    }
    kept
}

fn without_orphans<'s>(sheet: &Sheet<'_>, rows: &[Row<'s>], made: &BTreeMap<TableName, Vec<Row<'_>>>) -> Vec<Row<'s>> {
    let has_parent = |row: &Row<'_>, key: &Reference| {
        let Some(tuple_here) = tuple(row, &key.columns) else { return true };
        let targets: Vec<Option<Vec<String>>> = match &key.table {
            Some(table) if table == sheet.name => rows.iter().map(|row| tuple(row, &key.referenced_columns)).collect(),
            Some(table) => {
                made.get(table).into_iter().flatten().map(|row| tuple(row, &key.referenced_columns)).collect()
            }
            None => Vec::new(),
        };
        targets.contains(&Some(tuple_here))
    };
    rows.iter().filter(|row| sheet.keys.iter().all(|key| has_parent(row, key))).cloned().collect()
}

/// Parents before children. What is left when nothing more can come first refers to itself in a circle.
fn groups(
    sheets: &BTreeMap<&TableName, Sheet<'_>>,
    made: &mut BTreeMap<TableName, Vec<Row<'_>>>,
) -> Vec<Vec<TableRows>> {
    let mut open: Vec<&Sheet<'_>> = sheets.values().collect();
    let mut done: BTreeSet<TableName> = BTreeSet::new();
    let mut groups = Vec::new();
    while !open.is_empty() {
        let is_ready = |sheet: &&Sheet<'_>| {
            let parents = sheet.keys.iter().filter_map(|key| key.table.as_ref());
            parents.into_iter().all(|parent| parent == sheet.name || done.contains(parent))
        };
        let (ready, waiting): (Vec<&Sheet<'_>>, Vec<&Sheet<'_>>) = open.into_iter().partition(is_ready);
        let mut fill = |sheet: &&Sheet<'_>| {
            done.insert(sheet.name.clone());
            table_rows(sheet, made.remove(sheet.name).unwrap_or_default())
        };
        if ready.is_empty() {
            groups.push(waiting.iter().map(fill).collect());
            break;
        }
        groups.extend(ready.iter().map(|sheet| vec![fill(sheet)]));
        open = waiting;
    }
    groups
}

fn table_rows(sheet: &Sheet<'_>, rows: Vec<Row<'_>>) -> TableRows {
    let columns: Vec<String> = sheet.order.iter().map(|name| (*name).to_owned()).collect();
    let line = |row: Row<'_>| columns.iter().map(|name| row.get(name.as_str()).cloned().unwrap_or_default()).collect();
    TableRows { name: sheet.name.clone(), rows: rows.into_iter().map(line).collect(), columns }
}
