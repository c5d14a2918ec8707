//! Changing what a column is: all of it is said again.
//! See https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html

use autogen_schema::{
    Backend, Check, Column, DefaultValue, GeneratedKind, Index, IndexKey, Schema, Table, TableName, Type,
};

use super::super::{Dialect, check_clause};
use super::Mysql;
use super::lower::alter as alter_table;
use crate::identifiers::{mentions, renamed};
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

/// Gives a value of an enum another name: the column takes both, the rows go over, and the column keeps the new one
/// alone, with its default. A label that is not in the list anymore would leave its rows without a value.
pub(super) fn rename_value(
    dialect: &Mysql,
    table: &TableName,
    column: &str,
    (from, to): (&str, &str),
    now: &Schema,
) -> Vec<Statement> {
    let holder = now.tables.get(table);
    let Some(column) = holder.and_then(|holder| holder.columns.get(column)) else { return Vec::new() };
    let Type::Enum { labels, .. } = &column.ty else { return Vec::new() };
    let mut after = column.clone();
    let renamed = labels.iter().map(|label| if label == from { to } else { label });
    after.ty = Type::Enum { name: None, labels: renamed.map(str::to_owned).collect() };
    if column.default == Some(DefaultValue::Text(from.to_owned())) {
        after.default = Some(DefaultValue::Text(to.to_owned()));
    }
    // To the column's collation both may be one value; then it takes no list with both, and follows by itself.
    if from.to_lowercase() == to.to_lowercase() && !tells_case(column, holder) {
        return vec![modify(dialect, table, &after, holder)];
    }
    let mut both = column.clone();
    both.ty = Type::Enum { name: None, labels: labels.iter().cloned().chain([to.to_owned()]).collect() };
    let name = dialect.quote(&column.name);
    // `ON UPDATE` is for what the application writes.
    let stamps = holder.into_iter().flat_map(|holder| holder.columns.values());
    let kept = stamps.filter(|other| other.on_update.is_some()).map(|other| dialect.quote(&other.name));
    let kept: String = kept.map(|other| format!(", {other} = {other}")).collect();
    let update = format!(
        "UPDATE {} SET {name} = {}{kept} WHERE {name} = {}",
        dialect.table_sql(table),
        dialect.literal(to),
        dialect.literal(from)
    );
    vec![modify(dialect, table, &both, holder), Statement::Raw(update), modify(dialect, table, &after, holder)]
}

/// Whether `a` and `A` are two values in this column.
fn tells_case(column: &Column, holder: Option<&Table>) -> bool {
    let of_table = holder.and_then(|holder| holder.options.collation.as_ref());
    let collation = column.collation.as_ref().or(of_table);
    collation.is_some_and(|name| name == "binary" || name.ends_with("_bin") || name.contains("_cs"))
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

/// Renames a column. MySQL refuses that while a check names it, and takes another check in its place in one statement;
/// MariaDB takes the new name over into its checks.
pub(super) fn rename(dialect: &Mysql, table: TableName, from: String, to: String, now: &Schema) -> Statement {
    let checks = now.tables.get(&table).filter(|_| dialect.backend == Backend::Mysql).map(|holder| &holder.checks);
    let named = checks.into_iter().flatten().filter(|check| mentions(&check.expression, &from));
    let (mut drops, mut adds) = (Vec::new(), Vec::new());
    for check in named {
        drops.extend(check.name.as_ref().map(|name| format!("DROP CHECK {}", dialect.quote(name))));
        let check = Check { expression: renamed(&check.expression, &from, &to), ..check.clone() };
        adds.push(format!("ADD {}", check_clause(dialect, &check)));
    }
    if drops.is_empty() {
        return Statement::RenameColumn { table, from, to };
    }
    drops.push(format!("RENAME COLUMN {} TO {}", dialect.quote(&from), dialect.quote(&to)));
    drops.extend(adds);
    alter_table(dialect, &table, &drops.join(", "))
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

pub(super) fn is_over(index: &Index, column: &str) -> bool {
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
