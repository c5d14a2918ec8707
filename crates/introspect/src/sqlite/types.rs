//! Declared types, which are free text in SQLite.
//!
//! A type gets a shared name only where the text is, letter for letter, what SeaQuery's SQLite builder writes for that
//! type. Everything else keeps its own words, so that a rebuild writes them back exactly.

use autogen_schema::{BlobSize, IntegerWidth, Type};

/// The type that a declared text means.
pub(crate) fn declared_type(text: &str) -> Type {
    plain(text).or_else(|| sized(text)).unwrap_or_else(|| Type::other(text))
}

fn plain(text: &str) -> Option<Type> {
    Some(match text {
        "boolean" => Type::Boolean,
        "tinyint" => Type::integer(IntegerWidth::Tiny),
        "smallint" => Type::integer(IntegerWidth::Small),
        "integer" => Type::integer(IntegerWidth::Regular),
        "float" => Type::Float,
        "double" => Type::Double,
        "real_decimal" => Type::Decimal { precision: None },
        "real_money" => Type::Money,
        "char" => Type::Char { length: None },
        "varchar" => Type::Varchar { length: None },
        "text" => Type::text(),
        "varbinary_blob" => Type::VarBinary { length: None },
        "blob" => Type::Blob { size: BlobSize::Regular },
        "date_text" => Type::Date,
        "time_text" => Type::Time { precision: None, with_time_zone: false },
        "datetime_text" => Type::DateTime { precision: None },
        "timestamp_text" => Type::Timestamp { precision: None },
        "timestamp_with_timezone_text" => Type::TimestampWithTimeZone { precision: None },
        "json_text" => Type::Json,
        "jsonb_text" => Type::JsonBinary,
        "uuid_text" => Type::Uuid,
        _ => return None,
    })
}

fn sized(text: &str) -> Option<Type> {
    let (name, arguments) = text.strip_suffix(')')?.split_once('(')?;
    match (name, arguments.split_once(", ")) {
        ("char", None) => Some(Type::Char { length: Some(size(arguments)?) }),
        ("varchar", None) => Some(Type::varchar(size(arguments)?)),
        ("blob", None) => Some(Type::Binary { length: size(arguments)? }),
        ("varbinary_blob", None) => Some(Type::VarBinary { length: Some(size(arguments)?) }),
        ("real", Some((digits, scale))) => Some(Type::Decimal { precision: Some((size(digits)?, size(scale)?)) }),
        _ => None,
    }
}

/// A number as SeaQuery writes it: no sign, no space, no zero in front.
fn size(text: &str) -> Option<u32> {
    text.parse().ok().filter(|size: &u32| size.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_seaquery_would_not_write_keeps_its_words() {
        for text in
            ["INTEGER", "varchar(020)", "varchar( 20 )", "real(10,2)", "enum_text", "", "int", "varchar(99999999999)"]
        {
            assert_eq!(declared_type(text), Type::other(text));
        }
    }
}
