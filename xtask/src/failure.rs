//! What went wrong, for a person, and the running of other programs.

use std::path::Path;
use std::process::Command;

/// One lower-case sentence that says what could not be done and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For `map_err`: the path and what the operating system said of it.
    pub(crate) fn at(path: &Path) -> impl Fn(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self(format!("could not use {path}: {error}"))
    }
}

/// Runs a program to its end; not to succeed is a failure that names the command.
pub(crate) fn run(command: &mut Command) -> Outcome<()> {
    let shown = show(command);
    let status = command.status().map_err(|error| Failure::new(format!("could not start {shown}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{shown} failed ({status})"))) }
}

/// Runs a program to its end without showing what it says, unless it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Outcome<()> {
    let shown = show(command);
    let output = command.output().map_err(|error| Failure::new(format!("could not start {shown}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let mut last: Vec<&str> = said.lines().rev().take(15).collect();
    last.reverse();
    Err(Failure::new(format!("{shown} failed ({}): {}", output.status, last.join("\n    "))))
}

/// The program and its first arguments: enough to know which one it was.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = command.get_args().take(2).map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = std::iter::once(program.to_string_lossy().into_owned()).chain(words).collect();
    format!("`{}`", words.join(" "))
}
