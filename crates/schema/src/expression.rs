//! Expressions, each with what it stands at.

use crate::DefaultValue;

/// An expression on a table that a database already has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expression {
    /// The default of a column.
    Default {
        /// A column that the table has; its type decides how a constant is written.
        column: String,
        /// The default.
        value: DefaultValue,
    },
    /// The value of a generated column.
    Generated {
        /// A column that the table has, for its type.
        column: String,
        /// The expression, without outer parentheses.
        sql: String,
    },
    /// The condition of a check, without outer parentheses.
    Check(String),
    /// The condition of a partial index, without `WHERE` and outer parentheses.
    Predicate(String),
    /// What an index is over, without outer parentheses.
    IndexKey(String),
}
