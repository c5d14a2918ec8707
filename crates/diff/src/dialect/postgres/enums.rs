//! Changing the labels of an enum type. See https://www.postgresql.org/docs/current/sql-altertype.html

use autogen_schema::{Column, EnumName, EnumType, Schema, TableName, Type};

use super::super::Dialect;
use super::Postgres;
use super::lower::alter as alter_table;
use crate::order::uses_enum;
use crate::statement::Statement;

/// A type that only gains labels gains them one by one, each in its place. Any other change makes the type anew and
/// takes every column over to it, which fails on a value that the new type does not have.
pub(super) fn alter(dialect: &Postgres, from: &EnumType, to: &EnumType, now: &Schema) -> Vec<Statement> {
    let kept: Vec<&String> = to.labels.iter().filter(|label| from.labels.contains(label)).collect();
    if kept.into_iter().eq(&from.labels) { add_values(dialect, from, to) } else { make_anew(dialect, from, to, now) }
}

fn add_values(dialect: &Postgres, from: &EnumType, to: &EnumType) -> Vec<Statement> {
    let name = dialect.enum_name_sql(&to.name);
    let mut statements = Vec::new();
    for (at, label) in to.labels.iter().enumerate().filter(|(_, label)| !from.labels.contains(label)) {
        let place = match at.checked_sub(1) {
            Some(before) => format!(" AFTER {}", dialect.literal(&to.labels[before])),
            None => from.labels.first().map(|first| format!(" BEFORE {}", dialect.literal(first))).unwrap_or_default(),
        };
        statements.push(Statement::Raw(format!("ALTER TYPE {name} ADD VALUE {}{place}", dialect.literal(label))));
    }
    statements
}

fn make_anew(dialect: &Postgres, from: &EnumType, to: &EnumType, now: &Schema) -> Vec<Statement> {
    let old =
        EnumName { schema: from.name.schema.clone(), name: Postgres.spell_name(&format!("{}_old", from.name.name)) };
    let rename = Statement::Raw(format!(
        "ALTER TYPE {} RENAME TO {}",
        dialect.enum_name_sql(&from.name),
        dialect.quote(&old.name)
    ));
    let mut statements = vec![rename, Statement::CreateEnum(to.clone())];
    for table in now.tables.values() {
        for column in table.columns.values().filter(|column| uses_enum(&column.ty, &to.name)) {
            statements.extend(take_over(dialect, &table.name, column));
        }
    }
    statements.push(Statement::DropEnum(old));
    statements
}

fn take_over(dialect: &Postgres, table: &TableName, column: &Column) -> Vec<Statement> {
    let (name, ty) = (dialect.quote(&column.name), dialect.type_sql(&column.ty));
    let text = if matches!(column.ty, Type::Array { .. }) { "text[]" } else { "text" };
    let convert = format!("ALTER COLUMN {name} TYPE {ty} USING {name}::{text}::{ty}");
    let mut statements = Vec::new();
    let default = column.default.clone();
    if default.is_some() {
        statements.push(Statement::DropDefault { table: table.clone(), column: column.name.clone() });
    }
    statements.push(alter_table(dialect, table, &convert));
    if let Some(default) = default {
        statements.push(Statement::SetDefault { table: table.clone(), column: column.name.clone(), default });
    }
    statements
}
