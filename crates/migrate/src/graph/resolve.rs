//! What people type for a revision, turned into a target: an id, the beginning of one, a stem, a label, `head`,
//! `heads`, `base`, steps relative to any of them, and ranges.

use std::collections::BTreeSet;

use super::{Graph, GraphError, Revision, Target};

impl<'a> Graph<'a> {
    /// Finds what `text` names. `recorded` is what the version table holds; `+2` and `-1` count from there.
    ///
    /// # Errors
    ///
    /// Where nothing or more than one thing is named so, or the steps lead out of the graph.
    pub fn resolve(&self, text: &str, recorded: &[String]) -> Result<Target, GraphError> {
        let text = text.trim();
        if text.contains(':') {
            return Err(GraphError::RangeNotAllowed { text: text.to_owned() });
        }
        // A stem may look like a branch or like a step; then the whole is the name.
        if let Some(revision) = self.exactly(text) {
            return Ok(Target::Revision(revision.id.clone()));
        }
        let (branch, name) = match text.split_once('@') {
            Some((branch, name)) => (Some(self.branch(branch)?), name),
            None => (None, text),
        };
        match split_steps(name) {
            Some(("" | "current", steps)) => self.steps_from_current(text, steps, branch, recorded),
            Some((start, steps)) => {
                let start = self.place(start, branch)?;
                self.walk(text, &start, steps, branch)
            }
            None if name == "current" => Ok(Target::Heads(ids(&self.current(recorded)))),
            None => self.place(name, branch),
        }
    }

