//! Makes the new crate a member of the workspace around it, where that can be done with certainty.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::files::Edit;

/// What is to be done about the workspace.
#[derive(Debug, Default)]
pub(super) struct Membership {
    /// The change to the project's `Cargo.toml`.
    pub(super) edit: Option<Edit>,
    /// What to tell.
    pub(super) advice: Option<String>,
}

/// Looks at the `Cargo.toml` of the project.
pub(super) fn add(root: &Path, crate_folder: &Path) -> Membership {
    let path = root.join("Cargo.toml");
    let Ok(text) = fs::read_to_string(&path) else { return Membership::default() };
    let member = crate_folder.to_string_lossy().replace('\\', "/");
    match with_member(&text, &member) {
        Answer::Edited(to) => Membership { edit: Some(Edit::Replace { path, from: text, to }), advice: None },
        Answer::Already => Membership::default(),
        Answer::NoWorkspace => Membership {
            edit: None,
            advice: Some(format!(
                "Cargo.toml has no [workspace], so {member} is built on its own, with its own target folder; to share one, add:\n    [workspace]\n    members = [\"{member}\"]"
            )),
        },
        Answer::ByHand => Membership {
            edit: None,
            advice: Some(format!("Cargo.toml was left as it is; add \"{member}\" to the members of its [workspace].")),
        },
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Edited(String),
    Already,
    NoWorkspace,
    ByHand,
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Workspace {
    members: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    exclude: Vec<String>,
}

impl Workspace {
    fn names(&self) -> Vec<&str> {
        self.members.iter().flat_map(Spanned::get_ref).map(|member| member.get_ref().as_str()).collect()
    }

    /// Cargo's `members` are globs, of which people write two shapes.
    fn has(&self, member: &str) -> bool {
        let parent = member.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.names().into_iter().map(|name| name.trim_start_matches("./").trim_end_matches('/')).any(|name| {
            name == member || name == "**" || name.rsplit_once('/').map_or(("", name), |parts| parts) == (parent, "*")
        })
    }
}

fn with_member(text: &str, member: &str) -> Answer {
    let Ok(manifest) = toml::from_str::<Manifest>(text) else { return Answer::ByHand };
    let Some(workspace) = manifest.workspace else { return Answer::NoWorkspace };
    if workspace.has(member) || workspace.exclude.iter().any(|excluded| excluded == member) {
        return Answer::Already;
    }
    match workspace.members.as_ref().map(|members| insert(text, members, member)) {
        Some(edited) if is_as_wanted(&edited, &workspace, member) => Answer::Edited(edited),
        Some(_) | None => Answer::ByHand,
    }
}

/// Puts the member behind the last one, in the style of the list.
fn insert(text: &str, members: &Spanned<Vec<Spanned<String>>>, member: &str) -> String {
    let quoted = toml::Value::String(member.to_owned()).to_string();
    let (at, inserted) = match members.get_ref().last() {
        None => (members.span().start + 1, quoted),
        Some(last) => {
            let line = text[..last.span().start].rsplit('\n').next().unwrap_or_default();
            // An element that begins its line has only white space in front of it.
            let separator = if line.trim().is_empty() { format!(",\n{line}") } else { ", ".to_owned() };
            (last.span().end, format!("{separator}{quoted}"))
        }
    };
    format!("{}{inserted}{}", &text[..at], &text[at..])
}

/// Reads the result as cargo would: an edit that went wrong must not reach the file.
fn is_as_wanted(edited: &str, before: &Workspace, member: &str) -> bool {
    let after = toml::from_str::<Manifest>(edited).ok().and_then(|manifest| manifest.workspace);
    let mut expected = before.names();
    expected.push(member);
    after.is_some_and(|after| after.names() == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str) -> String {
        match with_member(text, "migration") {
            Answer::Edited(text) => text,
            other => panic!("{other:?} for {text}"),
        }
    }

    #[test]
    fn the_member_is_added_in_the_style_of_the_list() {
        assert_eq!(
            edited("[workspace]\nmembers = [\"entity\"] # ours\n"),
            "[workspace]\nmembers = [\"entity\", \"migration\"] # ours\n"
        );
        assert_eq!(
            edited("[workspace]\nmembers = [\n    \"entity\", # ours\n]\n"),
            "[workspace]\nmembers = [\n    \"entity\",\n    \"migration\", # ours\n]\n"
        );
        assert_eq!(edited("[workspace]\nmembers = []\n"), "[workspace]\nmembers = [\"migration\"]\n");
    }

    #[test]
    fn a_member_that_is_there_stays() {
        for members in ["[\"entity\", \"./migration\"]", "[\"*\"]", "[\"migration\"]"] {
            assert_eq!(with_member(&format!("[workspace]\nmembers = {members}\n"), "migration"), Answer::Already);
        }
        assert_eq!(with_member("[workspace]\nmembers = [\"crates/*\"]\n", "crates/migration"), Answer::Already);
    }

    #[test]
    fn what_cannot_be_done_with_certainty_is_said() {
        assert_eq!(with_member("[package]\nname = \"a\"\n", "migration"), Answer::NoWorkspace);
        assert_eq!(with_member("[workspace]\n", "migration"), Answer::ByHand);
        assert_eq!(with_member("not toml", "migration"), Answer::ByHand);
    }
}
