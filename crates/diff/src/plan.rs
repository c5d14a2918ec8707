//! From two schemas to a plan.

use std::collections::BTreeMap;

use autogen_schema::{Backend, Column, EnumName, Notice, Place, Rename, Schema, TableName, Type};

use crate::dialect::{Dialect, dialect, hazards, spell, unqualify};
use crate::filter::leave_out;
use crate::online::Staging;
use crate::order::uses_enum;
use crate::renames::{Asked, Renames};
use crate::settle::{Settled, Sides, settle};
use crate::spellings::{Questions, Spellings};
use crate::statement::Statement;
use crate::suspicion::{self, Suspicion, suspicions};
use crate::{Change, Hazard, Lock, Settings, Size, Step, accepted, compare, order, too_long};

/// What is compared, and how.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The database as it is.
    pub live: &'a Schema,
    /// What the entities say, or another database.
    pub desired: &'a Schema,
    /// How much of a database `desired` speaks of.
    pub coverage: Coverage,
    /// What they said at the last revision.
    pub memory: Option<&'a Lock>,
    /// Renames that entities speak of, which may have been made long ago.
    pub renames: &'a [Rename],
    /// Renames that somebody has just decided, which were not made yet.
    pub decided: &'a [Rename],
    /// The database's kind.
    pub backend: Backend,
    /// Where tables without a schema live.
    pub default_schema: Option<&'a str>,
    /// What to do with what entities leave unsaid.
    pub settings: &'a Settings,
    /// What the server answered to [`questions`]; empty where nobody asked.
    pub spellings: &'a Spellings,
}

/// How much of a database a schema speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// As much as entities say. What is unsaid is settled from the live side.
    #[default]
    Partial,
    /// All of it, as a database or a file made from one does. What is not said is not there, and everything is compared.
    Complete,
}

/// What to do, both ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The database it is for.
    pub backend: Backend,
    /// The schema of every table that names none (PostgreSQL).
    pub default_schema: Option<String>,
    /// The differences, in the order in which they are made.
    pub findings: Vec<Finding>,
    /// Differences that were accepted, and are not made.
    pub accepted: Vec<Change>,
    /// What looks like a rename, and nobody decided.
    pub suspicions: Vec<Suspicion>,
    /// What is worth saying and is no difference.
    pub notices: Vec<Notice>,
    /// The statements that make the changes.
    pub up: Vec<Step>,
    /// The statements that undo them.
    pub down: Vec<Step>,
    /// What its file answers when it is asked whether it runs in a transaction, where that is not the database's own rule.
    pub transaction: Option<bool>,
    /// The pieces of which [`Plan::stages`] makes revisions, where it is an online plan.
    pub staging: Option<Staging>,
    /// How large the tables are that it makes others wait for, where the database was asked.
    pub sizes: BTreeMap<TableName, Size>,
    /// Where the values of the enum types stand that change.
    pub(crate) labelled: Vec<Labels>,
}

/// A column of an enum type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    pub(crate) ty: EnumName,
    pub(crate) table: TableName,
    pub(crate) column: String,
    pub(crate) is_array: bool,
}

/// A difference with its hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The difference.
    pub change: Change,
    /// What to think about before it is made.
    pub hazards: Vec<Hazard>,
    /// What to think about before it is undone.
    pub undo_hazards: Vec<Hazard>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The plan that leads back.
    #[must_use]
    pub fn reversed(self) -> Self {
        let turned = |finding: Finding| Finding {
            change: finding.change.inverse(),
            hazards: finding.undo_hazards,
            undo_hazards: finding.hazards,
        };
        let findings = self.findings.into_iter().rev().map(turned).collect();
        Self { findings, up: self.down, down: self.up, staging: None, ..self }
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A new column has a type that the reader could not resolve.
    #[error(
        "{}{table}.{column} is new and its type `{path}` is not understood; say what it is under [types] in \
         autogen.toml, such as \"{path}\" = \"integer\", or give the field a column_type",
        at(.place)
    )]
    OpaqueType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The Rust type.
        path: String,
        /// Where the field stands.
        place: Option<Box<Place>>,
    },
    /// A name, or another text, holds what no database takes.
    #[error("{}{text:?} holds a null byte, which no database takes; take it out", at(.place))]
    NullByte {
        /// The text.
        text: String,
        /// Where it stands.
        place: Option<Box<Place>>,
    },
    /// A name is longer than the database takes.
    #[error(
        "{}the name {name:?} has {} characters: {reason}; give {what} a shorter one ({remedy})", at(.place), .name.chars().count()
    )]
    TooLong {
        /// The name.
        name: String,
        /// What has it.
        what: String,
        /// What the database does with it.
        reason: &'static str,
        /// What to write.
        remedy: &'static str,
        /// Where it stands.
        place: Option<Box<Place>>,
    },
    /// A table would have to be built anew, and would lose what was not understood of it.
    #[error(
        "{table} would have to be built anew, and loses what is not understood of it: {reasons}; write this revision by \
         hand (`autogen revision -m …`), or leave {table} out under [compare] in autogen.toml"
    )]
    NotUnderstood {
        /// The table.
        table: String,
        /// What was not understood, with semicolons between.
        reasons: String,
    },
}

