//! What the round trips of all databases share: running many cases at a time, the written reasons, and showing what
//! differs.

#![allow(dead_code, reason = "each database uses a part of it")]

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use autogen_diff::render::recreate_sql;
use autogen_introspect::Reading;
use autogen_schema::Document;
use similar::{ChangeTag, TextDiff};

use crate::cases::Case;

/// What a round trip found.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Statements that are refused, and how two readings differ.
    pub(crate) wrong: Vec<String>,
    /// How the dumps of the two databases differ, if they do; a written reason excuses it.
    pub(crate) dumps_differ: Option<String>,
}

impl Outcome {
    /// What was read twice, and how the dumps differ. A reading that says that it does not understand something cannot
    /// be written again in full, so that its difference, too, takes a written reason.
    pub(crate) fn of(first: &Reading, second: &Reading, dumps_differ: Option<String>) -> Self {
        let understood = first.schema.tables.values().all(|table| table.not_understood.is_empty());
        match readings_differ(first, second) {
            Some(lines) if understood => Self { wrong: vec![lines], dumps_differ },
            Some(lines) => Self { wrong: vec![], dumps_differ: Some(lines + &dumps_differ.unwrap_or_default()) },
            None => Self { wrong: vec![], dumps_differ },
        }
    }

    pub(crate) fn wrong(failure: String) -> Self {
        Self { wrong: vec![failure], dumps_differ: None }
    }
}

/// What stands behind the name of a case whose readings may differ, too.
const READING: &str = " [reading]";

/// Why the dumps of a case may differ, by the case's name; for one that cannot come back at all, why not, by the name
/// with [`READING`]. The file has the name on one line and, indented on the next ones, the reason; `#` begins a comment.
pub(crate) fn reasons(file: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/round_trip").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reasons: BTreeMap<String, String> = BTreeMap::new();
    let mut case = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.strip_prefix(' ') {
            Some(reason) => {
                let whole = reasons.get_mut(&case).expect("a reason stands under its case");
                whole.push_str(reason.trim());
            }
            None => {
                case = line.to_owned();
                assert!(reasons.insert(case.clone(), String::new()).is_none(), "{case} stands in {file} twice");
            }
        }
    }
    for (case, reason) in &reasons {
        assert!(!reason.is_empty(), "{file} gives no reason for {case}");
    }
    reasons
}

/// Takes every case around with `trip`, each worker one at a time, and judges. A worker is what is kept from case to case.
pub(crate) async fn check_all<W, B, T>(cases: Vec<Case>, reasons: BTreeMap<String, String>, workers: Vec<W>, trip: B)
where
    W: Send + 'static,
    B: Fn(W, Case) -> T + Copy + Send + 'static,
    T: Future<Output = (W, Outcome)> + Send,
{
    let queue = Arc::new(Mutex::new(VecDeque::from(cases)));
    let mut running = tokio::task::JoinSet::new();
    for mut worker in workers {
        let queue = Arc::clone(&queue);
        running.spawn(async move {
            let mut outcomes = Vec::new();
            let next = || queue.lock().expect("nobody panics while it is held").pop_front();
            while let Some(case) = next() {
                let name = case.name.clone();
                let outcome;
                (worker, outcome) = trip(worker, case).await;
                outcomes.push((name, outcome));
            }
            outcomes
        });
    }
    judge(running.join_all().await.into_iter().flatten().collect(), &reasons);
}

/// Fails with all that is wrong and not excused, and with each reason that excuses nothing.
pub(crate) fn judge(mut outcomes: Vec<(String, Outcome)>, reasons: &BTreeMap<String, String>) {
    for name in reasons.keys() {
        let is_for = |(case, _): &(String, Outcome)| case == name.trim_end_matches(READING);
        assert!(outcomes.iter().any(is_for), "there is a reason for `{name}`, and no such case");
    }
    let count = outcomes.len();
    outcomes.sort_by(|(one, _), (other, _)| one.cmp(other));
    let failures: Vec<String> = outcomes.iter().flat_map(|(name, outcome)| failures(name, outcome, reasons)).collect();
    assert!(failures.is_empty(), "{} of {count} round trips fail:\n{}", failures.len(), failures.join("\n"));
}

fn failures(name: &str, outcome: &Outcome, reasons: &BTreeMap<String, String>) -> Vec<String> {
    let wrong = (!outcome.wrong.is_empty()).then(|| outcome.wrong.join("\n"));
    let excused = reasons.get(&format!("{name}{READING}"));
    if wrong.is_some() && excused.is_some() {
        return Vec::new();
    }
    let dumps = unless_excused(&format!("{name}: the dumps differ"), outcome.dumps_differ.as_ref(), reasons.get(name));
    unless_excused(name, wrong.as_ref(), excused).into_iter().chain(dumps).collect()
}

/// What differs and has no reason, or a reason that nothing needs.
fn unless_excused(what: &str, difference: Option<&String>, reason: Option<&String>) -> Option<String> {
    match (difference, reason) {
        (Some(difference), None) => Some(format!("== {what}\n{difference}")),
        (None, Some(reason)) => Some(format!("== {what}: no longer; take the reason away: {reason}")),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// The statements that make what was read, by the renderer under test.
pub(crate) fn rendered(reading: &Reading) -> Vec<String> {
    recreate_sql(&reading.schema, reading.backend, reading.default_schema.as_deref())
}

/// How the second reading differs from the first, as the lines of their JSON.
pub(crate) fn readings_differ(first: &Reading, second: &Reading) -> Option<String> {
    let json = |reading: &Reading| Document::new(&reading.schema, Some(reading.backend)).to_json();
    // Equal as values, not only as JSON: what the JSON form leaves out counts, too.
    (first.schema != second.schema).then(|| {
        let lines = difference(&json(first), &json(second));
        lines.unwrap_or_else(|| "the readings differ in what their JSON does not show".to_owned())
    })
}

/// The lines that only one of two texts has, with a few around them.
pub(crate) fn difference(first: &str, second: &str) -> Option<String> {
    if first == second {
        return None;
    }
    let diff = TextDiff::from_lines(first, second);
    let mut shown = String::new();
    for group in diff.grouped_ops(2) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            shown.push_str(&format!("  {sign} {}\n", change.value().trim_end()));
        }
        shown.push_str("    …\n");
    }
    Some(shown)
}

/// What a dump tool prints.
pub(crate) async fn output(mut command: Command) -> Result<String, String> {
    let done = tokio::task::spawn_blocking(move || (command.output(), command)).await;
    let (output, command) = done.map_err(|error| error.to_string())?;
    let output = output.map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    if !output.status.success() {
        return Err(format!("{:?}: {}", command.get_program(), String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
