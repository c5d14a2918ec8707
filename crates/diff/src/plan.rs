//! From two schemas to a plan.

use autogen_schema::{Backend, Column, Notice, NoticeKind, Place, Rename, Schema, TableName};

use crate::dialect::{Dialect, dialect, spell, unqualify};
use crate::settle::{Settled, Sides, settle};
use crate::{Change, Hazard, Lock, Settings, Step, compare, order};

/// What is compared, and how.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The database as it is.
    pub live: &'a Schema,
    /// What the entities say.
    pub desired: &'a Schema,
    /// What they said at the last revision.
    pub memory: Option<&'a Lock>,
    /// Renames that somebody decided.
    pub renames: &'a [Rename],
    /// The database's kind.
    pub backend: Backend,
    /// Where tables without a schema live.
    pub default_schema: Option<&'a str>,
    /// What to do with what entities leave unsaid.
    pub settings: &'a Settings,
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
    /// What is worth saying and is no difference.
    pub notices: Vec<Notice>,
    /// The statements that make the changes.
    pub up: Vec<Step>,
    /// The statements that undo them.
    pub down: Vec<Step>,
}

/// A difference with its hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The difference.
    pub change: Change,
    /// What to think about before it is made.
    pub hazards: Vec<Hazard>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The plan that leads back.
    #[must_use]
    pub fn reversed(self) -> Self {
        let back = self.findings.into_iter().rev().map(|finding| finding.change.inverse());
        let findings = back.map(|change| Finding { hazards: change.hazards(), change }).collect();
        Self { findings, up: self.down, down: self.up, ..self }
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
    /// A name holds what no database takes.
    #[error("{}the name {name:?} holds a null byte, which no database takes; rename it", at(.place))]
    NullByte {
        /// The name.
        name: String,
        /// Where it stands.
        place: Option<Box<Place>>,
    },
}

fn at(place: &Option<Box<Place>>) -> String {
    place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default()
}

/// Compares the database with the entities and says what to do.
///
/// # Errors
///
/// Where a new column has a type that is not understood, or a name that no database takes.
pub fn plan(inputs: &Inputs<'_>) -> Result<Plan, PlanError> {
    let dialect = dialect(inputs.backend);
    let live = spell(dialect, inputs.live, inputs.default_schema);
    let desired = spell(dialect, inputs.desired, inputs.default_schema);
    let said = unqualify(dialect, inputs.desired, inputs.default_schema);
    let base = inputs.memory.map(|lock| spell(dialect, &lock.declared, inputs.default_schema));

    let renames = renames(inputs, &live, &desired);
    let renamed = after(&live, &renames);
    let base = base.map(|base| after(&base, &renames));
    let sides = Sides {
        live: &renamed,
        desired: &desired,
        said: &said,
        base: base.as_ref(),
        dialect,
        unmanaged: inputs.settings.unmanaged,
    };
    let Settled { desired, mut notices } = settle(&sides);

    let mut changes = compare(&renamed, &desired);
    refuse_what_cannot_be_said(&changes)?;
    notices.extend(suspected_renames(&changes));
    changes.extend(renames);
    let changes = order(changes);
    Ok(lower(inputs, dialect, changes, &live, &desired, notices))
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
    let findings = changes.into_iter().filter(is_visible).map(|change| Finding { hazards: change.hazards(), change });
    Plan { backend: inputs.backend, findings: findings.collect(), notices, up, down, default_schema }
}

/// An index that comes and goes with a foreign key is no finding of its own.
fn is_visible(change: &Change) -> bool {
    match change {
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. } => !index.implicit,
        _ => true,
    }
}

/// The renames that are still to be made: the old name is in the database, the new one is not.
fn renames(inputs: &Inputs<'_>, live: &Schema, desired: &Schema) -> Vec<Change> {
    let bare = |name: &TableName| match (&name.schema, inputs.default_schema) {
        (Some(schema), Some(default)) if schema == default => TableName::bare(&name.name),
        _ => name.clone(),
    };
    let mut changes = Vec::new();
    let mut now = live.clone();
    for rename in inputs.renames {
        let change = match rename {
            Rename::Table { from, to } => Change::RenameTable { from: bare(from), to: bare(to) },
            Rename::Column { table, from, to } => {
                Change::RenameColumn { table: bare(table), from: from.clone(), to: to.clone() }
            }
        };
        if is_open(&change, &now, desired) && change.apply(&mut now).is_ok() {
            changes.push(change);
        }
    }
    changes
}

fn is_open(change: &Change, live: &Schema, desired: &Schema) -> bool {
    match change {
        Change::RenameTable { from, to } => {
            live.tables.contains_key(from) && !live.tables.contains_key(to) && !desired.tables.contains_key(from)
        }
        Change::RenameColumn { table, from, to } => {
            let has = |schema: &Schema, name: &str| {
                schema.tables.get(table).is_some_and(|table| table.columns.contains_key(name))
            };
            has(live, from) && !has(live, to) && !has(desired, from)
        }
        _ => false,
    }
}

fn after(schema: &Schema, changes: &[Change]) -> Schema {
    let mut schema = schema.clone();
    for change in changes {
        let before = schema.clone();
        // The memory may not know what is renamed; then it has nothing to follow.
        if change.apply(&mut schema).is_err() {
            schema = before;
        }
    }
    schema
}

fn refuse_what_cannot_be_said(changes: &[Change]) -> Result<(), PlanError> {
    for change in changes {
        match change {
            Change::CreateTable(table) => {
                refuse_null_byte(&table.name.name, table.origin.place())?;
                for column in table.columns.values() {
                    refuse_column(&table.name, column)?;
                }
            }
            Change::AddColumn { table, column } | Change::AlterColumn { table, to: column, .. } => {
                refuse_column(table, column)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn refuse_column(table: &TableName, column: &Column) -> Result<(), PlanError> {
    refuse_null_byte(&column.name, column.origin.place())?;
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

fn refuse_null_byte(name: &str, place: Option<&Place>) -> Result<(), PlanError> {
    if name.contains('\0') {
        return Err(PlanError::NullByte { name: name.to_owned(), place: place.cloned().map(Box::new) });
    }
    Ok(())
}

/// A column that goes and one of the same type that comes look like a rename. Nobody decided it, so it is only said.
fn suspected_renames(changes: &[Change]) -> Vec<Notice> {
    let mut notices = Vec::new();
    for change in changes {
        let Change::DropColumn { table, column: old } = change else { continue };
        let likeness = |new: &Column| similar::TextDiff::from_chars(old.name.as_str(), new.name.as_str()).ratio();
        let candidates = changes.iter().filter_map(|other| match other {
            Change::AddColumn { table: holder, column: new } if holder == table && new.ty == old.ty => Some(new),
            _ => None,
        });
        let best = candidates.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        if let Some(new) = best {
            let message = format!(
                "{table}: column {old} goes and {new} of the same type comes; if that is a rename, say \
                 #[sea_orm(renamed_from = \"{old}\")] at the field, or the values are lost",
                old = old.name,
                new = new.name
            );
            let notice = Notice::new(NoticeKind::PossibleRename, message).on(table).named(&new.name);
            notices.push(notice.at(new.origin.place()));
        }
    }
    notices
}