fn at(place: &Option<Box<Place>>) -> String {
    place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default()
}

/// Compares the database with the entities and says what to do.
///
/// # Errors
///
/// Where a new column has a type that is not understood, a name that no database takes, or a table that is not
/// understood would have to be built anew.
pub fn plan(inputs: &Inputs<'_>) -> Result<Plan, PlanError> {
    let dialect = dialect(inputs.backend);
    let Compared { live, renames, settled } = settle_inputs(inputs, dialect);
    let Settled { desired, mut notices, questions: _ } = settled;

    let mut changes = compare(&renames.live, &desired);
    refuse_what_cannot_be_said(&changes)?;
    let suspicions = suspicions(&changes, &notices, &renames.live, inputs.desired);
    notices.extend(suspicion::notices(&suspicions));
    changes.extend(renames.changes);
    changes.iter().try_for_each(|change| too_long::refuse(dialect, change))?;
    let known = inputs.memory.map(|lock| &lock.accepted);
    let (open, accepted, desired) = match known {
        Some(known) => accepted::split(known, changes, &live, desired),
        None => (changes, Vec::new(), desired),
    };
    let plan = lower(inputs, dialect, order(open), &live, &desired, notices);
    refuse_blind_rebuilds(&plan)?;
    Ok(Plan { accepted, suspicions, ..plan })
}

/// What to ask the server of `live` before planning: expressions of which only it can tell whether they are the same.
/// Its answers belong into [`Inputs::spellings`].
pub fn questions(inputs: &Inputs<'_>) -> Questions {
    settle_inputs(inputs, dialect(inputs.backend)).settled.questions
}

/// The sides, as they are compared.
struct Compared {
    live: Schema,
    renames: Renames,
    settled: Settled,
}

fn settle_inputs(inputs: &Inputs<'_>, dialect: &'static dyn Dialect) -> Compared {
    let live = spell(dialect, inputs.live, inputs.default_schema);
    let desired = spell(dialect, inputs.desired, inputs.default_schema);
    let said = unqualify(dialect, inputs.desired, inputs.default_schema);
    let asked = [inputs.renames, inputs.decided].map(|renames| unqualified(renames, inputs, dialect));
    let renames = Renames::find(&Asked { said: &asked[0], decided: &asked[1] }, &live, &desired, &said);
    let base = inputs.memory.map(|lock| renames.follow(&spell(dialect, &lock.declared, inputs.default_schema)));
    let mut settled = settle(&Sides {
        live: &renames.live,
        desired: &desired,
        said: &said,
        base: base.as_ref(),
        dialect,
        coverage: inputs.coverage,
        unmanaged: inputs.settings.unmanaged,
        types: inputs.settings.types,
        renames: &renames,
        spellings: inputs.spellings,
    });
    leave_out(inputs.settings, &renames.live, &mut settled.desired, &mut settled.notices);
    Compared { live, renames, settled }
}

fn lower(
    inputs: &Inputs<'_>,
    dialect: &dyn Dialect,
    changes: Vec<Change>,
    live: &Schema,
    desired: &Schema,
    notices: Vec<Notice>,
) -> Plan {
    let undo: Vec<Change> = changes.iter().rev().map(Change::inverse).collect();
    let default_schema = inputs.default_schema.filter(|_| dialect.has_schemas()).map(str::to_owned);
    let up = dialect.lower(&changes, live, desired);
    let down = dialect.lower(&undo, desired, live);
    let online = inputs.settings.online.as_ref();
    let staging = online.and_then(|online| dialect.lower_online(&changes, live, desired, online));
    let hazards = weighed(dialect, &changes, live, desired, staging.is_some());
    let undo_hazards = weighed(dialect, &undo, desired, live, staging.is_some()).into_iter().rev();
    let labelled = labelled(&changes, live);
    let findings = changes.into_iter().zip(hazards.into_iter().zip(undo_hazards));
    let findings = findings.filter(|(change, _)| is_visible(change));
    let findings = findings.map(|(change, (hazards, undo_hazards))| Finding { change, hazards, undo_hazards });
    let plan = Plan {
        backend: inputs.backend,
        findings: findings.collect(),
        accepted: Vec::new(),
        suspicions: Vec::new(),
        notices,
        up,
        down,
        transaction: None,
        staging: None,
        sizes: BTreeMap::new(),
        labelled,
        default_schema,
    };
    match staging {
        Some(staging) => plan.staged(staging),
        None => plan,
    }
}

