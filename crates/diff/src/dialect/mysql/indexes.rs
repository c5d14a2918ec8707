//! Indexes that the server makes: for uniques, and for foreign keys.
//! See https://dev.mysql.com/doc/refman/8.4/en/constraint-foreign-key.html

use autogen_schema::{ForeignKey, Index, IndexKey, Table};

/// A unique constraint is a unique index; a foreign key whose columns lead no index brings one of its own.
pub(super) fn spell(table: &mut Table) {
    for unique in std::mem::take(&mut table.uniques) {
        let name = unique.name.clone().unwrap_or_else(|| free_name(table, &unique.columns[0]));
        let mut index = Index::new(name, unique.columns).unique();
        index.origin = unique.origin;
        table.indexes.push(index);
    }
    add_implicit(table);
}

/// An implicit index goes with its key, and when a new index takes over for it; a key that no index serves brings one.
pub(super) fn settle(live: &Table, desired: &mut Table) {
    let is_new = |index: &&Index| !index.implicit && !live.indexes.contains(index);
    let taken_over: Vec<Index> = desired.indexes.iter().filter(is_new).cloned().collect();
    let keys = &desired.foreign_keys;
    desired.indexes.retain(|index| {
        let needed = |key: &ForeignKey| {
            leads_this(index, &key.columns) && !taken_over.iter().any(|new| leads_this(new, &key.columns))
        };
        !index.implicit || keys.iter().any(needed)
    });
    add_implicit(desired);
}

fn add_implicit(table: &mut Table) {
    for key in &table.foreign_keys {
        if !leads_an_index(table, &key.columns)
            && let Some(name) = &key.name
        {
            let mut index = Index::new(name.clone(), key.columns.iter().cloned());
            index.implicit = true;
            index.origin = key.origin.clone();
            table.indexes.push(index);
        }
    }
}

/// The name that the server gives: the first column, with a number where that is taken.
fn free_name(table: &Table, column: &str) -> String {
    let is_free = |name: &String| !table.indexes.iter().any(|index| index.name == *name);
    let numbered = (2..).map(|number| format!("{column}_{number}"));
    std::iter::once(column.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| column.to_owned())
}

/// Whether the server makes this index, name and all, with one of the keys.
pub(super) fn comes_by_itself(table: &Table, index: &Index) -> bool {
    let made_for = |key: &ForeignKey| key.name.as_ref() == Some(&index.name);
    index.implicit && table.foreign_keys.iter().any(made_for)
}

/// Whether the index holds a column that counts up, which must be in an index from the beginning.
pub(super) fn is_counted(table: &Table, index: &Index) -> bool {
    let counts = |name: &&str| table.column(name).is_some_and(|column| column.auto_increment.is_some());
    index.plain_columns().is_some_and(|names| names.iter().any(counts))
}

/// Whether an index begins with these columns, in any order: then the server needs no other for a foreign key.
pub(super) fn leads_an_index(table: &Table, columns: &[String]) -> bool {
    let by_key = table.primary_key.as_ref().is_some_and(|key| leads(key.columns.iter().map(String::as_str), columns));
    by_key || table.indexes.iter().any(|index| leads_this(index, columns))
}

/// The same for one index.
pub(super) fn leads_this(index: &Index, columns: &[String]) -> bool {
    let names = index.parts.iter().map_while(|part| match &part.key {
        IndexKey::Column(name) if part.prefix.is_none() => Some(name.as_str()),
        IndexKey::Column(_) | IndexKey::Expression(_) => None,
    });
    index.method.is_none() && leads(names, columns)
}

fn leads<'n>(names: impl Iterator<Item = &'n str>, columns: &[String]) -> bool {
    let first: Vec<&str> = names.take(columns.len()).collect();
    first.len() == columns.len() && columns.iter().all(|column| first.contains(&column.as_str()))
}
