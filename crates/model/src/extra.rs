//! The SQL that an entity appends to a column: `extra = "CHECK (price > 0) COLLATE NOCASE"`.
//!
//! Clauses that have a place of their own in a schema are taken apart; the rest is kept in its own words.

use autogen_schema::{
    Check, Column, DefaultValue, ForeignKey, Generated, GeneratedKind, Place, ReferentialAction, TableName,
};

/// What the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extra {
    pub(crate) checks: Vec<Check>,
    pub(crate) foreign_key: Option<ForeignKey>,
    pub(crate) unique: bool,
    not_null: bool,
    default: Option<DefaultValue>,
    generated: Option<Generated>,
    on_update: Option<String>,
    charset: Option<String>,
    collation: Option<String>,
    comment: Option<String>,
    invisible: bool,
    rest: Vec<String>,
}

impl Extra {
    /// Moves what belongs to the column into it, and marks where the others come from.
    pub(crate) fn apply(&mut self, column: &mut Column, place: &Place) {
        column.default = self.default.take().or(column.default.take());
        column.generated = self.generated.take();
        column.on_update = self.on_update.take();
        column.charset = self.charset.take();
        column.collation = self.collation.take();
        column.comment = self.comment.take().or(column.comment.take());
        column.invisible = self.invisible;
        column.nullable &= !self.not_null;
        column.extra = std::mem::take(&mut self.rest);
        for check in &mut self.checks {
            check.origin = place.clone().into();
        }
        if let Some(key) = &mut self.foreign_key {
            key.columns = vec![column.name.clone()];
            key.origin = place.clone().into();
        }
    }
}

pub(crate) fn parse(text: &str) -> Extra {
    let tokens = tokens(text);
    let mut extra = Extra::default();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        rest = clause(text, rest, &mut extra);
    }
    extra
}

/// A word, a quoted text, a group in parentheses, or a sign; with its place in the text.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_group(&self) -> bool {
        self.text.starts_with('(')
    }

    /// The inside of a group, without parentheses that only the syntax needs.
    fn inside(&self) -> String {
        let inner = self.text.trim_start_matches('(');
        let opened = self.text.len() - inner.len();
        if opened > 1 && tokens(&self.text[1..self.text.len() - 1]).len() == 1 {
            return Token { text: self.text[1..self.text.len() - 1].trim(), start: 0 }.inside();
        }
        self.text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(self.text).trim().to_owned()
    }

    fn unquoted(&self) -> String {
        for quote in ['"', '`', '\''] {
            if let Some(inner) = self.text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)) {
                return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
            }
        }
        self.text.to_owned()
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let length = match letter {
            _ if letter.is_whitespace() => {
                at += letter.len_utf8();
                continue;
            }
            '(' => group(&text[at..]),
            '\'' | '"' | '`' => quoted(&text[at..], letter),
            _ if is_word(letter) => text[at..].find(|next| !is_word(next)).unwrap_or(text.len() - at),
            _ => letter.len_utf8(),
        };
        tokens.push(Token { text: &text[at..at + length], start: at });
        at += length;
    }
    tokens
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$' | '.')
}

