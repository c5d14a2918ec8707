//! Laws that need no database.

use std::collections::BTreeMap;

use autogen_diff::render::{self, File, SeaOrm, migration};
use autogen_diff::{Change, Coverage, Spellings, compare, order};
use autogen_schema::{Backend, Schema, Table, TableName};

use crate::dice::Dice;
use crate::law::{Broken, Outcome, hold, numbers};
use crate::pairs::{Pair, renamed_pair};
use crate::plans::Question;
use crate::schemas::canonical;

const CASES: u64 = 256;

fn check(law: impl Fn(Backend, &Pair) -> Outcome) {
    for backend in Backend::ALL {
        hold(backend, CASES, &[], |pair| law(backend, pair));
    }
}

fn expect(holds: bool, step: &'static str, seen: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(Broken::at(step, seen())) }
}

fn apply_all(schema: &Schema, changes: &[Change]) -> Result<Schema, Broken> {
    let mut schema = schema.clone();
    for change in changes {
        change.apply(&mut schema).map_err(|misfit| Broken::at("a prefix that does not apply", misfit.to_string()))?;
    }
    Ok(schema)
}

fn question(backend: Backend, pair: &Pair) -> Question<'_> {
    let Pair { start, end, renames, coverage } = pair;
    Question { live: start, desired: end, renames, coverage: *coverage, backend, online: false }
}

#[test]
fn a_schema_does_not_differ_from_itself() {
    check(|backend, Pair { start, .. }| {
        expect(compare(start, start).is_empty(), "comparing", || format!("{:#?}", compare(start, start)))?;
        for coverage in [Coverage::Partial, Coverage::Complete] {
            let same = Question { live: start, desired: start, renames: &[], coverage, backend, online: false };
            let plan = same.plan(&Spellings::default());
            expect(plan.is_empty(), "planning", || format!("{:#?}", plan.findings))?;
        }
        Ok(())
    });
}

#[test]
fn changes_lead_from_one_schema_to_the_other_and_back() {
    check(|_, Pair { start, end, .. }| {
        let changes = order(compare(start, end));
        let there = canonical(apply_all(start, &changes)?);
        expect(there == canonical(end.clone()), "there", || format!("{there:#?}"))?;
        let undo: Vec<Change> = changes.iter().rev().map(Change::inverse).collect();
        let back = canonical(apply_all(end, &undo)?);
        expect(back == canonical(start.clone()), "back", || format!("{back:#?}"))
    });
}

#[test]
fn what_is_renamed_changes_in_nothing_else() {
    for (backend, number) in Backend::ALL
        .into_iter()
        .flat_map(|backend| numbers(CASES, &[]).into_iter().map(move |number| (backend, number)))
    {
        let pair = renamed_pair(backend, number);
        let plan = question(backend, &pair).plan(&Spellings::default());
        let changes = plan.findings.iter().map(|finding| &finding.change);
        let others: Vec<&Change> = changes
            .filter(|change| !matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. }))
            .collect();
        assert!(others.is_empty(), "{backend}, number {number}: {others:#?}");
    }
}

#[test]
fn undoing_an_undoing_is_doing() {
    check(|backend, pair| {
        let findings = question(backend, pair).plan(&Spellings::default()).findings;
        for change in findings.into_iter().map(|finding| finding.change) {
            expect(change.inverse().inverse() == change, "twice", || format!("{change:#?}"))?;
        }
        Ok(())
    });
}

#[test]
fn a_key_stands_after_its_target_and_goes_before_it() {
    check(|_, Pair { start, end, .. }| {
        let mut exists: BTreeMap<TableName, bool> = start.tables.keys().map(|name| (name.clone(), true)).collect();
        for change in order(compare(start, end)) {
            let mut targets = Vec::new();
            match &change {
                Change::CreateTable(table) => {
                    exists.insert(table.name.clone(), true);
                    targets.extend(table.foreign_keys.iter().map(|key| &key.references));
                }
                Change::AddForeignKey { key, .. } => targets.push(&key.references),
                Change::DropTable(table) => {
                    exists.insert(table.name.clone(), false);
                }
                _ => {}
            }
            let all = targets.into_iter().all(|target| exists.get(target).is_some_and(|is| *is));
            expect(all, "a key without its target", || format!("{change:?}"))?;
        }
        Ok(())
    });
}

#[test]
fn the_order_of_the_input_means_nothing() {
    check(|backend, pair| {
        let changes = compare(&pair.start, &pair.end);
        let mut dice = Dice::new(7);
        let mut shuffled = changes.clone();
        shuffle(&mut shuffled, &mut dice);
        // New columns of one table keep their order among themselves: it is the entity's.
        shuffled.sort_by_key(|change| !matches!(change, Change::AddColumn { .. }));
        let mut fixed = changes.clone();
        fixed.sort_by_key(|change| !matches!(change, Change::AddColumn { .. }));
        shuffled.splice(..count(&fixed), fixed[..count(&fixed)].iter().cloned());
        expect(order(shuffled) == order(changes), "ordering", String::new)?;

        let mut other = pair.clone();
        for (shuffled, there) in [(&mut other.start, &pair.end), (&mut other.end, &pair.start)] {
            let stays = |table: &&mut Table| backend == Backend::Postgres && there.tables.contains_key(&table.name);
            shuffled.tables.values_mut().filter(stays).for_each(|table| shuffle_lists(table, &mut dice));
        }
        let [one, other] = [pair, &other].map(|pair| written(backend, pair));
        expect(one == other, "writing", || format!("{one}\n\n{other}"))
    });
}

fn count(changes: &[Change]) -> usize {
    changes.iter().filter(|change| matches!(change, Change::AddColumn { .. })).count()
}

/// The lists whose order says nothing. A statement that makes a table has them as they are said, and its columns.
fn shuffle_lists(table: &mut Table, dice: &mut Dice) {
    shuffle(&mut table.indexes, dice);
    shuffle(&mut table.foreign_keys, dice);
    shuffle(&mut table.checks, dice);
    shuffle(&mut table.uniques, dice);
}

fn shuffle<T>(list: &mut [T], dice: &mut Dice) {
    for at in (1..list.len()).rev() {
        let other = usize::try_from(dice.number() % (at as u64 + 1)).expect("less than the length");
        list.swap(at, other);
    }
}

/// Every byte that a plan is written as.
fn written(backend: Backend, pair: &Pair) -> String {
    let plan = question(backend, pair).plan(&Spellings::default());
    let file = File { header: "//! test", stem: "m20260101_000000_test", sea_orm: SeaOrm::V2, template: None };
    let (up, down) = render::sql(&plan);
    format!("{}\n{}\n\n{}", up.join(";\n"), down.join(";\n"), migration(&[&plan], &file))
}

#[test]
fn a_plan_has_statements() {
    check(|backend, pair| {
        let plan = question(backend, pair).plan(&Spellings::default());
        let (up, down) = render::sql(&plan);
        expect(plan.is_empty() == (up.is_empty() && down.is_empty()), "statements", || {
            format!("{:#?}", plan.findings)
        })?;
        expect(written(backend, pair).contains("impl MigrationTrait for Migration"), "source", String::new)
    });
}
