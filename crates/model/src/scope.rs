//! Which files are asked for: crates and folders, what is left out of them, and what no module reaches.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use autogen_schema::{Notice, NoticeKind, Place};
use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::error::{Problem, ReadError};
use crate::manifest::{self, Manifest};
use crate::sources::{CrateId, ModuleId, Program, canonical, shown};
use crate::{Options, SeaOrmVersion};

/// Folders that hold copies of entities more often than entities.
const LEFT_OUT: [&str; 6] = ["tests", "examples", "benches", "migration", "migrations", "target"];

/// What was asked for, loaded.
pub(crate) struct Scope {
    pub(crate) program: Program,
    /// The modules whose entities count, in the order of their files.
    pub(crate) modules: Vec<ModuleId>,
    /// What the manifests say.
    pub(crate) sea_orm: Option<SeaOrmVersion>,
    /// The folders (or files) that were asked for.
    places: Vec<PathBuf>,
    excluded: GlobSet,
}

impl Scope {
    pub(crate) fn open(options: &Options) -> Result<Self, ReadError> {
        let root = canonical(&options.root);
        let mut problems = Vec::new();
        let excluded = globs(&options.exclude, &mut problems);
        let mut scope =
            Self { program: Program::new(&root), modules: Vec::new(), sea_orm: None, places: Vec::new(), excluded };
        for path in &options.entities {
            let full = options.root.join(path);
            if full.exists() {
                scope.add(&canonical(&full));
            } else {
                problems.push(Problem::new(format!(
                    "there is nothing at {}; set `entities` in autogen.toml or --entities to a crate or folder",
                    shown(&root, &root.join(path))
                )));
            }
        }
        if problems.is_empty() { Ok(scope) } else { Err(ReadError { problems }) }
    }

    /// What could not be read of the files that were asked for. A file elsewhere is only needed for the names in it,
    /// and a name that is missed says so itself.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let asked = self.program.problems.iter().filter(|(file, _)| self.counts(file));
        asked.map(|(_, problem)| problem.clone()).collect()
    }

    /// Files with entities that no module reaches: stale ones, usually.
    pub(crate) fn orphans(&self) -> Vec<Notice> {
        let known: HashSet<&PathBuf> = self.program.crates.iter().flat_map(|krate| krate.files.keys()).collect();
        let mut files = Vec::new();
        for place in &self.places {
            rust_files(place, place, &mut files);
        }
        files.sort();
        files.dedup();
        let orphans = files.iter().filter(|file| !known.contains(file) && self.counts(file) && has_entity(file));
        orphans
            .map(|file| {
                let file = self.program.shown(file);
                let message = "no `mod` reaches this file, so its entities are not read; declare it or delete it";
                let place = Place { file: file.clone(), line: 1, column: 1 };
                Notice::new(NoticeKind::OrphanFile, message).named(file).at(Some(&place))
            })
            .collect()
    }

    fn add(&mut self, path: &Path) {
        match Manifest::read(path) {
            Some(manifest) if !manifest.members.is_empty() => {
                for member in manifest.members {
                    self.add_member(&canonical(&member));
                }
            }
            Some(manifest) => {
                self.add_crate(path, manifest);
            }
            None => self.add_folder(path),
        }
    }

    /// A member of a workspace counts unless it holds migrations.
    fn add_member(&mut self, folder: &Path) {
        if let Some(manifest) = Manifest::read(folder).filter(|manifest| !manifest.is_migration) {
            self.add_crate(folder, manifest);
        }
    }

    fn add_crate(&mut self, folder: &Path, manifest: Manifest) {
        self.sea_orm = self.sea_orm.or(manifest.sea_orm);
        if manifest.roots.is_empty() {
            self.add_loose(folder, manifest);
            return;
        }
        let krate = self.program.load_crate(folder, manifest);
        self.take(krate, folder);
    }

    /// A folder inside a crate is read through the crate's root, so that names lead where they do when it is built.
    fn add_folder(&mut self, folder: &Path) {
        if let Some(home) = manifest::enclosing(folder)
            && let Some(manifest) = Manifest::read(&home)
        {
            self.sea_orm = self.sea_orm.or(manifest.sea_orm);
            let krate = self.program.load_crate(&home, manifest.clone());
            if self.take(krate, folder) {
                return;
            }
            self.add_loose(folder, manifest);
            return;
        }
        self.add_loose(folder, Manifest::default());
    }

    /// A folder that no crate reaches: from its own root file, or each file for itself.
    fn add_loose(&mut self, folder: &Path, manifest: Manifest) {
        let roots = ["mod.rs", "lib.rs", "main.rs", "src/lib.rs", "src/main.rs"].map(|name| folder.join(name));
        let mut files: Vec<PathBuf> = match roots.into_iter().find(|root| root.is_file()) {
            Some(root) => vec![root],
            None if folder.is_file() => vec![folder.to_path_buf()],
            None => {
                let mut files = Vec::new();
                rust_files(folder, folder, &mut files);
                files.retain(|file| !self.excluded.is_match(self.program.shown(file)));
                files
            }
        };
        files.sort();
        let home = if folder.is_file() { folder.parent().unwrap_or(folder) } else { folder };
        let krate = self.program.load_loose(home, manifest, files);
        self.take(krate, folder);
    }

    /// Counts the modules of a crate that lie under a path, and tells whether there were any.
    fn take(&mut self, krate: CrateId, under: &Path) -> bool {
        self.places.push(under.to_path_buf());
        let mut taken: Vec<ModuleId> = self
            .program
            .members(krate)
            .into_iter()
            .filter(|module| self.program.modules[*module].file.starts_with(under))
            .collect();
        let any = !taken.is_empty();
        taken.retain(|module| self.counts(&self.program.modules[*module].file) && !self.modules.contains(module));
        taken.sort_by(|a, b| self.program.modules[*a].file.cmp(&self.program.modules[*b].file).then(a.cmp(b)));
        self.modules.extend(taken);
        any
    }

    /// Whether a file is among what was asked for and not left out.
    fn counts(&self, file: &Path) -> bool {
        let asked = self.places.iter().find_map(|place| file.strip_prefix(place).ok());
        let left_out = |inside: &Path| {
            let mut folders = inside.parent().into_iter().flat_map(Path::components);
            folders.any(|folder| LEFT_OUT.iter().any(|name| folder.as_os_str() == *name))
        };
        asked.is_some_and(|inside| !left_out(inside)) && !self.excluded.is_match(self.program.shown(file))
    }
}

fn globs(patterns: &[String], problems: &mut Vec<Problem>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        match Glob::new(pattern) {
            Ok(glob) => {
                set.add(glob);
            }
            Err(error) => problems.push(Problem::new(format!("`{pattern}` in `exclude` is no glob: {error}"))),
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// The Rust files below a folder, without those of other crates inside it and of the folders that are left out.
fn rust_files(top: &Path, folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        // Links are not followed: a circle of them would have no end.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            let is_left_out = LEFT_OUT.iter().any(|left_out| name == *left_out) || name.as_encoded_bytes()[0] == b'.';
            if !is_left_out && (folder == top || !path.join("Cargo.toml").is_file()) {
                rust_files(top, &path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "build.rs" {
            files.push(path);
        }
    }
}

fn has_entity(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    ["DeriveEntityModel", "DeriveEntity", "EntityName"].iter().any(|word| text.contains(word))
}
