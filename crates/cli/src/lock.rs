//! `autogen.lock` of a project: finding it, deciding whether its memory still holds, and the edits that keep it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use autogen_diff::Lock;
use autogen_migrate::graph::Revision;
use autogen_migrate::header::{Header, checksum};
use autogen_migrate::source::Project;
use autogen_schema::{Notice, NoticeKind, Schema};
use serde_json::Value;

use crate::exit::Failure;
use crate::files::Edit;
use crate::settings::Settings;

/// The name of the file. It lies in the folder of the migrations.
const FILE_NAME: &str = "autogen.lock";

/// The file as it is.
#[derive(Debug)]
pub(crate) struct LockFile {
    path: PathBuf,
    /// The text and what it says; `None` where there is no file.
    content: Option<(String, Lock)>,
}

/// What is known of the last revision.
#[derive(Debug)]
pub(crate) struct Memory {
    /// The lock to compare with; `None` where nothing is remembered.
    pub(crate) lock: Option<Lock>,
    /// Said where the memory is not simply that of the file.
    pub(crate) notice: Option<Notice>,
}

impl Memory {
    /// The memory for a database in which these revisions are not applied yet. Where the newest is not, what it forgot
    /// is still in the database, and the memory before it knows that.
    pub(crate) fn of_database_without(&self, pending: &[&Revision]) -> Option<Lock> {
        let lock = self.lock.as_ref()?;
        let is_behind = lock.heads.iter().any(|head| pending.iter().any(|revision| revision.id == *head));
        if is_behind { lock.rewind() } else { Some(lock.clone()) }
    }
}

impl LockFile {
    /// Reads the lock of a project.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Failure> {
        Self::read_at(settings.migrations().join(FILE_NAME))
    }

    fn read_at(path: PathBuf) -> Result<Self, Failure> {
        let failure = |reason: String| Failure::graph(format!("could not read {}: {reason}", path.display()));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self { path, content: None }),
            Err(error) => return Err(failure(error.to_string())),
        };
        let lock = Lock::parse(&text).map_err(|error| failure(error.to_string()))?;
        Ok(Self { path, content: Some((text, lock)) })
    }

    /// Whether the memory was written for this revision.
    pub(crate) fn is_for(&self, id: &str) -> bool {
        self.content.as_ref().is_some_and(|(_, lock)| lock.heads.iter().any(|head| head == id))
    }

    /// The memory that holds for the revisions there are.
    ///
    /// Where the newest revision's file was deleted, the memory of the one before serves. Any other head without a file
    /// means that lock and revisions come from different states of the project.
    pub(crate) fn memory(&self, project: &Project) -> Result<Memory, Failure> {
        let Some((_, lock)) = &self.content else { return Ok(Memory { lock: None, notice: None }) };
        let graph = project.graph();
        let missing: Vec<&str> =
            lock.heads.iter().filter(|head| graph.by_id(head).is_none()).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(Memory { lock: Some(lock.clone()), notice: None });
        }
        let missing = missing.join(", ");
        if !was_newest(lock, project) {
            return Err(Failure::graph(format!(
                "{} was written for revision {missing}, which no file has; restore the file or the lock from version control, or run `autogen baseline`",
                self.path.display()
            )));
        }
        let message = format!(
            "the file of revision {missing}, for which {FILE_NAME} was written, is gone; the memory of the revision before it serves"
        );
        let notice = Notice::new(NoticeKind::LockRecovered, message).named(missing);
        Ok(Memory { lock: lock.rewind(), notice: Some(notice) })
    }

    /// What of the memory holds whatever the revisions are: the differences that were accepted.
    pub(crate) fn only_accepted(&self) -> Memory {
        let accepted = self.content.as_ref().map(|(_, lock)| lock.accepted.clone()).unwrap_or_default();
        Memory { lock: (!accepted.is_empty()).then(|| Lock { accepted, ..Lock::default() }), notice: None }
    }

    /// The edit that accepts these differences; `None` where that changes nothing.
    pub(crate) fn accept(
        &self,
        memory: &Memory,
        project: &Project,
        declared: Schema,
        accepted: BTreeMap<String, Value>,
    ) -> Option<Edit> {
        let heads = project.heads().iter().map(|head| head.id.clone()).collect();
        let lock = Lock::accepting(memory.lock.as_ref(), declared, heads, accepted);
        let is_said = self.content.as_ref().is_some_and(|(text, _)| *text == lock.to_text());
        (!is_said).then(|| self.edit(&lock))
    }

    /// The edit that writes the memory of a new revision, whose file is `source`.
    pub(crate) fn advance(&self, memory: Option<&Lock>, declared: Schema, head: &str, source: &str) -> Edit {
        let lock = Lock::advance(memory, declared, vec![head.to_owned()]);
        self.edit(&Lock { written: Some(checksum(source)), ..lock })
    }

    /// The edit that notes that the newest revision's file is `source` now; `None` where that changes nothing.
    pub(crate) fn rewritten(&self, source: &str) -> Option<Edit> {
        let (_, lock) = self.content.as_ref()?;
        let written = Some(checksum(source));
        (lock.written != written).then(|| self.edit(&Lock { written, ..lock.clone() }))
    }

    /// Whether the newest revision's file is still as it was written.
    pub(crate) fn is_as_written(&self, source: &str) -> bool {
        self.content.as_ref().is_some_and(|(_, lock)| lock.written.as_deref() == Some(checksum(source).as_str()))
    }

    /// The memory before the newest revision.
    pub(crate) fn memory_before(&self) -> Option<Lock> {
        self.content.as_ref().and_then(|(_, lock)| lock.rewind())
    }

    /// The edit that forgets the newest revision; `None` where there is nothing to forget.
    pub(crate) fn rewind(&self) -> Option<Edit> {
        let (_, lock) = self.content.as_ref()?;
        Some(match lock.rewind() {
            Some(before) => self.edit(&before),
            None => Edit::Remove { path: self.path.clone() },
        })
    }

    fn edit(&self, lock: &Lock) -> Edit {
        let (path, to) = (self.path.clone(), lock.to_text());
        match &self.content {
            Some((from, _)) => Edit::Replace { path, from: from.clone(), to },
            None => Edit::Create { path, text: to },
        }
    }
}

