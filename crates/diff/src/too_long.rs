//! Names that are longer than the database takes, refused before anything runs.
//!
//! The names of indexes and constraints are not among them: those that SeaORM derives are cut as they are spelled.

use autogen_schema::{Column, Place, Table};

use crate::dialect::Dialect;
use crate::{Change, PlanError};

/// An error where the change gives such a name to a table, a column or an enum type.
pub(crate) fn refuse(dialect: &dyn Dialect, change: &Change) -> Result<(), PlanError> {
    match change {
        Change::CreateTable(table) => refuse_table(dialect, table),
        Change::RenameTable { to, .. } => refuse_name(dialect, &to.name, "the table", TABLE, None),
        Change::AddColumn { column, table } => refuse_column(dialect, &table.name, column),
        Change::RenameColumn { table, to, .. } => {
            refuse_name(dialect, to, &format!("the column of {}", table.name), COLUMN, None)
        }
        Change::CreateEnum(ty) => refuse_name(dialect, &ty.name.name, "the enum", ENUM, ty.origin.place()),
        Change::DropTable(_)
        | Change::DropColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => Ok(()),
    }
}

const TABLE: &str = "#[sea_orm(table_name = \"…\")]";
const COLUMN: &str = "#[sea_orm(column_name = \"…\")]";
const ENUM: &str = "#[sea_orm(enum_name = \"…\")]";

fn refuse_table(dialect: &dyn Dialect, table: &Table) -> Result<(), PlanError> {
    refuse_name(dialect, &table.name.name, "the table", TABLE, table.origin.place())?;
    table.columns.values().try_for_each(|column| refuse_column(dialect, &table.name.name, column))
}

fn refuse_column(dialect: &dyn Dialect, table: &str, column: &Column) -> Result<(), PlanError> {
    refuse_name(dialect, &column.name, &format!("the column of {table}"), COLUMN, column.origin.place())
}

fn refuse_name(
    dialect: &dyn Dialect,
    name: &str,
    what: &str,
    remedy: &'static str,
    place: Option<&Place>,
) -> Result<(), PlanError> {
    let Some(reason) = dialect.refusal_of_name(name) else { return Ok(()) };
    let (name, what, place) = (name.to_owned(), what.to_owned(), place.cloned().map(Box::new));
    Err(PlanError::TooLong { name, what, reason, remedy, place })
}
