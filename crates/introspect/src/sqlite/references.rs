//! Reads what stands behind `REFERENCES`: the grammar is <https://www.sqlite.org/syntax/foreign-key-clause.html>.

use autogen_schema::{Deferrable, ForeignKey, MatchType, ReferentialAction};

use super::cursor::{Cursor, Misread};
use super::parse::table_name;

/// The clause behind the word `REFERENCES`, up to what says when it is checked.
///
/// # Errors
///
/// What was not expected.
pub(crate) fn clause(
    cursor: &mut Cursor<'_>,
    name: Option<String>,
    columns: Vec<String>,
) -> Result<ForeignKey, Misread> {
    let parent = table_name(cursor.name()?);
    let parent_columns =
        if cursor.peek().is_some_and(|token| token.is_symbol("(")) { column_list(cursor)? } else { vec![] };
    let mut key = ForeignKey::new(columns, parent, parent_columns);
    key.name = name;
    key.on_delete = Some(ReferentialAction::NoAction);
    key.on_update = Some(ReferentialAction::NoAction);
    loop {
        if cursor.eat("MATCH") {
            key.match_type = match_type(cursor)?;
        } else if cursor.eat_all(&["ON", "DELETE"]) {
            key.on_delete = Some(action(cursor)?);
        } else if cursor.eat_all(&["ON", "UPDATE"]) {
            key.on_update = Some(action(cursor)?);
        } else if cursor.eat_all(&["ON", "INSERT"]) {
            // SQLite's parser takes it and keeps nothing of it.
            action(cursor)?;
        } else {
            return Ok(key);
        }
    }
}

/// Names in parentheses; a collation or direction, which SQLite refuses here, is not expected.
///
/// # Errors
///
/// What was not expected.
pub(crate) fn column_list(cursor: &mut Cursor<'_>) -> Result<Vec<String>, Misread> {
    cursor.expect_symbol("(")?;
    let mut columns = vec![cursor.name()?];
    while cursor.eat_symbol(",") {
        columns.push(cursor.name()?);
    }
    cursor.expect_symbol(")")?;
    Ok(columns)
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`.
///
/// # Errors
///
/// What was not expected.
pub(crate) fn deferrable(cursor: &mut Cursor<'_>) -> Result<Option<Deferrable>, Misread> {
    let not = cursor.eat("NOT");
    cursor.expect("DEFERRABLE")?;
    let deferred = if cursor.eat("INITIALLY") {
        let deferred = cursor.eat("DEFERRED");
        if !deferred {
            cursor.expect("IMMEDIATE")?;
        }
        deferred
    } else {
        false
    };
    Ok(match (not, deferred) {
        (true, _) => None,
        (false, true) => Some(Deferrable::InitiallyDeferred),
        (false, false) => Some(Deferrable::InitiallyImmediate),
    })
}

fn match_type(cursor: &mut Cursor<'_>) -> Result<Option<MatchType>, Misread> {
    if cursor.eat("FULL") {
        Ok(Some(MatchType::Full))
    } else if cursor.eat("PARTIAL") {
        Ok(Some(MatchType::Partial))
    } else if cursor.eat("SIMPLE") {
        Ok(None)
    } else {
        Err(cursor.misread("FULL, PARTIAL or SIMPLE"))
    }
}

fn action(cursor: &mut Cursor<'_>) -> Result<ReferentialAction, Misread> {
    let actions: [(&[&str], ReferentialAction); 5] = [
        (&["NO", "ACTION"], ReferentialAction::NoAction),
        (&["RESTRICT"], ReferentialAction::Restrict),
        (&["CASCADE"], ReferentialAction::Cascade),
        (&["SET", "NULL"], ReferentialAction::SetNull),
        (&["SET", "DEFAULT"], ReferentialAction::SetDefault),
    ];
    for (words, action) in actions {
        if cursor.eat_all(words) {
            return Ok(action);
        }
    }
    Err(cursor.misread("what a foreign key does"))
}
