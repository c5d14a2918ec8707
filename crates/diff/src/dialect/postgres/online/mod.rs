//! What PostgreSQL can do while others work: indexes are built concurrently, keys and checks hold at once for new rows and
//! are checked for the old ones later, and whoever needs a strong lock waits for it only for a while.
//!
//! See https://www.postgresql.org/docs/current/sql-createindex.html and
//! https://www.postgresql.org/docs/current/sql-altertable.html. This file says which change comes when; what is made for it
//! lies in `things.rs` (indexes, and the constraints that are made of them) and `constraints.rs` (the others).

mod constraints;
mod place;
mod things;

use autogen_schema::{Schema, TableName};

use self::constraints::Constraint;
use self::place::Place;
use self::things::Thing;
use super::super::{Dialect, hazards, keys_aside};
use super::Postgres;
use super::columns::is_made_anew;
use super::lower::{each, needs_key_aside};
use crate::online::{Online, Piece, Slot, Staging};
use crate::statement::Statement;
use crate::{Change, Hazard, Step};

pub(super) use self::constraints::require;
pub(super) use self::place::takes_stages;
pub(super) use self::things::can_be_built;

/// The pieces of these changes.
pub(super) fn lower(dialect: &Postgres, changes: &[Change], start: &Schema, end: &Schema, how: &Online) -> Staging {
    let (there, back) = both_ways(changes, start, end);
    let up = each(dialect, &there, start, end);
    let mut down = each(dialect, &back, end, start);
    down.reverse();
    let work = Work { dialect, place: Place::new(dialect, &there, start, end), how };
    let hazards = hazards(dialect, &there, start, end).into_iter().map(unavoidable);
    let plain = up.into_iter().zip(down).zip(hazards).map(|((up, down), hazards)| Plain { up, down, hazards });
    let pieces = there.iter().zip(plain).enumerate().flat_map(|(at, (change, plain))| work.pieces(at, change, plain));
    let preface = Statement::Raw(set_timeout(dialect, how));
    Staging { pieces: pieces.collect(), preface, how: how.clone() }
}

/// The changes and what undoes them, with the same keys put aside both ways, each once.
fn both_ways(changes: &[Change], start: &Schema, end: &Schema) -> (Vec<Change>, Vec<Change>) {
    let mirrored = |changes: &[Change]| changes.iter().rev().map(Change::inverse).collect::<Vec<_>>();
    let back = keys_aside(&mirrored(&keys_aside(changes, start, needs_key_aside)), end, needs_key_aside);
    let mut there = mirrored(&back);
    // From where it is first in the way to where it last is.
    let mut at = 0;
    while let Some(change) = there.get(at) {
        let is_inner = match change {
            Change::DropForeignKey { .. } => there[..at].contains(change),
            Change::AddForeignKey { .. } => there[at + 1..].contains(change),
            _ => false,
        };
        if is_inner {
            there.remove(at);
        } else {
            at += 1;
        }
    }
    let back = mirrored(&there);
    (there, back)
}

/// The hazards that stages find no way around.
fn unavoidable(hazards: Vec<Hazard>) -> Vec<Hazard> {
    hazards.into_iter().filter(|hazard| !hazard.avoidable).collect()
}

/// The statements of a change as they are without `online`.
struct Plain {
    up: Vec<Statement>,
    down: Vec<Statement>,
    hazards: Vec<Hazard>,
}

/// What the pieces are made with.
struct Work<'a> {
    dialect: &'a Postgres,
    place: Place<'a>,
    how: &'a Online,
}

