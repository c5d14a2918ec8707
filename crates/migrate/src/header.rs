//! The doc comment of a revision's file, which carries the graph: reading it and writing it.
//!
//! Text only. It is read by the command line, by build scripts and by the migration crate's own binary, so it needs no
//! Rust parser.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use autogen_schema::visible;

use crate::graph::Revision;

/// What the doc comment at the top of a revision's file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The revision's id, twelve hexadecimal digits unless the user chose another.
    pub id: String,
    /// The ids of the parents: none for a first revision, two or more for a merge.
    pub revises: Vec<String>,
    /// The ids of revisions of other branches that have to be applied before this one.
    pub depends_on: Vec<String>,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
    /// The time of creation, as in `2026-11-20 14:30:00 UTC`.
    pub created: String,
    /// What the user said about the revision; may have several lines.
    pub message: String,
    /// What was proven about the statements in the file: a line for each database that they are for.
    pub proof: String,
}

impl Header {
    /// Reads the header of a file; `None` where the file has no `Revision:` line in its leading doc comment.
    pub fn parse(file_text: &str) -> Option<Self> {
        let lines = doc_lines(file_text);
        let paragraphs: Vec<&[&str]> = lines.split(|line| line.trim().is_empty()).collect();
        let position = key_paragraph(&paragraphs)?;
        let mut header = Self { message: message(&paragraphs[..position]), ..Self::default() };
        for line in paragraphs[position] {
            header.take(line);
        }
        (!header.id.is_empty()).then_some(header)
    }

    /// The doc comment as text, each line ended by a line feed.
    pub fn render(&self) -> String {
        let message = self.message.trim();
        let mut text = String::new();
        for line in message.lines() {
            push_line(&mut text, &visible(line));
        }
        if !message.is_empty() {
            push_line(&mut text, "");
        }
        for (key, value) in self.keys() {
            push_line(&mut text, &format!("{key}: {}", one_line(&value)));
        }
        text
    }

    /// The lines with a key, in the order in which they are written. `Revises` is written even when it is empty, so
    /// that a first revision is told from a file whose line was lost.
    fn keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![(REVISION, self.id.clone()), (REVISES, self.revises.join(", "))];
        let optional = [
            (DEPENDS_ON, self.depends_on.join(", ")),
            (LABELS, self.labels.join(", ")),
            (CREATED, self.created.clone()),
        ];
        keys.extend(optional.into_iter().filter(|(_, value)| !value.is_empty()));
        keys.extend(self.proof.lines().map(|line| (PROOF, line.to_owned())));
        keys
    }

    fn take(&mut self, line: &str) {
        let Some((key, value)) = line.trim().split_once(':') else { return };
        let value = value.trim();
        match key.trim() {
            REVISION => self.id = value.to_owned(),
            REVISES => self.revises = list(value),
            DEPENDS_ON => self.depends_on = list(value),
            LABELS => self.labels = list(value),
            CREATED => self.created = value.to_owned(),
            PROOF if self.proof.is_empty() => self.proof = value.to_owned(),
            PROOF => self.proof = format!("{}\n{value}", self.proof),
            _ => {}
        }
    }
}

/// Joins the texts of files, each with its stem, into what [`main_with_graph`](crate::main_with_graph) takes: for each
/// file a line `= stem length`, with the length in bytes, then the text. The build script that
/// `source::template` writes makes the same with nothing but `std`.
pub fn bundle<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    files.into_iter().map(|(stem, text)| format!("= {stem} {}\n{text}", text.len())).collect()
}

/// The revisions of a `migrations()` list, given as stems, with what the bundled files say about them. A stem without
/// a header follows its predecessor.
pub fn revisions(stems: &[String], bundle: &str) -> Vec<Revision> {
    let files: BTreeMap<&str, &str> = Files { rest: bundle }.collect();
    let mut revisions: Vec<Revision> = Vec::new();
    for stem in stems {
        let previous = revisions.last().map(|last| last.id.clone());
        let text = files.get(stem.as_str());
        revisions.push(Revision {
            checksum: text.map(|text| checksum(text)),
            ..Revision::new(stem.clone(), text.and_then(|text| Header::parse(text)), previous)
        });
    }
    revisions
}

/// The SHA-256 of a text in hexadecimal digits, whatever its line ends: version control may change those.
pub fn checksum(text: &str) -> String {
    Sha256::digest(text.replace("\r\n", "\n").as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of a bundle; what does not look like one ends it.
struct Files<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Files<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (line, rest) = self.rest.strip_prefix("= ")?.split_once('\n')?;
        let (stem, length) = line.rsplit_once(' ')?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        self.rest = rest;
        Some((stem, text))
    }
}

const REVISION: &str = "Revision";
const REVISES: &str = "Revises";
const DEPENDS_ON: &str = "Depends on";
const LABELS: &str = "Branch labels";
const CREATED: &str = "Created";
const PROOF: &str = "Proof";

