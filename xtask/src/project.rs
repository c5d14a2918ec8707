//! Scratch copies of the example projects.
//!
//! Shared with the end-to-end tests, which include this file; it needs the standard library only.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a project in `fixtures/projects` names the library of this repository.
const LIBRARY: &str = "../../../../crates/migrate";

/// What the packages of the projects are called.
const PACKAGES: [&str; 2] = ["entity", "migration"];

/// A copy of an example project below the target directory, a workspace of its own. While one exists, no other process
/// has one.
pub(crate) struct Scratch {
    /// Where the project is.
    pub(crate) directory: PathBuf,
    // Every copy builds its packages, which are named alike, into one target directory: copies side by side would run
    // each other's programs.
    _turn: File,
}

impl Scratch {
    /// Copies the project `name` to `directory`, in the place of what is there. Waits for other copies to be dropped.
    pub(crate) fn copy(name: &str, directory: &Path) -> io::Result<Self> {
        let target = target_directory();
        fs::create_dir_all(&target)?;
        let turn = File::create(target.join("scratch.lock"))?;
        turn.lock()?;
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
        forget_builds(&target)?;
        let project = repository().join("fixtures/projects").join(name);
        for part in fs::read_dir(&project)? {
            let part = part?;
            // What a build in place has left, and the edits, which are not part of the project.
            if !["target", "edits", "Cargo.lock"].iter().any(|name| part.file_name() == *name) {
                copy_tree(&part.path(), &directory.join(part.file_name()))?;
            }
        }
        let manifest = directory.join("migration/Cargo.toml");
        let library = repository().join("crates/migrate").display().to_string();
        fs::write(&manifest, fs::read_to_string(&manifest)?.replace(LIBRARY, &library))?;
        // The same versions as here, so that nothing is downloaded and little is built twice.
        fs::copy(repository().join("Cargo.lock"), directory.join("Cargo.lock"))?;
        Ok(Self { directory: directory.to_path_buf(), _turn: turn })
    }

    /// Lays one of the project's prepared edits over the copy.
    pub(crate) fn apply(&self, name: &str, edit: &str) -> io::Result<()> {
        copy_tree(&repository().join("fixtures/projects").join(name).join("edits").join(edit), &self.directory)
    }
}

/// Makes cargo build the packages of the projects anew. It takes copies of one package for the same, and for fresh as
/// long as the sources of the copy that was built last are unchanged, wherever that one was.
fn forget_builds(target: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(target.join("debug/.fingerprint")) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let package = name.to_str().and_then(|name| name.rsplit_once('-')).map(|(package, _)| package);
        if package.is_some_and(|package| PACKAGES.contains(&package)) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Keeps what cargo told this process about its own package from the programs that it starts. Build scripts look at
/// these variables (ring's does), and a build that sees other values than the last one compiles half of everything again.
pub(crate) fn detach(command: &mut Command) {
    const NAMES: [&str; 5] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"];
    for (name, _) in std::env::vars_os() {
        if NAMES.iter().any(|beginning| name.to_string_lossy().starts_with(beginning)) {
            command.env_remove(name);
        }
    }
}

/// The folder of this repository.
pub(crate) fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = package.ancestors().skip(1).find(|folder| folder.join("Cargo.lock").is_file());
    workspace.unwrap_or(package).to_path_buf()
}

/// Where everything is built.
pub(crate) fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), |path| repository().join(path))
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        return fs::copy(from, to).map(drop);
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_tree(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
