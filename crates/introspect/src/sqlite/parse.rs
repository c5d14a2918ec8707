//! Reads the text of `CREATE TABLE`, for everything that SQLite's pragmas do not tell: declared types letter for
//! letter, constraint names, checks, collations, generated columns, `AUTOINCREMENT`, `ON CONFLICT`, deferrability.
//!
//! The grammar is <https://www.sqlite.org/lang_createtable.html>, with what its parser also takes: a missing comma
//! between table constraints, a name without a constraint, words in any order. Names are as they are written; finding
//! out what they name is the assembly's.

use autogen_schema::{Check, ForeignKey, Generated, GeneratedKind, TableName};

use super::cursor::{Cursor, Misread, without_outer_parentheses};
use super::references;

/// What the text of a table says.
#[derive(Debug, Default)]
pub(crate) struct TableText {
    pub(crate) columns: Vec<ColumnText>,
    pub(crate) primary_key: Option<KeyText>,
    pub(crate) uniques: Vec<KeyText>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    /// What was read and has no place in the shared nouns, one sentence each.
    pub(crate) left_over: Vec<String>,
}

/// What the text says at one column. Keys and checks are with the table's.
#[derive(Debug)]
pub(crate) struct ColumnText {
    pub(crate) name: String,
    /// The declared type letter for letter; empty where there is none.
    pub(crate) declared_type: String,
    /// The text after `DEFAULT`.
    pub(crate) default: Option<String>,
    pub(crate) collation: Option<String>,
    pub(crate) generated: Option<Generated>,
    /// Clauses without a field of their own.
    pub(crate) extra: Vec<String>,
}

/// A primary key or unique constraint.
#[derive(Debug)]
pub(crate) struct KeyText {
    pub(crate) name: Option<String>,
    pub(crate) parts: Vec<KeyPart>,
    /// The word after `ON CONFLICT`, in capitals.
    pub(crate) on_conflict: Option<String>,
    pub(crate) autoincrement: bool,
}

/// A column of a key.
#[derive(Debug)]
pub(crate) struct KeyPart {
    pub(crate) column: String,
    pub(crate) collation: Option<String>,
    pub(crate) descending: bool,
}

/// Reads a `CREATE TABLE` statement.
///
/// # Errors
///
/// What was not expected, where the text is not such a statement.
pub(crate) fn create_table(sql: &str) -> Result<TableText, Misread> {
    let mut cursor = Cursor::new(sql)?;
    head(&mut cursor)?;
    let mut table = TableText::default();
    cursor.expect_symbol("(")?;
    loop {
        if starts_table_constraint(&cursor) {
            table_constraints(&mut cursor, &mut table)?;
        } else {
            column(&mut cursor, &mut table)?;
        }
        if !cursor.eat_symbol(",") {
            break;
        }
    }
    cursor.expect_symbol(")")?;
    options(&mut cursor)?;
    Ok(table)
}

/// The words before the list, up to and with the name.
fn head(cursor: &mut Cursor<'_>) -> Result<(), Misread> {
    cursor.expect("CREATE")?;
    let _ = cursor.eat("TEMP") || cursor.eat("TEMPORARY");
    cursor.expect("TABLE")?;
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    cursor.name()?;
    if cursor.eat_symbol(".") {
        cursor.name()?;
    }
    Ok(())
}

/// `STRICT` and `WITHOUT ROWID` are in the catalog; here they are only skipped, and nothing else.
fn options(cursor: &mut Cursor<'_>) -> Result<(), Misread> {
    while cursor.peek().is_some() {
        let known = cursor.eat("STRICT")
            || cursor.eat_all(&["WITHOUT", "ROWID"])
            || cursor.eat_symbol(",")
            || cursor.eat_symbol(";");
        if !known {
            return Err(cursor.misread("STRICT or WITHOUT ROWID"));
        }
    }
    Ok(())
}

fn column(cursor: &mut Cursor<'_>, table: &mut TableText) -> Result<(), Misread> {
    let name = cursor.name()?;
    let declared_type = declared_type(cursor)?;
    table.columns.push(ColumnText {
        name,
        declared_type,
        default: None,
        collation: None,
        generated: None,
        extra: vec![],
    });
    while !at_end_of_item(cursor) {
        column_constraint(cursor, table)?;
    }
    Ok(())
}

fn at_end_of_item(cursor: &Cursor<'_>) -> bool {
    cursor.peek().is_none_or(|token| token.is_symbol(",") || token.is_symbol(")"))
}

