//! Cuts SQLite's SQL into tokens, as <https://www.sqlite.org/lang_keywords.html> and its tokenizer have them.
//!
//! The texts here come out of `sqlite_schema`, so SQLite has accepted them already: an unfinished quote means that
//! somebody wrote into the catalog by hand, and is an error.

/// A token, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// What sort it is.
    pub(crate) kind: TokenKind,
    /// As it stands in the source, quotes included.
    pub(crate) text: &'a str,
    /// The offset of its first byte in the source.
    pub(crate) start: usize,
}

/// The sorts of tokens. Comments and white space are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword or a bare name.
    Word,
    /// A name in `"…"`, `[…]` or `` `…` ``.
    QuotedName,
    /// A text in `'…'`, which SQLite also takes for a name where only a name can stand.
    String,
    /// `x'…'`.
    Blob,
    /// A number.
    Number,
    /// `?1`, `:name`, `@name`, `$name`; `#` of the parser's own.
    Variable,
    /// An operator, a comma, a parenthesis.
    Symbol,
}

impl<'a> Token<'a> {
    /// The offset behind its last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this operator or mark.
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// The name it stands for where a name is wanted, without quotes.
    pub(crate) fn as_name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Word => Some(self.text.to_owned()),
            TokenKind::QuotedName | TokenKind::String => Some(unquote(self.text)),
            TokenKind::Blob | TokenKind::Number | TokenKind::Variable | TokenKind::Symbol => None,
        }
    }
}

/// The text inside quotes of any sort, with doubled quotes made single.
pub(crate) fn unquote(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(open), Some(close)) = (letters.next(), letters.next_back()) else { return text.to_owned() };
    let inside = letters.as_str();
    // `[…]` knows no way to write a `]` inside.
    if open == '[' { inside.to_owned() } else { inside.replace(&format!("{close}{close}"), &close.to_string()) }
}

/// All tokens of a text.
///
/// # Errors
///
/// A sentence, where a quote is not closed or a character cannot stand in SQL.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if let Some(length) = blank(rest, first) {
            at += length;
            continue;
        }
        let (kind, length) = token(rest, first)?;
        found.push(Token { kind, text: &rest[..length], start: at });
        at += length;
    }
    Ok(found)
}

/// The length of the white space or comment that begins here. A comment that is not closed runs to the end.
fn blank(rest: &str, first: char) -> Option<usize> {
    match first {
        ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{feff}' => Some(first.len_utf8()),
        '-' if rest.starts_with("--") => Some(rest.find('\n').map_or(rest.len(), |end| end + 1)),
        '/' if rest.starts_with("/*") => Some(rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
        _ => None,
    }
}

fn token(rest: &str, first: char) -> Result<(TokenKind, usize), String> {
    match first {
        '\'' => quoted(rest, '\'').map(|length| (TokenKind::String, length)),
        '"' | '`' => quoted(rest, first).map(|length| (TokenKind::QuotedName, length)),
        '[' => match rest.find(']') {
            Some(end) => Ok((TokenKind::QuotedName, end + 1)),
            None => Err(unclosed(rest)),
        },
        'x' | 'X' if rest[1..].starts_with('\'') => {
            quoted(&rest[1..], '\'').map(|length| (TokenKind::Blob, length + 1))
        }
        '0'..='9' => Ok((TokenKind::Number, number(rest))),
        '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => Ok((TokenKind::Number, number(rest))),
        '?' | ':' | '@' | '$' | '#' => Ok((TokenKind::Variable, 1 + word(&rest[1..]))),
        _ if is_name_letter(first) => Ok((TokenKind::Word, word(rest))),
        _ => symbol(rest).map(|length| (TokenKind::Symbol, length)),
    }
}

/// The length of a quoted token; the quote itself is written twice inside.
fn quoted(rest: &str, quote: char) -> Result<usize, String> {
    let mut at = 1;
    while let Some(found) = rest[at..].find(quote) {
        at += found + 1;
        if !rest[at..].starts_with(quote) {
            return Ok(at);
        }
        at += 1;
    }
    Err(unclosed(rest))
}

fn unclosed(rest: &str) -> String {
    let shown: String = rest.chars().take(20).collect();
    format!("a quote is not closed at {shown}")
}

/// Digits, point, exponent, hexadecimal, `_` between digits. What SQLite accepted needs no closer look.
fn number(rest: &str) -> usize {
    let hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
    let mut before = '0';
    rest.char_indices()
        .find(|&(_, letter)| {
            let signed_exponent = matches!(letter, '+' | '-') && matches!(before, 'e' | 'E') && !hexadecimal;
            before = letter;
            !(letter.is_ascii_alphanumeric() || letter == '.' || letter == '_' || signed_exponent)
        })
        .map_or(rest.len(), |(end, _)| end)
}

fn word(rest: &str) -> usize {
    rest.find(|letter| !is_name_letter(letter)).unwrap_or(rest.len())
}

/// Everything outside ASCII is a letter to SQLite, a no-break space included.
fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

fn symbol(rest: &str) -> Result<usize, String> {
    const LONG: [&str; 10] = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "=="];
    const SHORT: &str = "()+-*/%=<>|&~,.;";
    if let Some(long) = LONG.iter().find(|long| rest.starts_with(**long)) {
        return Ok(long.len());
    }
    match rest.chars().next() {
        Some(letter) if SHORT.contains(letter) => Ok(1),
        Some(letter) => Err(format!("{letter:?} cannot stand in SQL")),
        None => Err("the text ends too early".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(source: &str) -> Vec<&str> {
        tokens(source).expect("it is SQL").iter().map(|token| token.text).collect()
    }

    #[test]
    fn quotes_of_all_sorts_are_one_token_each() {
        assert_eq!(
            cut(r#"'it''s' "a""b" [a"b] `a``b` x'00' naïve $x"#),
            ["'it''s'", r#""a""b""#, r#"[a"b]"#, "`a``b`", "x'00'", "naïve", "$x"]
        );
        let names: Vec<_> = tokens(r#""a""b" [a"b] `a``b` 'it''s' plain """" """#)
            .expect("it is SQL")
            .iter()
            .map(Token::as_name)
            .collect();
        let names: Vec<_> = names.iter().map(|name| name.as_deref().expect("all are names")).collect();
        assert_eq!(names, [r#"a"b"#, r#"a"b"#, "a`b", "it's", "plain", "\"", ""]);
    }

    #[test]
    fn comments_and_space_are_no_tokens() {
        assert_eq!(cut("a -- b, c\n, /* ' */ d\t- e -- end"), ["a", ",", "d", "-", "e"]);
        assert_eq!(cut("a /* never closed"), ["a"]);
    }

    #[test]
    fn numbers_take_their_exponent_and_leave_the_operator() {
        assert_eq!(
            cut("1+2 1e-3 .5 5. 0x1F-1 1_000 2e+4-1"),
            ["1", "+", "2", "1e-3", ".5", "5.", "0x1F", "-", "1", "1_000", "2e+4", "-", "1"]
        );
    }

    #[test]
    fn operators_are_as_long_as_they_can_be() {
        assert_eq!(cut("a||b->>'c'<=d!=e"), ["a", "||", "b", "->>", "'c'", "<=", "d", "!=", "e"]);
    }

    #[test]
    fn an_open_quote_is_an_error() {
        for source in ["'abc", "\"abc", "[abc", "x'00", "`a``"] {
            assert!(tokens(source).is_err(), "{source}");
        }
    }
}
