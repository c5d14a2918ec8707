//! `autogen verify`: do all revisions do what they say, from nothing, there and back?

use std::time::{Duration, Instant};

use autogen_diff::report::{Proof, ProofStatus};
use autogen_introspect::{Connection, Scope};
use autogen_migrate::source::Project;
use autogen_prove::{Place, Scratch, differences};
use autogen_schema::{Backend, DatabaseUrl, Schema};
use serde::Serialize;

use super::Session;
use super::upgrade::for_stock;
use crate::args::{Format, ScratchPlace, Verify};
use crate::compare::{Rules, compare};
use crate::exit::{Code, Failure, Outcome};
use crate::lock::LockFile;
use crate::printing::Printer;
use crate::settings::Settings;
use crate::{runner, scratch, sources};

/// Runs each revision up, down and up again, and compares the end with the entities.
pub(crate) async fn run(session: &Session, args: &Verify) -> Outcome {
    let settings = session.settings()?;
    let entities = sources::entities(&settings)?;
    let project = sources::revisions(&settings)?;
    let memory = LockFile::read(&settings)?.memory(&project)?.lock;
    let program = runner::build(&project.folder)?;

    let model = model(session, &settings, &args.scratch).await?;
    let place = scratch::place(&session.surroundings.folder, Some(&settings), &args.scratch, model.backend())?;
    let place = Place { shared: true, ..place };
    let work = async {
        let scratch = Scratch::create(&model, &place)
            .await
            .map_err(|error| Failure::new(Code::Database, format!("could not verify the revisions: {error}")))?;
        let scope = sources::scope(&settings, &project.version_table);
        let bench = Bench {
            settings: &settings,
            project: &project,
            program: &program,
            scratch: &scratch,
            scope,
            printer: session.printer,
        };
        let printer = (args.format == Format::Text).then_some(session.printer);
        let verified = async {
            let (steps, ended_at_head) = bench.steps(printer).await?;
            let live = sources::live_for(session.printer, &entities, scratch.connection(), bench.scope.clone()).await?;
            let rules = Rules::new(&settings.config.compare, false)?.with_version_table(&project.version_table);
            let comparison = compare(scratch.connection(), &entities, &live, memory.as_ref(), &rules).await?;
            let drift = ended_at_head.then(|| comparison.summaries());
            Ok(Verified { version: 1, backend: model.backend(), steps, drift })
        };
        let verified = verified.await;
        scratch.remove().await;
        verified
    };
    let verified: Verified = scratch::unless_interrupted(work).await??;
    session.printer.result(&match args.format {
        Format::Text => verified.conclusion(),
        Format::Json => verified.json()?,
    });
    Ok(verified.code())
}

/// The database that a scratch database is made like: the server that is named for it, or the project's own. SQLite has
/// no server to be like.
pub(super) async fn model(
    session: &Session,
    settings: &Settings,
    scratch: &ScratchPlace,
) -> Result<Connection, Failure> {
    let url = settings.url()?;
    let place = scratch::place(&session.surroundings.folder, Some(settings), scratch, url.backend())?;
    let in_memory = || DatabaseUrl::parse("sqlite::memory:").map_err(|error| Failure::usage(error.to_string()));
    match (url.backend(), place.url) {
        (Backend::Sqlite, _) => sources::connect_to(&in_memory()?, &settings.config.database.options()).await,
        (Backend::Postgres | Backend::Mysql | Backend::Mariadb, Some(url)) => {
            sources::connect_to(&url, &settings.config.database.options()).await
        }
        (Backend::Postgres | Backend::Mysql | Backend::Mariadb, None) => sources::connect(settings).await,
    }
}

/// What came out.
#[derive(Debug, Serialize)]
struct Verified {
    version: u32,
    backend: Backend,
    steps: Vec<Step>,
    /// The differences to the entities at the end; `None` where the end was not reached.
    drift: Option<Vec<String>>,
}

/// One run of one revision.
#[derive(Debug, Serialize)]
struct Step {
    revision: String,
    step: Kind,
    milliseconds: u128,
    /// What is wrong with it.
    problem: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Up,
    Down,
    UpAgain,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::UpAgain => "up again",
        }
    }
}

/// What is run, and where.
struct Bench<'a> {
    settings: &'a Settings,
    project: &'a Project,
    program: &'a std::path::Path,
    scratch: &'a Scratch,
    scope: Scope,
    printer: Printer,
}

