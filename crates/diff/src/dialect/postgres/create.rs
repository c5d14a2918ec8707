//! A table from nothing. What one `CREATE TABLE` cannot say stands in statements before and behind it.
//! See https://www.postgresql.org/docs/current/sql-createtable.html

use std::collections::BTreeSet;

use autogen_schema::{
    AutoIncrement, Check, Column, ForeignKey, Schema, Table, TableKind, TableName, TableOptions, Unique,
};

use super::super::ddl::constraint_lines;
use super::super::{Dialect, check_clause};
use super::lower::{add_unique, alter};
use super::{Postgres, ddl, sequences};
use crate::Change;
use crate::statement::Statement;

/// The statements that make `table` with its indexes. `now` has the tables that it inherits from or is a partition of.
pub(super) fn create_table(dialect: &Postgres, table: &Table, now: &Schema) -> Vec<Statement> {
    let parents = parents(table, now);
    let mut table = table.clone();
    let indexes = std::mem::take(&mut table.indexes);
    let said_later = take_said_later(dialect, &mut table);
    let unchecked = take_unchecked(&mut table);
    let sequences = sequences::take_own(dialect, &mut table, &parents);
    let repeated = take_repeated(dialect, &mut table);

    let mut statements: Vec<Statement> = sequences.iter().map(|sequence| sequence.create.clone()).collect();
    statements.extend(bare_table(dialect, &table, &parents));
    statements.extend(sequences.into_iter().map(|sequence| sequence.give));
    statements.extend(table.columns.values().flat_map(|column| storage(dialect, &table.name, column)));
    statements.extend(repeated);
    statements.extend(unchecked.statements(dialect, &table.name));
    statements.extend(indexes.into_iter().flat_map(|index| ddl::create_index(dialect, &table.name, index)));
    statements.extend(said_later);
    statements.extend(ddl::comments(dialect, &table));
    statements
}

/// Options that `ALTER TABLE` alone says, some of them about indexes.
pub(super) fn take_said_later(dialect: &Postgres, table: &mut Table) -> Vec<Statement> {
    const WORDS: [&str; 3] = ["OF ", "CLUSTER ON ", "REPLICA IDENTITY "];
    let is_later = |option: &mut String| WORDS.iter().any(|words| option.starts_with(words));
    let later = table.options.extra.extract_if(.., is_later);
    later.map(|option| alter(dialect, &table.name, &option)).collect()
}

/// The statement that makes the schema of a new table or type, where nothing that is there lies in it.
pub(super) fn new_schema(dialect: &Postgres, change: &Change, now: &Schema) -> Option<Statement> {
    let schema = match change {
        Change::CreateTable(table) => table.name.schema.as_ref(),
        Change::CreateEnum(ty) => ty.name.schema.as_ref(),
        _ => None,
    }?;
    (!schemas(now).contains(schema.as_str())).then(|| ddl::create_schema(dialect, schema))
}

/// The schemas in which something lies, apart from the default one.
pub(super) fn schemas(schema: &Schema) -> BTreeSet<&str> {
    let tables = schema.tables.keys().map(|name| &name.schema);
    let enums = schema.enums.keys().map(|name| &name.schema);
    let objects = schema.objects.iter().map(|object| &object.name.schema);
    tables.chain(enums).chain(objects).filter_map(Option::as_deref).collect()
}

/// The tables whose columns this one begins with.
pub(super) fn parents<'s>(table: &Table, now: &'s Schema) -> Vec<&'s Table> {
    let is_divided = |parent: &&Table| parent.options.partition.is_some();
    match table.kind {
        TableKind::Partition => table.depends_on.iter().filter_map(|name| now.table(name)).filter(is_divided).collect(),
        _ => table.options.inherits.iter().filter_map(|name| now.table(name)).collect(),
    }
}

/// Uniques over the columns of the primary key, or of another unique. `CREATE TABLE` makes one of both, `ALTER TABLE` two.
fn take_repeated(dialect: &Postgres, table: &mut Table) -> Vec<Statement> {
    let mut known: Vec<Vec<String>> = table.primary_key.iter().map(|key| key.columns.clone()).collect();
    let is_repeated = |unique: &mut Unique| {
        let is_known = known.contains(&unique.columns);
        known.push(unique.columns.clone());
        is_known
    };
    let repeated: Vec<Unique> = table.uniques.extract_if(.., is_repeated).collect();
    repeated.into_iter().map(|unique| add_unique(dialect, &table.name, unique)).collect()
}

/// Constraints that the rows of a table were never held against. In `CREATE TABLE` every constraint counts as checked.
struct Unchecked {
    checks: Vec<Check>,
    keys: Vec<ForeignKey>,
}

fn take_unchecked(table: &mut Table) -> Unchecked {
    Unchecked {
        checks: table.checks.extract_if(.., |check| check.not_valid).collect(),
        keys: table.foreign_keys.extract_if(.., |key| key.not_valid).collect(),
    }
}

impl Unchecked {
    fn statements(self, dialect: &Postgres, table: &TableName) -> Vec<Statement> {
        let check = |check| alter(dialect, table, &format!("ADD {} NOT VALID", check_clause(dialect, &check)));
        let key = |key| Statement::AddForeignKey { table: table.clone(), key };
        self.checks.into_iter().map(check).chain(self.keys.into_iter().map(key)).collect()
    }
}

