//! Constraints that only get another name, or are only to be checked: neither needs them to be made again.

use autogen_schema::{Check, ForeignKey, Schema, TableName, Unique};

use super::super::Dialect;
use super::Postgres;
use super::lower::alter;
use crate::Change;
use crate::order::names::taken;
use crate::statement::Statement;

/// What is done with a constraint that a plan drops and adds again, for the change that adds it.
struct Kept {
    table: TableName,
    from: String,
    to: String,
    validated: bool,
}

/// The statements of a change that belongs to a kept constraint: none where it is dropped, the rename and the check
/// where it is added. `None` for every other change.
pub(super) fn statements(
    dialect: &Postgres,
    change: &Change,
    changes: &[Change],
    start: &Schema,
) -> Option<Vec<Statement>> {
    let is_drop = |change: &Change| {
        matches!(change, Change::DropUnique { .. } | Change::DropForeignKey { .. } | Change::DropCheck { .. })
    };
    if is_drop(change) {
        return changes.iter().any(|add| kept(change, add, changes, start).is_some()).then(Vec::new);
    }
    let kept = changes.iter().filter(|drop| is_drop(drop)).find_map(|drop| kept(drop, change, changes, start))?;
    let mut statements = Vec::new();
    if kept.from != kept.to {
        let (from, to) = (dialect.quote(&kept.from), dialect.quote(&kept.to));
        statements.push(alter(dialect, &kept.table, &format!("RENAME CONSTRAINT {from} TO {to}")));
    }
    if kept.validated {
        let name = dialect.quote(&kept.to);
        statements.push(alter(dialect, &kept.table, &format!("VALIDATE CONSTRAINT {name}")));
    }
    Some(statements)
}

fn kept(drop: &Change, add: &Change, changes: &[Change], start: &Schema) -> Option<Kept> {
    let (table, from, to, validated) = match (drop, add) {
        (Change::DropUnique { table, unique: from }, Change::AddUnique { table: holder, unique: to })
            if table == holder && *from == (Unique { name: from.name.clone(), ..to.clone() }) =>
        {
            (table, &from.name, &to.name, false)
        }
        (Change::DropForeignKey { table, key: from }, Change::AddForeignKey { table: holder, key: to })
            if table == holder
                && from.not_valid >= to.not_valid
                && *from == (ForeignKey { name: from.name.clone(), not_valid: from.not_valid, ..to.clone() }) =>
        {
            (table, &from.name, &to.name, from.not_valid && !to.not_valid)
        }
        (Change::DropCheck { table, check: from }, Change::AddCheck { table: holder, check: to })
            if table == holder
                && from.not_valid >= to.not_valid
                && *from == (Check { name: from.name.clone(), not_valid: from.not_valid, ..to.clone() }) =>
        {
            (table, &from.name, &to.name, from.not_valid && !to.not_valid)
        }
        _ => return None,
    };
    let (from, to) = (from.clone()?, to.clone()?);
    // The same constraint twice over is a key that was put aside.
    if from == to && !validated {
        return None;
    }
    // What takes the old name may come before the rename.
    let is_wanted =
        |change: &Change| taken(change).iter().any(|(schema, name)| *schema == table.schema && *name == from);
    if from != to && changes.iter().any(is_wanted) {
        return None;
    }
    (from == to || is_free(start.tables.get(table)?, &to)).then(|| Kept { table: table.clone(), from, to, validated })
}

fn is_free(table: &autogen_schema::Table, name: &str) -> bool {
    let named = |other: &Option<String>| other.as_deref() == Some(name);
    !(table.uniques.iter().any(|unique| named(&unique.name))
        || table.foreign_keys.iter().any(|key| named(&key.name))
        || table.checks.iter().any(|check| named(&check.name))
        || table.primary_key.iter().any(|key| named(&key.name))
        || table.indexes.iter().any(|index| index.name == name))
}
