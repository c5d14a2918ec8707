//! Types: when an entity is content with the type that the database has.
//!
//! Some types say little in an entity: `String` stands for any text, `Decimal` for any precision. Such a type is content
//! with its whole family, as long as the entity says what it said at the last revision. An edit is always meant.

use std::collections::BTreeSet;

use autogen_schema::Type;

use crate::dialect::Dialect;

/// Whether the live type stays, although the spelled one may differ.
pub(super) fn stays(dialect: &dyn Dialect, said: &Type, spelled: &Type, base: Option<&Type>, live: &Type) -> bool {
    let edited = base.is_some_and(|base| base != spelled);
    spelled == live || said.is_opaque() || (!edited && is_content(dialect, said, live))
}

/// Whether two types are written alike: SQLite keeps the letters of a type as they were typed.
pub(super) fn reads_alike(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Other { .. }, _) | (_, Type::Other { .. }) => one.to_string().eq_ignore_ascii_case(&other.to_string()),
        _ => one == other,
    }
}

fn is_content(dialect: &dyn Dialect, said: &Type, live: &Type) -> bool {
    dialect.is_content(said, live) || is_of_family(said, live) || both_arrays(dialect, said, live)
}

fn both_arrays(dialect: &dyn Dialect, said: &Type, live: &Type) -> bool {
    match (said, live) {
        (Type::Array { element: said }, Type::Array { element: live }) => {
            dialect.spell_type(said) == **live || is_content(dialect, said, live)
        }
        _ => false,
    }
}

/// What holds on every database.
fn is_of_family(said: &Type, live: &Type) -> bool {
    match said {
        Type::Varchar { length: None } => is_text(live),
        Type::VarBinary { length: None } => {
            matches!(live, Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. })
        }
        Type::Char { length: None } => matches!(live, Type::Char { .. }),
        Type::Decimal { precision: None } => matches!(live, Type::Decimal { .. }),
        Type::Json => matches!(live, Type::Json | Type::JsonBinary),
        Type::Time { precision: None, with_time_zone } => {
            matches!(live, Type::Time { with_time_zone: live, .. } if live == with_time_zone)
        }
        Type::DateTime { precision: None } => matches!(live, Type::DateTime { .. }),
        Type::Timestamp { precision: None } => matches!(live, Type::Timestamp { .. } | Type::DateTime { .. }),
        Type::TimestampWithTimeZone { precision: None } => matches!(live, Type::TimestampWithTimeZone { .. }),
        Type::Vector { dimensions: None } => matches!(live, Type::Vector { .. }),
        Type::Enum { labels: said, .. } => match live {
            Type::Enum { labels: live, .. } => same_members(said, live),
            _ => false,
        },
        _ => false,
    }
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } => true,
        Type::Other { text } => {
            let name = text.rsplit('.').next().unwrap_or(text).trim_matches('"');
            name.eq_ignore_ascii_case("citext")
        }
        _ => false,
    }
}

fn same_members(one: &[String], other: &[String]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}
