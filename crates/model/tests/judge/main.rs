//! SeaORM itself judges the reader: every fixture is compiled, SeaORM is asked for its statements, and what they say
//! must be what the source says.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod list;
mod statements;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use autogen_model::{Options, Reading};
use autogen_schema::{AutoIncrement, Document, Schema};

/// Where the reader differs from SeaORM on purpose, and why. A fixture that is listed must differ, so that the list
/// cannot outlive its reasons; the expectation beside it is what the reader says instead.
const DIFFERENT: &[(&str, &str)] = &[
    ("enum_arrays", "SeaORM creates no type for an array of enums, and the table that uses it cannot be created"),
    ("key_of_a_uuid_newtype", "SeaORM asks to number a UUID whose name it does not know, and every database refuses"),
    ("relation_twice", "SeaORM writes the same foreign key twice, under one name"),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/entities")
}

fn read(name: &str) -> Reading {
    let root = fixtures().canonicalize().expect("the fixtures are there");
    let entities = vec![PathBuf::from(format!("{name}.rs"))];
    let options = Options { root, entities, ..Options::default() };
    autogen_model::read(&options).unwrap_or_else(|error| panic!("could not read {name}: {error}"))
}

fn compare(name: &str, judge: &statements::Judge) {
    let reading = read(name);
    let difference = DIFFERENT.iter().find(|(fixture, _)| *fixture == name);
    let source = without_parsed_clauses(reading.schema, &judge.with_extra);
    let (judged, source) = (text(&judge.schema), text(&source));
    match difference {
        None => pretty(name, &judged, &source),
        Some((_, why)) => assert_ne!(judged, source, "{name} agrees now; take it off the list ({why})"),
    }
}

/// SeaORM keeps `extra` as one text; what the reader makes of it has tests of its own.
fn without_parsed_clauses(mut schema: Schema, columns: &BTreeSet<(String, String)>) -> Schema {
    for table in schema.tables.values_mut() {
        for column in table.columns.values_mut() {
            if columns.contains(&(table.name.name.clone(), column.name.clone())) {
                column.default = None;
                column.generated = None;
                column.on_update = None;
                column.collation = None;
                column.extra.clear();
            }
        }
        if columns.iter().any(|(name, _)| *name == table.name.name) {
            table.checks.clear();
        }
    }
    schema
}

/// Without places, which SeaORM does not know.
fn text(schema: &Schema) -> String {
    let mut schema = schema.clone();
    for table in schema.tables.values_mut() {
        table.origin = Default::default();
        // SeaORM does not know of fields that are no columns.
        table.ignored.clear();
        table.columns.values_mut().for_each(|column| column.origin = Default::default());
        table.primary_key.iter_mut().for_each(|key| key.origin = Default::default());
        table.uniques.iter_mut().for_each(|unique| unique.origin = Default::default());
        table.indexes.iter_mut().for_each(|index| index.origin = Default::default());
        table.foreign_keys.iter_mut().for_each(|key| key.origin = Default::default());
    }
    schema.enums.values_mut().for_each(|ty| ty.origin = Default::default());
    Document::new(&schema, None).to_json()
}

fn pretty(name: &str, judged: &str, source: &str) {
    if judged == source {
        return;
    }
    let lines = |one: &str, other: &str, mark: &str| -> String {
        let others: BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !others.contains(line)).map(|line| format!("{mark} {line}\n")).collect()
    };
    let (missing, extra) = (lines(judged, source, "SeaORM:"), lines(source, judged, "reader:"));
    panic!("{name} is read differently\n{missing}{extra}\n{source}");
}

#[test]
fn every_fixture_is_judged() {
    let files = std::fs::read_dir(fixtures()).expect("the fixtures are there");
    let names: BTreeSet<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    let judged: BTreeSet<String> = list::ALL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, judged);
}

#[test]
fn an_array_of_enums_has_a_type_in_the_database() {
    let reading = read("enum_arrays");
    let labels: Vec<_> = reading.schema.enums.values().map(|ty| (ty.name.name.as_str(), ty.labels.clone())).collect();
    assert_eq!(labels, [("tag", vec!["a".to_owned()])]);
}

#[test]
fn a_uuid_is_never_numbered() {
    let reading = read("key_of_a_uuid_newtype");
    let table = reading.schema.tables.values().next().expect("there is one table");
    assert_eq!(table.columns["id"].auto_increment, None::<AutoIncrement>);
    assert_eq!(reading.notices.len(), 1, "and the reader says so: {:?}", reading.notices);
}

#[test]
fn a_relation_that_is_there_twice_is_one_key() {
    let reading = read("relation_twice");
    let keys: usize = reading.schema.tables.values().map(|table| table.foreign_keys.len()).sum();
    assert_eq!(keys, 1);
}

#[test]
fn every_fixture_is_read_without_doubt() {
    // What a fixture is about may be worth a notice; anything else that is not understood is a gap.
    let expected = ["key_of_a_uuid_newtype"];
    for name in list::ALL.iter().filter(|name| !expected.contains(name)) {
        let notices = read(name).notices;
        assert!(notices.is_empty(), "{name}: {notices:?}");
    }
}
