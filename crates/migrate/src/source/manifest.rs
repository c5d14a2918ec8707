//! What the migration crate's `Cargo.toml` says about SeaORM and about us.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

/// The generation of SeaORM that a project uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeaOrmMajor {
    /// 1.x and before.
    V1,
    /// 2.x.
    #[default]
    V2,
}

#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) sea_orm: SeaOrmMajor,
    pub(super) uses_autogen: bool,
}

/// Reads the manifest of the crate that `folder` is, or is inside of. Without one, or without a version in it, a
/// project is taken to be on SeaORM 2.
pub(super) fn read(folder: &Path) -> Manifest {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let tables: Vec<Table> = folder.ancestors().filter_map(|above| parse(&above.join("Cargo.toml"))).collect();
    let Some(package) = tables.iter().find(|table| table.contains_key("package")) else { return Manifest::default() };
    let workspace = tables.iter().find_map(|table| table.get("workspace")?.get("dependencies")?.as_table());
    let requirement = ["sea-orm-migration", "sea-orm"].iter().find_map(|name| version(package, workspace, name));
    Manifest {
        sea_orm: requirement.as_deref().map_or(SeaOrmMajor::V2, major),
        uses_autogen: dependency(package, "autogen-migrate").is_some(),
    }
}

fn parse(file: &Path) -> Option<Table> {
    fs::read_to_string(file).ok()?.parse().ok()
}

fn version(package: &Table, workspace: Option<&Table>, name: &str) -> Option<String> {
    let (key, value) = dependency(package, name)?;
    let is_inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let value = if is_inherited { workspace?.get(key)? } else { value };
    let requirement = match value {
        Value::String(text) => Some(text.clone()),
        other => other.get("version").and_then(Value::as_str).map(str::to_owned),
    };
    // A dependency from git without a version is a development version, which is 2.
    Some(requirement.unwrap_or_else(|| "2".into()))
}

/// The dependency's key and value, also where it is renamed.
fn dependency<'a>(package: &'a Table, name: &str) -> Option<(&'a String, &'a Value)> {
    let dependencies = package.get("dependencies")?.as_table()?;
    dependencies
        .iter()
        .find(|(key, value)| value.get("package").and_then(Value::as_str).unwrap_or(key.as_str()) == name)
}

fn major(requirement: &str) -> SeaOrmMajor {
    let digits: String = requirement
        .trim_start_matches(|letter: char| !letter.is_ascii_digit())
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    match digits.parse::<u32>() {
        Ok(0 | 1) => SeaOrmMajor::V1,
        Ok(_) | Err(_) => SeaOrmMajor::V2,
    }
}
