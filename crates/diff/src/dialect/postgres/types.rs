//! PostgreSQL's types, as the catalog spells them.

use autogen_schema::{BlobSize, IntegerWidth, TextSize, Type};

use super::super::Dialect;
use super::Postgres;

/// The type that the catalog reports for this one.
pub(super) fn spell(ty: &Type) -> Type {
    use IntegerWidth::{Big, Medium, Regular, Small, Tiny};
    match ty {
        // There are no unsigned integers: SeaQuery takes the next larger one.
        Type::Integer { width: Tiny, .. } | Type::Integer { width: Small, unsigned: false } => Type::integer(Small),
        Type::Integer { width: Small | Medium, .. } | Type::Integer { width: Regular, unsigned: false } => {
            Type::integer(Regular)
        }
        Type::Integer { width: Regular | Big, .. } => Type::integer(Big),
        Type::Text { .. } => Type::Text { size: TextSize::Regular },
        Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. } => Type::Blob { size: BlobSize::Regular },
        Type::Char { length } => Type::Char { length: Some(length.unwrap_or(1)) },
        Type::Bit { length } => Type::Bit { length: Some(length.unwrap_or(1)) },
        Type::Timestamp { precision } => Type::DateTime { precision: *precision },
        Type::Decimal { precision: Some((digits, 0)) } => Type::Decimal { precision: Some((*digits, 0)) },
        Type::Enum { name: Some(name), .. } => Type::Enum { name: Some(name.clone()), labels: Vec::new() },
        Type::Array { element } => Type::Array { element: Box::new(spell(element)) },
        Type::Other { text } => alias(text),
        Type::Year => Type::integer(Small),
        Type::Boolean
        | Type::Float
        | Type::Double
        | Type::Decimal { .. }
        | Type::Money
        | Type::Varchar { .. }
        | Type::VarBit { .. }
        | Type::Date
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::TimestampWithTimeZone { .. }
        | Type::Interval { .. }
        | Type::Json
        | Type::JsonBinary
        | Type::Uuid
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Enum { name: None, .. }
        | Type::Opaque { .. } => ty.clone(),
    }
}

/// What people write in `custom("…")` and the catalog spells otherwise.
/// See https://www.postgresql.org/docs/current/datatype.html#DATATYPE-TABLE
fn alias(text: &str) -> Type {
    let lower = text.trim().to_ascii_lowercase();
    let (name, argument) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.split(')').next().and_then(|digits| digits.trim().parse().ok())),
        None => (lower.as_str(), None),
    };
    match name {
        "int" | "int4" | "integer" => Type::integer(IntegerWidth::Regular),
        "int8" | "bigint" => Type::integer(IntegerWidth::Big),
        "int2" | "smallint" => Type::integer(IntegerWidth::Small),
        "bool" | "boolean" => Type::Boolean,
        "float8" | "double precision" => Type::Double,
        "float4" | "real" => Type::Float,
        "text" => Type::text(),
        "varchar" | "character varying" => Type::Varchar { length: argument },
        "timestamptz" | "timestamp with time zone" => Type::TimestampWithTimeZone { precision: argument },
        "timestamp" | "timestamp without time zone" => Type::DateTime { precision: argument },
        "timetz" => Type::Time { precision: argument, with_time_zone: true },
        "time" => Type::Time { precision: argument, with_time_zone: false },
        "date" => Type::Date,
        "bytea" => Type::Blob { size: BlobSize::Regular },
        "uuid" => Type::Uuid,
        "json" => Type::Json,
        "jsonb" => Type::JsonBinary,
        "inet" => Type::Inet,
        "cidr" => Type::Cidr,
        "macaddr" => Type::MacAddr,
        "ltree" => Type::LTree,
        "money" => Type::Money,
        "vector" => Type::Vector { dimensions: argument },
        _ => Type::other(text),
    }
}

/// The type for SQL, as SeaQuery writes it where it writes it.
pub(super) fn sql(dialect: &Postgres, ty: &Type) -> String {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    match ty {
        Type::Boolean => "boolean".into(),
        Type::Integer { width, .. } => match width {
            IntegerWidth::Tiny | IntegerWidth::Small => "smallint",
            IntegerWidth::Medium | IntegerWidth::Regular => "integer",
            IntegerWidth::Big => "bigint",
        }
        .into(),
        Type::Float => "real".into(),
        Type::Double => "double precision".into(),
        Type::Decimal { precision: None } => "decimal".into(),
        Type::Decimal { precision: Some((digits, scale)) } => format!("decimal({digits}, {scale})"),
        Type::Money => "money".into(),
        Type::Char { length } => sized("char", length),
        Type::Varchar { length } => sized("varchar", length),
        Type::Text { .. } => "text".into(),
        Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. } => "bytea".into(),
        Type::Bit { length } => sized("bit", length),
        Type::VarBit { length } => sized("varbit", length),
        Type::Date => "date".into(),
        Type::Time { precision, with_time_zone: false } => sized("time", precision),
        Type::Time { precision, with_time_zone: true } => sized("timetz", precision),
        Type::DateTime { precision } | Type::Timestamp { precision } => sized("timestamp", precision),
        Type::TimestampWithTimeZone { precision } => sized("timestamptz", precision),
        Type::Year => "smallint".into(),
        Type::Interval { fields: None, precision } => sized("interval", precision),
        Type::Interval { fields: Some(fields), precision } => sized(&format!("interval {fields}"), precision),
        Type::Json => "json".into(),
        Type::JsonBinary => "jsonb".into(),
        Type::Uuid => "uuid".into(),
        Type::Inet => "inet".into(),
        Type::Cidr => "cidr".into(),
        Type::MacAddr => "macaddr".into(),
        Type::LTree => "ltree".into(),
        Type::Vector { dimensions } => sized("vector", dimensions),
        Type::Enum { name: Some(name), .. } => dialect.enum_name_sql(name),
        Type::Enum { name: None, .. } => "text".into(),
        Type::Array { element } => format!("{}[]", sql(dialect, element)),
        Type::Other { text } => text.clone(),
        Type::Opaque { path } => unreachable!("a column of the unknown type {path} is refused before it is lowered"),
    }
}

/// Beyond what is so on every database.
pub(super) fn is_content(said: &Type, live: &Type) -> bool {
    use IntegerWidth::{Regular, Small};
    match (said, live) {
        // SeaORM 1.x declared u16 as smallint and u32 as integer; 2.0 takes the next larger type.
        (Type::Integer { width: Small, unsigned: true }, Type::Integer { width: Small | Regular, .. })
        | (Type::Integer { width: Regular, unsigned: true }, Type::Integer { width: Regular, .. }) => true,
        // The enum is the type; its labels are compared as the labels of the type.
        (Type::Enum { name: Some(said), .. }, Type::Enum { name: Some(live), .. }) => said == live,
        (Type::Enum { .. }, _) => false,
        (Type::Other { text: said }, Type::Other { text: live }) => {
            let bare = |text: &str| text.rsplit('.').next().unwrap_or(text).trim_matches('"').to_ascii_lowercase();
            bare(said) == bare(live)
        }
        (Type::Other { text }, _) => alias(text) == *live,
        _ => false,
    }
}
