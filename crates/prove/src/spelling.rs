//! A server writes an expression its own way, and its own way of writing it yet another way. Two texts that it ends up
//! writing alike are the same expression, and it is the server that is asked.

use autogen_diff::{Inputs, Spellings, questions};
use autogen_introspect::{Connection, Error, respell};
use autogen_schema::{Column, DefaultValue, Expression, Index, IndexKey, Schema, Table};

/// The server's answers to what a comparison with it asks. What it does not answer (the user may not make temporary
/// tables) stays open, and becomes a notice of the plan.
pub async fn spellings(inputs: &Inputs<'_>, server: &Connection) -> Spellings {
    let mut spellings = Spellings::default();
    for (table, asked) in questions(inputs) {
        if let Ok(answers) = respell(server, &table, &asked).await {
            spellings.insert(table, asked, answers);
        }
    }
    spellings
}

/// `live`, with every expression that the scratch database holds in another spelling in that spelling.
///
/// # Errors
///
/// Where the server does not answer.
pub(crate) async fn respelled(connection: &Connection, live: &Schema, scratch: &Schema) -> Result<Schema, Error> {
    let mut schema = live.clone();
    for (name, table) in &mut schema.tables {
        let Some(found) = scratch.tables.get(name) else { continue };
        let pairs: Vec<Pair> = pairs(table, found);
        if pairs.is_empty() {
            continue;
        }
        let asked: Vec<Expression> = pairs.iter().flat_map(|pair| [pair.live.clone(), pair.scratch.clone()]).collect();
        let answers = respell(connection, name, &asked).await?;
        for (pair, answers) in pairs.iter().zip(answers.chunks(2)) {
            if let [Ok(one), Ok(other)] = answers
                && one == other
            {
                put(table, &pair.live, &pair.scratch);
            }
        }
    }
    Ok(schema)
}

/// An expression as it is written in the live database and in the scratch database.
struct Pair {
    live: Expression,
    scratch: Expression,
}

/// The expressions that stand in the same place and are written differently.
fn pairs(live: &Table, scratch: &Table) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |live: Option<Expression>, scratch: Option<Expression>| {
        if let (Some(live), Some(scratch)) = (live, scratch)
            && live != scratch
        {
            pairs.push(Pair { live, scratch });
        }
    };
    for (one, other) in live.columns.values().filter_map(|column| Some((column, scratch.columns.get(&column.name)?))) {
        add(default(one), default(other));
        add(generated(one), generated(other));
    }
    for (one, other) in live.checks.iter().zip(&scratch.checks).filter(|(one, other)| one.name == other.name) {
        add(Some(Expression::Check(one.expression.clone())), Some(Expression::Check(other.expression.clone())));
    }
    for one in &live.indexes {
        let Some(other) = scratch.indexes.iter().find(|other| other.name == one.name) else { continue };
        add(predicate(one), predicate(other));
        for (one, other) in one.parts.iter().zip(&other.parts) {
            add(key(&one.key), key(&other.key));
        }
    }
    pairs
}

fn default(column: &Column) -> Option<Expression> {
    let value = column.default.clone()?;
    matches!(value, DefaultValue::Expression(_)).then(|| Expression::Default { column: column.name.clone(), value })
}

fn generated(column: &Column) -> Option<Expression> {
    let generated = column.generated.as_ref()?;
    Some(Expression::Generated { column: column.name.clone(), sql: generated.expression.clone() })
}

fn predicate(index: &Index) -> Option<Expression> {
    index.predicate.clone().map(Expression::Predicate)
}

fn key(key: &IndexKey) -> Option<Expression> {
    if let IndexKey::Expression(sql) = key { Some(Expression::IndexKey(sql.clone())) } else { None }
}

/// Writes `to` wherever `from` stands in this table.
fn put(table: &mut Table, from: &Expression, to: &Expression) {
    match (from, to) {
        (Expression::Default { column, .. }, Expression::Default { value, .. }) => {
            if let Some(column) = table.columns.get_mut(column) {
                column.default = Some(value.clone());
            }
        }
        (Expression::Generated { column, .. }, Expression::Generated { sql, .. }) => {
            if let Some(generated) = table.columns.get_mut(column).and_then(|column| column.generated.as_mut()) {
                generated.expression.clone_from(sql);
            }
        }
        (Expression::Check(from), Expression::Check(to)) => {
            table.checks.iter_mut().filter(|check| check.expression == *from).for_each(|check| {
                check.expression.clone_from(to);
            });
        }
        (Expression::Predicate(from), Expression::Predicate(to)) => {
            for index in table.indexes.iter_mut().filter(|index| index.predicate.as_ref() == Some(from)) {
                index.predicate = Some(to.clone());
            }
        }
        (Expression::IndexKey(from), Expression::IndexKey(to)) => {
            for part in table.indexes.iter_mut().flat_map(|index| &mut index.parts) {
                if part.key == IndexKey::Expression(from.clone()) {
                    part.key = IndexKey::Expression(to.clone());
                }
            }
        }
        // A pair is of one sort.
        (
            Expression::Default { .. }
            | Expression::Generated { .. }
            | Expression::Check(_)
            | Expression::Predicate(_)
            | Expression::IndexKey(_),
            _,
        ) => {}
    }
}
