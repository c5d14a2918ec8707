//! The revision graph as a value: who comes after whom, what is a head, what is applied, what is next.
//!
//! Pure. The command line fills it from source, the migration crate's binary from its own `migrations()` list. A graph
//! with an error in it can be looked at all the same; nothing here goes round in circles.

mod error;
mod resolve;
mod revision;
mod sound;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

pub use error::GraphError;
pub use revision::Revision;
pub use steps::{Stamp, Target};

/// The revisions of a project, in an order in which parents come first.
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    revisions: &'a [Revision],
    ids: BTreeMap<&'a str, usize>,
    stems: BTreeMap<&'a str, usize>,
    children: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Graph<'a> {
    /// Takes revisions in the order of the `migrations()` list.
    ///
    /// # Errors
    ///
    /// Where an id or a stem occurs twice, a parent is missing, the list is not in topological order, revisions form a
    /// cycle, or two branches have the same label.
    pub fn new(revisions: &'a [Revision]) -> Result<Self, GraphError> {
        let graph = Self::tolerant(revisions);
        match graph.errors().into_iter().next() {
            Some(error) => Err(error),
            None => Ok(graph),
        }
    }

    /// Takes revisions that may form no sound graph: good enough to show, not to run. What is wrong is said by
    /// [`errors`](Self::errors).
    pub fn tolerant(revisions: &'a [Revision]) -> Self {
        let mut graph = Self { revisions, ids: BTreeMap::new(), stems: BTreeMap::new(), children: BTreeMap::new() };
        for (index, revision) in revisions.iter().enumerate() {
            graph.ids.entry(&revision.id).or_insert(index);
            graph.stems.entry(&revision.stem).or_insert(index);
            for parent in &revision.parents {
                graph.children.entry(parent).or_default().push(index);
            }
        }
        graph
    }

    /// A linear history, for a list of stems without headers.
    pub fn linear(stems: impl IntoIterator<Item = String>) -> Vec<Revision> {
        let mut revisions: Vec<Revision> = Vec::new();
        for stem in stems {
            let previous = revisions.last().map(|last| last.id.clone());
            revisions.push(Revision::new(stem, None, previous));
        }
        revisions
    }

    /// All revisions, parents first.
    pub fn revisions(&self) -> &'a [Revision] {
        self.revisions
    }

    /// The revision with this id.
    pub fn by_id(&self, id: &str) -> Option<&'a Revision> {
        self.ids.get(id).map(|index| &self.revisions[*index])
    }

    /// The revision that the version table records so.
    pub fn by_stem(&self, stem: &str) -> Option<&'a Revision> {
        self.stems.get(stem).map(|index| &self.revisions[*index])
    }

    /// Revisions that nothing follows.
    pub fn heads(&self) -> Vec<&'a Revision> {
        self.revisions.iter().filter(|revision| !self.children.contains_key(revision.id.as_str())).collect()
    }

    /// The heads that no other revision depends on either: what `heads --resolve-dependencies` shows.
    pub fn effective_heads(&self) -> Vec<&'a Revision> {
        let needed: BTreeSet<&String> = self.revisions.iter().flat_map(|revision| &revision.depends_on).collect();
        self.heads().into_iter().filter(|head| !needed.contains(&head.id)).collect()
    }

    /// Revisions that follow nothing.
    pub fn bases(&self) -> Vec<&'a Revision> {
        self.revisions.iter().filter(|revision| revision.parents.is_empty()).collect()
    }

    /// Revisions that several others follow directly.
    pub fn branch_points(&self) -> Vec<&'a Revision> {
        self.revisions.iter().filter(|revision| self.children(&revision.id).len() > 1).collect()
    }

    /// Revisions that follow this one directly.
    pub fn children(&self, id: &str) -> Vec<&'a Revision> {
        self.children.get(id).into_iter().flatten().map(|index| &self.revisions[*index]).collect()
    }

    /// The ids of these revisions and of all they need: parents, dependencies, and theirs.
    pub fn ancestors(&self, ids: &[String]) -> BTreeSet<String> {
        self.closure(ids, |revision| revision.needs().cloned().collect())
    }

    /// The ids of all revisions that need one of these, without these themselves.
    pub fn descendants(&self, ids: &[String]) -> BTreeSet<String> {
        let mut dependents: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for revision in self.revisions {
            for need in revision.needs() {
                dependents.entry(need).or_default().push(&revision.id);
            }
        }
        let next = |id: &str| dependents.get(id).into_iter().flatten().map(|id| (*id).clone()).collect();
        let mut found = self.closure(ids, |revision| next(&revision.id));
        found.retain(|id| !ids.contains(id));
        found
    }

    /// The ids of the revisions above and below one, by parents only, with itself: the branch that it stands for.
    pub fn lineage(&self, id: &str) -> BTreeSet<String> {
        let start = [id.to_owned()];
        let mut line = self.closure(&start, |revision| revision.parents.clone());
        line.extend(self.closure(&start, |revision| {
            self.children(&revision.id).into_iter().map(|child| child.id.clone()).collect()
        }));
        line
    }

    /// The ids of what is applied, from what the version table records.
    ///
    /// # Errors
    ///
    /// Where the table records what no file has.
    pub fn applied(&self, recorded: &[String]) -> Result<BTreeSet<String>, GraphError> {
        let unknown: Vec<String> = recorded.iter().filter(|name| self.by_stem_or_id(name).is_none()).cloned().collect();
        if !unknown.is_empty() {
            return Err(GraphError::UnknownApplied { stems: unknown });
        }
        Ok(self.known(recorded))
    }

    /// The ids of what is applied, leaving out what no file has.
    pub fn known(&self, recorded: &[String]) -> BTreeSet<String> {
        recorded.iter().filter_map(|name| self.by_stem_or_id(name)).map(|revision| revision.id.clone()).collect()
    }

    /// The applied revisions that no applied revision needs: what `current` shows. Names without a file are left out.
    pub fn current(&self, recorded: &[String]) -> Vec<&'a Revision> {
        self.tips(&self.known(recorded))
    }

    /// What is not applied yet, in the order in which to apply it.
    pub fn pending(&self, recorded: &[String]) -> Vec<&'a Revision> {
        let applied = self.known(recorded);
        self.revisions.iter().filter(|revision| !applied.contains(&revision.id)).collect()
    }

    /// Of these revisions the ones that no other of them needs.
    fn tips(&self, ids: &BTreeSet<String>) -> Vec<&'a Revision> {
        let members = || self.revisions.iter().filter(|revision| ids.contains(&revision.id));
        let needed: BTreeSet<&String> = members().flat_map(Revision::needs).collect();
        members().filter(|revision| !needed.contains(&revision.id)).collect()
    }

    fn by_stem_or_id(&self, name: &str) -> Option<&'a Revision> {
        self.by_stem(name).or_else(|| self.by_id(name))
    }

    /// These ids and all that can be reached from them.
    fn closure(&self, ids: &[String], next: impl Fn(&Revision) -> Vec<String>) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = ids.iter().cloned().collect();
        let mut queue: Vec<String> = ids.to_vec();
        while let Some(id) = queue.pop() {
            // In a broken graph an id may be nobody's.
            let Some(revision) = self.by_id(&id) else { continue };
            queue.extend(next(revision).into_iter().filter(|id| found.insert(id.clone())));
        }
        found
    }
}
