//! Reads the cases of `fixtures/scenarios`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use autogen_schema::Backend;

/// One scenario.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) backends: Vec<Backend>,
    sections: Vec<Section>,
}

/// A part of a case, for some databases or for all.
struct Section {
    name: String,
    backends: Vec<Backend>,
    text: String,
}

const SECTIONS: [&str; 11] =
    ["before", "rows", "was", "after", "target", "end", "kept", "options", "expect", "differs", "fails"];

/// The cases of a group.
pub(crate) fn cases(group: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scenarios");
    let path = folder.join(format!("{group}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    format!("\n{text}").split("\n== ").skip(1).map(case).collect()
}

/// Fails unless these are the cases of the group.
pub(crate) fn check_ids(group: &str, ids: &[&str]) {
    let cases = cases(group);
    let found: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(found.len(), cases.len(), "an id stands in {group}.txt twice");
    assert_eq!(found, ids.iter().copied().collect(), "the cases of {group}.txt and the tests in main.rs");
}

/// `t02 sqlite postgres: what it is about`, and the sections below.
fn case(block: &str) -> Case {
    let (head, body) = block.split_once('\n').unwrap_or((block, ""));
    let (words, title) = head.split_once(':').unwrap_or_else(|| panic!("a case has a title: {head}"));
    let (id, databases) = words.split_once(' ').unwrap_or((words, ""));
    let mut sections: Vec<Section> = Vec::new();
    for line in body.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with(' ') {
            let section = sections.last_mut().unwrap_or_else(|| panic!("{id}: no section begins before `{line}`"));
            section.text.push_str(line.strip_prefix("    ").unwrap_or(line.trim_start()));
            section.text.push('\n');
        } else {
            sections.push(section(id, line));
        }
    }
    Case { id: id.to_owned(), title: title.trim().to_owned(), backends: backends(databases), sections }
}

/// `expect mysql: add_column t.a`
fn section(id: &str, line: &str) -> Section {
    let (head, text) = line.split_once(':').unwrap_or_else(|| panic!("{id}: a section has a colon: {line}"));
    let (name, databases) = head.split_once(' ').unwrap_or((head, "everywhere"));
    assert!(SECTIONS.contains(&name), "{id}: there is no section `{name}`");
    let text = if text.trim().is_empty() { String::new() } else { format!("{}\n", text.trim()) };
    Section { name: name.to_owned(), backends: backends(databases), text }
}

/// The databases that the words name; `mysql` stands for MariaDB, too.
pub(crate) fn backends(words: &str) -> Vec<Backend> {
    let of = |word| match word {
        "everywhere" => Backend::ALL.to_vec(),
        "sqlite" => vec![Backend::Sqlite],
        "postgres" => vec![Backend::Postgres],
        "mysql" => vec![Backend::Mysql, Backend::Mariadb],
        "mysql9" => vec![Backend::Mysql],
        "mariadb" => vec![Backend::Mariadb],
        "nowhere" => vec![],
        other => panic!("there is no database `{other}`"),
    };
    words.split_whitespace().flat_map(of).collect()
}

impl Case {
    /// The text of a section; where several are for this database, that which is for the fewest.
    pub(crate) fn section(&self, name: &str, backend: Backend) -> Option<&str> {
        let fitting = self.sections.iter().filter(|part| part.name == name && part.backends.contains(&backend));
        fitting.min_by_key(|part| part.backends.len()).map(|part| part.text.as_str())
    }
}