/// The table with its columns and constraints.
fn bare_table(dialect: &Postgres, table: &Table, parents: &[&Table]) -> Vec<Statement> {
    let is_foreign = table.options.extra.iter().any(|option| ddl::is_server(option));
    let Place { parent, bound, key } = Place::of(table);
    let own =
        Table { options: TableOptions { partition: key.map(str::to_owned), ..table.options.clone() }, ..table.clone() };
    if parent.is_none() && table.options.inherits.is_empty() && !is_foreign {
        return vec![Statement::CreateTable(own)];
    }
    if !begins_as_parents(table, parents) {
        return joined(dialect, own, parent.zip(bound), parents);
    }
    let written = |column: &&Column| !parents.iter().any(|parent| parent.columns.contains_key(&column.name));
    let columns = own.columns.values().filter(written).map(|column| dialect.column_sql(column, None));
    let lines: Vec<String> = columns.chain(constraint_lines(dialect, &own)).collect();
    let mut sql = format!("CREATE {}TABLE {}", kind_words(&own, is_foreign), dialect.table_sql(&own.name));
    sql.push_str(&parent.map(|parent| format!(" PARTITION OF {parent}")).unwrap_or_default());
    if !lines.is_empty() || parent.is_none() {
        sql.push_str(&format!(" (\n  {}\n)", lines.join(",\n  ")));
    }
    sql.push_str(&bound.map(|bound| format!(" {bound}")).unwrap_or_default());
    sql.push_str(&ddl::options(dialect, &own.options));
    let mut statements = vec![Statement::Raw(sql)];
    for column in own.columns.values() {
        if let Some(from) = parents.iter().find_map(|parent| parent.column(&column.name)) {
            statements.extend(differing(dialect, &own.name, from, column));
        }
    }
    statements
}

fn kind_words(table: &Table, is_foreign: bool) -> &'static str {
    match (is_foreign, table.options.unlogged) {
        (true, _) => "FOREIGN ",
        (false, true) => "UNLOGGED ",
        (false, false) => "",
    }
}

/// Where a table stands among partitions, all as SQL.
struct Place<'t> {
    /// The table that it is a partition of.
    parent: Option<&'t str>,
    /// Which of the parent's rows it takes.
    bound: Option<&'t str>,
    /// How it is itself divided.
    key: Option<&'t str>,
}

impl<'t> Place<'t> {
    fn of(table: &'t Table) -> Self {
        const DIVIDED: &str = " PARTITION BY ";
        let text = table.options.partition.as_deref();
        if table.kind != TableKind::Partition {
            return Self { parent: None, bound: None, key: text };
        }
        let (of, key) = match text.and_then(|text| outside_quotes(text, DIVIDED).map(|at| (&text[..at], &text[at..]))) {
            Some((of, key)) => (Some(of), Some(&key[DIVIDED.len()..])),
            None => (text, None),
        };
        let split = of.and_then(|of| outside_quotes(of, " ").map(|at| (&of[..at], &of[at + 1..])));
        Self { parent: split.map(|(parent, _)| parent), bound: split.map(|(_, bound)| bound), key }
    }
}

/// Where `wanted` first stands outside quoted names and texts. The server doubles every quote and backslash inside one.
pub(super) fn outside_quotes(sql: &str, wanted: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in sql.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if sql[at..].starts_with(wanted) => return Some(at),
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None => {}
        }
    }
    None
}

/// Whether the columns stand where making the table from its parents puts them: theirs first, then its own.
fn begins_as_parents(table: &Table, parents: &[&Table]) -> bool {
    let mut expected: Vec<&String> = Vec::new();
    let of_parents = parents.iter().flat_map(|parent| parent.columns.keys());
    for name in of_parents.chain(table.columns.keys()) {
        if !expected.contains(&name) {
            expected.push(name);
        }
    }
    table.columns.keys().eq(expected)
}

/// A table that was made by itself and joined its parents later. A partition needs the checks of its parents for that.
fn joined(dialect: &Postgres, mut own: Table, place: Option<(&str, &str)>, parents: &[&Table]) -> Vec<Statement> {
    let name = dialect.table_sql(&own.name);
    let inherits = std::mem::take(&mut own.options.inherits);
    let mut join: Vec<Statement> = inherits
        .iter()
        .map(|parent| alter(dialect, &own.name, &format!("INHERIT {}", dialect.table_sql(parent))))
        .collect();
    if let Some((parent, bound)) = place {
        own.checks.extend(parents.iter().flat_map(|parent| &parent.checks).filter(|check| !check.no_inherit).cloned());
        join.push(Statement::Raw(format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound}")));
    }
    let mut statements = vec![Statement::CreateTable(own)];
    statements.append(&mut join);
    statements
}

/// What a column has otherwise than the one that it was inherited from.
fn differing(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Vec<Statement> {
    let (table, column) = (table.clone(), to.name.clone());
    let mut statements = Vec::new();
    match &to.default {
        Some(default) if from.default.as_ref() != Some(default) => {
            statements.push(Statement::SetDefault {
                table: table.clone(),
                column: column.clone(),
                default: default.clone(),
            });
        }
        None if from.default.is_some() => {
            statements.push(Statement::DropDefault { table: table.clone(), column: column.clone() });
        }
        Some(_) | None => {}
    }
    if from.nullable && !to.nullable {
        statements.push(Statement::SetNullable { table: table.clone(), column: column.clone(), nullable: false });
    }
    if let Some(AutoIncrement::Identity(identity)) = &to.auto_increment {
        let identity = ddl::identity_clause(&to.ty, identity);
        statements.push(alter(dialect, &table, &format!("ALTER COLUMN {} ADD {identity}", dialect.quote(&column))));
    }
    statements
}

/// How a column is kept, where not as its type is. `CREATE TABLE` takes it from PostgreSQL 16 on.
pub(super) fn storage(dialect: &Postgres, table: &TableName, column: &Column) -> Vec<Statement> {
    let name = dialect.quote(&column.name);
    let clauses = column.extra.iter().filter(|clause| !ddl::is_inline(clause));
    clauses.map(|clause| alter(dialect, table, &format!("ALTER COLUMN {name} SET {clause}"))).collect()
}
