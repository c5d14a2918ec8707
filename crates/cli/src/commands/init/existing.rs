//! A migration crate that is there: what its binary needs so that it understands `autogen upgrade` in full.

use std::fs;
use std::path::Path;

use autogen_migrate::source::{self, AutogenSource, Runner, SeaOrmMajor, runner_for};
use toml::Table;

use crate::exit::Failure;
use crate::files::Edit;

const TOKIO: &str = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }";

/// What to tell about a crate that was left as it is; `shown` is its folder as people name it.
pub(super) fn advice(
    folder: &Path,
    shown: &str,
    dependency: impl FnOnce() -> Result<AutogenSource, Failure>,
) -> Result<Option<String>, Failure> {
    let main = fs::read_to_string(folder.join("src/main.rs")).unwrap_or_default();
    let project = project(folder)?;
    if project.sea_orm == SeaOrmMajor::V1 {
        return Ok(Some(format!(
            "{shown} is there already and was left as it is. On SeaORM 1.x it keeps SeaORM's own main, which runs a history without branches."
        )));
    }
    if project.uses_autogen && main.contains("main_with_graph") {
        return Ok(None);
    }
    if runner_for(&main).is_some() {
        return Ok(Some(format!(
            "{shown} is there already and was left as it is. Its main runs a history without branches, and cannot go on with a migration that was cut short on MySQL or MariaDB; `autogen init --replace-main` gives it one that does all that `autogen upgrade` can ask for."
        )));
    }
    let dependency = line(&dependency()?);
    let Runner { main, build } = runner_for(USUAL).unwrap_or(Runner { main: String::new(), build: "" });
    Ok(Some(format!(
        "{shown} is there already and was left as it is. For branches, and for going on with what was cut short on MySQL or MariaDB, its binary wants\n\
         in {shown}/Cargo.toml, below [dependencies]:\n    {dependency}\n    {TOKIO}\n\
         in {shown}/src/main.rs, for the crate's migrator:\n{}in {shown}/build.rs:\n{}",
        indented(&main),
        indented(build)
    )))
}

/// A `main` as SeaORM writes it, for its text in our words.
const USUAL: &str = "async fn main() { cli::run_cli(migration::Migrator).await; }";

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
}

/// The edits that give the crate our `main`, with the graph compiled in.
///
/// # Errors
///
/// Where one of the files is not as SeaORM or `autogen init` wrote it.
pub(super) fn with_our_main(
    folder: &Path,
    dependency: impl FnOnce() -> Result<AutogenSource, Failure>,
) -> Result<Vec<Edit>, Failure> {
    let project = project(folder)?;
    let by_hand = |what: &str| {
        let shown = folder.display();
        Failure::usage(format!(
            "{what}, so nothing was changed; `autogen init` in a project without autogen.toml prints the lines for {shown}, and docs/revisions.md has them"
        ))
    };
    if project.sea_orm == SeaOrmMajor::V1 {
        return Err(by_hand("autogen's main needs SeaORM 2"));
    }
    let (main, manifest, build) = (folder.join("src/main.rs"), folder.join("Cargo.toml"), folder.join("build.rs"));
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| by_hand(&format!("could not read {}: {error}", path.display())))
    };
    let (main_text, manifest_text) = (read(&main)?, read(&manifest)?);
    if main_text.contains("main_with_graph") {
        return Err(Failure::usage(format!("{} is autogen's main already", main.display())));
    }
    let runner = runner_for(&main_text)
        .ok_or_else(|| by_hand(&format!("{} does more than call SeaORM's command line", main.display())))?;
    if build.exists() {
        return Err(by_hand(&format!("{} is there already", build.display())));
    }
    if project.revisions_folder() != folder.join("src") {
        return Err(by_hand(&format!("the migrations do not lie in {}", folder.join("src").display())));
    }
    let new_manifest = with_dependencies(&manifest_text, &line(&dependency()?))
        .ok_or_else(|| by_hand(&format!("{} has no table [dependencies] to add to", manifest.display())))?;
    Ok(vec![
        Edit::Replace { path: main, from: main_text, to: runner.main },
        Edit::Replace { path: manifest, from: manifest_text, to: new_manifest },
        Edit::Create { path: build, text: runner.build.to_owned() },
    ])
}

fn project(folder: &Path) -> Result<source::Project, Failure> {
    source::survey(folder)
        .map_err(|error| Failure::graph(format!("could not read the migrations that are there: {error}")))
}

fn line(source: &AutogenSource) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    match source {
        AutogenSource::Version(version) => format!("autogen-migrate = {}", quoted(version)),
        AutogenSource::Path(path) => format!("autogen-migrate = {{ path = {} }}", quoted(path)),
        AutogenSource::Git(url) => format!("autogen-migrate = {{ git = {} }}", quoted(url)),
    }
}

/// The manifest with what is missing at the head of `[dependencies]`; `None` where that cannot be done with certainty.
fn with_dependencies(text: &str, autogen: &str) -> Option<String> {
    let before: Table = text.parse().ok()?;
    let there = before.get("dependencies")?.as_table()?;
    let missing: String = [("autogen-migrate", autogen), ("tokio", TOKIO)]
        .iter()
        .filter(|(name, _)| !there.contains_key(*name))
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    let header = "[dependencies]\n";
    let start = if text.starts_with(header) { 0 } else { text.find(&format!("\n{header}"))? + 1 };
    let (head, rest) = text.split_at(start + header.len());
    let edited = format!("{head}{missing}{rest}");
    let mut after: Table = edited.parse().ok()?;
    // What was added is all that changed.
    let table = after.get_mut("dependencies")?.as_table_mut()?;
    table.retain(|name, _| there.contains_key(name));
    (after == before).then_some(edited)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_added_where_they_are_missing() {
        let text = "[package]\nname = \"migration\"\n\n[dependencies]\ntokio = \"1\"\n\n[dependencies.sea-orm-migration]\nversion = \"2\"\n";
        let edited = with_dependencies(text, "autogen-migrate = \"0.1\"").expect("a plain manifest");
        assert_eq!(edited, text.replace("[dependencies]\n", "[dependencies]\nautogen-migrate = \"0.1\"\n"));
        let bare = "[dependencies]\nsea-orm-migration = \"2\"\n";
        let edited = with_dependencies(bare, "autogen-migrate = \"0.1\"").expect("a plain manifest");
        assert!(edited.starts_with("[dependencies]\nautogen-migrate = \"0.1\"\ntokio = { version"), "{edited}");
    }

    #[test]
    fn a_manifest_without_the_table_is_left_alone() {
        for text in ["[package]\nname = \"m\"\n", "[dependencies.sea-orm]\nversion = \"2\"\n", "not toml"] {
            assert_eq!(with_dependencies(text, "autogen-migrate = \"0.1\""), None, "{text}");
        }
    }
}
