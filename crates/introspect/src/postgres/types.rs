//! A column's type in the shared vocabulary.

use autogen_schema::{BlobSize, EnumName, IntegerWidth, Type};

use super::catalog::{BaseType, ColumnRow};

/// The type of a column. What has no name of its own in the vocabulary keeps the server's text.
pub(super) fn column_type(row: &ColumnRow) -> Type {
    if row.is_array {
        // The server writes one pair of brackets whatever the number of dimensions.
        let element = row.ty.strip_suffix("[]").unwrap_or(&row.ty);
        Type::Array { element: Box::new(scalar(&row.base, element)) }
    } else {
        scalar(&row.base, &row.ty)
    }
}

fn scalar(base: &BaseType, text: &str) -> Type {
    if base.kind == "e" {
        let name = Some(EnumName::qualified(&base.schema, &base.name));
        return Type::Enum { name, labels: Vec::new() };
    }
    let known = match base.extension.as_deref() {
        // Not the schema: an extension may be installed into any.
        Some(extension) => of_extension(extension, &base.name, text),
        None if base.schema == "pg_catalog" => built_in(&base.name, text),
        None => None,
    };
    known.unwrap_or_else(|| Type::other(text))
}

fn of_extension(extension: &str, name: &str, text: &str) -> Option<Type> {
    match (extension, name) {
        ("ltree", "ltree") => Some(Type::LTree),
        ("vector", "vector") => Some(Type::Vector { dimensions: number(text) }),
        _ => None,
    }
}

/// By `typname`, because the text is a phrase for some (`timestamp(3) without time zone`).
fn built_in(name: &str, text: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Boolean,
        "int2" => Type::integer(IntegerWidth::Small),
        "int4" => Type::integer(IntegerWidth::Regular),
        "int8" => Type::integer(IntegerWidth::Big),
        "float4" => Type::Float,
        "float8" => Type::Double,
        "numeric" => return decimal(text),
        "money" => Type::Money,
        // Without a length it is `bpchar`, which knows no limit: not `character`, which is one letter long.
        "bpchar" => Type::Char { length: Some(number(text)?) },
        "varchar" => Type::Varchar { length: number(text) },
        "text" => Type::text(),
        "bytea" => Type::Blob { size: BlobSize::Regular },
        // Without a length it is `"bit"`, which knows no limit: not `bit`, which is one bit long.
        "bit" => Type::Bit { length: Some(number(text)?) },
        "varbit" => Type::VarBit { length: number(text) },
        "date" => Type::Date,
        "time" => Type::Time { precision: number(text), with_time_zone: false },
        "timetz" => Type::Time { precision: number(text), with_time_zone: true },
        "timestamp" => Type::DateTime { precision: number(text) },
        "timestamptz" => Type::TimestampWithTimeZone { precision: number(text) },
        "interval" => interval(text),
        "json" => Type::Json,
        "jsonb" => Type::JsonBinary,
        "uuid" => Type::Uuid,
        "inet" => Type::Inet,
        "cidr" => Type::Cidr,
        "macaddr" => Type::MacAddr,
        _ => return None,
    })
}

/// `numeric(3,-2)`, which PostgreSQL 15 knows, has no place in the vocabulary.
fn decimal(text: &str) -> Option<Type> {
    let precision = match modifiers(text) {
        None => None,
        Some(both) => {
            let (digits, scale) = both.split_once(',')?;
            Some((digits.parse().ok()?, scale.parse().ok()?))
        }
    };
    Some(Type::Decimal { precision })
}

/// `interval day to second(3)`.
fn interval(text: &str) -> Type {
    let fields = text.strip_prefix("interval").unwrap_or_default();
    let fields = fields.split('(').next().unwrap_or_default().trim();
    Type::Interval { fields: (!fields.is_empty()).then(|| fields.to_owned()), precision: number(text) }
}

/// The one number in the parentheses of a type.
fn number(text: &str) -> Option<u32> {
    modifiers(text)?.parse().ok()
}

fn modifiers(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('(')?;
    rest.split(')').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Type {
        let base = BaseType { schema: "pg_catalog".into(), name: name.into(), kind: "b".into(), extension: None };
        scalar(&base, text)
    }

    #[test]
    fn modifiers_stand_in_the_middle_of_some_types() {
        assert_eq!(read("timestamp", "timestamp(3) without time zone"), Type::DateTime { precision: Some(3) });
        assert_eq!(read("timetz", "time with time zone"), Type::Time { precision: None, with_time_zone: true });
        let fields = Some("day to second".to_owned());
        assert_eq!(read("interval", "interval day to second(3)"), Type::Interval { fields, precision: Some(3) });
        assert_eq!(read("interval", "interval(6)"), Type::Interval { fields: None, precision: Some(6) });
    }

    #[test]
    fn what_the_vocabulary_cannot_say_keeps_its_text() {
        for (name, text) in [("numeric", "numeric(3,-2)"), ("bpchar", "bpchar"), ("bit", "\"bit\""), ("xml", "xml")] {
            assert_eq!(read(name, text), Type::other(text));
        }
    }

    #[test]
    fn a_type_of_ours_that_borrows_a_name_is_not_the_servers() {
        let base = BaseType { schema: "public".into(), name: "uuid".into(), kind: "b".into(), extension: None };
        assert_eq!(scalar(&base, "public.uuid"), Type::other("public.uuid"));
    }
}
