//! Defaults: which texts are certainly a literal.

use autogen_schema::DefaultValue;

use super::cursor::without_outer_parentheses;
use super::token::{Token, TokenKind, tokens, unquote};

/// The default that `DEFAULT text` means, where `text` may stand in parentheses.
pub(crate) fn default_value(text: &str) -> DefaultValue {
    let bare = without_outer_parentheses(text);
    let in_parentheses = bare.len() != text.trim().len();
    let literal = tokens(bare).ok().and_then(|tokens| match tokens.as_slice() {
        [sign, number] if sign.is_symbol("-") => {
            decimal(number).map(|digits| DefaultValue::Number(format!("-{digits}")))
        }
        [sign, number] if sign.is_symbol("+") => decimal(number).map(DefaultValue::Number),
        [only] => single(only, in_parentheses),
        _ => None,
    });
    literal.unwrap_or_else(|| DefaultValue::expression(bare))
}

fn single(token: &Token<'_>, in_parentheses: bool) -> Option<DefaultValue> {
    match token.kind {
        TokenKind::String => Some(DefaultValue::Text(unquote(token.text))),
        TokenKind::Number => decimal(token).map(DefaultValue::Number),
        TokenKind::Word => word(token.text, in_parentheses),
        // Without parentheses SQLite's grammar takes a name for a text, whatever its quotes.
        TokenKind::QuotedName if !in_parentheses => Some(DefaultValue::Text(unquote(token.text))),
        TokenKind::QuotedName | TokenKind::Blob | TokenKind::Variable | TokenKind::Symbol => None,
    }
}

fn word(word: &str, in_parentheses: bool) -> Option<DefaultValue> {
    match word.to_ascii_uppercase().as_str() {
        "NULL" => Some(DefaultValue::Null),
        "TRUE" => Some(DefaultValue::Boolean(true)),
        "FALSE" => Some(DefaultValue::Boolean(false)),
        "CURRENT_TIME" | "CURRENT_DATE" | "CURRENT_TIMESTAMP" => None,
        _ if in_parentheses => None,
        _ => Some(DefaultValue::Text(word.to_owned())),
    }
}

/// A number in decimal digits; hexadecimal ones and those with `_` stay as they are written.
fn decimal(token: &Token<'_>) -> Option<String> {
    let plain = token.kind == TokenKind::Number
        && token.text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E' | '+' | '-'));
    plain.then(|| token.text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certain_literals_are_literals() {
        for (text, value) in [
            ("'it''s'", DefaultValue::Text("it's".into())),
            ("('x')", DefaultValue::Text("x".into())),
            ("bare", DefaultValue::Text("bare".into())),
            ("\"quoted\"", DefaultValue::Text("quoted".into())),
            ("\"true\"", DefaultValue::Text("true".into())),
            ("1", DefaultValue::Number("1".into())),
            ("- 1.5", DefaultValue::Number("-1.5".into())),
            ("+2", DefaultValue::Number("2".into())),
            ("1e-3", DefaultValue::Number("1e-3".into())),
            ("True", DefaultValue::Boolean(true)),
            ("(FALSE)", DefaultValue::Boolean(false)),
            ("null", DefaultValue::Null),
            ("0x1F", DefaultValue::expression("0x1F")),
            ("x'00ff'", DefaultValue::expression("x'00ff'")),
            ("current_timestamp", DefaultValue::expression("current_timestamp")),
            ("(CURRENT_TIMESTAMP)", DefaultValue::expression("CURRENT_TIMESTAMP")),
            ("(1 + 2)", DefaultValue::expression("1 + 2")),
            ("(datetime('now'))", DefaultValue::expression("datetime('now')")),
            ("- -1", DefaultValue::expression("- -1")),
        ] {
            assert_eq!(default_value(text), value, "{text}");
        }
    }
}
