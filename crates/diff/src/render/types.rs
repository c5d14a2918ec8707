//! Types in SeaQuery's words.

use autogen_schema::{BlobSize, IntegerWidth, TextSize, Type};
use sea_query::{Alias, ColumnDef, IntoIden};

use super::Tongue;
use super::chain::Chain;

/// Gives the column this type. What SeaQuery has no word for is said in the database's own.
pub(super) fn typed(tongue: Tongue<'_>, column: Chain<ColumnDef>, ty: &Type) -> Chain<ColumnDef> {
    match ty {
        Type::Boolean => column.call("boolean()", |c| _ = c.boolean()),
        Type::Integer { width, unsigned } => integer(tongue, column, *width, *unsigned, ty),
        Type::Float => column.call("float()", |c| _ = c.float()),
        Type::Double => column.call("double()", |c| _ = c.double()),
        Type::Decimal { precision: None } => column.call("decimal()", |c| _ = c.decimal()),
        Type::Decimal { precision: Some((digits, scale)) } => {
            column.call(format!("decimal_len({digits}, {scale})"), |c| _ = c.decimal_len(*digits, *scale))
        }
        Type::Money => column.call("money()", |c| _ = c.money()),
        Type::Char { length: None } => column.call("char()", |c| _ = c.char()),
        Type::Char { length: Some(length) } => column.call(format!("char_len({length})"), |c| _ = c.char_len(*length)),
        Type::Varchar { length: None } => column.call("string()", |c| _ = c.string()),
        Type::Varchar { length: Some(length) } => {
            column.call(format!("string_len({length})"), |c| _ = c.string_len(*length))
        }
        Type::Text { size: TextSize::Regular } => column.call("text()", |c| _ = c.text()),
        Type::Binary { length } => column.call(format!("binary_len({length})"), |c| _ = c.binary_len(*length)),
        Type::VarBinary { length: Some(length) } => {
            column.call(format!("var_binary({length})"), |c| _ = c.var_binary(*length))
        }
        Type::Blob { size: BlobSize::Regular } => column.call("blob()", |c| _ = c.blob()),
        Type::Date => column.call("date()", |c| _ = c.date()),
        Type::Time { precision: None, with_time_zone: false } => column.call("time()", |c| _ = c.time()),
        Type::DateTime { precision: None } => column.call("date_time()", |c| _ = c.date_time()),
        Type::Timestamp { precision: None } => column.call("timestamp()", |c| _ = c.timestamp()),
        Type::TimestampWithTimeZone { precision: None } => {
            column.call("timestamp_with_time_zone()", |c| _ = c.timestamp_with_time_zone())
        }
        Type::Json => column.call("json()", |c| _ = c.json()),
        Type::JsonBinary => column.call("json_binary()", |c| _ = c.json_binary()),
        Type::Uuid => column.call("uuid()", |c| _ = c.uuid()),
        // SeaQuery has no word for these, says them otherwise than was meant, or panics on them somewhere.
        Type::Text { .. }
        | Type::VarBinary { length: None }
        | Type::Blob { .. }
        | Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::Timestamp { .. }
        | Type::TimestampWithTimeZone { .. }
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
        | Type::Opaque { .. } => custom(tongue, column, ty),
    }
}

fn integer(
    tongue: Tongue<'_>,
    column: Chain<ColumnDef>,
    width: IntegerWidth,
    unsigned: bool,
    ty: &Type,
) -> Chain<ColumnDef> {
    match (width, unsigned) {
        (IntegerWidth::Tiny, false) => column.call("tiny_integer()", |c| _ = c.tiny_integer()),
        (IntegerWidth::Small, false) => column.call("small_integer()", |c| _ = c.small_integer()),
        (IntegerWidth::Regular, false) => column.call("integer()", |c| _ = c.integer()),
        (IntegerWidth::Big, false) => column.call("big_integer()", |c| _ = c.big_integer()),
        (IntegerWidth::Tiny, true) => column.call("tiny_unsigned()", |c| _ = c.tiny_unsigned()),
        (IntegerWidth::Small, true) => column.call("small_unsigned()", |c| _ = c.small_unsigned()),
        (IntegerWidth::Regular, true) => column.call("unsigned()", |c| _ = c.unsigned()),
        (IntegerWidth::Big, true) => column.call("big_unsigned()", |c| _ = c.big_unsigned()),
        (IntegerWidth::Medium, _) => custom(tongue, column, ty),
    }
}

fn custom(tongue: Tongue<'_>, column: Chain<ColumnDef>, ty: &Type) -> Chain<ColumnDef> {
    let sql = tongue.dialect.type_sql(ty);
    column.call(format!("custom({})", tongue.name(&sql)), |c| _ = c.custom(Alias::new(sql).into_iden()))
}