/// Whether the missing head was the newest generated revision: then the memory before it is the last one that holds.
/// Revisions written by hand declare nothing, so they may have come since.
fn was_newest(lock: &Lock, project: &Project) -> bool {
    let graph = project.graph();
    let known = lock.previous_heads.iter().all(|head| graph.by_id(head).is_some());
    // Without a memory before, an empty one serves, and that never drops anything.
    let later = if lock.previous.is_some() { graph.descendants(&lock.previous_heads) } else { BTreeSet::new() };
    known && !project.revisions.iter().any(|revision| later.contains(&revision.id) && is_generated(revision))
}

/// A generated file says what was proven about it; an empty one that a person filled does not.
fn is_generated(revision: &Revision) -> bool {
    let text = revision.file.as_deref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    Header::parse(&text).is_some_and(|header| !header.proof.is_empty())
}

#[cfg(test)]
mod tests {
    use autogen_migrate::source::SeaOrmMajor;
    use autogen_schema::{Column, Table, TableName, Type};

    use super::*;

    fn project(ids: &[&str]) -> Project {
        let mut revisions: Vec<Revision> = Vec::new();
        for id in ids {
            let parents = revisions.last().map(|last| last.id.clone()).into_iter().collect();
            let stem = format!("m_{id}");
            revisions.push(Revision { id: (*id).into(), stem, parents, ..Revision::default() });
        }
        Project {
            folder: "migration".into(),
            lib_file: "migration/src/lib.rs".into(),
            revisions,
            sea_orm: SeaOrmMajor::V2,
            uses_autogen: true,
            version_table: "seaql_migrations".into(),
            errors: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn declared(table: &str) -> Schema {
        let mut schema = Schema::default();
        schema.insert(Table::new(TableName::bare(table)).with_column(Column::new("id", Type::Uuid)));
        schema
    }

    /// The lock after revisions a and b.
    fn lock_file() -> LockFile {
        let first = Lock::advance(None, declared("one"), vec!["a".into()]);
        let second = Lock::advance(Some(&first), declared("two"), vec!["b".into()]);
        LockFile { path: "migration/autogen.lock".into(), content: Some((second.to_text(), second)) }
    }

    #[test]
    fn the_memory_of_the_head_is_used() {
        let memory = lock_file().memory(&project(&["a", "b"])).expect("b has a file");
        assert_eq!(memory.lock.map(|lock| lock.declared), Some(declared("two")));
        assert!(memory.notice.is_none());
    }

    #[test]
    fn a_database_without_the_newest_revision_is_compared_with_the_memory_before() {
        let project = project(&["a", "b"]);
        let memory = lock_file().memory(&project).expect("b has a file");
        let declared_for = |recorded: &[&str]| {
            let recorded: Vec<String> = recorded.iter().map(|name| (*name).to_owned()).collect();
            memory.of_database_without(&project.pending(&recorded)).map(|lock| lock.declared)
        };
        assert_eq!(declared_for(&["m_a", "m_b"]), Some(declared("two")));
        assert_eq!(declared_for(&["m_a"]), Some(declared("one")));
    }

    #[test]
    fn a_deleted_newest_revision_leaves_the_memory_before() {
        let memory = lock_file().memory(&project(&["a"])).expect("b was the newest");
        assert_eq!(memory.lock.map(|lock| lock.declared), Some(declared("one")));
        assert_eq!(memory.notice.map(|notice| notice.kind), Some(NoticeKind::LockRecovered));
    }

    #[test]
    fn revisions_written_by_hand_since_then_change_nothing() {
        let memory = lock_file().memory(&project(&["a", "c"])).expect("c declares nothing");
        assert_eq!(memory.lock.map(|lock| lock.declared), Some(declared("one")));
    }

    #[test]
    fn a_lock_of_another_state_stops() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let generated = folder.path().join("m_c.rs");
        fs::write(&generated, "//! Revision: c\n//! Revises: a\n//! Proof: none\n").expect("the folder is ours");
        let mut of_another_branch = project(&["a", "c"]);
        of_another_branch.revisions[1].file = Some(generated);
        for project in [of_another_branch, project(&["c"]), project(&[])] {
            let failure = lock_file().memory(&project).expect_err("b is missing and was not the newest");
            assert_eq!(failure.code, crate::exit::Code::Graph);
            assert!(failure.to_string().contains("revision b"), "{failure}");
        }
    }

    #[test]
    fn a_lock_goes_with_its_only_revision() {
        let lock = Lock::advance(None, declared("one"), vec!["a".into()]);
        let file = LockFile { path: "autogen.lock".into(), content: Some((lock.to_text(), lock)) };
        assert!(file.is_for("a"));
        assert!(matches!(file.rewind(), Some(Edit::Remove { .. })));
        assert!(matches!(lock_file().rewind(), Some(Edit::Replace { .. })));
    }
}
