//! What a reading says of a database, in words that both readers have: a place, and what stands there.

use std::collections::BTreeMap;

/// Texts by their places: `users`, `email type` and `varchar(20)`.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    tables: BTreeMap<String, TableFacts>,
}

/// What is said of a table.
#[derive(Debug, Default)]
pub(crate) struct TableFacts {
    /// By place; none where this reader has no words for what it saw.
    said: BTreeMap<String, Option<String>>,
}

impl Facts {
    /// The facts about a table, to add to.
    pub(crate) fn table(&mut self, name: &str) -> &mut TableFacts {
        self.tables.entry(name.to_owned()).or_default()
    }

    /// Where the other reader says something else.
    pub(crate) fn disagreements(&self, theirs: &Self) -> Vec<String> {
        let only = |here: &Self, there: &Self, reader: &str| {
            let names = here.tables.keys().filter(|name| !there.tables.contains_key(*name));
            names.map(|name| format!("{}: a table to {reader} only", escaped(name))).collect::<Vec<_>>()
        };
        let mut lines = only(self, theirs, "autogen");
        lines.extend(only(theirs, self, "sea-schema"));
        for (name, ours) in &self.tables {
            let found = theirs.tables.get(name).map(|theirs| ours.disagreements(theirs)).unwrap_or_default();
            lines.extend(found.into_iter().map(|line| format!("{}: {line}", escaped(name))));
        }
        lines
    }
}

impl TableFacts {
    /// Says what stands at a place.
    pub(crate) fn say(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.said.insert(place.into(), Some(text.into()));
    }

    /// Says it where there are words for it.
    pub(crate) fn say_if(&mut self, place: impl Into<String>, text: Option<String>) {
        self.said.insert(place.into(), text);
    }

    /// Says a list whose order means nothing.
    pub(crate) fn say_all(&mut self, place: &str, texts: impl IntoIterator<Item = String>) {
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort();
        self.say(place, texts.join(", "));
    }

    fn disagreements(&self, theirs: &Self) -> Vec<String> {
        let places = self.said.keys().chain(theirs.said.keys().filter(|place| !self.said.contains_key(*place)));
        let lines = places.filter_map(|place| {
            let shown = match (self.said.get(place), theirs.said.get(place)) {
                (Some(Some(ours)), Some(Some(theirs))) if ours != theirs => (quoted(ours), quoted(theirs)),
                // A column that only one of them knows stands in the line of all columns.
                (Some(Some(ours)), None) if !place.starts_with("column ") => (quoted(ours), "nothing".to_owned()),
                (None, Some(Some(theirs))) if !place.starts_with("column ") => ("nothing".to_owned(), quoted(theirs)),
                _ => return None,
            };
            Some(format!("{}: autogen {}, sea-schema {}", escaped(place), shown.0, shown.1))
        });
        lines.collect()
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", escaped(text))
}

fn escaped(text: &str) -> String {
    let visible = |letter: char| match letter {
        '\\' => "\\\\".to_owned(),
        letter if letter.is_control() => letter.escape_default().to_string(),
        letter => letter.to_string(),
    };
    text.chars().map(visible).collect()
}

/// Names in parentheses.
pub(crate) fn list(names: &[String]) -> String {
    format!("({})", names.join(", "))
}

/// A foreign key in one line.
pub(crate) fn foreign_key(
    columns: &[String],
    table: &str,
    referenced: &[String],
    on_delete: &str,
    on_update: &str,
) -> String {
    let (from, to) = (list(columns), list(referenced));
    format!("{from} to {table} {to} on delete {on_delete} on update {on_update}").to_lowercase()
}

/// The name of an enum's variant as words: `NoAction` as `No Action`.
pub(crate) fn words(variant: &impl std::fmt::Debug) -> String {
    let mut words = String::new();
    for letter in format!("{variant:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter);
    }
    words
}
