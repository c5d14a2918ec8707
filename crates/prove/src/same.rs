//! Whether two readings of a database are the same, by plain equality: nothing is spelled, settled or forgiven here,
//! save the order in which things stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use autogen_schema::{Object, Schema, Table, TableName};
use serde::Serialize;

use crate::related::is_tied;

/// What is not as it was, one sentence each; empty where both are the same.
pub fn differences(expected: &Schema, found: &Schema) -> Vec<String> {
    let mut said = Vec::new();
    let names: BTreeSet<&TableName> = expected.tables.keys().chain(found.tables.keys()).collect();
    for name in names {
        match (expected.tables.get(name), found.tables.get(name)) {
            (Some(expected), Some(found)) => table_differences(expected, found, &mut said),
            (Some(_), None) => said.push(format!("table {name} is missing")),
            (None, Some(_)) => said.push(format!("there is a table {name} that was not there")),
            (None, None) => {}
        }
    }
    let enums = |schema: &Schema| schema.enums.values().map(json).collect::<Vec<_>>();
    said.extend(list_differences("enum types", "", enums(expected), enums(found)));
    let objects = |schema: &Schema| schema.objects.iter().filter(|object| is_tied(object.kind)).map(object).collect();
    said.extend(list_differences("views and triggers", "", objects(expected), objects(found)));
    said
}

fn table_differences(expected: &Table, found: &Table, said: &mut Vec<String>) {
    let name = &expected.name;
    let columns = |table: &Table| -> BTreeMap<String, String> {
        table.columns.values().map(|column| (column.name.clone(), json(column))).collect()
    };
    let (old, new) = (columns(expected), columns(found));
    for column in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        match (old.get(column), new.get(column)) {
            (Some(old), Some(new)) if old != new => said.push(format!("{name}.{column} should be {old} and is {new}")),
            (Some(_), None) => said.push(format!("{name}.{column} is missing")),
            (None, Some(_)) => said.push(format!("there is a column {name}.{column} that was not there")),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    let pairs = [
        ("primary key", lines(expected.primary_key.as_slice()), lines(found.primary_key.as_slice())),
        ("unique constraints", lines(&expected.uniques), lines(&found.uniques)),
        ("indexes", lines(&expected.indexes), lines(&found.indexes)),
        ("foreign keys", lines(&expected.foreign_keys), lines(&found.foreign_keys)),
        ("checks", lines(&expected.checks), lines(&found.checks)),
        ("comment", lines(expected.comment.as_slice()), lines(found.comment.as_slice())),
        ("options", vec![json(&expected.options)], vec![json(&found.options)]),
        ("kind", vec![json(&expected.kind)], vec![json(&found.kind)]),
    ];
    let of = format!(" of {name}");
    said.extend(pairs.into_iter().filter_map(|(what, expected, found)| list_differences(what, &of, expected, found)));
    // Whatever has no name above is still compared.
    if said.is_empty() && sorted(expected) != sorted(found) {
        said.push(format!("{name} is not what it was"));
    }
}

fn list_differences(what: &str, of: &str, mut expected: Vec<String>, mut found: Vec<String>) -> Option<String> {
    expected.sort();
    found.sort();
    if expected == found {
        return None;
    }
    let only = |one: &[String], other: &[String]| -> String {
        let lines: Vec<&str> = one.iter().filter(|line| !other.contains(line)).map(String::as_str).collect();
        if lines.is_empty() { "nothing".to_owned() } else { lines.join(", ") }
    };
    Some(format!("{what}{of}: {} became {}", only(&expected, &found), only(&found, &expected)))
}

fn lines<T: Serialize>(items: &[T]) -> Vec<String> {
    items.iter().map(json).collect()
}

fn json<T: Serialize>(item: &T) -> String {
    // What cannot be written down is at least not the same as anything else.
    serde_json::to_string(item).unwrap_or_else(|error| error.to_string())
}

fn object(object: &Object) -> String {
    format!("{} {} {}", object.kind.noun(), object.name, object.definition)
}

fn sorted(table: &Table) -> Table {
    let mut table = table.clone();
    sort(&mut table.uniques);
    sort(&mut table.indexes);
    sort(&mut table.foreign_keys);
    sort(&mut table.checks);
    table
}

fn sort<T: Debug>(items: &mut [T]) {
    items.sort_by_cached_key(|item| format!("{item:?}"));
}
