//! The revisions of one online plan: they are told by their messages, `add email (2 of 3)`.

use autogen_migrate::graph::Revision;
use autogen_migrate::source::Project;

/// What a message says of the place in a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'m> {
    what: &'m str,
    number: usize,
    of: usize,
}

/// The message of one of several revisions.
pub(crate) fn numbered(message: &str, number: usize, of: usize) -> String {
    format!("{message} ({number} of {of})")
}

/// The place of a revision in its series; `None` where it stands alone.
pub(crate) fn part(message: &str) -> Option<Part<'_>> {
    let (what, place) = message.trim_end().strip_suffix(')')?.rsplit_once(" (")?;
    let (number, of) = place.split_once(" of ")?;
    let part = Part { what, number: number.parse().ok()?, of: of.parse().ok()? };
    (1..=part.of).contains(&part.number).then_some(part)
}

/// The revision with all others of its series, the newest first.
pub(crate) fn whole<'p>(project: &'p Project, revision: &'p Revision) -> Vec<&'p Revision> {
    let Some(own) = part(&revision.message) else { return vec![revision] };
    let is_beside = |other: &Revision, number: usize| part(&other.message) == Some(Part { number, ..own });
    let mut series = vec![revision];
    for number in own.number + 1..=own.of {
        let follows = |other: &&Revision| is_beside(other, number) && other.parents == [series[0].id.clone()];
        let Some(next) = project.revisions.iter().find(follows) else { break };
        series.insert(0, next);
    }
    for number in (1..own.number).rev() {
        let Some(after) = series.last() else { break };
        let precedes = |other: &&Revision| is_beside(other, number) && after.parents.contains(&other.id);
        let Some(before) = project.revisions.iter().find(precedes) else { break };
        series.push(before);
    }
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_a_revision_stands() {
        assert_eq!(part(&numbered("add email", 2, 3)), Some(Part { what: "add email", number: 2, of: 3 }));
        for alone in ["add email", "add (email)", "add (4 of 3)", "add (0 of 3)", "(1 of 2)x"] {
            assert_eq!(part(alone), None, "{alone}");
        }
    }
}
