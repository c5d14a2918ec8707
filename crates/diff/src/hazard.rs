//! What a change can do to data, and to those who use it meanwhile.

use autogen_schema::{Column, Type};
use serde::Serialize;

use crate::{Change, Labelled};

/// Something to think about before a change runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hazard {
    /// What sort of hazard it is.
    pub kind: HazardKind,
    /// One sentence that says what happens and what to do.
    pub message: String,
}

/// The sorts of hazards, as the JSON report names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    /// Values or rows are gone afterwards.
    LosesData,
    /// Existing rows make it fail, as the database was when it was read.
    WillFail,
    /// Existing rows can make it fail.
    MayFail,
    /// Every row is written again.
    RewritesTable,
    /// Nobody can write meanwhile.
    BlocksWrites,
    /// Nobody can read meanwhile.
    BlocksReads,
    /// The version of the application that runs now stops working.
    BreaksOldCode,
}

impl Hazard {
    fn new(kind: HazardKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl Change {
    /// What to think about before it runs, as far as the change alone tells.
    pub fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::DropTable(table) => vec![Hazard::new(
                HazardKind::LosesData,
                format!("all rows of {} are deleted; back them up first if anyone may want them", table.name),
            )],
            Self::DropColumn { table, column } if column.generated.is_none() => vec![Hazard::new(
                HazardKind::LosesData,
                format!(
                    "all values of {table}.{} are deleted; back them up first if anyone may want them",
                    column.name
                ),
            )],
            Self::AddColumn { table, column } if needs_a_value(column) => vec![Hazard::new(
                HazardKind::MayFail,
                format!(
                    "{table}.{} is required and has no default, so this fails if {table} has rows; \
                     give it a default, or make it nullable, fill it, and require it in a second revision",
                    column.name
                ),
            )],
            Self::AlterColumn { table, from, to } => alter_hazards(&format!("{table}.{}", to.name), from, to),
            Self::AddUnique { table, unique } => vec![Hazard::new(
                HazardKind::MayFail,
                format!("fails if two rows of {table} have the same ({})", unique.columns.join(", ")),
            )],
            Self::AddIndex { table, index } if index.unique => vec![Hazard::new(
                HazardKind::MayFail,
                format!("fails if two rows of {table} have the same values in {}", index.name),
            )],
            Self::AddForeignKey { table, key } => vec![Hazard::new(
                HazardKind::MayFail,
                format!("fails if a row of {table} refers to a row of {} that does not exist", key.references),
            )],
            Self::AddCheck { table, check } => vec![Hazard::new(
                HazardKind::MayFail,
                format!("fails if a row of {table} does not satisfy ({})", check.expression),
            )],
            Self::SetPrimaryKey { table, to: Some(key), .. } => vec![Hazard::new(
                HazardKind::MayFail,
                format!("fails if two rows of {table} have the same ({}), or a null there", key.columns.join(", ")),
            )],
            Self::AlterEnum { from, to } => lost_labels(&from.labels, &to.labels, &to.name.to_string()),
            Self::RenameEnumValue { of: Labelled::Column { table, column }, from, .. } => vec![
                old_name_is_used(),
                Hazard::new(
                    HazardKind::RewritesTable,
                    format!("every row of {table} that has {from} in {column} is written again"),
                ),
            ],
            Self::RenameTable { .. } | Self::RenameColumn { .. } | Self::RenameEnumValue { .. } => {
                vec![old_name_is_used()]
            }
            Self::CreateTable(_)
            | Self::AddColumn { .. }
            | Self::DropColumn { .. }
            | Self::SetPrimaryKey { .. }
            | Self::AddIndex { .. }
            | Self::DropIndex { .. }
            | Self::RenameIndex { .. }
            | Self::DropUnique { .. }
            | Self::DropForeignKey { .. }
            | Self::DropCheck { .. }
            | Self::CreateEnum(_)
            | Self::DropEnum(_)
            | Self::SetTableOptions { .. } => Vec::new(),
        }
    }
}

fn old_name_is_used() -> Hazard {
    Hazard::new(
        HazardKind::BreaksOldCode,
        "the version of the application that runs now still uses the old name; stop it first",
    )
}

fn needs_a_value(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.generated.is_none() && column.auto_increment.is_none()
}

fn alter_hazards(name: &str, from: &Column, to: &Column) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    if from.nullable && !to.nullable {
        hazards.push(Hazard::new(
            HazardKind::MayFail,
            format!("fails if a row has no value in {name}; fill the empty ones first"),
        ));
    }
    if from.ty != to.ty && !only_widens(&from.ty, &to.ty) {
        hazards.push(Hazard::new(
            HazardKind::MayFail,
            format!("fails or changes values of {name} that do not fit {}", to.ty),
        ));
    }
    hazards
}

/// Whether every value of the first type is one of the second, on every database.
fn only_widens(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Varchar { length: Some(from) }, Type::Varchar { length: Some(to) }) => from <= to,
        (Type::Varchar { .. } | Type::Char { .. }, Type::Text { .. } | Type::Varchar { length: None }) => true,
        (Type::Integer { width: from, unsigned: false }, Type::Integer { width: to, unsigned: false }) => from <= to,
        (
            Type::Decimal { precision: Some((digits, scale)) },
            Type::Decimal { precision: Some((to_digits, to_scale)) },
        ) => scale <= to_scale && digits.saturating_sub(*scale) <= to_digits.saturating_sub(*to_scale),
        (Type::Float, Type::Double) => true,
        (Type::Enum { labels: from, .. }, Type::Enum { labels: to, .. }) => from.iter().all(|label| to.contains(label)),
        _ => false,
    }
}

fn lost_labels(from: &[String], to: &[String], name: &str) -> Vec<Hazard> {
    let lost: Vec<&str> = from.iter().filter(|label| !to.contains(label)).map(String::as_str).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    vec![Hazard::new(
        HazardKind::MayFail,
        format!("fails if a row still has one of the values {name} loses ({})", lost.join(", ")),
    )]
}