/// The columns of those enum types that change.
fn labelled(changes: &[Change], live: &Schema) -> Vec<Labels> {
    let mut labelled = Vec::new();
    for change in changes {
        let Change::AlterEnum { from, .. } = change else { continue };
        for (table, column) in
            live.tables.values().flat_map(|table| table.columns.values().map(move |one| (table, one)))
        {
            if uses_enum(&column.ty, &from.name) {
                let is_array = matches!(column.ty, Type::Array { .. });
                let (table, column) = (table.name.clone(), column.name.clone());
                labelled.push(Labels { ty: from.name.clone(), table, column, is_array });
            }
        }
    }
    labelled
}

/// The hazards of each change, with what it costs where it stands. What stages find a way around costs nobody anything.
fn weighed(
    dialect: &dyn Dialect,
    changes: &[Change],
    start: &Schema,
    end: &Schema,
    in_stages: bool,
) -> Vec<Vec<Hazard>> {
    let mut all = hazards(dialect, changes, start, end);
    if in_stages {
        all.iter_mut().for_each(|hazards| hazards.retain(|hazard| !hazard.avoidable));
    }
    all
}

/// An index that comes and goes with a foreign key is no finding of its own.
fn is_visible(change: &Change) -> bool {
    match change {
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. } => !index.implicit,
        _ => true,
    }
}

/// The same renames, in the names that spelled schemas have.
fn unqualified(renames: &[Rename], inputs: &Inputs<'_>, dialect: &dyn Dialect) -> Vec<Rename> {
    let default_schema = inputs.default_schema.filter(|_| dialect.has_schemas());
    let strip = |schema: &mut Option<String>| {
        if schema.is_some() && schema.as_deref() == default_schema {
            *schema = None;
        }
    };
    let mut renames = renames.to_vec();
    for rename in &mut renames {
        match rename {
            Rename::Table { from, to } => {
                strip(&mut from.schema);
                strip(&mut to.schema);
            }
            Rename::Column { table, .. } | Rename::Index { table, .. } => strip(&mut table.schema),
            Rename::EnumValue { ty, .. } => strip(&mut ty.schema),
        }
    }
    renames
}

fn refuse_what_cannot_be_said(changes: &[Change]) -> Result<(), PlanError> {
    for change in changes {
        match change {
            Change::CreateTable(table) => {
                refuse_null_bytes([Some(table.name.name.as_str()), table.comment.as_deref()], table.origin.place())?;
                for column in table.columns.values() {
                    refuse_column(&table.name, column)?;
                }
            }
            Change::AddColumn { table, column } | Change::AlterColumn { table, to: column, .. } => {
                refuse_column(table, column)?;
            }
            Change::SetTableOptions { to, .. } => refuse_null_bytes([to.comment.as_deref()], None)?,
            Change::CreateEnum(ty) | Change::AlterEnum { to: ty, .. } => {
                refuse_null_bytes(ty.labels.iter().map(|label| Some(label.as_str())), None)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A rebuild makes the table from what was read of it, so all of it must have been understood.
fn refuse_blind_rebuilds(plan: &Plan) -> Result<(), PlanError> {
    for step in plan.up.iter().chain(&plan.down) {
        if let Statement::Rebuild(rebuild) = &step.statement
            && !rebuild.from.not_understood.is_empty()
        {
            let reasons = rebuild.from.not_understood.join("; ");
            return Err(PlanError::NotUnderstood { table: rebuild.from.name.to_string(), reasons });
        }
    }
    Ok(())
}

fn refuse_column(table: &TableName, column: &Column) -> Result<(), PlanError> {
    let default = column.default.as_ref().map(ToString::to_string);
    let texts = [Some(column.name.as_str()), column.comment.as_deref(), default.as_deref()];
    let labels = if let autogen_schema::Type::Enum { labels, .. } = &column.ty { labels.as_slice() } else { &[] };
    let labels = labels.iter().map(|label| Some(label.as_str()));
    refuse_null_bytes(texts.into_iter().chain(labels), column.origin.place())?;
    match opaque_path(&column.ty) {
        Some(path) => Err(PlanError::OpaqueType {
            table: table.to_string(),
            column: column.name.clone(),
            path: path.to_owned(),
            place: column.origin.place().cloned().map(Box::new),
        }),
        None => Ok(()),
    }
}

fn opaque_path(ty: &autogen_schema::Type) -> Option<&str> {
    match ty {
        autogen_schema::Type::Opaque { path } => Some(path),
        autogen_schema::Type::Array { element } => opaque_path(element),
        _ => None,
    }
}

fn refuse_null_bytes<'t>(
    texts: impl IntoIterator<Item = Option<&'t str>>,
    place: Option<&Place>,
) -> Result<(), PlanError> {
    match texts.into_iter().flatten().find(|text| text.contains('\0')) {
        Some(text) => Err(PlanError::NullByte { text: text.to_owned(), place: place.cloned().map(Box::new) }),
        None => Ok(()),
    }
}
