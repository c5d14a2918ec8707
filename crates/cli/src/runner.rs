//! Builds the migration crate and runs its binary.

use std::fs;
use std::future::{Future, poll_fn};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, ExitStatus, Stdio};
use std::task::Poll;

use autogen_migrate::graph::Revision;
use autogen_migrate::source::Project;
use autogen_migrate::{REVISIONS_VARIABLE, header};
use autogen_schema::DatabaseUrl;
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;

/// Builds the migration crate; cargo's own messages go to stderr as they come.
pub(crate) fn build(crate_folder: &Path) -> Result<PathBuf, Failure> {
    let arguments = ["build", "--message-format=json-render-diagnostics", "--bins"];
    let output = cargo(crate_folder, &arguments, Stdio::inherit())?;
    if !output.status.success() {
        return Err(Failure::new(
            Code::Build,
            format!(
                "the migration crate {} does not build; see the errors above, mend them and try again",
                crate_folder.display()
            ),
        ));
    }
    executable(&String::from_utf8_lossy(&output.stdout), crate_folder)
}

/// Checks that the migration crate compiles, and says the compiler's first error where it does not.
pub(crate) fn check(crate_folder: &Path) -> Result<(), Failure> {
    let output = cargo(crate_folder, &["check", "--message-format=json", "--quiet"], Stdio::piped())?;
    if output.status.success() {
        return Ok(());
    }
    let first = first_error(&String::from_utf8_lossy(&output.stdout))
        .unwrap_or_else(|| String::from_utf8_lossy(&output.stderr).trim().to_owned());
    Err(Failure::new(
        Code::Build,
        format!("the revision is written, and the migration crate {} does not build:\n{first}", crate_folder.display()),
    ))
}

/// The first error among cargo's messages, as the compiler shows it.
fn first_error(messages: &str) -> Option<String> {
    let message = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .find(|message| message.reason == "compiler-message" && message.message.level == "error")?;
    Some(message.message.rendered.trim_end().to_owned())
}

/// Runs cargo on the migration crate.
fn cargo(crate_folder: &Path, arguments: &[&str], stderr: Stdio) -> Result<std::process::Output, Failure> {
    let manifest = crate_folder.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(Failure::new(
            Code::Build,
            format!(
                "there is no migration crate in {}; run `autogen init`, or set `migrations` in autogen.toml",
                crate_folder.display()
            ),
        ));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(&cargo);
    // A cargo that started us tells us about its own package; the build scripts of dependencies watch some of that, and
    // would all run again.
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_about_a_package(&name.to_string_lossy())) {
        build.env_remove(name);
    }
    build
        .args(arguments)
        .arg("--manifest-path")
        .arg(&manifest)
        .current_dir(crate_folder)
        .stdin(Stdio::null())
        .stderr(stderr)
        .output()
        .map_err(|error| {
            Failure::new(Code::Build, format!("could not start cargo: {error}; install Rust from https://rustup.rs"))
        })
}

/// Runs the migration binary with the terminal of this process. The URL goes by environment: a command line can be
/// read by every user of the machine.
pub(crate) async fn run(
    program: &Path,
    settings: &Settings,
    project: &Project,
    url: &DatabaseUrl,
    arguments: &[&str],
) -> Outcome {
    leave_interrupts_to_the_binary().await;
    let texts = texts(project)?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&settings.root).env("DATABASE_URL", url.expose());
    command.env(REVISIONS_VARIABLE, texts.path());
    if let Some(schema) = &settings.schema {
        command.env("DATABASE_SCHEMA", schema);
    }
    ended(command.status(), program)
}

/// The texts of the revisions in a file, so that a binary without them knows ids, branches, and what was generated.
fn texts(project: &Project) -> Result<NamedTempFile, Failure> {
    let failed = |error: std::io::Error| Failure::usage(format!("could not write a temporary file: {error}"));
    let read = |revision: &Revision| Some((revision.stem.clone(), fs::read_to_string(revision.file.as_ref()?).ok()?));
    let files: Vec<(String, String)> = project.revisions.iter().filter_map(read).collect();
    let bundle = header::bundle(files.iter().map(|(stem, text)| (stem.as_str(), text.as_str())));
    let mut file = NamedTempFile::new().map_err(failed)?;
    file.write_all(bundle.as_bytes()).map_err(failed)?;
    Ok(file)
}

fn ended(status: std::io::Result<ExitStatus>, program: &Path) -> Outcome {
    let status =
        status.map_err(|error| Failure::new(Code::Build, format!("could not run {}: {error}", program.display())))?;
    match status.code().map(u8::try_from) {
        Some(Ok(0)) => Ok(Code::Fine),
        Some(Ok(number @ (2..=8 | 130))) => Ok(Code::Child(number)),
        None if was_told_to_stop(status) => Err(Failure::new(
            Code::Interrupted,
            "interrupted before the first migration, or in SeaORM's own main; `autogen current` shows where the database is",
        )),
        // A panic, another signal, or SeaORM's own main, which knows only 1: the migration did not end as it should.
        Some(Ok(_) | Err(_)) | None => Err(Failure::new(
            Code::Migration,
            format!("the migration binary ended with {status}; `autogen current` shows where the database is now"),
        )),
    }
}

