//! The command line of a migration crate's own binary: what runs in production, without sources and without cargo.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use autogen_schema::DatabaseUrl;
use clap::{Parser, Subcommand, ValueEnum};
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbErr};
use serde::Serialize;

use crate::graph::{Graph, Revision};
use crate::lock;
use crate::runner::{Goal, Progress, RunError, Runner, revisions_of};
use crate::step::Direction;
use crate::{connect, header, versions};

/// Runs the command line of a migration crate; the value is the exit code of the process.
///
/// ```no_run
/// # struct Migrator;
/// # impl sea_orm_migration::MigratorTrait for Migrator {
/// #     fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> { vec![] }
/// # }
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> std::process::ExitCode {
///     autogen_migrate::main(Migrator).await
/// }
/// ```
pub async fn main<M: MigratorTrait>(migrator: M) -> ExitCode {
    run(migrator, None).await
}

/// As [`main`], with the revision graph: the texts of the revisions' files, as
/// [`header::bundle`](crate::header::bundle) joins them. Ids, branches and merges are then known.
pub async fn main_with_graph<M: MigratorTrait>(migrator: M, headers: &str) -> ExitCode {
    run(migrator, Some(headers)).await
}

#[derive(Debug, Parser)]
#[command(about = "Applies and reverts the migrations that are compiled into this program")]
#[command(
    after_help = "The database is the one in the environment variable DATABASE_URL; DATABASE_SCHEMA becomes the \
search_path on PostgreSQL."
)]
struct Arguments {
    /// How long to wait for another process that runs migrations on the same database, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    lock_timeout: u64,
    /// `text` for people, `json-lines` for programs: one object a line
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    JsonLines,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Apply what is pending, up to and including the target
    Upgrade {
        /// A revision or the beginning of its name, `head`, `heads`, or `+N` for the next N
        #[arg(default_value = "head", allow_negative_numbers = true)]
        target: String,
        /// Apply exactly this revision; can be given several times
        #[arg(long, value_name = "NAME", conflicts_with = "target")]
        only: Vec<String>,
    },
    /// Revert what was applied after the target
    Downgrade {
        /// A revision or the beginning of its name, `base`, or `-N` for the last N
        #[arg(allow_negative_numbers = true, required_unless_present = "only")]
        target: Option<String>,
        /// Revert exactly this revision; can be given several times
        #[arg(long, value_name = "NAME", conflicts_with = "target")]
        only: Vec<String>,
    },
    /// Show which revision the database is at
    Current,
    /// Show all revisions, newest first
    History,
    /// Show the revisions that nothing follows
    Heads,
    /// Show every revision and whether it is applied
    Status,
    /// Apply the next migrations, as SeaORM's own command line does
    Up {
        /// How many; all where it is not given
        #[arg(short, long = "num")]
        num: Option<usize>,
    },
    /// Revert the last migrations, as SeaORM's own command line does
    Down {
        /// How many
        #[arg(short, long = "num", default_value_t = 1)]
        num: usize,
    },
    /// Revert all migrations and apply them again
    Refresh,
    /// Revert all migrations
    Reset,
}

/// Why the program ends with something else than 0.
enum Failure {
    Usage(String),
    Run(RunError),
}

impl<E: Into<RunError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Run(error.into())
    }
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Run(error) => match error {
                RunError::Graph(_) => 3,
                RunError::Database(_) => 4,
                RunError::Lock(error) => match error {
                    lock::LockError::Timeout { .. } => 5,
                    lock::LockError::Lost(_) | lock::LockError::Refused(_) => 4,
                },
                RunError::Migration { .. } => 6,
            },
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Usage(message) => message.clone(),
            Self::Run(error) => error.to_string(),
        }
    }
}

async fn run<M: MigratorTrait>(_migrator: M, headers: Option<&str>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors to clap as well; it knows where to print them.
            let _printed = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let url = match database_url(&arguments.command) {
        Ok(url) => url,
        Err(failure) => return end(&failure, None),
    };
    match execute::<M>(&arguments, url.as_ref(), headers).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(&failure, url.as_ref()),
    }
}

/// The database is named by the environment: a command line is seen by every user of the machine.
fn database_url(command: &Command) -> Result<Option<DatabaseUrl>, Failure> {
    match std::env::var("DATABASE_URL") {
        Ok(text) => DatabaseUrl::parse(&text).map(Some).map_err(|error| Failure::Usage(error.to_string())),
        Err(_) if matches!(command, Command::Heads) => Ok(None),
        Err(_) => Err(Failure::Usage("DATABASE_URL is not set; set it to the URL of the database".into())),
    }
}

fn end(failure: &Failure, url: Option<&DatabaseUrl>) -> ExitCode {
    let message = failure.message();
    let message = url.map_or(message.clone(), |url| url.redact(&message));
    let _printed = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(failure.exit_code())
}

