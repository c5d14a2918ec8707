//! The files of a migration crate: which one holds the list, and what each registered file says about itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use autogen_schema::{Notice, NoticeKind};
use syn::{ImplItem, Item, ItemImpl};

use super::listing::{self, Element, Listing, ModLine};
use crate::graph::{GraphError, Revision};
use crate::header::{Header, checksum};

/// Finds the file that holds `fn migrations()`: where `sea-orm-cli` looks, and in the modules that such a file declares.
pub(super) fn find_list(folder: &Path) -> Result<(PathBuf, Listing), GraphError> {
    let roots = ["src/lib.rs", "src/mod.rs", "lib.rs", "mod.rs", "src/main.rs"].map(|name| folder.join(name));
    let mut queue: Vec<PathBuf> = roots.into_iter().filter(|file| file.is_file()).take(1).collect();
    let mut seen = BTreeSet::new();
    while let Some(file) = queue.pop() {
        if !seen.insert(file.clone()) {
            continue;
        }
        let text = read_text(&file)?;
        match listing::read(&text) {
            Ok(Some(listing)) => return Ok((file, listing)),
            Ok(None) => queue.extend(declared_files(&file, &text)),
            Err(trouble) => {
                return Err(GraphError::NotUnderstood { file, line: trouble.line, reason: trouble.reason });
            }
        }
    }
    Err(GraphError::NoMigrations { folder: folder.to_owned() })
}

/// The revisions in the order of the list, and what is odd about them.
pub(super) fn revisions(lib_file: &Path, listing: &Listing) -> Result<(Vec<Revision>, Vec<Notice>), GraphError> {
    if let (Err(reason), true) = (&listing.list, listing.registered.is_empty()) {
        return Err(GraphError::NotUnderstood { file: lib_file.to_owned(), line: 1, reason: reason.clone() });
    }
    let mut notices = Vec::new();
    let mut revisions: Vec<Revision> = Vec::new();
    for element in &listing.registered {
        let previous = revisions.last().map(|last| last.id.clone());
        revisions.extend(revision(lib_file, &listing.mods, element, previous, &mut notices)?);
    }
    let registered: BTreeSet<&Path> = revisions.iter().filter_map(|revision| revision.file.as_deref()).collect();
    notices.extend(orphans(lib_file, &listing.mods, &registered));
    Ok((revisions, notices))
}

fn revision(
    lib_file: &Path,
    mods: &[ModLine],
    element: &Element,
    previous: Option<String>,
    notices: &mut Vec<Notice>,
) -> Result<Option<Revision>, GraphError> {
    let Some(module) = element.module() else {
        let message = "an entry of migrations() names no module; it is left out of the history";
        notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(element.path.join("::")));
        return Ok(None);
    };
    if element.is_conditional {
        let message = format!("{module} is registered under a condition; it counts as registered");
        notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(module));
    }
    let file = module_file(lib_file, mods, &element.path);
    let text = file.as_deref().map(read_text).transpose()?;
    if text.is_none() && !mods.iter().any(|line| line.name == module && line.is_inline) {
        let message = format!("{module} is in migrations() and has no file here");
        notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(module));
    }
    let sum = text.as_deref().map(checksum);
    let text = text.unwrap_or_default();
    let stem = recorded_name(&text, file.as_deref(), module, notices);
    Ok(Some(Revision { file, checksum: sum, ..Revision::new(stem, Header::parse(&text), previous) }))
}

/// What the version table records: the literal of a hand-written `fn name`, else the stem of the file, which
/// `DeriveMigrationName` takes from `file!()`.
fn recorded_name(text: &str, file: Option<&Path>, module: &str, notices: &mut Vec<Notice>) -> String {
    let stem = file.and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or(module).to_owned();
    // Parsing every old file would be most of the time that reading the graph takes; few say their name.
    if !text.contains("MigrationName for") {
        return stem;
    }
    match name_literal(text) {
        Some(Ok(name)) => name,
        Some(Err(())) => {
            let message = format!("fn name() of {module} is no plain text; {stem} is assumed");
            notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(module));
            stem
        }
        None => stem,
    }
}

