//! Running statements with a word before and after each.

use std::collections::BTreeMap;
use std::time::Instant;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use super::doubt;
use crate::header::checksum;
use crate::history::{self, Entry, Outcome};
use crate::step::{Booking, Direction, StepError};
use crate::work::Work;

/// The journal of one step.
pub(super) struct Journal<'j> {
    pub(super) books: &'j DatabaseConnection,
    pub(super) booking: &'j Booking<'j>,
    /// What an earlier run wrote, by number.
    pub(super) earlier: BTreeMap<i32, Entry>,
}

impl Journal<'_> {
    /// Runs the statements in order; what ran before is passed over, and what is in doubt is tried again.
    pub(super) async fn run(
        &self,
        session: &DatabaseConnection,
        work: &mut Work<'_, '_>,
        statements: Vec<Statement>,
    ) -> Result<(), StepError> {
        self.refuse_changed(&statements)
            .map_err(|source| StepError { source, state: "nothing more was run".into() })?;
        let total = statements.len();
        for (index, statement) in statements.into_iter().enumerate() {
            if let Err((source, is_known)) = self.one(session, work, index, statement).await {
                return Err(StepError { source, state: state(index, total, is_known, self.booking.direction) });
            }
        }
        Ok(())
    }

    /// The error says, too, whether it is known that the statement did nothing.
    async fn one(
        &self,
        session: &DatabaseConnection,
        work: &mut Work<'_, '_>,
        index: usize,
        statement: Statement,
    ) -> Result<(), (DbErr, bool)> {
        let entry = self.entry(index, &statement);
        let earlier = self.earlier.get(&number(index)).map(|earlier| earlier.outcome);
        if earlier == Some(Outcome::Done) {
            return Ok(());
        }
        self.note(&entry, earlier.is_none()).await.map_err(|error| (error, true))?;
        let start = Instant::now();
        let sql = statement.to_string();
        let passed = work.watch(pass(session, statement)).await;
        let ended = |outcome, message| entry.ended(outcome, start.elapsed(), message);
        let after = match &passed {
            Ok(()) => ended(Outcome::Done, None),
            Err(error) if earlier == Some(Outcome::Running) && doubt::shows_that_it_ran(error, &sql) => {
                ended(Outcome::Done, Some(format!("it had run before: {error}")))
            }
            Err(error) if doubt::is_answer(error) => ended(Outcome::Failed, Some(error.to_string())),
            // Where the connection broke, nobody knows what the server did; the statement stays in doubt.
            Err(error) => Entry { message: Some(error.to_string()), ..entry.clone() },
        };
        let noted = self.note(&after, false).await;
        match (after.outcome, passed) {
            (Outcome::Done, _) | (_, Ok(())) => noted.map_err(|error| (error, false)),
            (outcome, Err(error)) => Err((error, outcome == Outcome::Failed)),
        }
    }

    /// Statements that ran, or may have run, must be the same still. One that is known to have failed may be mended.
    fn refuse_changed(&self, statements: &[Statement]) -> Result<(), DbErr> {
        for (number, earlier) in &self.earlier {
            let index = usize::try_from(number - 1).unwrap_or_default();
            let now = statements.get(index).map(|statement| self.entry(index, statement));
            let is_same = now.as_ref().is_some_and(|now| now.checksum == earlier.checksum);
            if !is_same && earlier.outcome != Outcome::Failed {
                let text = |entry: &Entry| entry.sql.clone().unwrap_or_default();
                return Err(DbErr::Custom(format!(
                    "the file was changed since: statement {number} was `{}` and is now `{}`; take back by hand what ran, then give --restart",
                    text(earlier),
                    now.as_ref().map(text).unwrap_or_default(),
                )));
            }
        }
        Ok(())
    }

    fn entry(&self, index: usize, statement: &Statement) -> Entry {
        let step = &self.booking.entry;
        let sql = statement.to_string();
        Entry {
            run: step.run.clone(),
            statement: Some(number(index)),
            checksum: Some(checksum(&sql)),
            sql: Some(sql),
            ..Entry::starting(&step.version_table, &step.revision, &step.revision_id, step.direction)
        }
    }

    async fn note(&self, entry: &Entry, is_new: bool) -> Result<(), DbErr> {
        if is_new { history::insert(self.books, entry).await } else { history::update(self.books, entry).await }
    }
}

async fn pass(session: &DatabaseConnection, statement: Statement) -> Result<(), DbErr> {
    // A recording does not say whether a statement without values was to be prepared. Some cannot be.
    match statement.values {
        Some(_) => session.execute_raw(statement).await?,
        None => session.execute_unprepared(&statement.sql).await?,
    };
    Ok(())
}

fn number(index: usize) -> i32 {
    i32::try_from(index + 1).unwrap_or(i32::MAX)
}

/// What a failure of the statement after so many others leaves.
fn state(ran: usize, total: usize, is_known: bool, direction: Direction) -> String {
    match (ran, is_known) {
        (0, true) => "nothing of it ran".into(),
        (_, true) => format!(
            "of its {total} statements {ran} ran and stay, and this one did nothing; put right what it says, then `{direction} --resume` goes on from there"
        ),
        (_, false) => format!(
            "of its {total} statements {ran} ran and stay, and it is not known whether this one did; `{direction} --resume` finds out and goes on"
        ),
    }
}
