//! Types of other crates that SeaORM maps to columns, and the names that its preludes bring in.

use autogen_schema::{BlobSize, IntegerWidth, TextSize, Type};

/// A type whose column type is known, or known to follow from its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Type(Type),
    /// `Option<T>`, which has the column type of `T`.
    Option,
    /// `Vec<T>`.
    Vec,
    /// `Cow<'_, str>`.
    Cow,
}

/// The names that need no `use`.
pub(crate) fn is_in_scope_everywhere(name: &str) -> bool {
    primitive(name).is_some() || matches!(name, "String" | "Vec" | "Option" | "str")
}

/// The path that a glob import from a foreign crate gives a name, as far as we know the crate. A glob from a crate
/// that we do not know may re-export SeaORM's prelude (frameworks do), so its names are taken for SeaORM's.
pub(crate) fn in_glob(glob: &[String], name: &str) -> Option<Vec<String>> {
    let path = |krate: &str| Some(vec![krate.to_owned(), name.to_owned()]);
    let home = glob.first().map(String::as_str)?;
    match home {
        "chrono" | "time" | "uuid" | "serde_json" | "rust_decimal" | "bigdecimal" | "ipnetwork" | "jiff" => {
            known(&[home, name]).and_then(|_| path(home))
        }
        "std" | "core" | "alloc" | "serde" | "strum" => None,
        _ => sea_orm(name).and_then(|_| path("sea_orm")),
    }
}

/// The column type of a foreign type, by its path.
pub(crate) fn known(path: &[&str]) -> Option<Known> {
    let (name, before) = path.split_last()?;
    if before.is_empty() {
        return primitive(name).or_else(|| of_std(name));
    }
    // A crate may be reached through others (`sqlx::types::chrono::NaiveDate`); the one named last owns the type.
    before.iter().rev().find_map(|step| match *step {
        "std" | "alloc" | "core" => Some(of_std(name)),
        "chrono" => Some(chrono(name)),
        "time" if path[0] != "std" => Some(time(name)),
        "uuid" => Some(matches!(*name, "Uuid" | "Braced" | "Hyphenated" | "Simple" | "Urn").then_some(Type::Uuid))
            .map(|ty| ty.map(Known::Type)),
        "serde_json" => Some((*name == "Value").then_some(Known::Type(Type::Json))),
        "rust_decimal" => Some((*name == "Decimal").then(decimal)),
        "bigdecimal" => Some((*name == "BigDecimal").then(decimal)),
        "ipnetwork" => Some((*name == "IpNetwork").then_some(Known::Type(Type::Inet))),
        "mac_address" => Some((*name == "MacAddress").then_some(Known::Type(Type::MacAddr))),
        "pgvector" => Some((*name == "Vector").then_some(Known::Type(Type::Vector { dimensions: None }))),
        "jiff" => Some(jiff(path)),
        "sea_orm" | "sea_query" | "sea_orm_migration" => Some(sea_orm(name)),
        _ => None,
    })?
}

/// What SeaORM's preludes call it, or its root.
fn sea_orm(name: &str) -> Option<Known> {
    Some(match name {
        "Json" | "JsonValue" => Known::Type(Type::Json),
        "Date" | "ChronoDate" | "TimeDate" | "NaiveDate" => Known::Type(Type::Date),
        "Time" | "ChronoTime" | "TimeTime" | "NaiveTime" => time_of_day(),
        "DateTime" | "ChronoDateTime" | "TimeDateTime" | "NaiveDateTime" => date_time(),
        "DateTimeWithTimeZone"
        | "DateTimeUtc"
        | "DateTimeLocal"
        | "ChronoDateTimeWithTimeZone"
        | "ChronoDateTimeUtc"
        | "ChronoDateTimeLocal"
        | "TimeDateTimeWithTimeZone" => moment(),
        "ChronoUnixTimestamp" | "ChronoUnixTimestampMillis" | "TimeUnixTimestamp" | "TimeUnixTimestampMillis" => {
            Known::Type(Type::integer(IntegerWidth::Big))
        }
        "Decimal" | "BigDecimal" => decimal(),
        "Uuid" => Known::Type(Type::Uuid),
        "TextUuid" => Known::Type(Type::Varchar { length: None }),
        "IpNetwork" => Known::Type(Type::Inet),
        "MacAddress" => Known::Type(Type::MacAddr),
        "PgVector" => Known::Type(Type::Vector { dimensions: None }),
        "RangeType" => Known::Type(Type::other("RANGE")),
        "Enum" => Known::Type(Type::Varchar { length: None }),
        _ => return None,
    })
}

