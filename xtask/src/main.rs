//! Development commands: `cargo xtask test`, `laws`, `demo`, `bench` and `bless`.
//!
//! They need nothing beside Rust and a C compiler: what a test needs of database servers is found, started or installed
//! here, and the demonstration runs on SQLite alone.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people prints")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod debian;
mod demo;
mod failure;
mod install;
mod laws;
mod mysql;
mod private;
mod probe;
mod project;
mod servers;
mod test;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development commands")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run all tests, on every database
    Test(test::Options),
    /// Rewrite the expectations of all tests, for review in the diff
    Bless(test::Options),
    /// Hold the laws against thousands of random schemas, on every database
    Laws(laws::Options),
    /// Show the main job on a small chat application, with SQLite
    Demo,
    /// Measure a part, in a release build
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test(options) => test::run_tests(&options),
        Task::Bless(options) => test::bless(&options),
        Task::Laws(options) => laws::laws(&options),
        Task::Demo => demo::run_demo(),
        Task::Bench(options) => bench::bench(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
