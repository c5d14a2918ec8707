//! One file per command.

mod baseline;
mod check;
mod current;
mod diff;
mod discard;
mod draft;
mod history;
mod init;
mod inspect;
mod merge;
mod revision;
mod script;
mod show;
mod stamp;
mod status;
mod upgrade;
mod verify;
mod view;

use crate::args::{Cli, Command, Common, Placing, Revision};
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
        Settings::find(&self.common, &self.surroundings)
    }

    /// What `-x` says to migrations, as KEY=VALUE; `url` is not for them.
    fn arguments_for_migrations(&self) -> Vec<&str> {
        self.common.extra.iter().map(String::as_str).filter(|text| !text.starts_with("url=")).collect()
    }

    /// A word for migrations, where none are run, is a word that somebody misspelt.
    fn refuse_arguments_for_migrations(&self) -> Result<(), Failure> {
        match self.arguments_for_migrations().first() {
            Some(text) => Err(Failure::usage(format!(
                "-x {}=… is for migrations, and this command runs none; here there is -x url=DATABASE_URL",
                text.split('=').next().unwrap_or_default()
            ))),
            None => Ok(()),
        }
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
}

/// Runs what the command line asks for.
pub(crate) async fn run(cli: Cli, printer: Printer) -> Outcome {
    let session = Session::start(cli.common, printer)?;
    match (cli.command, cli.message) {
        (Some(_), Some(_)) => Err(Failure::usage("-m before a command means nothing; write `autogen -m TEXT` alone")),
        (None, Some(message)) => {
            session.refuse_arguments_for_migrations()?;
            let Cli { comparing, proving, writing, .. } = cli;
            let (message, placing) = (Some(message), Placing::default());
            revision::run(&session, Revision { message, autogenerate: true, placing, comparing, proving, writing })
                .await
        }
        (Some(command), None) => dispatch(&session, command).await,
        (None, None) => Err(Failure::usage("no command is given; `autogen --help` lists them")),
    }
}

async fn dispatch(session: &Session, command: Command) -> Result<Code, Failure> {
    if !matches!(command, Command::Upgrade(_) | Command::Downgrade(_)) {
        session.refuse_arguments_for_migrations()?;
    }
    match command {
        Command::Init(args) => init::run(session, &args),
        Command::Revision(args) => revision::run(session, args).await,
        Command::Upgrade(args) => upgrade::up(session, &args).await,
        Command::Downgrade(args) => upgrade::down(session, &args).await,
        Command::Current(args) => current::run(session, &args).await,
        Command::History(args) => history::run(session, &args).await,
        Command::Heads(args) => history::heads(session, &args),
        Command::Branches(args) => history::branches(session, &args),
        Command::Show(args) => show::run(session, &args).await,
        Command::Edit(args) => show::edit(session, &args).await,
        Command::Merge(args) => merge::run(session, &args),
        Command::Stamp(args) => stamp::run(session, &args).await,
        Command::EnsureVersion => stamp::ensure_version(session).await,
        Command::Status(args) => status::run(session, &args).await,
        Command::Check(args) => check::run(session, &args).await,
        Command::Baseline(args) => baseline::run(session, &args).await,
        Command::Diff(args) => diff::run(session, &args).await,
        Command::Verify(args) => verify::run(session, &args).await,
        Command::Discard(args) => discard::run(session, &args).await,
        Command::Inspect(args) => inspect::run(session, &args).await,
    }
}
