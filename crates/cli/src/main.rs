//! The `autogen` command.
//!
//! Here the rooms meet: the readers of entities and databases, the comparison, the revisions. This is the only crate
//! that prints, reads the environment and writes files.

mod args;
mod commands;
mod compare;
mod config;
mod elsewhere;
mod exit;
mod files;
mod hooks;
mod lock;
mod naming;
mod preview;
mod printing;
mod questions;
mod runner;
mod rustfmt;
mod scratch;
mod series;
mod settings;
mod slug;
mod sources;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::exit::{Code, Failure};
use crate::printing::{Color, Printer, scrub};

// Reading entities is small pieces of memory on several threads, at which the allocators of most systems are slow.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let printer = Printer::new(cli.common.color, cli.common.verbose);
    let outcome = runtime().and_then(|runtime| runtime.block_on(commands::run(cli, printer)));
    outcome
        .unwrap_or_else(|failure| {
            printer.error(&failure.to_string());
            failure.code
        })
        .into()
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("could not start the runtime: {error}")))
}

/// Prints help, version or a wrong command line. Clap quotes what it does not know, which may be a database URL.
fn explain(error: &clap::Error) -> ExitCode {
    let printer = Printer::new(Color::Auto, 0);
    let text = error.render();
    if error.use_stderr() {
        printer.note(&if printer.paint_errors() { text.ansi().to_string() } else { text.to_string() });
        Code::Usage.into()
    } else {
        printer.result(&scrub(&if printer.paint { text.ansi().to_string() } else { text.to_string() }));
        Code::Fine.into()
    }
}
