//! Laws that hold for any two schemas. See `docs/architecture.md` for the list.


use std::collections::{BTreeMap, BTreeSet};

use autogen_diff::{Change, Inputs, Plan, Settings, Unmanaged, compare, order, plan};
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
    (any_column("id"), columns, any::<bool>(), any::<bool>(), links).prop_map(
        move |(id, columns, indexed, unique, links)| {
            let mut table = Table::new(TableName::bare(name)).with_column(id);
            table.primary_key = Some(PrimaryKey::new(["id"]));
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            for column in columns {
                table.columns.insert(column.name.clone(), column);
            }
            if let Some(first) = names.first() {
                if indexed {
                    table.indexes.push(Index::new(format!("idx-{name}-{first}"), [first]));
                }
                if unique {
                    table.indexes.push(Index::new(format!("uq-{name}"), &names).unique());
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
        },
    )
}

fn any_schema() -> impl Strategy<Value = Schema> {
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
fn canonical(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.columns.sort_keys();
        table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
        table.uniques.sort_by(|one, other| one.columns.cmp(&other.columns));
    }
    schema
}

fn apply_all(schema: &Schema, changes: &[Change]) -> Schema {
    let mut schema = schema.clone();
    for change in changes {
        change.apply(&mut schema).expect("every prefix of a plan applies");
    }
    schema
}

fn strict(live: &Schema, desired: &Schema, backend: Backend) -> Plan {
    let settings = Settings { unmanaged: Unmanaged::Drop };
    let inputs = Inputs {
        live,
        desired,
        memory: None,
        renames: &[],
        backend,
        default_schema: Some("public"),
        settings: &settings,
    };
    plan(&inputs).expect("nothing here is opaque")
}

proptest! {
    #[test]
    fn a_schema_does_not_differ_from_itself(schema in any_schema()) {
        prop_assert_eq!(compare(&schema, &schema), Vec::new());
        for backend in Backend::ALL {
            let plan = strict(&schema, &schema, backend);
            prop_assert!(plan.is_empty(), "{backend}: {:?}", plan.findings);
        }
    }

    #[test]
    fn changes_lead_from_one_schema_to_the_other_and_back(live in any_schema(), desired in any_schema()) {
        let changes = order(compare(&live, &desired));
        prop_assert_eq!(canonical(apply_all(&live, &changes)), canonical(desired.clone()));
        let undo: Vec<Change> = changes.iter().rev().map(Change::inverse).collect();
        prop_assert_eq!(canonical(apply_all(&desired, &undo)), canonical(live));
    }

    #[test]
    fn undoing_an_undoing_is_doing(live in any_schema(), desired in any_schema()) {
        for change in compare(&live, &desired) {
            prop_assert_eq!(change.inverse().inverse(), change);
        }
    }

    #[test]
    fn a_key_stands_after_its_target_and_goes_before_it(live in any_schema(), desired in any_schema()) {
        let mut exists: BTreeMap<TableName, bool> = live.tables.keys().map(|name| (name.clone(), true)).collect();
        for change in order(compare(&live, &desired)) {
            match &change {
                Change::CreateTable(table) => {
                    exists.insert(table.name.clone(), true);
                    for key in &table.foreign_keys {
                        prop_assert!(exists.get(&key.references).is_some_and(|is| *is), "{change:?}");
                    }
                }
                Change::AddForeignKey { key, .. } => {
                    prop_assert!(exists.get(&key.references).is_some_and(|is| *is), "{change:?}");
                }
                Change::DropTable(table) => {
                    exists.insert(table.name.clone(), false);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_order_of_the_input_means_nothing(live in any_schema(), desired in any_schema(), seed in any::<u64>()) {
        let changes = compare(&live, &desired);
        let mut shuffled = changes.clone();
        // New columns of one table keep their order among themselves: it is the entity's.
        let fixed = |change: &Change| matches!(change, Change::AddColumn { .. });
        shuffled.sort_by_key(|change| if fixed(change) { 0 } else { change.describe().len() as u64 ^ seed });
        prop_assert_eq!(order(shuffled), order(changes));
    }

    #[test]
    fn a_plan_has_statements_for_every_database(live in any_schema(), desired in any_schema()) {
        for backend in Backend::ALL {
            let plan = strict(&live, &desired, backend);
            let (up, down) = autogen_diff::render::sql(&plan);
            prop_assert_eq!(plan.is_empty(), up.is_empty() && down.is_empty(), "{}: {:?}", backend, plan.findings);
            let source = autogen_diff::render::migration(&plan, "//! test", "m20260101_000000_test");
            prop_assert!(source.contains("impl MigrationTrait for Migration"));
        }
    }
}
