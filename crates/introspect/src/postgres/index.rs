//! Indexes. The server leaves out of an index's definition whatever is the default for the type at hand, so its
//! definition is read back instead of deciding that again.

use autogen_schema::{Index, IndexKey, IndexPart, NullsOrder, Origin, SortOrder};

use super::catalog::{IndexPartRow, IndexRow};
use super::sql_text::{end_of, identifier, name_of, without_outer_parens};
use super::untold::{NoText, present};

/// The index, and one sentence for each part of it that was not understood.
///
/// # Errors
///
/// Where the server has no text for it.
pub(super) fn index(row: IndexRow) -> Result<(Index, Vec<String>), NoText> {
    let definition = present(row.definition)?;
    let mut not_understood = Vec::new();
    let texts = row.parts.iter().map(|part| part.text.as_deref().unwrap_or_default()).collect::<Vec<_>>();
    let clauses = clauses(&definition, &row.method, &texts).unwrap_or_else(|| {
        not_understood.push(format!("index {}: the definition {definition}", row.name));
        vec![""; texts.len()]
    });
    let mut parts = Vec::with_capacity(clauses.len());
    for (part, clauses) in row.parts.iter().zip(clauses) {
        let (part, rest) = index_part(part, clauses)?;
        if !rest.is_empty() {
            not_understood.push(format!("index {}: {rest} in the definition {definition}", row.name));
        }
        parts.push(part);
    }
    let predicate = match row.partial {
        true => Some(without_outer_parens(&present(row.predicate)?).to_owned()),
        false => None,
    };
    let index = Index {
        name: row.name,
        parts,
        unique: row.unique,
        method: (row.method != "btree").then_some(row.method),
        predicate,
        include: row.include.unwrap_or_default(),
        nulls_not_distinct: row.nulls_not_distinct,
        options: row.options.unwrap_or_default(),
        comment: row.comment,
        invisible: false,
        invalid: !row.valid,
        implicit: false,
        origin: Origin::default(),
    };
    Ok((index, not_understood))
}

/// What stands behind each part in the definition: `COLLATE "C" text_pattern_ops DESC NULLS LAST`, or nothing.
///
/// The parts' own texts come from the server, too, so each is found exactly where it should be or the definition is
/// not understood.
fn clauses<'a>(definition: &'a str, method: &str, parts: &[&str]) -> Option<Vec<&'a str>> {
    // An access method is the one name here that is never qualified.
    let using = [format!(" USING {method} ("), format!(" USING {} (", super::sql_text::quoted(method))];
    let mut rest = after_unquoted(definition, &using)?;
    let mut clauses = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            rest = rest.strip_prefix(", ")?;
        }
        rest = rest.strip_prefix(part)?;
        let end = end_of(rest, |letter| letter == ',' || letter == ')')?;
        clauses.push(rest[..end].trim());
        rest = &rest[end..];
    }
    rest.starts_with(')').then_some(clauses)
}

/// The text after the first of these, outside quotes: an index or table may be called ` USING btree (`.
fn after_unquoted<'a>(definition: &'a str, markers: &[String]) -> Option<&'a str> {
    let mut from = 0;
    loop {
        // Each space outside quotes and parentheses is a place where a marker may begin.
        let at = from + end_of(&definition[from..], |letter| letter == ' ')?;
        if let Some(marker) = markers.iter().find(|marker| definition[at..].starts_with(marker.as_str())) {
            return Some(&definition[at + marker.len()..]);
        }
        from = at + 1;
    }
}

/// What the part is over.
///
/// # Errors
///
/// Where the server has no text for it.
pub(super) fn key(row: &IndexPartRow) -> Result<IndexKey, NoText> {
    Ok(match &row.column {
        Some(name) => IndexKey::Column(name.clone()),
        None => IndexKey::Expression(without_outer_parens(&present(row.text.clone())?).to_owned()),
    })
}

/// The part, and what of its clauses was not understood.
fn index_part<'a>(row: &IndexPartRow, clauses: &'a str) -> Result<(IndexPart, &'a str), NoText> {
    let mut part = match key(row)? {
        IndexKey::Column(name) => IndexPart::column(name),
        IndexKey::Expression(sql) => IndexPart::expression(sql),
    };
    let mut rest = clauses;
    if let Some((collation, after)) = rest.strip_prefix("COLLATE ").and_then(identifier) {
        part.collation = Some(name_of(collation).to_key());
        rest = after.trim_start();
    }
    // No operator class is called `desc` or `nulls` without quotes: the server quotes reserved words, and these two
    // stand in capitals here.
    if !["DESC", "ASC", "NULLS"].iter().any(|word| rest.starts_with(word))
        && let Some((class, after)) = identifier(rest)
    {
        let (options, after) = parenthesised(after.trim_start());
        part.operator_class = Some(format!("{class}{options}"));
        rest = after;
    }
    for (word, order) in [("DESC", SortOrder::Descending), ("ASC", SortOrder::Ascending)] {
        if let Some(after) = rest.strip_prefix(word) {
            part.order = order;
            rest = after.trim_start();
        }
    }
    for (words, nulls) in [("NULLS FIRST", NullsOrder::First), ("NULLS LAST", NullsOrder::Last)] {
        if let Some(after) = rest.strip_prefix(words) {
            part.nulls = Some(nulls);
            rest = after.trim_start();
        }
    }
    Ok((part, rest))
}

/// The parenthesised text at the start, if there is one, and what follows it.
fn parenthesised(text: &str) -> (&str, &str) {
    let Some(inner) = text.strip_prefix('(') else { return ("", text) };
    match end_of(inner, |letter| letter == ')') {
        Some(end) => (&text[..end + 2], inner[end + 1..].trim_start()),
        None => ("", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(definition: &str, parts: &[&str], expected: &[&str]) {
        assert_eq!(clauses(definition, "btree", parts).as_deref(), Some(expected));
    }

    #[test]
    fn a_definition_falls_apart_at_the_parts_the_server_names() {
        check("CREATE INDEX i ON public.t USING btree (a, b)", &["a", "b"], &["", ""]);
        check(
            r#"CREATE INDEX i ON t USING btree (lower((a)::text) COLLATE "C" text_pattern_ops, b DESC NULLS LAST) WHERE (c)"#,
            &["lower((a)::text)", "b"],
            &[r#"COLLATE "C" text_pattern_ops"#, "DESC NULLS LAST"],
        );
    }

    #[test]
    fn a_name_may_look_like_the_definition() {
        check(
            r#"CREATE INDEX " USING btree (x" ON public."it's" USING btree ("a, b", "c)" DESC)"#,
            &[r#""a, b""#, r#""c)""#],
            &["", "DESC"],
        );
    }
}
