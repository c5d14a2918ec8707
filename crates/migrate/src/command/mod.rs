//! The command line of a migration crate's own binary: what runs in production, without sources and without cargo.

mod arguments;
mod interrupt;
mod print;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use autogen_schema::{Backend, DatabaseUrl};
use clap::Parser;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::DatabaseConnection;

use self::arguments::{Arguments, Command, Run};
use self::print::{Detail, Printer};
use crate::arguments::set_x_arguments;
use crate::graph::{Graph, Revision};
use crate::runner::{Goal, RunError, Runner, revisions_of};
use crate::step::Direction;
use crate::{connect, header, lock, script, versions};

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

/// The environment variable that names a file with the texts of the revisions, as [`bundle`](crate::header::bundle)
/// joins them. `autogen upgrade` has the sources at hand and gives them to a program that was built without.
pub const REVISIONS_VARIABLE: &str = "AUTOGEN_REVISIONS";

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
                RunError::SingleTransaction { .. } => 2,
                RunError::Graph(_) | RunError::Unknown { .. } | RunError::OtherHistory { .. } => 3,
                RunError::Database(_) => 4,
                RunError::Lock(error) => match error {
                    lock::LockError::Timeout { .. } => 5,
                    lock::LockError::Lost(_) | lock::LockError::Refused(_) => 4,
                },
                RunError::Migration { .. } | RunError::Unfinished(_) => 6,
                RunError::Interrupted { .. } => 130,
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
    let given = match given_headers() {
        Ok(given) => given,
        Err(failure) => return end(&failure, url.as_ref()),
    };
    match execute::<M>(&arguments, url.as_ref(), given.as_deref().or(headers)).await {
        Ok(code) => code,
        Err(failure) => end(&failure, url.as_ref()),
    }
}

/// What the environment says about the revisions.
fn given_headers() -> Result<Option<String>, Failure> {
    let Some(path) = std::env::var_os(REVISIONS_VARIABLE) else { return Ok(None) };
    let text = std::fs::read_to_string(&path);
    text.map(Some).map_err(|error| {
        let path = path.display();
        Failure::Usage(format!("could not read the revisions in {path}, which {REVISIONS_VARIABLE} names: {error}"))
    })
}

/// The database is named by the environment: a command line is seen by every user of the machine.
fn database_url(command: &Command) -> Result<Option<DatabaseUrl>, Failure> {
    let needs_none = match command {
        Command::Heads { .. } | Command::Branches => true,
        Command::History { rev_range, indicate_current, .. } => {
            !indicate_current && !rev_range.as_ref().is_some_and(|range| range.contains("current"))
        }
        Command::Show { revision } => !revision.contains("current"),
        _ => false,
    };
    match std::env::var("DATABASE_URL") {
        Ok(text) => DatabaseUrl::parse(&text).map(Some).map_err(|error| Failure::Usage(error.to_string())),
        Err(_) if needs_none => Ok(None),
        Err(_) => Err(Failure::Usage("DATABASE_URL is not set; set it to the URL of the database".into())),
    }
}

fn end(failure: &Failure, url: Option<&DatabaseUrl>) -> ExitCode {
    let message = failure.message();
    let message = url.map_or(message.clone(), |url| url.redact(&message));
    say("error", &message);
    ExitCode::from(failure.exit_code())
}

fn say(kind: &str, message: &str) {
    // Nobody is left to tell that standard error is closed.
    let _printed = writeln!(io::stderr(), "{kind}: {message}");
}

async fn execute<M: MigratorTrait>(
    arguments: &Arguments,
    url: Option<&DatabaseUrl>,
    headers: Option<&str>,
) -> Result<ExitCode, Failure> {
    let migrations = M::migrations();
    let stems: Vec<String> = migrations.iter().map(|migration| migration.name().to_owned()).collect();
    let revisions = headers.map_or_else(|| revisions_of(&migrations), |headers| header::revisions(&stems, headers));
    let db = match url {
        Some(url) => Some(connect(url, std::env::var("DATABASE_SCHEMA").ok().as_deref()).await?),
        None => None,
    };
    set_x_arguments(arguments.x.iter().map(|text| arguments::pair(text)));
    let program = Program { url, db: db.as_ref(), arguments, revisions: &revisions };
    program.execute::<M>().await
}

