//! A whole database from nothing, with what is kept word for word, in an order in which everything finds what it needs.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Object, ObjectKind, Schema, Table, TableKind, TableName};

use super::super::Dialect;
use super::{Postgres, create, ddl, sequences};
use crate::statement::Statement;

/// Needs one connection, whose settings are as before at the end.
pub(super) fn recreate(dialect: &Postgres, schema: &Schema, default_schema: Option<&str>) -> Vec<Statement> {
    let mut statements = schemas(dialect, schema, default_schema);
    statements.push(search_path(dialect, schema, default_schema));
    // The body of a function may name what comes behind it.
    statements.push(Statement::Raw("SET check_function_bodies = off".to_owned()));
    statements.extend(in_order(parts(dialect, schema)));
    statements.push(Statement::Raw("RESET check_function_bodies".to_owned()));
    statements.push(Statement::Raw("RESET search_path".to_owned()));
    statements
}

/// A new database has `public`, and what the server keeps for itself.
fn schemas(dialect: &Postgres, schema: &Schema, default_schema: Option<&str>) -> Vec<Statement> {
    let is_there = |name: &&str| *name == "public" || name.starts_with("pg_");
    let named = create::schemas(schema).into_iter().chain(default_schema);
    let named: BTreeSet<&str> = named.filter(|name| !is_there(name)).collect();
    named.into_iter().map(|name| ddl::create_schema(dialect, name)).collect()
}

/// Definitions write names in the default schema, and those of extensions on the session's path, without it.
fn search_path(dialect: &Postgres, schema: &Schema, default_schema: Option<&str>) -> Statement {
    let extensions = schema.objects.iter().filter(|object| object.kind == ObjectKind::Extension);
    let mut path: Vec<&str> = default_schema.into_iter().collect();
    for name in extensions.filter_map(|object| object.name.schema.as_deref()) {
        if !path.contains(&name) {
            path.push(name);
        }
    }
    let path: Vec<String> = path.into_iter().map(|name| dialect.quote(name)).collect();
    let path = if path.is_empty() { dialect.literal("") } else { path.join(", ") };
    Statement::Raw(format!("SET search_path = {path}"))
}

/// Statements that stand together.
struct Part {
    stage: Stage,
    /// What others wait for.
    makes: Option<TableName>,
    needs: Vec<TableName>,
    statements: Vec<Statement>,
}

/// Where a part stands if nothing else says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Extension,
    Enum,
    Definition,
    Function,
    Table,
    Owner,
    /// Before the indexes of partitions: a part of the parent's index takes one that is like it.
    PartitionedIndex,
    Index,
    ForeignKey,
    View,
    OnTable,
    Comment,
}

fn parts(dialect: &Postgres, schema: &Schema) -> Vec<Part> {
    let enums = schema.enums.values().map(|ty| Part {
        stage: Stage::Enum,
        makes: None,
        needs: Vec::new(),
        statements: ddl::create_enum(dialect, ty.clone()),
    });
    // An extension's table comes with it.
    let tables = schema.tables.values().filter(|table| table.kind != TableKind::Extension);
    let tables = tables.flat_map(|table| table_parts(dialect, table, schema));
    enums.chain(schema.objects.iter().flat_map(object_parts)).chain(tables).collect()
}

fn table_parts(dialect: &Postgres, table: &Table, schema: &Schema) -> Vec<Part> {
    let mut bare = table.clone();
    let (indexes, keys) = (std::mem::take(&mut bare.indexes), std::mem::take(&mut bare.foreign_keys));
    let said_later = create::take_said_later(dialect, &mut bare);
    let (sequences, given): (Vec<Statement>, Vec<Statement>) =
        sequences::take_own(dialect, &mut bare, &create::parents(table, schema))
            .into_iter()
            .map(|sequence| (sequence.create, sequence.give))
            .unzip();
    let part = |stage, needs, statements| Part { stage, makes: None, needs, statements };
    let index_stage = match table.kind {
        TableKind::Partitioned => Stage::PartitionedIndex,
        _ => Stage::Index,
    };
    let made = Part {
        makes: Some(table.name.clone()),
        ..part(
            Stage::Table,
            table.options.inherits.iter().chain(&table.depends_on).cloned().collect(),
            create::create_table(dialect, &bare, schema).into_iter().chain(given).collect(),
        )
    };
    let indexes = indexes.into_iter().flat_map(|index| ddl::create_index(dialect, &table.name, index));
    let keys = keys.into_iter().map(|key| {
        let needs = vec![table.name.clone(), key.references.clone()];
        part(Stage::ForeignKey, needs, vec![Statement::AddForeignKey { table: table.name.clone(), key }])
    });
    let indexes = part(index_stage, vec![table.name.clone()], indexes.chain(said_later).collect());
    // Before all tables: to one of them the server would give the name.
    let sequences = part(Stage::Definition, Vec::new(), sequences);
    [sequences, made, indexes].into_iter().chain(keys).collect()
}

