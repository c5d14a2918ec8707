//! No scenario is forgotten: each of `fixtures/scenarios/ids.list` has a case on every database that it is for, or a
//! reason why not.

use std::fs;
use std::path::Path;

use crate::case::{backends, cases};

/// Fails for a scenario without a case and without a reason, and for a reason that nothing needs.
pub(crate) fn check(groups: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scenarios/ids.list");
    let list = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases: Vec<_> = groups.iter().flat_map(|group| cases(group)).collect();
    let mut wrong = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (words, reason) = line.split_once(':').map_or((line, None), |(words, reason)| (words, Some(reason.trim())));
        let (id, databases) = words.split_once(' ').unwrap_or_else(|| panic!("no databases: {line}"));
        let case = cases.iter().find(|case| case.id == id);
        let tried = |backend| case.is_some_and(|case| case.backends.contains(backend));
        let missing: Vec<String> =
            backends(databases).iter().filter(|backend| !tried(backend)).map(ToString::to_string).collect();
        match (missing.is_empty(), reason) {
            (false, None | Some("")) => wrong.push(format!("{id} has no case for {}", missing.join(", "))),
            (true, Some(_)) => wrong.push(format!("{id} gives a reason, and has all its cases")),
            (true, None) | (false, Some(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
