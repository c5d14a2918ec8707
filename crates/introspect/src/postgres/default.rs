//! What a column's default says: a literal where that is certain, the server's text everywhere else.

use autogen_schema::{DefaultValue, Type};

use super::sql_text::{string_constant, without_outer_parens};

/// The default that `sql` (`pg_get_expr`'s text) is, on a column of this type. `type_text` is the server's name of
/// the type.
pub(super) fn default(sql: &str, ty: &Type, type_text: &str) -> DefaultValue {
    literal(sql, ty, type_text).unwrap_or_else(|| DefaultValue::expression(without_outer_parens(sql)))
}

fn literal(sql: &str, ty: &Type, type_text: &str) -> Option<DefaultValue> {
    if is_null(sql, type_text) {
        return Some(DefaultValue::Null);
    }
    match class(ty, type_text) {
        Class::Text => {
            let (text, cast) = string_constant(sql)?;
            let same = cast_to(cast, type_text) || TEXTS.iter().any(|name| cast_to(cast, name));
            same.then(|| DefaultValue::Text(text.into_owned()))
        }
        Class::Enum => {
            let (text, cast) = string_constant(sql)?;
            cast_to(cast, type_text).then(|| DefaultValue::Text(text.into_owned()))
        }
        Class::Number => number(sql, type_text).map(DefaultValue::Number),
        Class::Boolean => match sql {
            "true" => Some(DefaultValue::Boolean(true)),
            "false" => Some(DefaultValue::Boolean(false)),
            _ => None,
        },
        Class::Other => None,
    }
}

const TEXTS: [&str; 3] = ["character varying", "text", "bpchar"];
const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];

/// Which literals a column can have. On any other type a constant stays an expression: `'{}'::jsonb`.
enum Class {
    Text,
    Number,
    Boolean,
    Enum,
    Other,
}

fn class(ty: &Type, type_text: &str) -> Class {
    match ty {
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } => Class::Text,
        // An extension's type, whatever schema the extension is in.
        Type::Other { .. } if type_text == "citext" || type_text.ends_with(".citext") => Class::Text,
        Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. } => Class::Number,
        Type::Boolean => Class::Boolean,
        Type::Enum { .. } => Class::Enum,
        Type::Money
        | Type::Binary { .. }
        | Type::VarBinary { .. }
        | Type::Blob { .. }
        | Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Date
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::Timestamp { .. }
        | Type::TimestampWithTimeZone { .. }
        | Type::Year
        | Type::Interval { .. }
        | Type::Json
        | Type::JsonBinary
        | Type::Uuid
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Array { .. }
        | Type::Other { .. }
        | Type::Opaque { .. } => Class::Other,
    }
}

/// Whether the text after a constant is a cast to exactly this type and nothing more.
fn cast_to(rest: &str, type_text: &str) -> bool {
    rest.strip_prefix("::") == Some(type_text)
}

fn is_null(sql: &str, type_text: &str) -> bool {
    sql.strip_prefix("NULL").is_some_and(|cast| {
        // The server writes the type without its length here.
        let name = type_text.split('(').next().unwrap_or(type_text);
        let of_text = TEXTS.iter().any(|text| cast_to(cast, text)) && (name.starts_with("char") || name == "bpchar");
        cast.is_empty() || cast_to(cast, type_text) || cast_to(cast, name) || of_text
    })
}

/// `0`, `'-1'::integer`, `1.5`.
fn number(sql: &str, type_text: &str) -> Option<String> {
    let (digits, cast) = match string_constant(sql) {
        Some((digits, cast)) => (digits.into_owned(), cast),
        None => match sql.find("::") {
            Some(at) => (sql[..at].to_owned(), &sql[at..]),
            None => (sql.to_owned(), ""),
        },
    };
    let numeric = cast.is_empty() || cast_to(cast, type_text) || NUMBERS.iter().any(|name| cast_to(cast, name));
    (numeric && is_number(&digits)).then_some(digits)
}

/// Digits with a sign, a point and an exponent where there are any; not `NaN` or `Infinity`.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
        && text.chars().any(|letter| letter.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use autogen_schema::{EnumName, IntegerWidth};

    use super::*;

    fn check(sql: &str, ty: &Type, type_text: &str, expected: &DefaultValue) {
        assert_eq!(&default(sql, ty, type_text), expected, "{sql}");
    }

    #[test]
    fn a_constant_of_the_columns_own_kind_is_a_literal() {
        let varchar = "character varying(120)";
        check("'x'::character varying", &Type::varchar(120), varchar, &DefaultValue::Text("x".into()));
        check("''::text", &Type::text(), "text", &DefaultValue::Text(String::new()));
        check("'a''b'::bpchar", &Type::Char { length: Some(3) }, "character(3)", &DefaultValue::Text("a'b".into()));
        let integer = Type::integer(IntegerWidth::Regular);
        check("'-1'::integer", &integer, "integer", &DefaultValue::Number("-1".into()));
        check("0", &integer, "integer", &DefaultValue::Number("0".into()));
        let decimal = Type::Decimal { precision: Some((10, 2)) };
        check("1.50", &decimal, "numeric(10,2)", &DefaultValue::Number("1.50".into()));
        check("true", &Type::Boolean, "boolean", &DefaultValue::Boolean(true));
        let mood = Type::Enum { name: Some(EnumName::qualified("public", "mood")), labels: Vec::new() };
        check("'ok'::mood", &mood, "mood", &DefaultValue::Text("ok".into()));
        check("NULL::character varying", &Type::varchar(120), varchar, &DefaultValue::Null);
    }

    #[test]
    fn everything_else_is_an_expression() {
        for (sql, ty, type_text) in [
            ("'a'::text || 'b'::text", Type::text(), "text"),
            ("'{}'::jsonb", Type::JsonBinary, "jsonb"),
            ("'NaN'::numeric", Type::Decimal { precision: None }, "numeric"),
            ("1 + 1", Type::integer(IntegerWidth::Regular), "integer"),
            ("(0)::bigint", Type::integer(IntegerWidth::Big), "bigint"),
            ("CURRENT_TIMESTAMP", Type::DateTime { precision: None }, "timestamp without time zone"),
            ("NULLIF(1, 1)", Type::integer(IntegerWidth::Regular), "integer"),
        ] {
            check(sql, &ty, type_text, &DefaultValue::expression(sql));
        }
        check("('a'::text || 'b'::text)", &Type::text(), "text", &DefaultValue::expression("'a'::text || 'b'::text"));
    }
}
