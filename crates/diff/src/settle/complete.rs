//! Two sides that both say everything: nothing is unsaid, and nothing is kept for that reason.
//!
//! What differs only in how it is written is written as the live side has it: expressions that are the same to the
//! server, and the name of the sequence behind a `serial`.

use autogen_schema::{
    AutoIncrement, Column, DefaultValue, Expression, ForeignKey, Index, IndexKey, Notice, NoticeKind, Object,
    ReferentialAction, Table, TableKind,
};

use super::defaults::{Sameness, same_default, same_text};
use super::{Settled, Sides};
use crate::Unmanaged;
use crate::spellings::Questions;

pub(super) fn settle(sides: &Sides<'_>, settled: &mut Settled) {
    let mut tables = std::mem::take(&mut settled.desired.tables);
    for (name, table) in &mut tables {
        fill(table);
        if let Some(live) = sides.live.tables.get(name) {
            unify(sides, &mut settled.questions, live, table);
            leave_what_is_fixed(sides, &mut settled.notices, live, table);
        }
    }
    tables.retain(|name, table| sides.live.tables.contains_key(name) || !table.kind.comes_with_another());
    for live in sides.live.tables.values().filter(|live| live.kind.comes_with_another()) {
        tables.entry(live.name.clone()).or_insert_with(|| live.clone());
    }
    settled.desired.tables = tables;
    compare_objects(sides, settled);
}

/// Entities can stand for a whole database, too: what they may leave unsaid and a database says.
fn fill(table: &mut Table) {
    for key in &mut table.foreign_keys {
        key.on_delete.get_or_insert(ReferentialAction::NoAction);
        key.on_update.get_or_insert(ReferentialAction::NoAction);
    }
}

fn unify(sides: &Sides<'_>, questions: &mut Questions, live: &Table, table: &mut Table) {
    for live in live.columns.values() {
        if let Some(column) = table.columns.get_mut(&live.name) {
            unify_column(sides, questions, &table.name, live, column);
        }
    }
    super::columns::follow_order(table, live);
    for live in &live.indexes {
        if let Some(index) = table.indexes.iter_mut().find(|index| index.name == live.name) {
            unify_index(sides, questions, &table.name, live, index);
        }
    }
    let name = table.name.clone();
    for check in &mut table.checks {
        let mut same = |text: &str| {
            let pair = (check.expression.as_str(), text);
            sides.same_expression(questions, &name, |sql| Expression::Check(sql.to_owned()), pair) == Sameness::Same
        };
        if let Some(live) = live.checks.iter().find(|live| same(&live.expression)) {
            check.expression.clone_from(&live.expression);
        }
    }
    for key in &mut table.foreign_keys {
        if let Some(live) = live.foreign_keys.iter().find(|live| live.name == key.name) {
            unify_key(sides, live, key);
        }
    }
    table.not_understood.clone_from(&live.not_understood);
    table.ignored.clear();
}

/// What no statement changes in a table that is there stays, and that is said.
fn leave_what_is_fixed(sides: &Sides<'_>, notices: &mut Vec<Notice>, live: &Table, table: &mut Table) {
    let is_virtual = [live.kind, table.kind].contains(&TableKind::Virtual);
    let fixed = sides.dialect.fixed(live, table);
    table.kind = live.kind;
    let Some(what) = fixed else { return };
    let message = format!("{}: {what} differs, which no statement changes; it is left as it is", live.name);
    notices.push(Notice::new(NoticeKind::NotComparable, message).on(&live.name));
    if is_virtual {
        *table = live.clone();
        return;
    }
    table.options.partition.clone_from(&live.options.partition);
    table.options.inherits.clone_from(&live.options.inherits);
}

