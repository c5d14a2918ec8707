//! `cargo xtask bench`: how long things take, in release builds. Figures are for reading; no test depends on one.

use std::process::Command;

use clap::Args;

use crate::failure::{Outcome, run};

/// What is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// The part to measure; `model` reads many entity files
    #[arg(value_parser = ["model"])]
    part: String,

    /// How many files, tables or changes
    #[arg(default_value_t = 1000)]
    size: u32,
}

/// Builds the benchmark and runs it.
pub(crate) fn bench(options: &Options) -> Outcome<()> {
    let package = format!("autogen-{}", options.part);
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", &package, "--example", "bench", "--"]);
    run(cargo.arg(options.size.to_string()))
}
