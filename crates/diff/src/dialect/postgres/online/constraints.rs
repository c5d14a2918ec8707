//! Foreign keys, checks and `NOT NULL`: they hold for new rows at once, and are checked for the others while everybody
//! works.

use autogen_schema::{Check, ForeignKey, TableName};

use super::super::super::{Dialect, check_clause, foreign_key_clause};
use super::super::lower::{alter, check_name, key_name};
use super::super::{Postgres, names};
use super::{Work, briefly, with_hazards};
use crate::online::{Online, Piece, Slot};
use crate::statement::Statement;
use crate::{Change, Hazard, Step};

/// A foreign key or a check.
pub(super) struct Constraint {
    table: TableName,
    name: String,
    clause: String,
    /// Whether it is meant to be checked for the rows that are there.
    validated: bool,
    /// As a statement of its own; a check is added by its clause.
    key: Option<ForeignKey>,
}

impl Constraint {
    /// The one that a change adds or drops.
    pub(super) fn of(dialect: &Postgres, change: &Change) -> Option<Self> {
        match change {
            Change::AddForeignKey { table, key } | Change::DropForeignKey { table, key } => {
                let name = key_name(table, key);
                let key = ForeignKey { name: Some(name.clone()), not_valid: true, ..key.clone() };
                let clause = foreign_key_clause(dialect, &key);
                let validated = !is_not_valid(change);
                Some(Self { table: table.clone(), name, clause, validated, key: Some(key) })
            }
            Change::AddCheck { table, check } | Change::DropCheck { table, check } => {
                let name = check_name(table, check);
                let check = Check { name: Some(name.clone()), ..check.clone() };
                let clause = check_clause(dialect, &check);
                Some(Self { table: table.clone(), name, clause, validated: !check.not_valid, key: None })
            }
            _ => None,
        }
    }

    /// Adds it, and checks the rows in a transaction of its own; `late` where it refers to what is built meanwhile.
    pub(super) fn add(&self, work: &Work<'_>, hazards: Vec<Hazard>, late: bool) -> Vec<Piece> {
        let (slot, checked) = if late { (Slot::Keys, Slot::ValidateKeys) } else { (Slot::Guard, Slot::Validate) };
        let add = match &self.key {
            Some(key) => Statement::AddForeignKey { table: self.table.clone(), key: key.clone() },
            None => alter(work.dialect, &self.table, &format!("ADD {} NOT VALID", self.clause)),
        };
        let drop = match &self.key {
            Some(_) => Statement::DropForeignKey { table: self.table.clone(), name: self.name.clone() },
            None => alter(work.dialect, &self.table, &self.drop(work.dialect, "")),
        };
        let step = |statement| vec![work.step(Some(&self.table), statement)];
        let piece = |slot, up, down| Piece { slot, requires: None, waits: true, up, down };
        let mut pieces = vec![piece(slot, step(add), step(drop))];
        if self.validated {
            let check = with_hazards(step(self.validate(work.dialect)), hazards);
            let again = format!("{}, ADD {} NOT VALID", self.drop(work.dialect, ""), self.clause);
            pieces.push(piece(checked, check, step(alter(work.dialect, &self.table, &again))));
        }
        pieces
    }

    /// Puts it in the place of another, without a moment in which neither holds.
    pub(super) fn instead_of(&self, work: &Work<'_>, hazards: Vec<Hazard>, old: Option<&Self>) -> Piece {
        let steps = |new: &Self, old: Option<&Self>| -> Vec<Step> {
            let statements = new.put(work, old).into_iter();
            statements.map(|statement| work.step(Some(&self.table), statement)).collect()
        };
        let down = old.map(|old| steps(old, Some(self))).unwrap_or_default();
        let up = with_hazards(steps(self, old), hazards);
        Piece { slot: Slot::Build, requires: None, waits: true, up, down }
    }

    /// Takes it away, where nothing else of the plan needs that.
    pub(super) fn release(&self, work: &Work<'_>, hazards: Vec<Hazard>) -> Piece {
        let step = |statement| work.step(Some(&self.table), statement);
        let drop = work.briefly(&self.table, &[self.drop(work.dialect, "IF EXISTS ")]);
        let up = with_hazards(vec![step(drop)], hazards);
        let down = self.put(work, None).into_iter().map(step).collect();
        Piece { slot: Slot::Release, requires: None, waits: true, up, down }
    }

