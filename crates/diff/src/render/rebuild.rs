//! A table built anew, step by step. See https://www.sqlite.org/lang_altertable.html#otheralter

use std::collections::BTreeSet;

use autogen_schema::{AutoIncrement, Object, ObjectKind, Table, TableName};

use crate::dialect::{Dialect, column_list, create_table_as};
use crate::statement::Rebuild;

/// The steps of a rebuild, each as SQL.
pub(super) struct Steps {
    /// The table's name.
    pub table: String,
    /// The name that the new table has until it takes the old one's place.
    pub scratch: String,
    /// The columns that the old table is known to have.
    pub columns: Vec<String>,
    /// Takes away what stands in the way.
    pub aside: Vec<String>,
    /// Makes the new table.
    pub create: String,
    /// Copies the rows.
    pub copy: String,
    /// Goes on counting where the old table stopped.
    pub sequence: Vec<String>,
    /// Puts the new table into the place of the old one.
    pub swap: Vec<String>,
    /// Makes the indexes and puts back what stood in the way.
    pub back: Vec<String>,
}

/// The steps of this rebuild.
pub(super) fn steps(dialect: &dyn Dialect, rebuild: &Rebuild) -> Steps {
    let Rebuild { from, to, scratch, around, fills: _ } = rebuild;
    let (old, new) = (dialect.table_sql(&to.name), dialect.table_sql(scratch));
    let back: Vec<String> = to
        .indexes
        .iter()
        .map(|index| dialect.index_sql(&to.name, index))
        .chain(around.iter().map(|object| object.definition.clone()))
        .collect();
    Steps {
        table: to.name.name.clone(),
        columns: from.columns.keys().cloned().collect(),
        aside: around.iter().rev().map(|object| drop_object(dialect, object)).collect(),
        create: create_table_as(dialect, to, scratch),
        copy: copy(dialect, rebuild, &old, &new),
        sequence: sequence(dialect, from, to, scratch),
        swap: vec![format!("DROP TABLE {old}"), format!("ALTER TABLE {new} RENAME TO {old}")],
        back,
        scratch: scratch.name.clone(),
    }
}

/// All statements, for a preview and for a database's own client.
pub(super) fn sql(dialect: &dyn Dialect, rebuild: &Rebuild) -> Vec<String> {
    let steps = steps(dialect, rebuild);
    let mut statements = steps.aside;
    statements.push(steps.create);
    statements.push(steps.copy);
    statements.extend(steps.sequence);
    statements.extend(steps.swap);
    statements.extend(steps.back);
    statements
}

fn drop_object(dialect: &dyn Dialect, object: &Object) -> String {
    let kind = if object.kind == ObjectKind::Trigger { "TRIGGER" } else { "VIEW" };
    format!("DROP {kind} {}", dialect.table_sql(&object.name))
}

/// Every column that both tables have, by name, and the rowid where it is not one of them: it may be what other tables
/// and the application know a row by.
fn copy(dialect: &dyn Dialect, rebuild: &Rebuild, old: &str, new: &str) -> String {
    let Rebuild { from, to, fills, .. } = rebuild;
    let is_computed =
        |table: &Table, name: &str| table.columns.get(name).is_some_and(|column| column.generated.is_some());
    let has_value = |name: &String| from.columns.contains_key(name) || fills.iter().any(|fill| fill.column == *name);
    let mut columns: Vec<String> =
        to.columns.keys().filter(|name| has_value(name) && !is_computed(to, name)).cloned().collect();
    if has_hidden_rowid(from) && has_hidden_rowid(to) {
        columns.insert(0, "rowid".into());
    }
    if columns.is_empty() {
        return empty_rows(dialect, to, old, new);
    }
    let value = |name: &String| {
        let quoted = dialect.quote(name);
        match fills.iter().find(|fill| fill.column == *name) {
            Some(fill) if from.columns.contains_key(name) => format!("COALESCE({quoted}, {})", fill.sql),
            Some(fill) => fill.sql.clone(),
            None => quoted,
        }
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    format!("INSERT INTO {new} ({})\nSELECT {} FROM {old}", column_list(dialect, &columns), values.join(", "))
}

/// Nothing in common: as many rows, of defaults. SQLite has no word for a default in a `SELECT`.
fn empty_rows(dialect: &dyn Dialect, to: &Table, old: &str, new: &str) -> String {
    let column = to.columns.values().find(|column| column.generated.is_none());
    let name = column.map(|column| dialect.quote(&column.name)).unwrap_or_default();
    let default = column.and_then(|column| column.default.as_ref());
    let value = default.map_or_else(|| "NULL".to_owned(), |default| dialect.default_sql(default));
    format!("INSERT INTO {new} ({name})\nSELECT {value} FROM {old}")
}

/// Whether the table has a rowid that no column of it is. See https://www.sqlite.org/rowidtable.html
fn has_hidden_rowid(table: &Table) -> bool {
    let alias = table.primary_key.as_ref().is_some_and(|key| match key.columns.as_slice() {
        [only] => table.columns.get(only).is_some_and(|column| column.ty.to_string().eq_ignore_ascii_case("integer")),
        _ => false,
    });
    let names: BTreeSet<String> = table.columns.keys().map(|name| name.to_ascii_lowercase()).collect();
    !table.options.without_rowid && !alias && !names.contains("rowid")
}

fn sequence(dialect: &dyn Dialect, from: &Table, to: &Table, scratch: &TableName) -> Vec<String> {
    let counts =
        |table: &Table| table.columns.values().any(|column| column.auto_increment == Some(AutoIncrement::Keyword));
    if !(counts(from) && counts(to)) {
        return Vec::new();
    }
    let (old, new) = (dialect.literal(&to.name.name), dialect.literal(&scratch.name));
    vec![
        format!("DELETE FROM sqlite_sequence WHERE name = {new}"),
        format!("INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"),
    ]
}