fn name_literal(text: &str) -> Option<Result<String, ()>> {
    // The files of sea-orm-cli all say their name; of a thousand files only these few lines are parsed.
    if let Some(alone) = naming_impl(text).and_then(|text| syn::parse_str::<ItemImpl>(text).ok()) {
        return name_in(&alone);
    }
    let file = syn::parse_file(text).ok()?;
    file.items.iter().find_map(|item| match item {
        Item::Impl(item) => name_in(item),
        _ => None,
    })
}

/// The text of `impl MigrationName for …`, as far as counting braces finds its end.
fn naming_impl(text: &str) -> Option<&str> {
    let is_start = |line: &&str| line.starts_with("impl") && line.contains("MigrationName for");
    let start: usize = text.split_inclusive('\n').take_while(|line| !is_start(line)).map(str::len).sum();
    let mut depth = 0_usize;
    for (position, letter) in text[start..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(&text[start..=start + position]),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn name_in(item: &ItemImpl) -> Option<Result<String, ()>> {
    let (path, _) = item.trait_.as_ref()?;
    path.segments.last().filter(|last| last.ident == "MigrationName")?;
    item.items.iter().find_map(|member| match member {
        ImplItem::Fn(function) if function.sig.ident == "name" => Some(listing::literal_in(&function.block)),
        _ => None,
    })
}

/// Where the module's file is: by its `mod` line, else by its name, for modules that a macro declares.
fn module_file(lib_file: &Path, mods: &[ModLine], path: &[String]) -> Option<PathBuf> {
    let modules: Vec<&String> =
        path[..path.len() - 1].iter().filter(|part| !matches!(part.as_str(), "crate" | "self" | "super")).collect();
    let (first, rest) = modules.split_first()?;
    let line = mods.iter().find(|line| line.name == **first);
    if line.is_some_and(|line| line.is_inline && rest.is_empty()) {
        return Some(lib_file.to_owned());
    }
    let mut folder = module_folder(lib_file);
    if let (Some(named), true) = (line.and_then(|line| line.path.as_ref()), rest.is_empty()) {
        return Some(lib_file.parent()?.join(named)).filter(|file| file.is_file());
    }
    let (last, between) = modules.split_last()?;
    folder.extend(between.iter().map(|part| part.as_str()));
    [folder.join(format!("{last}.rs")), folder.join(last.as_str()).join("mod.rs")]
        .into_iter()
        .find(|file| file.is_file())
}

/// The folder in which the modules of a file lie.
fn module_folder(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "mod" | "main") | None => folder,
        Some(stem) => folder.join(stem),
    }
}

fn declared_files(file: &Path, text: &str) -> Vec<PathBuf> {
    let Ok(parsed) = syn::parse_file(text) else { return Vec::new() };
    let folder = module_folder(file);
    let names = parsed.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
        _ => None,
    });
    let files = names.flat_map(|name| [folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")]);
    files.filter(|file| file.is_file()).collect()
}

/// Files beside the list that hold a migration and are not in it.
fn orphans(lib_file: &Path, mods: &[ModLine], registered: &BTreeSet<&Path>) -> Vec<Notice> {
    let folder = module_folder(lib_file);
    let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs") && file.as_path() != lib_file)
        .filter(|file| !registered.contains(file.as_path()))
        .filter(|file| fs::read_to_string(file).is_ok_and(|text| text.contains("MigrationTrait for")))
        .map(|file| {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let declared = mods.iter().any(|line| line.name == stem);
            let lines = if declared { "" } else { "`mod` line and the " };
            let message = format!(
                "{} holds a migration that is not in migrations(): add the {lines}list entry, or remove the file",
                file.display()
            );
            Notice::new(NoticeKind::OrphanFile, message).named(stem)
        })
        .collect()
}

fn read_text(file: &Path) -> Result<String, GraphError> {
    fs::read_to_string(file)
        .map_err(|error| GraphError::Unreadable { file: file.to_owned(), reason: error.to_string() })
}