/// Any number of words and at most one parenthesis. Ends at the first word that begins a constraint.
fn declared_type(cursor: &mut Cursor<'_>) -> Result<String, Misread> {
    let mark = cursor.mark();
    while !starts_column_constraint(cursor) && cursor.peek().is_some_and(|token| token.as_name().is_some()) {
        cursor.take();
    }
    if cursor.peek().is_some_and(|token| token.is_symbol("(")) {
        cursor.group()?;
    }
    Ok(cursor.text_since(mark).to_owned())
}

fn starts_column_constraint(cursor: &Cursor<'_>) -> bool {
    const WORDS: [&str; 11] = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "AS",
        "DEFERRABLE",
    ];
    // `generated` alone is a word like another, and may be a type.
    let generated = cursor.sees("GENERATED") && cursor.peek_second().is_some_and(|token| token.is_word("ALWAYS"));
    generated || WORDS.iter().any(|word| cursor.sees(word))
}

fn starts_table_constraint(cursor: &Cursor<'_>) -> bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| cursor.sees(word))
}

/// One constraint at the last column, with its name.
fn column_constraint(cursor: &mut Cursor<'_>, table: &mut TableText) -> Result<(), Misread> {
    let mark = cursor.mark();
    let name = constraint_name(cursor)?;
    let column = table.columns.last_mut().expect("the column was pushed before its constraints are read");
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        table.primary_key = Some(column_key(cursor, name, &column.name)?);
    } else if cursor.eat("UNIQUE") {
        table.uniques.push(column_key(cursor, name, &column.name)?);
    } else if cursor.eat("CHECK") {
        table.checks.push(Check { name, column: Some(column.name.clone()), ..check(cursor)? });
    } else if cursor.eat("REFERENCES") {
        let key = references::clause(cursor, name, vec![column.name.clone()])?;
        table.foreign_keys.push(key);
    } else if cursor.eat_all(&["NOT", "NULL"]) {
        // Whether it is required is in the catalog; only what `NOT NULL` alone would not say is kept.
        if on_conflict(cursor)?.is_some() || name.is_some() {
            column.extra.push(cursor.text_since(mark).to_owned());
        }
    } else if cursor.sees("NOT") || cursor.sees("DEFERRABLE") {
        let deferrable = references::deferrable(cursor)?;
        let key = table.foreign_keys.last_mut().ok_or_else(|| cursor.misread("REFERENCES before DEFERRABLE"))?;
        key.deferrable = deferrable;
    } else {
        plain_clause(cursor, column, name.is_some())?;
        // A name here names nothing, and SQLite takes it alone.
        column.extra.extend(name.map(|name| format!("CONSTRAINT {}", quote(&name))));
    }
    Ok(())
}

