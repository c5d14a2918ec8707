//! Columns: which are managed, and what of each is settled from the live side.

use autogen_schema::{Column, Notice, NoticeKind};

use super::defaults::{Sameness, same_default};
use super::tables::Part;
use super::types;

pub(super) fn settle(part: &mut Part<'_, '_>) {
    let names: Vec<String> = part.table.columns.keys().cloned().collect();
    for name in names {
        if let Some(live) = part.live.columns.get(&name) {
            settle_column(part, live);
        }
    }
    keep_live_only(part);
    follow_live_order(part);
}

/// Columns that only the database has: ignored ones stay in silence, unmanaged ones stay and are mentioned, those that
/// the entity declared at the last revision go.
fn keep_live_only(part: &mut Part<'_, '_>) {
    for live in part.live.columns.values() {
        if part.table.columns.contains_key(&live.name) {
            continue;
        }
        let is_ignored = part.said.ignored.contains(&live.name);
        let was_declared = part.base.is_some_and(|base| base.columns.contains_key(&live.name));
        if is_ignored || part.sides.keeps(was_declared) {
            part.table.columns.insert(live.name.clone(), live.clone());
            if !is_ignored {
                part.unmanaged(NoticeKind::UnmanagedColumn, Some(&live.name), &format!("column {}", live.name));
            }
        }
    }
}

/// The order of columns is no difference: columns that exist keep their order, new ones follow in the entity's.
fn follow_live_order(part: &mut Part<'_, '_>) {
    let mut columns = std::mem::take(&mut part.table.columns);
    for name in part.live.columns.keys() {
        if let Some((name, column)) = columns.shift_remove_entry(name) {
            part.table.columns.insert(name, column);
        }
    }
    part.table.columns.extend(columns);
}

fn settle_column(part: &mut Part<'_, '_>, live: &Column) {
    let base = part.base.and_then(|base| base.columns.get(&live.name));
    let said = part.said.columns.get(&live.name).map_or(&live.ty, |column| &column.ty);
    let Some(mut column) = part.table.columns.get(&live.name).cloned() else { return };
    if types::stays(part.sides.dialect, said, &column.ty, base.map(|base| &base.ty), &live.ty) {
        column.ty = live.ty.clone();
    }
    settle_default(part, &mut column, base, live);
    settle_nullability(part, &mut column, live);
    // How a column is numbered, and what an entity cannot say or does not mean, is the server's.
    column.auto_increment.clone_from(&live.auto_increment);
    if column.generated.is_none() || live.generated.is_some() {
        column.generated.clone_from(&live.generated);
    }
    column.on_update = column.on_update.take().or_else(|| live.on_update.clone());
    column.charset.clone_from(&live.charset);
    column.collation.clone_from(&live.collation);
    column.comment.clone_from(&live.comment);
    column.invisible = live.invisible;
    column.extra.clone_from(&live.extra);
    part.table.columns.insert(column.name.clone(), column);
}

fn settle_default(part: &mut Part<'_, '_>, column: &mut Column, base: Option<&Column>, live: &Column) {
    let was_said = base.and_then(|base| base.default.as_ref());
    match (&column.default, &live.default) {
        // SQL's NULL as a default is the absence of one.
        (None | Some(autogen_schema::DefaultValue::Null), None | Some(autogen_schema::DefaultValue::Null)) => {
            column.default.clone_from(&live.default);
        }
        (None, Some(kept)) if live.generated.is_none() && part.sides.keeps(was_said.is_some()) => {
            let what = format!("the default {kept} of {}", live.name);
            column.default = Some(kept.clone());
            part.unmanaged(NoticeKind::UnmanagedDefault, Some(&live.name), &what);
        }
        (Some(desired), Some(present)) => match same_default(&column.ty, desired, present) {
            Sameness::Same => column.default = Some(present.clone()),
            Sameness::Different => {}
            // Said in the same words as at the last revision, when the server took them.
            Sameness::Unknown if was_said == Some(desired) => column.default = Some(present.clone()),
            Sameness::Unknown if was_said.is_some() => {}
            Sameness::Unknown => {
                let message = format!(
                    "{}.{}: cannot tell whether the default {present} in the database is the {desired} of the entity; \
                     it is left as it is",
                    live_name(part),
                    live.name
                );
                let notice = Notice::new(NoticeKind::NotComparable, message);
                part.notices.push(notice.on(&part.live.name).named(&live.name).at(column.origin.place()));
                column.default = Some(present.clone());
            }
        },
        (None, Some(_)) | (Some(_), None) => {}
    }
}

fn live_name(part: &Part<'_, '_>) -> String {
    part.live.name.to_string()
}

/// A column of a primary key is required on every database that says so, and on SQLite whatever the catalog calls it.
fn settle_nullability(part: &Part<'_, '_>, column: &mut Column, live: &Column) {
    let in_key =
        |key: &Option<autogen_schema::PrimaryKey>| key.as_ref().is_some_and(|key| key.columns.contains(&live.name));
    if in_key(&part.live.primary_key) && in_key(&part.table.primary_key) {
        column.nullable = live.nullable;
    }
}
