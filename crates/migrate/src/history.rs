//! `autogen_history`, beside the version table: who applied, reverted or stamped what, when, from which file, and how
//! it ended. On MySQL and MariaDB it also holds the journal of a step's statements until the step is done.
//!
//! SeaORM's own runner does not know it, so it may miss what that runner did; the version table is what counts.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm_migration::sea_orm::sea_query::{Alias, ColumnDef, Expr, ExprTrait, Order, Query, SimpleExpr, Table};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Value};

use crate::versions;

/// The name of the table.
pub const TABLE: &str = "autogen_history";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// `up` was run.
    Upgrade,
    /// `down` was run.
    Downgrade,
    /// The row in the version table was written or removed, and nothing was run.
    Stamp,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has not ended, or nobody lived to write down how.
    Running,
    /// Well.
    Done,
    /// With an error.
    Failed,
    /// Somebody said that what was left of it has been put in order by hand.
    Abandoned,
}

/// One row: a step, or one statement of a step.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// What the rows of one step have in common.
    pub run: String,
    /// The version table that the step belongs to.
    pub version_table: String,
    /// What the version table records for the revision.
    pub revision: String,
    /// The id of the revision.
    pub revision_id: String,
    /// What was done.
    pub direction: Action,
    /// The number of the statement, counted from 1; `None` for the step as a whole.
    pub statement: Option<i32>,
    /// The beginning of the statement.
    pub sql: Option<String>,
    /// Of a step: the SHA-256 of the file. Of a statement: that of its text.
    pub checksum: Option<String>,
    /// When it began: UTC, as in `2026-11-20T14:30:00.000Z`.
    pub started: String,
    /// When it ended.
    pub finished: Option<String>,
    /// How long it took.
    pub milliseconds: Option<i64>,
    /// User and host.
    pub who: String,
    /// The program and its version.
    pub tool: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, or what there is to know.
    pub message: Option<String>,
}

impl Entry {
    /// A step that begins now.
    pub(crate) fn starting(version_table: &str, revision: &str, revision_id: &str, direction: Action) -> Self {
        let now = SystemTime::now();
        let nanoseconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Self {
            run: format!("{nanoseconds:x}-{:x}", std::process::id()),
            version_table: version_table.to_owned(),
            revision: revision.to_owned(),
            revision_id: revision_id.to_owned(),
            direction,
            statement: None,
            sql: None,
            checksum: None,
            started: timestamp(now),
            finished: None,
            milliseconds: None,
            who: who(),
            tool: concat!("autogen-migrate ", env!("CARGO_PKG_VERSION")).to_owned(),
            outcome: Outcome::Running,
            message: None,
        }
    }

    /// The same, ended now.
    pub(crate) fn ended(&self, outcome: Outcome, took: Duration, message: Option<String>) -> Self {
        Self {
            finished: Some(timestamp(SystemTime::now())),
            milliseconds: Some(i64::try_from(took.as_millis()).unwrap_or(i64::MAX)),
            outcome,
            message,
            ..self.clone()
        }
    }
}

/// A sentence for people who wonder where a row of the version table comes from.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (action, outcome) = (self.direction.as_str(), self.outcome.as_str());
        write!(f, "{}: {action} {outcome}, {} by {} with {}", self.revision, self.started, self.who, self.tool)?;
        if self.revision_id != self.revision {
            write!(f, ", revision {}", self.revision_id)?;
        }
        match &self.checksum {
            Some(checksum) => write!(f, ", file with SHA-256 {checksum}"),
            None => Ok(()),
        }
    }
}

/// All steps of a version table's history, oldest first; of one revision where one is given. Empty where the table does
/// not exist. Never creates it.
///
/// # Errors
///
/// Where the database does not answer, or the table is another program's.
pub async fn steps(
    db: &impl ConnectionTrait,
    version_table: &str,
    revision: Option<&str>,
) -> Result<Vec<Entry>, DbErr> {
    let mut condition = column("version_table").eq(version_table).and(column("statement").is_null());
    if let Some(revision) = revision {
        condition = condition.and(column("revision").eq(revision));
    }
    select(db, condition).await
}

