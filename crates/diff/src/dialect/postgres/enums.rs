//! Changing the labels of an enum type. See https://www.postgresql.org/docs/current/sql-altertype.html

use autogen_schema::{Column, DefaultValue, EnumName, EnumType, Index, IndexKey, Schema, Table, TableName, Type};

use super::super::{Dialect, check_clause};
use super::Postgres;
use super::lower::alter as alter_table;
use crate::identifiers::mentions;
use crate::order::uses_enum;
use crate::statement::Statement;

/// A type that only gains labels gains them one by one, each in its place. Any other change makes the type anew and
/// takes every column over to it, which fails on a value that the new type does not have.
pub(super) fn alter(dialect: &Postgres, from: &EnumType, to: &EnumType, now: &Schema) -> Vec<Statement> {
    let mut statements =
        if only_gains(from, to) { add_values(dialect, from, to) } else { make_anew(dialect, from, to, now) };
    let commented = if only_gains(from, to) { from.comment.as_ref() } else { to.comment.as_ref() };
    if commented != to.comment.as_ref() {
        let comment = to.comment.as_ref().map_or_else(|| "NULL".into(), |comment| dialect.literal(comment));
        statements.push(Statement::Raw(format!("COMMENT ON TYPE {} IS {comment}", dialect.enum_name_sql(&to.name))));
    }
    statements
}

/// Whether the type keeps its labels in their order.
pub(super) fn only_gains(from: &EnumType, to: &EnumType) -> bool {
    to.labels.iter().filter(|label| from.labels.contains(label)).eq(&from.labels)
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
    let mut statements = Vec::new();
    let mut back = Vec::new();
    let mut columns = Vec::new();
    for table in now.tables.values() {
        for column in table.columns.values().filter(|column| uses_enum(&column.ty, &to.name)) {
            let (aside, again) = what_compares(dialect, table, &column.name);
            statements
                .extend(aside.into_iter().filter(|statement| !statements.contains(statement)).collect::<Vec<_>>());
            back.extend(again.into_iter().filter(|statement| !back.contains(statement)).collect::<Vec<_>>());
            columns.extend(take_over(dialect, &table.name, column, to));
        }
    }
    statements.push(rename);
    statements.extend(super::ddl::create_enum(dialect, to.clone()));
    statements.extend(columns);
    statements.extend(back);
    statements.push(Statement::DropEnum(old));
    statements
}

/// Checks and the conditions and expressions of indexes compare with values of the old type: they go and come back.
fn what_compares(dialect: &Postgres, table: &Table, column: &str) -> (Vec<Statement>, Vec<Statement>) {
    let (mut aside, mut back) = (Vec::new(), Vec::new());
    for check in table.checks.iter().filter(|check| mentions(&check.expression, column)) {
        if let Some(name) = &check.name {
            aside.push(alter_table(dialect, &table.name, &format!("DROP CONSTRAINT {}", dialect.quote(name))));
            back.push(alter_table(dialect, &table.name, &format!("ADD {}", check_clause(dialect, check))));
        }
    }
    let has_expression = |index: &&Index| {
        index.predicate.is_some() || index.parts.iter().any(|part| matches!(part.key, IndexKey::Expression(_)))
    };
    for index in table.indexes.iter().filter(has_expression).filter(|index| index_mentions(index, column)) {
        aside.push(Statement::DropIndex { table: table.name.clone(), name: index.name.clone() });
        back.extend(super::ddl::create_index(dialect, &table.name, index.clone()));
    }
    (aside, back)
}

/// Whether an index has anything to do with this column.
pub(super) fn index_mentions(index: &Index, column: &str) -> bool {
    let part = |key: &IndexKey| match key {
        IndexKey::Column(name) => name == column,
        IndexKey::Expression(sql) => mentions(sql, column),
    };
    index.parts.iter().any(|index| part(&index.key))
        || index.predicate.as_ref().is_some_and(|sql| mentions(sql, column))
        || index.include.iter().any(|name| name == column)
}

fn take_over(dialect: &Postgres, table: &TableName, column: &Column, to: &EnumType) -> Vec<Statement> {
    let (name, ty) = (dialect.quote(&column.name), dialect.type_sql(&column.ty));
    let text = if matches!(column.ty, Type::Array { .. }) { "text[]" } else { "text" };
    let convert = format!("ALTER COLUMN {name} TYPE {ty} USING {name}::{text}::{ty}");
    let mut statements = Vec::new();
    let default = column.default.clone();
    if default.is_some() {
        statements.push(Statement::DropDefault { table: table.clone(), column: column.name.clone() });
    }
    statements.push(alter_table(dialect, table, &convert));
    // A default that the type loses goes with the label; the column's own change gives it another one.
    let is_lost = |default: &DefaultValue| matches!(default, DefaultValue::Text(label) if !to.labels.contains(label));
    if let Some(default) = default.filter(|default| !is_lost(default) || matches!(column.ty, Type::Array { .. })) {
        statements.push(Statement::SetDefault { table: table.clone(), column: column.name.clone(), default });
    }
    statements
}