fn quoted(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

fn group(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '\'' | '"' | '`' => {
                at += quoted(&text[at..], letter);
                continue;
            }
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += letter.len_utf8();
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Takes one clause from the front and gives what is left.
fn clause<'a>(text: &str, tokens: &'a [Token<'a>], extra: &mut Extra) -> &'a [Token<'a>] {
    match tokens {
        [constraint, name, check, group, rest @ ..]
            if constraint.is("CONSTRAINT") && check.is("CHECK") && group.is_group() =>
        {
            let mut found = Check::new(group.inside());
            found.name = Some(name.unquoted());
            extra.checks.push(found);
            rest
        }
        [check, group, rest @ ..] if check.is("CHECK") && group.is_group() => {
            extra.checks.push(Check::new(group.inside()));
            rest
        }
        [collate, name, rest @ ..] if collate.is("COLLATE") => {
            extra.collation = Some(name.unquoted());
            rest
        }
        [first, second, name, rest @ ..] if first.is("CHARACTER") && second.is("SET") => {
            extra.charset = Some(name.unquoted());
            rest
        }
        [comment, text, rest @ ..] if comment.is("COMMENT") && text.text.starts_with('\'') => {
            extra.comment = Some(text.unquoted());
            rest
        }
        [generated, always, by, group, rest @ ..]
            if generated.is("GENERATED") && always.is("ALWAYS") && by.is("AS") && group.is_group() =>
        {
            self::generated(group, rest, extra)
        }
        [by, group, rest @ ..] if by.is("AS") && group.is_group() => generated(group, rest, extra),
        [default, rest @ ..] if default.is("DEFAULT") && !rest.is_empty() => {
            let (value, rest) = expression(text, rest);
            extra.default = Some(default_of(&value));
            rest
        }
        [on, update, rest @ ..] if on.is("ON") && update.is("UPDATE") && !rest.is_empty() => {
            let (value, rest) = expression(text, rest);
            extra.on_update = Some(value);
            rest
        }
        [references, rest @ ..] if references.is("REFERENCES") => self::references(references, rest, extra),
        [unique, rest @ ..] if unique.is("UNIQUE") => {
            extra.unique = true;
            rest
        }
        [not, null, rest @ ..] if not.is("NOT") && null.is("NULL") => {
            extra.not_null = true;
            rest
        }
        [invisible, rest @ ..] if invisible.is("INVISIBLE") => {
            extra.invisible = true;
            rest
        }
        _ => {
            let (words, rest) = expression(text, tokens);
            extra.rest.push(words);
            rest
        }
    }
}

fn generated<'a>(group: &Token<'_>, rest: &'a [Token<'a>], extra: &mut Extra) -> &'a [Token<'a>] {
    let (kind, rest) = match rest {
        [word, rest @ ..] if word.is("STORED") || word.is("PERSISTENT") => (GeneratedKind::Stored, rest),
        [word, rest @ ..] if word.is("VIRTUAL") => (GeneratedKind::Virtual, rest),
        // SQLite, MySQL and PostgreSQL 18 agree on what is meant where nothing is said.
        _ => (GeneratedKind::Virtual, rest),
    };
    extra.generated = Some(Generated { expression: group.inside(), kind });
    rest
}

/// Everything up to the next word that begins a clause; at least one token.
fn expression<'a>(text: &str, tokens: &'a [Token<'a>]) -> (String, &'a [Token<'a>]) {
    let length = (1..tokens.len()).find(|at| begins_clause(&tokens[*at..])).unwrap_or(tokens.len());
    let (taken, rest) = tokens.split_at(length);
    let text = match taken {
        [group] if group.is_group() => group.inside(),
        [first, ..] => text[first.start..taken.last().map_or(first.end(), Token::end)].to_owned(),
        [] => String::new(),
    };
    (text, rest)
}

fn begins_clause(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [first, second, ..] if first.is("NOT") => second.is("NULL"),
        [first, second, ..] if first.is("ON") => second.is("UPDATE"),
        [first, second, ..] if first.is("CHARACTER") => second.is("SET"),
        [first, second, ..] if first.is("AS") => second.is_group(),
        [first, ..] => {
            ["CHECK", "CONSTRAINT", "COLLATE", "COMMENT", "GENERATED", "DEFAULT", "REFERENCES", "UNIQUE", "INVISIBLE"]
                .iter()
                .any(|word| first.is(word))
        }
        [] => false,
    }
}

/// A literal only where it is certain that the text is one.
fn default_of(text: &str) -> DefaultValue {
    let token = Token { text, start: 0 };
    let digits = text.strip_prefix('-').unwrap_or(text);
    if token.is("NULL") {
        DefaultValue::Null
    } else if token.is("TRUE") || token.is("FALSE") {
        DefaultValue::Boolean(token.is("TRUE"))
    } else if digits.starts_with(|letter: char| letter.is_ascii_digit()) && digits.parse::<f64>().is_ok() {
        DefaultValue::Number(text.to_owned())
    } else if text.starts_with('\'') && quoted(text, '\'') == text.len() && text.len() > 1 {
        DefaultValue::Text(token.unquoted())
    } else {
        DefaultValue::expression(text)
    }
}

