//! How large the tables of the live database are, which decides how long those wait whom a change makes wait.

use autogen_schema::TableName;

use crate::{Hazard, Plan};

/// Up to so many rows any change of a table is done in a moment: PostgreSQL, MySQL and SQLite all write a hundred
/// thousand rows in a second and more.
pub(crate) const SMALL_ROWS: u64 = 10_000;

/// The same for tables of few and large rows.
const SMALL_BYTES: u64 = 10 * 1024 * 1024;

/// How large a table is, as far as its database was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// How many rows were counted, which ends at one more than [`SMALL_ROWS`].
    pub(crate) counted: Option<u64>,
    /// How many rows the server takes it to have.
    pub(crate) estimated: Option<u64>,
    /// How much room it takes with its indexes.
    pub(crate) bytes: Option<u64>,
}

impl Size {
    /// Whether whoever waits for it waits a moment.
    pub fn is_small(&self) -> bool {
        self.counted.is_some_and(|rows| rows <= SMALL_ROWS) && self.bytes.is_none_or(|bytes| bytes <= SMALL_BYTES)
    }

    /// `2100000 rows, 340 MB`.
    fn words(&self) -> Option<String> {
        let rows = match (self.counted?, self.estimated) {
            (1, _) => "1 row".to_owned(),
            (rows, _) if rows <= SMALL_ROWS => format!("{rows} rows"),
            (rows, Some(estimated)) if estimated > rows => format!("about {estimated} rows"),
            _ => format!("more than {SMALL_ROWS} rows"),
        };
        let room = self.bytes.filter(|bytes| *bytes > SMALL_BYTES).map(|bytes| format!(", {} MB", bytes >> 20));
        Some(rows + &room.unwrap_or_default())
    }
}

impl Plan {
    /// Whether the hazard is about a table that is small in the database that the plan was made for.
    pub fn is_slight(&self, hazard: &Hazard) -> bool {
        let size = hazard.weighs.as_ref().and_then(|table| self.sizes.get(table));
        hazard.grows_with_the_table() && size.is_some_and(Size::is_small)
    }

    /// The tables whose size matters, each once.
    pub(crate) fn weighed(&self) -> Vec<&TableName> {
        let hazards = self.findings.iter().flat_map(|finding| &finding.hazards);
        let mut tables: Vec<&TableName> = hazards.filter_map(|hazard| hazard.weighs.as_ref()).collect();
        tables.sort();
        tables.dedup();
        tables
    }

    /// Says at each hazard how large its table is.
    pub(crate) fn say_sizes(&mut self) {
        for hazard in self.findings.iter_mut().flat_map(|finding| &mut finding.hazards) {
            let size = hazard.weighs.as_ref().and_then(|table| self.sizes.get(table));
            if let Some(words) = size.and_then(Size::words) {
                hazard.message.push_str(&format!(" (in this database: {words})"));
            }
        }
    }
}
