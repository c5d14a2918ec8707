//! Enum types: which are managed, and the order of their labels.

use std::collections::BTreeSet;

use autogen_schema::{Notice, NoticeKind};

use super::{Settled, Sides};
use crate::Unmanaged;
use crate::order::uses_enum;

pub(super) fn settle(sides: &Sides<'_>, settled: &mut Settled) {
    for (name, live) in &sides.live.enums {
        if let Some(ty) = settled.desired.enums.get_mut(name) {
            let members = |labels: &[String]| labels.iter().cloned().collect::<BTreeSet<_>>();
            let base = sides.base.and_then(|base| base.enums.get(name));
            let reordered =
                base.is_some_and(|base| base.labels != ty.labels && members(&base.labels) == members(&ty.labels));
            if ty.labels != live.labels && members(&ty.labels) == members(&live.labels) && !reordered {
                let message = format!(
                    "enum {name}: the labels stand in another order in the database ({})",
                    live.labels.join(", ")
                );
                let notice = Notice::new(NoticeKind::OrderDiffers, message).named(&name.name).at(ty.origin.place());
                settled.notices.push(notice);
                ty.labels.clone_from(&live.labels);
            } else if !reordered {
                keep_live_order(&mut ty.labels, &live.labels);
            }
            ty.comment.clone_from(&live.comment);
            continue;
        }
        let was_declared = sides.base.is_some_and(|base| base.enums.contains_key(name));
        let is_used = settled
            .desired
            .tables
            .values()
            .any(|table| table.columns.values().any(|column| uses_enum(&column.ty, name)));
        if is_used || sides.keeps(was_declared) {
            settled.desired.enums.insert(name.clone(), live.clone());
            if !is_used && sides.unmanaged == Unmanaged::Report {
                let message = format!("enum {name} is in the database only, and is left alone");
                settled.notices.push(Notice::new(NoticeKind::UnmanagedEnum, message).named(&name.name));
            }
        }
    }
}

/// Labels that exist keep their order; each new one follows the label that it follows in the entity.
fn keep_live_order(labels: &mut Vec<String>, live: &[String]) {
    let mut ordered: Vec<String> = live.iter().filter(|label| labels.contains(label)).cloned().collect();
    for (at, label) in labels.iter().enumerate().filter(|(_, label)| !live.contains(label)) {
        let after = labels[..at].iter().rev().find_map(|before| ordered.iter().position(|other| other == before));
        ordered.insert(after.map_or(0, |position| position + 1), label.clone());
    }
    *labels = ordered;
}
