//! Lays out a generated file as `rustfmt` does, where there is one.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// `source` as `rustfmt` would leave it in `folder`, whose `rustfmt.toml` counts; unchanged where there is none, or it
/// refuses: layout is not worth a failure.
pub(crate) fn format(source: String, folder: &Path) -> String {
    formatted(&source, folder).unwrap_or(source)
}

fn formatted(source: &str, folder: &Path) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // Taken, so that it closes and rustfmt sees the end. A generated file fits into the pipe of any system only if
    // it is small, so it is written from a thread while the output is read.
    let mut stdin = child.stdin.take()?;
    let text = source.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().ok()?;
    let written = writer.join().is_ok_and(|written| written.is_ok());
    (written && output.status.success() && !output.stdout.is_empty())
        .then(|| String::from_utf8(output.stdout).ok())
        .flatten()
}
