//! Reads SeaORM entities from their source into a [`Schema`], without building anything.
//!
//! The source knows what a compiled entity has forgotten: the file and line of everything, ignored fields, attributes
//! with spelling mistakes. Names are resolved through modules and `use`; expressions are interpreted as far as people
//! really write them; and what cannot be known is said to be unknown ([`autogen_schema::Type::Opaque`] and a
//! [`Notice`]), never guessed.

mod active_enum;
mod attributes;
mod entity;
mod error;
mod expression;
mod extra;
mod macros;
mod manifest;
mod merge;
mod names;
mod outline;
mod parse;
mod relations;
mod resolve;
mod scope;
mod skim;
mod sources;
mod types;
mod wellknown;
mod workers;

use std::collections::BTreeMap;
use std::path::PathBuf;

use autogen_schema::{Notice, Rename, Schema};

pub use error::{Problem, ReadError};

use scope::Scope;

/// What to read, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The project's folder. Places are relative to it.
    pub root: PathBuf,
    /// Crates or folders with entities, absolute or relative to `root`.
    pub entities: Vec<PathBuf>,
    /// Globs of files to leave out, relative to `root`.
    pub exclude: Vec<String>,
    /// What the reader cannot resolve: the path of a Rust type, and its type in the database.
    pub types: BTreeMap<String, String>,
    /// The version of SeaORM, where the manifests are not to decide.
    pub sea_orm: Option<SeaOrmVersion>,
}

/// The versions of SeaORM that differ in what an entity means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeaOrmVersion {
    /// 0.x and 1.x.
    V1,
    /// 2.x.
    V2,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The tables and enum types.
    pub schema: Schema,
    /// The renames that entities ask for.
    pub renames: Vec<Rename>,
    /// What is worth saying, in the order of its places.
    pub notices: Vec<Notice>,
    /// The version of SeaORM that the entities were read for.
    pub sea_orm: SeaOrmVersion,
    /// How many files were parsed.
    pub files: usize,
    /// How many entities were found.
    pub entities: usize,
}

/// Reads the entities.
///
/// # Errors
///
/// With everything that stands in the way: a path that is missing, files that do not parse, entities of one table that
/// contradict each other.
pub fn read(options: &Options) -> Result<Reading, ReadError> {
    // Parsing descends with the nesting of the source, and the caller's stack may be small.
    let reading = || read_here(options);
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().name("entities".to_owned()).stack_size(workers::STACK);
        let worker = worker.spawn_scoped(scope, reading).expect("a thread can be started");
        worker.join().expect("reading entities does not panic")
    })
}

fn read_here(options: &Options) -> Result<Reading, ReadError> {
    let mut scope = Scope::open(options)?;
    let version = options.sea_orm.or(scope.sea_orm).unwrap_or(SeaOrmVersion::V2);

    let mut drafts = Vec::new();
    let mut enums = Vec::new();
    let mut notices = Vec::new();
    for findings in entity::read_all(&mut scope.program, &scope.modules, &options.types, version) {
        drafts.extend(findings.drafts);
        enums.extend(findings.enums);
        notices.extend(findings.notices);
    }
    let mut keys = Vec::new();
    for (found, said) in relations::foreign_keys(&mut scope.program, &drafts, &options.types, version) {
        keys.push(found);
        notices.extend(said);
    }
    let enums = active_enum::gather(enums.into_iter(), &mut notices);
    let entities = drafts.len();
    notices.append(&mut scope.orphans());
    let mut problems = scope.problems();
    let files = scope.program.crates.iter().map(|krate| krate.files.len()).sum();
    let mut merged = std::thread::scope(|threads| {
        // Thousands of outlines take a while to put away.
        threads.spawn(|| drop(scope));
        merge::merge(drafts.into_iter().zip(keys))
    });
    merged.schema.enums = enums;
    notices.append(&mut merged.notices);
    notices.sort_by(|a, b| a.source.cmp(&b.source));

    problems.append(&mut merged.problems);
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(ReadError { problems });
    }
    Ok(Reading { schema: merged.schema, renames: merged.renames, notices, sea_orm: version, files, entities })
}
