//! Indexes that no constraint owns.

use autogen_schema::{Index, IndexKey, IndexPart, SortOrder, Table};

use super::catalog::{Catalog, Entry, IndexFacts, PartFacts, TableFacts};
use super::cursor::Misread;
use super::names::{collation, same};
use super::parse_index::{PartText, create_index};

/// Puts the table's indexes on it, sorted by name.
pub(crate) fn indexes(table: &mut Table, facts: &TableFacts, catalog: &Catalog) {
    let of_table = |entry: &&Entry| entry.kind == "index" && same(&entry.table, &table.name.name);
    let entries: Vec<_> = catalog.entries.iter().filter(of_table).collect();
    for entry in entries {
        let Some(sql) = entry.sql.as_deref() else { continue };
        let read = match facts.indexes.get(&entry.name) {
            Some(found) => index(&entry.name, table, found, sql),
            None => Err("the catalog does not list it".to_owned()),
        };
        match read {
            Ok(index) => table.indexes.push(index),
            Err(misread) => {
                table.not_understood.push(format!("its index {} could not be understood ({misread})", entry.name));
            }
        }
    }
    table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
}

fn index(name: &str, table: &Table, facts: &IndexFacts, sql: &str) -> Result<Index, Misread> {
    let text = create_index(sql)?;
    if text.parts.len() != facts.parts.len() || text.predicate.is_some() != facts.partial {
        return Err("its statement is not what the catalog tells".to_owned());
    }
    let mut index = Index::new(name, Vec::<String>::new());
    index.unique = facts.unique;
    index.predicate = text.predicate;
    index.parts = facts.parts.iter().zip(text.parts).map(|(facts, text)| part(table, facts, text)).collect();
    Ok(index)
}

fn part(table: &Table, facts: &PartFacts, text: PartText) -> IndexPart {
    let mut part = match &facts.column {
        Some(column) => IndexPart::column(column),
        None => IndexPart::expression(text.expression),
    };
    part.collation = match &part.key {
        IndexKey::Column(column) => unlike_the_column(table, column, &facts.collation),
        IndexKey::Expression(_) => text.collation,
    };
    if facts.descending {
        part.order = SortOrder::Descending;
    }
    part
}

/// The collation of an index, where it is not the column's own.
fn unlike_the_column(table: &Table, column: &str, used: &str) -> Option<String> {
    let own = table.column(column).and_then(|column| column.collation.clone());
    let used_or_none = collation(used);
    if own.as_deref().unwrap_or("BINARY").eq_ignore_ascii_case(used) {
        return None;
    }
    Some(used_or_none.unwrap_or_else(|| "BINARY".to_owned()))
}
