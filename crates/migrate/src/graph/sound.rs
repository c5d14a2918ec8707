//! Whether revisions form a graph that can be run: every id once, every parent there, parents first, no circles.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, GraphError, Revision};

impl Graph<'_> {
    /// All that is wrong with the graph, each with its files. Commands that only show can go on all the same.
    pub fn errors(&self) -> Vec<GraphError> {
        let mut errors = self.repeated(|revision| &revision.id);
        errors.extend(self.repeated(|revision| &revision.stem));
        errors.extend(self.missing());
        if errors.is_empty() {
            errors.extend(self.out_of_order());
        } else {
            // A list cannot be in order around what is missing; only a cycle is worth a word of its own.
            errors.extend(self.cycle());
        }
        errors.extend(self.labels_taken());
        errors
    }

    fn repeated(&self, key: impl Fn(&Revision) -> &String) -> Vec<GraphError> {
        let mut seen: BTreeMap<&String, &Revision> = BTreeMap::new();
        let mut errors = Vec::new();
        for revision in self.revisions {
            if let Some(first) = seen.insert(key(revision), revision) {
                errors.push(GraphError::Duplicate {
                    id: key(revision).clone(),
                    first: first.place(),
                    second: revision.place(),
                });
            }
        }
        errors
    }

    fn missing(&self) -> Vec<GraphError> {
        let links = self.revisions.iter().flat_map(|revision| revision.needs().map(move |need| (revision, need)));
        links
            .filter(|(_, need)| self.by_id(need).is_none())
            .map(|(revision, need)| GraphError::MissingParent { place: revision.place(), parent: need.clone() })
            .collect()
    }

    /// A cycle is named as one, although it also shows as an order that no list can have.
    fn out_of_order(&self) -> Option<GraphError> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for revision in self.revisions {
            if let Some(parent) = revision.needs().find(|need| !seen.contains(need.as_str())) {
                let parent = self.by_id(parent).map_or_else(|| parent.clone(), |found| found.stem.clone());
                return self.cycle().or(Some(GraphError::OutOfOrder { stem: revision.stem.clone(), parent }));
            }
            seen.insert(&revision.id);
        }
        None
    }

    /// Takes away, again and again, what needs nothing that is left, and what nothing that is left needs; what remains
    /// is on a cycle or between two.
    fn cycle(&self) -> Option<GraphError> {
        let mut left: Vec<&Revision> = self.revisions.iter().collect();
        loop {
            let ids: BTreeSet<&String> = left.iter().map(|revision| &revision.id).collect();
            let needed: BTreeSet<&String> = left.iter().flat_map(|revision| revision.needs()).collect();
            let is_within =
                |revision: &&Revision| revision.needs().any(|need| ids.contains(need)) && needed.contains(&revision.id);
            let next: Vec<&Revision> = left.iter().copied().filter(is_within).collect();
            if next.is_empty() {
                return None;
            }
            if next.len() == left.len() {
                return Some(GraphError::Cycle {
                    ids: next.iter().map(|revision| revision.id.clone()).collect(),
                    places: next.iter().map(|revision| revision.place()).collect(),
                });
            }
            left = next;
        }
    }

    fn labels_taken(&self) -> Vec<GraphError> {
        let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
        let mut errors = Vec::new();
        for (revision, label) in
            self.revisions.iter().flat_map(|revision| revision.labels.iter().map(move |l| (revision, l)))
        {
            if let Some(first) = seen.insert(label, &revision.id) {
                errors.push(GraphError::LabelTaken {
                    label: label.clone(),
                    first: first.clone(),
                    second: revision.id.clone(),
                });
            }
        }
        errors
    }
}
