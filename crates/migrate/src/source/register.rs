//! Adding a migration to the `migrations()` list and taking it out again, without touching another byte of the file.

use std::ops::Range;

use super::listing::{self, Element, List, Listing, ModLine};

/// The file could not be edited with certainty; the user has to add or remove these lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; change by hand: {}", lines.join(" "))]
pub struct NotRecognised {
    /// Why.
    pub reason: String,
    /// The lines to add, or to remove.
    pub lines: Vec<String>,
}

/// Adds `mod stem;` and `Box::new(stem::Migration)` to the source of the file that holds `fn migrations()`.
///
/// `after` is the stem of the last parent; the new element stands directly after it, or at the end where it is `None`.
///
/// # Errors
///
/// Where the file has a shape that cannot be edited with certainty.
pub fn register(lib_source: &str, stem: &str, after: Option<&str>) -> Result<String, NotRecognised> {
    let refuse = |reason: String| not_recognised(reason, stem);
    let listing = take_apart(lib_source).map_err(refuse)?;
    let list = listing.list.as_ref().map_err(|reason| refuse(reason.clone()))?;
    if list.elements.iter().any(|element| element.module() == Some(stem)) {
        return Err(refuse(format!("{stem} is in migrations() already")));
    }
    let position = position_after(list, after).map_err(refuse)?;
    let mut edits = vec_edits(lib_source, list, position, &format!("Box::new({stem}::Migration)"));
    if !listing.mods.iter().any(|module| module.name == stem) {
        edits.push(mod_edit(lib_source, &listing, stem).map_err(refuse)?);
    }
    let edited = apply(lib_source, edits);
    let expected = modules_with(list, position, stem);
    confirm(&edited, &expected).map_err(refuse)?;
    Ok(edited)
}

/// Takes `mod stem;` and the element out again: the inverse of [`register`].
///
/// A list that rustfmt had on one line before, and that fits on one line now, is put back on one line.
///
/// # Errors
///
/// Where the file has a shape that cannot be edited with certainty, or does not have the migration.
pub fn unregister(lib_source: &str, stem: &str) -> Result<String, NotRecognised> {
    let refuse = |reason: String| not_recognised(reason, stem);
    let listing = take_apart(lib_source).map_err(refuse)?;
    let list = listing.list.as_ref().map_err(|reason| refuse(reason.clone()))?;
    let of_stem: Vec<usize> =
        (0..list.elements.len()).filter(|index| list.elements[*index].module() == Some(stem)).collect();
    let mut edits = match of_stem.as_slice() {
        [index] => removal_edits(lib_source, list, *index),
        [] => Vec::new(),
        _ => return Err(refuse(format!("{stem} is in migrations() more than once"))),
    };
    let module = listing.mods.iter().find(|module| module.name == stem && !module.is_inline);
    edits.extend(module.map(|module| mod_removal(lib_source, module)));
    if edits.is_empty() {
        return Err(refuse(format!("{stem} is not in migrations()")));
    }
    let edited = apply(lib_source, edits);
    let expected: Vec<Option<String>> =
        modules(list).into_iter().filter(|module| module.as_deref() != Some(stem)).collect();
    confirm(&edited, &expected).map_err(refuse)?;
    Ok(edited)
}

fn not_recognised(reason: String, stem: &str) -> NotRecognised {
    NotRecognised { reason, lines: vec![format!("mod {stem};"), format!("Box::new({stem}::Migration),")] }
}

fn take_apart(source: &str) -> Result<Listing, String> {
    match listing::read(source) {
        Ok(Some(listing)) => Ok(listing),
        Ok(None) => Err("there is no `fn migrations()` in the file".into()),
        Err(trouble) => Err(format!("line {}: {}", trouble.line, trouble.reason)),
    }
}

/// The index of the element to stand after; `None` for the front of an empty list.
fn position_after(list: &List, after: Option<&str>) -> Result<Option<usize>, String> {
    match after {
        None => Ok(list.elements.len().checked_sub(1)),
        Some(parent) => list
            .elements
            .iter()
            .rposition(|element| element.module() == Some(parent))
            .map(Some)
            .ok_or_else(|| format!("{parent}, which it follows, is not in the list of migrations()")),
    }
}

fn modules(list: &List) -> Vec<Option<String>> {
    list.elements.iter().map(|element| element.module().map(str::to_owned)).collect()
}

