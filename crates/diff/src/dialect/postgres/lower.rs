//! PostgreSQL alters everything in place.

use autogen_schema::{Check, ForeignKey, PrimaryKey, Schema, TableKind, TableName, Unique};

use super::super::{Dialect, check_clause, hazards, keys_aside, primary_key_clause, unique_clause};
use super::{Postgres, columns, create, ddl, enums, kept, names, sequences, views};
use crate::change::TableDetails;
use crate::statement::Statement;
use crate::{Change, Labelled, Step};

pub(super) fn lower(dialect: &Postgres, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
    let changes = keys_aside(changes, start, needs_key_aside);
    let made = each(dialect, &changes, start, end);
    let hazards = hazards(dialect, &changes, start, end);
    changes
        .iter()
        .zip(made)
        .zip(hazards)
        .flat_map(|((change, made), hazards)| Step::of(change, made, hazards))
        .collect()
}

/// The statements of each change.
pub(super) fn each(dialect: &Postgres, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Vec<Statement>> {
    let views = views::in_the_way(changes, start);
    let hindered = |change: &Change| !views.is_empty() && views::is_hindered(change, start);
    let first = changes.iter().position(hindered);
    let last = changes.iter().rposition(hindered);
    let mut now = start.clone();
    let mut all = Vec::with_capacity(changes.len());
    for (at, change) in changes.iter().enumerate() {
        let mut made: Vec<Statement> = create::new_schema(dialect, change, &now).into_iter().collect();
        if first == Some(at) {
            made.extend(views.iter().rev().filter_map(|view| views::drop(dialect, view)));
        }
        let kept = kept::statements(dialect, change, changes, start);
        made.extend(
            kept.unwrap_or_else(|| statements(dialect, &sequences::with_free_names(change, [start, &now]), &now)),
        );
        if last == Some(at) {
            made.extend(views.iter().map(|view| views::put_back(view)));
        }
        all.push(made);
        // The law tests hold that an ordered plan applies.
        let applied = change.apply(&mut now);
        debug_assert!(applied.is_ok(), "{applied:?}");
    }
    debug_assert_eq!(now.tables.len(), end.tables.len(), "the changes lead to the end");
    all
}

/// A key hangs on the constraint that makes its target unique, and on the columns themselves.
pub(super) fn needs_key_aside(change: &Change, _: &TableName, key: &ForeignKey) -> bool {
    let is_over = |columns: &[String]| {
        columns.len() == key.referenced_columns.len()
            && key.referenced_columns.iter().all(|name| columns.contains(name))
    };
    match change {
        Change::SetPrimaryKey { table, from: Some(from), to } => {
            let is_renamed = to.as_ref().is_some_and(|to| is_renamed(from, to));
            key.references == *table && is_over(&from.columns) && !is_renamed
        }
        Change::DropUnique { table, unique } => key.references == *table && is_over(&unique.columns),
        Change::DropIndex { table, index } => {
            let columns = index.plain_columns().unwrap_or_default().into_iter().map(str::to_owned).collect::<Vec<_>>();
            index.unique && key.references == *table && is_over(&columns)
        }
        Change::AlterColumn { table, from, to } => {
            columns::is_made_anew(from, to) && key.references == *table && key.referenced_columns.contains(&to.name)
        }
        _ => false,
    }
}

fn statements(dialect: &Postgres, change: &Change, now: &Schema) -> Vec<Statement> {
    match change.clone() {
        Change::CreateTable(table) => create::create_table(dialect, &table, now),
        Change::DropTable(table) if table.kind == TableKind::Foreign => {
            vec![Statement::Raw(format!("DROP FOREIGN TABLE {}", dialect.table_sql(&table.name)))]
        }
        Change::DropTable(table) => vec![Statement::DropTable(table.name)],
        Change::RenameTable { from, to } => vec![Statement::RenameTable { from, to }],
        Change::AddColumn { table, column } => ddl::add_column(dialect, &table, column),
        Change::DropColumn { table, column } => vec![Statement::DropColumn { table, name: column.name }],
        Change::RenameColumn { table, from, to } => vec![Statement::RenameColumn { table, from, to }],
        Change::AlterColumn { table, from, to } => columns::alter(dialect, &table, (&from, &to), now),
        Change::SetPrimaryKey { table, from, to } => set_primary_key(dialect, &table, from.as_ref(), to.as_ref()),
        Change::AddIndex { table, index } => ddl::create_index(dialect, &table, index),
        Change::DropIndex { table, index } => vec![Statement::DropIndex { table, name: index.name }],
        Change::RenameIndex { table, from, to } => {
            let old = TableName { schema: table.schema, name: from.name };
            vec![Statement::Raw(format!(
                "ALTER INDEX {} RENAME TO {}",
                dialect.table_sql(&old),
                dialect.quote(&to.name)
            ))]
        }
        Change::AddUnique { table, unique } => vec![add_unique(dialect, &table, unique)],
        Change::DropUnique { table, unique } => {
            vec![drop_constraint(dialect, &table, &unique_name(&table, &unique))]
        }
        Change::AddForeignKey { table, key } => vec![Statement::AddForeignKey { table, key }],
        Change::DropForeignKey { table, key } => {
            let name = key_name(&table, &key);
            vec![Statement::DropForeignKey { table, name }]
        }
        Change::AddCheck { table, check } => {
            let check = Check { name: Some(check_name(&table, &check)), ..check };
            let not_valid = if check.not_valid { " NOT VALID" } else { "" };
            vec![alter(dialect, &table, &format!("ADD {}{not_valid}", check_clause(dialect, &check)))]
        }
        Change::DropCheck { table, check } => vec![drop_constraint(dialect, &table, &check_name(&table, &check))],
        Change::CreateEnum(ty) => ddl::create_enum(dialect, ty),
        Change::DropEnum(ty) => vec![Statement::DropEnum(ty.name)],
        Change::AlterEnum { from, to } => enums::alter(dialect, &from, &to, now),
        Change::RenameEnumValue { of: Labelled::Type(ty), from, to } => vec![Statement::Raw(format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            dialect.enum_name_sql(&ty),
            dialect.literal(&from),
            dialect.literal(&to)
        ))],
        // The labels stand at the types here.
        Change::RenameEnumValue { of: Labelled::Column { .. }, .. } => Vec::new(),
        Change::SetTableOptions { table, from, to } => set_options(dialect, &table, &from, &to),
    }
}

