//! `cargo xtask bench`: how long things take, in release builds. Figures are for reading; no test depends on one.

use std::process::Command;

use clap::{Args, ValueEnum};

use crate::failure::{Outcome, run};
use crate::probe::Kind;
use crate::project::target_directory;
use crate::servers::{Means, Servers};

/// What is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// The part to measure
    part: Part,

    /// How many files, tables or changes; several numbers where the part takes them
    sizes: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Reading many entity files
    Model,
    /// Reading databases with many tables, beside the bare queries and beside sea-schema
    Introspect,
    /// Reading the history of a project with many revisions, and where a database is in it
    Revisions,
    /// Writing a migration of many changes
    Render,
}

/// Builds the benchmark and runs it.
pub(crate) fn bench(options: &Options) -> Outcome<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--example", "bench", "--package"]);
    match options.part {
        Part::Model => run(with_sizes(cargo.arg("autogen-model"), options)),
        Part::Revisions => run(with_sizes(cargo.args(["autogen-migrate", "--features", "source,sqlite"]), options)),
        Part::Render => run(with_sizes(cargo.arg("autogen-diff"), options)),
        Part::Introspect => {
            let target = target_directory();
            let servers = Servers::find(&Kind::ALL, &[], &Means { install: false, target: &target })?;
            servers.tell(&mut cargo);
            run(with_sizes(cargo.arg("autogen-introspect"), options))
        }
    }
}

fn with_sizes<'a>(cargo: &'a mut Command, options: &Options) -> &'a mut Command {
    cargo.arg("--").args(options.sizes.iter().map(u32::to_string))
}
