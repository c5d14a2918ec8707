//! `cargo xtask demo`: the main job on the chat project, as a user would do it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome, run};
use crate::project::{Scratch, detach, repository, target_directory};

const PROJECT: &str = "chat";
const DATABASE: &str = "sqlite://chat.db?mode=rwc";

/// Builds the tool, then walks through the job in a scratch copy of the project.
pub(crate) fn run_demo() -> Outcome<()> {
    heading("Building autogen");
    run(cargo().args(["build", "--package", "autogen-cli"]))?;

    let directory = target_directory().join("demo").join(PROJECT);
    let scratch = Scratch::copy(PROJECT, &directory).map_err(Failure::at(&directory))?;
    let stage = Stage { project: &scratch.directory };

    heading("A database, built from the project's history of migrations");
    stage.autogen(&["upgrade"])?;
    stage.autogen(&["check"])?;

    heading("Some rows in it");
    stage.rows("seed")?;
    let before = stage.rows("count")?;
    print!("{before}");

    heading("A developer edits the entity of the users: an email with an index, and a display name that is required");
    let entity = "entity/src/user.rs";
    let edits = repository().join("fixtures/projects").join(PROJECT).join("edits/add-email");
    show_difference(&stage.project.join(entity), &edits.join(entity))?;
    scratch.apply(PROJECT, "add-email").map_err(Failure::at(&directory))?;

    heading("The migration is written");
    stage.autogen(&["-m", "add email"])?;
    let migration = stage.newest_migration()?;
    heading(&format!("This is it: {}", migration.strip_prefix(stage.project).unwrap_or(&migration).display()));
    print!("{}", std::fs::read_to_string(&migration).map_err(Failure::at(&migration))?);

    heading("Applied");
    stage.autogen(&["upgrade"])?;
    stage.autogen(&["check"])?;
    let migrated = stage.rows("count")?;

    heading("And undone");
    stage.autogen(&["downgrade", "-1"])?;
    stage.autogen(&["current"])?;
    let after = stage.rows("count")?;

    heading("The rows: before, with the migration applied, and after it was undone");
    print!("{}", side_by_side(&[&before, &migrated, &after]));
    if before != migrated || before != after {
        return Err(Failure::new("rows were lost or gained"));
    }
    println!("\nEvery row is where it was. The project is in {}", directory.display());
    Ok(())
}

/// The scratch copy, and what is done in it.
struct Stage<'a> {
    project: &'a Path,
}

impl Stage<'_> {
    /// Runs the tool as a user would, and shows the command.
    fn autogen(&self, arguments: &[&str]) -> Outcome<()> {
        println!("$ autogen {}", shell_words(arguments));
        run(self.in_project(target_directory().join("debug/autogen")).args(arguments))
    }

    /// Runs the project's own little program for rows, and returns what it prints.
    fn rows(&self, verb: &str) -> Outcome<String> {
        let mut command = self.in_project(cargo_program());
        command.args(["run", "--quiet", "--package", "migration", "--example", "rows", "--", verb]);
        let output = command
            .env("DATABASE_URL", DATABASE)
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("could not start cargo: {error}")))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(Failure::new(format!("could not {verb} the rows"))),
        }
    }

    fn in_project(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        detach(&mut command);
        command.current_dir(self.project).env("CARGO_TARGET_DIR", target_directory());
        // The database is the one that autogen.toml names, whatever the terminal was set up for.
        for variable in ["DATABASE_URL", "AUTOGEN_CONFIG"] {
            command.env_remove(variable);
        }
        command
    }

    fn newest_migration(&self) -> Outcome<PathBuf> {
        let folder = self.project.join("migration/src");
        let entries = std::fs::read_dir(&folder).map_err(Failure::at(&folder))?.flatten().map(|entry| entry.path());
        let is_migration =
            |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('m'));
        let migrations = entries.filter(is_migration).filter(|path| !path.ends_with("main.rs"));
        migrations.max().ok_or_else(|| Failure::new("no migration was written"))
    }
}

/// The lines that differ, each with its sign, in the order of the later file.
fn show_difference(from: &Path, to: &Path) -> Outcome<()> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(Failure::at(path));
    let (from, to) = (read(from)?, read(to)?);
    let only = |here: &str, there: &str| {
        let lines = here.lines().filter(|line| !there.lines().any(|other| other == *line)).map(str::to_owned);
        lines.collect::<Vec<String>>()
    };
    for line in only(&from, &to) {
        println!("-{line}");
    }
    for line in only(&to, &from) {
        println!("+{line}");
    }
    Ok(())
}

/// Counts of one table a line, several texts of the same shape.
fn side_by_side(counts: &[&str]) -> String {
    let mut text = String::new();
    for (index, line) in counts.first().unwrap_or(&"").lines().enumerate() {
        text.push_str(line);
        for other in counts.iter().skip(1) {
            let number = other.lines().nth(index).and_then(|line| line.split_whitespace().last()).unwrap_or("?");
            text.push_str(&format!("{number:>6}"));
        }
        text.push('\n');
    }
    text
}

fn shell_words(words: &[&str]) -> String {
    let quote = |word: &&str| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() };
    words.iter().map(quote).collect::<Vec<String>>().join(" ")
}

fn heading(text: &str) {
    println!("\n=== {text}\n");
}

fn cargo() -> Command {
    let mut command = Command::new(cargo_program());
    command.current_dir(repository());
    detach(&mut command);
    command
}

fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
