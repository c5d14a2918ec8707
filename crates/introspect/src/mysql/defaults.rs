//! `COLUMN_DEFAULT` as a [`DefaultValue`].
//!
//! MySQL gives a literal bare (`it's`) and marks an expression by `DEFAULT_GENERATED` among the extras; MariaDB gives
//! SQL, in which a text stands in quotes and the word `NULL` means what a nullable column has anyway.

use autogen_schema::{DefaultValue, Type};

use super::Flavour;
use super::expression::{is_number, mysql_expression, quoted_text, text_literal, without_parentheses};

/// The default that the catalog's text means; `None` where there is none, or where it is the NULL that a nullable
/// column has unasked.
pub(super) fn parse(
    flavour: Flavour,
    text: &str,
    is_expression: bool,
    ty: &Type,
    type_text: &str,
) -> Option<DefaultValue> {
    let column = ColumnKind::of(ty, type_text);
    match flavour {
        Flavour::Mysql if is_expression => expression(&mysql_expression(text), column),
        Flavour::Mysql => Some(mysql_literal(text, column)),
        Flavour::Mariadb => expression(text, column),
    }
}

/// The default that a `CREATE TABLE` of either server says, in which both write SQL. MySQL puts numbers into quotes, and
/// text with unusual characters into hexadecimal digits.
pub(super) fn of_statement(sql: &str, ty: &Type, type_text: &str) -> Option<DefaultValue> {
    let column = ColumnKind::of(ty, type_text);
    let plain = match column {
        ColumnKind::Truth | ColumnKind::Number => text_literal(sql),
        ColumnKind::Bytes | ColumnKind::Text => hexadecimal(sql).map(|text| quoted_text(&text)),
        ColumnKind::Bits => None,
    };
    expression(plain.as_deref().unwrap_or(sql), column)
}

/// `CURRENT_TIMESTAMP` or `CURRENT_TIMESTAMP(n)` where the text is one of its spellings.
pub(super) fn current_timestamp(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = lower.strip_prefix("current_timestamp")?;
    match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        None => rest.is_empty().then(|| "CURRENT_TIMESTAMP".to_owned()),
        Some("" | "0") => Some("CURRENT_TIMESTAMP".to_owned()),
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("CURRENT_TIMESTAMP({digits})"))
        }
    }
}

/// What a literal means depends on the column that it fills.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ColumnKind {
    Truth,
    Number,
    Bits,
    Bytes,
    Text,
}

impl ColumnKind {
    fn of(ty: &Type, type_text: &str) -> Self {
        const NUMBERS: [&str; 9] =
            ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year"];
        match ty {
            Type::Boolean => Self::Truth,
            Type::Bit { .. } => Self::Bits,
            Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. } => Self::Bytes,
            _ => {
                let name = type_text.split(['(', ' ']).next().unwrap_or_default();
                if NUMBERS.contains(&name) { Self::Number } else { Self::Text }
            }
        }
    }
}

fn mysql_literal(text: &str, column: ColumnKind) -> DefaultValue {
    match column {
        ColumnKind::Truth => truth(text).unwrap_or_else(|| DefaultValue::Number(text.to_owned())),
        ColumnKind::Number => DefaultValue::Number(text.to_owned()),
        ColumnKind::Bits => DefaultValue::expression(text),
        // MySQL gives bytes as a hexadecimal number, which it also accepts.
        ColumnKind::Bytes => readable_bytes(text).map_or_else(|| DefaultValue::expression(text), DefaultValue::Text),
        ColumnKind::Text => DefaultValue::Text(text.to_owned()),
    }
}

fn expression(text: &str, column: ColumnKind) -> Option<DefaultValue> {
    let text = without_parentheses(text);
    if text.eq_ignore_ascii_case("null") {
        return None;
    }
    if let Some(now) = current_timestamp(text) {
        return Some(DefaultValue::Expression(now));
    }
    let literal = match column {
        ColumnKind::Truth => truth(text).or_else(|| number(text)),
        ColumnKind::Number => number(text),
        ColumnKind::Bits => None,
        ColumnKind::Bytes => text_literal(text).filter(|text| is_readable(text)).map(DefaultValue::Text),
        ColumnKind::Text => text_literal(text).map(DefaultValue::Text),
    };
    Some(literal.unwrap_or_else(|| DefaultValue::expression(text)))
}

