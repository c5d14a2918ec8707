//! One file per command.

mod baseline;
mod check;
mod current;
mod diff;
mod discard;
mod history;
mod init;
mod inspect;
mod revision;
mod upgrade;
mod verify;

use crate::args::{Cli, Command, Common, Revision};
use crate::exit::{Code, Failure, Outcome};
use crate::printing::Printer;
use crate::settings::{Settings, Surroundings};
use crate::sources::{Place, Source};

/// What every command starts from.
struct Session {
    common: Common,
    surroundings: Surroundings,
    printer: Printer,
}

impl Session {
    fn start(common: Common, printer: Printer) -> Result<Self, Failure> {
        if let Some(folder) = &common.directory {
            std::env::set_current_dir(folder)
                .map_err(|error| Failure::usage(format!("could not work in {}: {error}", folder.display())))?;
        }
        Ok(Self { surroundings: Surroundings::read()?, common, printer })
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let settings = Settings::find(&self.common, &self.surroundings)?;
        self.warn_of_what_has_no_effect(&settings);
        Ok(settings)
    }

    /// The project, where one is named or lies around; there must be one where a source is a part of it.
    fn settings_for(&self, sources: &[&Source]) -> Result<Option<Settings>, Failure> {
        if sources.iter().any(|source| source.is_of_project()) {
            return self.settings().map(Some);
        }
        Settings::find_if_any(&self.common, &self.surroundings)
    }

    /// Where sources are read.
    fn place<'a>(&'a self, settings: Option<&'a Settings>) -> Place<'a> {
        Place { folder: &self.surroundings.folder, settings, printer: self.printer }
    }

    fn warn_of_what_has_no_effect(&self, settings: &Settings) {
        if !settings.config.backends.is_empty() {
            self.printer.warning(
                "`backends` of autogen.toml has no effect yet: a revision is written for the database that it was compared with",
            );
        }
    }
}

/// Runs what the command line asks for.
pub(crate) async fn run(cli: Cli, printer: Printer) -> Outcome {
    let session = Session::start(cli.common, printer)?;
    match (cli.command, cli.message) {
        (Some(_), Some(_)) => Err(Failure::usage("-m before a command means nothing; write `autogen -m TEXT` alone")),
        (None, Some(message)) => {
            let (comparing, proving) = (cli.comparing, cli.proving);
            revision::run(&session, Revision { message: Some(message), autogenerate: true, comparing, proving }).await
        }
        (Some(command), None) => dispatch(&session, command).await,
        (None, None) => Err(Failure::usage("no command is given; `autogen --help` lists them")),
    }
}

async fn dispatch(session: &Session, command: Command) -> Result<Code, Failure> {
    match command {
        Command::Init(args) => init::run(session, &args),
        Command::Revision(args) => revision::run(session, args).await,
        Command::Upgrade(args) => upgrade::up(session, &args).await,
        Command::Downgrade(args) => upgrade::down(session, &args).await,
        Command::Current(args) => current::run(session, &args).await,
        Command::History => history::run(session),
        Command::Heads => history::heads(session),
        Command::Check(args) => check::run(session, &args).await,
        Command::Baseline(args) => baseline::run(session, &args).await,
        Command::Diff(args) => diff::run(session, &args).await,
        Command::Verify(args) => verify::run(session, &args).await,
        Command::Discard(args) => discard::run(session, &args).await,
        Command::Inspect(args) => inspect::run(session, &args).await,
    }
}