fn unify_column(
    sides: &Sides<'_>,
    questions: &mut Questions,
    table: &autogen_schema::TableName,
    live: &Column,
    column: &mut Column,
) {
    if let (Some(desired), Some(present)) = (&column.default, &live.default) {
        let ask = |value: &DefaultValue| Expression::Default { column: live.name.clone(), value: value.clone() };
        let mut same = same_default(&column.ty, desired, present);
        if same == Sameness::Unknown {
            same = sides.same_to_server(questions, table, [ask(desired), ask(present)]);
        }
        if same == Sameness::Same {
            column.default = Some(present.clone());
        }
    }
    if let (Some(desired), Some(present)) = (&mut column.generated, &live.generated) {
        let ask = |sql: &str| Expression::Generated { column: live.name.clone(), sql: sql.to_owned() };
        let pair = (desired.expression.as_str(), present.expression.as_str());
        if sides.same_expression(questions, table, ask, pair) == Sameness::Same {
            desired.expression.clone_from(&present.expression);
        }
    }
    if let (Some(AutoIncrement::Serial { .. }), Some(AutoIncrement::Serial { .. })) =
        (&column.auto_increment, &live.auto_increment)
    {
        column.auto_increment.clone_from(&live.auto_increment);
    }
}

pub(super) fn unify_index(
    sides: &Sides<'_>,
    questions: &mut Questions,
    table: &autogen_schema::TableName,
    live: &Index,
    index: &mut Index,
) {
    index.implicit = live.implicit;
    if let (Some(desired), Some(present)) = (&mut index.predicate, &live.predicate) {
        let ask = |sql: &str| Expression::Predicate(sql.to_owned());
        if sides.same_expression(questions, table, ask, (desired, present)) == Sameness::Same {
            desired.clone_from(present);
        }
    }
    for (desired, present) in index.parts.iter_mut().zip(&live.parts) {
        if let (IndexKey::Expression(desired), IndexKey::Expression(present)) = (&mut desired.key, &present.key) {
            let ask = |sql: &str| Expression::IndexKey(sql.to_owned());
            if sides.same_expression(questions, table, ask, (desired, present)) == Sameness::Same {
                desired.clone_from(present);
            }
        }
    }
}

fn unify_key(sides: &Sides<'_>, live: &ForeignKey, key: &mut ForeignKey) {
    let unify = |desired: &mut Option<ReferentialAction>, present: Option<ReferentialAction>| {
        if let (Some(said), Some(present)) = (*desired, present)
            && sides.dialect.is_same_action(said, present)
        {
            *desired = Some(present);
        }
    };
    unify(&mut key.on_delete, live.on_delete);
    unify(&mut key.on_update, live.on_update);
}

/// Views, triggers and the like are never changed; where they differ, that is said.
fn compare_objects(sides: &Sides<'_>, settled: &mut Settled) {
    if sides.unmanaged == Unmanaged::Ignore {
        return;
    }
    let is_same =
        |one: &Object, other: &Object| (one.kind, &one.name, &one.table) == (other.kind, &other.name, &other.table);
    for live in &sides.live.objects {
        let fate = match sides.desired.objects.iter().find(|object| is_same(object, live)) {
            None => "is in the first only",
            Some(object) if same_text(&object.definition, &live.definition) => continue,
            Some(object) if object.definition.is_empty() || live.definition.is_empty() => {
                "cannot be compared, because its text is hidden from the database user"
            }
            Some(_) => "is defined differently on the two sides",
        };
        settled.notices.push(about(live, fate));
    }
    for object in &sides.desired.objects {
        if !sides.live.objects.iter().any(|live| is_same(live, object)) {
            settled.notices.push(about(object, "is in the second only"));
        }
    }
}

fn about(object: &Object, fate: &str) -> Notice {
    let on = object.table.as_ref().map(|table| format!(" on {table}")).unwrap_or_default();
    let message = format!("{} {}{on} {fate}, and is left alone", object.kind.noun(), object.name);
    let mut notice = Notice::new(NoticeKind::UnmanagedObject, message).named(&object.name.name);
    notice.table.clone_from(&object.table);
    notice
}
