//! Names as SQLite compares them: without regard to the case of ASCII letters.

use super::catalog::{Catalog, TableFacts};

/// Whether two names mean one thing.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl Catalog {
    /// The table of this name, with its name as it was declared.
    pub(crate) fn table(&self, name: &str) -> Option<(&str, &TableFacts)> {
        let (name, facts) = self.tables.get_key_value(self.declared_name(name)?)?;
        Some((name, facts))
    }

    /// The name of a table or view as it was declared.
    pub(crate) fn declared_name(&self, name: &str) -> Option<&str> {
        self.declared_names.get(&name.to_ascii_lowercase()).map(String::as_str)
    }
}

impl TableFacts {
    /// A column's name as it was declared; as given, where there is none.
    pub(crate) fn column_name(&self, name: &str) -> String {
        self.columns.iter().find(|column| same(&column.name, name)).map_or(name, |column| &column.name).to_owned()
    }

    /// The columns of the primary key, in key order.
    pub(crate) fn key_columns(&self) -> Vec<String> {
        let mut key: Vec<_> = self.columns.iter().filter(|column| column.key_position > 0).collect();
        key.sort_by_key(|column| column.key_position);
        key.into_iter().map(|column| column.name.clone()).collect()
    }
}

/// The collation as it is kept: SQLite's own in capitals, and nothing for `BINARY`, which is what holds where none is
/// said.
pub(crate) fn collation(name: &str) -> Option<String> {
    if same(name, "BINARY") {
        return None;
    }
    let own = ["NOCASE", "RTRIM"].into_iter().find(|own| same(own, name));
    Some(own.unwrap_or(name).to_owned())
}