/// Whether Ctrl-C, or the signal of a service manager, ended a program that did not take it.
#[cfg(unix)]
fn was_told_to_stop(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const INTERRUPT: i32 = 2;
    const TERMINATE: i32 = 15;
    matches!(status.signal(), Some(INTERRUPT | TERMINATE))
}

#[cfg(not(unix))]
fn was_told_to_stop(_: ExitStatus) -> bool {
    false
}

/// Lets the migration binary write the SQL of a range. `scratch` is an empty database to run it on.
pub(crate) async fn write_sql(
    program: &Path,
    settings: &Settings,
    project: &Project,
    scratch: &DatabaseUrl,
    arguments: &[&str],
) -> Outcome {
    leave_interrupts_to_the_binary().await;
    let texts = texts(project)?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&settings.root).env(REVISIONS_VARIABLE, texts.path());
    command.env("DATABASE_URL", scratch.expose()).env("AUTOGEN_SCRATCH_URL", scratch.expose());
    ended(command.status(), program)
}

/// A terminal sends Ctrl-C to both processes. The binary rolls back and says what is left; this one waits for it.
async fn leave_interrupts_to_the_binary() {
    let mut signal = pin!(tokio::signal::ctrl_c());
    // The first poll is what takes the signal away from its default, for the rest of this process.
    poll_fn(|context| {
        let _not_yet = signal.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Runs the migration binary and keeps what it says. The error is its message. `schema` is for SeaORM's own `main`, which
/// takes none from the URL.
pub(crate) fn run_quietly(
    program: &Path,
    folder: &Path,
    url: &DatabaseUrl,
    schema: Option<&str>,
    arguments: &[&str],
) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).env("DATABASE_URL", url.expose()).env_remove("DATABASE_SCHEMA").current_dir(folder);
    command.envs(schema.map(|schema| ("DATABASE_SCHEMA", schema)));
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not run {}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].map(|text| String::from_utf8_lossy(&text).trim().to_owned());
    let said = said.into_iter().find(|text| !text.is_empty());
    Err(url.redact(&said.unwrap_or_else(|| format!("the migration binary ended with {}", output.status))))
}

/// One line of cargo's output, as far as it concerns us:
/// <https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages>.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    executable: Option<PathBuf>,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    message: Diagnostic,
}

#[derive(Default, Deserialize)]
struct Diagnostic {
    #[serde(default)]
    level: String,
    #[serde(default)]
    rendered: String,
}

#[derive(Default, Deserialize)]
struct Target {
    #[serde(default)]
    name: String,
    #[serde(default)]
    src_path: PathBuf,
}

/// The binary of the crate: the only one, or the one whose source is `src/main.rs`.
fn executable(messages: &str, crate_folder: &Path) -> Result<PathBuf, Failure> {
    let mut found: Vec<(Target, PathBuf)> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && is_in(&message.manifest_path, crate_folder))
        .filter_map(|message| message.executable.map(|executable| (message.target, executable)))
        .collect();
    if found.len() > 1 {
        found.retain(|(target, _)| target.src_path.ends_with("src/main.rs"));
    }
    let names: Vec<&str> = found.iter().map(|(target, _)| target.name.as_str()).collect();
    let several = names.join(", ");
    match found.pop() {
        Some((_, program)) if found.is_empty() => Ok(program),
        Some(_) => Err(Failure::new(
            Code::Build,
            format!(
                "the migration crate has several binaries ({several}); keep the one that runs the migrations in src/main.rs"
            ),
        )),
        None => Err(Failure::new(
            Code::Build,
            format!(
                "the migration crate {} has no binary; give it a src/main.rs that calls autogen_migrate (docs/revisions.md shows it)",
                crate_folder.display()
            ),
        )),
    }
}

fn is_in(manifest: &Path, crate_folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    manifest.parent().is_some_and(|folder| real(folder) == real(crate_folder))
}

/// Whether cargo sets this variable to describe the package that it runs.
fn is_about_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(folder: &str, source: &str, executable: &str) -> String {
        serde_json::json!({
            "reason": "compiler-artifact", "manifest_path": format!("{folder}/Cargo.toml"), "executable": executable,
            "target": { "name": "m", "src_path": format!("{folder}/{source}") },
        })
        .to_string()
    }

    #[test]
    fn the_binary_of_this_crate_is_taken() {
        let messages = [
            r#"{"reason":"build-script-executed"}"#.to_owned(),
            artifact("/p/other", "src/main.rs", "/t/other"),
            artifact("/p/migration", "src/main.rs", "/t/migration"),
            "not json".to_owned(),
        ]
        .join("\n");
        assert_eq!(executable(&messages, Path::new("/p/migration")).ok(), Some("/t/migration".into()));
    }

    #[test]
    fn of_several_binaries_main_is_taken() {
        let messages = [
            artifact("/p/migration", "src/bin/extra.rs", "/t/extra"),
            artifact("/p/migration", "src/main.rs", "/t/migration"),
        ]
        .join("\n");
        assert_eq!(executable(&messages, Path::new("/p/migration")).ok(), Some("/t/migration".into()));
    }

    #[test]
    fn a_crate_without_a_binary_is_told_what_to_do() {
        let error = executable("", Path::new("/p/migration")).expect_err("nothing was built");
        assert_eq!(error.code, Code::Build);
        assert!(error.to_string().contains("src/main.rs"), "{error}");
    }
}