fn references<'a>(keyword: &Token<'_>, tokens: &'a [Token<'a>], extra: &mut Extra) -> &'a [Token<'a>] {
    let [table, columns, rest @ ..] = tokens else {
        let words: Vec<&str> = std::iter::once(keyword.text).chain(tokens.iter().map(|token| token.text)).collect();
        extra.rest.push(words.join(" "));
        return &[];
    };
    let referenced = columns.inside();
    let referenced = referenced.split(',').map(|name| Token { text: name.trim(), start: 0 }.unquoted());
    let mut key = ForeignKey::new(Vec::<String>::new(), table_name(table), referenced);
    let mut rest = rest;
    while let [on, event, after @ ..] = rest {
        let Some((action, taken)) = (if on.is("ON") { action(after) } else { None }) else { break };
        match event.text.to_ascii_uppercase().as_str() {
            "DELETE" => key.on_delete = Some(action),
            "UPDATE" => key.on_update = Some(action),
            _ => break,
        }
        rest = &after[taken..];
    }
    extra.foreign_key = Some(key);
    rest
}

fn table_name(token: &Token<'_>) -> TableName {
    match token.text.split_once('.') {
        Some((schema, name)) if !token.text.starts_with(['"', '`']) => TableName::qualified(schema, name),
        _ => TableName::bare(token.unquoted()),
    }
}

fn action(tokens: &[Token<'_>]) -> Option<(ReferentialAction, usize)> {
    let one = tokens.first().and_then(|word| ReferentialAction::from_sql(word.text)).map(|action| (action, 1));
    let two = || {
        let [first, second, ..] = tokens else { return None };
        ReferentialAction::from_sql(&format!("{} {}", first.text, second.text)).map(|action| (action, 2))
    };
    one.or_else(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_taken_apart() {
        let extra = parse("CHECK (price > 0) COLLATE NOCASE DEFAULT 'a b' ON UPDATE CURRENT_TIMESTAMP");
        assert_eq!(extra.checks, [Check::new("price > 0")]);
        assert_eq!(extra.collation.as_deref(), Some("NOCASE"));
        assert_eq!(extra.default, Some(DefaultValue::Text("a b".into())));
        assert_eq!(extra.on_update.as_deref(), Some("CURRENT_TIMESTAMP"));
        assert!(extra.rest.is_empty());
    }

    #[test]
    fn parentheses_inside_text_do_not_close_a_check() {
        let extra = parse("CONSTRAINT \"ok\" CHECK ((kind IN ('a)', 'it''s')))");
        assert_eq!(extra.checks[0].name.as_deref(), Some("ok"));
        assert_eq!(extra.checks[0].expression, "kind IN ('a)', 'it''s')");
    }

    #[test]
    fn parentheses_that_only_look_outer_stay() {
        assert_eq!(parse("CHECK ((a > 0) OR (b > 0))").checks[0].expression, "(a > 0) OR (b > 0)");
    }

    #[test]
    fn a_generated_column_says_how_it_is_kept() {
        let extra = parse("GENERATED ALWAYS AS (lower(name)) STORED");
        let expected = Generated { expression: "lower(name)".into(), kind: GeneratedKind::Stored };
        assert_eq!(extra.generated, Some(expected));
    }

    #[test]
    fn a_reference_keeps_its_actions() {
        let extra = parse("REFERENCES app.users (id) ON DELETE SET NULL ON UPDATE CASCADE");
        let key = extra.foreign_key.expect("it is a reference");
        assert_eq!(key.references, TableName::qualified("app", "users"));
        assert_eq!(key.on_delete, Some(ReferentialAction::SetNull));
        assert_eq!(key.on_update, Some(ReferentialAction::Cascade));
    }

    #[test]
    fn what_has_no_place_is_kept_in_its_own_words() {
        assert_eq!(parse("STORAGE EXTERNAL CHECK (a > 1)").rest, ["STORAGE EXTERNAL"]);
        assert_eq!(
            parse("DEFAULT (now() + interval '1 day')").default,
            Some(DefaultValue::expression("now() + interval '1 day'"))
        );
    }

    #[test]
    fn text_that_is_cut_off_does_no_harm() {
        for text in ["CHECK (", "'", "DEFAULT", "REFERENCES", "CONSTRAINT x CHECK", "ON UPDATE", "é('"] {
            let _ = parse(text);
        }
    }
}
