//! Writes several files as one unit: all of them, or none.
//!
//! Each new content lies in a temporary file of the same folder before the first file is touched, so that what can
//! fail (a full disk, a folder that may not be written) fails early. Then the files are renamed into place; where one
//! cannot be, those before it are put back.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// One file of a unit.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// A file that must not be there yet.
    Create { path: PathBuf, text: String },
    /// A file whose text is `from`, and shall be `to`.
    Replace { path: PathBuf, from: String, to: String },
    /// A file that shall go.
    Remove { path: PathBuf },
}

impl Edit {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Create { path, .. } | Self::Replace { path, .. } | Self::Remove { path } => path,
        }
    }

    /// What was done, for people.
    pub(crate) const fn verb(&self) -> &'static str {
        match self {
            Self::Create { .. } => "Wrote",
            Self::Replace { .. } => "Changed",
            Self::Remove { .. } => "Removed",
        }
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// A new file would lie over another.
    #[error("{0} is there already, and is left as it is; nothing was written")]
    Exists(PathBuf),
    /// Somebody else was quicker.
    #[error("{0} was changed while this command ran; nothing was written, run it again")]
    Changed(PathBuf),
    /// The file system refused.
    #[error("could not write {path}: {error}; nothing was written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        error: std::io::Error,
    },
    /// The file system refused, and then refused again to put back what was there.
    #[error("could not write {path}: {error}; could not put back {stuck:?} either, restore them from version control")]
    Stuck {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        error: std::io::Error,
        /// The files that are not as they were.
        stuck: Vec<PathBuf>,
    },
}

/// Makes all the edits, in this order, or none.
pub(crate) fn write_all(edits: &[Edit]) -> Result<(), WriteError> {
    let prepared = edits.iter().map(prepare).collect::<Result<Vec<_>, _>>()?;
    let mut done = Vec::new();
    for step in prepared {
        let path = step.path().to_owned();
        match step.commit() {
            Ok(undo) => done.push(undo),
            Err(error) => return Err(put_back(done, path, error)),
        }
    }
    // Nothing can fail any more: what was kept for the way back goes.
    drop(done);
    Ok(())
}

/// A file whose new content is on the disk, beside its place.
enum Prepared {
    Create { path: PathBuf, new: NamedTempFile },
    Replace { path: PathBuf, new: NamedTempFile, old: NamedTempFile },
    Remove { path: PathBuf, aside: TempPath },
}

/// What takes one edit back. Dropped, it cleans up behind itself.
enum Undo {
    Delete(PathBuf),
    Restore { path: PathBuf, old: TempPath },
}

fn prepare(edit: &Edit) -> Result<Prepared, WriteError> {
    match edit {
        Edit::Create { path, text } => {
            if path.symlink_metadata().is_ok() {
                return Err(WriteError::Exists(path.clone()));
            }
            Ok(Prepared::Create { path: path.clone(), new: beside(path, text)? })
        }
        Edit::Replace { path, from, to } => {
            // A rename would replace a symbolic link, not the file behind it.
            let path = path.canonicalize().map_err(|error| io(path, error))?;
            if fs::read_to_string(&path).map_err(|error| io(&path, error))? != *from {
                return Err(WriteError::Changed(path));
            }
            let (new, old) = (beside(&path, to)?, beside(&path, from)?);
            let permissions = fs::metadata(&path).map_err(|error| io(&path, error))?.permissions();
            for file in [&new, &old] {
                fs::set_permissions(file.path(), permissions.clone()).map_err(|error| io(&path, error))?;
            }
            Ok(Prepared::Replace { path, new, old })
        }
        Edit::Remove { path } => {
            fs::symlink_metadata(path).map_err(|error| io(path, error))?;
            Ok(Prepared::Remove { path: path.clone(), aside: beside(path, "")?.into_temp_path() })
        }
    }
}

impl Prepared {
    fn path(&self) -> &Path {
        match self {
            Self::Create { path, .. } | Self::Replace { path, .. } | Self::Remove { path, .. } => path,
        }
    }

    fn commit(self) -> Result<Undo, std::io::Error> {
        match self {
            Self::Create { path, new } => {
                new.persist_noclobber(&path).map_err(|error| error.error)?;
                Ok(Undo::Delete(path))
            }
            Self::Replace { path, new, old } => {
                new.persist(&path).map_err(|error| error.error)?;
                Ok(Undo::Restore { path, old: old.into_temp_path() })
            }
            Self::Remove { path, aside } => {
                fs::rename(&path, &aside)?;
                Ok(Undo::Restore { path, old: aside })
            }
        }
    }
}

