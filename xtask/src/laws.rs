//! `cargo xtask laws`: the laws over random schemas, against more pairs than the test run tries.

use std::process::Command;

use crate::failure::{Outcome, run};
use crate::probe::Kind;
use crate::project::{detach, repository, target_directory};
use crate::servers::{Means, Servers};

/// The law of each database, with how many pairs it is held against.
const LAWS: [(&str, &str); 5] = [
    ("pure::", "1000"),
    ("live::up_and_down_are_exact_on_sqlite", "10000"),
    ("live::up_and_down_are_exact_on_postgres", "1000"),
    ("live::up_and_down_are_exact_on_mariadb", "1000"),
    ("live::up_and_down_are_exact_on_mysql", "1000"),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The number to begin with; each pair has the next one
    #[arg(long, default_value_t = 20_261_121)]
    seed: u64,
    /// How many pairs each law sees, instead of 10,000 on SQLite and 1,000 elsewhere
    #[arg(long)]
    cases: Option<u64>,
}

pub(crate) fn laws(options: &Options) -> Outcome<()> {
    let required = [Kind::Postgres, Kind::Mariadb];
    let servers = Servers::find(&Kind::ALL, &required, &Means { install: false, target: &target_directory() })?;
    for (law, cases) in LAWS {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["test", "--package", "autogen-diff", "--test", "laws", "--", "--nocapture", law]);
        command.env("AUTOGEN_LAW_SEED", options.seed.to_string());
        command.env("AUTOGEN_LAW_CASES", options.cases.map_or_else(|| cases.to_owned(), |cases| cases.to_string()));
        command.current_dir(repository());
        detach(&mut command);
        servers.tell(&mut command);
        run(&mut command)?;
    }
    Ok(())
}
