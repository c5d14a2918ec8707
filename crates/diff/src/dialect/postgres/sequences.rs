//! Sequences behind numbered columns, where `serial` would not make them as they are.

use autogen_schema::{AutoIncrement, Column, DefaultValue, Schema, Table, TableName};

use super::super::Dialect;
use super::{Postgres, names};
use crate::Change;
use crate::statement::Statement;

/// The sequence of a column that `serial` does not make as it is.
pub(super) struct OwnSequence {
    /// Stands before the column.
    pub(super) create: Statement,
    /// Stands behind it.
    pub(super) give: Statement,
}

/// Such sequences of a new table, whose columns then say their defaults themselves.
pub(super) fn take_own(dialect: &Postgres, table: &mut Table, parents: &[&Table]) -> Vec<OwnSequence> {
    let name = table.name.clone();
    let inherited = |column: &Column| parents.iter().any(|parent| parent.columns.contains_key(&column.name));
    let columns = table.columns.values_mut();
    columns.filter_map(|column| own_sequence(dialect, &name, inherited(column), column)).collect()
}

/// The same for a new column.
pub(super) fn of_column(dialect: &Postgres, table: &TableName, column: &mut Column) -> Option<OwnSequence> {
    own_sequence(dialect, table, false, column)
}

fn own_sequence(dialect: &Postgres, table: &TableName, inherited: bool, column: &mut Column) -> Option<OwnSequence> {
    let Some(AutoIncrement::Serial { sequence }) = &column.auto_increment else { return None };
    let Ok(sequence) = sequence.parse::<TableName>();
    if sequence == usual(table, column) && !column.nullable && !inherited {
        return None;
    }
    let (sql, ty) = (dialect.table_sql(&sequence), dialect.type_sql(&column.ty));
    column.default = Some(DefaultValue::Expression(format!("nextval({}::regclass)", dialect.literal(&sql))));
    column.auto_increment = None;
    let (table, column) = (dialect.table_sql(table), dialect.quote(&column.name));
    Some(OwnSequence {
        create: Statement::Raw(format!("CREATE SEQUENCE {sql} AS {ty}")),
        give: Statement::Raw(format!("ALTER SEQUENCE {sql} OWNED BY {table}.{column}")),
    })
}

/// The name that the server gives to the sequence of a column.
fn usual(table: &TableName, column: &Column) -> TableName {
    TableName { schema: table.schema.clone(), name: names::made(&table.name, &column.name, "seq") }
}

/// The change, with the server's own choice for a sequence whose name that of another column has in one of `schemas`. The
/// name is no difference; a table that was renamed keeps that of its sequence.
pub(super) fn with_free_names(change: &Change, schemas: [&Schema; 2]) -> Change {
    let is_taken = |sequence: &TableName, own: &TableName| {
        let others = schemas.into_iter().flat_map(|schema| schema.tables.values()).filter(|table| table.name != *own);
        others
            .flat_map(|table| table.columns.values().map(|column| (&table.name, column)))
            .any(|(table, column)| column.auto_increment.is_some() && usual(table, column) == *sequence)
    };
    let free = |table: &TableName, column: &mut Column| {
        let own = usual(table, column);
        if let Some(AutoIncrement::Serial { sequence }) = &mut column.auto_increment {
            let Ok(said) = sequence.parse::<TableName>();
            if said != own && is_taken(&said, table) {
                *sequence = own.to_key();
            }
        }
    };
    let mut change = change.clone();
    match &mut change {
        Change::CreateTable(table) => {
            let name = table.name.clone();
            table.columns.values_mut().for_each(|column| free(&name, column));
        }
        Change::AddColumn { table, column } => free(table, column),
        _ => {}
    }
    change
}
