//! Files and modules: from a crate or a folder to a tree of outlines.
//!
//! Parsing runs on several threads, a level of the module tree at a time; everything else here is bookkeeping.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use autogen_schema::Place;

use crate::error::Problem;
use crate::macros;
use crate::manifest::Manifest;
use crate::outline::{MacroCall, MacroRules, Mod, Outline};
use crate::parse::{Parsed, parse_all};

pub(crate) type ModuleId = usize;
pub(crate) type CrateId = usize;

/// Everything that was read so far. Crates of the workspace join when a name leads into them.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) root: PathBuf,
    pub(crate) crates: Vec<Crate>,
    pub(crate) modules: Vec<Module>,
    /// What could not be read, with the file it concerns.
    pub(crate) problems: Vec<(PathBuf, Problem)>,
}

/// A crate, or a folder that is treated as one.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Manifest,
    pub(crate) roots: Vec<ModuleId>,
    /// The files that were read, by their canonical path.
    pub(crate) files: HashMap<PathBuf, ModuleId>,
    /// The neighbours that names led into, by the name that they have here; `None` for one that cannot be read.
    neighbours: BTreeMap<String, Option<CrateId>>,
    /// Where hand-written `impl ValueType` stand, by the last name of their type: the module, and which of its impls.
    pub(crate) value_types: BTreeMap<String, Vec<(ModuleId, usize)>>,
}

/// A crate that another one depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Neighbour {
    Read(CrateId),
    NotYetRead,
    /// There is none of this name, or it cannot be read.
    None,
}

/// One module.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) krate: CrateId,
    pub(crate) parent: Option<ModuleId>,
    pub(crate) name: String,
    /// The file that it stands in.
    pub(crate) file: PathBuf,
    /// Where the files of its own modules lie.
    folder: PathBuf,
    /// Whether it stands inside another module of the same file.
    inline: bool,
    /// The features under which it exists.
    pub(crate) cfg: Option<String>,
    pub(crate) outline: Outline,
    pub(crate) children: BTreeMap<String, ModuleId>,
}

/// A file that is to become a module.
struct Wanted {
    krate: CrateId,
    parent: Option<ModuleId>,
    name: String,
    /// The first that exists is taken.
    candidates: Vec<PathBuf>,
    cfg: Option<String>,
    /// Where it was declared; `None` for a file that nobody declared.
    declared: Option<Place>,
    /// Whether its modules lie beside it rather than in a folder of its name.
    is_root: bool,
}

