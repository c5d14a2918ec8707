//! What the snapshot has and the server gives no text for.
//!
//! The server's own functions (`pg_get_expr` and its like) look at the present, not at the snapshot: of what was
//! dropped in between, they say nothing. The next snapshot does not have it either, so a thing without a text in two
//! snapshots is one whose catalog row is damaged.

use std::collections::BTreeSet;

use super::catalog::OddTable;
use crate::Error;
use crate::query::OddRow;

/// Nothing where the server should have given a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoText;

impl NoText {
    /// The error where there is nobody to go on for.
    pub(super) fn during(self, query: &'static str) -> Error {
        Error::Query { query, reason: REASON.to_owned() }
    }
}

const REASON: &str = "the server has no text for it";

/// The text that the server has for something in the snapshot.
///
/// # Errors
///
/// Where it has none.
pub(super) fn present(text: Option<String>) -> Result<String, NoText> {
    text.ok_or(NoText)
}

/// The things that the server gave no text for.
#[derive(Debug, Default)]
pub(super) struct Untold {
    things: BTreeSet<(i64, String)>,
    rows: Vec<OddRow<OddTable>>,
}

impl Untold {
    /// Writes down a thing without a text: its oid or its table's, its name, and the table that it belongs to, if any.
    pub(super) fn add(&mut self, query: &'static str, oid: i64, name: &str, table: Option<i64>) {
        self.things.insert((oid, name.to_owned()));
        self.rows.push(OddRow {
            table: table.map(|oid| OddTable { oid, name: None }),
            name: Some(name.to_owned()),
            query,
            reason: REASON.to_owned(),
        });
    }

    /// What there was no text for, to be compared with the next snapshot's.
    pub(super) fn things(&self) -> &BTreeSet<(i64, String)> {
        &self.things
    }

    /// The same as rows that are not understood.
    pub(super) fn rows(self) -> Vec<OddRow<OddTable>> {
        self.rows
    }
}