fn put_back(done: Vec<Undo>, path: PathBuf, error: std::io::Error) -> WriteError {
    let mut stuck = Vec::new();
    for undo in done.into_iter().rev() {
        match undo {
            Undo::Delete(path) => {
                if fs::remove_file(&path).is_err() {
                    stuck.push(path);
                }
            }
            Undo::Restore { path, old } => {
                if old.persist(&path).is_err() {
                    stuck.push(path);
                }
            }
        }
    }
    match (stuck.is_empty(), error.kind()) {
        (true, std::io::ErrorKind::AlreadyExists) => WriteError::Exists(path),
        (true, _) => WriteError::Io { path, error },
        (false, _) => WriteError::Stuck { path, error, stuck },
    }
}

fn beside(path: &Path, text: &str) -> Result<NamedTempFile, WriteError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".autogen-").suffix(".tmp");
    // A temporary file is for its owner alone; source files are for whoever the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(|error| io(path, error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|error| io(path, error))?;
    Ok(file)
}

fn io(path: &Path, error: std::io::Error) -> WriteError {
    WriteError::Io { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a temporary folder"))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn with(self, name: &str, text: &str) -> Self {
            fs::write(self.path(name), text).expect("the folder is ours");
            self
        }

        fn names_and_texts(&self) -> Vec<(String, String)> {
            let mut all: Vec<_> = fs::read_dir(self.0.path())
                .expect("the folder is ours")
                .map(|entry| entry.expect("the folder is ours"))
                .filter(|entry| entry.path().is_file())
                .map(|entry| {
                    let text = fs::read_to_string(entry.path()).expect("the folder is ours");
                    (entry.file_name().to_string_lossy().into_owned(), text)
                })
                .collect();
            all.sort();
            all
        }
    }

    fn create(path: PathBuf, text: &str) -> Edit {
        Edit::Create { path, text: text.into() }
    }

    fn replace(path: PathBuf, from: &str, to: &str) -> Edit {
        Edit::Replace { path, from: from.into(), to: to.into() }
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn all_edits_are_made() {
        let folder = Folder::new().with("lib.rs", "old").with("gone.rs", "x");
        write_all(&[
            create(folder.path("m1.rs"), "new"),
            replace(folder.path("lib.rs"), "old", "changed"),
            Edit::Remove { path: folder.path("gone.rs") },
        ])
        .expect("nothing stands in the way");
        assert_eq!(folder.names_and_texts(), owned(&[("lib.rs", "changed"), ("m1.rs", "new")]));
    }

    #[test]
    fn an_existing_file_is_never_overwritten_and_the_rest_is_left_too() {
        let folder = Folder::new().with("lib.rs", "old").with("m1.rs", "mine");
        let error = write_all(&[replace(folder.path("lib.rs"), "old", "changed"), create(folder.path("m1.rs"), "new")]);
        assert!(matches!(error, Err(WriteError::Exists(_))), "{error:?}");
        assert_eq!(folder.names_and_texts(), owned(&[("lib.rs", "old"), ("m1.rs", "mine")]));
    }

    #[test]
    fn what_was_done_is_put_back_when_a_later_edit_fails() {
        let folder = Folder::new().with("lib.rs", "old").with("gone.rs", "x");
        // The same new file twice: both can be prepared, only the first can be renamed into place.
        let error = write_all(&[
            create(folder.path("m1.rs"), "new"),
            replace(folder.path("lib.rs"), "old", "changed"),
            Edit::Remove { path: folder.path("gone.rs") },
            create(folder.path("m1.rs"), "again"),
        ]);
        assert!(matches!(error, Err(WriteError::Exists(_))), "{error:?}");
        assert_eq!(folder.names_and_texts(), owned(&[("gone.rs", "x"), ("lib.rs", "old")]));
    }

    #[test]
    fn a_file_that_somebody_changed_meanwhile_is_left() {
        let folder = Folder::new().with("lib.rs", "theirs");
        let error = write_all(&[create(folder.path("m1.rs"), "new"), replace(folder.path("lib.rs"), "old", "ours")]);
        assert!(matches!(error, Err(WriteError::Changed(_))), "{error:?}");
        assert_eq!(folder.names_and_texts(), owned(&[("lib.rs", "theirs")]));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = Folder::new().with("real.rs", "old");
        let mode = fs::Permissions::from_mode(0o640);
        fs::set_permissions(folder.path("real.rs"), mode).expect("the file is ours");
        symlink(folder.path("real.rs"), folder.path("lib.rs")).expect("the folder is ours");
        write_all(&[replace(folder.path("lib.rs"), "old", "new")]).expect("nothing stands in the way");
        let link = fs::symlink_metadata(folder.path("lib.rs")).expect("it is there");
        assert!(link.is_symlink());
        let real = fs::metadata(folder.path("real.rs")).expect("it is there");
        assert_eq!(real.permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_to_string(folder.path("real.rs")).ok().as_deref(), Some("new"));
    }
}