fn modules_with(list: &List, position: Option<usize>, stem: &str) -> Vec<Option<String>> {
    let mut modules = modules(list);
    modules.insert(position.map_or(0, |index| index + 1), Some(stem.to_owned()));
    modules
}

/// Reads the result as a stranger would: an edit that went wrong must not reach the file.
fn confirm(edited: &str, expected: &[Option<String>]) -> Result<(), String> {
    let found = take_apart(edited)?;
    let list = found.list.as_ref().map_err(Clone::clone)?;
    if modules(list) == expected { Ok(()) } else { Err("the list has a shape that is not understood".into()) }
}

/// A range and what stands there afterwards.
type Edit = (Range<usize>, String);

fn apply(source: &str, mut edits: Vec<Edit>) -> String {
    // From the back, so that ranges further in front stay valid.
    edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.start, range.end)));
    let mut text = source.to_owned();
    for (range, replacement) in edits {
        text.replace_range(range, &replacement);
    }
    text
}

/// The widest list that rustfmt leaves on one line by default (`array_width`).
const ONE_LINE: usize = 60;

fn vec_edits(source: &str, list: &List, position: Option<usize>, element: &str) -> Vec<Edit> {
    let Some(index) = position else { return vec![first_element(source, list, element)] };
    if is_many_line(source, list) {
        return insert_line(source, list, index, element);
    }
    let width = one_line_width(source, list) + ", ".len() + element.len();
    if width > ONE_LINE && gaps_are_blank(source, list) {
        spread(source, list, index, element)
    } else {
        vec![insert_inline(list, index, element)]
    }
}

fn first_element(source: &str, list: &List, element: &str) -> Edit {
    let inside = &source[list.inside.clone()];
    let newline = newline(source);
    let indent = indent_at(source, list.inside.start);
    match inside.rfind('\n') {
        Some(last) => {
            let at = list.inside.start + last + 1;
            (at..at, format!("{}{element},{newline}", deeper(&indent)))
        }
        None if element.len() <= ONE_LINE => (list.inside.start..list.inside.start, element.to_owned()),
        None => (list.inside.start..list.inside.start, overflowing(element, &indent, newline)),
    }
}

/// A single element that is too wide, in the shape that rustfmt gives it.
fn overflowing(element: &str, indent: &str, newline: &str) -> String {
    let argument = element.trim_start_matches("Box::new(").trim_end_matches(')');
    format!("Box::new({newline}{}{argument},{newline}{indent})", deeper(indent))
}

fn insert_inline(list: &List, index: usize, element: &str) -> Edit {
    let neighbour = &list.elements[index];
    match neighbour.comma {
        Some(comma) => (comma..comma, format!(" {element},")),
        None => (neighbour.range.end..neighbour.range.end, format!(", {element}")),
    }
}

fn insert_line(source: &str, list: &List, index: usize, element: &str) -> Vec<Edit> {
    let neighbour = &list.elements[index];
    let newline = newline(source);
    let indent = element_indent(source, list, index);
    let behind = neighbour.comma.unwrap_or(neighbour.range.end);
    let at = match end_of_line_if_blank(source, behind) {
        Some(end) if end <= list.inside.end => end,
        _ => behind,
    };
    let has_line = starts_its_line(source, neighbour.range.start) || at != behind || behind == list.inside.end;
    match (neighbour.comma, has_line) {
        (Some(_), true) => vec![(at..at, format!("{newline}{indent}{element},"))],
        (Some(_), false) => vec![(behind..behind, format!(" {element},"))],
        (None, _) if at == behind => vec![(at..at, format!(",{newline}{indent}{element}"))],
        (None, _) => vec![(behind..behind, ",".into()), (at..at, format!("{newline}{indent}{element}"))],
    }
}

/// Turns a list on one line into one with a line for each element, as rustfmt would.
fn spread(source: &str, list: &List, index: usize, element: &str) -> Vec<Edit> {
    let newline = newline(source);
    let indent = indent_at(source, list.inside.start);
    let mut lines: Vec<String> = list.elements.iter().map(|found| joined(source, found)).collect();
    lines.insert(index + 1, element.to_owned());
    let mut text = newline.to_owned();
    for line in lines {
        text.push_str(&format!("{}{line},{newline}", deeper(&indent)));
    }
    text.push_str(&indent);
    vec![(list.inside.clone(), text)]
}

