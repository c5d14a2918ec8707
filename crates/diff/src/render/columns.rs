//! Columns in SeaQuery's words.

use autogen_schema::{AutoIncrement, Column, DefaultValue};
use sea_query::{Alias, ColumnDef, Expr};

use super::chain::Chain;
use super::literal::string;
use super::types::typed;
use crate::dialect::Dialect;

/// Whether SeaQuery says all of this column, and exactly.
pub(super) fn is_sayable(dialect: &dyn Dialect, column: &Column) -> bool {
    let plain_number = match &column.auto_increment {
        None | Some(AutoIncrement::Keyword) => true,
        Some(AutoIncrement::Identity(identity)) => dialect.is_plain_identity(&column.ty, identity),
        Some(AutoIncrement::Serial { .. } | AutoIncrement::Unspecified) => false,
    };
    let comment = column.comment.is_none() || dialect.words().comments_inline;
    plain_number
        && comment
        && column.generated.is_none()
        && column.on_update.is_none()
        && column.charset.is_none()
        && column.collation.is_none()
        && !column.invisible
        && column.extra.is_empty()
        && column.default.as_ref().is_none_or(|value| {
            says_default(value)
                && (matches!(value, DefaultValue::Expression(_)) || dialect.takes_literal_default(&column.ty))
        })
}

/// Whether [`default`] says this exactly: numbers that Rust and the database read alike, and texts that SeaQuery does not
/// escape in ways of its own.
pub(super) fn says_default(default: &DefaultValue) -> bool {
    match default {
        DefaultValue::Null => false,
        DefaultValue::Boolean(_) | DefaultValue::Expression(_) => true,
        DefaultValue::Number(digits) => digits.parse::<i64>().is_ok_and(|number| number.to_string() == *digits),
        DefaultValue::Text(text) => !text.contains(['\'', '\\']) && !text.chars().any(char::is_control),
    }
}

/// The column, which must be sayable.
pub(super) fn column(dialect: &dyn Dialect, column: &Column) -> Chain<ColumnDef> {
    let name = &column.name;
    let chain = Chain::new(ColumnDef::new(Alias::new(name)), format!("ColumnDef::new({})", string(name)));
    let mut chain = typed(dialect, chain, &column.ty);
    chain = match column.nullable {
        true => chain.call("null()", |c| _ = c.null()),
        false => chain.call("not_null()", |c| _ = c.not_null()),
    };
    if column.auto_increment.is_some() {
        chain = chain.call("auto_increment()", |c| _ = c.auto_increment());
    }
    if let Some(value) = &column.default {
        chain = default(chain, value);
    }
    if let Some(comment) = &column.comment {
        chain = chain.call(format!("comment({})", string(comment)), |c| _ = c.comment(comment));
    }
    chain
}

/// Gives the column this default.
pub(super) fn default(chain: Chain<ColumnDef>, value: &DefaultValue) -> Chain<ColumnDef> {
    match value {
        DefaultValue::Boolean(truth) => chain.call(format!("default({truth})"), |c| _ = c.default(*truth)),
        DefaultValue::Number(digits) => {
            // Checked by `says_default`.
            let number: i64 = digits.parse().unwrap_or_default();
            let suffix = if i32::try_from(number).is_ok() { "" } else { "_i64" };
            chain.call(format!("default({number}{suffix})"), |c| _ = c.default(number))
        }
        DefaultValue::Text(text) => chain.call(format!("default({})", string(text)), |c| _ = c.default(text.as_str())),
        DefaultValue::Expression(sql) if sql.eq_ignore_ascii_case("CURRENT_TIMESTAMP") => {
            chain.call("default(Expr::current_timestamp())", |c| _ = c.default(Expr::current_timestamp()))
        }
        DefaultValue::Null => chain.call("default(Expr::cust(\"NULL\"))", |c| _ = c.default(Expr::cust("NULL"))),
        DefaultValue::Expression(sql) => {
            chain.call(format!("default(Expr::cust({}))", string(sql)), |c| _ = c.default(Expr::cust(sql.clone())))
        }
    }
}
