//! Renames: which of those that were asked for are still to be made.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{EnumName, Index, Rename, Schema, TableName};

use crate::Change;

/// The renames that are still to be made, in an order in which they can run, and what they lead to from `live`.
pub(crate) struct Renames {
    /// The changes.
    pub(crate) changes: Vec<Change>,
    /// The live schema under the new names.
    pub(crate) live: Schema,
    /// Tables under a new name, with the one that the database has.
    old_names: BTreeMap<TableName, TableName>,
    /// Tables with renamed columns, by their new name.
    with_new_columns: BTreeSet<TableName>,
}

impl Renames {
    /// Finds them among those that were asked for, whose names are spelled as in the schemas.
    pub(crate) fn find(asked: &[Rename], live: &Schema, desired: &Schema) -> Self {
        let mut found = Self {
            changes: Vec::new(),
            live: live.clone(),
            old_names: BTreeMap::new(),
            with_new_columns: BTreeSet::new(),
        };
        found.tables(asked, desired);
        found.columns(asked, desired);
        found.indexes(asked, desired);
        found.enum_values(asked, desired);
        found
    }

    /// The name that the database has for this table, where its expressions still read as they do there.
    pub(crate) fn name_in_database<'n>(&'n self, table: &'n TableName) -> Option<&'n TableName> {
        let name = self.old_names.get(table).unwrap_or(table);
        (!self.with_new_columns.contains(table)).then_some(name)
    }

    /// The memory under the new names. It may not know what is renamed; then it has nothing to follow.
    pub(crate) fn follow(&self, base: &Schema) -> Schema {
        let mut base = base.clone();
        for change in &self.changes {
            let before = base.clone();
            if change.apply(&mut base).is_err() {
                base = before;
            }
        }
        base
    }

    fn tables(&mut self, asked: &[Rename], desired: &Schema) {
        let pairs = asked.iter().filter_map(|rename| match rename {
            Rename::Table { from, to } => Some((from.clone(), to.clone())),
            Rename::Column { .. } | Rename::Index { .. } | Rename::EnumValue { .. } => None,
        });
        let open = open(
            pairs.collect(),
            |name| self.live.tables.contains_key(name),
            |name| desired.tables.contains_key(name),
            |from, to| {
                self.live.tables.get(from).map(|table| &table.columns)
                    == desired.tables.get(to).map(|table| &table.columns)
            },
        );
        let free = |name: &TableName| TableName { name: format!("{}__old", name.name), ..name.clone() };
        for (from, to) in steps(open, free) {
            if self.make(Change::RenameTable { from: from.clone(), to: to.clone() }) {
                let first = self.old_names.remove(&from).unwrap_or(from);
                self.old_names.insert(to, first);
            }
        }
    }

    fn columns(&mut self, asked: &[Rename], desired: &Schema) {
        let mut by_table: BTreeMap<&TableName, Vec<(String, String)>> = BTreeMap::new();
        for rename in asked {
            if let Rename::Column { table, from, to } = rename {
                by_table.entry(table).or_default().push((from.clone(), to.clone()));
            }
        }
        for (name, pairs) in by_table {
            let (Some(live), Some(wanted)) = (self.live.tables.get(name), desired.tables.get(name)) else { continue };
            let open = open(
                pairs,
                |column| live.columns.contains_key(column),
                |column| wanted.columns.contains_key(column),
                |from, to| {
                    live.columns.get(from).map(|column| &column.ty) == wanted.columns.get(to).map(|column| &column.ty)
                },
            );
            for (from, to) in steps(open, |column| format!("{column}__old")) {
                if self.make(Change::RenameColumn { table: name.clone(), from, to }) {
                    self.with_new_columns.insert(name.clone());
                }
            }
        }
    }

    fn indexes(&mut self, asked: &[Rename], desired: &Schema) {
        for rename in asked {
            let Rename::Index { table, from, to } = rename else { continue };
            let named = |schema: &Schema, name: &str| -> Option<Index> {
                schema.tables.get(table)?.indexes.iter().find(|index| index.name == name).cloned()
            };
            if let Some(index) = named(&self.live, from)
                && named(&self.live, to).is_none()
                && named(desired, from).is_none()
            {
                let renamed = Index { name: to.clone(), ..index.clone() };
                self.make(Change::RenameIndex { table: table.clone(), from: index, to: renamed });
            }
        }
    }

    fn enum_values(&mut self, asked: &[Rename], desired: &Schema) {
        let mut by_type: BTreeMap<&EnumName, Vec<(String, String)>> = BTreeMap::new();
        for rename in asked {
            if let Rename::EnumValue { ty, from, to } = rename {
                by_type.entry(ty).or_default().push((from.clone(), to.clone()));
            }
        }
        for (name, pairs) in by_type {
            let (Some(live), Some(wanted)) = (self.live.enums.get(name), desired.enums.get(name)) else { continue };
            let open =
                open(pairs, |label| live.labels.contains(label), |label| wanted.labels.contains(label), |_, _| true);
            for (from, to) in steps(open, |label| format!("{label}__old")) {
                self.make(Change::RenameEnumValue { ty: name.clone(), from, to });
            }
        }
    }

    fn make(&mut self, change: Change) -> bool {
        let mut after = self.live.clone();
        let applies = change.apply(&mut after).is_ok();
        if applies {
            self.live = after;
            self.changes.push(change);
        }
        applies
    }
}

/// The pairs that were not made yet: the old name is there and not wanted, the new one is wanted and not there. A name
/// that another open pair frees is not there, and one that another gives is wanted.
///
/// Names that only change places are there before and after. Such a ring is open where, as things are, its members do
/// not look like what they are to be (`alike`), and would afterwards.
fn open<N: Ord + Clone>(
    mut pairs: Vec<(N, N)>,
    is_there: impl Fn(&N) -> bool,
    is_wanted: impl Fn(&N) -> bool,
    alike: impl Fn(&N, &N) -> bool,
) -> Vec<(N, N)> {
    pairs.retain(|(from, to)| from != to && is_there(from) && is_wanted(to));
    loop {
        let before = pairs.len();
        let freed: BTreeSet<N> = pairs.iter().map(|(from, _)| from.clone()).collect();
        let given: BTreeSet<N> = pairs.iter().map(|(_, to)| to.clone()).collect();
        pairs.retain(|(from, to)| (!is_there(to) || freed.contains(to)) && (!is_wanted(from) || given.contains(from)));
        if pairs.len() == before {
            break;
        }
    }
    let targets: BTreeMap<N, N> = pairs.iter().cloned().collect();
    let in_ring = |start: &N| {
        let mut at = start;
        for _ in 0..targets.len() {
            match targets.get(at) {
                Some(next) if next == start => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    };
    let is_open = |from: &N, to: &N| !in_ring(from) || (alike(from, to) && !alike(to, to));
    pairs.iter().filter(|(from, to)| is_open(from, to)).cloned().collect()
}

/// The pairs one by one, each when its new name is free. A ring is opened through a name that nobody has.
fn steps<N: Ord + Clone>(mut pairs: Vec<(N, N)>, free: impl Fn(&N) -> N) -> Vec<(N, N)> {
    let mut steps = Vec::with_capacity(pairs.len());
    while !pairs.is_empty() {
        let is_free = |name: &N| !pairs.iter().any(|(from, _)| from == name);
        if let Some(at) = pairs.iter().position(|(_, to)| is_free(to)) {
            steps.push(pairs.remove(at));
        } else {
            let aside = free(&pairs[0].0);
            steps.push((pairs[0].0.clone(), aside.clone()));
            pairs[0].0 = aside;
        }
    }
    steps
}
