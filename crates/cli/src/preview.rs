//! What would be written, printed instead.

use std::path::Path;

use autogen_diff::{Plan, render};
use similar::TextDiff;

use crate::files::Edit;

/// The new file, and how the others would change, each under the name that `name` gives its path. The lock is left out:
/// it is for machines.
pub(crate) fn files(edits: &[Edit], name: impl Fn(&Path) -> String) -> String {
    let mut text = String::new();
    for edit in edits {
        let path = name(edit.path());
        match edit {
            Edit::Create { text: source, .. } if is_source(edit) => text.push_str(&format!("{path}:\n\n{source}\n")),
            Edit::Replace { from, to, .. } if is_source(edit) => {
                let diff = TextDiff::from_lines(from, to);
                text.push_str(&format!("{}\n", diff.unified_diff().header(&path, &path)));
            }
            Edit::Create { .. } | Edit::Replace { .. } | Edit::Remove { .. } => {}
        }
    }
    text
}

fn is_source(edit: &Edit) -> bool {
    edit.path().extension().is_some_and(|extension| extension == "rs")
}

/// The source of the new file alone; of several, each under the name that `name` gives its path.
pub(crate) fn source(edits: &[Edit], name: impl Fn(&Path) -> String) -> String {
    let new = edits.iter().filter(|edit| is_source(edit)).filter_map(|edit| match edit {
        Edit::Create { path, text } => Some((path, text)),
        Edit::Replace { .. } | Edit::Remove { .. } => None,
    });
    let files: Vec<_> = new.collect();
    match files.as_slice() {
        [] => edits.iter().find_map(written_anew).unwrap_or_default().to_owned(),
        [(_, text)] => (*text).clone(),
        several => several.iter().map(|(path, text)| format!("// {}\n\n{text}\n", name(path))).collect(),
    }
}

/// The text of a file that takes the place of another.
fn written_anew(edit: &Edit) -> Option<&str> {
    match edit {
        Edit::Replace { to, .. } if is_source(edit) => Some(to),
        Edit::Create { .. } | Edit::Replace { .. } | Edit::Remove { .. } => None,
    }
}

/// The statements of both directions, of one revision.
pub(crate) fn sql(plan: &Plan) -> String {
    let (up, down) = render::sql(plan);
    let held = if plan.transaction == Some(false) { ", without a transaction" } else { "" };
    let mut text = format!("-- {}{held}\n", plan.backend);
    for (name, statements) in [("up", up), ("down", down)] {
        text.push_str(&format!("\n-- {name}\n"));
        statements.iter().for_each(|statement| text.push_str(&format!("{statement};\n")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_in_full_and_a_registration_as_a_difference() {
        let edits = [
            Edit::Create { path: "/project/src/m1.rs".into(), text: "pub struct Migration;\n".into() },
            Edit::Replace {
                path: "/project/src/lib.rs".into(),
                from: "mod a;\n".into(),
                to: "mod a;\nmod m1;\n".into(),
            },
            Edit::Create { path: "/project/autogen.lock".into(), text: "{}".into() },
        ];
        let name = |path: &Path| path.strip_prefix("/project").expect("it is in it").display().to_string();
        let shown = files(&edits, name);
        assert!(shown.starts_with("src/m1.rs:\n\npub struct Migration;\n"), "{shown}");
        assert!(shown.contains("\n+mod m1;\n") && !shown.contains("autogen.lock"), "{shown}");
        assert_eq!(source(&edits, name), "pub struct Migration;\n");
    }
}
