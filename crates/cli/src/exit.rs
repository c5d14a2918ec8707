//! How a command ends: a code for scripts, and for a failure one message for people.

use std::fmt;
use std::process::ExitCode;

use autogen_migrate::RunError;
use autogen_migrate::lock::LockError;
use autogen_schema::DatabaseUrl;

/// The exit codes of the program, as `docs/commands.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// All went well, also where there was nothing to do.
    Fine,
    /// The database differs from the entities, or revisions are pending. Only commands that check say so.
    Drift,
    /// The command line or the configuration is wrong.
    Usage,
    /// The revisions do not form the list that the command needs, or the database is behind them.
    Graph,
    /// The database refused, or gave an error.
    Database,
    /// Another process runs migrations, and did not end in time.
    Locked,
    /// The entities could not be read, or contradict each other.
    Entities,
    /// The migration crate does not build.
    Build,
    /// A migration failed, or would: on a scratch database.
    Migration,
    /// A person pressed Ctrl-C.
    Interrupted,
    /// What the migration binary ended with.
    Child(u8),
}

impl Code {
    /// The number that the shell sees.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Drift => 1,
            Self::Usage => 2,
            Self::Graph => 3,
            Self::Database => 4,
            Self::Locked => 5,
            // The migration binary ends with the same.
            Self::Migration => 6,
            Self::Entities => 7,
            Self::Build => 8,
            // What a shell says of a program that SIGINT ended.
            Self::Interrupted => 130,
            Self::Child(number) => number,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.number())
    }
}

/// Why a command could not do its job: what happened, where, what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) code: Code,
    message: String,
}

impl Failure {
    /// A failure with this message.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A wrong command line or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// Revisions that do not fit, or a database that is behind.
    pub(crate) fn graph(message: impl Into<String>) -> Self {
        Self::new(Code::Graph, message)
    }
}

impl Failure {
    /// What the library that runs migrations says, without the URL's password.
    pub(crate) fn run(error: &RunError, url: &DatabaseUrl) -> Self {
        let code = match error {
            RunError::SingleTransaction { .. } => Code::Usage,
            RunError::Graph(_) | RunError::Unknown { .. } | RunError::OtherHistory { .. } => Code::Graph,
            RunError::Lock(LockError::Timeout { .. }) => Code::Locked,
            RunError::Database(_) | RunError::Lock(LockError::Lost(_) | LockError::Refused(_)) => Code::Database,
            RunError::Migration { .. } | RunError::Unfinished(_) => Code::Migration,
            RunError::Interrupted { .. } => Code::Interrupted,
        };
        Self::new(code, url.redact(&error.to_string()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// What a command returns.
pub(crate) type Outcome = Result<Code, Failure>;