impl Program {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), ..Self::default() }
    }

    /// Reads a crate by its manifest, with all modules that its roots reach. Twice is once.
    pub(crate) fn load_crate(&mut self, folder: &Path, manifest: Manifest) -> CrateId {
        let folder = canonical(folder);
        if let Some(known) = self.crates.iter().position(|krate| krate.folder == folder) {
            return known;
        }
        let roots = manifest.roots.clone();
        self.load(folder, manifest, roots)
    }

    /// Reads a folder's files as one crate: a single file is its root, several are modules of an empty root.
    pub(crate) fn load_loose(&mut self, folder: &Path, manifest: Manifest, files: Vec<PathBuf>) -> CrateId {
        let folder = canonical(folder);
        if let [_] = files.as_slice() {
            return self.load(folder, manifest, files);
        }
        let krate = self.crates.len();
        self.crates.push(Crate::new(folder.clone(), manifest));
        let root = Module::empty(krate, &folder);
        self.modules.push(root);
        let root = self.modules.len() - 1;
        self.crates[krate].roots.push(root);
        let wanted = files.into_iter().map(|file| Wanted {
            krate,
            parent: Some(root),
            name: loose_name(&folder, &file),
            candidates: vec![file],
            cfg: None,
            declared: None,
            is_root: false,
        });
        let wanted = wanted.collect();
        self.follow(wanted);
        self.finish(krate);
        krate
    }

    /// What is known of the crate that another one calls by a name.
    pub(crate) fn neighbour(&self, krate: CrateId, name: &str) -> Neighbour {
        let krate = &self.crates[krate];
        match krate.neighbours.get(name) {
            Some(Some(id)) => Neighbour::Read(*id),
            Some(None) => Neighbour::None,
            None if krate.manifest.neighbours.contains_key(name) => Neighbour::NotYetRead,
            None => Neighbour::None,
        }
    }

    /// Reads crates that names led into.
    pub(crate) fn load_neighbours(&mut self, missing: BTreeSet<(CrateId, String)>) {
        for (krate, name) in missing {
            self.load_neighbour(krate, &name);
        }
    }

    fn load_neighbour(&mut self, krate: CrateId, name: &str) -> Option<CrateId> {
        if let Some(known) = self.crates[krate].neighbours.get(name) {
            return *known;
        }
        let folder = self.crates[krate].manifest.neighbours.get(name)?.clone();
        let id = Manifest::read(&folder).map(|manifest| self.load_crate(&folder, manifest));
        self.crates[krate].neighbours.insert(name.to_owned(), id);
        id
    }

    /// The file as a person would name it.
    pub(crate) fn shown(&self, file: &Path) -> String {
        shown(&self.root, file)
    }

    fn load(&mut self, folder: PathBuf, manifest: Manifest, roots: Vec<PathBuf>) -> CrateId {
        let krate = self.crates.len();
        self.crates.push(Crate::new(folder, manifest));
        for root in roots {
            // A binary often repeats the library's modules; what is known already is not read again.
            self.follow(vec![Wanted {
                krate,
                parent: None,
                name: root.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
                candidates: vec![root],
                cfg: None,
                declared: None,
                is_root: true,
            }]);
        }
        self.finish(krate);
        krate
    }

    /// What can only be done when all files of a crate are read.
    fn finish(&mut self, krate: CrateId) {
        self.expand_macros(krate);
        let mut value_types: BTreeMap<String, Vec<(ModuleId, usize)>> = BTreeMap::new();
        for module in self.members(krate) {
            for (at, found) in self.modules[module].outline.impls.iter().enumerate() {
                if let Some(last) = found.target.last_segment().filter(|_| found.of == "ValueType") {
                    value_types.entry(last.name.clone()).or_default().push((module, at));
                }
            }
        }
        self.crates[krate].value_types = value_types;
    }

    /// Reads these files and whatever they declare.
    fn follow(&mut self, mut wanted: Vec<Wanted>) {
        while !wanted.is_empty() {
            let found: Vec<(Wanted, PathBuf)> = wanted.into_iter().filter_map(|file| self.locate(file)).collect();
            let files: Vec<(PathBuf, String)> =
                found.iter().map(|(_, file)| (file.clone(), self.shown(file))).collect();
            let mut next = Vec::new();
            for ((wanted, file), parsed) in found.into_iter().zip(parse_all(&files)) {
                match parsed {
                    Parsed::Outline(outline) => self.add_file(wanted, file, outline, &mut next),
                    Parsed::Problem(problem) => self.problems.push((file, problem)),
                }
            }
            wanted = next;
        }
    }

    /// The file of a module, unless it was read before.
    fn locate(&mut self, wanted: Wanted) -> Option<(Wanted, PathBuf)> {
        let Some(file) = wanted.candidates.iter().find(|file| file.is_file()).map(|file| canonical(file)) else {
            self.miss(&wanted);
            return None;
        };
        let known = self.crates[wanted.krate].files.get(&file).copied();
        if let Some(known) = known {
            if let Some(parent) = wanted.parent
                && known != usize::MAX
            {
                self.modules[parent].children.insert(wanted.name, known);
            }
            return None;
        }
        // Reserved, so that a second declaration in the same level does not read it again.
        self.crates[wanted.krate].files.insert(file.clone(), usize::MAX);
        Some((wanted, file))
    }

    fn miss(&mut self, wanted: &Wanted) {
        // A module under a condition may well have no file here.
        if let (Some(place), None) = (&wanted.declared, &wanted.cfg) {
            let file = wanted.candidates.first().map(|file| self.shown(file)).unwrap_or_default();
            let message = format!("there is no file for `mod {}`; create {file} or remove the line", wanted.name);
            let declared_in = wanted.parent.map(|parent| self.modules[parent].file.clone()).unwrap_or_default();
            self.problems.push((declared_in, Problem::at(place, message)));
        }
    }

    fn add_file(&mut self, wanted: Wanted, file: PathBuf, outline: Outline, next: &mut Vec<Wanted>) {
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let is_mod = file.file_name().is_some_and(|name| name == "mod.rs");
        let folder = if wanted.is_root || is_mod { beside } else { file.with_extension("") };
        let module = Module {
            krate: wanted.krate,
            parent: wanted.parent,
            name: wanted.name,
            file: file.clone(),
            folder,
            inline: false,
            cfg: wanted.cfg,
            outline,
            children: BTreeMap::new(),
        };
        let id = self.add_module(module, next);
        let krate = &mut self.crates[wanted.krate];
        krate.files.insert(file, id);
        if wanted.parent.is_none() {
            krate.roots.push(id);
        }
    }

    fn add_module(&mut self, mut module: Module, next: &mut Vec<Wanted>) -> ModuleId {
        let id = self.modules.len();
        let mods = std::mem::take(&mut module.outline.mods);
        if let Some(parent) = module.parent {
            self.modules[parent].children.insert(module.name.clone(), id);
        }
        self.modules.push(module);
        for declared in mods {
            self.add_mod(id, declared, next);
        }
        id
    }

    fn add_mod(&mut self, parent: ModuleId, declared: Mod, next: &mut Vec<Wanted>) {
        let Module { krate, file, folder, inline, cfg, .. } = &self.modules[parent];
        let (krate, cfg) = (*krate, declared.attributes.cfg.clone().or_else(|| cfg.clone()));
        if let Some(outline) = declared.inline {
            let at = declared.attributes.path.as_deref().unwrap_or(&declared.name);
            let (file, folder) = (file.clone(), folder.join(at));
            let name = declared.name;
            let parent = Some(parent);
            let children = BTreeMap::new();
            self.add_module(Module { krate, parent, name, file, folder, inline: true, cfg, outline, children }, next);
            return;
        }
        let candidates = match &declared.attributes.path {
            Some(path) if *inline => vec![folder.join(path)],
            Some(path) => vec![file.parent().map(|beside| beside.join(path)).unwrap_or_default()],
            None => {
                let name = &declared.name;
                vec![folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")]
            }
        };
        next.push(Wanted {
            krate,
            parent: Some(parent),
            name: declared.name,
            candidates,
            cfg,
            declared: Some(declared.place),
            is_root: declared.attributes.path.is_some(),
        });
    }

    /// Expands calls of the crate's own macros, which may declare types, entities and modules; and takes a file whose
    /// name a macro call mentions, and that nobody else declares, for a module.
    fn expand_macros(&mut self, krate: CrateId) {
        let mut rules: BTreeMap<String, MacroRules> = BTreeMap::new();
        // Each round may bring macros and calls that the round before could not know; people nest them twice at most.
        for _ in 0..4 {
            let members: Vec<ModuleId> = self.members(krate);
            for id in &members {
                let known = &self.modules[*id].outline.macros;
                rules.extend(known.iter().map(|rule| (rule.name.clone(), rule.clone())));
            }
            let mut next = Vec::new();
            let mut progress = false;
            for id in members {
                for call in std::mem::take(&mut self.modules[id].outline.calls) {
                    progress = true;
                    let foreign = if rules.contains_key(&call.name) { None } else { self.foreign_rules(id, &call) };
                    match rules.get(&call.name).or(foreign.as_ref()).and_then(|rules| macros::expand(rules, &call)) {
                        Some(outline) => self.take_in(id, outline, &mut next),
                        None => self.take_mentioned(id, &call.tokens, &mut next),
                    }
                }
            }
            self.follow(next);
            if !progress {
                return;
            }
        }
    }

    /// The rules of a macro that a neighbour crate exports, by its path or by `use`.
    fn foreign_rules(&mut self, id: ModuleId, call: &MacroCall) -> Option<MacroRules> {
        let module = &self.modules[id];
        let imported = module.outline.uses.iter().find(|used| used.name.as_ref() == Some(&call.name));
        let krate = call.krate.as_ref().or_else(|| imported?.path.first())?;
        let (home, krate) = (module.krate, krate.clone());
        let neighbour = self.load_neighbour(home, &krate)?;
        let members = self.members(neighbour);
        let mut rules = members.iter().flat_map(|id| &self.modules[*id].outline.macros);
        rules.find(|rules| rules.name == call.name).cloned()
    }

    fn take_in(&mut self, id: ModuleId, mut outline: Outline, next: &mut Vec<Wanted>) {
        for declared in std::mem::take(&mut outline.mods) {
            self.add_mod(id, declared, next);
        }
        self.modules[id].outline.append(outline);
    }

    fn take_mentioned(&self, id: ModuleId, tokens: &str, next: &mut Vec<Wanted>) {
        let module = &self.modules[id];
        let words: BTreeSet<&str> =
            tokens.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|w| !w.is_empty()).collect();
        for word in words {
            let candidates = vec![module.folder.join(format!("{word}.rs")), module.folder.join(word).join("mod.rs")];
            if !module.children.contains_key(word) && candidates.iter().any(|file| file.is_file()) {
                let (krate, cfg) = (module.krate, module.cfg.clone());
                let name = word.to_owned();
                next.push(Wanted { krate, parent: Some(id), name, candidates, cfg, declared: None, is_root: false });
            }
        }
    }

    pub(crate) fn members(&self, krate: CrateId) -> Vec<ModuleId> {
        (0..self.modules.len()).filter(|id| self.modules[*id].krate == krate).collect()
    }
}

impl Crate {
    fn new(folder: PathBuf, manifest: Manifest) -> Self {
        Self { folder, manifest, roots: Vec::new(), ..Self::default() }
    }
}

impl Module {
    /// A module without a file, for files that have nothing above them.
    fn empty(krate: CrateId, folder: &Path) -> Self {
        Self {
            krate,
            parent: None,
            name: String::new(),
            file: folder.join("mod.rs"),
            folder: folder.to_path_buf(),
            inline: false,
            cfg: None,
            outline: Outline::default(),
            children: BTreeMap::new(),
        }
    }
}

/// The name of a module whose file nobody declares. Below the folder it takes the folders into its name: it must be
/// its own, and nobody will ask for it.
fn loose_name(folder: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

pub(crate) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// A path as a person would name it: relative to the project where it lies inside, with `/`.
pub(crate) fn shown(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let text = parts.join("/");
    text.strip_prefix("//").map(|rest| format!("/{rest}")).unwrap_or(text)
}