/// The id of a revision: the first twelve hexadecimal digits of SHA-256 over parents, time and message. The same inputs
/// give the same id.
pub fn revision_id(parents: &[String], time: &str, message: &str) -> String {
    let mut hash = Sha256::new();
    for part in parents.iter().map(String::as_str).chain(["", time, message]) {
        // A line feed cannot stand in an id or a time, so two different inputs never run together.
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The text of the inner doc comment before the first item, line by line, without the `//!` and one space.
fn doc_lines(file_text: &str) -> Vec<&str> {
    let text = file_text.strip_prefix('\u{feff}').unwrap_or(file_text);
    text.lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("//") || line.starts_with("#!["))
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect()
}

/// Which paragraph holds the keys. A message may begin a line with `Revision:` too, so a paragraph that also says what
/// it revises is preferred.
fn key_paragraph(paragraphs: &[&[&str]]) -> Option<usize> {
    let has = |paragraph: &&[&str], key: &str| {
        paragraph.iter().any(|line| line.trim().split_once(':').is_some_and(|(found, _)| found.trim() == key))
    };
    paragraphs
        .iter()
        .position(|paragraph| has(paragraph, REVISION) && has(paragraph, REVISES))
        .or_else(|| paragraphs.iter().position(|paragraph| has(paragraph, REVISION)))
}

fn message(paragraphs: &[&[&str]]) -> String {
    let paragraphs: Vec<String> = paragraphs.iter().map(|lines| lines.join("\n")).collect();
    paragraphs.join("\n\n").trim().to_owned()
}

/// People who write the line by hand say `base`, or `None` as Alembic's files do, where there is nothing.
fn list(value: &str) -> Vec<String> {
    let is_nothing = |item: &str| ["", "-", "base", "none"].contains(&item.to_ascii_lowercase().as_str());
    value.split(',').map(str::trim).filter(|item| !is_nothing(item)).map(str::to_owned).collect()
}

fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_line(text: &mut String, line: &str) {
    // A lone carriage return in a doc comment does not compile.
    let line = line.replace('\r', " ");
    text.push_str(format!("//! {line}").trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn header() -> Header {
        Header {
            id: "4f2a9c1b7e04".into(),
            revises: vec!["1d0e6b5c9a77".into()],
            created: "2026-11-20 14:30:00 UTC".into(),
            message: "add email".into(),
            ..Header::default()
        }
    }

    #[test]
    fn a_header_is_written_in_the_words_of_alembic() {
        expect![[r#"
            //! add email
            //!
            //! Revision: 4f2a9c1b7e04
            //! Revises: 1d0e6b5c9a77
            //! Created: 2026-11-20 14:30:00 UTC
        "#]]
        .assert_eq(&header().render());
    }

    #[test]
    fn what_is_written_reads_back() {
        let merge = Header {
            revises: vec!["aaaa".into(), "bbbb".into()],
            depends_on: vec!["cccc".into()],
            labels: vec!["billing".into(), "money".into()],
            proof: "up and down on PostgreSQL 15\nnot on MySQL".into(),
            message: "merge\n\nRevision: this line is the message\n    and so is this".into(),
            ..header()
        };
        let first = Header { revises: Vec::new(), message: String::new(), ..header() };
        for header in [header(), merge, first] {
            let file = format!("{}use sea_orm_migration::prelude::*;\n", header.render());
            assert_eq!(Header::parse(&file), Some(header.clone()));
            assert_eq!(Header::parse(&file.replace('\n', "\r\n")).map(|read| read.id), Some(header.id));
        }
    }

    #[test]
    fn a_licence_an_attribute_and_a_note_of_the_user_do_not_hide_the_header() {
        let file = "\u{feff}// Copyright\n\n#![allow(dead_code)]\n//! add email\n//!\n//! Revision: aa11\n//! Revises: bb22\n//!\n//! Created: by hand\nuse x;\n";
        let header = Header::parse(file).expect("a header");
        assert_eq!((header.id.as_str(), header.message.as_str(), header.created.as_str()), ("aa11", "add email", ""));
    }

    #[test]
    fn no_parent_can_be_said_in_words() {
        for nothing in ["", "base", "None", "-", " , "] {
            let header = Header::parse(&format!("//! Revision: aa11\n//! Revises: {nothing}\n")).expect("a header");
            assert!(header.revises.is_empty(), "{nothing}");
        }
    }

    #[test]
    fn a_bundle_gives_the_graph_back() {
        let first = header();
        let next = Header { id: "bb22".into(), revises: vec![first.id.clone()], ..header() };
        let files =
            [("m1_a", format!("{}use x;\n", first.render())), ("m2_b", next.render()), ("lib", "use y;\n".into())];
        let bundle = bundle(files.iter().map(|(stem, text)| (*stem, text.as_str())));
        let stems = ["m0_old", "m1_a", "m2_b", "m3_late"].map(str::to_owned);
        let shown: Vec<String> = revisions(&stems, &bundle)
            .into_iter()
            .map(|revision| format!("{} {} <- {}", revision.stem, revision.id, revision.parents.join(",")))
            .collect();
        expect![[r#"
            m0_old m0_old <- 
            m1_a 4f2a9c1b7e04 <- 1d0e6b5c9a77
            m2_b bb22 <- 4f2a9c1b7e04
            m3_late m3_late <- bb22"#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn a_file_without_the_line_has_no_header() {
        for file in
            ["", "use x;\n//! Revision: late\n", "//! Some words\n//! about nothing\nuse x;\n", "//! Revision:\n"]
        {
            assert_eq!(Header::parse(file), None, "{file:?}");
        }
    }

    #[test]
    fn the_id_is_the_beginning_of_a_sha_256() {
        // printf '1d0e6b5c9a77\n\n2026-11-20 14:30:00 UTC\nadd email\n' | sha256sum
        let id = revision_id(&["1d0e6b5c9a77".into()], "2026-11-20 14:30:00 UTC", "add email");
        expect!["61d549851b59"].assert_eq(&id);
        assert_ne!(id, revision_id(&[], "2026-11-20 14:30:00 UTC", "add email"));
    }
}