    /// Finds the one revision that `text` names.
    ///
    /// # Errors
    ///
    /// As [`resolve`](Self::resolve); also where the base or several heads are named.
    pub fn resolve_one(&self, text: &str, recorded: &[String]) -> Result<&'a Revision, GraphError> {
        let unknown = || GraphError::Unknown { text: text.to_owned(), nearest: Vec::new() };
        match self.resolve(text, recorded)? {
            Target::Base | Target::Before(_) => Err(unknown()),
            Target::Revision(id) | Target::OnBranch { revision: id, .. } => self.by_id(&id).ok_or_else(unknown),
            Target::Heads(ids) => match ids.as_slice() {
                [id] => self.by_id(id).ok_or_else(unknown),
                [] => Err(unknown()),
                _ => Err(GraphError::ManyHeads { heads: ids }),
            },
        }
    }

    /// The revisions of a range `a:b`, both ends included, parents first. An end may be left out, and may be relative to
    /// what is applied.
    ///
    /// # Errors
    ///
    /// Where the text is no range, an end is not found, or the ends are not on one line in this order.
    pub fn range(&self, text: &str, recorded: &[String]) -> Result<Vec<&'a Revision>, GraphError> {
        let (from, to) = text.trim().split_once(':').ok_or_else(|| GraphError::NotARange { text: text.to_owned() })?;
        if from.is_empty() && to.is_empty() || to.contains(':') {
            return Err(GraphError::NotARange { text: text.to_owned() });
        }
        let starts = match from {
            "" | "base" => Vec::new(),
            _ => self.target_ids(&self.resolve(from, recorded)?),
        };
        let ends = match to {
            "" => ids(&self.heads()),
            _ => self.target_ids(&self.resolve(to, recorded)?),
        };
        let below = self.ancestors(&ends);
        let above = |ids: &[String]| {
            let mut above = self.descendants(ids);
            above.extend(ids.iter().cloned());
            above
        };
        if !starts.is_empty() && !starts.iter().all(|start| below.contains(start)) {
            let is_reversed = !ends.is_empty() && ends.iter().all(|end| self.ancestors(&starts).contains(end));
            let nearest = if is_reversed { vec![format!("{to}:{from}")] } else { Vec::new() };
            return Err(GraphError::DisjointRange { text: text.to_owned(), nearest });
        }
        let above = if starts.is_empty() { below.clone() } else { above(&starts) };
        let revisions = self.revisions().iter();
        Ok(revisions.filter(|revision| below.contains(&revision.id) && above.contains(&revision.id)).collect())
    }

    fn target_ids(&self, target: &Target) -> Vec<String> {
        match target {
            Target::Base => Vec::new(),
            Target::Before(id) => self.by_id(id).map(|revision| revision.parents.clone()).unwrap_or_default(),
            Target::Revision(id) | Target::OnBranch { revision: id, .. } => vec![id.clone()],
            Target::Heads(ids) => ids.clone(),
        }
    }

    /// A place without steps, on a branch where one is named.
    fn place(&self, name: &str, branch: Option<Branch<'a, '_>>) -> Result<Target, GraphError> {
        let Some(branch) = branch else {
            return match name {
                "base" => Ok(Target::Base),
                "heads" => Ok(Target::Heads(ids(&self.heads()))),
                "head" => self.head(&self.heads()),
                _ => Ok(Target::Revision(self.named(name)?.id.clone())),
            };
        };
        let line = self.lineage(&branch.root.id);
        let on_branch =
            |revision: &Revision| Target::OnBranch { branch: branch.root.id.clone(), revision: revision.id.clone() };
        let heads = || self.heads().into_iter().filter(|head| line.contains(&head.id)).collect::<Vec<_>>();
        match name {
            "base" => Ok(Target::Before(self.start_of_branch(branch.root).id.clone())),
            "head" => match heads().as_slice() {
                [head] => Ok(on_branch(head)),
                heads => self.head(heads),
            },
            "heads" => Ok(Target::Heads(ids(&heads()))),
            _ => {
                let found = self.named(name)?;
                if line.contains(&found.id) {
                    return Ok(on_branch(found));
                }
                Err(GraphError::NotOnBranch { revision: found.id.clone(), branch: branch.name.to_owned() })
            }
        }
    }

    fn head(&self, heads: &[&Revision]) -> Result<Target, GraphError> {
        match heads {
            [] => Ok(Target::Heads(Vec::new())),
            [head] => Ok(Target::Revision(head.id.clone())),
            many => Err(GraphError::ManyHeads { heads: ids(many) }),
        }
    }

    /// Up from a revision as long as there is one parent with one child: where the branch left the others.
    fn start_of_branch(&self, mut revision: &'a Revision) -> &'a Revision {
        let mut seen = BTreeSet::new();
        while let [parent] = revision.parents.as_slice()
            && let Some(parent) = self.by_id(parent)
            && self.children(&parent.id).len() == 1
            && seen.insert(&parent.id)
        {
            revision = parent;
        }
        revision
    }

    fn branch<'n>(&self, name: &'n str) -> Result<Branch<'a, 'n>, GraphError> {
        match self.named(name) {
            Ok(root) => Ok(Branch { name, root }),
            Err(GraphError::Unknown { nearest, .. }) => {
                Err(GraphError::UnknownBranch { name: name.to_owned(), nearest })
            }
            Err(error) => Err(error),
        }
    }

    fn exactly(&self, text: &str) -> Option<&'a Revision> {
        let has_label = |revision: &&Revision| revision.labels.iter().any(|label| label == text);
        self.by_id(text).or_else(|| self.by_stem(text)).or_else(|| self.revisions().iter().find(has_label))
    }

    /// A full id, stem or label wins over the beginning of another, so that `aaaa` can be named beside `aaaab`.
    fn named(&self, text: &str) -> Result<&'a Revision, GraphError> {
        if let Some(revision) = self.exactly(text) {
            return Ok(revision);
        }
        let begins = |revision: &&Revision| revision.id.starts_with(text) || revision.stem.starts_with(text);
        let candidates: Vec<&Revision> = self.revisions().iter().filter(begins).collect();
        match candidates.as_slice() {
            [revision] if !text.is_empty() => Ok(revision),
            [_, _, ..] if !text.is_empty() => {
                Err(GraphError::Ambiguous { text: text.to_owned(), candidates: ids(&candidates) })
            }
            _ => Err(GraphError::Unknown { text: text.to_owned(), nearest: self.nearest(text) }),
        }
    }

    /// Steps from what is applied, one revision at a time: up to what can be applied next, down from what nothing
    /// applied needs. Where there is a choice, nobody guesses.
    fn steps_from_current(
        &self,
        text: &str,
        steps: isize,
        branch: Option<Branch<'a, '_>>,
        recorded: &[String],
    ) -> Result<Target, GraphError> {
        let line = branch.map(|branch| self.lineage(&branch.root.id));
        let is_on_branch = |revision: &&Revision| line.as_ref().is_none_or(|line| line.contains(&revision.id));
        let mut after = self.applied(recorded)?;
        let wanted = steps.unsigned_abs();
        for found in 0..wanted {
            let mut next = if steps < 0 { self.tips(&after) } else { self.ready(&after, line.as_ref()) };
            next.retain(is_on_branch);
            match next.as_slice() {
                [] => return Err(GraphError::TooFar { text: text.to_owned(), wanted, found }),
                [one] if steps < 0 => {
                    after.remove(&one.id);
                }
                [one] => after.extend(self.ancestors(std::slice::from_ref(&one.id))),
                many => {
                    let text = name_of_steps(text);
                    return Err(GraphError::AmbiguousStep { text: text.to_owned(), candidates: ids(many) });
                }
            }
        }
        let tips = ids(&self.tips(&after));
        Ok(if tips.is_empty() { Target::Base } else { Target::Heads(tips) })
    }

    /// What is not applied, and all that comes before it is. On a branch, dependencies on other branches come along.
    fn ready(&self, applied: &BTreeSet<String>, line: Option<&BTreeSet<String>>) -> Vec<&'a Revision> {
        // The list is in order, so one look at each revision is enough.
        let mut waiting: BTreeSet<&str> = BTreeSet::new();
        let mut ready = Vec::new();
        for revision in self.revisions() {
            let is_held = revision.needs().any(|need| waiting.contains(need.as_str()));
            let is_pending = !applied.contains(&revision.id);
            let counts = line.is_none_or(|line| line.contains(&revision.id));
            if counts && (is_pending || is_held) {
                waiting.insert(&revision.id);
            }
            if counts && is_pending && !is_held {
                ready.push(revision);
            }
        }
        ready
    }

    fn walk(
        &self,
        text: &str,
        start: &Target,
        steps: isize,
        branch: Option<Branch<'a, '_>>,
    ) -> Result<Target, GraphError> {
        let line = branch.map(|branch| self.lineage(&branch.root.id));
        let wanted = steps.unsigned_abs();
        let mut at = match self.target_ids(start).as_slice() {
            // With a branch, `base` is the very beginning of its line, as Alembic counts it.
            _ if matches!(start, Target::Base | Target::Before(_)) => None,
            [] => None,
            [id] => self.by_id(id),
            many => return Err(GraphError::ManyHeads { heads: many.to_vec() }),
        };
        let mut last = at;
        for found in 0..wanted {
            let mut next = match (at, steps < 0) {
                (None, true) => return Err(GraphError::TooFar { text: text.to_owned(), wanted, found }),
                (Some(revision), true) => {
                    revision.parents.iter().filter_map(|parent| self.by_id(parent)).collect::<Vec<_>>()
                }
                (None, false) => self.bases(),
                (Some(revision), false) => self.children(&revision.id),
            };
            next.retain(|revision| line.as_ref().is_none_or(|line| line.contains(&revision.id)));
            last = at;
            at = match next.as_slice() {
                [one] => Some(one),
                [] if steps < 0 => None,
                [] => return Err(GraphError::TooFar { text: text.to_owned(), wanted, found }),
                many => {
                    return Err(GraphError::AmbiguousWalk {
                        text: text.to_owned(),
                        at: at.map_or_else(|| "base".into(), |revision| revision.id.clone()),
                        candidates: ids(many),
                    });
                }
            };
        }
        Ok(match (at, branch) {
            (None, Some(branch)) => Target::Before(last.unwrap_or(branch.root).id.clone()),
            (None, None) => Target::Base,
            (Some(revision), None) => Target::Revision(revision.id.clone()),
            (Some(revision), Some(branch)) => {
                Target::OnBranch { branch: branch.root.id.clone(), revision: revision.id.clone() }
            }
        })
    }

    fn nearest(&self, text: &str) -> Vec<String> {
        if text.is_empty() {
            return Vec::new();
        }
        let words = ["head", "heads", "base"].into_iter().map(str::to_owned);
        let labels = self.revisions().iter().flat_map(|revision| revision.labels.iter().cloned());
        let words = words.chain(labels).map(|word| (distance(&word, text), word));
        let revisions = self.revisions().iter().map(|revision| {
            let id = distance(&revision.id, text);
            let stem = distance(&revision.stem, text);
            // A person who types words means the message.
            let message = distance(&revision.message.to_lowercase(), &text.to_lowercase().replace('_', " "));
            let shown = if id <= stem { &revision.id } else { &revision.stem };
            (id.min(stem).min(message), shown.clone())
        });
        let mut near: Vec<(usize, String)> =
            words.chain(revisions).filter(|(far, _)| *far <= text.chars().count() / 3).collect();
        near.sort();
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }
}

/// A branch as it was typed, and the revision that stands for it.
#[derive(Clone, Copy)]
struct Branch<'a, 'n> {
    name: &'n str,
    root: &'a Revision,
}

fn ids(revisions: &[&Revision]) -> Vec<String> {
    revisions.iter().map(|revision| revision.id.clone()).collect()
}

/// Splits `head-2` into `head` and -2; `None` where there is no step at the end.
fn split_steps(text: &str) -> Option<(&str, isize)> {
    let position = text.rfind(['+', '-'])?;
    let (start, steps) = text.split_at(position);
    Some((start, steps.parse().ok()?))
}

/// The steps alone, as in `+1` of `billing@+1`.
fn name_of_steps(text: &str) -> &str {
    text.rfind(['+', '-']).map_or(text, |position| &text[position..])
}

/// The number of letters to insert, remove, replace (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (column, candidate) in other.iter().enumerate() {
            let above = row[column + 1];
            row[column] = left;
            left = (above + 1).min(left + 1).min(diagonal + usize::from(letter != *candidate));
            diagonal = above;
        }
        row[other.len()] = left;
    }
    row[other.len()]
}