fn primitive(name: &str) -> Option<Known> {
    let integer = |width, unsigned| Type::Integer { width, unsigned };
    Some(Known::Type(match name {
        "bool" => Type::Boolean,
        "i8" => integer(IntegerWidth::Tiny, false),
        "i16" => integer(IntegerWidth::Small, false),
        "i32" => integer(IntegerWidth::Regular, false),
        "i64" => integer(IntegerWidth::Big, false),
        "u8" => integer(IntegerWidth::Tiny, true),
        "u16" => integer(IntegerWidth::Small, true),
        "u32" => integer(IntegerWidth::Regular, true),
        "u64" => integer(IntegerWidth::Big, true),
        "f32" => Type::Float,
        "f64" => Type::Double,
        "char" => Type::Char { length: None },
        _ => return None,
    }))
}

fn of_std(name: &str) -> Option<Known> {
    Some(match name {
        "String" | "str" => Known::Type(Type::Varchar { length: None }),
        "Vec" => Known::Vec,
        "Option" => Known::Option,
        "Cow" => Known::Cow,
        _ => return None,
    })
}

fn chrono(name: &str) -> Option<Known> {
    Some(match name {
        "NaiveDate" => Known::Type(Type::Date),
        "NaiveTime" => time_of_day(),
        "NaiveDateTime" => date_time(),
        "DateTime" => moment(),
        _ => return None,
    })
}

fn time(name: &str) -> Option<Known> {
    Some(match name {
        "Date" => Known::Type(Type::Date),
        "Time" => time_of_day(),
        "PrimitiveDateTime" => date_time(),
        "OffsetDateTime" => moment(),
        _ => return None,
    })
}

fn jiff(path: &[&str]) -> Option<Known> {
    Some(match path {
        [.., "civil", "Date"] => Known::Type(Type::Date),
        [.., "civil", "Time"] => time_of_day(),
        [.., "civil", "DateTime"] => Known::Type(Type::Timestamp { precision: None }),
        [.., "Timestamp"] => moment(),
        _ => return None,
    })
}

fn time_of_day() -> Known {
    Known::Type(Type::Time { precision: None, with_time_zone: false })
}

fn date_time() -> Known {
    Known::Type(Type::DateTime { precision: None })
}

fn moment() -> Known {
    Known::Type(Type::TimestampWithTimeZone { precision: None })
}

fn decimal() -> Known {
    Known::Type(Type::Decimal { precision: None })
}

/// The types that SeaORM 1.x knows by their text alone, whatever the name means where it stands.
pub(crate) fn by_text(text: &str) -> Option<Type> {
    let known = match text {
        "String" | "&str" | "char" | "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32"
        | "f64" => known(&[text.trim_start_matches('&')]),
        "Date"
        | "NaiveDate"
        | "Time"
        | "NaiveTime"
        | "DateTime"
        | "NaiveDateTime"
        | "DateTimeUtc"
        | "DateTimeLocal"
        | "DateTimeWithTimeZone"
        | "Uuid"
        | "Json"
        | "Decimal" => sea_orm(text),
        "Vec<u8>" => return Some(Type::VarBinary { length: None }),
        _ => None,
    };
    match known {
        Some(Known::Type(ty)) => Some(ty),
        Some(Known::Option | Known::Vec | Known::Cow) | None => None,
    }
}

