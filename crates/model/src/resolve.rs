//! What a name means: through modules, `use`, globs, aliases and the crates of the workspace.
//!
//! Looking up changes nothing, so that many threads can do it at once. A crate that nobody has read yet is noted, and
//! [`complete`] reads it and asks again.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::sources::{CrateId, ModuleId, Neighbour, Program};
use crate::{wellknown, workers};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Module(ModuleId),
    /// Something declared in a module of ours.
    Item(ModuleId, ItemKind, String),
    /// Something in a crate whose source we do not read, by its path from the crate's name.
    External(Vec<String>),
}

/// What sort of thing an item is. Entities' generated items count as if they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Struct,
    Enum,
    Alias,
    /// `Entity`, `Column`, … of an entity, written or generated.
    OfEntity,
}

/// The names that `DeriveEntityModel` declares.
const GENERATED: [&str; 8] =
    ["Entity", "Column", "PrimaryKey", "ActiveModel", "ModelEx", "ActiveModelEx", "Relation", "Model"];

/// A search that comes back to where it was is over; one this deep is lost.
const DEEPEST: usize = 64;

/// A search under way: which names are being looked for in which modules.
type Trail = Vec<(ModuleId, String)>;

/// Crates by the names that other crates use them by.
pub(crate) type Missing = BTreeSet<(CrateId, String)>;

/// Looks names up in what was read so far, and notes which crates would have been needed beside it.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) program: &'a Program,
    missing: RefCell<Missing>,
}

