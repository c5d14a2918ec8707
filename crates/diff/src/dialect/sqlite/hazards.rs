//! What changes cost on SQLite: one writer at a time has the whole database, for as long as the statement takes.
//! See https://www.sqlite.org/lockingv3.html and https://www.sqlite.org/lang_altertable.html

use super::super::weight::{QUIET, Scales, Waits, Weight, Work};
use super::lower::is_folded;
use crate::Change;

/// Everything else changes the text of the schema alone.
pub(super) fn weigh(change: &Change, scales: &Scales<'_>) -> Vec<Weight> {
    if let Some(table) = change.table().filter(|table| is_folded(change) && scales.rebuilt.contains(*table)) {
        return vec![Weight::of(table, Work::Rewrite, Waits::EveryWriter, QUIET)];
    }
    match change {
        Change::AddIndex { table, .. } | Change::RenameIndex { table, .. } => {
            vec![Weight::of(table, Work::Index, Waits::EveryWriter, QUIET)]
        }
        // The values are taken out of every row.
        Change::DropColumn { table, .. } => vec![Weight::of(table, Work::Rewrite, Waits::EveryWriter, QUIET)],
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::DropIndex { .. }
        | Change::AddUnique { .. }
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
