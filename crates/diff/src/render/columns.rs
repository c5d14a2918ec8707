//! Columns in SeaQuery's words.

use autogen_schema::{AutoIncrement, Column, DefaultValue};
use sea_query::{Alias, ColumnDef, Expr};

use super::chain::Chain;
use super::literal::string;
use super::types::typed;
use super::{SeaOrm, Tongue};

/// Whether SeaQuery says all of this column, and exactly.
pub(super) fn is_sayable(tongue: Tongue<'_>, column: &Column) -> bool {
    let plain_number = match &column.auto_increment {
        None | Some(AutoIncrement::Keyword) => true,
        // SeaQuery 0.32 says `serial`, which is another thing.
        Some(AutoIncrement::Identity(identity)) => {
            tongue.sea_orm == SeaOrm::V2 && tongue.dialect.is_plain_identity(&column.ty, identity)
        }
        Some(AutoIncrement::Serial { .. } | AutoIncrement::Unspecified) => false,
    };
    let comment = column.comment.is_none() || tongue.dialect.words().comments_inline;
    plain_number
        && comment
        && column.generated.is_none()
        && column.on_update.is_none()
        && column.charset.is_none()
        && column.collation.is_none()
        && !column.invisible
        && column.extra.is_empty()
        && column.default.as_ref().is_none_or(|value| {
            tongue.says_default(value)
                && (matches!(value, DefaultValue::Expression(_)) || tongue.dialect.takes_literal_default(&column.ty))
        })
}

impl Tongue<'_> {
    /// Whether [`default`] says this exactly: numbers that Rust and the database read alike, texts that SeaQuery does not
    /// escape in ways of its own, and expressions, around which SeaQuery 0.32 leaves out the parentheses.
    pub(super) fn says_default(self, default: &DefaultValue) -> bool {
        match default {
            DefaultValue::Null => false,
            DefaultValue::Boolean(_) => true,
            DefaultValue::Expression(sql) => self.sea_orm == SeaOrm::V2 || is_current_timestamp(sql),
            DefaultValue::Number(digits) => digits.parse::<i64>().is_ok_and(|number| number.to_string() == *digits),
            DefaultValue::Text(text) => !text.contains(['\'', '\\']) && !text.chars().any(char::is_control),
        }
    }
}

fn is_current_timestamp(sql: &str) -> bool {
    sql.eq_ignore_ascii_case("CURRENT_TIMESTAMP")
}

/// The column, which must be sayable; `is_key` where it alone is the primary key and says so.
pub(super) fn column(tongue: Tongue<'_>, column: &Column, is_key: bool) -> Chain<ColumnDef> {
    let name = &column.name;
    let chain = Chain::new(ColumnDef::new(Alias::new(name)), format!("ColumnDef::new({})", tongue.name(name)));
    let mut chain = typed(tongue, chain, &column.ty);
    chain = match column.nullable {
        true => chain.call("null()", |c| _ = c.null()),
        false => chain.call("not_null()", |c| _ = c.not_null()),
    };
    // SeaQuery 0.32 writes these words in the order of the calls, SeaQuery 1 in an order of its own.
    let key_first = is_key && tongue.sea_orm == SeaOrm::V1;
    if key_first {
        chain = chain.call("primary_key()", |c| _ = c.primary_key());
    }
    if column.auto_increment.is_some() {
        chain = chain.call("auto_increment()", |c| _ = c.auto_increment());
    }
    if let Some(value) = &column.default {
        chain = default(chain, value);
    }
    if let Some(comment) = &column.comment {
        chain = chain.call(format!("comment({})", string(comment)), |c| _ = c.comment(comment));
    }
    if is_key && !key_first {
        chain = chain.call("primary_key()", |c| _ = c.primary_key());
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
        DefaultValue::Expression(sql) if is_current_timestamp(sql) => {
            chain.call("default(Expr::current_timestamp())", |c| _ = c.default(Expr::current_timestamp()))
        }
        DefaultValue::Null => chain.call("default(Expr::cust(\"NULL\"))", |c| _ = c.default(Expr::cust("NULL"))),
        DefaultValue::Expression(sql) => {
            chain.call(format!("default(Expr::cust({}))", string(sql)), |c| _ = c.default(Expr::cust(sql.clone())))
        }
    }
}
