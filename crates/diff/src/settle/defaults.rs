//! Defaults: when two of them are the same.

use autogen_schema::{DefaultValue, Type};

/// What can be said of two defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sameness {
    Same,
    Different,
    /// At least one is an expression whose text differs: only the server could tell.
    Unknown,
}

/// Compares the default of an entity with the one that the database reports, for a column of type `ty`.
pub(crate) fn same_default(ty: &Type, desired: &DefaultValue, live: &DefaultValue) -> Sameness {
    use DefaultValue::{Boolean, Expression, Null, Number, Text};
    let literal = |same: bool| if same { Sameness::Same } else { Sameness::Different };
    match (desired, live) {
        (Expression(one), Expression(other)) => same_expression(one, other),
        (Expression(sql), literal) | (literal, Expression(sql)) => same_as_literal(sql, literal),
        (Null, Null) => Sameness::Same,
        (Null, _) | (_, Null) => Sameness::Different,
        (Boolean(one), Boolean(other)) => literal(one == other),
        (Boolean(truth), Number(digits)) | (Number(digits), Boolean(truth)) => {
            literal(same_number(digits, if *truth { "1" } else { "0" }))
        }
        (Number(one), Number(other)) => literal(same_number(one, other)),
        (Text(one), Text(other)) => literal(one == other || (is_number(ty) && same_number(one, other))),
        (Number(one), Text(other)) | (Text(one), Number(other)) => literal(same_number(one, other)),
        (Boolean(truth), Text(text)) | (Text(text), Boolean(truth)) => {
            literal(text.eq_ignore_ascii_case(if *truth { "true" } else { "false" }))
        }
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. } | Type::Money)
}

/// Whether two decimal texts are the same number. Texts, not floats: `0.1` has no exact float.
fn same_number(one: &str, other: &str) -> bool {
    fn canonical(text: &str) -> Option<(bool, String, String)> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.chars().all(|digit| digit.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            return None;
        }
        Some((negative, whole.trim_start_matches('0').into(), fraction.trim_end_matches('0').into()))
    }
    match (canonical(one), canonical(other)) {
        (Some((n1, w1, f1)), Some((n2, w2, f2))) => {
            let zero = w1.is_empty() && f1.is_empty();
            w1 == w2 && f1 == f2 && (n1 == n2 || zero)
        }
        _ => one == other,
    }
}

fn same_expression(one: &str, other: &str) -> Sameness {
    if same_text(one, other) { Sameness::Same } else { Sameness::Unknown }
}

/// Whether two expressions differ only in what means nothing in any database.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one == other || normalise(one) == normalise(other)
}

/// An entity may say `Expr::cust("'draft'")` where the server reports the literal, or the other way round.
fn same_as_literal(sql: &str, literal: &DefaultValue) -> Sameness {
    let text = match literal {
        DefaultValue::Null => "null".to_owned(),
        DefaultValue::Boolean(truth) => truth.to_string(),
        DefaultValue::Number(digits) => digits.clone(),
        DefaultValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        DefaultValue::Expression(sql) => sql.clone(),
    };
    same_expression(sql, &text)
}

/// Spelling that means nothing in any database: case and white space outside quotes, outer parentheses, casts of a
/// literal, and the names of the current time, of which a server keeps one.
fn normalise(sql: &str) -> String {
    let mut text = fold(strip_parentheses(sql.trim()));
    if let Some(at) = text.find("::")
        && text.starts_with('\'')
    {
        text.truncate(at);
    }
    match text.as_str() {
        "now()" | "current_timestamp()" | "localtimestamp" | "localtimestamp()" => "current_timestamp".into(),
        "curdate()" | "current_date()" => "current_date".into(),
        _ => text,
    }
}

/// Lower case and without white space outside quotes.
fn fold(sql: &str) -> String {
    let mut folded = String::with_capacity(sql.len());
    let mut quote: Option<char> = None;
    for letter in sql.chars() {
        match quote {
            Some(open) => {
                folded.push(letter);
                if letter == open {
                    quote = None;
                }
            }
            None if letter == '\'' || letter == '"' || letter == '`' => {
                quote = Some(letter);
                folded.push(letter);
            }
            None if letter.is_whitespace() => {}
            None => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// Without the parentheses that enclose the whole.
fn strip_parentheses(sql: &str) -> &str {
    let Some(inner) = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return sql };
    let mut depth = 0_i32;
    let mut quoted = false;
    for letter in inner.chars() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return sql;
        }
    }
    strip_parentheses(inner.trim())
}

#[cfg(test)]
mod tests {
    use autogen_schema::IntegerWidth;

    use super::*;

    fn check(desired: &DefaultValue, live: &DefaultValue, expected: Sameness) {
        let ty = Type::integer(IntegerWidth::Regular);
        assert_eq!(same_default(&ty, desired, live), expected, "{desired:?} and {live:?}");
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let number = |text: &str| DefaultValue::Number(text.into());
        check(&number("5"), &number("5.0"), Sameness::Same);
        check(&number("0.10"), &number("0.1"), Sameness::Same);
        check(&number("-1"), &number("1"), Sameness::Different);
        check(&number("5"), &DefaultValue::Text("5".into()), Sameness::Same);
        check(&DefaultValue::Boolean(false), &number("0"), Sameness::Same);
    }

    #[test]
    fn the_current_time_has_many_names() {
        for name in ["now()", "CURRENT_TIMESTAMP", "current_timestamp()", "(CURRENT_TIMESTAMP)"] {
            check(&DefaultValue::expression("CURRENT_TIMESTAMP"), &DefaultValue::expression(name), Sameness::Same);
        }
    }

    #[test]
    fn expressions_that_differ_as_text_are_never_called_equal_or_different() {
        check(&DefaultValue::expression("a + 1"), &DefaultValue::expression("1 + a"), Sameness::Unknown);
        check(&DefaultValue::expression("'A'"), &DefaultValue::Text("a".into()), Sameness::Unknown);
        check(&DefaultValue::expression("(a) || (b)"), &DefaultValue::expression("a) || (b"), Sameness::Unknown);
    }
}
