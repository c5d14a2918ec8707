//! What a name means: through modules, `use`, globs, aliases and the crates of the workspace.

use crate::manifest::Manifest;
use crate::sources::{ModuleId, Program};
use crate::wellknown;

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

impl Program {
    /// What a path of names means in a module. The second value is what is left of the path behind an item.
    pub(crate) fn resolve(&mut self, from: ModuleId, path: &[String]) -> Option<(Found, Vec<String>)> {
        self.resolve_path(from, path, &mut Vec::new())
    }

    fn resolve_path(&mut self, from: ModuleId, path: &[String], trail: &mut Trail) -> Option<(Found, Vec<String>)> {
        let (first, rest) = path.split_first()?;
        let mut found = self.resolve_first(from, first, rest.is_empty(), trail)?;
        for (at, name) in rest.iter().enumerate() {
            found = match found {
                Found::Module(module) if name == "super" => Found::Module(self.modules[module].parent?),
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

    fn resolve_first(&mut self, from: ModuleId, name: &str, is_last: bool, trail: &mut Trail) -> Option<Found> {
        match name {
            "crate" => {
                let mut module = from;
                while let Some(parent) = self.modules[module].parent {
                    module = parent;
                }
                Some(Found::Module(module))
            }
            "self" => Some(Found::Module(from)),
            "super" => self.modules[from].parent.map(Found::Module),
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
    pub(crate) fn look_up(&mut self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
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
        let outline = &self.modules[module].outline;
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
        self.modules[module].children.get(name).copied().map(Found::Module)
    }

    fn is_entity(&self, module: ModuleId) -> bool {
        self.modules[module].outline.structs.iter().any(|item| item.attributes.derives("DeriveEntityModel"))
    }

    fn imported(&mut self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
        let paths: Vec<Vec<String>> = self.modules[module]
            .outline
            .uses
            .iter()
            .filter(|used| used.name.as_deref() == Some(name))
            .map(|used| used.path.clone())
            .collect();
        // One name may be a type here and a macro there; the first that leads to anything is taken.
        paths.iter().find_map(|path| self.resolve_import(module, path, trail))
    }

    fn resolve_import(&mut self, module: ModuleId, path: &[String], trail: &mut Trail) -> Option<Found> {
        match self.resolve_path(module, path, trail) {
            Some((found, rest)) => rest.is_empty().then_some(found),
            // `use uuid;` and the like name a crate.
            None => match path {
                [name] => Some(self.foreign(module, name)),
                _ => None,
            },
        }
    }

    fn globbed(&mut self, module: ModuleId, name: &str, trail: &mut Trail) -> Option<Found> {
        let globs: Vec<Vec<String>> = self.modules[module]
            .outline
            .uses
            .iter()
            .filter(|used| used.name.is_none())
            .map(|used| used.path.clone())
            .collect();
        let mut preludes = Vec::new();
        for path in globs {
            let found = match path.is_empty() {
                true => None,
                false => self.resolve_import(module, &path, trail),
            };
            match found {
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
    fn neighbour(&mut self, from: ModuleId, name: &str) -> Option<Found> {
        // What is in there we know better than its source tells.
        if matches!(name, "sea_orm" | "sea_query" | "sea_orm_migration") {
            return None;
        }
        let krate = &self.crates[self.modules[from].krate];
        if krate.manifest.name == name && !name.is_empty() {
            // A binary that uses its own library.
            return krate.roots.first().copied().map(Found::Module);
        }
        let folder = krate.manifest.neighbours.get(name)?.clone();
        let manifest = Manifest::read(&folder)?;
        let id = self.load_crate(&folder, manifest);
        self.crates[id].roots.first().copied().map(Found::Module)
    }

    /// A crate whose source we do not read, by its own name where the manifest renames it.
    fn foreign(&self, from: ModuleId, name: &str) -> Found {
        let renamed = &self.crates[self.modules[from].krate].manifest.renamed;
        Found::External(vec![renamed.get(name).cloned().unwrap_or_else(|| name.to_owned())])
    }

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
