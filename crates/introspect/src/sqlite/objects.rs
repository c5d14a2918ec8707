//! Views and triggers, kept word for word.

use std::collections::BTreeSet;

use autogen_schema::{Object, ObjectKind, TableName};

use super::catalog::{Catalog, Entry};
use super::names::same;
use super::parse::table_name;
use super::token::{Token, tokens};
use crate::scope::TableFilter;

/// The views and triggers that a table in scope may need put back: those on it, those that name it, directly or by
/// way of another view, and views that are in scope by their own name. Sorted by kind and name.
pub(crate) fn objects(catalog: &Catalog, filter: &TableFilter) -> Vec<Object> {
    let all: Vec<Object> = catalog.entries.iter().filter_map(|entry| object(entry, catalog)).collect();
    let mut kept: BTreeSet<&TableName> = BTreeSet::new();
    loop {
        let before = kept.len();
        for object in &all {
            let named = object.depends_on.iter().chain(&object.table);
            let touches = |name: &TableName| kept.contains(name) || is_table_in_scope(catalog, filter, name);
            if named.into_iter().any(touches) || (object.kind == ObjectKind::View && filter.admits(&object.name.name)) {
                kept.insert(&object.name);
            }
        }
        if kept.len() == before {
            break;
        }
    }
    let mut objects: Vec<Object> = all.iter().filter(|object| kept.contains(&object.name)).cloned().collect();
    objects.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
    objects
}

fn is_table_in_scope(catalog: &Catalog, filter: &TableFilter, name: &TableName) -> bool {
    catalog.tables.contains_key(&name.name) && filter.admits(&name.name)
}

fn object(entry: &Entry, catalog: &Catalog) -> Option<Object> {
    let (kind, table) = match entry.kind.as_str() {
        "view" => (ObjectKind::View, None),
        "trigger" => (ObjectKind::Trigger, Some(declared_name(catalog, &entry.table))),
        _ => return None,
    };
    let definition = entry.sql.as_deref()?.trim_end().trim_end_matches(';').trim_end().to_owned();
    let depends_on = named_in(&definition, catalog, entry);
    Some(Object { kind, name: table_name(&entry.name), table, depends_on, definition })
}

/// The tables and views whose names occur in the text. A column of the same name counts too: too many is safe.
fn named_in(definition: &str, catalog: &Catalog, itself: &Entry) -> Vec<TableName> {
    let words: BTreeSet<String> = tokens(definition)
        .unwrap_or_default()
        .iter()
        .filter_map(Token::as_name)
        .map(|name| name.to_ascii_lowercase())
        .collect();
    let is_itself = |name: &str| itself.kind == "view" && same(name, &itself.name);
    let found: BTreeSet<TableName> = relations(catalog)
        .filter(|name| !is_itself(name) && words.contains(&name.to_ascii_lowercase()))
        .map(table_name)
        .collect();
    found.into_iter().collect()
}

fn relations(catalog: &Catalog) -> impl Iterator<Item = &str> {
    let views = catalog.entries.iter().filter(|entry| entry.kind == "view").map(|entry| entry.name.as_str());
    catalog.tables.keys().map(String::as_str).chain(views)
}

/// The name of a table or view as it was declared.
fn declared_name(catalog: &Catalog, name: &str) -> TableName {
    table_name(relations(catalog).find(|found| same(found, name)).unwrap_or(name))
}
