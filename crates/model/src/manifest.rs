//! What a crate's `Cargo.toml` says: its name, its root files, its neighbours and its SeaORM.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::SeaOrmVersion;

/// The manifest of one crate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    /// The name that `use` knows it by.
    pub(crate) name: String,
    /// The root files that exist: library first, then binaries.
    pub(crate) roots: Vec<PathBuf>,
    /// Dependencies that lie on this disk: the name in `use`, and the folder.
    pub(crate) neighbours: BTreeMap<String, PathBuf>,
    /// The version of SeaORM, where one is named.
    pub(crate) sea_orm: Option<SeaOrmVersion>,
    /// Whether it holds migrations, and at most copies of entities.
    pub(crate) is_migration: bool,
    /// Names that other crates have here: `use orm::…` for `orm = { package = "sea-orm" }`.
    pub(crate) renamed: BTreeMap<String, String>,
    /// The folders of the members, for a workspace without a package of its own.
    pub(crate) members: Vec<PathBuf>,
}

impl Manifest {
    /// Reads the manifest in a folder. `None` where there is none; a manifest that does not parse is like none, because
    /// cargo says that better.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        let table = parse(&folder.join("Cargo.toml"))?;
        let Some(package) = table.get("package").and_then(Value::as_table) else {
            let members = members(&table, folder);
            return (!members.is_empty()).then(|| Self { members, ..Self::default() });
        };
        let workspace = Workspace::find(folder);
        let mut manifest = Self {
            name: crate_name(&table, package),
            roots: roots(&table, folder),
            is_migration: is_migration(&table, package),
            ..Self::default()
        };
        for (name, wanted) in dependencies(&table) {
            manifest.add_dependency(name, wanted, folder, workspace.as_ref());
        }
        if let Some(version) = locked(folder) {
            manifest.sea_orm = Some(version);
        }
        Some(manifest)
    }

    fn add_dependency(&mut self, name: &str, wanted: &Value, folder: &Path, workspace: Option<&Workspace>) {
        let inherited = wanted.get("workspace").and_then(Value::as_bool) == Some(true);
        let (wanted, folder) = match workspace {
            Some(workspace) if inherited => match workspace.dependencies.get(name) {
                Some(wanted) => (wanted, workspace.folder.as_path()),
                None => return,
            },
            _ => (wanted, folder),
        };
        let used_as = name.replace('-', "_");
        let package = wanted.get("package").and_then(Value::as_str).unwrap_or(name);
        if package != name {
            self.renamed.insert(used_as.clone(), package.replace('-', "_"));
        }
        if let Some(path) = wanted.get("path").and_then(Value::as_str) {
            self.neighbours.insert(used_as, folder.join(path));
        }
        if matches!(package, "sea-orm" | "sea-orm-migration" | "sea-orm-sync")
            && let Some(version) = wanted.as_str().or_else(|| wanted.get("version").and_then(Value::as_str))
        {
            self.sea_orm = self.sea_orm.or_else(|| major(version));
        }
    }
}

/// The folder of the crate that a path lies in.
pub(crate) fn enclosing(path: &Path) -> Option<PathBuf> {
    path.ancestors()
        .find(|folder| parse(&folder.join("Cargo.toml")).is_some_and(|table| table.contains_key("package")))
        .map(Path::to_path_buf)
}

struct Workspace {
    folder: PathBuf,
    dependencies: Table,
}

impl Workspace {
    fn find(folder: &Path) -> Option<Self> {
        folder.ancestors().find_map(|folder| {
            let table = parse(&folder.join("Cargo.toml"))?;
            let dependencies = table.get("workspace")?.get("dependencies").and_then(Value::as_table).cloned();
            Some(Self { folder: folder.to_path_buf(), dependencies: dependencies.unwrap_or_default() })
        })
    }
}

fn parse(path: &Path) -> Option<Table> {
    std::fs::read_to_string(path).ok()?.parse().ok()
}

/// An application may run its own migrations; a crate that has nothing of SeaORM but those, or is called so, is one.
fn is_migration(table: &Table, package: &Table) -> bool {
    let depends_on = |wanted: &str| dependencies(table).any(|(name, _)| name == wanted);
    depends_on("sea-orm-migration") && (crate_name(table, package).contains("migrat") || !depends_on("sea-orm"))
}

fn crate_name(table: &Table, package: &Table) -> String {
    let library = table.get("lib").and_then(|lib| lib.get("name"));
    let name = library.or_else(|| package.get("name")).and_then(Value::as_str).unwrap_or_default();
    name.replace('-', "_")
}

fn roots(table: &Table, folder: &Path) -> Vec<PathBuf> {
    let target = |value: &Value| value.get("path").and_then(Value::as_str).map(|path| folder.join(path));
    let mut roots = vec![table.get("lib").and_then(target).unwrap_or_else(|| folder.join("src/lib.rs"))];
    roots.push(folder.join("src/main.rs"));
    if let Some(binaries) = table.get("bin").and_then(Value::as_array) {
        roots.extend(binaries.iter().filter_map(target));
    }
    roots.retain(|root| root.is_file());
    roots.dedup();
    roots
}

fn dependencies(table: &Table) -> impl Iterator<Item = (&str, &Value)> {
    ["dependencies", "dev-dependencies"]
        .into_iter()
        .filter_map(|section| table.get(section).and_then(Value::as_table))
        .flat_map(|section| section.iter().map(|(name, wanted)| (name.as_str(), wanted)))
}

fn members(table: &Table, folder: &Path) -> Vec<PathBuf> {
    let patterns = |key: &str| -> Vec<String> {
        let list = table.get("workspace").and_then(|workspace| workspace.get(key)).and_then(Value::as_array);
        list.map(|list| list.iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect()).unwrap_or_default()
    };
    let excluded: Vec<PathBuf> = patterns("exclude").iter().map(|path| folder.join(path)).collect();
    let mut members: Vec<PathBuf> = patterns("members").iter().flat_map(|pattern| expand(folder, pattern)).collect();
    members.retain(|member| member.join("Cargo.toml").is_file() && !excluded.contains(member));
    members.sort();
    members.dedup();
    members
}

/// Cargo's member patterns, of which people use `crates/*` and plain paths.
fn expand(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let Some((before, "")) = pattern.split_once('*') else { return vec![folder.join(pattern)] };
    let entries = std::fs::read_dir(folder.join(before)).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect()
}

/// The version in the nearest `Cargo.lock`, which knows better than a requirement.
fn locked(folder: &Path) -> Option<SeaOrmVersion> {
    let lock = folder.ancestors().map(|folder| folder.join("Cargo.lock")).find(|lock| lock.is_file())?;
    let text = std::fs::read_to_string(lock).ok()?;
    let mut versions = text.split("[[package]]").filter_map(|package| {
        let mut lines = package.lines().map(str::trim);
        lines.find(|line| *line == r#"name = "sea-orm""#)?;
        lines.find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')).and_then(major)
    });
    // Two versions in one lock say nothing about which one this crate uses.
    versions.next().filter(|first| versions.all(|other| other == *first))
}

fn major(version: &str) -> Option<SeaOrmVersion> {
    let digits: String = version.trim_start_matches(['^', '~', '=', '>', '<', ' ', 'v']).to_owned();
    let major = digits.split(['.', '-', ',', ' ', '*']).next()?;
    Some(if major.parse::<u32>().ok()? < 2 { SeaOrmVersion::V1 } else { SeaOrmVersion::V2 })
}
