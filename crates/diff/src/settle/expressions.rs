//! Expressions: when two of them are the same.

use autogen_schema::{Expression, TableName};

use super::Sides;
use super::defaults::{Sameness, same_text};
use crate::spellings::Questions;

impl Sides<'_> {
    /// Whether two expressions on `table` are the same by their text, else by the server's answers. Where the answers
    /// are missing, the question is put.
    pub(super) fn same_expression(
        &self,
        questions: &mut Questions,
        table: &TableName,
        ask: impl Fn(&str) -> Expression,
        (one, other): (&str, &str),
    ) -> Sameness {
        if same_text(one, other) {
            Sameness::Same
        } else {
            self.same_to_server(questions, table, [ask(one), ask(other)])
        }
    }

    /// What the server says, whatever the texts.
    pub(super) fn same_to_server(
        &self,
        questions: &mut Questions,
        table: &TableName,
        pair: [Expression; 2],
    ) -> Sameness {
        // The words of a renamed column are not those that the database reads now.
        let Some(name) = self.renames.name_in_database(table) else { return Sameness::Unknown };
        match self.spellings.same(name, &pair[0], &pair[1]) {
            Some(true) => Sameness::Same,
            Some(false) => Sameness::Different,
            None => {
                questions.ask(name, pair);
                Sameness::Unknown
            }
        }
    }
}