fn truth(text: &str) -> Option<DefaultValue> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" => Some(DefaultValue::Boolean(true)),
        "0" | "false" => Some(DefaultValue::Boolean(false)),
        _ => None,
    }
}

fn number(text: &str) -> Option<DefaultValue> {
    let digits = text_literal(text).unwrap_or_else(|| text.to_owned());
    is_number(&digits).then_some(DefaultValue::Number(digits))
}

/// The text that `0x616263` spells, where it is text that a person can read.
fn readable_bytes(hex: &str) -> Option<String> {
    hexadecimal(hex).filter(|text| is_readable(text))
}

/// The text that a hexadecimal number spells.
pub(super) fn hexadecimal(hex: &str) -> Option<String> {
    let digits = hex.strip_prefix("0x")?;
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

fn is_readable(text: &str) -> bool {
    // MariaDB gives a question mark for a byte that is no text.
    !text.chars().any(|letter| letter.is_control() || letter == '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mysql(text: &str, is_expression: bool, type_text: &str) -> Option<DefaultValue> {
        parse(Flavour::Mysql, text, is_expression, &super::super::types::parse(type_text), type_text)
    }

    fn mariadb(text: &str, type_text: &str) -> Option<DefaultValue> {
        parse(Flavour::Mariadb, text, false, &super::super::types::parse(type_text), type_text)
    }

    fn text(text: &str) -> Option<DefaultValue> {
        Some(DefaultValue::Text(text.into()))
    }

    #[test]
    fn text_is_text_whatever_it_looks_like() {
        for given in ["", "it's", "NULL", "007", "current_timestamp()", "1 + 2"] {
            assert_eq!(mysql(given, false, "varchar(20)"), text(given));
            assert_eq!(mariadb(&super::super::expression::quoted_text(given), "varchar(20)"), text(given));
        }
    }

    #[test]
    fn null_is_what_a_nullable_column_has_anyway() {
        assert_eq!(mariadb("NULL", "int(11)"), None);
        assert_eq!(mysql("NULL", true, "int"), None);
    }

    #[test]
    fn numbers_and_truth_values_keep_their_type() {
        assert_eq!(mysql("1.50", false, "decimal(10,2)"), Some(DefaultValue::Number("1.50".into())));
        assert_eq!(mysql("1", false, "tinyint(1)"), Some(DefaultValue::Boolean(true)));
        assert_eq!(mariadb("0", "tinyint(1)"), Some(DefaultValue::Boolean(false)));
        assert_eq!(mariadb("7", "tinyint(1)"), Some(DefaultValue::Number("7".into())));
        assert_eq!(mariadb("2020", "year(4)"), Some(DefaultValue::Number("2020".into())));
        assert_eq!(mysql("1.5", false, "decimal(4,1) unsigned"), Some(DefaultValue::Number("1.5".into())));
    }

    #[test]
    fn the_clock_has_one_spelling() {
        let now = |precision: &str| Some(DefaultValue::expression(format!("CURRENT_TIMESTAMP{precision}")));
        assert_eq!(mysql("CURRENT_TIMESTAMP(6)", true, "datetime(6)"), now("(6)"));
        assert_eq!(mariadb("current_timestamp()", "timestamp"), now(""));
        assert_eq!(mariadb("current_timestamp(3)", "timestamp(3)"), now("(3)"));
    }

    #[test]
    fn an_expression_keeps_its_words() {
        assert_eq!(mysql("(1 + 2)", true, "int"), Some(DefaultValue::expression("1 + 2")));
        assert_eq!(mariadb("uuid()", "uuid"), Some(DefaultValue::expression("uuid()")));
        assert_eq!(mysql("b'101'", false, "bit(4)"), Some(DefaultValue::expression("b'101'")));
        assert_eq!(mysql(r"_utf8mb4\'abc\'", true, "text"), text("abc"));
    }

    #[test]
    fn bytes_are_text_only_where_they_read_as_text() {
        assert_eq!(mysql("0x616263", false, "varbinary(20)"), text("abc"));
        assert_eq!(mysql("0xFF00", false, "varbinary(5)"), Some(DefaultValue::expression("0xFF00")));
    }
}