/// `ALTER TABLE … <clause>` as one raw statement.
pub(super) fn alter(dialect: &Postgres, table: &TableName, clause: &str) -> Statement {
    Statement::Raw(format!("ALTER TABLE {} {clause}", dialect.table_sql(table)))
}

pub(super) fn add_unique(dialect: &Postgres, table: &TableName, unique: Unique) -> Statement {
    let unique = Unique { name: Some(unique_name(table, &unique)), ..unique };
    alter(dialect, table, &format!("ADD {}", unique_clause(dialect, &unique)))
}

fn drop_constraint(dialect: &Postgres, table: &TableName, name: &str) -> Statement {
    alter(dialect, table, &format!("DROP CONSTRAINT {}", dialect.quote(name)))
}

/// The name that the server gives to a constraint that has none; said in full, so that it can be dropped by it.
fn server_name(table: &TableName, columns: &[String], suffix: &str) -> String {
    names::made(&table.name, &columns.join("_"), suffix)
}

pub(super) fn key_name(table: &TableName, key: &ForeignKey) -> String {
    key.name.clone().unwrap_or_else(|| server_name(table, &key.columns, "fkey"))
}

pub(super) fn unique_name(table: &TableName, unique: &Unique) -> String {
    unique.name.clone().unwrap_or_else(|| server_name(table, &unique.columns, "key"))
}

pub(super) fn check_name(table: &TableName, check: &Check) -> String {
    let columns: Vec<String> = check.column.iter().cloned().collect();
    check.name.clone().unwrap_or_else(|| match columns.is_empty() {
        true => names::made_of_table(&table.name, "check"),
        false => server_name(table, &columns, "check"),
    })
}

/// Whether a key gets another name, and nothing else.
pub(super) fn is_renamed(from: &PrimaryKey, to: &PrimaryKey) -> bool {
    *from == PrimaryKey { name: from.name.clone(), ..to.clone() }
}

pub(super) fn primary_key_name(table: &TableName, key: &PrimaryKey) -> String {
    key.name.clone().unwrap_or_else(|| names::made_of_table(&table.name, "pkey"))
}

fn set_primary_key(
    dialect: &Postgres,
    table: &TableName,
    from: Option<&PrimaryKey>,
    to: Option<&PrimaryKey>,
) -> Vec<Statement> {
    let name = |key: &PrimaryKey| primary_key_name(table, key);
    if let (Some(from), Some(to)) = (from, to)
        && is_renamed(from, to)
    {
        let (from, to) = (dialect.quote(&name(from)), dialect.quote(&name(to)));
        return vec![alter(dialect, table, &format!("RENAME CONSTRAINT {from} TO {to}"))];
    }
    let drop = from.map(|key| drop_constraint(dialect, table, &name(key)));
    let add = to.map(|key| {
        let key = PrimaryKey { name: Some(name(key)), ..key.clone() };
        alter(dialect, table, &format!("ADD {}", primary_key_clause(dialect, &key)))
    });
    drop.into_iter().chain(add).collect()
}

fn set_options(dialect: &Postgres, table: &TableName, from: &TableDetails, to: &TableDetails) -> Vec<Statement> {
    let mut statements = Vec::new();
    if from.comment != to.comment {
        let comment = to.comment.as_ref().map_or_else(|| "NULL".into(), |comment| dialect.literal(comment));
        statements.push(Statement::Raw(format!("COMMENT ON TABLE {} IS {comment}", dialect.table_sql(table))));
    }
    if from.options.unlogged != to.options.unlogged {
        statements.push(alter(dialect, table, if to.options.unlogged { "SET UNLOGGED" } else { "SET LOGGED" }));
    }
    let storage = |details: &TableDetails, than: &TableDetails| -> Vec<String> {
        let own = details.options.extra.iter().filter(|option| !ddl::is_server(option));
        own.filter(|option| !than.options.extra.contains(option)).cloned().collect()
    };
    let (gone, new) = (storage(from, to), storage(to, from));
    let key = |option: &String| option.split('=').next().unwrap_or_default().trim().to_owned();
    let reset: Vec<String> =
        gone.iter().map(key).filter(|name| !new.iter().any(|option| key(option) == *name)).collect();
    if !reset.is_empty() {
        statements.push(alter(dialect, table, &format!("RESET ({})", reset.join(", "))));
    }
    if !new.is_empty() {
        statements.push(alter(dialect, table, &format!("SET ({})", new.join(", "))));
    }
    statements
}
