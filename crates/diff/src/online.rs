//! A plan as several revisions, so that those who use the database do not wait for it.
//!
//! A dialect lowers every change to [`Piece`]s, each with its way back and with its [`Slot`]: when it comes, and what
//! holds it together. Pieces of one slot, and of slots beside each other that are held together alike, are one *stage*:
//! a revision of its own, whose way back undoes just its way there.

use std::time::Duration;

use autogen_schema::{Backfill, Column, TableName};

use crate::backfill::{fill, update};
use crate::dialect::Dialect;
use crate::statement::Statement;
use crate::{Hazard, Plan, Step};

/// How an online plan is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// How long a statement waits for a lock before it gives up: those who come after it wait behind it.
    pub lock_timeout: Duration,
}

impl Default for Online {
    fn default() -> Self {
        Self { lock_timeout: Duration::from_secs(5) }
    }
}

impl Online {
    /// The time as servers read it.
    pub(crate) fn lock_timeout_text(&self) -> String {
        let milliseconds = self.lock_timeout.as_millis();
        if milliseconds.is_multiple_of(1_000) {
            format!("{}s", milliseconds / 1_000)
        } else {
            format!("{milliseconds}ms")
        }
    }
}

/// When a piece comes. The order of the slots is the order of the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// Tables, columns, types and names.
    Shape,
    /// Rows get their values.
    Fill,
    /// Constraints that hold for new rows, and are not checked for those that are there.
    Guard,
    /// Rows that came meanwhile get their values, in the transaction in which they are checked.
    FillAgain,
    /// They are checked.
    Validate,
    /// What the checked ones prove.
    Require,
    /// Indexes, and the constraints that are made of them.
    Build,
    /// Foreign keys to what was built.
    Keys,
    /// They are checked.
    ValidateKeys,
    /// What goes.
    Tail,
    /// Indexes and constraints that go, which `down` has to make with as little disturbance.
    Release,
}

/// What holds a stage together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// One transaction that takes strong locks, and so must be short.
    Short,
    /// One transaction that reads or writes all rows, under locks that let everybody work.
    Long,
    /// The same, and it waits for whoever writes the same rows.
    Rows,
    /// Nothing: its statements cannot run in a transaction, or would keep others waiting there, on the way back at least.
    Nothing,
}

impl Slot {
    const fn hold(self) -> Hold {
        match self {
            Self::Shape | Self::Guard | Self::Keys | Self::Tail => Hold::Short,
            Self::FillAgain | Self::Validate | Self::ValidateKeys => Hold::Long,
            Self::Fill => Hold::Rows,
            Self::Require | Self::Build | Self::Release => Hold::Nothing,
        }
    }
}

/// What one change does in one stage, and what undoes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) slot: Slot,
    /// The column that becomes required by it.
    pub(crate) requires: Option<(TableName, String)>,
    /// Whether the way there waits for a lock on what others use.
    pub(crate) waits: bool,
    pub(crate) up: Vec<Step>,
    pub(crate) down: Vec<Step>,
}

/// The pieces of an online plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Staging {
    pub(crate) pieces: Vec<Piece>,
    /// What stands at the head of a transaction that waits for locks.
    pub(crate) preface: Statement,
    pub(crate) how: Online,
}

/// The statements of one revision.
struct Stage {
    hold: Hold,
    waits: bool,
    /// How many steps at the start wait for rows, and may do so for long.
    fills: usize,
    up: Vec<Step>,
    down: Vec<Step>,
}

impl Plan {
    /// The plans of its revisions, in their order: one, itself, unless it is an online plan that needs several.
    pub fn stages(&self) -> Vec<Self> {
        let Some(staging) = &self.staging else { return vec![self.clone()] };
        let stage = |stage: Stage| Self {
            transaction: (stage.hold == Hold::Nothing).then_some(false),
            up: stage.up,
            down: stage.down,
            staging: None,
            ..self.clone()
        };
        staging.stages().into_iter().map(stage).collect()
    }

