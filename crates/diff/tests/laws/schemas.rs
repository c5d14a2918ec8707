//! Random schemas.

use autogen_schema::{Backend, ForeignKey, Schema, Table};

use crate::dice::Dice;
use crate::names::Names;
use crate::tables::{any_enum, any_table};

/// A schema of up to five tables that this database can hold, with foreign keys in all directions.
pub(crate) fn schema(names: &Names, mut dice: [Dice; 6]) -> Schema {
    let [of_enum, of_tables @ ..] = &mut dice;
    let mut schema = Schema::default();
    if names.backend == Backend::Postgres
        && let Some(ty) = any_enum(of_enum)
    {
        schema.enums.insert(ty.name.clone(), ty);
    }
    let labels = schema.enums.values().next().map(|ty| ty.name.clone());
    for (at, dice) in of_tables.iter_mut().enumerate() {
        if let Some(table) = any_table(names, at, labels.as_ref(), dice) {
            schema.insert(table);
        }
    }
    keep_keys_with_targets(&mut schema);
    schema
}

/// A key refers to a table that is there, and to columns that a primary key or unique constraint covers.
pub(crate) fn keep_keys_with_targets(schema: &mut Schema) {
    let targets = schema.clone();
    let covered = |key: &ForeignKey| {
        // MySQL wants them in the order of the key, too.
        let covers = |columns: &[String]| columns == key.referenced_columns;
        targets.tables.get(&key.references).is_some_and(|target: &Table| {
            target.primary_key.as_ref().is_some_and(|key| covers(&key.columns))
                || target.uniques.iter().any(|unique| unique.deferrable.is_none() && covers(&unique.columns))
        })
    };
    schema.tables.values_mut().for_each(|table| table.foreign_keys.retain(covered));
}

/// Lists of a table have no order of their own, and new columns come last.
pub(crate) fn canonical(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.columns.sort_keys();
        table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
        table.checks.sort_by(|one, other| (&one.name, &one.expression).cmp(&(&other.name, &other.expression)));
        table.uniques.sort_by(|one, other| (&one.columns, &one.name).cmp(&(&other.columns, &other.name)));
    }
    schema
}
