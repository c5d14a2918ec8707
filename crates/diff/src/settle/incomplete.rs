//! Tables of which a part could not be read: whatever differs may be that part, so they stay as they are. What could
//! not be read, and why, the reader has said.

use std::collections::BTreeSet;

use autogen_schema::{Notice, NoticeKind, Schema, Table, TableName};

use super::{Settled, Sides};

/// Makes each of them the same on both sides, and says so instead of what was found to say about it.
pub(super) fn leave_alone(sides: &Sides<'_>, settled: &mut Settled) {
    let names = of(sides.live).chain(of(sides.desired));
    let names: BTreeSet<TableName> = names.map(|table| table.name.clone()).collect();
    for name in &names {
        settled.notices.retain(|notice| notice.table.as_ref() != Some(name));
        let fate = match sides.live.table(name) {
            Some(live) => {
                settled.desired.insert(live.clone());
                "left as it is"
            }
            None => {
                settled.desired.tables.remove(name);
                "not created"
            }
        };
        let message = format!("{name}: it could not be read in full, and is {fate}");
        settled.notices.push(Notice::new(NoticeKind::NotUnderstood, message).on(name));
    }
}

fn of(schema: &Schema) -> impl Iterator<Item = &Table> {
    schema.tables.values().filter(|table| table.incomplete)
}
