//! SQLite's declared types: the text that SeaQuery writes for each type, and what an entity is content with.

use autogen_schema::{IntegerWidth, Type};

/// The type that is read back after this one was declared.
pub(super) fn spell(ty: &Type) -> Type {
    match ty {
        // SeaQuery declares these alike; the reader gives the first.
        Type::Integer { width: IntegerWidth::Tiny, .. } => Type::integer(IntegerWidth::Tiny),
        Type::Integer { width: IntegerWidth::Small, .. } => Type::integer(IntegerWidth::Small),
        Type::Integer { .. } => Type::integer(IntegerWidth::Regular),
        Type::Text { .. } => Type::text(),
        Type::Blob { .. } => Type::Blob { size: autogen_schema::BlobSize::Regular },
        Type::Boolean
        | Type::Float
        | Type::Double
        | Type::Decimal { .. }
        | Type::Money
        | Type::Char { .. }
        | Type::Varchar { .. }
        | Type::Binary { .. }
        | Type::VarBinary { .. }
        | Type::Date
        | Type::Json
        | Type::JsonBinary
        | Type::Uuid
        | Type::Other { .. }
        | Type::Opaque { .. } => ty.clone(),
        Type::Time { .. } => Type::Time { precision: None, with_time_zone: false },
        Type::DateTime { .. } => Type::DateTime { precision: None },
        Type::Timestamp { .. } => Type::Timestamp { precision: None },
        Type::TimestampWithTimeZone { .. } => Type::TimestampWithTimeZone { precision: None },
        // SeaQuery panics on these; a text of the same shape keeps the affinity of what SeaORM binds.
        Type::Enum { .. }
        | Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Year
        | Type::Interval { .. }
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Array { .. } => Type::other(declared(ty)),
    }
}

/// The declared text, as SeaQuery writes it.
pub(super) fn declared(ty: &Type) -> String {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    match ty {
        Type::Boolean => "boolean".into(),
        Type::Integer { width: IntegerWidth::Tiny, .. } => "tinyint".into(),
        Type::Integer { width: IntegerWidth::Small, .. } => "smallint".into(),
        Type::Integer { .. } => "integer".into(),
        Type::Float => "float".into(),
        Type::Double => "double".into(),
        Type::Decimal { precision: None } => "real_decimal".into(),
        Type::Decimal { precision: Some((digits, scale)) } => format!("real({digits}, {scale})"),
        Type::Money => "real_money".into(),
        Type::Char { length } => sized("char", length),
        Type::Varchar { length } => sized("varchar", length),
        Type::Text { .. } => "text".into(),
        Type::Binary { length } => format!("blob({length})"),
        Type::VarBinary { length } => sized("varbinary_blob", length),
        Type::Blob { .. } => "blob".into(),
        Type::Bit { .. } | Type::VarBit { .. } => "bit_text".into(),
        Type::Date => "date_text".into(),
        Type::Time { .. } => "time_text".into(),
        Type::DateTime { .. } => "datetime_text".into(),
        Type::Timestamp { .. } => "timestamp_text".into(),
        Type::TimestampWithTimeZone { .. } => "timestamp_with_timezone_text".into(),
        Type::Year => "year_integer".into(),
        Type::Interval { .. } => "interval_text".into(),
        Type::Json => "json_text".into(),
        Type::JsonBinary => "jsonb_text".into(),
        Type::Uuid => "uuid_text".into(),
        Type::Inet => "inet_text".into(),
        Type::Cidr => "cidr_text".into(),
        Type::MacAddr => "macaddr_text".into(),
        Type::LTree => "ltree_text".into(),
        Type::Vector { .. } => "vector_blob".into(),
        Type::Enum { .. } => "enum_text".into(),
        Type::Array { .. } => "array_text".into(),
        Type::Other { text } => text.clone(),
        Type::Opaque { path } => unreachable!("a column of the unknown type {path} is refused before it is lowered"),
    }
}

/// How SQLite treats values of a declared type: https://www.sqlite.org/datatype3.html#determination_of_column_affinity
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