fn object_parts(object: &Object) -> Vec<Part> {
    let needs: Vec<TableName> = object.depends_on.iter().chain(&object.table).cloned().collect();
    let part = |needs, sql: &str| Part {
        stage: stage(object.kind),
        makes: (object.kind != ObjectKind::Comment).then(|| object.name.clone()),
        needs,
        statements: vec![Statement::Raw(sql.to_owned())],
    };
    match object.kind {
        // A column may need the sequence that it is to own.
        ObjectKind::Sequence => {
            let (made, owned) = first_statement(&object.definition);
            let owned = owned.map(|sql| Part { stage: Stage::Owner, makes: None, ..part(needs, sql) });
            std::iter::once(part(object.depends_on.clone(), made)).chain(owned).collect()
        }
        ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Trigger
        | ObjectKind::Function
        | ObjectKind::Policy
        | ObjectKind::Exclusion
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Extension
        | ObjectKind::Rule
        | ObjectKind::Event
        | ObjectKind::Collation
        | ObjectKind::Server
        | ObjectKind::Statistics
        | ObjectKind::Comment => vec![part(needs, &object.definition)],
    }
}

const fn stage(kind: ObjectKind) -> Stage {
    match kind {
        ObjectKind::Extension => Stage::Extension,
        ObjectKind::Server
        | ObjectKind::Collation
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Sequence => Stage::Definition,
        ObjectKind::Function => Stage::Function,
        ObjectKind::Exclusion | ObjectKind::Statistics => Stage::Index,
        ObjectKind::View | ObjectKind::MaterializedView => Stage::View,
        ObjectKind::Rule | ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Event => Stage::OnTable,
        ObjectKind::Comment => Stage::Comment,
    }
}

/// The statement that makes a sequence, and those that follow it.
fn first_statement(definition: &str) -> (&str, Option<&str>) {
    match create::outside_quotes(definition, ";\n") {
        Some(at) => (&definition[..at], Some(&definition[at + 2..])),
        None => (definition, None),
    }
}

/// Kahn's algorithm with stage and place as the priority. What waits for each other comes last, for the server to say so.
fn in_order(parts: Vec<Part>) -> Vec<Statement> {
    let mut makers: BTreeMap<&TableName, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        if let Some(name) = &part.makes {
            makers.entry(name).or_default().push(at);
        }
    }
    let mut waits_for: Vec<BTreeSet<usize>> = Vec::with_capacity(parts.len());
    let mut releases: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
    for (at, part) in parts.iter().enumerate() {
        let needs = part.needs.iter().filter_map(|name| makers.get(name)).flatten().copied();
        let needs: BTreeSet<usize> = needs.filter(|&maker| maker != at).collect();
        needs.iter().for_each(|&maker| releases[maker].push(at));
        waits_for.push(needs);
    }
    let mut ready: BTreeSet<(Stage, usize)> =
        (0..parts.len()).filter(|&at| waits_for[at].is_empty()).map(|at| (parts[at].stage, at)).collect();
    let mut sorted = Vec::with_capacity(parts.len());
    while let Some((_, at)) = ready.pop_first() {
        sorted.push(at);
        for &next in &releases[at] {
            waits_for[next].remove(&at);
            if waits_for[next].is_empty() {
                ready.insert((parts[next].stage, next));
            }
        }
    }
    let mut left: Vec<usize> = (0..parts.len()).filter(|&at| !waits_for[at].is_empty()).collect();
    left.sort_by_key(|&at| parts[at].stage);
    sorted.extend(left);
    let mut parts: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
    sorted.into_iter().filter_map(|at| parts[at].take()).flat_map(|part| part.statements).collect()
}
