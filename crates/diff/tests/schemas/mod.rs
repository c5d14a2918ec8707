//! Random schemas, and what every law needs.

use std::collections::BTreeSet;

use autogen_diff::{Coverage, Inputs, Plan, Settings, Spellings, Unmanaged, plan};
use autogen_schema::{
    Backend, Column, DefaultValue, ForeignKey, Index, IntegerWidth, PrimaryKey, ReferentialAction, Schema, Table,
    TableName, Type,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const TABLES: [&str; 5] = ["a", "b", "c", "d", "e"];
const COLUMNS: [&str; 5] = ["id", "p", "q", "r", "s"];

fn any_type() -> impl Strategy<Value = Type> {
    select(vec![
        Type::Boolean,
        Type::integer(IntegerWidth::Regular),
        Type::integer(IntegerWidth::Big),
        Type::varchar(20),
        Type::varchar(40),
        Type::text(),
        Type::Double,
        Type::DateTime { precision: None },
    ])
}

fn any_column(name: &'static str) -> impl Strategy<Value = Column> {
    (any_type(), any::<bool>(), any::<bool>()).prop_map(move |(ty, nullable, with_default)| {
        let default = match &ty {
            _ if !with_default || name == "id" => None,
            Type::Integer { .. } => Some(DefaultValue::Number("7".into())),
            Type::Varchar { .. } => Some(DefaultValue::Text("it's".into())),
            _ => None,
        };
        Column { nullable: nullable && name != "id", default, ..Column::new(name, ty) }
    })
}

fn any_table(name: &'static str) -> impl Strategy<Value = Table> {
    let columns = subsequence(COLUMNS[1..].to_vec(), 0..=4)
        .prop_flat_map(|names| names.into_iter().map(any_column).collect::<Vec<_>>());
    let key = (select(TABLES.to_vec()), select(vec![None, Some(ReferentialAction::Cascade)]));
    let links = proptest::collection::vec(key, 0..3);
    (columns, any::<bool>(), any::<bool>(), links).prop_map(move |(mut columns, indexed, unique, links)| {
        let integer = Type::integer(IntegerWidth::Regular);
        let mut table = Table::new(TableName::bare(name)).with_column(Column::new("id", integer.clone()));
        table.primary_key = Some(PrimaryKey::new(["id"]));
        // A key and its target have one type on every database but SQLite.
        for (column, _) in columns.iter_mut().zip(&links) {
            *column = Column { nullable: column.nullable, ..Column::new(&column.name, integer.clone()) };
        }
        // MySQL indexes text only by a prefix.
        let can_be_indexed = |column: &Column| column.ty != Type::text();
        let indexable: Vec<String> =
            columns.iter().filter(|column| can_be_indexed(column)).map(|column| column.name.clone()).collect();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        for column in columns {
            table.columns.insert(column.name.clone(), column);
        }
        if let Some(first) = indexable.first() {
            if indexed {
                table.indexes.push(Index::new(format!("idx-{name}-{first}"), [first]));
            }
            if unique {
                table.indexes.push(Index::new(format!("uq-{name}"), &indexable).unique());
            }
        }
        for (column, (target, action)) in names.iter().zip(links) {
            let mut key = ForeignKey::new([column], TableName::bare(target), ["id"]);
            key.name = Some(format!("fk-{name}-{column}"));
            key.on_delete = Some(action.unwrap_or(ReferentialAction::NoAction));
            key.on_update = Some(ReferentialAction::NoAction);
            table.foreign_keys.push(key);
        }
        table
    })
}

/// Any schema of up to five tables, with foreign keys in all directions.
pub(crate) fn any_schema() -> impl Strategy<Value = Schema> {
    subsequence(TABLES.to_vec(), 0..=5)
        .prop_flat_map(|names| names.into_iter().map(any_table).collect::<Vec<_>>())
        .prop_map(|tables| {
            let names: BTreeSet<TableName> = tables.iter().map(|table| table.name.clone()).collect();
            let mut schema = Schema::default();
            for mut table in tables {
                table.foreign_keys.retain(|key| names.contains(&key.references));
                schema.insert(table);
            }
            schema
        })
}

/// Lists of a table have no order of their own, and new columns come last.
pub(crate) fn canonical(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.columns.sort_keys();
        table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
        table.uniques.sort_by(|one, other| one.columns.cmp(&other.columns));
    }
    schema
}

/// The plan that leads from one schema to exactly the other.
pub(crate) fn strict(live: &Schema, desired: &Schema, backend: Backend) -> Plan {
    let settings = Settings { unmanaged: Unmanaged::Drop, ..Settings::default() };
    let inputs = Inputs {
        live,
        desired,
        memory: None,
        coverage: Coverage::Partial,
        renames: &[],
        decided: &[],
        backend,
        default_schema: Some("public"),
        settings: &settings,
        spellings: &Spellings::default(),
    };
    plan(&inputs).expect("nothing here is opaque")
}
