//! Identity columns: their bounds, and what becomes of those with the type of the column.

use autogen_schema::{AutoIncrement, Identity, IdentityMode, IntegerWidth, Type};

/// What SeaORM's `auto_increment` makes of a column of this type: an identity with the server's defaults.
pub(super) fn plain(ty: &Type) -> Option<Identity> {
    let (_, max) = bounds(ty)?;
    Some(Identity { mode: IdentityMode::ByDefault, start: 1, increment: 1, min: 1, max, cache: 1, cycle: false })
}

/// How a column is numbered once its type has changed. The server gives a bound that was the old type's the value that
/// it has in the new one, and leaves every other as it was.
///
/// See `ALTER SEQUENCE … AS` in the manual of PostgreSQL, which `ALTER COLUMN … TYPE` does with an identity's sequence.
pub(super) fn after_type(numbering: &AutoIncrement, from: &Type, to: &Type) -> AutoIncrement {
    let (AutoIncrement::Identity(identity), Some(old), Some(new)) = (numbering, bounds(from), bounds(to)) else {
        return numbering.clone();
    };
    let moved = |bound: i64, old: i64, new: i64| if bound == old { new } else { bound };
    let (min, max) = (moved(identity.min, old.0, new.0), moved(identity.max, old.1, new.1));
    AutoIncrement::Identity(Identity { min, max, ..identity.clone() })
}

/// The smallest and the largest number of an integer type.
fn bounds(ty: &Type) -> Option<(i64, i64)> {
    match ty {
        Type::Integer { width: IntegerWidth::Small, .. } => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        Type::Integer { width: IntegerWidth::Regular, .. } => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        Type::Integer { width: IntegerWidth::Big, .. } => Some((i64::MIN, i64::MAX)),
        _ => None,
    }
}
