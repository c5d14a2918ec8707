//! Views and triggers, kept word for word.

use std::collections::BTreeSet;

use autogen_schema::{Object, ObjectKind, TableName};

use super::catalog::{Catalog, Entry};
use super::parse::table_name;
use super::token::tokens;
use crate::scope::TableFilter;

/// The views and triggers that a table in scope may need put back: those on it, those that name it, directly or by
/// way of another view, and views that are in scope by their own name. Sorted by kind and name.
pub(crate) fn objects(catalog: &Catalog, filter: &TableFilter) -> Vec<Object> {
    let all: Vec<Object> = catalog.objects.iter().filter_map(|entry| object(entry, catalog)).collect();
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
        "trigger" => {
            let table = catalog.declared_name(&entry.table).unwrap_or(&entry.table);
            (ObjectKind::Trigger, Some(table_name(table)))
        }
        _ => return None,
    };
    let definition = entry.sql.as_deref()?.trim_end().trim_end_matches(';').trim_end().to_owned();
    let depends_on = named_in(&definition, catalog, entry);
    Some(Object { kind, name: table_name(&entry.name), table, depends_on, definition })
}

/// The tables and views whose names occur in the text. A column of the same name counts too: too many is safe.
fn named_in(definition: &str, catalog: &Catalog, itself: &Entry) -> Vec<TableName> {
    let names = tokens(definition).unwrap_or_default().into_iter().filter_map(|token| token.as_name());
    let found: BTreeSet<TableName> = names
        .filter_map(|name| catalog.declared_name(&name).map(table_name))
        .filter(|name| itself.kind != "view" || name.name != itself.name)
        .collect();
    found.into_iter().collect()
}
