//! What a change can do to data, and to those who use it meanwhile.

use autogen_schema::{Column, TableName, Type};
use serde::Serialize;

use crate::counts::About;
use crate::{Change, Labelled};

/// Something to think about before a change runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hazard {
    /// What sort of hazard it is.
    pub kind: HazardKind,
    /// One sentence that says what happens and what to do.
    pub message: String,
    /// Whether a plan in stages does without it.
    #[serde(skip)]
    pub(crate) avoidable: bool,
    /// What the live database can be asked about it.
    #[serde(skip)]
    pub(crate) about: Option<About>,
    /// The table whose size decides how much it matters.
    #[serde(skip)]
    pub(crate) weighs: Option<TableName>,
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
    pub(crate) fn new(kind: HazardKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), avoidable: false, about: None, weighs: None }
    }

    /// One that matters as much as this table is large.
    pub(crate) fn weighing(kind: HazardKind, table: &TableName, message: impl Into<String>) -> Self {
        Self { weighs: Some(table.clone()), ..Self::new(kind, message) }
    }

    /// That values lose digits, where the type of their column keeps fewer behind the point.
    pub(crate) fn rounding(change: &Change) -> Option<Self> {
        let Change::AlterColumn { table, from, to } = change else { return None };
        let scale = rounded_to(&from.ty, &to.ty)?;
        let digits = if scale == 1 { "1 digit".to_owned() } else { format!("{scale} digits") };
        let message = format!("values of {table}.{} are rounded to {digits} behind the point", to.name);
        Some(Self::counted(HazardKind::LosesData, About::Rounded, message))
    }

    /// One that the rows of the live database decide about.
    fn counted(kind: HazardKind, about: About, message: impl Into<String>) -> Self {
        Self { about: Some(about), ..Self::new(kind, message) }
    }

    /// Whether it is about how long others wait, which depends on how large the table is.
    pub fn grows_with_the_table(&self) -> bool {
        match self.kind {
            HazardKind::RewritesTable | HazardKind::BlocksWrites | HazardKind::BlocksReads => true,
            HazardKind::LosesData | HazardKind::WillFail | HazardKind::MayFail | HazardKind::BreaksOldCode => false,
        }
    }

    /// Those that a person is to read: who waits while a table is written again hears of both in one sentence.
    pub fn told(hazards: &[Self]) -> impl Iterator<Item = &Self> {
        let blocks = |kind| matches!(kind, HazardKind::BlocksWrites | HazardKind::BlocksReads);
        let someone_waits = hazards.iter().any(|hazard| blocks(hazard.kind));
        hazards.iter().filter(move |hazard| !(someone_waits && hazard.kind == HazardKind::RewritesTable))
    }
}

impl Change {
    /// What to think about before it runs, as far as the change alone tells. What it costs those who use the table
    /// meanwhile, the dialects say.
    pub fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::DropTable(table) => vec![
                Hazard::counted(
                    HazardKind::LosesData,
                    About::DroppedRows,
                    format!("all rows of {} are deleted; back them up first if anyone may want them", table.name),
                ),
                still_used(&table.name.to_string()),
            ],
            Self::DropColumn { table, column } if column.generated.is_none() => vec![
                Hazard::counted(
                    HazardKind::LosesData,
                    About::DroppedValues,
                    format!(
                        "all values of {table}.{} are deleted; back them up first if anyone may want them",
                        column.name
                    ),
                ),
                still_used(&format!("{table}.{}", column.name)),
            ],
            Self::DropColumn { table, column } => vec![still_used(&format!("{table}.{}", column.name))],
            Self::AddColumn { table, column } if needs_a_value(column) => vec![
                Hazard::counted(
                    HazardKind::MayFail,
                    About::Empty,
                    format!(
                        "{table}.{} is required and has no default, so this fails if {table} has rows; \
                         give it a default, or make it nullable, fill it, and require it in a second revision",
                        column.name
                    ),
                ),
                not_given(&format!("{table}.{}", column.name)),
            ],
            Self::AlterColumn { table, from, to } => alter_hazards(&format!("{table}.{}", to.name), from, to),
            Self::AddUnique { table, unique } => vec![Hazard::counted(
                HazardKind::MayFail,
                About::Duplicates,
                format!("fails if two rows of {table} have the same ({})", unique.columns.join(", ")),
            )],
            Self::AddIndex { table, index } if index.unique => vec![Hazard::counted(
                HazardKind::MayFail,
                About::Duplicates,
                format!("fails if two rows of {table} have the same values in {}", index.name),
            )],
            Self::AddForeignKey { table, key } if !key.not_valid => vec![Hazard::counted(
                HazardKind::MayFail,
                About::Orphans,
                format!("fails if a row of {table} refers to a row of {} that does not exist", key.references),
            )],
            Self::AddCheck { table, check } if !check.not_valid => vec![Hazard::counted(
                HazardKind::MayFail,
                About::Violations,
                format!("fails if a row of {table} does not satisfy ({})", check.expression),
            )],
            Self::SetPrimaryKey { table, to: Some(key), .. } => vec![Hazard::counted(
                HazardKind::MayFail,
                About::Keys,
                format!("fails if two rows of {table} have the same ({}), or a null there", key.columns.join(", ")),
            )],
            Self::AlterEnum { from, to } => lost_labels(&from.labels, &to.labels, &to.name.to_string()),
            Self::RenameEnumValue { of: Labelled::Column { table, column }, from, .. } => vec![
                old_name_is_used(),
                Hazard::weighing(
                    HazardKind::RewritesTable,
                    table,
                    format!("every row of {table} that has {from} in {column} is written again"),
                ),
            ],
            Self::RenameTable { .. } | Self::RenameColumn { .. } | Self::RenameEnumValue { .. } => {
                vec![old_name_is_used()]
            }
            Self::CreateTable(_)
            | Self::AddColumn { .. }
            | Self::SetPrimaryKey { .. }
            | Self::AddIndex { .. }
            | Self::DropIndex { .. }
            | Self::RenameIndex { .. }
            | Self::DropUnique { .. }
            | Self::AddForeignKey { .. }
            | Self::DropForeignKey { .. }
            | Self::AddCheck { .. }
            | Self::DropCheck { .. }
            | Self::CreateEnum(_)
            | Self::DropEnum(_)
            | Self::SetTableOptions { .. } => Vec::new(),
        }
    }
}

