//! `cargo xtask test`: all tests, on every database.

use std::process::Command;

use clap::ValueEnum;

use crate::failure::{Outcome, run};
use crate::probe::Kind;
use crate::project::{detach, repository, target_directory};
use crate::servers::{Means, Servers};

/// How many tests nextest runs at once.
const THREADS: &str = "NEXTEST_TEST_THREADS";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Install database servers where there are none (on Debian, as root)
    #[arg(long)]
    install_servers: bool,
    /// Test on these databases only
    #[arg(long, value_name = "DATABASE")]
    only: Vec<Database>,
    /// Fail where there is no server of this kind; PostgreSQL and MariaDB are always required
    #[arg(long, value_name = "DATABASE")]
    require: Vec<Database>,
    /// Arguments for the test runner
    #[arg(last = true)]
    arguments: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
    Mariadb,
    Mysql,
}

impl Database {
    /// The kind of its server; SQLite has none.
    fn server(self) -> Option<Kind> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Kind::Postgres),
            Self::Mariadb => Some(Kind::Mariadb),
            Self::Mysql => Some(Kind::Mysql),
        }
    }
}

/// Runs the tests of the workspace, then those in its documentation.
pub(crate) fn run_tests(options: &Options) -> Outcome<()> {
    run_all(options, has_nextest(), &[])
}

/// The same, where each writes what it found in the place of what it expected. An expectation is found by its place in
/// the file as it was compiled, so that nextest's process for each test would not know what others have moved.
pub(crate) fn bless(options: &Options) -> Outcome<()> {
    run_all(options, false, &[("UPDATE_EXPECT", "1")])
}

fn run_all(options: &Options, with_nextest: bool, environment: &[(&str, &str)]) -> Outcome<()> {
    let (wanted, required) = options.kinds();
    let target = target_directory();
    let servers = Servers::find(&wanted, &required, &Means { install: options.install_servers, target: &target })?;

    // Arguments narrow the run; what is in the documentation is then not asked for.
    let documentation = options.arguments.is_empty().then(documentation_tests);
    for mut command in std::iter::once(workspace_tests(options, with_nextest)).chain(documentation) {
        servers.tell(&mut command);
        run(command.envs(environment.iter().copied()))?;
    }
    Ok(())
}

impl Options {
    /// The servers to look for, and those without which there is no testing.
    fn kinds(&self) -> (Vec<Kind>, Vec<Kind>) {
        let servers = |databases: &[Database]| databases.iter().filter_map(|it| it.server()).collect::<Vec<Kind>>();
        if !self.only.is_empty() {
            return (servers(&self.only), servers(&self.only));
        }
        let required = [Kind::Postgres, Kind::Mariadb].into_iter().chain(servers(&self.require)).collect();
        (Kind::ALL.into(), required)
    }
}

/// The whole workspace, unless the arguments name packages.
fn workspace_tests(options: &Options, with_nextest: bool) -> Command {
    let mut command = cargo();
    let without_servers = options.only == [Database::Sqlite];
    match (with_nextest, without_servers) {
        (true, false) => command.args(["nextest", "run"]),
        (true, true) => command.args(["nextest", "run", "--profile", "sqlite"]),
        (false, false) => command.args(["test", "--all-targets"]),
        // What .config/nextest.toml leaves out by name can only be left out as a whole here.
        (false, true) => command.args(["test", "--all-targets", "--workspace", "--exclude", "autogen-introspect"]),
    };
    command.args(&options.arguments);
    if std::env::var_os(THREADS).is_none() {
        // Two more than processors: much of the time of a test is that of a server, or of its disk.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        command.env(THREADS, (processors + 2).to_string());
    }
    command
}

/// Of which nextest knows nothing.
fn documentation_tests() -> Command {
    let mut command = cargo();
    command.args(["test", "--quiet", "--workspace", "--doc"]);
    command
}

fn has_nextest() -> bool {
    cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository());
    detach(&mut command);
    command
}
