//! Types of MySQL and MariaDB, as the server reports them.

use autogen_schema::{BlobSize, IntegerWidth, TextSize, Type};

use super::super::Dialect;
use super::Mysql;

/// The length of `varchar` and `varbinary` where SeaQuery is told none.
const DEFAULT_LENGTH: u32 = 255;

/// The type that the server reports for this one.
pub(super) fn spell(ty: &Type) -> Type {
    match ty {
        Type::Varchar { length } => Type::Varchar { length: Some(length.unwrap_or(DEFAULT_LENGTH)) },
        Type::VarBinary { length } => Type::VarBinary { length: Some(length.unwrap_or(DEFAULT_LENGTH)) },
        Type::Char { length } => Type::Char { length: Some(length.unwrap_or(1)) },
        Type::Decimal { precision } => Type::Decimal { precision: Some(precision.unwrap_or((10, 0))) },
        Type::Money => Type::Decimal { precision: Some((10, 0)) },
        Type::Bit { length } | Type::VarBit { length } => Type::Bit { length: Some(length.unwrap_or(1)) },
        // SeaORM keeps UUIDs as bytes.
        Type::Uuid => Type::Binary { length: 16 },
        Type::JsonBinary => Type::Json,
        Type::TimestampWithTimeZone { precision } => Type::Timestamp { precision: no_zero(*precision) },
        Type::Timestamp { precision } => Type::Timestamp { precision: no_zero(*precision) },
        Type::DateTime { precision } => Type::DateTime { precision: no_zero(*precision) },
        Type::Time { precision, .. } => Type::Time { precision: no_zero(*precision), with_time_zone: false },
        Type::Enum { labels, .. } => Type::Enum { name: None, labels: labels.clone() },
        Type::Interval { .. }
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Array { .. } => Type::other(ty.to_string()),
        Type::Other { text } => alias(text),
        Type::Boolean
        | Type::Integer { .. }
        | Type::Float
        | Type::Double
        | Type::Text { .. }
        | Type::Binary { .. }
        | Type::Blob { .. }
        | Type::Date
        | Type::Year
        | Type::Json
        | Type::Opaque { .. } => ty.clone(),
    }
}

/// No digits is what the server takes when nothing is said.
fn no_zero(precision: Option<u32>) -> Option<u32> {
    precision.filter(|digits| *digits > 0)
}

/// What people write in `custom("…")` for types that SeaQuery has no word for.
fn alias(text: &str) -> Type {
    match text.trim().to_ascii_lowercase().as_str() {
        "tinytext" => Type::Text { size: TextSize::Tiny },
        "mediumtext" => Type::Text { size: TextSize::Medium },
        "longtext" => Type::Text { size: TextSize::Long },
        "tinyblob" => Type::Blob { size: BlobSize::Tiny },
        "mediumblob" => Type::Blob { size: BlobSize::Medium },
        "longblob" => Type::Blob { size: BlobSize::Long },
        "mediumint" => Type::integer(IntegerWidth::Medium),
        "mediumint unsigned" => Type::Integer { width: IntegerWidth::Medium, unsigned: true },
        other => match precision_of(other) {
            Some(("datetime", digits)) => Type::DateTime { precision: no_zero(Some(digits)) },
            Some(("timestamp", digits)) => Type::Timestamp { precision: no_zero(Some(digits)) },
            Some(("time", digits)) => Type::Time { precision: no_zero(Some(digits)), with_time_zone: false },
            _ => Type::other(text),
        },
    }
}

fn precision_of(text: &str) -> Option<(&str, u32)> {
    let (name, rest) = text.split_once('(')?;
    Some((name.trim(), rest.strip_suffix(')')?.trim().parse().ok()?))
}

/// The type for SQL.
pub(super) fn sql(dialect: &Mysql, ty: &Type) -> String {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    match ty {
        Type::Boolean => "bool".into(),
        Type::Integer { width, unsigned } => {
            let name = match width {
                IntegerWidth::Tiny => "tinyint",
                IntegerWidth::Small => "smallint",
                IntegerWidth::Medium => "mediumint",
                IntegerWidth::Regular => "int",
                IntegerWidth::Big => "bigint",
            };
            if *unsigned { format!("{name} UNSIGNED") } else { name.into() }
        }
        Type::Float => "float".into(),
        Type::Double => "double".into(),
        Type::Decimal { precision: None } | Type::Money => "decimal".into(),
        Type::Decimal { precision: Some((digits, scale)) } => format!("decimal({digits}, {scale})"),
        Type::Char { length } => sized("char", length),
        Type::Varchar { length } => format!("varchar({})", length.unwrap_or(DEFAULT_LENGTH)),
        Type::Text { size } => match size {
            TextSize::Tiny => "tinytext",
            TextSize::Regular => "text",
            TextSize::Medium => "mediumtext",
            TextSize::Long => "longtext",
        }
        .into(),
        Type::Binary { length } => format!("binary({length})"),
        Type::VarBinary { length } => format!("varbinary({})", length.unwrap_or(DEFAULT_LENGTH)),
        Type::Blob { size } => match size {
            BlobSize::Tiny => "tinyblob",
            BlobSize::Regular => "blob",
            BlobSize::Medium => "mediumblob",
            BlobSize::Long => "longblob",
        }
        .into(),
        Type::Bit { length } | Type::VarBit { length } => sized("bit", length),
        Type::Date => "date".into(),
        Type::Time { precision, .. } => sized("time", precision),
        Type::DateTime { precision } => sized("datetime", precision),
        Type::Timestamp { precision } | Type::TimestampWithTimeZone { precision } => sized("timestamp", precision),
        Type::Year => "year".into(),
        Type::Json | Type::JsonBinary => "json".into(),
        Type::Uuid => "binary(16)".into(),
        Type::Enum { labels, .. } => {
            let labels: Vec<String> = labels.iter().map(|label| dialect.literal(label)).collect();
            format!("enum({})", labels.join(", "))
        }
        Type::Interval { .. }
        | Type::Inet
        | Type::Cidr
        | Type::MacAddr
        | Type::LTree
        | Type::Vector { .. }
        | Type::Array { .. } => ty.to_string(),
        Type::Other { text } => text.clone(),
        Type::Opaque { path } => unreachable!("a column of the unknown type {path} is refused before it is lowered"),
    }
}

/// Beyond what is so on every database.
pub(super) fn is_content(said: &Type, live: &Type) -> bool {
    let is_moment = |ty: &Type| matches!(ty, Type::DateTime { .. } | Type::Timestamp { .. });
    match said {
        Type::Boolean => {
            matches!(live, Type::Integer { width: IntegerWidth::Tiny, .. } | Type::Bit { length: Some(1) })
        }
        Type::TimestampWithTimeZone { precision: None } | Type::Timestamp { precision: None } => is_moment(live),
        Type::DateTime { precision: None } => is_moment(live),
        Type::Json | Type::JsonBinary => matches!(live, Type::Json | Type::Text { size: TextSize::Long }),
        Type::Uuid => match live {
            Type::Other { text } => text.eq_ignore_ascii_case("uuid"),
            Type::Char { length } | Type::Varchar { length } => matches!(length, Some(36)),
            _ => false,
        },
        Type::Other { text } => live.to_string().eq_ignore_ascii_case(text.trim()),
        _ => false,
    }
}
