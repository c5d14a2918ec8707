//! Small readings of the SQL that the server's own functions write. Nothing here understands SQL that people wrote.

use std::borrow::Cow;

use autogen_schema::TableName;

/// The expression without the parentheses that stand around all of it.
pub(super) fn without_outer_parens(sql: &str) -> &str {
    let mut sql = sql.trim();
    while let Some(inner) = sql.strip_prefix('(') {
        // `(a) AND (b)` begins and ends with a parenthesis, too; only a pair may go.
        match end_of(inner, |letter| letter == ')') {
            Some(end) if end + 1 == inner.len() => sql = inner[..end].trim(),
            Some(_) | None => break,
        }
    }
    sql
}

/// Where the first letter stands, outside quotes and parentheses, for which `is_end` holds.
pub(super) fn end_of(sql: &str, is_end: impl Fn(char) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(letter) = sql[at..].chars().next() {
        if depth == 0 && is_end(letter) {
            return Some(at);
        }
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            '\'' | '"' => at += quoted_len(&sql[at..], escapes(&sql[..at]))? - 1,
            _ => {}
        }
        at += letter.len_utf8();
    }
    None
}

/// The text of a string constant at the start, and what follows it. `None` where there is no such constant.
pub(super) fn string_constant(sql: &str) -> Option<(Cow<'_, str>, &str)> {
    let (body, backslashes) = match sql.strip_prefix('E') {
        Some(rest) => (rest, true),
        None => (sql, false),
    };
    if !body.starts_with('\'') {
        return None;
    }
    let length = quoted_len(body, backslashes)?;
    let inner = &body[1..length - 1];
    // The server writes `E''` only to double backslashes.
    let text = match (inner.contains("''"), backslashes) {
        (false, false) => Cow::Borrowed(inner),
        (_, false) => Cow::Owned(inner.replace("''", "'")),
        (_, true) => Cow::Owned(inner.replace("''", "'").replace(r"\\", r"\")),
    };
    Some((text, &body[length..]))
}

/// An identifier as the server writes it at the start, quoted or not, with its schema; and what follows it.
pub(super) fn identifier(sql: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    loop {
        let rest = &sql[at..];
        at += match rest.chars().next()? {
            '"' => quoted_len(rest, false)?,
            _ => rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len()),
        };
        match sql[at..].strip_prefix('.') {
            Some(_) => at += 1,
            None => break,
        }
    }
    (at > 0).then(|| sql.split_at(at))
}

/// The name that an identifier says, as the database keeps it.
pub(super) fn name_of(identifier: &str) -> TableName {
    match end_of(identifier, |letter| letter == '.') {
        Some(dot) => TableName::qualified(unquoted(&identifier[..dot]), unquoted(&identifier[dot + 1..])),
        None => TableName::bare(unquoted(identifier)),
    }
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

/// A name as SQL. Always quoted, so that no list of reserved words is needed.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL, whatever `standard_conforming_strings` says.
pub(super) fn quoted_text(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') { format!("E'{}'", doubled.replace('\\', r"\\")) } else { format!("'{doubled}'") }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

/// Whether a string constant that begins after `before` is an `E''` one.
fn escapes(before: &str) -> bool {
    before.strip_suffix('E').is_some_and(|rest| !rest.ends_with(is_word))
}

/// The length of the quoted text at the start, with both quotes.
fn quoted_len(sql: &str, backslashes: bool) -> Option<usize> {
    let quote = sql.chars().next()?;
    let mut at = 1;
    loop {
        let rest = &sql[at..];
        let letter = rest.chars().next()?;
        if letter == '\\' && backslashes {
            at += 1 + rest[1..].chars().next()?.len_utf8();
        } else if letter == quote {
            if rest[1..].starts_with(quote) {
                at += 2;
            } else {
                return Some(at + 1);
            }
        } else {
            at += letter.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pair_of_outer_parentheses_goes() {
        for (sql, stripped) in [
            ("(a > 0)", "a > 0"),
            ("((a > 0))", "a > 0"),
            ("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)"),
            ("(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)"),
            ("(x <> ')'::text)", "x <> ')'::text"),
            (r#"("odd)" > 0)"#, r#""odd)" > 0"#),
            (r"(x <> E'\\'::text)", r"x <> E'\\'::text"),
            ("lower(a)", "lower(a)"),
        ] {
            assert_eq!(without_outer_parens(sql), stripped);
        }
    }

    #[test]
    fn a_string_constant_loses_its_quotes_and_doublings() {
        for (sql, text, rest) in [
            ("'x'::text", "x", "::text"),
            ("''", "", ""),
            ("'it''s'::text", "it's", "::text"),
            (r"E'a\\b''c'::text", r"a\b'c", "::text"),
            ("'déjà'::text", "déjà", "::text"),
        ] {
            assert_eq!(string_constant(sql), Some((Cow::Borrowed(text), rest)));
        }
        assert_eq!(string_constant("lower('x')"), None);
    }

    #[test]
    fn an_identifier_ends_where_its_quotes_do() {
        assert_eq!(identifier(r#""odd "" name" DESC"#), Some((r#""odd "" name""#, " DESC")));
        assert_eq!(identifier(r#"public."My Ops" DESC"#), Some((r#"public."My Ops""#, " DESC")));
        assert_eq!(identifier("text_ops)"), Some(("text_ops", ")")));
        assert_eq!(identifier("(x)"), None);
    }
}
