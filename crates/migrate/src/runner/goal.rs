//! Where a run goes, and which migrations that means.

use crate::graph::{Graph, GraphError, Target};
use crate::step::Direction;

/// Where a run goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// What a user typed: a stem or the beginning of one, `head`, `base`, `+1`, `-1`, and ids where a graph is known.
    Text(String),
    /// Exactly these stems, in the order of the list; what is applied (or not applied, when reverting) is passed over.
    Stems(Vec<String>),
    /// The next, or the last, so many; fewer where there are not so many.
    AtMost(usize),
}

impl From<&str> for Goal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A goal that is not in the graph is refused before anybody waits for a lock.
pub(super) fn refuse_unknown(graph: &Graph<'_>, goal: &Goal, direction: Direction) -> Result<(), GraphError> {
    let Goal::Text(text) = goal else { return Ok(()) };
    refuse_wrong_way(text, direction)?;
    let everything: Vec<String> = graph.revisions().iter().map(|revision| revision.stem.clone()).collect();
    match graph.resolve(text, &everything) {
        // How far `+1` and `-1` reach, and whether there is a choice, depends on what is applied.
        Ok(_) | Err(GraphError::TooFar { .. } | GraphError::AmbiguousStep { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The stems to run, in order.
pub(super) fn steps(
    graph: &Graph<'_>,
    goal: &Goal,
    direction: Direction,
    recorded: &[String],
) -> Result<Vec<String>, GraphError> {
    let revisions = match (goal, direction) {
        (Goal::Text(text), _) => {
            refuse_wrong_way(text, direction)?;
            let target = graph.resolve(text, recorded)?;
            match direction {
                Direction::Up => graph.upgrade_steps(&target, recorded)?,
                Direction::Down => graph.downgrade_steps(&target, recorded)?,
            }
        }
        (Goal::AtMost(number), Direction::Up) => {
            graph.applied(recorded)?;
            graph.pending(recorded).into_iter().take(*number).collect()
        }
        (Goal::AtMost(number), Direction::Down) => {
            graph.downgrade_steps(&Target::Base, recorded)?.into_iter().take(*number).collect()
        }
        (Goal::Stems(stems), _) => return named_steps(graph, stems, direction, recorded),
    };
    Ok(revisions.into_iter().map(|revision| revision.stem.clone()).collect())
}

/// `upgrade -1` and `downgrade +1`: steps from what is applied, in the direction that the command does not go.
///
/// # Errors
///
/// Where that is so.
pub fn refuse_wrong_way(text: &str, direction: Direction) -> Result<(), GraphError> {
    let (wrong, command, other) = match direction {
        Direction::Up => ('-', "upgrade", "downgrade"),
        Direction::Down => ('+', "downgrade", "upgrade"),
    };
    if !text.rsplit('@').next().is_some_and(|steps| steps.trim().starts_with(wrong)) {
        return Ok(());
    }
    let advice = format!("`{other} {text}` goes that way");
    Err(GraphError::WrongWay { text: text.to_owned(), direction: command, advice })
}

fn named_steps(
    graph: &Graph<'_>,
    stems: &[String],
    direction: Direction,
    recorded: &[String],
) -> Result<Vec<String>, GraphError> {
    graph.applied(recorded)?;
    if let Some(unknown) = stems.iter().find(|stem| graph.by_stem(stem).is_none()) {
        return Err(GraphError::Unknown { text: unknown.clone(), nearest: Vec::new() });
    }
    let listed = graph.revisions().iter().map(|revision| revision.stem.clone()).filter(|stem| stems.contains(stem));
    Ok(match direction {
        Direction::Up => listed.filter(|stem| !recorded.contains(stem)).collect(),
        Direction::Down => {
            let mut steps: Vec<String> = listed.filter(|stem| recorded.contains(stem)).collect();
            steps.reverse();
            steps
        }
    })
}
