//! Laws that hold for any two schemas. See `docs/architecture.md` for the list.

mod schemas;

use std::collections::BTreeMap;

use autogen_diff::render::{File, SeaOrm, migration};
use autogen_diff::{Change, compare, order};
use autogen_schema::{Backend, Schema, TableName};
use proptest::prelude::*;

use self::schemas::{any_schema, canonical, strict};

fn apply_all(schema: &Schema, changes: &[Change]) -> Schema {
    let mut schema = schema.clone();
    for change in changes {
        change.apply(&mut schema).expect("every prefix of a plan applies");
    }
    schema
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
            let file = File { header: "//! test", stem: "m20260101_000000_test", sea_orm: SeaOrm::V2, template: None };
            let source = migration(&[&plan], &file);
            prop_assert!(source.contains("impl MigrationTrait for Migration"));
        }
    }
}
