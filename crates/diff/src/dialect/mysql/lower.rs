//! MySQL and MariaDB alter in place, one statement at a time, each committed by itself.

use std::borrow::Cow;

use autogen_schema::{Check, Column, ForeignKey, PrimaryKey, Schema, Table, TableName, TableOptions};

use super::super::{Dialect, Scales, check_clause, keys_aside, primary_key_clause};
use super::takeover::{add_before_dropping, has_key_over, in_one};
use super::{Mysql, columns, indexes};
use crate::change::TableDetails;
use crate::statement::Statement;
use crate::{Change, Labelled, Step};

pub(super) fn lower(dialect: &Mysql, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
    let changes = keys_aside(&number_within_keys(changes), start, |change, holder, key| {
        needs_key_aside(dialect, change, holder, key) || takes_over_for_key(dialect, changes, change, holder, key)
    });
    let [before, after] = between_renames(&changes, start, end);
    let changes = add_before_dropping(dialect, &changes, &before, &after);
    let scales = Scales::new(dialect, &changes, start, end);
    let mut now = start.clone();
    let mut steps = Vec::new();
    let mut with_last = None;
    for (at, change) in changes.iter().enumerate() {
        let both = changes.get(at..at + 2).and_then(|both| in_one(dialect, both, &now, &after));
        let made = match (std::mem::replace(&mut with_last, both), change.table()) {
            (Some(clause), Some(table)) => vec![alter(dialect, table, &clause)],
            _ if with_last.is_some() => Vec::new(),
            _ => statements(dialect, change, &now, &after),
        };
        steps.extend(Step::of(change, made, scales.hazards(change, &now)));
        // The law tests hold that an ordered plan applies.
        let applied = change.apply(&mut now);
        debug_assert!(applied.is_ok(), "{applied:?}");
    }
    steps
}

/// Both ends under the names that the changes between them use: the renames come before all others, or after them.
fn between_renames<'s>(changes: &[Change], start: &'s Schema, end: &'s Schema) -> [Cow<'s, Schema>; 2] {
    let is_rename = |change: &&Change| matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. });
    let renamed = |schema: &'s Schema, renames: Vec<Change>| {
        let mut schema = Cow::Borrowed(schema);
        for rename in renames {
            // The law tests hold that an ordered plan applies.
            let applied = rename.apply(schema.to_mut());
            debug_assert!(applied.is_ok(), "{applied:?}");
        }
        schema
    };
    [
        renamed(start, changes.iter().take_while(is_rename).cloned().collect()),
        renamed(end, changes.iter().rev().take_while(is_rename).map(Change::inverse).collect()),
    ]
}

/// A column that counts up must be in a key at every moment: it begins after the key is set, and ends before.
fn number_within_keys(changes: &[Change]) -> Vec<Change> {
    let is_about = |change: &Change, at_key: &Change| change.table() == at_key.table();
    let moves = |change: &Change, begins: bool| match change {
        Change::AlterColumn { from, to, .. } => {
            let counts = |column: &Column| column.auto_increment.is_some();
            counts(to) == begins && counts(from) != begins
        }
        _ => false,
    };
    let mut ordered = changes.to_vec();
    for key in changes.iter().filter(|change| matches!(change, Change::SetPrimaryKey { .. })) {
        for begins in [true, false] {
            let place = |change: &Change| moves(change, begins) && is_about(change, key);
            let (Some(from), Some(to)) =
                (ordered.iter().position(place), ordered.iter().position(|change| change == key))
            else {
                continue;
            };
            if (begins && from < to) || (!begins && to < from) {
                let change = ordered.remove(from);
                ordered.insert(to, change);
            }
        }
    }
    ordered
}