async fn execute<M: MigratorTrait>(
    arguments: &Arguments,
    url: Option<&DatabaseUrl>,
    headers: Option<&str>,
) -> Result<(), Failure> {
    let stems: Vec<String> = M::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let revisions = match headers {
        Some(headers) => header::revisions(&stems, headers),
        None => revisions_of(&M::migrations()),
    };
    let graph = Graph::new(&revisions)?;
    let printer = Printer { format: arguments.format };
    let Some(url) = url else {
        printer.revisions(&graph.heads(), &graph, None);
        return Ok(());
    };
    let schema = std::env::var("DATABASE_SCHEMA").ok();
    let db = connect(url, schema.as_deref()).await?;
    let timeout = Duration::from_secs(arguments.lock_timeout);
    let runner = || {
        Runner::new(&db).lock_timeout(timeout).graph(revisions.clone()).on_progress(|progress| printer.step(progress))
    };
    match &arguments.command {
        Command::Upgrade { target, only } => {
            let done = runner().upgrade::<M>(&goal(target, only)).await?;
            printer.done(&done, Direction::Up);
        }
        Command::Downgrade { target, only } => {
            let done = runner().downgrade::<M>(&goal(target.as_deref().unwrap_or_default(), only)).await?;
            printer.done(&done, Direction::Down);
        }
        Command::Up { num } => {
            let done = runner().upgrade::<M>(&num.map_or_else(|| "heads".into(), Goal::AtMost)).await?;
            printer.done(&done, Direction::Up);
        }
        Command::Down { num } => {
            let done = runner().downgrade::<M>(&Goal::AtMost(*num)).await?;
            printer.done(&done, Direction::Down);
        }
        Command::Reset => {
            let done = runner().downgrade::<M>(&"base".into()).await?;
            printer.done(&done, Direction::Down);
        }
        Command::Refresh => {
            runner().downgrade::<M>(&"base".into()).await?;
            let done = runner().upgrade::<M>(&"heads".into()).await?;
            printer.done(&done, Direction::Up);
        }
        Command::Current => {
            let recorded = recorded::<M>(&db).await?;
            let current = graph.current(&recorded);
            // A row without a file is no reason to show nothing, and no reason to be silent.
            let unknown = graph.applied(&recorded);
            printer.revisions(&current, &graph, None);
            unknown?;
        }
        Command::History | Command::Status => {
            let recorded = recorded::<M>(&db).await?;
            let mut shown: Vec<&Revision> = graph.revisions().iter().collect();
            if matches!(arguments.command, Command::History) {
                shown.reverse();
            }
            printer.revisions(&shown, &graph, Some(&recorded));
        }
        Command::Heads => printer.revisions(&graph.heads(), &graph, Some(&recorded::<M>(&db).await?)),
    }
    Ok(())
}

async fn recorded<M: MigratorTrait>(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    versions::applied(db, &M::migration_table_name().to_string()).await
}

fn goal(target: &str, only: &[String]) -> Goal {
    if only.is_empty() { target.into() } else { Goal::Stems(only.to_vec()) }
}

/// One line for programs.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    Started { direction: Direction, name: &'a str, number: usize, total: usize },
    Finished { direction: Direction, name: &'a str, milliseconds: u128 },
    // The message goes to standard error at the end, in both formats.
    Failed { direction: Direction, name: &'a str },
    Done { direction: Direction, names: &'a [String] },
    Revision { id: &'a str, name: &'a str, parents: &'a [String], message: &'a str, applied: Option<bool>, head: bool },
}

/// Writes results to standard output. A reader that went away is no reason to stop a migration, so failures to write
/// are passed over.
#[derive(Clone, Copy)]
struct Printer {
    format: Format,
}

impl Printer {
    fn line(self, text: &str, event: &Event<'_>) {
        let mut out = io::stdout().lock();
        let _written = match self.format {
            Format::Text if text.is_empty() => Ok(()),
            Format::Text => writeln!(out, "{text}"),
            Format::JsonLines => match serde_json::to_string(event) {
                Ok(line) => writeln!(out, "{line}"),
                Err(error) => Err(error.into()),
            },
        };
        let _flushed = out.flush();
    }

    fn step(self, progress: &Progress) {
        match progress {
            Progress::Started { stem, direction, number, total } => self.line(
                &format!("{direction} {number}/{total} {stem}"),
                &Event::Started { direction: *direction, name: stem, number: *number, total: *total },
            ),
            Progress::Finished { stem, direction, duration } => self.line(
                &format!("{direction} {stem} done in {} ms", duration.as_millis()),
                &Event::Finished { direction: *direction, name: stem, milliseconds: duration.as_millis() },
            ),
            Progress::Failed { stem, direction, .. } => {
                self.line(&format!("{direction} {stem} failed"), &Event::Failed { direction: *direction, name: stem });
            }
        }
    }

    fn done(self, stems: &[String], direction: Direction) {
        let text = if stems.is_empty() { format!("nothing to {}", direction.verb()) } else { String::new() };
        self.line(&text, &Event::Done { direction, names: stems });
    }

    /// `recorded` where it matters which of them are applied.
    fn revisions(self, revisions: &[&Revision], graph: &Graph<'_>, recorded: Option<&[String]>) {
        let heads = graph.heads();
        for revision in revisions {
            let head = heads.iter().any(|head| head.id == revision.id);
            let applied = recorded.map(|recorded| recorded.contains(&revision.stem));
            let stem = if revision.stem == revision.id { String::new() } else { format!(" {}", revision.stem) };
            let marks = match applied {
                Some(true) => " (applied)",
                Some(false) => " (pending)",
                None => "",
            };
            self.line(
                &format!("{}{stem}{}{marks}", revision.id, if head { " (head)" } else { "" }),
                &Event::Revision {
                    id: &revision.id,
                    name: &revision.stem,
                    parents: &revision.parents,
                    message: &revision.message,
                    applied,
                    head,
                },
            );
        }
    }
}
