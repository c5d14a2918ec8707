//! SQL text as the two catalogs hold it: escapes, literals, parentheses.

/// Undoes what MySQL's catalog does to an expression. It escapes the whole text as if it stood in quotes, and it
/// writes each byte of it as if it were a character of Latin-1: those of a name, and of a text that the `_utf8mb4`
/// introducer marks, are UTF-8.
pub(super) fn mysql_expression(text: &str) -> String {
    with_letters(&unescaped(text))
}

/// `\'` to `'`, `\n` to a line break, and so on: what MySQL's quoting of text escapes.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        plain.push(match letters.next() {
            Some('0') => '\0',
            Some('b') => '\u{8}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('Z') => '\u{1a}',
            Some(other) => other,
            None => '\\',
        });
    }
    plain
}

/// The text without parentheses that enclose all of it.
pub(super) fn without_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    while encloses_all(text) {
        text = text[1..text.len() - 1].trim();
    }
    text
}

/// Whether the first character opens a parenthesis that only the last one closes.
fn encloses_all(text: &str) -> bool {
    if !text.starts_with('(') {
        return false;
    }
    let mut depth = 0_usize;
    for (at, token) in tokens(text) {
        match token {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}

/// The text inside a literal that is the whole of `sql`: `'it''s'`, `_utf8mb4'it\'s'`.
pub(super) fn text_literal(sql: &str) -> Option<String> {
    let quote = sql.find('\'')?;
    let introducer = &sql[..quote];
    let known = introducer.is_empty() || ["_utf8mb4", "_utf8mb3", "_utf8"].contains(&introducer.trim());
    let literal = &sql[quote..];
    let whole = tokens(literal).next().is_some_and(|(_, token)| token.len() == literal.len());
    if !known || !whole || literal.len() < 2 {
        return None;
    }
    Some(unescaped(&literal[1..literal.len() - 1].replace("''", "\\'")))
}

/// Whether the text is a decimal number as both servers write one.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.trim_start_matches(['+', '-']))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits)
}

/// Whether the text is one literal of bits or bytes: `b'101'`, `x'ff'`, `0xff`.
pub(super) fn is_literal(sql: &str) -> bool {
    let hexadecimal = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let quoted = |rest: &str| rest.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).is_some_and(hexadecimal);
    sql.strip_prefix("0x").is_some_and(hexadecimal) || sql.strip_prefix(['b', 'B', 'x', 'X']).is_some_and(quoted)
}

/// A name as SQL writes it.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The name that stands in backticks.
pub(super) fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
    inner.map_or_else(|| name.to_owned(), |name| name.replace("``", "`"))
}

/// The same expression with names in backticks that stand in double quotes.
pub(super) fn backticked(sql: &str) -> String {
    let name = |token: &str| Some(token.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""));
    tokens(sql).map(|(_, token)| name(token).map_or_else(|| token.to_owned(), |name| quoted(&name))).collect()
}

/// The text without this database's name in front of tables, so that it means the same in another database. It stays
/// where an alias bears the name too.
pub(super) fn without_database(text: &str, database: &str) -> String {
    let name = quoted(database);
    let pieces: Vec<&str> = tokens(text).map(|(_, token)| token).collect();
    let followed = |at: usize| pieces.get(at + 1) == Some(&".");
    if pieces.iter().enumerate().any(|(at, piece)| *piece == name && !followed(at)) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if *piece == name {
            at += 2;
            continue;
        }
        plain.push_str(piece);
        at += 1;
    }
    plain
}

/// A text as SQL writes it.
pub(super) fn quoted_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// The pieces of an expression with where each begins: texts and quoted names whole, words whole, the rest letter by
/// letter.
pub(super) fn tokens(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &sql[at..];
        let first = rest.chars().next()?;
        let length = match first {
            '\'' | '"' | '`' => quoted_length(rest, first),
            letter if is_word(letter) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            letter => letter.len_utf8(),
        };
        let token = (at, &rest[..length]);
        at += length;
        Some(token)
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// How long the quoted piece is that `text` begins with. A doubled quote belongs to it; so does one after a
/// backslash, except in a name.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && quote != '`' {
            letters.next();
        } else if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