/// The server refuses to change a column of a foreign key, and to drop an index that a key's target needs.
fn needs_key_aside(dialect: &Mysql, change: &Change, holder: &TableName, key: &ForeignKey) -> bool {
    let at_either_end = |table: &TableName, is_over: &dyn Fn(&[String]) -> bool| {
        (holder == table && is_over(&key.columns)) || (key.references == *table && is_over(&key.referenced_columns))
    };
    match change {
        Change::AlterColumn { table, from, to } => {
            let is_changed = (&from.ty, from.nullable, &from.charset, &from.collation)
                != (&to.ty, to.nullable, &to.charset, &to.collation)
                || columns::is_made_anew(from, to)
                || from.auto_increment != to.auto_increment;
            is_changed && at_either_end(table, &|columns| columns.contains(&to.name))
        }
        Change::RenameEnumValue { of: Labelled::Column { table, column }, .. } => {
            at_either_end(table, &|columns| columns.contains(column))
        }
        Change::SetPrimaryKey { table, from: Some(from), .. } => {
            at_either_end(table, &|columns| columns.first().is_some_and(|first| from.columns.contains(first)))
        }
        Change::DropIndex { table, index } => {
            key.references == *table && indexes::leads_this(dialect.backend, index, &key.referenced_columns)
        }
        Change::SetTableOptions { table, from, to } => {
            from.options.collation != to.options.collation && at_either_end(table, &|_| true)
        }
        _ => false,
    }
}

/// Whether the change makes a target unique that an earlier one takes its uniqueness from: the key comes back after it.
fn takes_over_for_key(
    dialect: &Mysql,
    changes: &[Change],
    change: &Change,
    holder: &TableName,
    key: &ForeignKey,
) -> bool {
    let Change::AddIndex { table, index } = change else { return false };
    let loses = |other: &Change| {
        matches!(other, Change::SetPrimaryKey { .. } | Change::DropIndex { .. })
            && other.table() == Some(table)
            && needs_key_aside(dialect, other, holder, key)
    };
    index.unique
        && key.references == *table
        && indexes::leads_this(dialect.backend, index, &key.referenced_columns)
        && changes.iter().any(loses)
}

fn statements(dialect: &Mysql, change: &Change, now: &Schema, end: &Schema) -> Vec<Statement> {
    match change.clone() {
        Change::CreateTable(table) => create_table(table),
        Change::DropTable(table) => vec![Statement::DropTable(table.name)],
        Change::RenameTable { from, to } => vec![Statement::RenameTable { from, to }],
        Change::AddColumn { table, column } => vec![Statement::AddColumn { table, column }],
        Change::DropColumn { table, column } => vec![Statement::DropColumn { table, name: column.name }],
        Change::RenameColumn { table, from, to } => vec![columns::rename(dialect, table, from, to, now)],
        Change::AlterColumn { table, from, to } => columns::alter(dialect, &table, (&from, &to), now),
        Change::SetPrimaryKey { table, from, to } => set_primary_key(dialect, &table, from.as_ref(), to.as_ref()),
        // The server makes it with the key, which follows.
        Change::AddIndex { index, .. } if index.implicit && !has_key_over(dialect, now, change, &index) => Vec::new(),
        Change::AddIndex { table, index } => vec![Statement::CreateIndex { table, index }],
        // Another index has taken over for a key that stays; the server has dropped this one by itself.
        Change::DropIndex { index, .. } if index.implicit && has_key_over(dialect, end, change, &index) => Vec::new(),
        Change::DropIndex { table, index } => vec![Statement::DropIndex { table, name: index.name }],
        Change::RenameIndex { table, from, to } => {
            let (from, to) = (dialect.quote(&from.name), dialect.quote(&to.name));
            vec![alter(dialect, &table, &format!("RENAME INDEX {from} TO {to}"))]
        }
        // Spelling has made an index of every unique.
        Change::AddUnique { .. } | Change::DropUnique { .. } => Vec::new(),
        Change::AddForeignKey { table, key } => vec![Statement::AddForeignKey { table, key }],
        Change::DropForeignKey { table, key } => {
            key.name.map(|name| Statement::DropForeignKey { table, name }).into_iter().collect()
        }
        Change::AddCheck { ref table, ref check } | Change::DropCheck { ref table, ref check }
            if columns::stands_at_column(dialect, check) =>
        {
            columns::set_check(dialect, table, check, matches!(change, Change::AddCheck { .. }), now)
        }
        Change::AddCheck { table, check } => {
            vec![alter(dialect, &table, &format!("ADD {}", check_clause(dialect, &check)))]
        }
        Change::DropCheck { table, check } => drop_check(dialect, &table, &check),
        Change::RenameEnumValue { of: Labelled::Column { table, column }, from, to } => {
            columns::rename_value(dialect, &table, &column, (&from, &to), now)
        }
        // There are no enum types: the labels stand at each column, and change with it.
        Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { of: Labelled::Type(_), .. } => Vec::new(),
        Change::SetTableOptions { table, from, to } => set_options(dialect, &table, (&from, &to), now),
    }
}

