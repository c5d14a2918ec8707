//! Columns: which are managed, and what of each is settled from the live side.

use autogen_schema::{Column, DefaultValue, Expression, NoticeKind, Table, TableName, Type};

use super::defaults::{Sameness, same_default, same_text};
use super::tables::Part;
use super::types;
use crate::TypeComparison;
use crate::dialect::Dialect;

pub(super) fn settle(part: &mut Part<'_, '_>) {
    let names: Vec<String> = part.table.columns.keys().cloned().collect();
    for name in names {
        if let Some(live) = part.live.columns.get(&name) {
            settle_column(part, live);
        }
    }
    keep_live_only(part);
    follow_order(part.table, part.live);
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
pub(super) fn follow_order(table: &mut Table, live: &Table) {
    let mut rest = std::mem::take(&mut table.columns);
    for name in live.columns.keys() {
        if let Some((name, column)) = rest.shift_remove_entry(name) {
            table.columns.insert(name, column);
        }
    }
    table.columns.extend(rest);
}

fn settle_column(part: &mut Part<'_, '_>, live: &Column) {
    let base = part.base.and_then(|base| base.columns.get(&live.name));
    let said = part.said.columns.get(&live.name).map_or(&live.ty, |column| &column.ty);
    let Some(mut column) = part.table.columns.get(&live.name).cloned() else { return };
    let stays = match part.sides.types {
        TypeComparison::Compatible => {
            types::stays(part.sides.dialect, said, &column.ty, base.map(|base| &base.ty), &live.ty)
        }
        TypeComparison::Exact => said.is_opaque() || types::reads_alike(&column.ty, &live.ty),
    };
    if stays {
        column.ty = live.ty.clone();
    }
    settle_default(part, &mut column, base, live);
    settle_nullability(part, &mut column, live);
    settle_generated(part, &mut column, base, live);
    settle_numbering(part.sides.dialect, &mut column, base, live);
    settle_words(part, &mut column, base, live);
    part.table.columns.insert(column.name.clone(), column);
}

fn settle_default(part: &mut Part<'_, '_>, column: &mut Column, base: Option<&Column>, live: &Column) {
    let was_said = base.and_then(|base| base.default.as_ref());
    match (&column.default, &live.default) {
        // SQL's NULL as a default is the absence of one.
        (None | Some(DefaultValue::Null), None | Some(DefaultValue::Null)) => {
            column.default.clone_from(&live.default);
        }
        (None, Some(kept)) if live.generated.is_none() && part.sides.keeps(was_said.is_some()) => {
            let what = format!("the default {kept} of {}", live.name);
            column.default = Some(kept.clone());
            part.unmanaged(NoticeKind::UnmanagedDefault, Some(&live.name), &what);
        }
        (Some(desired), Some(present)) => {
            let mut same = same_default(&column.ty, desired, present);
            if same == Sameness::Unknown {
                let ask =
                    |value: &DefaultValue| Expression::Default { column: live.name.clone(), value: value.clone() };
                same = part.sides.same_to_server(part.questions, &live_name(part), [ask(desired), ask(present)]);
            }
            match same {
                Sameness::Same => column.default = Some(present.clone()),
                Sameness::Different => {}
                // Said in the same words as at the last revision, when the server took them.
                Sameness::Unknown if was_said == Some(desired) => column.default = Some(present.clone()),
                Sameness::Unknown if was_said.is_some() => {}
                Sameness::Unknown => {
                    let message = format!(
                        "cannot tell whether the default {present} in the database is the {desired} of the entity"
                    );
                    part.not_comparable(&live.name, &message, column.origin.place());
                    column.default = Some(present.clone());
                }
            }
        }
        (None, Some(_)) | (Some(_), None) => {}
    }
}

fn live_name(part: &Part<'_, '_>) -> TableName {
    part.live.name.clone()
}

/// A column of a primary key is required on every database that says so, and on SQLite whatever the catalog calls it.
fn settle_nullability(part: &Part<'_, '_>, column: &mut Column, live: &Column) {
    let in_key =
        |key: &Option<autogen_schema::PrimaryKey>| key.as_ref().is_some_and(|key| key.columns.contains(&live.name));
    if in_key(&part.live.primary_key) && in_key(&part.table.primary_key) {
        column.nullable = live.nullable;
    }
}

/// An entity says `GENERATED` only through `extra`, and rarely: what it leaves unsaid stays.
fn settle_generated(part: &mut Part<'_, '_>, column: &mut Column, base: Option<&Column>, live: &Column) {
    let was_said = base.and_then(|base| base.generated.as_ref());
    match (&mut column.generated, &live.generated) {
        (None, Some(_)) if was_said.is_none() => column.generated.clone_from(&live.generated),
        (Some(desired), Some(present)) => {
            let ask = |sql: &str| Expression::Generated { column: live.name.clone(), sql: sql.to_owned() };
            let pair = (desired.expression.as_str(), present.expression.as_str());
            match part.sides.same_expression(part.questions, &part.live.name, ask, pair) {
                Sameness::Same => desired.expression.clone_from(&present.expression),
                Sameness::Different => {}
                Sameness::Unknown if was_said.is_some_and(|said| said != desired) => {}
                Sameness::Unknown => {
                    let message = format!(
                        "cannot tell whether the expression ({}) in the database is the ({}) of the entity",
                        present.expression, desired.expression
                    );
                    if was_said.is_none() {
                        part.not_comparable(&live.name, &message, column.origin.place());
                    }
                    desired.expression.clone_from(&present.expression);
                }
            }
        }
        (None | Some(_), None) | (None, Some(_)) => {}
    }
}

/// How a column is numbered is the database's; whether it is, too, until the entity is edited: SeaORM takes an integer
/// key for numbered although nothing was said.
fn settle_numbering(dialect: &dyn Dialect, column: &mut Column, base: Option<&Column>, live: &Column) {
    let edited = base.is_some_and(|base| base.auto_increment.is_some() != column.auto_increment.is_some());
    if !edited || column.auto_increment.is_some() == live.auto_increment.is_some() {
        let kept = live.auto_increment.as_ref();
        column.auto_increment = kept.map(|kept| dialect.numbered_after(kept, &live.ty, &column.ty));
    }
}

/// Whether texts of this type have an order.
fn has_letters(ty: &Type) -> bool {
    match ty {
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } | Type::Other { .. } => true,
        // A type of its own has the order of its labels.
        Type::Enum { name, .. } => name.is_none(),
        _ => false,
    }
}

