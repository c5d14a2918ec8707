//! Renames: which of those that were asked for are still to be made.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{EnumName, Index, Rename, Schema, TableName, Type};

use crate::{Change, Labelled};

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

/// The renames that are asked for, whose names are spelled as in the schemas.
pub(crate) struct Asked<'r> {
    /// Those that entities speak of. They may have been made long ago.
    pub(crate) said: &'r [Rename],
    /// Those that somebody has just decided. They were not made yet.
    pub(crate) decided: &'r [Rename],
}

impl Renames {
    /// Finds them among those that were asked for. `said` is what the entities say, not spelled: it names the enum types
    /// that some databases do not have.
    pub(crate) fn find(asked: &Asked<'_>, live: &Schema, desired: &Schema, said: &Schema) -> Self {
        let mut found = Self {
            changes: Vec::new(),
            live: live.clone(),
            old_names: BTreeMap::new(),
            with_new_columns: BTreeSet::new(),
        };
        found.tables(asked, desired);
        found.columns(asked, desired);
        found.indexes(asked, desired);
        found.values_of_types(asked, desired);
        found.values_of_columns(asked, desired, said);
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

    fn tables(&mut self, asked: &Asked<'_>, desired: &Schema) {
        let pairs = asked.pairs(|rename| match rename {
            Rename::Table { from, to } => Some(((), (from.clone(), to.clone()))),
            Rename::Column { .. } | Rename::Index { .. } | Rename::EnumValue { .. } => None,
        });
        let pairs = pairs.into_values().flatten().collect();
        let open = open(
            pairs,
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

    fn columns(&mut self, asked: &Asked<'_>, desired: &Schema) {
        let by_table = asked.pairs(|rename| match rename {
            Rename::Column { table, from, to } => Some((table.clone(), (from.clone(), to.clone()))),
            Rename::Table { .. } | Rename::Index { .. } | Rename::EnumValue { .. } => None,
        });
        for (name, pairs) in by_table {
            let (Some(live), Some(wanted)) = (self.live.tables.get(&name), desired.tables.get(&name)) else { continue };
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

    fn indexes(&mut self, asked: &Asked<'_>, desired: &Schema) {
        for rename in asked.said.iter().chain(asked.decided) {
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

    /// The values of enum types.
    fn values_of_types(&mut self, asked: &Asked<'_>, desired: &Schema) {
        for (name, pairs) in asked.values() {
            let (Some(live), Some(wanted)) = (self.live.enums.get(&name), desired.enums.get(&name)) else { continue };
            let open =
                open(pairs, |label| live.labels.contains(label), |label| wanted.labels.contains(label), |_, _| true);
            for (from, to) in steps(open, |label| format!("{label}__old")) {
                self.make(Change::RenameEnumValue { of: Labelled::Type(name.clone()), from, to });
            }
        }
    }

    /// The values of columns whose database knows no enum types. Where it does not know the labels either, nothing tells
    /// whether rows have the new ones, and only what was decided is open.
    fn values_of_columns(&mut self, asked: &Asked<'_>, desired: &Schema, said: &Schema) {
        let mut values = asked.values();
        values.retain(|ty, _| !desired.enums.contains_key(ty));
        let columns = said.tables.values().flat_map(|table| table.columns.values().map(move |column| (table, column)));
        for (table, column) in columns {
            let Type::Enum { name: Some(ty), labels: wanted } = &column.ty else { continue };
            let live = self.live.tables.get(&table.name).and_then(|table| table.columns.get(&column.name));
            let (Some(pairs), Some(live)) = (values.get(ty), live) else { continue };
            let open = if let Type::Enum { labels, .. } = &live.ty {
                open(pairs.clone(), |label| labels.contains(label), |label| wanted.contains(label), |_, _| true)
            } else {
                pairs.iter().filter(|pair| pair.is_decided && wanted.contains(&pair.to)).cloned().collect()
            };
            let of = Labelled::Column { table: table.name.clone(), column: column.name.clone() };
            for (from, to) in steps(open, |label| format!("{label}__old")) {
                self.make(Change::RenameEnumValue { of: of.clone(), from, to });
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

/// Two names of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pair<N> {
    from: N,
    to: N,
    /// Whether somebody has just decided it.
    is_decided: bool,
}

impl Asked<'_> {
    /// The pairs of one sort, each once, by what holds them.
    fn pairs<H: Ord, N: PartialEq>(&self, pick: impl Fn(&Rename) -> Option<(H, (N, N))>) -> BTreeMap<H, Vec<Pair<N>>> {
        let mut pairs: BTreeMap<H, Vec<Pair<N>>> = BTreeMap::new();
        for (renames, is_decided) in [(self.decided, true), (self.said, false)] {
            for (holder, (from, to)) in renames.iter().filter_map(&pick) {
                let known = pairs.entry(holder).or_default();
                if !known.iter().any(|pair| pair.from == from && pair.to == to) {
                    known.push(Pair { from, to, is_decided });
                }
            }
        }
        pairs
    }

    fn values(&self) -> BTreeMap<EnumName, Vec<Pair<String>>> {
        self.pairs(|rename| match rename {
            Rename::EnumValue { ty, from, to } => Some((ty.clone(), (from.clone(), to.clone()))),
            Rename::Table { .. } | Rename::Column { .. } | Rename::Index { .. } => None,
        })
    }
}

/// The pairs that were not made yet: the old name is there and not wanted, the new one is wanted and not there. A name
/// that another open pair frees is not there, and one that another gives is wanted.
///
/// Names that only change places are there before and after. Such a ring is open where somebody has just decided it, or
/// where, as things are, its members do not look like what they are to be (`alike`), and would afterwards.
fn open<N: Ord + Clone>(
    mut pairs: Vec<Pair<N>>,
    is_there: impl Fn(&N) -> bool,
    is_wanted: impl Fn(&N) -> bool,
    alike: impl Fn(&N, &N) -> bool,
) -> Vec<Pair<N>> {
    pairs.retain(|pair| pair.from != pair.to && is_there(&pair.from) && is_wanted(&pair.to));
    loop {
        let before = pairs.len();
        let freed: BTreeSet<N> = pairs.iter().map(|pair| pair.from.clone()).collect();
        let given: BTreeSet<N> = pairs.iter().map(|pair| pair.to.clone()).collect();
        pairs.retain(|Pair { from, to, .. }| {
            (!is_there(to) || freed.contains(to)) && (!is_wanted(from) || given.contains(from))
        });
        if pairs.len() == before {
            break;
        }
    }
    let is_open = |pair: &Pair<N>| {
        let ring = ring(&pairs, pair);
        let would_fit = || ring.iter().all(|one| alike(&one.from, &one.to));
        let fits = || ring.iter().all(|one| alike(&one.to, &one.to));
        ring.is_empty() || ring.iter().any(|one| one.is_decided) || (would_fit() && !fits())
    };
    pairs.iter().filter(|pair| is_open(pair)).cloned().collect()
}

/// The pairs that lead from this one's name back to it; none where they do not.
fn ring<'p, N: Ord>(pairs: &'p [Pair<N>], start: &'p Pair<N>) -> Vec<&'p Pair<N>> {
    let mut ring = vec![start];
    while ring.len() <= pairs.len() {
        let last = ring[ring.len() - 1];
        match pairs.iter().find(|pair| pair.from == last.to) {
            Some(next) if *next == *start => return ring,
            Some(next) => ring.push(next),
            None => return Vec::new(),
        }
    }
    Vec::new()
}

/// The pairs one by one, each when its new name is free. A ring is opened through a name that nobody has.
fn steps<N: Ord + Clone>(pairs: Vec<Pair<N>>, free: impl Fn(&N) -> N) -> Vec<(N, N)> {
    let mut pairs: Vec<(N, N)> = pairs.into_iter().map(|pair| (pair.from, pair.to)).collect();
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
