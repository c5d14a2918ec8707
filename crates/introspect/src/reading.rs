//! What a reading gives.

use crate::query::OddRow;
use autogen_schema::{Backend, Notice, NoticeKind, Schema, Table, TableName};

/// A database as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which database it is.
    pub backend: Backend,
    /// Its version, as it says it: `3.51.3`, `15.6 (Debian 15.6-1)`, `10.11.6-MariaDB`.
    pub server_version: String,
    /// The schema that unqualified names mean (PostgreSQL's `current_schema()`); `None` where there are none.
    pub default_schema: Option<String>,
    /// The tables and what belongs to them.
    pub schema: Schema,
    /// What was seen and not understood.
    pub notices: Vec<Notice>,
}

/// Writes down, at the table and among the notices, what was seen and not understood.
pub(crate) fn not_understood(table: &mut Table, notices: &mut Vec<Notice>, message: String) {
    notices.push(Notice::new(NoticeKind::NotUnderstood, format!("{}: {message}", table.name)).on(&table.name));
    table.not_understood.push(message);
}

/// Marks the tables to which rows belong that are not understood: nobody may take what such a row says for absent.
/// `name` gives a table's name, where it is in scope.
pub(crate) fn mark_odd<K>(
    odd: &[OddRow<K>],
    name: impl Fn(&K) -> Option<TableName>,
    schema: &mut Schema,
    notices: &mut Vec<Notice>,
) {
    for row in odd {
        let Some(key) = &row.table else {
            notices.push(row.notice());
            continue;
        };
        if let Some(name) = name(key) {
            let table = schema.tables.entry(name.clone()).or_insert_with(|| Table::new(name));
            table.incomplete = true;
            not_understood(table, notices, row.sentence());
        }
    }
}