fn old_name_is_used() -> Hazard {
    Hazard::new(HazardKind::BreaksOldCode, "the running application still uses the old name; stop it first")
}

fn still_used(name: &str) -> Hazard {
    Hazard::new(
        HazardKind::BreaksOldCode,
        format!("the running application may use {name}; first deploy one that does not"),
    )
}

fn not_given(name: &str) -> Hazard {
    Hazard::new(HazardKind::BreaksOldCode, format!("the running application cannot insert unless it gives {name}"))
}

fn needs_a_value(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.generated.is_none() && column.auto_increment.is_none()
}

fn alter_hazards(name: &str, from: &Column, to: &Column) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    if from.nullable && !to.nullable {
        hazards.push(Hazard::counted(
            HazardKind::MayFail,
            About::Empty,
            format!("fails if a row has no value in {name}; fill the empty ones first"),
        ));
        // A default stands in for what an insert leaves out.
        if to.default.is_none() {
            hazards.push(not_given(name));
        }
    }
    if from.ty != to.ty && !only_widens(&from.ty, &to.ty) {
        hazards.push(Hazard::counted(
            HazardKind::MayFail,
            About::Misfits,
            format!("fails or changes values of {name} that do not fit {}", to.ty),
        ));
    }
    if is_read_otherwise(&from.ty, &to.ty) {
        hazards.push(Hazard::new(
            HazardKind::BreaksOldCode,
            format!("the running application takes {name} for {}; stop it first", from.ty),
        ));
    }
    hazards
}

/// Whether an application that was compiled for the first type may fail on the second.
fn is_read_otherwise(from: &Type, to: &Type) -> bool {
    if only_widens(from, to) {
        // A driver refuses to read an eight-byte number into four.
        return matches!((from, to), (Type::Integer { .. }, Type::Integer { .. }) | (Type::Float, Type::Double))
            && from != to;
    }
    match (from, to) {
        (
            Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. },
            Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. },
        )
        | (Type::Decimal { .. }, Type::Decimal { .. })
        | (Type::Json, Type::JsonBinary)
        | (Type::JsonBinary, Type::Json) => false,
        (from, to) => from != to,
    }
}

/// How many digits stay behind the point, where the second type may keep fewer than the first.
pub(crate) fn rounded_to(from: &Type, to: &Type) -> Option<u32> {
    let digits = |ty: &Type| match ty {
        // Without a precision, as many as a value has.
        Type::Decimal { precision } => Some(precision.map_or(u32::MAX, |(_, scale)| scale)),
        Type::Integer { .. } => Some(0),
        _ => None,
    };
    let (from, to) = (digits(from)?, digits(to)?);
    (to < from).then_some(to)
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
    vec![
        Hazard::counted(
            HazardKind::MayFail,
            About::LostLabels,
            format!("fails if a row still has one of the values {name} loses ({})", lost.join(", ")),
        ),
        still_used(&lost.join(", ")),
    ]
}
