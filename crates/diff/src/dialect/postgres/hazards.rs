//! What changes cost on PostgreSQL: which lock they hold while they go through rows.
//! See https://www.postgresql.org/docs/current/sql-altertable.html and
//! https://www.postgresql.org/docs/current/explicit-locking.html

use autogen_schema::{
    AutoIncrement, Check, Column, DefaultValue, EnumType, GeneratedKind, Schema, Table, TableName, Type,
};

use super::super::weight::{ONLINE, QUIET, Scales, Waits, Weight, Work, calls};
use super::{Postgres, columns, enums, kept, lower, online};
use crate::Change;
use crate::order::uses_enum;

const NEW_COLUMN: &str = "if it is large, fill a new column instead";
const FILL_LATER: &str = "if it is large, add it without the default and fill it later";

/// Locks that are held for a moment are left out: those of renames, drops, defaults, comments, and of whatever the
/// catalog alone tells.
pub(super) fn weigh(dialect: &Postgres, change: &Change, now: &Schema, scales: &Scales<'_>) -> Vec<Weight> {
    match change {
        Change::AddColumn { table, column } if is_computed_for_each_row(column) => {
            vec![Weight::of(table, Work::Rewrite, Waits::Everybody, FILL_LATER)]
        }
        Change::AlterColumn { table, from, to } => {
            altered(table, (from, to), now, remedy(change, table, now)).into_iter().collect()
        }
        Change::SetPrimaryKey { from: Some(from), to: Some(to), .. } if lower::is_renamed(from, to) => Vec::new(),
        Change::SetPrimaryKey { table, to: Some(_), .. } => {
            vec![Weight::of(table, Work::Index, Waits::Everybody, remedy(change, table, now))]
        }
        // A constraint that only gets another name is not checked again; one that is only checked blocks nobody.
        Change::AddUnique { .. } | Change::AddForeignKey { .. } | Change::AddCheck { .. }
            if kept::statements(dialect, change, scales.changes, scales.start).is_some() =>
        {
            Vec::new()
        }
        Change::AddUnique { table, .. } => {
            vec![Weight::of(table, Work::Index, Waits::Everybody, remedy(change, table, now))]
        }
        Change::AddIndex { table, .. } => {
            vec![Weight::of(table, Work::Index, Waits::Writers, remedy(change, table, now))]
        }
        Change::AddForeignKey { table, key } if !key.not_valid => {
            let other = (key.references != *table).then(|| key.references.clone());
            let tables = std::iter::once(table.clone()).chain(other).collect();
            vec![Weight { tables, work: Work::Check, waits: Waits::Writers, remedy: remedy(change, table, now) }]
        }
        Change::AddCheck { table, check } if !check.not_valid => {
            vec![Weight::of(table, Work::Check, Waits::Everybody, remedy(change, table, now))]
        }
        Change::AlterEnum { from, to } if !enums::only_gains(from, to) => made_anew(to, now),
        Change::SetTableOptions { table, from, to } if from.options.unlogged != to.options.unlogged => {
            vec![Weight::of(table, Work::Rewrite, Waits::Everybody, QUIET)]
        }
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => Vec::new(),
    }
}

/// What to do about a table whose rows are gone through. There is not a way to do that in stages for every one.
fn remedy(change: &Change, table: &TableName, now: &Schema) -> &'static str {
    let takes_stages = now.tables.get(table).is_none_or(online::takes_stages);
    if takes_stages && online::can_be_built(change) { ONLINE } else { QUIET }
}

/// Every table that has a column of the type is taken over to the new one.
fn made_anew(ty: &EnumType, now: &Schema) -> Vec<Weight> {
    let uses = |table: &&Table| table.columns.values().any(|column| uses_enum(&column.ty, &ty.name));
    let weight = |table: &Table| Weight::of(&table.name, Work::Rewrite, Waits::Everybody, QUIET);
    now.tables.values().filter(uses).map(weight).collect()
}