/// Does work that needs names for each item, on many threads, and again for the items whose names led into crates
/// that were not read yet. `work` gets a portion of the items, and says for each what [`Resolver::take_missing`] says.
pub(crate) fn complete<T: Copy + Sync, R: Send>(
    program: &mut Program,
    items: &[T],
    work: impl Fn(&Resolver<'_>, &[T]) -> Vec<(R, Missing)> + Sync,
) -> Vec<R> {
    let mut answers: Vec<Option<R>> = items.iter().map(|_| None).collect();
    loop {
        let open: Vec<usize> = (0..items.len()).filter(|at| answers[*at].is_none()).collect();
        if open.is_empty() {
            return answers.into_iter().flatten().collect();
        }
        let asked: Vec<T> = open.iter().map(|at| items[*at]).collect();
        let done = workers::map_portions(&asked, |items| work(&Resolver::new(program), items));
        let mut missing = Missing::new();
        for (at, (answer, needed)) in open.into_iter().zip(done) {
            answers[at] = needed.is_empty().then_some(answer);
            missing.extend(needed);
        }
        program.load_neighbours(missing);
    }
}

impl<'a> Resolver<'a> {
    fn new(program: &'a Program) -> Self {
        Self { program, missing: RefCell::default() }
    }

    /// The crates that names led into and that are not read. What was found without them may be wrong.
    pub(crate) fn take_missing(&self) -> Missing {
        self.missing.take()
    }

    /// What a path of names means in a module. The second value is what is left of the path behind an item.
    pub(crate) fn resolve(&self, from: ModuleId, path: &[String]) -> Option<(Found, Vec<String>)> {
        self.resolve_path(from, path, &mut Vec::new())
    }

    fn resolve_path(&self, from: ModuleId, path: &[String], trail: &mut Trail) -> Option<(Found, Vec<String>)> {
        let (first, rest) = path.split_first()?;
        let mut found = self.resolve_first(from, first, rest.is_empty(), trail)?;
        for (at, name) in rest.iter().enumerate() {
            found = match found {
                Found::Module(module) if name == "super" => Found::Module(self.program.modules[module].parent?),
                Found::Module(module) if name == "self" => Found::Module(module),
                Found::Module(module) => self.look_up(module, name, trail)?,
                Found::External(mut path) => {
                    path.push(name.clone());
                    Found::External(path)
                }
                Found::Item(..) => return Some((found, rest[at..].to_vec())),
            };
        }
        Some((found, Vec::new()))
    }

    fn resolve_first(&self, from: ModuleId, name: &str, is_last: bool, trail: &mut Trail) -> Option<Found> {
        match name {
            "crate" => {
                let mut module = from;
                while let Some(parent) = self.program.modules[module].parent {
                    module = parent;
                }
                Some(Found::Module(module))
            }
            "self" => Some(Found::Module(from)),
            "super" => self.program.modules[from].parent.map(Found::Module),
            // `::name` is a crate.
            "" => Some(Found::External(Vec::new())),
            _ => self
                .look_up(from, name, trail)
                .or_else(|| self.neighbour(from, name))
                .or_else(|| wellknown::is_in_scope_everywhere(name).then(|| Found::External(vec![name.to_owned()])))
                .or_else(|| (!is_last).then(|| self.foreign(from, name))),
        }
    }

    /// What a name means inside a module, seen from anywhere.
    fn look_up(&self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
        let step = (module, name.to_owned());
        if trail.len() > DEEPEST || trail.contains(&step) {
            return None;
        }
        if let Some(found) = self.declared(module, name) {
            return Some(found);
        }
        trail.push(step);
        let found = self.imported(module, name, trail).or_else(|| self.globbed(module, name, trail));
        trail.pop();
        found
    }

    fn declared(&self, module: ModuleId, name: &str) -> Option<Found> {
        let outline = &self.program.modules[module].outline;
        let item = |kind| Some(Found::Item(module, kind, name.to_owned()));
        if let Some(found) = outline.structs.iter().find(|item| item.name == name) {
            let is_generated =
                found.attributes.derives("DeriveEntity") || found.attributes.derives("DeriveEntityModel");
            return item(if is_generated { ItemKind::OfEntity } else { ItemKind::Struct });
        }
        if let Some(found) = outline.enums.iter().find(|item| item.name == name) {
            let of_entity = ["DeriveColumn", "DeriveRelation", "DerivePrimaryKey"];
            let is_generated = of_entity.iter().any(|derive| found.attributes.derives(derive));
            return item(if is_generated || name == "Column" { ItemKind::OfEntity } else { ItemKind::Enum });
        }
        if outline.aliases.iter().any(|item| item.name == name) {
            return item(ItemKind::Alias);
        }
        if GENERATED.contains(&name) && self.is_entity(module) {
            return item(ItemKind::OfEntity);
        }
        self.program.modules[module].children.get(name).copied().map(Found::Module)
    }

    fn is_entity(&self, module: ModuleId) -> bool {
        self.program.modules[module].outline.structs.iter().any(|item| item.attributes.derives("DeriveEntityModel"))
    }

    fn imported(&self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
        let uses = &self.program.modules[module].outline.uses;
        let mut named = uses.iter().filter(|used| used.name.as_deref() == Some(name));
        // One name may be a type here and a macro there; the first that leads to anything is taken.
        named.find_map(|used| self.resolve_import(module, &used.path, trail))
    }

    fn resolve_import(&self, module: ModuleId, path: &[String], trail: &mut Trail) -> Option<Found> {
        match self.resolve_path(module, path, trail) {
            Some((found, rest)) => rest.is_empty().then_some(found),
            // `use uuid;` and the like name a crate.
            None => match path {
                [name] => Some(self.foreign(module, name)),
                _ => None,
            },
        }
    }

    fn globbed(&self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
        let globs = self.program.modules[module].outline.uses.iter().filter(|used| used.name.is_none());
        let mut preludes = Vec::new();
        for glob in globs.filter(|glob| !glob.path.is_empty()) {
            match self.resolve_import(module, &glob.path, trail) {
                Some(Found::Module(inner)) => {
                    if let Some(found) = self.look_up(inner, name, trail) {
                        return Some(found);
                    }
                }
                Some(Found::External(path)) => preludes.push(path),
                Some(Found::Item(..)) | None => {}
            }
        }
        preludes.iter().find_map(|path| wellknown::in_glob(path, name)).map(Found::External)
    }

    /// A crate of the workspace, read when it is first needed.
    fn neighbour(&self, from: ModuleId, name: &str) -> Option<Found> {
        // What is in there we know better than its source tells.
        if matches!(name, "sea_orm" | "sea_query" | "sea_orm_migration") {
            return None;
        }
        let id = self.program.modules[from].krate;
        let krate = &self.program.crates[id];
        if krate.manifest.name == name && !name.is_empty() {
            // A binary that uses its own library.
            return krate.roots.first().copied().map(Found::Module);
        }
        match self.program.neighbour(id, name) {
            Neighbour::Read(neighbour) => self.program.crates[neighbour].roots.first().copied().map(Found::Module),
            Neighbour::NotYetRead => {
                self.missing.borrow_mut().insert((id, name.to_owned()));
                None
            }
            Neighbour::None => None,
        }
    }

    /// A crate whose source we do not read, by its own name where the manifest renames it.
    fn foreign(&self, from: ModuleId, name: &str) -> Found {
        let renamed = &self.program.crates[self.program.modules[from].krate].manifest.renamed;
        Found::External(vec![renamed.get(name).cloned().unwrap_or_else(|| name.to_owned())])
    }
}

impl Program {
    /// The path of a module for people: `crate::entities::user`.
    pub(crate) fn module_path(&self, module: ModuleId) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = module;
        while let Some(parent) = self.modules[at].parent {
            names.push(self.modules[at].name.clone());
            at = parent;
        }
        names.reverse();
        names
    }
}
