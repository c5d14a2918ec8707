//! What people type for a revision, turned into a target: an id, the beginning of one, a stem, a label, `head`,
//! `heads`, `base`, and steps relative to any of them.

use std::collections::BTreeSet;

use crate::graph::{Graph, GraphError, Revision, Target};

impl<'a> Graph<'a> {
    /// Finds what `text` names. `recorded` is what the version table holds; `+2` and `-1` count from there.
    ///
    /// # Errors
    ///
    /// Where nothing or more than one thing is named so, or the steps lead out of the graph.
    pub fn resolve(self, text: &str, recorded: &[String]) -> Result<Target, GraphError> {
        let text = text.trim();
        match split_relative(text) {
            None => self.absolute(text),
            Some(("", steps)) => self.relative_to_current(text, steps, recorded),
            // A stem may end in something that looks like a step; then the whole is the name.
            Some((_, _)) if self.by_stem(text).is_some() => self.absolute(text),
            Some(("current", steps)) => self.relative_to_current(text, steps, recorded),
            Some((start, steps)) => match start.strip_suffix('@') {
                Some(branch) => self.within_branch(text, branch, steps, recorded),
                None => self.walk(text, &self.absolute(start)?, steps),
            },
        }
    }

    /// Finds the one revision that `text` names.
    ///
    /// # Errors
    ///
    /// As [`resolve`](Self::resolve); also where the base or several heads are named.
    pub fn resolve_one(self, text: &str, recorded: &[String]) -> Result<&'a Revision, GraphError> {
        let unknown = || GraphError::Unknown { text: text.to_owned(), nearest: Vec::new() };
        match self.resolve(text, recorded)? {
            Target::Base => Err(unknown()),
            Target::Revision(id) => self.by_id(&id).ok_or_else(unknown),
            Target::Heads(ids) => match ids.as_slice() {
                [id] => self.by_id(id).ok_or_else(unknown),
                [] => Err(unknown()),
                _ => Err(GraphError::ManyHeads { heads: ids }),
            },
        }
    }

    fn absolute(self, text: &str) -> Result<Target, GraphError> {
        match text {
            "base" => Ok(Target::Base),
            "heads" => Ok(Target::Heads(ids(&self.heads()))),
            "head" => match self.heads().as_slice() {
                [] => Ok(Target::Heads(Vec::new())),
                [head] => Ok(Target::Revision(head.id.clone())),
                many => Err(GraphError::ManyHeads { heads: ids(many) }),
            },
            _ => match text.split_once('@') {
                Some((branch, name)) => self.on_branch(text, branch, name),
                None => Ok(Target::Revision(self.named(text)?.id.clone())),
            },
        }
    }

    /// `billing@head`: a name within the branch that carries a label, or that a revision is on.
    fn on_branch(self, text: &str, branch: &str, name: &str) -> Result<Target, GraphError> {
        let root = self.named(branch)?;
        let members = self.branch(branch)?;
        match name {
            "base" => Ok(match root.parents.as_slice() {
                [parent] => Target::Revision(parent.clone()),
                _ => Target::Base,
            }),
            "head" | "heads" => {
                let heads: Vec<&Revision> =
                    self.heads().into_iter().filter(|head| members.contains(&head.id)).collect();
                match (heads.as_slice(), name) {
                    ([head], _) => Ok(Target::Revision(head.id.clone())),
                    (many, "heads") => Ok(Target::Heads(ids(many))),
                    (many, _) => Err(GraphError::ManyHeads { heads: ids(many) }),
                }
            }
            _ => {
                let found = self.named(name)?;
                if members.contains(&found.id) {
                    return Ok(Target::Revision(found.id.clone()));
                }
                Err(GraphError::Unknown { text: text.to_owned(), nearest: Vec::new() })
            }
        }
    }

    /// `billing@+1`: the steps count the branch's revisions only, from what is applied of them.
    fn within_branch(self, text: &str, branch: &str, steps: isize, recorded: &[String]) -> Result<Target, GraphError> {
        let members = self.branch(branch)?;
        let applied = self.applied(recorded)?;
        let (done, open): (Vec<&Revision>, Vec<&Revision>) = self
            .revisions()
            .iter()
            .filter(|revision| members.contains(&revision.id))
            .partition(|revision| applied.contains(&revision.id));
        let wanted = steps.unsigned_abs();
        let too_far = |found| GraphError::TooFar { text: text.to_owned(), wanted, found };
        if steps >= 0 {
            let last = wanted.checked_sub(1).map(|index| open.get(index).ok_or_else(|| too_far(open.len())));
            return Ok(match last.transpose()? {
                Some(last) => Target::Revision(last.id.clone()),
                None => Target::Heads(ids(&self.current(recorded))),
            });
        }
        let kept = done.len().checked_sub(wanted).ok_or_else(|| too_far(done.len()))?;
        let goes = &done[kept..];
        let left: Vec<String> =
            applied.into_iter().filter(|id| goes.iter().all(|revision| revision.id != *id)).collect();
        Ok(if left.is_empty() { Target::Base } else { Target::Heads(ids(&self.current(&left))) })
    }

    /// The ids of the revisions of a branch, from the one that carries the label on.
    fn branch(self, name: &str) -> Result<BTreeSet<String>, GraphError> {
        let root = self.named(name)?;
        let mut members = self.descendants(std::slice::from_ref(&root.id));
        members.insert(root.id.clone());
        Ok(members)
    }

    /// A full id, stem or label wins over the beginning of another, so that `aaaa` can be named beside `aaaab`.
    fn named(self, text: &str) -> Result<&'a Revision, GraphError> {
        let exact = |revision: &&Revision| {
            revision.id == text || revision.stem == text || revision.labels.iter().any(|label| label == text)
        };
        if let Some(revision) = self.revisions().iter().find(exact) {
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

    fn relative_to_current(self, text: &str, steps: isize, recorded: &[String]) -> Result<Target, GraphError> {
        let applied = self.applied(recorded)?;
        let wanted = steps.unsigned_abs();
        let mut after: Vec<String> = self
            .revisions()
            .iter()
            .filter(|revision| applied.contains(&revision.id))
            .map(|revision| revision.id.clone())
            .collect();
        let pending = self.pending(recorded);
        let found = if steps < 0 { after.len() } else { pending.len() };
        if found < wanted {
            return Err(GraphError::TooFar { text: text.to_owned(), wanted, found });
        }
        if steps < 0 {
            after.truncate(found - wanted);
        } else {
            after.extend(pending.into_iter().take(wanted).map(|revision| revision.id.clone()));
        }
        Ok(if after.is_empty() { Target::Base } else { Target::Heads(ids(&self.current(&after))) })
    }

    fn walk(self, text: &str, start: &Target, steps: isize) -> Result<Target, GraphError> {
        let wanted = steps.unsigned_abs();
        let mut at: Option<&Revision> = match start {
            Target::Base => None,
            Target::Revision(id) => self.by_id(id),
            Target::Heads(heads) => match heads.as_slice() {
                [id] => self.by_id(id),
                [] => None,
                many => return Err(GraphError::ManyHeads { heads: many.to_vec() }),
            },
        };
        for found in 0..wanted {
            let next = match (at, steps < 0) {
                (None, true) => return Err(GraphError::TooFar { text: text.to_owned(), wanted, found }),
                (Some(revision), true) => {
                    revision.parents.iter().filter_map(|parent| self.by_id(parent)).collect::<Vec<_>>()
                }
                (None, false) => self.bases(),
                (Some(revision), false) => self.children(&revision.id),
            };
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
        Ok(at.map_or(Target::Base, |revision| Target::Revision(revision.id.clone())))
    }

    fn nearest(self, text: &str) -> Vec<String> {
        if text.is_empty() {
            return Vec::new();
        }
        let words = ["head", "heads", "base"].into_iter().map(|word| (distance(word, text), word.to_owned()));
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

fn ids(revisions: &[&Revision]) -> Vec<String> {
    revisions.iter().map(|revision| revision.id.clone()).collect()
}

/// Splits `head-2` into `head` and -2; `None` where there is no step at the end.
fn split_relative(text: &str) -> Option<(&str, isize)> {
    let position = text.rfind(['+', '-'])?;
    let (start, steps) = text.split_at(position);
    Some((start, steps.parse().ok()?))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// `a ← b ← c`, `b ← d`, `c + d ← e`, as `id:parents` words.
    fn revisions(text: &str) -> Vec<Revision> {
        text.split_whitespace()
            .map(|word| {
                let mut parts = word.split(':');
                let id = parts.next().unwrap_or_default().to_owned();
                let list = |part: Option<&str>| -> Vec<String> {
                    part.unwrap_or_default().split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
                };
                let parents = list(parts.next());
                let depends_on = list(parts.next());
                let labels = list(parts.next());
                Revision { stem: format!("m1_{id}_stem"), id, parents, depends_on, labels, ..Revision::default() }
            })
            .collect()
    }

    fn check(graph: &str, applied: &str, text: &str, expected: &str) {
        let revisions = revisions(graph);
        let graph = Graph::new(&revisions).expect("a graph");
        let applied: Vec<String> = applied.split_whitespace().map(|id| format!("m1_{id}_stem")).collect();
        let shown = match graph.resolve(text, &applied) {
            Ok(Target::Base) => "base".to_owned(),
            Ok(Target::Revision(id)) => id,
            Ok(Target::Heads(ids)) => ids.join("+"),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    const LINE: &str = "aaaa1 aaab2:aaaa1 cccc3:aaab2";
    const FORK: &str = "a b:a c:b::left d:b::right";

    #[test]
    fn names_and_their_beginnings_are_found() {
        for (text, expected) in [
            ("aaaa1", "aaaa1"),
            ("aaaa", "aaaa1"),
            ("m1_cccc3_stem", "cccc3"),
            ("m1_ccc", "cccc3"),
            ("head", "cccc3"),
            ("heads", "cccc3"),
            ("base", "base"),
            ("aaa", "multiple revisions start with 'aaa': aaaa1, aaab2; give more of the name"),
            ("aaab3", "can't locate revision identified by 'aaab3'; did you mean aaab2?"),
            ("hehe2", "can't locate revision identified by 'hehe2'"),
            ("", "can't locate revision identified by ''"),
        ] {
            check(LINE, "", text, expected);
        }
    }

    #[test]
    fn steps_count_from_what_is_applied() {
        check(LINE, "aaaa1", "+1", "aaab2");
        check(LINE, "aaaa1", "+2", "cccc3");
        check(LINE, "aaaa1", "+3", "relative revision +3 didn't produce 3 migrations; there are 2");
        check(LINE, "aaaa1", "-1", "base");
        check(LINE, "aaaa1 aaab2", "-1", "aaaa1");
        check(LINE, "aaaa1", "-2", "relative revision -2 didn't produce 2 migrations; there are 1");
        check(LINE, "", "+1", "aaaa1");
    }

    #[test]
    fn steps_count_from_a_name() {
        check(LINE, "", "head-1", "aaab2");
        check(LINE, "", "head-3", "base");
        check(LINE, "", "head-4", "relative revision head-4 didn't produce 4 migrations; there are 3");
        check(LINE, "", "base+2", "aaab2");
        check(LINE, "", "aaaa+2", "cccc3");
        check(FORK, "", "b+1", "ambiguous walk for 'b+1': b has c and d; name the revision itself");
    }

    #[test]
    fn branches_are_named_by_label_or_member() {
        check(FORK, "", "left@head", "c");
        check(FORK, "", "right", "d");
        check(FORK, "", "heads", "c+d");
        check(FORK, "", "c@base", "b");
        check(FORK, "a b", "left@+1", "c");
        check(FORK, "a b c d", "left@-1", "d");
        check(FORK, "a b c d", "left@-2", "relative revision left@-2 didn't produce 2 migrations; there are 1");
        check(FORK, "", "left@d", "can't locate revision identified by 'left@d'");
        check(
            FORK,
            "",
            "head",
            "multiple head revisions are present for given argument 'head' (c, d); name one of them, 'heads' for all, or make one of them with `merge`",
        );
    }

    #[test]
    fn a_downgrade_leaves_other_branches_alone() {
        let revisions = revisions(FORK);
        let graph = Graph::new(&revisions).expect("a graph");
        let all: Vec<String> = revisions.iter().map(|revision| revision.stem.clone()).collect();
        let steps = |text: &str| {
            let target = graph.resolve(text, &all).expect("a target");
            let steps = graph.downgrade_steps(&target, &all).expect("steps");
            steps.iter().map(|revision| revision.id.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(steps("b"), "d c");
        assert_eq!(steps("c"), "");
        assert_eq!(steps("-1"), "d");
        assert_eq!(steps("base"), "d c b a");
    }

    #[test]
    fn an_upgrade_takes_ancestors_and_dependencies_along_and_nothing_else() {
        let revisions = revisions("a b:a c:b d:b e:d:c");
        let graph = Graph::new(&revisions).expect("a graph");
        let steps = |text: &str, applied: &[String]| {
            let target = graph.resolve(text, applied).expect("a target");
            let steps = graph.upgrade_steps(&target, applied).expect("steps");
            steps.iter().map(|revision| revision.id.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(steps("d", &[]), "a b d");
        assert_eq!(steps("e", &["m1_a_stem".into()]), "b c d e");
    }

    #[test]
    fn a_broken_graph_is_refused_with_the_place() {
        for (graph, expected) in [
            ("a a", "revision a is present more than once: in m1_a_stem and in m1_a_stem; give one of them another id"),
            (
                "a b:x",
                "revision x, referenced from m1_b_stem, is not present; restore its file from version control, or correct the line in m1_b_stem",
            ),
            ("a b:c c:b", "cycle is detected in revisions (b, c); correct a `Revises` or `Depends on` line"),
            ("a:a", "cycle is detected in revisions (a); correct a `Revises` or `Depends on` line"),
            (
                "a c:b b:a",
                "m1_c_stem stands before m1_b_stem in migrations(), which it follows; move it below, or SeaORM runs it too early",
            ),
            ("a:::x b:a::x", "branch name 'x' in revision b already used by revision a"),
        ] {
            let revisions = revisions(graph);
            let error = Graph::new(&revisions).expect_err(graph);
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn what_the_database_records_without_a_file_stops() {
        check(
            LINE,
            "aaaa1 gone",
            "+1",
            "can't locate revision identified by 'm1_gone_stem', which the database records as applied; restore the file from version control, or correct the version table with `stamp`",
        );
    }
}