fn altered(table: &TableName, (from, to): (&Column, &Column), now: &Schema, remedy: &'static str) -> Option<Weight> {
    let rewrite = |remedy| Some(Weight::of(table, Work::Rewrite, Waits::Everybody, remedy));
    if columns::is_made_anew(from, to) {
        return if is_computed_for_each_row(to) { rewrite(QUIET) } else { None };
    }
    if from.ty != to.ty && !stays_as_it_is(&from.ty, &to.ty) {
        return rewrite(NEW_COLUMN);
    }
    let holder = now.tables.get(table);
    let is_indexed = holder.is_some_and(|holder| is_indexed(holder, &to.name));
    if from.collation != to.collation && is_indexed {
        return Some(Weight::of(table, Work::Index, Waits::Everybody, QUIET));
    }
    let is_required = from.nullable && !to.nullable;
    let is_checked = holder.is_some_and(|holder| holder.checks.iter().any(|check| requires(check, &to.name)));
    (is_required && !is_checked).then(|| Weight::of(table, Work::Check, Waits::Everybody, remedy))
}

/// Whether an index has the column in it.
fn is_indexed(table: &Table, column: &str) -> bool {
    let within = |columns: &[String]| columns.iter().any(|name| name == column);
    table.indexes.iter().any(|index| enums::index_mentions(index, column))
        || table.uniques.iter().any(|unique| within(&unique.columns))
        || table.primary_key.iter().any(|key| within(&key.columns))
}

/// Whether the server knows from this check that no row is without a value, and so need not look.
fn requires(check: &Check, column: &str) -> bool {
    let plain: String = check.expression.chars().filter(|letter| !"()\" ".contains(*letter)).collect();
    !check.not_valid && plain.eq_ignore_ascii_case(&format!("{}ISNOTNULL", column.replace(['"', ' '], "")))
}

/// Whether a new column has a value of its own in each row, so that each is written again. A default that is the same
/// for all rows stands in the catalog alone.
fn is_computed_for_each_row(column: &Column) -> bool {
    let stored = column.generated.as_ref().is_some_and(|generated| generated.kind == GeneratedKind::Stored);
    let numbered = match column.auto_increment {
        Some(AutoIncrement::Serial { .. } | AutoIncrement::Identity(_)) => true,
        Some(AutoIncrement::Unspecified | AutoIncrement::Keyword) | None => false,
    };
    let volatile = matches!(&column.default, Some(DefaultValue::Expression(sql)) if is_volatile(sql));
    stored || numbered || volatile
}

/// Functions that give the same all through a statement. Any other is taken for one that does not: the server would have
/// to be asked.
const STABLE: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "to_char",
    "date_trunc",
    "timezone",
    "lower",
    "upper",
    "coalesce",
    "array",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "json_build_array",
    "make_interval",
    "char",
    "varchar",
    "numeric",
    "decimal",
    "timestamp",
    "timestamptz",
    "time",
    "bit",
    "varying",
    "interval",
];

fn is_volatile(sql: &str) -> bool {
    calls(sql).any(|name| !STABLE.contains(&name.as_str()))
}

/// Whether values of the first type are values of the second as they lie there, and are as they are wanted: nothing is
/// written, and nothing is read.
fn stays_as_it_is(from: &Type, to: &Type) -> bool {
    let most = |digits: &Option<u32>| digits.unwrap_or(6);
    match (from, to) {
        (Type::Varchar { .. } | Type::Text { .. }, Type::Varchar { length: None } | Type::Text { .. }) => true,
        (Type::Varchar { length: Some(from) }, Type::Varchar { length: Some(to) }) => from <= to,
        (Type::VarBit { .. }, Type::VarBit { length: None }) => true,
        (Type::VarBit { length: Some(from) }, Type::VarBit { length: Some(to) }) => from <= to,
        (Type::Decimal { .. }, Type::Decimal { precision: None }) => true,
        (Type::Decimal { precision: Some((digits, scale)) }, Type::Decimal { precision: Some((more, same)) }) => {
            digits <= more && scale == same
        }
        (Type::DateTime { precision: from }, Type::DateTime { precision: to })
        | (Type::TimestampWithTimeZone { precision: from }, Type::TimestampWithTimeZone { precision: to }) => {
            most(from) <= most(to)
        }
        (
            Type::Time { precision: from, with_time_zone: zoned },
            Type::Time { precision: to, with_time_zone: still_zoned },
        ) => zoned == still_zoned && most(from) <= most(to),
        _ => false,
    }
}
