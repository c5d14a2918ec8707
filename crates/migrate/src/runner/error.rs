//! Why a run stopped, in words that say what is left and what to do next.

use std::fmt::Write;

use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};

use crate::foreign::OtherHistory;
use crate::graph::{GraphError, Revision};
use crate::history::{self, Entry, Outcome};
use crate::lock::LockError;
use crate::step::Direction;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The migrations form no graph, or the target is not in it.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The database records what is not in the list.
    #[error("{error}{}", listed(known))]
    Unknown {
        /// Which.
        error: GraphError,
        /// What the history knows of them.
        known: Vec<Entry>,
    },
    /// The database did not answer, outside of any migration.
    #[error("{0}")]
    Database(#[from] DbErr),
    /// Somebody else holds the lock, or it could not be taken.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A migration failed.
    #[error("could not {} {stem}: {source}; {state}", direction.verb())]
    Migration {
        /// The migration.
        stem: String,
        /// Whether it was being applied or reverted.
        direction: Direction,
        /// What the database, or the migration, says.
        source: DbErr,
        /// What is left in the database, as far as it can be known.
        state: String,
    },
    /// The run was told to stop, and did.
    #[error("interrupted {}; `current` shows where the database is", interrupted(step.as_ref()))]
    Interrupted {
        /// The migration that was running and what is left of it; `None` between two of them.
        step: Option<(String, String)>,
    },
    /// A migration was cut short, earlier, on a database that commits at every statement.
    #[error("{0}")]
    Unfinished(Box<Unfinished>),
    /// The database has a history of another tool, or under another name, and none of ours.
    #[error("{}", other_history(other, table))]
    OtherHistory {
        /// What was found.
        other: OtherHistory,
        /// The version table of this program.
        table: String,
    },
    /// One transaction around everything was asked for and cannot be had.
    #[error("--single-transaction is not possible: {reason}")]
    SingleTransaction {
        /// Why.
        reason: String,
    },
}

/// What is recorded and unknown is explained by what the history knows of it.
pub async fn explain(error: GraphError, db: &impl ConnectionTrait, table: &str) -> RunError {
    let GraphError::UnknownApplied { stems } = &error else { return error.into() };
    let mut known = Vec::new();
    for stem in stems {
        match history::steps(db, table, Some(stem)).await {
            Ok(mut steps) => known.extend(steps.pop()),
            Err(error) => return error.into(),
        }
    }
    RunError::Unknown { error, known }
}

/// A migration that was cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The row of the step.
    pub step: Entry,
    /// Its journalled statements, in order.
    pub statements: Vec<Entry>,
    /// Where its statements come from, which decides whether it can be gone on with.
    pub origin: Origin,
}

/// Where the statements of a migration come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They were generated, so each of them is known before it runs.
    Generated,
    /// A person wrote them.
    ByHand,
    /// This program does not have the text of the file.
    Unknown,
}

impl Origin {
    /// What a revision of the graph says of itself.
    pub(crate) fn of(revision: Option<&Revision>) -> Self {
        match revision {
            Some(revision) if revision.is_generated => Self::Generated,
            Some(revision) if revision.checksum.is_some() => Self::ByHand,
            Some(_) | None => Self::Unknown,
        }
    }
}

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let step = &self.step;
        let verb = step.direction.as_str();
        write!(f, "{} is half-way through its {verb} since {} ({}).", step.revision, step.started, step.who)?;
        for statement in &self.statements {
            let state = match statement.outcome {
                Outcome::Done => "ran",
                Outcome::Running => "may have run",
                Outcome::Failed | Outcome::Abandoned => "failed",
            };
            let number = statement.statement.unwrap_or_default();
            write!(f, "\n  {number}. {state}: {}", statement.sql.as_deref().unwrap_or_default())?;
        }
        if let Some(message) = &step.message {
            write!(f, "\nIt stopped because of: {message}")?;
        }
        let revision = &step.revision;
        match self.origin {
            Origin::Generated => write!(
                f,
                "\nGo on from there with `{verb} --resume`. Or take back by hand what ran, and give --restart."
            ),
            Origin::ByHand => write!(
                f,
                "\n{revision} was written by hand, so nobody knows how to go on with it. Finish it by hand and `stamp` it, or take back by hand what ran, and give --restart."
            ),
            Origin::Unknown => write!(
                f,
                "\nThis program was built without the texts of the revisions, so it does not know how to go on with {revision}. `autogen {verb} --resume` does, where it was generated; so does a program whose main calls main_with_graph. Or take back by hand what ran, and give --restart."
            ),
        }
    }
}

fn listed(known: &[Entry]) -> String {
    let mut text = String::new();
    for entry in known {
        // Writing into a String cannot fail.
        let _written = write!(text, "\n  {entry}");
    }
    text
}

fn interrupted(step: Option<&(String, String)>) -> String {
    match step {
        Some((stem, state)) => format!("in {stem}: {state}"),
        None => "between two migrations: those before stay".to_owned(),
    }
}

fn other_history(other: &OtherHistory, table: &str) -> String {
    let found = &other.table;
    let at = if other.versions.is_empty() { "nothing".to_owned() } else { other.versions.join(", ") };
    if other.is_sea_orm {
        return format!(
            "the history of this database is in {found} (it records {at}), and there is no {table}; let migration_table_name() say {found}, or record with `stamp` what is applied"
        );
    }
    format!(
        "this database has a history of Alembic in {found} (it is at {at}), and none in {table}; if a revision here describes the database as it is, record that with `stamp REVISION`; if that history belongs to another program, `stamp base` begins one of our own"
    )
}