impl Bench<'_> {
    /// The steps of all revisions, in the order of the list, and whether all of them are applied at the end. A printer
    /// says each as it is done.
    async fn steps(&self, printer: Option<Printer>) -> Result<(Vec<Step>, bool), Failure> {
        let mut steps = Vec::new();
        let mut before = self.now().await?;
        let take = |steps: &mut Vec<Step>, step: Step| {
            let is_right = step.problem.is_none();
            if let Some(printer) = printer {
                printer.result(&step.line());
            }
            steps.push(step);
            is_right
        };
        for revision in &self.project.revisions {
            let stem = &revision.stem;
            let up = self.run(stem, Kind::Up);
            if !take(&mut steps, up) {
                return Ok((steps, false));
            }
            let after = self.now().await?;
            let mut down = self.run(stem, Kind::Down);
            let was_refused = down.problem.is_some();
            if !was_refused {
                down.problem =
                    problem("it does not return the schema that up started from", &before, &self.now().await?);
            }
            take(&mut steps, down);
            if was_refused {
                // What a refused down leaves behind, only its author can say.
                return Ok((steps, false));
            }
            let mut again = self.run(stem, Kind::UpAgain);
            if again.problem.is_none() {
                again.problem = problem("it does not do what it did the first time", &after, &self.now().await?);
            }
            if !take(&mut steps, again) {
                return Ok((steps, false));
            }
            before = after;
        }
        Ok((steps, true))
    }

    fn run(&self, stem: &str, kind: Kind) -> Step {
        let url = self.scratch.url();
        let started = Instant::now();
        let done = if self.project.uses_autogen {
            let verb = if kind == Kind::Down { "downgrade" } else { "upgrade" };
            runner::run_quietly(self.program, &self.settings.root, url, None, &[verb, "--only", stem])
        } else {
            // SeaORM's own main knows only numbers of steps.
            let verb = if kind == Kind::Down { "down" } else { "up" };
            let schema = self.settings.schema.as_deref();
            runner::run_quietly(self.program, &self.settings.root, &for_stock(url), schema, &[verb, "--num", "1"])
        };
        let duration: Duration = started.elapsed();
        Step { revision: stem.to_owned(), step: kind, milliseconds: duration.as_millis(), problem: done.err() }
    }

    async fn now(&self) -> Result<Schema, Failure> {
        Ok(sources::live(self.printer, self.scratch.connection(), &self.scope).await?.schema)
    }
}

fn problem(what: &str, expected: &Schema, found: &Schema) -> Option<String> {
    let differences = differences(expected, found);
    (!differences.is_empty()).then(|| format!("{what}: {}", differences.join("; ")))
}

impl Step {
    fn line(&self) -> String {
        let Self { revision, step, milliseconds, problem } = self;
        let mark = if problem.is_none() { "ok   " } else { "wrong" };
        let mut line = format!("{mark} {:<8} {revision} {milliseconds} ms", step.words());
        if let Some(problem) = problem {
            line.push_str(&format!("\n      {}", problem.replace('\n', "\n      ")));
        }
        line
    }
}

impl Verified {
    fn wrong(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.problem.is_some())
    }

    fn conclusion(&self) -> String {
        let runs = self.steps.len();
        let wrong = self.wrong().count();
        match &self.drift {
            _ if wrong > 0 => format!("{wrong} of {runs} steps went wrong."),
            Some(drift) if drift.is_empty() => {
                format!("{runs} steps went right, and at the end the database is what the entities say.")
            }
            Some(drift) => format!(
                "{runs} steps went right, and at the end the database is not what the entities say:\n  {}",
                drift.join("\n  ")
            ),
            None => format!("{runs} steps were run, and not all revisions."),
        }
    }

    fn json(&self) -> Result<String, Failure> {
        let mut value = serde_json::to_value(self).map_err(|error| Failure::usage(error.to_string()))?;
        value["proof"] = serde_json::to_value(self.proof()).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(format!("{value:#}\n"))
    }

    fn proof(&self) -> Proof {
        let is_right = |kinds: &[Kind]| !self.wrong().any(|step| kinds.contains(&step.step));
        let converged = self.drift.as_ref().map(Vec::is_empty).filter(|_| is_right(&[Kind::Up, Kind::UpAgain]));
        let reasons: Vec<String> = self
            .wrong()
            .map(|step| {
                format!("{} {}: {}", step.step.words(), step.revision, step.problem.as_deref().unwrap_or_default())
            })
            .chain(["the revisions were run without rows".to_owned()])
            .collect();
        Proof {
            status: if self.code() == Code::Fine { ProofStatus::Proven } else { ProofStatus::Failed },
            up_converged: converged,
            down_exact: Some(is_right(&[Kind::Down])),
            rows_kept: None,
            reason: Some(reasons.join("; ")),
            database: None,
        }
    }

    fn code(&self) -> Code {
        match &self.drift {
            _ if self.wrong().next().is_some() => Code::Migration,
            Some(drift) if drift.is_empty() => Code::Fine,
            Some(_) => Code::Drift,
            None => Code::Migration,
        }
    }
}
