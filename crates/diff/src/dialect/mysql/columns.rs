//! Changing what a column is: all of it is said again.
//! See https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html

use autogen_schema::{Backend, Check, Column, GeneratedKind, Index, IndexKey, Schema, Table, TableName, Type};

use super::super::{Dialect, check_clause};
use super::Mysql;
use super::lower::alter as alter_table;
use crate::identifiers::mentions;
use crate::statement::Statement;

/// The statements that make `to` of `from`; `now` is the schema meanwhile.
pub(super) fn alter(
    dialect: &Mysql,
    table: &TableName,
    (from, to): (&Column, &Column),
    now: &Schema,
) -> Vec<Statement> {
    let holder = now.tables.get(table);
    if is_made_anew(from, to) {
        return make_anew(dialect, table, to, holder);
    }
    vec![modify(dialect, table, to, holder)]
}

/// Neither server turns a column that it computes when read into one that it keeps, or back.
pub(super) fn is_made_anew(from: &Column, to: &Column) -> bool {
    let kind = |column: &Column| column.generated.as_ref().map(|generated| generated.kind);
    let is_virtual = |kind: Option<GeneratedKind>| kind == Some(GeneratedKind::Virtual);
    let (from, to) = (kind(from), kind(to));
    from != to && (is_virtual(from) || is_virtual(to) || to.is_some())
}

/// On MariaDB, a check that stands at the column is a part of it, and would go with a definition that lacks it.
fn modify(dialect: &Mysql, table: &TableName, column: &Column, holder: Option<&Table>) -> Statement {
    let at_column = |check: &&Check| stands_at_column(dialect, check) && check.column.as_ref() == Some(&column.name);
    let checks: Vec<&Check> = holder.into_iter().flat_map(|table| &table.checks).filter(at_column).collect();
    if checks.is_empty() {
        return Statement::ModifyColumn { table: table.clone(), column: column.clone() };
    }
    alter_table(dialect, table, &format!("MODIFY COLUMN {}", with_checks(dialect, column, &checks)))
}

fn with_checks(dialect: &Mysql, column: &Column, checks: &[&Check]) -> String {
    let mut sql = dialect.column_sql(column, None);
    for check in checks {
        sql.push_str(&format!(" CHECK ({})", check.expression));
    }
    sql
}

/// Whether the server keeps this check as a part of its column.
pub(super) fn stands_at_column(dialect: &Mysql, check: &Check) -> bool {
    dialect.backend == Backend::Mariadb && check.column.is_some()
}

/// Gives such a check to its column, or takes it away.
pub(super) fn set_check(
    dialect: &Mysql,
    table: &TableName,
    check: &Check,
    is_there: bool,
    now: &Schema,
) -> Vec<Statement> {
    let holder = now.tables.get(table);
    let column = check.column.as_ref().and_then(|name| holder?.columns.get(name));
    let Some(column) = column else { return Vec::new() };
    let checks: Vec<&Check> = if is_there { vec![check] } else { Vec::new() };
    vec![alter_table(dialect, table, &format!("MODIFY COLUMN {}", with_checks(dialect, column, &checks)))]
}

/// Drops the column and adds it, and puts back what goes with it.
fn make_anew(dialect: &Mysql, table: &TableName, to: &Column, holder: Option<&Table>) -> Vec<Statement> {
    let (mut aside, mut back) = (Vec::new(), Vec::new());
    if let Some(holder) = holder {
        for check in holder.checks.iter().filter(|check| mentions(&check.expression, &to.name)) {
            if let Some(name) = check.name.as_ref().filter(|_| !stands_at_column(dialect, check)) {
                aside.push(alter_table(dialect, table, &format!("DROP CONSTRAINT {}", dialect.quote(name))));
                back.push(alter_table(dialect, table, &format!("ADD {}", check_clause(dialect, check))));
            }
        }
        for index in holder.indexes.iter().filter(|index| is_over(index, &to.name)) {
            aside.push(Statement::DropIndex { table: table.clone(), name: index.name.clone() });
            back.push(Statement::CreateIndex { table: table.clone(), index: index.clone() });
        }
    }
    aside.push(Statement::DropColumn { table: table.clone(), name: to.name.clone() });
    aside.push(Statement::AddColumn { table: table.clone(), column: to.clone() });
    aside.into_iter().chain(back).collect()
}

fn is_over(index: &Index, column: &str) -> bool {
    index.parts.iter().any(|part| match &part.key {
        IndexKey::Column(name) => name == column,
        IndexKey::Expression(sql) => mentions(sql, column),
    })
}

/// Columns that say no collation have the table's, which they do not take over by themselves when it changes.
pub(super) fn follow_table(dialect: &Mysql, table: &Table) -> Vec<Statement> {
    let follows = |column: &&Column| is_text(&column.ty) && column.collation.is_none() && column.charset.is_none();
    let columns = table.columns.values().filter(follows);
    columns.map(|column| modify(dialect, &table.name, column, Some(table))).collect()
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } | Type::Enum { .. } => true,
        Type::Other { text } => text.to_ascii_lowercase().starts_with("set"),
        _ => false,
    }
}