impl Work<'_> {
    fn pieces(&self, at: usize, change: &Change, plain: Plain) -> Vec<Piece> {
        let place = &self.place;
        if let Some(slot) = place.as_it_is(at) {
            return vec![self.plain(slot, change, plain)];
        }
        match change {
            Change::AddIndex { .. } | Change::AddUnique { .. } | Change::SetPrimaryKey { to: Some(_), .. } => {
                let old = place.replaced(at).and_then(|drop| Thing::dropped(place.change(drop)));
                let old = old.or_else(|| Thing::dropped(change));
                vec![self.exchange(Slot::Build, change, plain.hazards, [old.as_ref(), Thing::added(change).as_ref()])]
            }
            Change::DropIndex { .. } | Change::DropUnique { .. } | Change::SetPrimaryKey { to: None, .. } => {
                // Where another takes its place, that one takes it away.
                let is_replaced = place.replaces(at).is_some();
                let gone = Thing::dropped(change).filter(|_| !is_replaced);
                gone.map(|gone| self.exchange(Slot::Release, change, plain.hazards, [Some(&gone), None]))
                    .into_iter()
                    .collect()
            }
            Change::AddForeignKey { .. } | Change::AddCheck { .. } => {
                let Some(new) = Constraint::of(self.dialect, change) else { return Vec::new() };
                match place.replaced(at).and_then(|drop| Constraint::of(self.dialect, place.change(drop))) {
                    Some(old) => vec![new.instead_of(self, plain.hazards, Some(&old))],
                    None => new.add(self, plain.hazards, place.refers_to_built(change)),
                }
            }
            Change::DropForeignKey { .. } | Change::DropCheck { .. } => {
                let gone = Constraint::of(self.dialect, change).filter(|_| place.replaces(at).is_none());
                gone.map(|gone| gone.release(self, plain.hazards)).into_iter().collect()
            }
            Change::AlterColumn { table, from, to } if from.nullable != to.nullable && !is_made_anew(from, to) => {
                let Plain { up, down, mut hazards } = plain;
                let first = if to.nullable { 0 } else { hazards.len().min(1) };
                // The first hazard is that of the rows without a value.
                let required: Vec<Hazard> = hazards.drain(..first).collect();
                let plain = Plain { up: without_nullable(up), down: without_nullable(down), hazards };
                let shape = self.plain(Slot::Shape, change, plain);
                match to.nullable {
                    true => vec![shape, constraints::allow_null(self, table, &to.name)],
                    false => std::iter::once(shape)
                        .chain(require(self.dialect, table, &to.name, self.how, required))
                        .collect(),
                }
            }
            _ => vec![self.plain(Slot::Shape, change, plain)],
        }
    }

    /// A change as it is without `online`.
    fn plain(&self, slot: Slot, change: &Change, plain: Plain) -> Piece {
        let back = plain.down.into_iter().map(|statement| self.step(change.table(), statement));
        let (up, down) = (Step::of(change, plain.up, plain.hazards), back.collect());
        Piece { slot, requires: None, waits: self.place.waits(change), up, down }
    }

    /// One thing in the place of another; nothing holds the statements together.
    fn exchange(&self, slot: Slot, change: &Change, hazards: Vec<Hazard>, things: [Option<&Thing>; 2]) -> Piece {
        let [old, new] = things;
        let steps = |old, new| -> Vec<Step> {
            let statements = things::exchange(self, old, new);
            statements.into_iter().map(|statement| self.step(change.table(), statement)).collect()
        };
        let up = with_hazards(steps(old, new), hazards);
        Piece { slot, requires: None, waits: true, up, down: steps(new, old) }
    }

    fn step(&self, table: Option<&TableName>, statement: Statement) -> Step {
        Step { table: table.cloned(), statement, hazards: Vec::new() }
    }

    fn briefly(&self, table: &TableName, clauses: &[String]) -> Statement {
        briefly(self.dialect, self.how, table, clauses)
    }
}

/// Statements on a table in a transaction of their own, which waits for its lock only for a while. Statements that no
/// transaction holds together may run on any connection of a pool, so that the time is set with them.
fn briefly(dialect: &Postgres, how: &Online, table: &TableName, clauses: &[String]) -> Statement {
    let (table, set) = (dialect.table_sql(table), set_timeout(dialect, how));
    let statements: String = clauses.iter().map(|clause| format!("ALTER TABLE {table} {clause}; ")).collect();
    let mut tag = "$$".to_owned();
    while statements.contains(&tag) {
        tag = format!("$online{}$", tag.len());
    }
    Statement::Raw(format!("DO {tag} BEGIN {set}; {statements}END {tag}"))
}

fn set_timeout(dialect: &Postgres, how: &Online) -> String {
    format!("SET LOCAL lock_timeout = {}", dialect.literal(&how.lock_timeout_text()))
}

/// The hazards stand at the first step.
fn with_hazards(mut steps: Vec<Step>, hazards: Vec<Hazard>) -> Vec<Step> {
    if let Some(first) = steps.first_mut() {
        first.hazards = hazards;
    }
    steps
}

fn without_nullable(mut statements: Vec<Statement>) -> Vec<Statement> {
    statements.retain(|statement| !matches!(statement, Statement::SetNullable { .. }));
    statements
}