/// The journalled statements of a step, in order.
pub(crate) async fn statements(db: &impl ConnectionTrait, run: &str) -> Result<Vec<Entry>, DbErr> {
    let mut entries = select(db, column("run").eq(run).and(column("statement").is_not_null())).await?;
    entries.sort_by_key(|entry| entry.statement);
    Ok(entries)
}

/// Of these revisions the ones whose file is not the one that was applied last, by stem.
pub fn changed_files(steps: &[Entry], revisions: &[crate::graph::Revision]) -> Vec<String> {
    let differs = |revision: &&crate::graph::Revision| {
        let applied = steps.iter().rev().find(|step| {
            step.revision == revision.stem && step.outcome == Outcome::Done && step.direction != Action::Stamp
        });
        match (applied, &revision.checksum) {
            (Some(Entry { direction: Action::Upgrade, checksum: Some(then), .. }), Some(now)) => then != now,
            _ => false,
        }
    };
    revisions.iter().filter(differs).map(|revision| revision.stem.clone()).collect()
}

/// Creates the table where it does not exist.
pub(crate) async fn ensure(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if versions::exists(db, TABLE).await? {
        return Ok(());
    }
    let text = |name: &str, length| ColumnDef::new(Alias::new(name)).string_len(length).to_owned();
    let mut create = Table::create()
        .table(Alias::new(TABLE))
        .if_not_exists()
        .col(ColumnDef::new(Alias::new("id")).integer().not_null().auto_increment().primary_key())
        .col(text("run", 64).not_null())
        .col(text("version_table", 255).not_null())
        .col(text("revision", 255).not_null())
        .col(text("revision_id", 255).not_null())
        .col(text("direction", 16).not_null())
        .col(ColumnDef::new(Alias::new("statement")).integer())
        .col(ColumnDef::new(Alias::new("sql")).text())
        .col(text("checksum", 64))
        .col(text("started", 32).not_null())
        .col(text("finished", 32))
        .col(ColumnDef::new(Alias::new("milliseconds")).big_integer())
        .col(text("who", 255).not_null())
        .col(text("tool", 64).not_null())
        .col(text("outcome", 16).not_null())
        .col(ColumnDef::new(Alias::new("message")).text())
        .to_owned();
    if db.get_database_backend() == DbBackend::MySql {
        // The database's own default may be one that cannot hold every statement.
        create.character_set("utf8mb4");
    }
    match db.execute(&create).await {
        Ok(_) => Ok(()),
        // Another history in the same database may have been quicker; on PostgreSQL IF NOT EXISTS then still fails.
        Err(error) if !versions::exists(db, TABLE).await? => Err(error),
        Err(_) => Ok(()),
    }
}

/// Adds a row.
pub(crate) async fn insert(db: &impl ConnectionTrait, entry: &Entry) -> Result<(), DbErr> {
    let values = values(entry);
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(values.iter().map(|(name, _)| Alias::new(*name)))
        .values(values.iter().map(|(_, value)| Expr::val(value.clone())))
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .to_owned();
    db.execute(&insert).await.map(|_| ())
}

/// Brings the row of a step, or of a statement, to what it is now.
pub(crate) async fn update(db: &impl ConnectionTrait, entry: &Entry) -> Result<(), DbErr> {
    let statement = match entry.statement {
        Some(number) => column("statement").eq(number),
        None => column("statement").is_null(),
    };
    let update = Query::update()
        .table(Alias::new(TABLE))
        .values(values(entry).into_iter().map(|(name, value)| (Alias::new(name), Expr::val(value))))
        .and_where(column("run").eq(entry.run.as_str()))
        .and_where(statement)
        .to_owned();
    db.execute(&update).await.map(|_| ())
}