    /// The same plan in these pieces.
    pub(crate) fn staged(mut self, staging: Staging) -> Self {
        let stages = staging.stages();
        self.down = stages.iter().rev().flat_map(|stage| stage.down.clone()).collect();
        self.up = stages.into_iter().flat_map(|stage| stage.up).collect();
        self.staging = Some(staging);
        self
    }
}

impl Staging {
    fn stages(&self) -> Vec<Stage> {
        let mut pieces: Vec<&Piece> = self.pieces.iter().filter(|piece| !piece.is_empty()).collect();
        pieces.sort_by_key(|piece| piece.slot);
        let mut stages: Vec<Stage> = Vec::new();
        for piece in pieces {
            let hold = piece.slot.hold();
            match stages.last_mut() {
                Some(stage) if stage.hold == hold => stage.add(piece),
                _ => {
                    let mut stage = Stage { hold, waits: false, fills: 0, up: Vec::new(), down: Vec::new() };
                    stage.add(piece);
                    stages.push(stage);
                }
            }
        }
        for stage in &mut stages {
            if matches!(stage.hold, Hold::Short | Hold::Long) {
                let waits = [(stage.waits, stage.fills, &mut stage.up), (true, 0, &mut stage.down)];
                for (_, at, steps) in waits.into_iter().filter(|(waits, _, steps)| *waits && !steps.is_empty()) {
                    steps.insert(at, Step { table: None, statement: self.preface.clone(), hazards: Vec::new() });
                }
            }
        }
        stages
    }

    /// Gives the rows that have no value in a column that becomes required this one: once while nothing waits for it, and
    /// again, before they are checked, those that came meanwhile.
    pub(crate) fn fill(&mut self, dialect: &dyn Dialect, table: &TableName, backfill: &Backfill, settled: &[Hazard]) {
        let mut added = None;
        for piece in &mut self.pieces {
            let is_shape = piece.slot == Slot::Shape;
            let steps = std::mem::take(&mut piece.up).into_iter().flat_map(|mut step| {
                step.hazards.retain(|hazard| !settled.contains(hazard));
                match new_column(&mut step, table, &backfill.column) {
                    Some(column) => {
                        added = Some(column);
                        vec![step]
                    }
                    None if is_shape => fill(dialect, step, table, backfill),
                    None => vec![step],
                }
            });
            piece.up = steps.collect();
        }
        self.pieces.extend(added.iter().flat_map(|column| dialect.require_online(table, column, &self.how)));
        let requires = Some((table.clone(), backfill.column.clone()));
        let sql = format!("{} WHERE {} IS NULL", update(dialect, table, backfill), dialect.quote(&backfill.column));
        let rows = Step { table: Some(table.clone()), statement: Statement::Raw(sql), hazards: Vec::new() };
        if self.pieces.iter().any(|piece| piece.requires == requires) {
            let again = [Slot::Fill, Slot::FillAgain].map(|slot| Piece {
                slot,
                requires: requires.clone(),
                waits: false,
                up: vec![rows.clone()],
                down: Vec::new(),
            });
            self.pieces.extend(again);
        }
    }
}

/// The column that this step adds as a required one; afterwards it adds one that may be empty.
fn new_column(step: &mut Step, table: &TableName, name: &str) -> Option<Column> {
    match &mut step.statement {
        Statement::AddColumn { table: holder, column } if holder == table && column.name == name => {
            let required = column.clone();
            column.nullable = true;
            Some(required)
        }
        _ => None,
    }
}

impl Piece {
    fn is_empty(&self) -> bool {
        self.up.is_empty() && self.down.is_empty()
    }
}

impl Stage {
    fn add(&mut self, piece: &Piece) {
        self.waits |= piece.waits;
        self.fills += if piece.slot == Slot::FillAgain { piece.up.len() } else { 0 };
        self.up.extend(piece.up.iter().cloned());
        self.down.splice(0..0, piece.down.iter().cloned());
    }
}
