//! What is compared at all: patterns on names, and aspects that nobody wants compared.
//!
//! What is left out keeps the state of the live side: the desired side is made to agree with it. So it is never dropped
//! and never added, and what leans on it, a rebuild of its table for one, still knows of it.

use std::collections::BTreeSet;

use autogen_schema::{BOOKKEEPING, Column, ForeignKey, Index, IndexKey, Notice, NoticeKind, Schema, Table, TableName};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::Settings;

/// Which tables, columns, indexes and constraints are compared.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Patterns on the names of tables, with or without their schema.
    pub tables: Patterns,
    /// Patterns on columns, as `table.column`, or as `column` for every table.
    pub columns: Patterns,
    /// Patterns on indexes, as `table.index` or `index`.
    pub indexes: Patterns,
    /// Patterns on uniques, foreign keys and checks, as `table.constraint` or `constraint`.
    pub constraints: Patterns,
}

/// Patterns that let names in, and patterns that keep names out; the latter are the stronger.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

/// A pattern that is not a glob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a pattern: {reason}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Patterns {
    /// Where `include` is empty, everything is let in.
    ///
    /// # Errors
    ///
    /// Where a pattern is not a glob.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, PatternError> {
        let include = if include.is_empty() { None } else { Some(globs(include)?) };
        Ok(Self { include, exclude: globs(exclude)? })
    }

    fn admits(&self, names: &[&str]) -> bool {
        let matches = |set: &GlobSet| names.iter().any(|name| set.is_match(name));
        self.include.as_ref().is_none_or(&matches) && !matches(&self.exclude)
    }

    fn admits_part(&self, table: &TableName, name: &str) -> bool {
        self.admits(&[name, &format!("{}.{name}", table.name), &format!("{table}.{name}")])
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, PatternError> {
    let failure = |pattern: &str, error: &globset::Error| PatternError {
        pattern: pattern.to_owned(),
        reason: error.kind().to_string(),
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern).map_err(|error| failure(pattern, &error))?);
    }
    set.build().map_err(|error| failure(&patterns.join(", "), &error))
}

/// Names are not paths: `*` crosses a `/`, and `\` escapes on every platform.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(false).backslash_escape(true).build()
}

impl Filter {
    fn admits_table(&self, table: &TableName) -> bool {
        self.tables.admits(&[&table.name, &table.to_string()])
    }

    fn admits_column(&self, table: &TableName, column: &str) -> bool {
        self.columns.admits_part(table, column)
    }

    fn admits_index(&self, table: &TableName, index: &str) -> bool {
        self.indexes.admits_part(table, index)
    }

    /// A constraint without a name is matched by patterns that match the empty one, such as `users.*`.
    fn admits_constraint(&self, table: &TableName, name: Option<&str>) -> bool {
        self.constraints.admits_part(table, name.unwrap_or_default())
    }
}

/// Makes the desired side agree with the live one in all that is left out of the comparison, and takes away the notices
/// about it.
pub(crate) fn leave_out(settings: &Settings, live: &Schema, desired: &mut Schema, notices: &mut Vec<Notice>) {
    notices.retain(|notice| is_compared(settings, notice));
    desired.tables.retain(|name, _| !is_bookkeeping(settings, name) || live.tables.contains_key(name));
    leave_out_tables(&settings.filter, live, desired);
    for (name, table) in &mut desired.tables {
        if let Some(live) = live.tables.get(name) {
            leave_out_columns(&settings.filter, live, table);
            leave_out_aspects(settings, live, table);
            leave_out_named(&settings.filter, live, table);
        }
    }
}

/// Whether the table is one that readings leave out.
fn is_bookkeeping(settings: &Settings, table: &TableName) -> bool {
    table.name == settings.version_table || BOOKKEEPING.contains(&table.name.as_str())
}

fn leave_out_tables(filter: &Filter, live: &Schema, desired: &mut Schema) {
    desired.tables.retain(|name, _| filter.admits_table(name) || live.tables.contains_key(name));
    for table in live.tables.values().filter(|table| !filter.admits_table(&table.name)) {
        desired.insert(table.clone());
    }
    // A key to a table that is left out is what it is in the database.
    for (name, table) in desired.tables.iter_mut().filter(|(name, _)| filter.admits_table(name)) {
        let live = live.tables.get(name);
        table.foreign_keys.retain(|key| {
            filter.admits_table(&key.references) || live.is_some_and(|live| live.foreign_keys.contains(key))
        });
    }
}

fn leave_out_columns(filter: &Filter, live: &Table, table: &mut Table) {
    let left_out = |column: &&Column| !filter.admits_column(&live.name, &column.name);
    let unwanted: BTreeSet<String> = table
        .columns
        .values()
        .filter(|column| left_out(column) && !live.columns.contains_key(&column.name))
        .map(|column| column.name.clone())
        .collect();
    if !unwanted.is_empty() {
        table.columns.retain(|name, _| !unwanted.contains(name));
        forget_what_leans_on(&unwanted, live, table);
    }
    for column in live.columns.values().filter(left_out) {
        table.columns.insert(column.name.clone(), column.clone());
    }
    follow_order(live, table);
}