/// A table, with those indexes in its own statement that it cannot do without or that the server would name otherwise.
fn create_table(mut table: Table) -> Vec<Statement> {
    let said = std::mem::take(&mut table.indexes).into_iter().filter(|index| !indexes::comes_by_itself(&table, index));
    let (within, behind) = said.partition(|index| index.implicit || indexes::is_counted(&table, index));
    table.indexes = behind;
    let (name, late) = (table.name.clone(), take_late_keys(&mut table));
    let mut statements = Statement::create_table(table);
    if let Some(Statement::CreateTable(table)) = statements.first_mut() {
        table.indexes = within;
    }
    statements.extend(late.into_iter().map(|key| Statement::AddForeignKey { table: name.clone(), key }));
    statements
}

/// Takes out the keys to the table itself over what an index behind it makes unique: they come after that index.
fn take_late_keys(table: &mut Table) -> Vec<ForeignKey> {
    let own = table.primary_key.as_ref().map(|key| key.columns.clone());
    let is_late = |key: &ForeignKey| key.references == table.name && own.as_ref() != Some(&key.referenced_columns);
    let (late, inline) = table.foreign_keys.iter().cloned().partition(is_late);
    table.foreign_keys = inline;
    late
}

pub(super) fn alter(dialect: &Mysql, table: &TableName, clause: &str) -> Statement {
    Statement::Raw(format!("ALTER TABLE {} {clause}", dialect.table_sql(table)))
}

fn drop_check(dialect: &Mysql, table: &TableName, check: &Check) -> Vec<Statement> {
    let drop = |name: &String| alter(dialect, table, &format!("DROP CONSTRAINT {}", dialect.quote(name)));
    check.name.as_ref().map(drop).into_iter().collect()
}

fn set_primary_key(
    dialect: &Mysql,
    table: &TableName,
    from: Option<&PrimaryKey>,
    to: Option<&PrimaryKey>,
) -> Vec<Statement> {
    let drop = from.map(|_| "DROP PRIMARY KEY".to_owned());
    let add = to.map(|key| format!("ADD {}", primary_key_clause(dialect, key)));
    // One statement: a column that counts up must be in a key at every moment.
    let clauses: Vec<String> = drop.into_iter().chain(add).collect();
    if clauses.is_empty() { Vec::new() } else { vec![alter(dialect, table, &clauses.join(", "))] }
}

fn set_options(
    dialect: &Mysql,
    table: &TableName,
    (from, to): (&TableDetails, &TableDetails),
    now: &Schema,
) -> Vec<Statement> {
    let (old, new) = (&from.options, &to.options);
    let said = if old == new { TableOptions::default() } else { new.clone() };
    let comment = (from.comment != to.comment).then(|| to.comment.as_deref().unwrap_or_default());
    let mut clauses = dialect.options_sql(&said, comment);
    if old.partition.is_some() && new.partition.is_none() {
        clauses.push_str(" REMOVE PARTITIONING");
    }
    let clauses = clauses.trim();
    if clauses.is_empty() {
        return Vec::new();
    }
    let mut statements = vec![alter(dialect, table, clauses)];
    if (&old.charset, &old.collation) != (&new.charset, &new.collation)
        && let Some(table) = now.tables.get(table)
    {
        statements.extend(columns::follow_table(dialect, table));
    }
    statements
}
