//! Random schemas, and what every law needs.

use autogen_diff::{Coverage, Inputs, Plan, Settings, Spellings, Unmanaged, plan};
use autogen_schema::{Backend, ForeignKey, Schema, Table};
use proptest::prelude::*;

use crate::dice::{Dice, THROWS};
use crate::tables::{TABLES, any_enum, any_table};

/// Any schema of up to five tables that this database can hold, with foreign keys in all directions. It shrinks towards
/// no tables and tables without anything.
pub(crate) fn any_schema(backend: Backend) -> impl Strategy<Value = Schema> {
    proptest::array::uniform6(proptest::array::uniform32(any::<u8>())).prop_map(move |throws| schema(backend, &throws))
}

fn schema(backend: Backend, throws: &[[u8; THROWS]; 6]) -> Schema {
    let mut schema = Schema::default();
    let [of_enum, of_tables @ ..] = throws;
    if backend == Backend::Postgres
        && let Some(ty) = any_enum(&mut Dice::new(of_enum))
    {
        schema.enums.insert(ty.name.clone(), ty);
    }
    let labels = schema.enums.values().next().map(|ty| ty.name.clone());
    for (name, throws) in TABLES.iter().zip(of_tables) {
        if let Some(table) = any_table(backend, name, labels.as_ref(), &mut Dice::new(throws)) {
            schema.insert(table);
        }
    }
    keep_keys_with_targets(&mut schema);
    schema
}

/// A key refers to a table that is there, and to columns that a primary key or unique constraint covers.
fn keep_keys_with_targets(schema: &mut Schema) {
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

/// The plan between two schemas under the strictest settings.
pub(crate) fn compared(
    live: &Schema,
    desired: &Schema,
    (coverage, backend): (Coverage, Backend),
    spellings: &Spellings,
) -> Plan {
    let settings = Settings { unmanaged: Unmanaged::Drop, ..Settings::default() };
    plan(&inputs(live, desired, (coverage, backend), &settings, spellings)).expect("nothing here is opaque")
}

/// What [`compared`] compares.
pub(crate) fn inputs<'a>(
    live: &'a Schema,
    desired: &'a Schema,
    (coverage, backend): (Coverage, Backend),
    settings: &'a Settings,
    spellings: &'a Spellings,
) -> Inputs<'a> {
    let default_schema = Some("public");
    Inputs {
        live,
        desired,
        coverage,
        memory: None,
        renames: &[],
        decided: &[],
        backend,
        default_schema,
        settings,
        spellings,
    }
}
