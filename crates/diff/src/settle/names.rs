//! Names that two things of a table would have: one keeps the server's, another asks for the same.

/// What the desired side says.
pub(super) struct Named {
    /// The name that it says.
    pub(super) said: Option<String>,
    /// The name that it has, where it is there already.
    pub(super) live: Option<String>,
}

/// Which of these must take the name that they say, because another, which is new or has to take its own, wants the one
/// that they have. All others keep the server's.
pub(super) fn giving_up(things: &[Named]) -> Vec<bool> {
    let mut gives = vec![false; things.len()];
    while let Some(at) = (0..things.len()).find(|&at| !gives[at] && is_wanted(things, &gives, at)) {
        gives[at] = true;
    }
    gives
}

fn is_wanted(things: &[Named], gives: &[bool], at: usize) -> bool {
    let Named { said, live } = &things[at];
    let takes_its_own = |other: usize| things[other].live.is_none() || gives[other];
    live.is_some()
        && said != live
        && (0..things.len()).any(|other| other != at && takes_its_own(other) && things[other].said == *live)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(things: &[(&str, Option<&str>)], expected: &[bool]) {
        let named =
            |&(said, live): &(&str, Option<&str>)| Named { said: Some(said.into()), live: live.map(Into::into) };
        assert_eq!(giving_up(&things.iter().map(named).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn a_name_that_nobody_else_wants_is_kept() {
        check(&[("mine", Some("theirs")), ("other", None)], &[false, false]);
        // Both are there, and each has the name that the other says.
        check(&[("one", Some("two")), ("two", Some("one"))], &[false, false]);
    }

    #[test]
    fn a_name_goes_to_the_new_one_that_says_it() {
        check(&[("first", None), ("second", Some("first"))], &[false, true]);
        check(&[("first", None), ("second", Some("first")), ("third", Some("second"))], &[false, true, true]);
    }
}