fn follow_order(live: &Table, table: &mut Table) {
    let mut columns = std::mem::take(&mut table.columns);
    let known = live.columns.keys().filter_map(|name| columns.shift_remove_entry(name)).collect::<Vec<_>>();
    table.columns = known.into_iter().chain(columns).collect();
}

/// A key or index over a column that is not made cannot be made either.
fn forget_what_leans_on(columns: &BTreeSet<String>, live: &Table, table: &mut Table) {
    let leans = |names: &[String]| names.iter().any(|name| columns.contains(name));
    table.uniques.retain(|unique| !leans(&unique.columns));
    table.foreign_keys.retain(|key| !leans(&key.columns));
    table.checks.retain(|check| check.column.as_ref().is_none_or(|column| !columns.contains(column)));
    table.indexes.retain(|index| has_columns(index, |name| !columns.contains(name)));
    if table.primary_key.as_ref().is_some_and(|key| leans(&key.columns)) {
        table.primary_key.clone_from(&live.primary_key);
    }
}

fn has_columns(index: &Index, has: impl Fn(&String) -> bool) -> bool {
    index.parts.iter().all(|part| match &part.key {
        IndexKey::Column(name) => has(name),
        IndexKey::Expression(_) => true,
    })
}

/// What is there stays, as far as its columns do; what is not there is not made.
fn leave_out_aspects(settings: &Settings, live: &Table, table: &mut Table) {
    let has = |name: &String| table.columns.contains_key(name);
    if !settings.indexes {
        table.indexes = live.indexes.iter().filter(|index| has_columns(index, has)).cloned().collect();
        table.uniques = live.uniques.iter().filter(|unique| unique.columns.iter().all(has)).cloned().collect();
    }
    if !settings.foreign_keys {
        let stays = |key: &&ForeignKey| key.columns.iter().all(has);
        table.foreign_keys = live.foreign_keys.iter().filter(stays).cloned().collect();
    }
    if !settings.checks {
        let stays = |column: &Option<String>| column.as_ref().is_none_or(has);
        table.checks = live.checks.iter().filter(|check| stays(&check.column)).cloned().collect();
    }
    if !settings.comments {
        table.comment.clone_from(&live.comment);
    }
    for live in live.columns.values() {
        if let Some(column) = table.columns.get_mut(&live.name) {
            if !settings.defaults {
                column.default.clone_from(&live.default);
            }
            if !settings.comments {
                column.comment.clone_from(&live.comment);
            }
        }
    }
}

fn leave_out_named(filter: &Filter, live: &Table, table: &mut Table) {
    let name = &live.name;
    keep_live(&mut table.indexes, &live.indexes, |index| filter.admits_index(name, &index.name));
    let admits = |constraint: &Option<String>| filter.admits_constraint(name, constraint.as_deref());
    keep_live(&mut table.uniques, &live.uniques, |unique| admits(&unique.name));
    keep_live(&mut table.foreign_keys, &live.foreign_keys, |key| admits(&key.name));
    keep_live(&mut table.checks, &live.checks, |check| admits(&check.name));
}

fn keep_live<T: Clone + PartialEq>(desired: &mut Vec<T>, live: &[T], admits: impl Fn(&T) -> bool) {
    desired.retain(|item| admits(item) || live.contains(item));
    let missing: Vec<T> = live.iter().filter(|item| !admits(item) && !desired.contains(item)).cloned().collect();
    desired.extend(missing);
}

fn is_compared(settings: &Settings, notice: &Notice) -> bool {
    let filter = &settings.filter;
    let Some(table) = &notice.table else { return true };
    let name = notice.name.as_deref();
    let of_column = || filter.admits_column(table, name.unwrap_or_default());
    let of_constraint = || filter.admits_constraint(table, name);
    let compared = match notice.kind {
        NoticeKind::UnmanagedColumn => of_column(),
        NoticeKind::UnmanagedDefault => settings.defaults && of_column(),
        NoticeKind::UnmanagedIndex => settings.indexes && filter.admits_index(table, name.unwrap_or_default()),
        NoticeKind::UnmanagedUnique => settings.indexes && of_constraint(),
        NoticeKind::UnmanagedForeignKey | NoticeKind::RelationWithoutKey => settings.foreign_keys && of_constraint(),
        NoticeKind::UnmanagedCheck => settings.checks && of_constraint(),
        NoticeKind::UnmanagedTable
        | NoticeKind::UnmanagedEnum
        | NoticeKind::UnmanagedPrimaryKey
        | NoticeKind::UnmanagedObject
        | NoticeKind::OpaqueType
        | NoticeKind::UnknownAttribute
        | NoticeKind::OrphanFile
        | NoticeKind::EntityConflict
        | NoticeKind::PossibleRename
        | NoticeKind::NotUnderstood
        | NoticeKind::NotComparable
        | NoticeKind::OrderDiffers
        | NoticeKind::LockRecovered => true,
    };
    compared && filter.admits_table(table)
}
