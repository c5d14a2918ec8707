//! Indexes, and the constraints that stand on one: built concurrently, and put in each other's place without a moment in
//! which there is none.
//!
//! Every list of statements here can be begun again, wherever it stopped: an index that a failed build left behind is
//! dropped first, and a constraint that is made was taken away in the same statement, if it was there.

use std::collections::BTreeMap;

use autogen_schema::{Deferrable, Index, PrimaryKey, TableName, Unique};

use super::super::super::{Dialect, deferrable};
use super::super::lower::{is_renamed, primary_key_name, unique_name};
use super::super::{MAX_NAME_BYTES, ddl, names};
use super::Work;
use crate::Change;
use crate::statement::Statement;

/// An index, or a constraint that is one.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) table: TableName,
    pub(super) name: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Index(Box<Index>),
    /// The index that it is built as, and what it is said to be then.
    Constraint(Box<Index>, String),
}

impl Thing {
    /// What a change makes.
    pub(super) fn added(change: &Change) -> Option<Self> {
        match change {
            Change::AddIndex { table, index } => Some(Self::index(table, index)),
            Change::AddUnique { table, unique } => Some(Self::unique(table, unique)),
            Change::SetPrimaryKey { table, to: Some(key), .. } => Some(Self::primary_key(table, key)),
            _ => None,
        }
    }

    /// What a change takes away.
    pub(super) fn dropped(change: &Change) -> Option<Self> {
        match change {
            Change::DropIndex { table, index } => Some(Self::index(table, index)),
            Change::DropUnique { table, unique } => Some(Self::unique(table, unique)),
            Change::SetPrimaryKey { table, from: Some(key), .. } => Some(Self::primary_key(table, key)),
            _ => None,
        }
    }

    fn index(table: &TableName, index: &Index) -> Self {
        Self { table: table.clone(), name: index.name.clone(), kind: Kind::Index(Box::new(index.clone())) }
    }

    fn unique(table: &TableName, unique: &Unique) -> Self {
        let name = unique_name(table, unique);
        let index = Index {
            include: unique.include.clone(),
            nulls_not_distinct: unique.nulls_not_distinct,
            ..Index::new(&name, unique.columns.clone()).unique()
        };
        Self::constraint(table, name, index, "UNIQUE", unique.deferrable)
    }

    fn primary_key(table: &TableName, key: &PrimaryKey) -> Self {
        let name = primary_key_name(table, key);
        let index = Index::new(&name, key.columns.clone()).unique();
        Self::constraint(table, name, index, "PRIMARY KEY", None)
    }

    fn constraint(table: &TableName, name: String, index: Index, words: &str, when: Option<Deferrable>) -> Self {
        let words = format!("{words} USING INDEX {{}}{}", deferrable(when));
        Self { table: table.clone(), name, kind: Kind::Constraint(Box::new(index), words) }
    }

    const fn is_constraint(&self) -> bool {
        matches!(self.kind, Kind::Constraint(..))
    }
}

/// Whether a change makes or drops something that an index can be made first for, and then given its name and meaning.
pub(in super::super) fn can_be_built(change: &Change) -> bool {
    let is_bare = |options: &BTreeMap<String, String>, extra: &[String]| options.is_empty() && extra.is_empty();
    match change {
        // `ON ONLY` a partitioned table.
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. } => !index.invalid,
        Change::AddUnique { unique, .. } | Change::DropUnique { unique, .. } => {
            is_bare(&unique.column_options, &unique.extra)
        }
        Change::SetPrimaryKey { from, to, .. } => {
            let is_renamed = from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| is_renamed(from, to));
            !is_renamed && from.iter().chain(to).all(|key| is_bare(&key.column_options, &key.extra))
        }
        _ => true,
    }
}

