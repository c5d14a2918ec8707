//! A second opinion on every case of `fixtures/introspect`: what sea-schema's discovery says of the same database.
//!
//! Both readings are put into the same words, as far as sea-schema has words. Where they disagree, the line stands in
//! `disagreements/`, below a sentence that says who is right and why. A disagreement that is not listed fails, and so
//! does a line that is no longer true.

#[path = "../cases/mod.rs"]
mod cases;
mod facts;
mod mysql;
#[path = "../mysql_server/mod.rs"]
mod mysql_server;
mod ours;
mod postgres;
#[path = "../postgres_support/mod.rs"]
mod postgres_support;
mod sqlite;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::future::Future;
use std::path::Path;

use facts::Facts;

/// What a discovery says, or why it says nothing: it may fail as a whole, and even panic.
async fn discovered<E>(discovery: impl Future<Output = Result<Facts, E>> + Send + 'static) -> Result<Facts, String>
where
    E: Display + Send + 'static,
{
    match tokio::spawn(discovery).await {
        Ok(Ok(facts)) => Ok(facts),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => {
            let panic = panic.into_panic();
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(format!("it panics: {}", text.unwrap_or_default()))
        }
    }
}

/// The lines in which the two differ.
fn disagreements(case: &str, ours: &Facts, theirs: Result<Facts, String>) -> Vec<String> {
    match theirs {
        Ok(theirs) => ours.disagreements(&theirs).into_iter().map(|line| format!("{case}: {line}")).collect(),
        Err(reason) => vec![format!("{case}: sea-schema fails: {}", first_sentence(&reason))],
    }
}

/// The error without the place in the server's source, which differs from version to version.
fn first_sentence(error: &str) -> String {
    let error = error.split(" at line ").next().unwrap_or_default();
    error.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Compares the disagreements with the committed list. With `UPDATE_EXPECT` set, the list is written anew, and what it
/// did not hold waits at its end for a verdict.
fn check(name: &str, found: impl IntoIterator<Item = String>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/second_opinion/disagreements/{name}.txt"));
    let found: BTreeSet<String> = found.into_iter().collect();
    let mut listed = listed(&fs::read_to_string(&file).unwrap_or_default());
    let known: BTreeSet<String> = listed.iter().flat_map(|(_, lines)| lines).cloned().collect();
    let added: Vec<String> = found.difference(&known).cloned().collect();
    let gone: Vec<String> = known.difference(&found).cloned().collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        listed.iter_mut().for_each(|(_, lines)| lines.retain(|line| found.contains(line)));
        listed.push(("who is right, and why?".to_owned(), added));
        fs::write(&file, text(&listed)).expect("the list can be written");
        return;
    }
    for (reason, lines) in &listed {
        let has_verdict = VERDICTS.iter().any(|verdict| reason.starts_with(verdict));
        assert!(has_verdict, "{}: {reason}\n{}", file.display(), lines.join("\n"));
    }
    assert!(
        added.is_empty() && gone.is_empty(),
        "{} (`cargo xtask bless` writes it anew):\nto be listed below a sentence that says who is right:\n{}\n\n\
         to be taken out, because it is no longer true:\n{}",
        file.display(),
        added.join("\n"),
        gone.join("\n")
    );
}

const VERDICTS: [&str; 3] = ["autogen is right: ", "sea-schema is right: ", "both are right: "];

/// The lines of the list, with the sentence that they stand below.
fn listed(text: &str) -> Vec<(String, Vec<String>)> {
    let mut listed: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix("# "), listed.last_mut()) {
            (Some(sentence), _) => listed.push((sentence.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => panic!("{line} stands below no sentence"),
        }
    }
    listed
}

fn text(listed: &[(String, Vec<String>)]) -> String {
    let groups = listed.iter().filter(|(_, lines)| !lines.is_empty());
    groups.map(|(sentence, lines)| format!("# {sentence}\n{}\n", lines.join("\n"))).collect::<Vec<_>>().join("\n")
}
