//! `autogen discard`: throw a revision away that was not applied.

use autogen_migrate::graph::Revision;
use autogen_migrate::source::{Project, unregister};

use super::Session;
use crate::args::Discard;
use crate::exit::{Code, Failure, Outcome};
use crate::files::{self, Edit};
use crate::lock::LockFile;
use crate::settings::Settings;
use crate::{series, sources};

/// Removes file, registration and memory of a revision as one unit; of all its series, where it is one of several that
/// one plan took.
pub(crate) async fn run(session: &Session, args: &Discard) -> Outcome {
    let settings = session.settings()?;
    let project = sources::revisions(&settings)?;
    let connection = sources::connect(&settings).await?;
    let recorded = sources::recorded(&connection, &project).await?;
    let revision =
        project.graph().resolve_one(&args.revision, &recorded).map_err(|error| Failure::graph(error.to_string()))?;
    let series = series::whole(&project, revision);
    for revision in &series {
        refuse_if_in_use(revision, &series, &project, &recorded)?;
    }
    let edits = edits(&settings, &project, &series)?;
    files::write_all(&edits).map_err(|error| Failure::graph(error.to_string()))?;
    for edit in &edits {
        session.printer.result(&format!("{} {}", edit.verb(), settings.shown(edit.path())));
    }
    Ok(Code::Fine)
}

fn refuse_if_in_use(
    revision: &Revision,
    series: &[&Revision],
    project: &Project,
    recorded: &[String],
) -> Result<(), Failure> {
    let stem = &revision.stem;
    if recorded.iter().any(|name| *name == *stem || *name == revision.id) {
        return Err(Failure::graph(format!(
            "{stem} is applied to this database; take it back with `autogen downgrade` before discarding it"
        )));
    }
    let followers = project.graph().descendants(std::slice::from_ref(&revision.id));
    match followers.iter().find(|id| series.iter().all(|revision| revision.id != **id)) {
        Some(follower) => {
            Err(Failure::graph(format!("{stem} is followed by revision {follower}; discard that one first")))
        }
        None => Ok(()),
    }
}

fn edits(settings: &Settings, project: &Project, series: &[&Revision]) -> Result<Vec<Edit>, Failure> {
    let lib_file = &project.lib_file;
    let from = std::fs::read_to_string(lib_file)
        .map_err(|error| Failure::graph(format!("could not read {}: {error}", lib_file.display())))?;
    let mut to = from.clone();
    for revision in series {
        let module = revision.file.as_deref().and_then(module_of).unwrap_or(&revision.stem);
        to = unregister(&to, module).map_err(|error| {
            Failure::graph(format!(
                "could not take the revision out of {}: {}; nothing was changed. Remove these lines and its file by hand:\n  {}",
                settings.shown(lib_file),
                error.reason,
                error.lines.join("\n  ")
            ))
        })?;
    }
    // First out of the list, then the file: a file that nobody names does no harm, the other way round nothing builds.
    let mut edits = vec![Edit::Replace { path: lib_file.clone(), from, to }];
    let own_files = series.iter().filter_map(|revision| revision.file.as_ref()).filter(|file| *file != lib_file);
    edits.extend(own_files.map(|file| Edit::Remove { path: file.clone() }));
    let lock_file = LockFile::read(settings)?;
    if series.iter().any(|revision| lock_file.is_for(&revision.id)) {
        edits.extend(lock_file.rewind());
    }
    Ok(edits)
}

/// The module that a file is: its stem, or the folder's name where it is a `mod.rs`.
fn module_of(file: &std::path::Path) -> Option<&str> {
    match file.file_stem()?.to_str()? {
        "mod" => file.parent()?.file_name()?.to_str(),
        stem => Some(stem),
    }
}
