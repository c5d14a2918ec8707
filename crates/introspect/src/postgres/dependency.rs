//! What must be there before a table or an object can be made.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::TableName;

use super::catalog::{DependencyRow, ObjectRow, SequenceRow};

/// The oid of `pg_class` itself, the same on every server.
const PG_CLASS: i64 = 1259;

/// What each table and object depends on, by catalog and oid.
pub(super) struct Dependencies(BTreeMap<(i64, i64), Vec<TableName>>);

impl Dependencies {
    /// Of what is no relation, those that are read themselves: what an extension or a column brings comes with it.
    pub(super) fn new(rows: Vec<DependencyRow>, objects: &[ObjectRow], sequences: &[SequenceRow]) -> Self {
        let objects = objects.iter().map(|row| (row.schema.as_deref(), row.name.as_str()));
        let sequences =
            sequences.iter().filter(|row| !row.of_serial).map(|row| (Some(row.schema.as_str()), row.name.as_str()));
        let read: BTreeSet<_> = objects.chain(sequences).collect();
        let mut found: BTreeMap<(i64, i64), Vec<TableName>> = BTreeMap::new();
        for row in rows {
            if row.is_relation || read.contains(&(row.schema.as_deref(), row.name.as_str())) {
                let name = TableName { schema: row.schema, name: row.name };
                found.entry((row.class, row.object)).or_default().push(name);
            }
        }
        Self(found)
    }

    pub(super) fn of_relation(&self, oid: i64) -> Vec<TableName> {
        self.0.get(&(PG_CLASS, oid)).cloned().unwrap_or_default()
    }

    pub(super) fn of_object(&self, row: &ObjectRow) -> Vec<TableName> {
        row.class.zip(row.object).and_then(|place| self.0.get(&place)).cloned().unwrap_or_default()
    }
}
