//! One table out of what the catalog and the statement say.

use autogen_schema::{AutoIncrement, Column, GeneratedKind, Table, TableKind};

use super::catalog::{Catalog, ColumnFacts, Computed, IndexOrigin, TableFacts};
use super::cursor::{Cursor, Misread};
use super::defaults::default_value;
use super::names::{collation, same};
use super::parse::{ColumnText, TableText, create_table, table_name};
use super::types::declared_type;
use super::{constraints, indexes};

/// The table of this name.
pub(crate) fn table(name: &str, facts: &TableFacts, catalog: &Catalog) -> Table {
    let mut table = Table::new(table_name(name));
    table.kind = kind(facts);
    table.options.strict = facts.strict;
    table.options.without_rowid = facts.without_rowid;
    if table.kind == TableKind::Virtual {
        virtual_table(&mut table, facts);
        return table;
    }
    match create_table(&facts.sql).and_then(|text| agreeing(text, facts)) {
        Ok(text) => {
            for (facts_of, text_of) in facts.columns.iter().zip(&text.columns) {
                add(&mut table, column(facts_of, text_of));
            }
            constraints::constraints(&mut table, facts, &text, catalog);
            mark_auto_increment(&mut table, &text);
            let also = |said: &String| format!("its statement also says {said}");
            table.not_understood.extend(text.left_over.iter().map(also));
        }
        Err(misread) => {
            let reason = format!("its CREATE TABLE statement could not be understood ({misread})");
            from_facts(&mut table, facts, catalog);
            table.not_understood.insert(0, reason);
        }
    }
    require_row_id(&mut table, facts);
    indexes::indexes(&mut table, facts);
    table
}

fn kind(facts: &TableFacts) -> TableKind {
    match facts.kind.as_str() {
        "virtual" => TableKind::Virtual,
        "shadow" => TableKind::Shadow,
        _ => TableKind::Ordinary,
    }
}

/// The statement's text, if it is of the same columns as the catalog. Wherever the catalog knows as much as the text,
/// the two must agree, so that a statement that was misread is noticed.
fn agreeing(text: TableText, facts: &TableFacts) -> Result<TableText, Misread> {
    let in_text: Vec<_> = text.columns.iter().map(|column| &column.name).collect();
    let in_catalog: Vec<_> = facts.columns.iter().map(|column| &column.name).collect();
    if in_text != in_catalog {
        return Err(format!("it has the columns {in_text:?} where the catalog has {in_catalog:?}"));
    }
    if text.primary_key.is_some() == facts.key_columns().is_empty() {
        return Err("its primary key is not that of the catalog".to_owned());
    }
    for (facts, text) in facts.columns.iter().zip(&text.columns) {
        let computed = text.generated.as_ref().map_or(Computed::No, |generated| match generated.kind {
            GeneratedKind::Stored => Computed::Stored,
            GeneratedKind::Virtual => Computed::Virtual,
        });
        if computed != facts.computed || text.default.is_some() != facts.default.is_some() {
            return Err(format!("its column {} is not that of the catalog", text.name));
        }
    }
    Ok(text)
}

fn column(facts: &ColumnFacts, text: &ColumnText) -> Column {
    Column {
        nullable: !facts.required,
        default: text.default.as_deref().map(default_value),
        generated: text.generated.clone(),
        collation: text.collation.as_deref().and_then(collation),
        extra: text.extra.clone(),
        ..Column::new(&facts.name, declared_type(&text.declared_type))
    }
}

fn add(table: &mut Table, column: Column) {
    table.columns.insert(column.name.clone(), column);
}

fn mark_auto_increment(table: &mut Table, text: &TableText) {
    let Some(key) = text.primary_key.as_ref().filter(|key| key.autoincrement) else { return };
    for part in &key.parts {
        let column = table.columns.values_mut().find(|column| same(&column.name, &part.column));
        if let Some(column) = column {
            column.auto_increment = Some(AutoIncrement::Keyword);
        }
    }
}

/// A column that is the rowid never holds NULL, though the catalog does not call it required.
fn require_row_id(table: &mut Table, facts: &TableFacts) {
    if let Some(name) = row_id_column(facts)
        && let Some(column) = table.columns.get_mut(&name)
    {
        column.nullable = false;
    }
}

/// The column that is another name for the rowid: a primary key of one column for which SQLite made no index.
pub(crate) fn row_id_column(facts: &TableFacts) -> Option<String> {
    let indexed = facts.indexes.values().any(|index| index.origin == IndexOrigin::PrimaryKey);
    match facts.key_columns().as_slice() {
        [only] if !facts.without_rowid && !indexed => Some(only.clone()),
        _ => None,
    }
}

/// As much of a table as the catalog alone gives.
fn from_facts(table: &mut Table, facts: &TableFacts, catalog: &Catalog) {
    for column in &facts.columns {
        add(table, column_from_facts(column));
    }
    constraints::keys_from_facts(table, facts, catalog);
    let computed = facts.columns.iter().filter(|column| column.computed != Computed::No);
    let unknown = computed.map(|column| format!("the expression of its generated column {} is unknown", column.name));
    table.not_understood.extend(unknown);
}

fn column_from_facts(facts: &ColumnFacts) -> Column {
    Column {
        nullable: !facts.required,
        default: facts.default.as_deref().map(default_value),
        ..Column::new(&facts.name, declared_type(&facts.declared_type))
    }
}

/// A virtual table has the columns that its module declares; how it was made is kept word for word.
fn virtual_table(table: &mut Table, facts: &TableFacts) {
    for column in &facts.columns {
        add(table, column_from_facts(column));
    }
    if let Some(reason) = &facts.columns_unknown {
        table.not_understood.push(format!("its columns are unknown ({reason})"));
    }
    match module(&facts.sql) {
        Ok(module) => table.options.extra.push(module),
        Err(misread) => {
            table
                .not_understood
                .push(format!("its CREATE VIRTUAL TABLE statement could not be understood ({misread})"));
        }
    }
}

/// `USING module(arguments)`.
fn module(sql: &str) -> Result<String, Misread> {
    let mut cursor = Cursor::new(sql)?;
    while cursor.peek().is_some() && !cursor.sees("USING") {
        cursor.take();
    }
    let mark = cursor.mark();
    cursor.expect("USING")?;
    cursor.name()?;
    while cursor.take().is_some() {}
    Ok(cursor.text_since(mark).to_owned())
}