/// The element as it stands, on one line where it is the overflowing shape of [`overflowing`].
fn joined(source: &str, element: &Element) -> String {
    let text = &source[element.range.clone()];
    let inner = text.strip_prefix("Box::new(").and_then(|rest| rest.strip_suffix(')')).map(str::trim);
    match inner.map(|inner| inner.strip_suffix(',').unwrap_or(inner)) {
        Some(path) if path.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':')) => {
            format!("Box::new({path})")
        }
        _ => text.to_owned(),
    }
}

fn removal_edits(source: &str, list: &List, index: usize) -> Vec<Edit> {
    let element = &list.elements[index];
    if let Some(edit) = fold(source, list, index) {
        return vec![edit];
    }
    let behind = element.comma.unwrap_or(element.range.end);
    let mut edits = Vec::new();
    let is_last = index + 1 == list.elements.len();
    let previous = index.checked_sub(1).map(|before| &list.elements[before]);
    match end_of_line_if_blank(source, behind) {
        Some(end) if starts_its_line(source, element.range.start) && end <= list.inside.end => {
            edits.push((line_start(source, element.range.start)..next_line(source, end), String::new()));
        }
        _ => edits.push((inline_range(source, list, index), String::new())),
    }
    // A list without a comma at its end keeps that habit.
    if let (true, None, Some(comma)) = (is_last, element.comma, previous.and_then(|found| found.comma)) {
        edits.push((comma - 1..comma, String::new()));
    }
    edits
}

/// An element with one of its neighbouring gaps. A gap with a comment in it stays.
fn inline_range(source: &str, list: &List, index: usize) -> Range<usize> {
    let element = &list.elements[index];
    let behind = element.comma.unwrap_or(element.range.end);
    let is_blank = |from: usize, to: usize| source[from..to].trim().is_empty();
    if let Some(previous) = index.checked_sub(1).map(|before| &list.elements[before]) {
        let gap = previous.comma.unwrap_or(previous.range.end);
        return if is_blank(gap, element.range.start) { gap..behind } else { element.range.start..behind };
    }
    match list.elements.get(index + 1) {
        Some(next) if is_blank(behind, next.range.start) => element.range.start..next.range.start,
        Some(_) | None => element.range.start..behind,
    }
}

/// Puts the list back on one line where only the element that goes made it too wide for one.
fn fold(source: &str, list: &List, index: usize) -> Option<Edit> {
    let all: Vec<String> = list.elements.iter().map(|element| joined(source, element)).collect();
    let rest: Vec<&String> =
        all.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, text)| text).collect();
    let width = |texts: &[&String]| texts.iter().map(|text| text.len() + 2).sum::<usize>().saturating_sub(2);
    let was_wide = width(&all.iter().collect::<Vec<_>>()) > ONE_LINE;
    let is_rustfmt = is_many_line(source, list)
        && gaps_are_blank(source, list)
        && list.elements.iter().all(|element| element.comma.is_some())
        && list.elements.iter().all(|element| starts_its_line(source, element.range.start));
    if !was_wide || !is_rustfmt || rest.is_empty() {
        return None;
    }
    let indent = indent_at(source, list.inside.start);
    match rest.as_slice() {
        [one] if one.len() > ONE_LINE && one.starts_with("Box::new(") => {
            Some((list.inside.clone(), overflowing(one, &indent, newline(source))))
        }
        few if width(few) <= ONE_LINE && few.iter().all(|text| !text.contains('\n')) => {
            let text = few.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(", ");
            Some((list.inside.clone(), text))
        }
        _ => None,
    }
}

fn mod_edit(source: &str, listing: &Listing, stem: &str) -> Result<Edit, String> {
    let newline = newline(source);
    let lines: Vec<&ModLine> = listing.mods.iter().filter(|module| !module.is_inline).collect();
    let is_registered = |name: &str| listing.registered.iter().any(|element| element.module() == Some(name));
    let migrations = lines.iter().filter(|module| is_registered(&module.name) || is_migration(&module.name));
    if let Some(last) = migrations.max_by_key(|module| module.range.end) {
        let line = format!("{}mod {stem};", last.visibility);
        return Ok(match end_of_line_if_blank(source, last.range.end) {
            Some(end) => (end..end, format!("{newline}{}{line}", indent_at(source, last.range.start))),
            None => (last.range.end..last.range.end, format!(" {line}")),
        });
    }
    if listing.registered.iter().any(|element| element.path.len() > 1) {
        return Err("no `mod` of a registered migration stands in the file".into());
    }
    Ok(first_mod(source, listing, &lines, stem))
}

