//! Primary keys, unique constraints, foreign keys and checks of one table.

use std::collections::BTreeMap;

use autogen_schema::{ForeignKey, PrimaryKey, ReferentialAction, Table, Unique};

use super::catalog::{Catalog, ForeignKeyFacts, IndexOrigin, TableFacts};
use super::names::same;
use super::parse::{KeyPart, KeyText, TableText, quote, table_name};
use super::tables::row_id_column;

/// Puts keys and checks on the table, from catalog and statement.
pub(crate) fn constraints(table: &mut Table, facts: &TableFacts, text: &TableText, catalog: &Catalog) {
    primary_key(table, facts, text.primary_key.as_ref());
    for key in &text.uniques {
        add_unique(table, unique(facts, key));
    }
    notice_missing_uniques(table, facts);
    foreign_keys(table, facts, &text.foreign_keys, catalog);
    table.checks.clone_from(&text.checks);
}

/// Puts keys on the table as far as the catalog alone knows them.
pub(crate) fn keys_from_facts(table: &mut Table, facts: &TableFacts, catalog: &Catalog) {
    primary_key(table, facts, None);
    let unique_indexes = facts.indexes.values().filter(|index| index.origin == IndexOrigin::Unique);
    for index in unique_indexes {
        let columns = index.parts.iter().filter_map(|part| part.column.clone());
        add_unique(table, Unique::new(columns));
    }
    for key in &facts.foreign_keys {
        let key = foreign_key(table, facts, key, catalog);
        table.foreign_keys.push(key);
    }
}

fn primary_key(table: &mut Table, facts: &TableFacts, text: Option<&KeyText>) {
    let columns = facts.key_columns();
    if columns.is_empty() {
        return;
    }
    let mut key = PrimaryKey::new(columns);
    if let Some(text) = text {
        key.name.clone_from(&text.name);
        match text.parts.as_slice() {
            // The rowid has neither direction nor collation.
            [_] if row_id_column(facts).is_some() => {}
            [only] if only.collation.is_none() => key.extra.extend(only.descending.then(|| "DESC".to_owned())),
            parts => key.column_options = column_options(facts, parts),
        }
        key.extra.extend(on_conflict(text));
    }
    table.primary_key = Some(key);
}

fn unique(facts: &TableFacts, text: &KeyText) -> Unique {
    let mut unique = Unique::new(text.parts.iter().map(|part| facts.column_name(&part.column)));
    unique.name.clone_from(&text.name);
    unique.column_options = column_options(facts, &text.parts);
    unique.extra.extend(on_conflict(text));
    unique
}

/// SQLite makes one index of two constraints that say the same, so one of them says nothing.
fn add_unique(table: &mut Table, unique: Unique) {
    if unique.name.is_some() || !table.uniques.contains(&unique) {
        table.uniques.push(unique);
    }
}

/// Every index that SQLite made for a unique constraint must have come from one that was read.
fn notice_missing_uniques(table: &mut Table, facts: &TableFacts) {
    for index in facts.indexes.values().filter(|index| index.origin == IndexOrigin::Unique) {
        let columns: Vec<String> = index.parts.iter().filter_map(|part| part.column.clone()).collect();
        if !table.uniques.iter().any(|unique| unique.columns == columns) {
            let columns = columns.join(", ");
            table.not_understood.push(format!("its unique constraint over {columns} was not found in its statement"));
        }
    }
}

/// The collation and direction inside a key, as SQL.
fn column_options(facts: &TableFacts, parts: &[KeyPart]) -> BTreeMap<String, String> {
    let said = |part: &KeyPart| {
        let collation = part.collation.iter().map(|name| format!("COLLATE {}", quote(name)));
        let words: Vec<String> = collation.chain(part.descending.then(|| "DESC".to_owned())).collect();
        (!words.is_empty()).then(|| (facts.column_name(&part.column), words.join(" ")))
    };
    parts.iter().filter_map(said).collect()
}

fn on_conflict(text: &KeyText) -> Option<String> {
    text.on_conflict.as_ref().map(|rule| format!("ON CONFLICT {rule}"))
}

/// The catalog's foreign keys, with what only the statement knows: name, `MATCH`, deferrability.
fn foreign_keys(table: &mut Table, facts: &TableFacts, texts: &[ForeignKey], catalog: &Catalog) {
    if facts.foreign_keys.len() != texts.len() {
        table.not_understood.push("its foreign keys are not those of its statement".to_owned());
    }
    for (at, key) in facts.foreign_keys.iter().enumerate() {
        let mut key = foreign_key(table, facts, key, catalog);
        match texts.get(at).filter(|text| agree(&key, text)) {
            Some(text) => {
                key.name.clone_from(&text.name);
                key.match_type = text.match_type;
                key.deferrable = text.deferrable;
            }
            None => table
                .not_understood
                .push(format!("its foreign key over {} was not found in its statement", key.columns.join(", "))),
        }
        table.foreign_keys.push(key);
    }
}

fn agree(key: &ForeignKey, text: &ForeignKey) -> bool {
    key.columns.len() == text.columns.len()
        && key.columns.iter().zip(&text.columns).all(|(one, other)| same(one, other))
        && same(&key.references.name, &text.references.name)
        && (key.on_delete, key.on_update) == (text.on_delete, text.on_update)
}

fn foreign_key(table: &mut Table, facts: &TableFacts, key: &ForeignKeyFacts, catalog: &Catalog) -> ForeignKey {
    let columns = key.columns.iter().map(|column| facts.column_name(column));
    let parent = catalog.table(&key.parent);
    let parent_name = parent.map_or(key.parent.as_str(), |(name, _)| name);
    let parent_columns = match parent {
        // A key that names no columns means the parent's primary key.
        Some((_, parent)) if key.parent_columns.is_empty() => parent.key_columns(),
        Some((_, parent)) => key.parent_columns.iter().map(|column| parent.column_name(column)).collect(),
        None => key.parent_columns.clone(),
    };
    if parent_columns.len() != key.columns.len() {
        table.not_understood.push(format!(
            "its foreign key over {} names no columns of {parent_name}, which has no primary key that fits",
            key.columns.join(", ")
        ));
    }
    let mut found = ForeignKey::new(columns, table_name(parent_name), parent_columns);
    found.on_delete = action(table, &key.on_delete);
    found.on_update = action(table, &key.on_update);
    found
}

fn action(table: &mut Table, words: &str) -> Option<ReferentialAction> {
    let action = ReferentialAction::from_sql(words);
    if action.is_none() {
        table.not_understood.push(format!("a foreign key does {words}, which is not known"));
    }
    action
}