fn with_letters(sql: &str) -> String {
    let mut mended = String::with_capacity(sql.len());
    let mut introduced = false;
    for (_, token) in tokens(sql) {
        let is_utf8 = token.starts_with('`') || (introduced && token.starts_with('\''));
        match latin1_read_as_utf8(token).filter(|_| is_utf8) {
            Some(text) => mended.push_str(&text),
            None => mended.push_str(token),
        }
        introduced = token == "_utf8mb4";
    }
    mended
}

fn latin1_read_as_utf8(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_everything_go() {
        assert_eq!(without_parentheses("((`a` > 0) and (`b` < 1))"), "(`a` > 0) and (`b` < 1)");
        assert_eq!(without_parentheses("(`a` > 0) and (`b` < 1)"), "(`a` > 0) and (`b` < 1)");
        assert_eq!(without_parentheses("((1 + 2))"), "1 + 2");
        assert_eq!(without_parentheses("(`a` <> ')')"), "`a` <> ')'");
        assert_eq!(without_parentheses(r"(`a` <> 'it\'s (')"), r"`a` <> 'it\'s ('");
        assert_eq!(without_parentheses("(`odd)name` > 0)"), "`odd)name` > 0");
        assert_eq!(without_parentheses("("), "(");
    }

    #[test]
    fn the_catalog_of_mysql_is_unescaped_once() {
        // As `information_schema` gives it for DEFAULT ('a''b\\c"d').
        assert_eq!(mysql_expression(r#"_utf8mb3\'a\\\'b\\\\c"d\'"#), r#"_utf8mb3'a\'b\\c"d'"#);
        assert_eq!(mysql_expression(r"(`co``l\\n` > 0)"), r"(`co``l\n` > 0)");
    }

    #[test]
    fn text_beyond_ascii_is_mended() {
        // é and 😀, each byte as one character of Latin-1, as MySQL 9 gives it.
        assert_eq!(mysql_expression("_utf8mb4\\'\u{c3}\u{a9}\u{f0}\u{9f}\u{98}\u{80}\\'"), "_utf8mb4'é😀'");
        assert_eq!(mysql_expression("_latin1\\'\u{e9}\\'"), "_latin1'é'");
    }

    #[test]
    fn names_beyond_ascii_are_mended() {
        // As MySQL 9 gives it for a check of the column `Ünï x`; a server that told it as it is would be believed.
        assert_eq!(mysql_expression("(`\u{c3}\u{9c}n\u{c3}\u{af} x` > 0)"), "(`Ünï x` > 0)");
        assert_eq!(mysql_expression("(`Ünï x` > 0)"), "(`Ünï x` > 0)");
    }

    #[test]
    fn a_literal_is_one_only_as_a_whole() {
        assert_eq!(text_literal(r"'it''s \\ \n'").as_deref(), Some("it's \\ \n"));
        assert_eq!(text_literal(r"_utf8mb4'it\'s'").as_deref(), Some("it's"));
        assert_eq!(text_literal("''").as_deref(), Some(""));
        assert_eq!(text_literal(r"'\\'''").as_deref(), Some(r"\'"));
        assert_eq!(text_literal("concat('a','b')"), None);
        assert_eq!(text_literal("'a' + 'b'"), None);
        assert_eq!(text_literal("b'101'"), None);
        assert_eq!(text_literal("'"), None);
    }

    #[test]
    fn an_expression_loses_the_name_of_its_database_and_nothing_else() {
        let text = "select `app`.`t`.`id` AS `id` from `app`.`t` where `app`.`t`.`v` <> '`app`.'";
        assert_eq!(without_database(text, "app"), "select `t`.`id` AS `id` from `t` where `t`.`v` <> '`app`.'");
        let alias = "select `app`.`id` AS `id` from `app`.`t` `app`";
        assert_eq!(without_database(alias, "app"), alias);
    }

    #[test]
    fn names_in_double_quotes_get_backticks() {
        assert_eq!(backticked(r#""a" > 0 and "b""c`" <> 'it\'s "x"'"#), r#"`a` > 0 and `b"c``` <> 'it\'s "x"'"#);
    }

    #[test]
    fn a_number_is_digits_with_a_sign_a_point_and_an_exponent() {
        for number in ["0", "-3", "1.50", "1e10", "1.23e-300", "-1.5E+7"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", "-", ".5", "1.", "0x10", "1e", "1 + 2", "inf", "b'1'", "-(3)"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