fn affinity(declared: &str) -> Affinity {
    let declared = declared.to_ascii_uppercase();
    let says = |word: &str| declared.contains(word);
    if says("INT") {
        Affinity::Integer
    } else if says("CHAR") || says("CLOB") || says("TEXT") {
        Affinity::Text
    } else if says("BLOB") || declared.is_empty() {
        Affinity::Blob
    } else if says("REAL") || says("FLOA") || says("DOUB") {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// Types are free text that SQLite looks at only for its affinity, and people write them in many ways. An entity is
/// content where the affinity can hold what SeaORM binds; two lengths that are both said must agree.
pub(super) fn is_content(said: &Type, live: &Type) -> bool {
    use Affinity::{Blob, Integer, Numeric, Real, Text};
    let live_text = declared(live);
    let live_affinity = affinity(&live_text);
    let holds: &[Affinity] = match said {
        Type::Boolean => &[Integer, Numeric],
        Type::Integer { .. } | Type::Year => &[Integer, Numeric],
        Type::Float | Type::Double => &[Real, Numeric],
        Type::Decimal { .. } | Type::Money => &[Real, Numeric, Text],
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } | Type::Enum { .. } => &[Text],
        Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. } | Type::Vector { .. } => &[Blob],
        Type::Date
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::Timestamp { .. }
        | Type::TimestampWithTimeZone { .. } => &[Text, Numeric],
        Type::Json | Type::JsonBinary => &[Text, Numeric, Blob],
        Type::Uuid => &[Text, Blob, Numeric],
        Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Interval { .. }
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Array { .. } => &[Text],
        Type::Other { text } => return text.eq_ignore_ascii_case(&live_text),
        Type::Opaque { .. } => return true,
    };
    holds.contains(&live_affinity) && !means_something_else(said, &live_text) && !lengths_contradict(said, live)
}

/// Every word that SQLite does not know has the affinity of numbers, `DATETIME` and `JSON` too. Where the word is really
/// one for numbers, truths or moments, what is no such thing does not belong into the column.
fn means_something_else(said: &Type, declared: &str) -> bool {
    let declared = declared.to_ascii_uppercase();
    let says = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    let is_of_numbers = || says(&["DEC", "NUM", "MONEY", "BOOL"]);
    let is_of_moments = || says(&["DATE", "TIME"]);
    match said {
        Type::Date
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::Timestamp { .. }
        | Type::TimestampWithTimeZone { .. } => is_of_numbers(),
        Type::Json | Type::JsonBinary | Type::Uuid => is_of_numbers() || is_of_moments(),
        Type::Boolean
        | Type::Integer { .. }
        | Type::Float
        | Type::Double
        | Type::Decimal { .. }
        | Type::Money
        | Type::Char { .. }
        | Type::Varchar { .. }
        | Type::Text { .. }
        | Type::Binary { .. }
        | Type::VarBinary { .. }
        | Type::Blob { .. }
        | Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Year
        | Type::Interval { .. }
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Enum { .. }
        | Type::Array { .. }
        | Type::Other { .. }
        | Type::Opaque { .. } => false,
    }
}

fn lengths_contradict(said: &Type, live: &Type) -> bool {
    match (said, live) {
        (
            Type::Char { length: Some(said) } | Type::Varchar { length: Some(said) },
            Type::Char { length: Some(live) } | Type::Varchar { length: Some(live) },
        ) => said != live,
        (Type::Decimal { precision: Some(said) }, Type::Decimal { precision: Some(live) }) => said != live,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_other_tools_are_no_difference() {
        let integer = Type::integer(IntegerWidth::Big);
        let zoned = Type::TimestampWithTimeZone { precision: None };
        for (said, live) in [
            (Type::Boolean, "INTEGER"),
            (Type::Boolean, "BOOL"),
            (integer.clone(), "bigint"),
            (integer, "INT UNSIGNED"),
            (Type::Varchar { length: None }, "TEXT"),
            (Type::DateTime { precision: None }, "datetime_text"),
            (Type::Date, "TIMESTAMP"),
            (Type::Json, "JSON"),
            (Type::Uuid, "UUID"),
            (zoned, "TIMESTAMP WITHOUT TIME ZONE"),
        ] {
            assert!(is_content(&said, &Type::other(live)), "{said} on {live}");
        }
    }

    #[test]
    fn another_affinity_is_a_difference() {
        assert!(!is_content(&Type::text(), &Type::other("INTEGER")));
        assert!(!is_content(&Type::integer(IntegerWidth::Regular), &Type::other("TEXT")));
        assert!(!is_content(&Type::varchar(10), &Type::varchar(20)));
        assert!(!is_content(&Type::DateTime { precision: None }, &Type::other("DECIMAL(10,5)")));
        assert!(!is_content(&Type::Uuid, &Type::other("datetime")));
    }

    #[test]
    fn spelling_twice_is_spelling_once() {
        for ty in
            [Type::Year, Type::integer(IntegerWidth::Big), Type::Uuid, Type::Array { element: Box::new(Type::Uuid) }]
        {
            assert_eq!(spell(&spell(&ty)), spell(&ty));
        }
    }
}
