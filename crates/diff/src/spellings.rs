//! Expressions are spelled by the server: what to ask it, and what it answered.
//!
//! Nothing here talks to a server. A comparison that meets two texts it cannot tell apart puts a question; whoever has
//! a connection asks, and the next comparison finds the answer.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Expression, TableName};

/// What a server says for one expression, or why it refuses it.
type Answer = Result<Expression, String>;

/// How a server spells expressions, by the table that they stand on and the words that it was asked with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spellings(BTreeMap<TableName, BTreeMap<Expression, Answer>>);

impl Spellings {
    /// Keeps the answers to a list of questions on one table, in the same order.
    pub fn insert(&mut self, table: TableName, asked: Vec<Expression>, answers: Vec<Answer>) {
        self.0.entry(table).or_default().extend(asked.into_iter().zip(answers));
    }

    fn answer(&self, table: &TableName, asked: &Expression) -> Option<&Answer> {
        self.0.get(table)?.get(asked)
    }

    /// Whether two expressions on `table` are the same to the server; `None` where it was not asked about both.
    pub(crate) fn same(&self, table: &TableName, one: &Expression, other: &Expression) -> Option<bool> {
        let (one, other) = (self.answer(table, one)?, self.answer(table, other)?);
        // What is refused stands in no database, so it is not what the other one is.
        Some(one.is_ok() && one == other)
    }
}

/// What to ask a server, by the table of the live database that the expressions stand on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions(BTreeMap<TableName, BTreeSet<Expression>>);

impl Questions {
    /// Whether there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn ask(&mut self, table: &TableName, expressions: [Expression; 2]) {
        self.0.entry(table.clone()).or_default().extend(expressions);
    }
}

/// Each table with its expressions, in a fixed order.
impl IntoIterator for Questions {
    type Item = (TableName, Vec<Expression>);
    type IntoIter = Box<dyn Iterator<Item = Self::Item>>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.0.into_iter().map(|(table, asked)| (table, asked.into_iter().collect())))
    }
}
