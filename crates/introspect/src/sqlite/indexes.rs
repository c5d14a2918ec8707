//! Indexes that no constraint owns.

use autogen_schema::{Index, IndexKey, IndexPart, SortOrder, Table};

use super::catalog::{IndexFacts, IndexOrigin, PartFacts, TableFacts};
use super::cursor::Misread;
use super::names::collation;
use super::parse_index::{PartText, create_index};

/// Puts the table's indexes on it, sorted by name.
pub(crate) fn indexes(table: &mut Table, facts: &TableFacts) {
    let made = facts.indexes.iter().filter(|(_, index)| index.origin == IndexOrigin::CreateIndex);
    for (name, facts) in made {
        match index(name, table, facts) {
            Ok(index) => table.indexes.push(index),
            Err(misread) => {
                table.not_understood.push(format!("its index {name} could not be understood ({misread})"));
            }
        }
    }
}

fn index(name: &str, table: &Table, facts: &IndexFacts) -> Result<Index, Misread> {
    let text = create_index(facts.sql.as_deref().unwrap_or_default())?;
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
