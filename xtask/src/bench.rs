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
    let (package, example, features): (_, _, &[&str]) = match options.part {
        Part::Model => ("autogen-model", "bench_model", &[]),
        Part::Introspect => ("autogen-introspect", "bench_introspect", &[]),
        Part::Revisions => ("autogen-migrate", "bench_revisions", &["--features", "source,sqlite"]),
        Part::Render => ("autogen-diff", "bench_render", &[]),
    };
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", package, "--example", example]).args(features);
    if options.part == Part::Introspect {
        let target = target_directory();
        Servers::find(&Kind::ALL, &[], &Means { install: false, target: &target })?.tell(&mut cargo);
    }
    run(cargo.arg("--").args(options.sizes.iter().map(u32::to_string)))
}
