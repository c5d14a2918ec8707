//! Two random schemas, and the renames that lead from one to the other.

use autogen_diff::{Change, Coverage};
use autogen_schema::{Backend, Rename, Schema, TableName};

use crate::dice::Dice;
use crate::names::Names;
use crate::schemas::{keep_keys_with_targets, schema};

/// Where a plan starts and where it is to lead.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) start: Schema,
    pub(crate) end: Schema,
    pub(crate) renames: Vec<Rename>,
    /// Whether the end says everything, as a database does, or leaves things unsaid, as entities do.
    pub(crate) coverage: Coverage,
}

/// Any two schemas that this database can hold: often nearly the same, sometimes with tables or columns renamed.
pub(crate) fn any_pair(backend: Backend, seed: u64) -> Pair {
    let mut dice = Dice::new(seed);
    let coverage = dice.one_of(&[Coverage::Partial, Coverage::Complete]);
    let names = Names::any(backend, coverage, &mut dice);
    let seeds: [u64; 6] = std::array::from_fn(|_| dice.number());
    let start = schema(&names, seeds.map(Dice::new));
    let end = schema(&names, seeds.map(|seed| any_other(seed, &mut dice)));
    let mut pair = Pair { start, end, renames: Vec::new(), coverage };
    if dice.once_in(3) {
        rename(&mut pair, &names, &mut dice);
    }
    pair
}

/// A schema and the same with a table and a column under other names. The second one is made under them, without the code
/// under test.
pub(crate) fn renamed_pair(backend: Backend, seed: u64) -> Pair {
    let mut dice = Dice::new(seed);
    let coverage = dice.one_of(&[Coverage::Partial, Coverage::Complete]);
    let names = Names::any(backend, coverage, &mut dice);
    let seeds: [u64; 6] = std::array::from_fn(|_| dice.number());
    let start = schema(&names, seeds.map(Dice::new));
    let [table, ..] = &names.tables;
    let fresh = TableName { name: "z \"'`".to_owned(), ..table.clone() };
    let mut renames: Vec<Rename> = start
        .tables
        .values()
        .filter(|holder| holder.columns.contains_key(names.columns[0]))
        .map(|holder| Rename::Column {
            table: if holder.name == *table { fresh.clone() } else { holder.name.clone() },
            from: names.columns[0].to_owned(),
            to: "y".to_owned(),
        })
        .collect();
    if start.tables.contains_key(table) {
        renames.insert(0, Rename::Table { from: table.clone(), to: fresh.clone() });
    }
    let (mut tables, mut columns) = (names.tables.clone(), names.columns);
    (tables[0], columns[0]) = (fresh, "y");
    let end = schema(&Names { tables, columns, ..names }, seeds.map(Dice::new));
    Pair { start, end, renames, coverage }
}

/// Throws that are the same, other ones, or the same but for a few.
fn any_other(seed: u64, dice: &mut Dice) -> Dice {
    match dice.number() % 4 {
        0 => Dice::new(seed),
        1 => Dice::new(dice.number()),
        _ => Dice::departing(seed, (0..3).map(|_| dice.number() % 40).collect()),
    }
}

/// Gives tables or columns of the end other names: one, a chain, or two that change places.
fn rename(pair: &mut Pair, names: &Names, dice: &mut Dice) {
    let fresh = TableName { name: if names.plain { "z" } else { "z \"'`" }.to_owned(), ..names.tables[0].clone() };
    let [a, b, ..] = &names.tables;
    let (p, q) = (names.columns[0], names.columns[1]);
    let tables = |pairs: &[(&TableName, &TableName)]| -> Vec<Rename> {
        pairs.iter().map(|&(from, to)| Rename::Table { from: from.clone(), to: to.clone() }).collect()
    };
    let columns = |pairs: &[(&str, &str)]| -> Vec<Rename> {
        let name =
            |(from, to): &(&str, &str)| Rename::Column { table: a.clone(), from: (*from).into(), to: (*to).into() };
        pairs.iter().map(name).collect()
    };
    let renames = match dice.number() % 6 {
        0 => tables(&[(a, &fresh)]),
        1 => tables(&[(b, &fresh), (a, b)]),
        2 => tables(&[(a, b), (b, a)]),
        3 => columns(&[(p, "y")]),
        4 => columns(&[(q, "y"), (p, q)]),
        _ => columns(&[(p, q), (q, p)]),
    };
    let mut end = pair.end.clone();
    let holds = |schema: &Schema| {
        renames.iter().all(|rename| match rename {
            Rename::Table { from, .. } => schema.tables.contains_key(from),
            Rename::Column { table, from, .. } => {
                schema.tables.get(table).is_some_and(|table| table.columns.contains_key(from))
            }
            Rename::Index { .. } | Rename::EnumValue { .. } => false,
        })
    };
    if holds(&pair.start) && holds(&end) && give_names(&mut end, &renames) {
        keep_keys_with_targets(&mut end);
        (pair.end, pair.renames) = (end, renames);
    }
}

/// All at once, through names that nothing has.
fn give_names(schema: &mut Schema, renames: &[Rename]) -> bool {
    let aside = |name: &str| format!("{name}__meanwhile");
    let (mut out, mut back) = (Vec::new(), Vec::new());
    for rename in renames {
        match rename.clone() {
            Rename::Table { from, to } => {
                let meanwhile = TableName { name: aside(&from.name), ..from.clone() };
                out.push(Change::RenameTable { from, to: meanwhile.clone() });
                back.push(Change::RenameTable { from: meanwhile, to });
            }
            Rename::Column { table, from, to } => {
                let meanwhile = aside(&from);
                out.push(Change::RenameColumn { table: table.clone(), from, to: meanwhile.clone() });
                back.push(Change::RenameColumn { table, from: meanwhile, to });
            }
            Rename::Index { .. } | Rename::EnumValue { .. } => return false,
        }
    }
    out.iter().chain(&back).all(|change| change.apply(schema).is_ok())
}