/// A type by the name that configuration gives it: `integer`, `varchar(120)`, `timestamptz`, `text[]`. What is not
/// among the names we know is the database's own.
pub(crate) fn by_name(name: &str) -> Type {
    let name = name.trim();
    if let Some(element) = name.strip_suffix("[]") {
        return Type::Array { element: Box::new(by_name(element)) };
    }
    let lower = name.to_ascii_lowercase();
    let (word, sizes) = match lower.split_once('(') {
        Some((word, rest)) => (word.trim(), sizes(rest)),
        None => (lower.as_str(), Some(Vec::new())),
    };
    sizes.and_then(|sizes| named(word, &sizes)).unwrap_or_else(|| Type::other(name))
}

fn sizes(rest: &str) -> Option<Vec<u32>> {
    rest.strip_suffix(')')?.split(',').map(|size| size.trim().parse().ok()).collect()
}

fn named(word: &str, sizes: &[u32]) -> Option<Type> {
    let integer = |width| Type::integer(width);
    let unsigned = |width| Type::Integer { width, unsigned: true };
    let first = sizes.first().copied();
    let plain = match word {
        "boolean" | "bool" => Type::Boolean,
        "tinyint" => integer(IntegerWidth::Tiny),
        "smallint" | "int2" => integer(IntegerWidth::Small),
        "mediumint" => integer(IntegerWidth::Medium),
        "integer" | "int" | "int4" => integer(IntegerWidth::Regular),
        "bigint" | "int8" => integer(IntegerWidth::Big),
        "tinyint unsigned" => unsigned(IntegerWidth::Tiny),
        "smallint unsigned" => unsigned(IntegerWidth::Small),
        "integer unsigned" | "int unsigned" => unsigned(IntegerWidth::Regular),
        "bigint unsigned" => unsigned(IntegerWidth::Big),
        "float" | "real" | "float4" => Type::Float,
        "double" | "double precision" | "float8" => Type::Double,
        "money" => Type::Money,
        "text" => Type::text(),
        "tinytext" => Type::Text { size: TextSize::Tiny },
        "mediumtext" => Type::Text { size: TextSize::Medium },
        "longtext" => Type::Text { size: TextSize::Long },
        "blob" | "bytea" => Type::Blob { size: BlobSize::Regular },
        "tinyblob" => Type::Blob { size: BlobSize::Tiny },
        "mediumblob" => Type::Blob { size: BlobSize::Medium },
        "longblob" => Type::Blob { size: BlobSize::Long },
        "date" => Type::Date,
        "year" => Type::Year,
        "interval" => Type::Interval { fields: None, precision: None },
        "json" => Type::Json,
        "jsonb" => Type::JsonBinary,
        "uuid" => Type::Uuid,
        "inet" => Type::Inet,
        "cidr" => Type::Cidr,
        "macaddr" => Type::MacAddr,
        "ltree" => Type::LTree,
        _ => return sized(word, sizes, first),
    };
    sizes.is_empty().then_some(plain)
}

fn sized(word: &str, sizes: &[u32], first: Option<u32>) -> Option<Type> {
    let ty = match word {
        "decimal" | "numeric" => {
            let precision = first.map(|digits| (digits, sizes.get(1).copied().unwrap_or(0)));
            return (sizes.len() <= 2).then_some(Type::Decimal { precision });
        }
        "char" | "character" => Type::Char { length: first },
        "varchar" | "character varying" | "string" => Type::Varchar { length: first },
        "binary" => Type::Binary { length: first? },
        "varbinary" => Type::VarBinary { length: first },
        "bit" => Type::Bit { length: first },
        "varbit" => Type::VarBit { length: first },
        "time" => Type::Time { precision: first, with_time_zone: false },
        "timetz" => Type::Time { precision: first, with_time_zone: true },
        "datetime" | "timestamp without time zone" => Type::DateTime { precision: first },
        "timestamp" => Type::Timestamp { precision: first },
        "timestamptz" | "timestamp with time zone" => Type::TimestampWithTimeZone { precision: first },
        "vector" => Type::Vector { dimensions: first },
        _ => return None,
    };
    (sizes.len() <= 1).then_some(ty)
}
