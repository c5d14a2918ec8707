//! Reads the text of `CREATE INDEX`, for expressions and the condition, which SQLite's pragmas do not tell.
//!
//! The grammar is <https://www.sqlite.org/lang_createindex.html>.

use super::cursor::{Cursor, Misread, is_one_operand, without_outer_parentheses};

/// What the text of an index says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IndexText {
    pub(crate) parts: Vec<PartText>,
    pub(crate) predicate: Option<String>,
}

/// A part of an index as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PartText {
    /// The column or expression, without direction, and without the collation where that stands apart.
    pub(crate) expression: String,
    pub(crate) collation: Option<String>,
}

/// Reads a `CREATE INDEX` statement.
///
/// # Errors
///
/// What was not expected, where the text is not such a statement.
pub(crate) fn create_index(sql: &str) -> Result<IndexText, Misread> {
    let mut cursor = Cursor::new(sql)?;
    head(&mut cursor)?;
    let mut parts = Vec::new();
    cursor.expect_symbol("(")?;
    loop {
        parts.push(part(&mut cursor)?);
        if !cursor.eat_symbol(",") {
            break;
        }
    }
    cursor.expect_symbol(")")?;
    Ok(IndexText { parts, predicate: predicate(&mut cursor)? })
}

/// The words before the list, up to and with the table.
fn head(cursor: &mut Cursor<'_>) -> Result<(), Misread> {
    cursor.expect("CREATE")?;
    cursor.eat("UNIQUE");
    cursor.expect("INDEX")?;
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    cursor.name()?;
    if cursor.eat_symbol(".") {
        cursor.name()?;
    }
    cursor.expect("ON")?;
    cursor.name()?;
    Ok(())
}

fn part(cursor: &mut Cursor<'_>) -> Result<PartText, Misread> {
    let mark = cursor.mark();
    cursor.skip_item()?;
    let mut tokens = cursor.tokens_since(mark);
    if let [rest @ .., last] = tokens
        && (last.is_word("ASC") || last.is_word("DESC"))
    {
        tokens = rest;
    }
    // Behind more than one operand `COLLATE` belongs to the last one, and taking it off would change the meaning.
    let mut collation = None;
    if let [rest @ .., word, name] = tokens
        && word.is_word("COLLATE")
        && is_one_operand(rest)
    {
        collation = name.as_name();
        tokens = rest;
    }
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Err(cursor.misread("a column")) };
    let expression = without_outer_parentheses(cursor.between(first, last)).to_owned();
    Ok(PartText { expression, collation })
}

fn predicate(cursor: &mut Cursor<'_>) -> Result<Option<String>, Misread> {
    if !cursor.eat("WHERE") {
        cursor.eat_symbol(";");
        return if cursor.peek().is_none() { Ok(None) } else { Err(cursor.misread("WHERE")) };
    }
    let mark = cursor.mark();
    while cursor.peek().is_some_and(|token| !token.is_symbol(";")) {
        cursor.take();
    }
    Ok(Some(without_outer_parentheses(cursor.text_since(mark)).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, expected: &[(&str, Option<&str>)], predicate: Option<&str>) {
        let read = create_index(&format!("CREATE INDEX i ON t {list}")).expect("it is an index");
        let parts: Vec<_> =
            read.parts.iter().map(|part| (part.expression.as_str(), part.collation.as_deref())).collect();
        assert_eq!(parts, expected);
        assert_eq!(read.predicate.as_deref(), predicate);
    }

    #[test]
    fn parts_are_cut_at_their_own_commas() {
        check("(a, lower(b, ','), (c) DESC)", &[("a", None), ("lower(b, ',')", None), ("c", None)], None);
    }

    #[test]
    fn a_collation_comes_off_where_that_changes_nothing() {
        check("(lower(a) COLLATE nocase ASC)", &[("lower(a)", Some("nocase"))], None);
        check("(a = b COLLATE nocase)", &[("a = b COLLATE nocase", None)], None);
    }

    #[test]
    fn the_condition_loses_its_parentheses_and_comments() {
        check("(a) WHERE ( b IS NULL ) -- live ones", &[("a", None)], Some("b IS NULL"));
        check("(a)WHERE(b)AND(c);", &[("a", None)], Some("(b)AND(c)"));
    }
}