/// The statements that put one thing in the place of another, make it, or take it away.
pub(super) fn exchange(work: &Work<'_>, old: Option<&Thing>, new: Option<&Thing>) -> Vec<Statement> {
    let (dialect, Some(new)) = (work.dialect, new) else {
        return old.map(|old| take_away(work, old)).into_iter().collect();
    };
    let mut statements = Vec::new();
    let is_taken = old.is_some_and(|old| old.name == new.name);
    match &new.kind {
        Kind::Index(index) if !is_taken => {
            statements.extend(build(work, new, index, &new.name));
            statements.extend(ddl::comment_on_index(dialect, &new.table, index));
            statements.extend(old.map(|old| take_away(work, old)));
        }
        Kind::Index(index) => {
            let meanwhile = meanwhile(work, new);
            statements.extend(build(work, new, index, &meanwhile));
            statements.extend(old.filter(|old| old.is_constraint()).map(|old| take_away(work, old)));
            statements.push(drop_index(work, &new.table, &new.name));
            let (from, to) = (index_sql(work, &new.table, &meanwhile), dialect.quote(&new.name));
            statements.push(Statement::Raw(format!("ALTER INDEX {from} RENAME TO {to}")));
            statements.extend(ddl::comment_on_index(dialect, &new.table, index));
        }
        Kind::Constraint(index, words) => {
            let meanwhile = meanwhile(work, new);
            let drop = |name: &str| format!("DROP CONSTRAINT IF EXISTS {}", dialect.quote(name));
            let old_index = old.filter(|old| !old.is_constraint());
            // Where an earlier attempt came to the end, the name is that of the constraint.
            statements.extend(old_index.filter(|_| is_taken).map(|_| work.briefly(&new.table, &[drop(&new.name)])));
            statements.extend(build(work, new, index, &meanwhile));
            statements.extend(old_index.map(|old| drop_index(work, &old.table, &old.name)));
            let mut clauses = vec![drop(&new.name)];
            clauses.extend(old.filter(|old| old.is_constraint() && !is_taken).map(|old| drop(&old.name)));
            let words = words.replace("{}", &dialect.quote(&meanwhile));
            clauses.push(format!("ADD CONSTRAINT {} {words}", dialect.quote(&new.name)));
            // One statement: there is no moment without.
            statements.push(work.briefly(&new.table, &[clauses.join(", ")]));
        }
    }
    statements
}

fn take_away(work: &Work<'_>, thing: &Thing) -> Statement {
    match thing.kind {
        Kind::Index(_) => drop_index(work, &thing.table, &thing.name),
        Kind::Constraint(..) => {
            work.briefly(&thing.table, &[format!("DROP CONSTRAINT IF EXISTS {}", work.dialect.quote(&thing.name))])
        }
    }
}

/// Builds an index under this name, in the place of what a failed attempt left behind.
fn build(work: &Work<'_>, thing: &Thing, index: &Index, name: &str) -> [Statement; 2] {
    let index = Index { name: name.to_owned(), ..index.clone() };
    let create = ddl::index_as(work.dialect, &thing.table, &index, "CONCURRENTLY ");
    [drop_index(work, &thing.table, name), Statement::Raw(create)]
}

fn drop_index(work: &Work<'_>, table: &TableName, name: &str) -> Statement {
    Statement::Raw(format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index_sql(work, table, name)))
}

/// An index lives in the schema of its table.
fn index_sql(work: &Work<'_>, table: &TableName, name: &str) -> String {
    work.dialect.table_sql(&TableName { schema: table.schema.clone(), name: name.to_owned() })
}

/// The name that an index has until it takes the place of another, which nothing else has.
fn meanwhile(work: &Work<'_>, thing: &Thing) -> String {
    let mut name = with_ending(&thing.name, "_new");
    while work.place.is_used(&thing.table, &name) {
        name = with_ending(&name, "_");
    }
    name
}

fn with_ending(name: &str, ending: &str) -> String {
    let name = names::clipped(name, MAX_NAME_BYTES - ending.len());
    format!("{name}{ending}")
}