/// The clauses for which a name means nothing; also no clause at all, after a name.
fn plain_clause(cursor: &mut Cursor<'_>, column: &mut ColumnText, named: bool) -> Result<(), Misread> {
    if cursor.eat("DEFAULT") {
        column.default = Some(default(cursor)?);
    } else if cursor.eat("COLLATE") {
        column.collation = Some(cursor.name()?);
    } else if cursor.eat("NULL") {
        on_conflict(cursor)?;
    } else if cursor.eat_all(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat("AS") {
        column.generated = Some(generated(cursor)?);
    } else if !(named && (at_end_of_item(cursor) || starts_column_constraint(cursor))) {
        return Err(cursor.misread("a column constraint"));
    }
    Ok(())
}

fn constraint_name(cursor: &mut Cursor<'_>) -> Result<Option<String>, Misread> {
    if cursor.eat("CONSTRAINT") { cursor.name().map(Some) } else { Ok(None) }
}

fn column_key(cursor: &mut Cursor<'_>, name: Option<String>, column: &str) -> Result<KeyText, Misread> {
    let descending = direction(cursor);
    let on_conflict = on_conflict(cursor)?;
    let autoincrement = cursor.eat("AUTOINCREMENT");
    let parts = vec![KeyPart { column: column.to_owned(), collation: None, descending }];
    Ok(KeyText { name, parts, on_conflict, autoincrement })
}

fn direction(cursor: &mut Cursor<'_>) -> bool {
    let descending = cursor.eat("DESC");
    let _ = descending || cursor.eat("ASC");
    descending
}

fn on_conflict(cursor: &mut Cursor<'_>) -> Result<Option<String>, Misread> {
    if !cursor.eat_all(&["ON", "CONFLICT"]) {
        return Ok(None);
    }
    let word = cursor.name()?.to_ascii_uppercase();
    // The rule that holds where none is said.
    Ok((word != "ABORT").then_some(word))
}

fn check(cursor: &mut Cursor<'_>) -> Result<Check, Misread> {
    Ok(Check::new(without_outer_parentheses(cursor.group()?)))
}

/// A parenthesis, or a literal with its sign, or a name.
fn default(cursor: &mut Cursor<'_>) -> Result<String, Misread> {
    let mark = cursor.mark();
    if cursor.peek().is_some_and(|token| token.is_symbol("(")) {
        cursor.group()?;
    } else {
        let _ = cursor.eat_symbol("-") || cursor.eat_symbol("+");
        if at_end_of_item(cursor) {
            return Err(cursor.misread("a default"));
        }
        cursor.take();
    }
    Ok(cursor.text_since(mark).to_owned())
}

fn generated(cursor: &mut Cursor<'_>) -> Result<Generated, Misread> {
    let expression = without_outer_parentheses(cursor.group()?).to_owned();
    let kind = if cursor.eat("STORED") {
        GeneratedKind::Stored
    } else {
        cursor.eat("VIRTUAL");
        GeneratedKind::Virtual
    };
    Ok(Generated { expression, kind })
}

/// One or more table constraints, between which SQLite wants no comma.
fn table_constraints(cursor: &mut Cursor<'_>, table: &mut TableText) -> Result<(), Misread> {
    while starts_table_constraint(cursor) {
        table_constraint(cursor, table)?;
    }
    Ok(())
}

fn table_constraint(cursor: &mut Cursor<'_>, table: &mut TableText) -> Result<(), Misread> {
    let name = constraint_name(cursor)?;
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        table.primary_key = Some(table_key(cursor, name)?);
    } else if cursor.eat("UNIQUE") {
        table.uniques.push(table_key(cursor, name)?);
    } else if cursor.eat("CHECK") {
        table.checks.push(Check { name, ..check(cursor)? });
        if let Some(rule) = on_conflict(cursor)? {
            table.left_over.push(format!("CHECK … ON CONFLICT {rule}, which has no effect"));
        }
    } else if cursor.eat_all(&["FOREIGN", "KEY"]) {
        let columns = references::column_list(cursor)?;
        cursor.expect("REFERENCES")?;
        let mut key = references::clause(cursor, name, columns)?;
        if cursor.sees("NOT") || cursor.sees("DEFERRABLE") {
            key.deferrable = references::deferrable(cursor)?;
        }
        table.foreign_keys.push(key);
    } else if name.is_some() && (at_end_of_item(cursor) || starts_table_constraint(cursor)) {
        table.left_over.extend(name.map(|name| format!("CONSTRAINT {}, which names nothing", quote(&name))));
    } else {
        return Err(cursor.misread("a table constraint"));
    }
    Ok(())
}

fn table_key(cursor: &mut Cursor<'_>, name: Option<String>) -> Result<KeyText, Misread> {
    cursor.expect_symbol("(")?;
    let mut parts = Vec::new();
    let mut autoincrement = false;
    loop {
        let column = cursor.name()?;
        let collation = if cursor.eat("COLLATE") { Some(cursor.name()?) } else { None };
        parts.push(KeyPart { column, collation, descending: direction(cursor) });
        autoincrement |= cursor.eat("AUTOINCREMENT");
        if !cursor.eat_symbol(",") {
            break;
        }
    }
    cursor.expect_symbol(")")?;
    Ok(KeyText { name, parts, on_conflict: on_conflict(cursor)?, autoincrement })
}

/// A name in double quotes, as SQLite reads it back.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table name as SQLite has them: without a schema.
pub(crate) fn table_name(name: impl Into<String>) -> TableName {
    TableName::bare(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A statement that was cut off anywhere is refused, or read as what is left; it never panics.
    #[test]
    fn a_statement_may_end_anywhere() {
        let whole = "CREATE TABLE main.\"t\"\"é\" (a [b](1, -2) CONSTRAINT c DEFAULT -1 NOT NULL ON CONFLICT FAIL \
                     CHECK (a IN (')', x'00')) COLLATE nocase REFERENCES p (id) ON DELETE SET NULL MATCH FULL NOT DEFERRABLE \
                     INITIALLY DEFERRED, g AS (a->>'$.é' || 1.5e-3) STORED, /* é */ CONSTRAINT k PRIMARY KEY (a COLLATE b \
                     DESC) ON CONFLICT IGNORE UNIQUE (g) FOREIGN KEY (a, g) REFERENCES p) WITHOUT ROWID, STRICT -- é";
        assert!(create_table(whole).is_ok());
        let ends: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
        for end in ends {
            let complete = end > whole.rfind(')').expect("it has a list");
            let read = create_table(&whole[..end]);
            assert!(complete || read.is_err(), "{}", &whole[..end]);
        }
    }
}
