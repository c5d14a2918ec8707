//! `cargo xtask laws`: the laws over random schemas, on real databases, with many more pairs than the tests try.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::failure::{Outcome, run};
use crate::probe::Kind;
use crate::project::{detach, repository, target_directory};
use crate::servers::{Means, Servers};
use crate::test::Database;

#[derive(Args)]
pub(crate) struct Options {
    /// How many pairs of schemas each database sees: 10,000 on SQLite and 1,000 on each of the others if not said
    #[arg(long, value_name = "N")]
    cases: Option<u32>,
    /// Where to start; the same seed gives the same pairs. It is printed
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// On these databases only; SQLite, PostgreSQL and MariaDB if not said
    #[arg(long, value_name = "DATABASE")]
    database: Vec<Database>,
}

/// Runs the laws on one database after the other. A failure is shrunk to the smallest pair that fails.
pub(crate) fn laws(options: &Options) -> Outcome<()> {
    let chosen = match options.database.as_slice() {
        [] => vec![Database::Sqlite, Database::Postgres, Database::Mariadb],
        chosen => chosen.to_vec(),
    };
    let kinds: Vec<Kind> = chosen.iter().filter_map(|database| database.server()).collect();
    let target = target_directory();
    let servers = Servers::find(&kinds, &kinds, &Means { install: false, target: &target })?;
    let seed = options.seed.unwrap_or_else(seed_of_now);
    println!("seed {seed}; `--seed {seed}` runs the same again");
    for database in chosen {
        let usual = if database.server().is_none() { 10_000 } else { 1_000 };
        let cases = options.cases.unwrap_or(usual);
        println!("{}: {cases} pairs", database.name());
        let mut command = tests(database);
        command.env("AUTOGEN_LAW_CASES", cases.to_string()).env("AUTOGEN_LAW_SEED", seed.to_string());
        for kind in Kind::ALL {
            command.env(kind.variable(), servers.urls.get(&kind).map_or("", String::as_str));
        }
        run(&mut command)?;
    }
    Ok(())
}

fn tests(database: Database) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    detach(&mut command);
    command.current_dir(repository()).args([
        "test",
        "--quiet",
        "--package",
        "autogen-diff",
        "--test",
        "databases",
        "--",
    ]);
    command.args(["--exact", &format!("up_and_down_are_exact_on_{}", database.name())]);
    command
}

fn seed_of_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
