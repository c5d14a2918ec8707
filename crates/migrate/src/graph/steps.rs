//! From a target to what has to be done: what to apply, what to revert, which rows to write or to remove.

use std::collections::BTreeSet;

use super::{Graph, GraphError, Revision};

/// A place in the history that a command goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Before the first revision.
    Base,
    /// One revision, by id. Going down, all that follows it goes.
    Revision(String),
    /// Exactly everything up to these revisions.
    Heads(Vec<String>),
    /// One revision as a place on one branch. Going down, only what follows it on this branch goes, and what needs that.
    OnBranch {
        /// The id of the revision that names the branch.
        branch: String,
        /// The id of the revision to go to.
        revision: String,
    },
    /// Before a branch, which begins with the revision of this id.
    Before(String),
}

/// The rows that `stamp` writes and removes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Stems that are to be recorded, in order.
    pub add: Vec<String>,
    /// Recorded stems that are to go, in order.
    pub remove: Vec<String>,
}

impl<'a> Graph<'a> {
    /// What to apply, in order, to get to the target.
    ///
    /// # Errors
    ///
    /// Where the target is the base or lies below what is applied, or the table records what no file has.
    pub fn upgrade_steps(&self, target: &Target, recorded: &[String]) -> Result<Vec<&'a Revision>, GraphError> {
        let applied = self.applied(recorded)?;
        let wanted = match target {
            Target::Base => {
                return Err(GraphError::WrongWay {
                    text: "base".into(),
                    direction: "upgrade",
                    advice: "`downgrade base` reverts everything".into(),
                });
            }
            Target::Before(id) => return Err(not_up(id)),
            Target::Revision(id) | Target::OnBranch { revision: id, .. } => {
                if applied.contains(id) && self.children(id).iter().any(|child| applied.contains(&child.id)) {
                    return Err(not_up(id));
                }
                self.ancestors(std::slice::from_ref(id))
            }
            Target::Heads(ids) => self.ancestors(ids),
        };
        Ok(self.pending(recorded).into_iter().filter(|revision| wanted.contains(&revision.id)).collect())
    }

    /// What to revert, in order, to get to the target.
    ///
    /// # Errors
    ///
    /// Where the target itself is not applied, or the table records what no file has.
    pub fn downgrade_steps(&self, target: &Target, recorded: &[String]) -> Result<Vec<&'a Revision>, GraphError> {
        let applied = self.applied(recorded)?;
        if let Target::Revision(id) | Target::OnBranch { revision: id, .. } = target
            && !applied.contains(id)
        {
            return Err(GraphError::WrongWay {
                text: id.clone(),
                direction: "downgrade",
                advice: format!("it is not applied; `upgrade {id}` goes there"),
            });
        }
        let goes = self.beyond(target, &applied);
        let steps = self.revisions().iter().rev();
        Ok(steps.filter(|revision| applied.contains(&revision.id) && goes.contains(&revision.id)).collect())
    }

    /// The rows to write and to remove, so that the table says that the database is at these targets. Rows without a
    /// file stay.
    ///
    /// # Errors
    ///
    /// Where one target is needed by another.
    pub fn stamp(&self, targets: &[Target], recorded: &[String]) -> Result<Stamp, GraphError> {
        self.refuse_overlap(targets)?;
        let before = self.known(recorded);
        let mut after = before.clone();
        for target in targets {
            let goes = self.beyond(target, &after);
            after.retain(|id| !goes.contains(id));
        }
        for target in targets {
            match target {
                Target::Base | Target::Before(_) => {}
                Target::Revision(id) | Target::OnBranch { revision: id, .. } => {
                    after.extend(self.ancestors(std::slice::from_ref(id)));
                }
                Target::Heads(ids) => after.extend(self.ancestors(ids)),
            }
        }
        let stems = |from: &BTreeSet<String>, without: &BTreeSet<String>| {
            let chosen = self.revisions().iter().filter(|revision| from.contains(&revision.id));
            chosen.filter(|revision| !without.contains(&revision.id)).map(|revision| revision.stem.clone()).collect()
        };
        let mut stamp = Stamp { add: stems(&after, &before), remove: stems(&before, &after) };
        stamp.remove.reverse();
        Ok(stamp)
    }

    /// What of the applied revisions lies beyond a target. As Alembic does it, the direct children of the target go
    /// with all that needs them; a revision that merely depends on the target stays.
    fn beyond(&self, target: &Target, applied: &BTreeSet<String>) -> BTreeSet<String> {
        let mut roots = match target {
            Target::Base => return applied.clone(),
            Target::Heads(ids) => return applied.difference(&self.ancestors(ids)).cloned().collect(),
            Target::Before(id) => vec![id.clone()],
            Target::Revision(id) => self.child_ids(id),
            Target::OnBranch { branch, revision } => {
                let line = self.lineage(branch);
                self.child_ids(revision).into_iter().filter(|id| line.contains(id)).collect()
            }
        };
        let further = self.descendants(&roots);
        roots.extend(further);
        roots.into_iter().filter(|id| applied.contains(id)).collect()
    }

    fn child_ids(&self, id: &str) -> Vec<String> {
        self.children(id).into_iter().map(|child| child.id.clone()).collect()
    }

    fn refuse_overlap(&self, targets: &[Target]) -> Result<(), GraphError> {
        let ids: Vec<&String> = targets
            .iter()
            .flat_map(|target| match target {
                Target::Base | Target::Before(_) => Vec::new(),
                Target::Revision(id) | Target::OnBranch { revision: id, .. } => vec![id],
                Target::Heads(ids) => ids.iter().collect(),
            })
            .collect();
        for above in &ids {
            let line = self.ancestors(std::slice::from_ref(*above));
            if let Some(below) = ids.iter().find(|id| *id != above && line.contains(**id)) {
                return Err(GraphError::Overlap { above: (*above).clone(), below: (*below).clone() });
            }
        }
        Ok(())
    }
}

fn not_up(id: &str) -> GraphError {
    GraphError::WrongWay {
        text: id.to_owned(),
        direction: "upgrade",
        advice: format!("the database is above it; `downgrade {id}` goes there"),
    }
}
