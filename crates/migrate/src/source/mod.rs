//! The migration crate as source: its revisions, its manifest, and the edits that a new revision needs.
//!
//! Nothing is built and nothing is run. Only [`read`] touches the file system; it writes nothing.

mod files;
mod listing;
mod main_file;
mod manifest;
mod register;
mod template;

use std::path::{Path, PathBuf};

use autogen_schema::{Notice, NoticeKind};

use crate::graph::{Graph, GraphError, Revision, Target};
use crate::versions::DEFAULT_TABLE;

pub use main_file::{Runner, runner_for};
pub use manifest::SeaOrmMajor;
pub use register::{NotRecognised, register, unregister};
pub use template::{AutogenSource, Drivers, TemplateFile, template};

/// A migration crate, or the module of another crate that holds migrations.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that was asked for.
    pub folder: PathBuf,
    /// The file that holds `fn migrations()`.
    pub lib_file: PathBuf,
    /// The revisions in the order of the list, which is a topological order.
    pub revisions: Vec<Revision>,
    /// The version of SeaORM that the manifest asks for.
    pub sea_orm: SeaOrmMajor,
    /// Whether the manifest depends on `autogen-migrate`, so that the crate's binary understands our commands.
    pub uses_autogen: bool,
    /// The name of the version table.
    pub version_table: String,
    /// What was noticed on the way: files that are not registered, registrations without a file.
    pub notices: Vec<Notice>,
    /// Why the revisions form no graph; empty from [`read`].
    pub errors: Vec<GraphError>,
}

/// Reads a migration crate.
///
/// `folder` is the crate (with `src/lib.rs`) or the folder of the module (with `mod.rs`).
///
/// # Errors
///
/// Where there are no migrations, a file is not Rust, or the revisions form no graph.
pub fn read(folder: &Path) -> Result<Project, GraphError> {
    let mut project = survey(folder)?;
    if project.errors.is_empty() { Ok(project) } else { Err(project.errors.swap_remove(0)) }
}

/// As [`read`], for commands that only show: what is wrong with the graph is in [`Project::errors`].
///
/// # Errors
///
/// Where there are no migrations, or a file that matters for the list is not Rust.
pub fn survey(folder: &Path) -> Result<Project, GraphError> {
    let (lib_file, listing) = files::find_list(folder)?;
    let (revisions, mut notices) = files::revisions(&lib_file, &listing)?;
    let errors = Graph::tolerant(&revisions).errors();
    let manifest = manifest::read(folder);
    let version_table = match listing.version_table {
        None => DEFAULT_TABLE.to_owned(),
        Some(Ok(name)) => name,
        Some(Err(())) => {
            let message = format!("fn migration_table_name() is no plain name; {DEFAULT_TABLE} is assumed");
            notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(lib_file.display().to_string()));
            DEFAULT_TABLE.to_owned()
        }
    };
    let (sea_orm, uses_autogen) = (manifest.sea_orm, manifest.uses_autogen);
    Ok(Project {
        folder: folder.to_owned(),
        lib_file,
        revisions,
        sea_orm,
        uses_autogen,
        version_table,
        notices,
        errors,
    })
}

impl Project {
    /// The revisions as a graph, for what has no shorthand here.
    pub fn graph(&self) -> Graph<'_> {
        Graph::tolerant(&self.revisions)
    }

    /// Revisions that nothing follows.
    pub fn heads(&self) -> Vec<&Revision> {
        self.graph().heads()
    }

    /// What a text that a user typed names; see [`Graph::resolve`]. `recorded` is what the version table holds.
    ///
    /// # Errors
    ///
    /// Where nothing or more than one thing is named so.
    pub fn resolve(&self, text: &str, recorded: &[String]) -> Result<Target, GraphError> {
        self.graph().resolve(text, recorded)
    }

    /// What is not applied yet, in order. `recorded` is what the version table holds.
    pub fn pending(&self, recorded: &[String]) -> Vec<&Revision> {
        self.graph().pending(recorded)
    }

    /// The stem to register a revision after that needs these; `None` for the end of the list.
    ///
    /// It stands behind the last of them, and further down where the next file has no header: such a file follows what
    /// stands before it in the list, and must not follow the new one. A new root stands at the end.
    pub fn register_after(&self, needs: &[String]) -> Option<&str> {
        let last = self.revisions.iter().rposition(|revision| needs.contains(&revision.id))?;
        let bare = self.revisions[last + 1..].iter().take_while(|revision| !revision.has_header).count();
        self.revisions.get(last + bare).map(|revision| revision.stem.as_str())
    }

    /// The folder that a new revision's file goes into.
    pub fn revisions_folder(&self) -> &Path {
        self.lib_file.parent().unwrap_or(&self.folder)
    }
}