    /// The statements that make it in no transaction, and can be begun again.
    fn put(&self, work: &Work<'_>, old: Option<&Self>) -> Vec<Statement> {
        let mut clauses = vec![self.drop(work.dialect, "IF EXISTS ")];
        let old = old.filter(|old| old.name != self.name);
        clauses.extend(old.map(|old| old.drop(work.dialect, "IF EXISTS ")));
        clauses.push(format!("ADD {} NOT VALID", self.clause));
        let checked = self.validated.then(|| self.validate(work.dialect));
        std::iter::once(work.briefly(&self.table, &[clauses.join(", ")])).chain(checked).collect()
    }

    fn drop(&self, dialect: &Postgres, words: &str) -> String {
        format!("DROP CONSTRAINT {words}{}", dialect.quote(&self.name))
    }

    fn validate(&self, dialect: &Postgres) -> Statement {
        alter(dialect, &self.table, &format!("VALIDATE CONSTRAINT {}", dialect.quote(&self.name)))
    }
}

fn is_not_valid(change: &Change) -> bool {
    match change {
        Change::AddForeignKey { key, .. } | Change::DropForeignKey { key, .. } => key.not_valid,
        _ => false,
    }
}

/// A check that every row has a value in the column, which proves to `SET NOT NULL` that it need not look.
struct Proof<'a> {
    dialect: &'a Postgres,
    table: &'a TableName,
    column: String,
    name: String,
}

impl<'a> Proof<'a> {
    fn new(dialect: &'a Postgres, table: &'a TableName, column: &str) -> Self {
        let name = dialect.quote(&names::made(&table.name, column, "required"));
        Self { dialect, table, column: dialect.quote(column), name }
    }

    fn alter(&self, clause: &str) -> Statement {
        alter(self.dialect, self.table, clause)
    }

    fn add(&self) -> String {
        format!("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", self.name, self.column)
    }

    fn drop(&self, words: &str) -> String {
        format!("DROP CONSTRAINT {words}{}", self.name)
    }

    /// Makes it, in the place of what an earlier attempt left.
    fn add_again(&self) -> String {
        format!("{}, {}", self.drop("IF EXISTS "), self.add())
    }

    fn validate(&self) -> String {
        format!("VALIDATE CONSTRAINT {}", self.name)
    }

    fn nullable(&self, words: &str) -> String {
        format!("ALTER COLUMN {} {words} NOT NULL", self.column)
    }

    /// Requires the value, and takes the check away.
    fn believe(&self, how: &Online) -> Statement {
        // Two statements: in one, the check would be gone before it is needed.
        briefly(self.dialect, how, self.table, &[self.nullable("SET"), self.drop("IF EXISTS ")])
    }

    /// The way back: the check is there again, and the column itself may be empty.
    fn doubt(&self, how: &Online) -> Vec<Statement> {
        let brief = |clause| briefly(self.dialect, how, self.table, &[clause]);
        vec![brief(self.add_again()), self.alter(&self.validate()), brief(self.nullable("DROP"))]
    }
}

/// Requires a value in a column that may be empty.
pub(in super::super) fn require(
    dialect: &Postgres,
    table: &TableName,
    column: &str,
    how: &Online,
    hazards: Vec<Hazard>,
) -> Vec<Piece> {
    let proof = Proof::new(dialect, table, column);
    let step = |statement| Step { table: Some(table.clone()), statement, hazards: Vec::new() };
    let requires = Some((table.clone(), column.to_owned()));
    let piece = |slot, up: Vec<Statement>, down: Vec<Statement>| Piece {
        slot,
        requires: requires.clone(),
        waits: true,
        up: up.into_iter().map(step).collect(),
        down: down.into_iter().map(step).collect(),
    };
    let guard = piece(Slot::Guard, vec![proof.alter(&proof.add())], vec![proof.alter(&proof.drop(""))]);
    let again = format!("{}, {}", proof.drop(""), proof.add());
    let checked = piece(Slot::Validate, vec![proof.alter(&proof.validate())], vec![proof.alter(&again)]);
    let checked = Piece { up: with_hazards(checked.up, hazards), ..checked };
    let (up, down) = (proof.believe(how), proof.doubt(how));
    let required = piece(Slot::Require, vec![up], down);
    vec![guard, checked, required]
}

/// Lets a column be empty that had to have a value.
pub(super) fn allow_null(work: &Work<'_>, table: &TableName, column: &str) -> Piece {
    let proof = Proof::new(work.dialect, table, column);
    let step = |statement| work.step(Some(table), statement);
    let up = vec![step(briefly(work.dialect, work.how, table, &[proof.nullable("DROP")]))];
    let add = briefly(work.dialect, work.how, table, &[proof.add_again()]);
    let down = [add, proof.alter(&proof.validate()), proof.believe(work.how)];
    Piece { slot: Slot::Release, requires: None, waits: true, up, down: down.into_iter().map(step).collect() }
}
