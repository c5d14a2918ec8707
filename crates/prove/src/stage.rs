//! Makes the live schema in a scratch database.

use autogen_diff::render;
use autogen_introspect::Connection;
use autogen_schema::{Object, Schema, Table, TableName};

use crate::database::Database;
use crate::related::is_tied;
use crate::run::{Refusal, all, execute};

/// Makes everything in `schema`. What is not about tables and is refused (an extension that is not installed, a function
/// over a table that was left out) is given back as sentences: where a table needs it, the table is refused too.
pub(crate) async fn make(
    connection: &Connection,
    facts: &dyn Database,
    schema: &Schema,
    default_schema: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    all(connection, &facts.preparation(default_schema, &schemas(schema))).await?;
    let mut waiting = Vec::new();
    for statement in render::recreate_sql(&with_named_indexes(schema), facts.backend(), default_schema) {
        match (execute(connection, &statement).await, standing_alone(schema, &statement)) {
            (Ok(()), _) => {}
            (Err(_), Some(object)) => waiting.push((object, statement)),
            (Err(refusal), None) => return Err(refusal),
        }
    }
    let mut said = Vec::new();
    for (object, statement) in waiting {
        if let Err(refusal) = execute(connection, &statement).await {
            said.push(format!("{} {} was left out ({})", object.kind.noun(), object.name, refusal.message));
        }
    }
    all(connection, &facts.preparation(default_schema, &[])).await?;
    Ok(said)
}

/// An index that the server once made for a key is made by its name, where the key would bring one of another name.
fn with_named_indexes(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in schema.tables.values_mut() {
        let Table { foreign_keys, indexes, .. } = table;
        for index in indexes {
            index.implicit &= foreign_keys.iter().any(|key| key.name.as_ref() == Some(&index.name));
        }
    }
    schema
}

/// The object that is not about tables and that this statement makes, where there is one.
fn standing_alone<'s>(schema: &'s Schema, statement: &str) -> Option<&'s Object> {
    let mut alone = schema.objects.iter().filter(|object| !is_tied(object.kind));
    alone.find(|object| object.definition.contains(statement))
}

/// The schemas that something is in.
pub(crate) fn schemas(schema: &Schema) -> Vec<String> {
    let enums = schema.enums.keys().filter_map(|name| name.schema.as_ref());
    let named = |name: &'_ TableName| name.schema.clone();
    let mut names: Vec<String> = schema.tables.keys().filter_map(named).chain(enums.cloned()).collect();
    names.extend(schema.objects.iter().filter_map(|object| named(&object.name)));
    names.sort();
    names.dedup();
    names
}
