//! Tables: which are managed, and settling each part of one.

use autogen_schema::{Index, IndexKey, IndexPart, Notice, NoticeKind, Object, Place, Table};

use super::{Settled, Sides, checks, columns, keys};
use crate::Unmanaged;
use crate::identifiers::mentions;
use crate::spellings::Questions;

pub(super) fn settle(sides: &Sides<'_>, settled: &mut Settled) {
    let mut tables = std::mem::take(&mut settled.desired.tables);
    tables.retain(|_, table| !is_view(sides, table));
    for live in sides.live.tables.values() {
        if let Some(table) = tables.get_mut(&live.name) {
            settle_table(sides, live, table, settled);
        } else if !live.kind.is_ordinary() {
            // Partitions, shadow tables and the like come and go with what they belong to.
            tables.insert(live.name.clone(), live.clone());
        } else if sides.keeps(sides.base.is_some_and(|base| base.tables.contains_key(&live.name))) {
            tables.insert(live.name.clone(), live.clone());
            mention(sides, &mut settled.notices, live);
        }
    }
    settled.desired.tables = tables;
    mention_objects(sides, &mut settled.notices);
    keys::settle_relations(sides, settled);
    keys::settle_implicit_indexes(sides, settled);
}

/// An entity may be mapped on a view; that is not a table to create.
fn is_view(sides: &Sides<'_>, table: &Table) -> bool {
    use autogen_schema::ObjectKind::{MaterializedView, View};
    let is_named = |object: &Object| object.name == table.name;
    sides.live.objects.iter().any(|object| matches!(object.kind, View | MaterializedView) && is_named(object))
}

fn mention(sides: &Sides<'_>, notices: &mut Vec<Notice>, live: &Table) {
    if sides.unmanaged == Unmanaged::Report {
        let message =
            format!("table {} is in the database only; no entity declares it, and it is left alone", live.name);
        notices.push(Notice::new(NoticeKind::UnmanagedTable, message).on(&live.name).named(&live.name.name));
    }
}

/// Views, triggers and the like are nobody's to compare; an entity may be mapped on a view.
fn mention_objects(sides: &Sides<'_>, notices: &mut Vec<Notice>) {
    let is_declared = |object: &Object| sides.desired.tables.contains_key(&object.name);
    for object in sides.live.objects.iter().filter(|object| !is_declared(object)) {
        if sides.unmanaged == Unmanaged::Report {
            let on = object.table.as_ref().map(|table| format!(" on {table}")).unwrap_or_default();
            let what = format!("{} {}{on}", object.kind.noun(), object.name);
            let message = format!("{what} is in the database only, and is left alone");
            let mut notice = Notice::new(NoticeKind::UnmanagedObject, message).named(&object.name.name);
            notice.table.clone_from(&object.table);
            notices.push(notice);
        }
    }
}

fn settle_table(sides: &Sides<'_>, live: &Table, table: &mut Table, settled: &mut Settled) {
    let Settled { notices, questions, .. } = settled;
    let said = sides.said.tables.get(&table.name).cloned().unwrap_or_else(|| table.clone());
    let base = sides.base.and_then(|base| base.tables.get(&table.name));
    let mut part = Part { sides, live, said: &said, base, table, notices, questions };
    columns::settle(&mut part);
    keys::settle(&mut part);
    checks::settle(&mut part);
    // An entity cannot say these.
    table.kind = live.kind;
    table.options = live.options.clone();
    let was_said = base.is_some_and(|base| base.comment.is_some());
    if table.comment.is_none() && sides.keeps(was_said) {
        table.comment.clone_from(&live.comment);
    }
    table.not_understood.clone_from(&live.not_understood);
    table.ignored.clear();
}

/// One table that both sides have.
pub(super) struct Part<'a, 's> {
    pub sides: &'a Sides<'s>,
    pub live: &'a Table,
    /// The entity's own words.
    pub said: &'a Table,
    /// The entity at the last revision.
    pub base: Option<&'a Table>,
    /// The table being settled.
    pub table: &'a mut Table,
    pub notices: &'a mut Vec<Notice>,
    pub questions: &'a mut Questions,
}

impl Part<'_, '_> {
    /// Whether the settled table still has all these columns; a key over a dropped column goes with it.
    pub(super) fn has_columns(&self, names: &[String]) -> bool {
        names.iter().all(|name| self.table.columns.contains_key(name))
    }

    /// The same for an expression.
    pub(super) fn has_columns_in(&self, sql: &str) -> bool {
        let mut gone = self.live.columns.keys().filter(|name| !self.table.columns.contains_key(*name));
        !gone.any(|gone| mentions(sql, gone))
    }

    /// The same for an index: its columns, those that it includes, and those that its expressions name.
    pub(super) fn has_columns_of(&self, index: &Index) -> bool {
        let has_part = |part: &IndexPart| match &part.key {
            IndexKey::Column(name) => self.table.columns.contains_key(name),
            IndexKey::Expression(sql) => self.has_columns_in(sql),
        };
        index.parts.iter().all(has_part)
            && index.predicate.as_ref().is_none_or(|sql| self.has_columns_in(sql))
            && self.has_columns(&index.include)
    }

    /// Mentions that two things could not be compared, and that what is there stays.
    pub(super) fn not_comparable(&mut self, name: &str, what: &str, place: Option<&Place>) {
        let message = format!("{}.{name}: {what}; it is left as it is", self.live.name);
        let notice = Notice::new(NoticeKind::NotComparable, message).on(&self.live.name).named(name);
        self.notices.push(notice.at(place));
    }

    /// Mentions something that stays although no entity says it.
    pub(super) fn unmanaged(&mut self, kind: NoticeKind, name: Option<&str>, what: &str) {
        if self.sides.unmanaged == Unmanaged::Report {
            let message = format!("{}: {what} is in the database only, and is left alone", self.live.name);
            let mut notice = Notice::new(kind, message).on(&self.live.name);
            notice.name = name.map(str::to_owned);
            self.notices.push(notice);
        }
    }
}