/// Whether a column of this type can say when its row was changed.
fn is_moment(ty: &Type) -> bool {
    matches!(ty, Type::DateTime { .. } | Type::Timestamp { .. } | Type::TimestampWithTimeZone { .. })
}

/// What an entity can say in so many words, and seldom does.
fn settle_words(part: &Part<'_, '_>, column: &mut Column, base: Option<&Column>, live: &Column) {
    let of_base = |word: fn(&Column) -> &Option<String>| base.and_then(|base| word(base).as_ref());
    let options = &part.live.options;
    // A column that becomes a number has no use for the order of texts, and a server refuses it.
    if column.ty == live.ty || has_letters(&column.ty) {
        let (charset, collation) = (options.charset.as_deref(), options.collation.as_deref());
        settle_word(&mut column.charset, of_base(|base| &base.charset), &live.charset, charset);
        settle_word(&mut column.collation, of_base(|base| &base.collation), &live.collation, collation);
    }
    if column.ty == live.ty || is_moment(&column.ty) {
        settle_word(&mut column.on_update, of_base(|base| &base.on_update), &live.on_update, None);
    }
    let was_said = of_base(|base| &base.comment).is_some();
    let same = live.comment.as_deref().map(without_note) == Some(column.comment.as_deref().unwrap_or_default());
    if same || (column.comment.is_none() && part.sides.keeps(was_said)) {
        column.comment.clone_from(&live.comment);
    }
    column.invisible = column.invisible || (live.invisible && !base.is_some_and(|base| base.invisible));
    let mut kept = live.extra.clone();
    let is_new = |clause: &&String| !live.extra.iter().any(|live| same_text(live, clause));
    let said_anew = |clause: &&String| !base.is_some_and(|base| base.extra.contains(clause));
    kept.extend(column.extra.iter().filter(is_new).filter(said_anew).cloned());
    column.extra = kept;
}

/// The comment without what SeaORM writes behind it for a field that says `renamed_from`.
fn without_note(comment: &str) -> &str {
    let (words, note) = comment.rsplit_once("; ").unwrap_or(("", comment));
    if note.starts_with("renamed_from \"") { words } else { comment }
}

/// One word of a column: what is unsaid is the database's, and a word that is `given` to every column of the table is
/// the same said or not.
fn settle_word(word: &mut Option<String>, base: Option<&String>, live: &Option<String>, given: Option<&str>) {
    let present = live.as_deref().or(given);
    let same = word.as_deref().zip(present).is_some_and(|(word, live)| same_text(word, live));
    if same || (word.is_none() && base.is_none()) {
        word.clone_from(live);
    }
}