/// The place of the first migration's `mod`: after other modules, after the imports, or in front of everything.
fn first_mod(source: &str, listing: &Listing, lines: &[&ModLine], stem: &str) -> Edit {
    let newline = newline(source);
    if let Some(last) = lines.last() {
        let end = end_of_line_if_blank(source, last.range.end).unwrap_or(last.range.end);
        return (end..end, format!("{newline}mod {stem};"));
    }
    if let Some(end) = listing.last_use {
        let end = end_of_line_if_blank(source, end).unwrap_or(end);
        let next = next_line(source, end);
        let blank_follows = source[next..].starts_with(['\n', '\r']);
        let gap = if blank_follows { newline } else { "" };
        return (end..end, format!("{newline}{gap}mod {stem};"));
    }
    let at = listing.first_item.map_or(source.len(), |item| line_start(source, item));
    (at..at, format!("mod {stem};{newline}{newline}"))
}

fn mod_removal(source: &str, module: &ModLine) -> Edit {
    let start = line_start(source, module.range.start);
    let Some(end) = end_of_line_if_blank(source, module.range.end) else {
        return (module.range.clone(), String::new());
    };
    let end = next_line(source, end);
    let line_before = source[..start].strip_suffix('\n').map(|text| text.rsplit('\n').next().unwrap_or_default());
    let blank_before = line_before.is_none_or(|line| line.trim().is_empty());
    let after = &source[end..];
    let blank_after = ["\r\n", "\n"].into_iter().find(|newline| after.starts_with(newline));
    match blank_after {
        Some(newline) if blank_before => (start..end + newline.len(), String::new()),
        _ => (start..end, String::new()),
    }
}

/// `m20220101_000001_create_table`, `m0001_x`: what people name migrations.
fn is_migration(name: &str) -> bool {
    name.strip_prefix('m').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

fn newline(source: &str) -> &'static str {
    match source.find('\n') {
        Some(at) if source[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn next_line(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |newline| at + newline + 1)
}

fn indent_at(source: &str, at: usize) -> String {
    source[line_start(source, at)..at].chars().take_while(|letter| matches!(letter, ' ' | '\t')).collect()
}

fn deeper(indent: &str) -> String {
    if indent.contains('\t') { format!("{indent}\t") } else { format!("{indent}    ") }
}

fn starts_its_line(source: &str, at: usize) -> bool {
    source[line_start(source, at)..at].chars().all(|letter| matches!(letter, ' ' | '\t'))
}

/// The end of the line, before its line feed, where only a comment or nothing follows.
fn end_of_line_if_blank(source: &str, at: usize) -> Option<usize> {
    let rest = &source[at..];
    let line = rest.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let text = line.trim();
    let is_comment = text.starts_with("//") || (text.starts_with("/*") && text.find("*/") == Some(text.len() - 2));
    (text.is_empty() || is_comment).then_some(at + line.trim_end().len())
}

fn element_indent(source: &str, list: &List, index: usize) -> String {
    let starts = |element: &&Element| starts_its_line(source, element.range.start);
    let model = Some(&list.elements[index]).filter(starts).or_else(|| list.elements.iter().find(starts));
    match model {
        Some(element) => indent_at(source, element.range.start),
        None => deeper(&indent_at(source, list.inside.start)),
    }
}

fn gaps<'a>(source: &'a str, list: &'a List) -> impl Iterator<Item = &'a str> {
    let starts = list.elements.iter().map(|element| element.range.start).chain([list.inside.end]);
    let ends = [list.inside.start].into_iter().chain(list.elements.iter().map(|element| element.range.end));
    ends.zip(starts).map(|(from, to)| &source[from..to])
}

/// Whether line feeds stand between the elements; one inside an element does not count.
fn is_many_line(source: &str, list: &List) -> bool {
    gaps(source, list).any(|gap| gap.contains('\n'))
}

fn gaps_are_blank(source: &str, list: &List) -> bool {
    gaps(source, list).all(|gap| gap.chars().all(|letter| letter.is_whitespace() || letter == ','))
}

fn one_line_width(source: &str, list: &List) -> usize {
    list.elements.iter().map(|element| joined(source, element).len() + 2).sum::<usize>().saturating_sub(2)
}