/// Removes the journal of a step that is done.
pub(crate) async fn forget_statements(db: &impl ConnectionTrait, run: &str) -> Result<(), DbErr> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(column("run").eq(run))
        .and_where(column("statement").is_not_null())
        .to_owned();
    db.execute(&delete).await.map(|_| ())
}

async fn select(db: &impl ConnectionTrait, condition: SimpleExpr) -> Result<Vec<Entry>, DbErr> {
    if !versions::exists(db, TABLE).await? {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(condition)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    db.query_all(&select).await?.iter().map(entry).collect()
}

fn column(name: &str) -> SimpleExpr {
    Expr::col(Alias::new(name))
}

const COLUMNS: [&str; 15] = [
    "run",
    "version_table",
    "revision",
    "revision_id",
    "direction",
    "statement",
    "sql",
    "checksum",
    "started",
    "finished",
    "milliseconds",
    "who",
    "tool",
    "outcome",
    "message",
];

fn values(entry: &Entry) -> Vec<(&'static str, Value)> {
    let values: [Value; 15] = [
        entry.run.clone().into(),
        entry.version_table.clone().into(),
        entry.revision.clone().into(),
        entry.revision_id.clone().into(),
        entry.direction.as_str().into(),
        entry.statement.into(),
        entry.sql.as_deref().map(|sql| beginning(sql, LONGEST_TEXT)).into(),
        entry.checksum.clone().into(),
        entry.started.clone().into(),
        entry.finished.clone().into(),
        entry.milliseconds.into(),
        beginning(&entry.who, 255).into(),
        entry.tool.clone().into(),
        entry.outcome.as_str().into(),
        entry.message.as_deref().map(|message| beginning(message, LONGEST_TEXT)).into(),
    ];
    COLUMNS.into_iter().zip(values).collect()
}

fn entry(row: &QueryResult) -> Result<Entry, DbErr> {
    let unknown =
        |word: &str| DbErr::Custom(format!("{TABLE} holds the word {word:?}, which this version does not know"));
    let (direction, outcome): (String, String) = (row.try_get("", "direction")?, row.try_get("", "outcome")?);
    Ok(Entry {
        run: row.try_get("", "run")?,
        version_table: row.try_get("", "version_table")?,
        revision: row.try_get("", "revision")?,
        revision_id: row.try_get("", "revision_id")?,
        direction: Action::ALL
            .into_iter()
            .find(|action| action.as_str() == direction)
            .ok_or_else(|| unknown(&direction))?,
        statement: row.try_get("", "statement")?,
        sql: row.try_get("", "sql")?,
        checksum: row.try_get("", "checksum")?,
        started: row.try_get("", "started")?,
        finished: row.try_get("", "finished")?,
        milliseconds: row.try_get("", "milliseconds")?,
        who: row.try_get("", "who")?,
        tool: row.try_get("", "tool")?,
        outcome: Outcome::ALL.into_iter().find(|one| one.as_str() == outcome).ok_or_else(|| unknown(&outcome))?,
        message: row.try_get("", "message")?,
    })
}

impl Action {
    const ALL: [Self; 3] = [Self::Upgrade, Self::Downgrade, Self::Stamp];

    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
        }
    }
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Abandoned];

    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
        }
    }
}

/// A `TEXT` of MySQL holds 65,535 bytes, and a letter has at most four.
const LONGEST_TEXT: usize = 4000;

fn beginning(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect()
}

fn who() -> String {
    let known = |name: whoami::Result<String>| name.unwrap_or_else(|_| "unknown".into());
    format!("{}@{}", known(whoami::username()), known(whoami::hostname()))
}

/// RFC 3339 in UTC with milliseconds.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, date) = civil(day);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let milliseconds = since.subsec_millis();
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

/// Year, month and day of a day counted from 1970-01-01, by the algorithm of
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn civil(day: u64) -> (u64, u64, u64) {
    let day = day + 719_468;
    let (era, day_of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_everybody_reads_it() {
        // date -u -d @1795185000; @951782400 is a leap day of a year that divides by 400.
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_795_185_000, "2026-11-20T14:30:00.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