/// The program with what it was started with.
struct Program<'p> {
    url: Option<&'p DatabaseUrl>,
    /// `None` for a command that needs none, without a DATABASE_URL.
    db: Option<&'p DatabaseConnection>,
    arguments: &'p Arguments,
    revisions: &'p [Revision],
}

impl Program<'_> {
    async fn execute<M: MigratorTrait>(&self) -> Result<ExitCode, Failure> {
        match &self.arguments.command {
            Command::Upgrade { target, run } => self.go::<M>(&run.goal(target), run, Direction::Up).await?,
            Command::Downgrade { target, run } => {
                self.go::<M>(&run.goal(target.as_deref().unwrap_or_default()), run, Direction::Down).await?;
            }
            Command::Up { num } => {
                let goal = num.map_or_else(|| "heads".into(), Goal::AtMost);
                self.go::<M>(&goal, &Run::default(), Direction::Up).await?;
            }
            Command::Down { num } => self.go::<M>(&Goal::AtMost(*num), &Run::default(), Direction::Down).await?,
            Command::Reset => self.go::<M>(&"base".into(), &Run::default(), Direction::Down).await?,
            Command::Refresh => {
                self.runner()?.downgrade::<M>(&"base".into()).await?;
                self.go::<M>(&"heads".into(), &Run::default(), Direction::Up).await?;
            }
            Command::Stamp { revisions, purge } => {
                self.graph();
                self.printer().stamped(&self.runner()?.stamp::<M>(revisions, *purge).await?);
            }
            Command::Current { verbose, check_heads } => return self.current::<M>(*verbose, *check_heads).await,
            Command::History { rev_range, verbose, indicate_current } => {
                self.history::<M>(rev_range.as_deref(), *verbose, *indicate_current).await?;
            }
            Command::Status => {
                let recorded = self.recorded::<M>().await?;
                let all: Vec<&Revision> = self.revisions.iter().collect();
                let detail = Detail { recorded: Some(&recorded), ..Detail::default() };
                self.printer().revisions(&all, &self.graph(), detail);
            }
            Command::Heads { resolve_dependencies } => {
                let (graph, recorded) = (self.graph(), self.recorded_if_any::<M>().await?);
                let heads = if *resolve_dependencies { graph.effective_heads() } else { graph.heads() };
                let detail = Detail { recorded: recorded.as_deref(), ..Detail::default() };
                self.printer().revisions(&heads, &graph, detail);
            }
            Command::Branches => self.printer().branches(&self.graph()),
            Command::Show { revision } => {
                let recorded = self.recorded_if_any::<M>().await?;
                let graph = self.graph();
                let shown = graph.resolve_one(revision, recorded.as_deref().unwrap_or_default())?;
                let detail = Detail { recorded: recorded.as_deref(), verbose: true, ..Detail::default() };
                self.printer().revisions(&[shown], &graph, detail);
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Upgrades or downgrades, or says what that would do.
    async fn go<M: MigratorTrait>(&self, goal: &Goal, run: &Run, direction: Direction) -> Result<(), Failure> {
        if run.sql {
            return self.script::<M>(goal, direction).await;
        }
        if run.dry_run {
            let steps = self.runner()?.plan::<M>(goal, direction).await?;
            self.printer().plan(&steps, direction);
            return Ok(());
        }
        let printer = self.printer();
        let runner = self.runner()?;
        let runner = runner.half_done(run.half_done()).single_transaction(run.single_transaction);
        let runner = runner.stop_on(interrupt::come()).on_progress(|progress| printer.step(progress));
        let done = match direction {
            Direction::Up => runner.upgrade::<M>(goal).await?,
            Direction::Down => runner.downgrade::<M>(goal).await?,
        };
        printer.done(&done, direction);
        Ok(())
    }

    /// Prints the SQL of a range. The database of DATABASE_URL says only which kind is meant; nothing is run there.
    async fn script<M: MigratorTrait>(&self, goal: &Goal, direction: Direction) -> Result<(), Failure> {
        let Goal::Text(range) = goal else { return Err(Failure::Usage("--sql takes a range FROM:TO".into())) };
        let scratch = match (std::env::var("AUTOGEN_SCRATCH_URL"), self.url.map(DatabaseUrl::backend)) {
            (Ok(url), _) => url,
            (Err(_), Some(Backend::Sqlite)) => "sqlite::memory:".to_owned(),
            (Err(_), Some(Backend::Postgres | Backend::Mysql | Backend::Mariadb) | None) => {
                let message = "--sql runs the range on an empty database; set AUTOGEN_SCRATCH_URL to its URL, or use `autogen upgrade --sql`, which makes one";
                return Err(Failure::Usage(message.into()));
            }
        };
        let scratch = DatabaseUrl::parse(&scratch).map_err(|error| Failure::Usage(error.to_string()))?;
        let script = script::write::<M>(&scratch, self.revisions, range, direction).await?;
        print::write(&script);
        Ok(())
    }

    async fn current<M: MigratorTrait>(&self, verbose: bool, check_heads: bool) -> Result<ExitCode, Failure> {
        let recorded = self.recorded::<M>().await?;
        let graph = self.graph();
        self.printer().revisions(&graph.current(&recorded), &graph, Detail { verbose, ..Detail::default() });
        let is_at_heads = graph.pending(&recorded).is_empty();
        // A row without a file is no reason to show nothing, and no reason to be silent.
        let unknown = graph.applied(&recorded).err();
        if let Some(error) = &unknown {
            say("warning", &error.to_string());
        }
        if check_heads && !(is_at_heads && unknown.is_none()) {
            say("error", "the database is not on all head revisions");
            return Ok(ExitCode::from(1));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn history<M: MigratorTrait>(
        &self,
        range: Option<&str>,
        verbose: bool,
        indicate_current: bool,
    ) -> Result<(), Failure> {
        let recorded = self.recorded_if_any::<M>().await?;
        let graph = self.graph();
        let known = recorded.as_deref().unwrap_or_default();
        let mut shown = match range {
            Some(range) => graph.range(range, known)?,
            None => self.revisions.iter().collect(),
        };
        shown.reverse();
        let current: Vec<String> = if indicate_current {
            graph.current(known).iter().map(|revision| revision.id.clone()).collect()
        } else {
            Vec::new()
        };
        let detail = Detail { recorded: recorded.as_deref(), current: &current, verbose };
        self.printer().revisions(&shown, &graph, detail);
        Ok(())
    }

    /// A graph to look at; what is wrong with it is said beside.
    fn graph(&self) -> Graph<'_> {
        let graph = Graph::tolerant(self.revisions);
        for error in graph.errors() {
            say("warning", &error.to_string());
        }
        graph
    }

    fn printer(&self) -> Printer {
        Printer { format: self.arguments.format }
    }

    fn database(&self) -> Result<&DatabaseConnection, Failure> {
        self.db.ok_or_else(|| Failure::Usage("this needs DATABASE_URL".into()))
    }

    fn runner(&self) -> Result<Runner<'_>, Failure> {
        let timeout = Duration::from_secs(self.arguments.lock_timeout);
        Ok(Runner::new(self.database()?).lock_timeout(timeout).graph(self.revisions.to_vec()))
    }

    async fn recorded<M: MigratorTrait>(&self) -> Result<Vec<String>, Failure> {
        Ok(versions::applied(self.database()?, &M::migration_table_name().to_string()).await?)
    }

    async fn recorded_if_any<M: MigratorTrait>(&self) -> Result<Option<Vec<String>>, Failure> {
        match self.db {
            Some(_) => self.recorded::<M>().await.map(Some),
            None => Ok(None),
        }
    }
}
