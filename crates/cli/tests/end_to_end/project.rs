//! A project in a folder, and the tool run in it.

use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::{Child, Stdio};
use std::process::{Command, Output};

use crate::job::scratch;

/// What a command ended with.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    command: String,
}

impl Ended {
    fn of(command: &str, output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            command: command.to_owned(),
        }
    }

    /// Passes on what a command ended with, if it ended with this code.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        let Self { code: found, stdout, stderr, command } = &self;
        assert_eq!(*found, code, "{command}\n--- stdout\n{stdout}\n--- stderr\n{stderr}");
        self
    }

    /// The message holds all of these.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        let Self { stdout, stderr, command, .. } = &self;
        for word in words {
            assert!(
                stderr.contains(word),
                "{command} does not say `{word}`\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
            );
        }
        self
    }

    /// The result holds all of these.
    #[track_caller]
    pub(crate) fn shows(self, words: &[&str]) -> Self {
        let Self { stdout, stderr, command, .. } = &self;
        for word in words {
            assert!(
                stdout.contains(word),
                "{command} does not show `{word}`\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
            );
        }
        self
    }
}

/// Runs `autogen` in a folder.
pub(crate) fn autogen(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = command(env!("CARGO_BIN_EXE_autogen"), folder);
    let output = command.args(arguments).output().unwrap();
    Ended::of(&format!("autogen {}", arguments.join(" ")), &output)
}

/// Runs cargo in a folder.
pub(crate) fn cargo(folder: &Path, arguments: &[&str], url: &str) -> Ended {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = command(&cargo, folder).args(arguments).env("DATABASE_URL", url).output().unwrap();
    Ended::of(&format!("cargo {}", arguments.join(" ")), &output)
}

/// Starts `autogen` in a process group of its own, which can be interrupted as a terminal interrupts one.
#[cfg(unix)]
pub(crate) fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
    use std::os::unix::process::CommandExt;
    let mut command = command(env!("CARGO_BIN_EXE_autogen"), folder);
    command.args(arguments).envs(environment.iter().copied()).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for what was started.
#[cfg(unix)]
pub(crate) fn ended(command: &str, child: Child) -> Ended {
    Ended::of(command, &child.wait_with_output().unwrap())
}

fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    scratch::detach(&mut command);
    command.current_dir(folder).env("CARGO_TARGET_DIR", scratch::target_directory());
    for variable in ["DATABASE_URL", "AUTOGEN_CONFIG", "DATABASE_SCHEMA"] {
        command.env_remove(variable);
    }
    command
}

/// The files of the migration crate's source folder, without `lib.rs` and `main.rs`, in order.
pub(crate) fn revisions(project: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.join("migration/src")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| !path.ends_with("lib.rs") && !path.ends_with("main.rs")).collect();
    files.sort();
    files
}

/// Every file of a folder with its content, for comparing.
pub(crate) fn snapshot(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(snapshot(&path)),
            false => files.push((path.clone(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned())),
        }
    }
    files.sort();
    files
}
