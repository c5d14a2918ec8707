//! The door in: a schema as the database would report it.

use autogen_schema::{AutoIncrement, Column, Schema, Table, TableName, Type};

use super::Dialect;

/// `schema` in the words of the database, and with the schema that every name has by itself left out. Spelling twice
/// is the same as spelling once.
pub(crate) fn spell(dialect: &dyn Dialect, schema: &Schema, default_schema: Option<&str>) -> Schema {
    let mut spelled = unqualify(dialect, schema, default_schema);
    if !dialect.has_schemas() {
        spelled.enums.clear();
    }
    for table in spelled.tables.values_mut() {
        spell_table(dialect, table);
    }
    spelled
}

/// The same schema with the default schema left out of every name and nothing else changed: what the entity said,
/// under the names that the spelled schema has.
pub(crate) fn unqualify(dialect: &dyn Dialect, schema: &Schema, default_schema: Option<&str>) -> Schema {
    let mut bare = schema.clone();
    let Some(default_schema) = default_schema.filter(|_| dialect.has_schemas()) else { return bare };
    let strip = |schema: &mut Option<String>| {
        if schema.as_deref() == Some(default_schema) {
            *schema = None;
        }
    };
    for mut table in std::mem::take(&mut bare.tables).into_values() {
        strip(&mut table.name.schema);
        table.foreign_keys.iter_mut().for_each(|key| strip(&mut key.references.schema));
        table.columns.values_mut().for_each(|column| strip_type(&mut column.ty, &strip));
        let named = table.options.inherits.iter_mut().chain(&mut table.depends_on);
        named.for_each(|name| strip(&mut name.schema));
        table.columns.values_mut().for_each(|column| strip_sequence(column, &strip));
        bare.insert(table);
    }
    for mut ty in std::mem::take(&mut bare.enums).into_values() {
        strip(&mut ty.name.schema);
        bare.enums.insert(ty.name.clone(), ty);
    }
    for object in &mut bare.objects {
        let named = object.table.iter_mut().chain(&mut object.depends_on).chain([&mut object.name]);
        named.for_each(|name| strip(&mut name.schema));
    }
    bare
}

fn strip_type(ty: &mut Type, strip: &impl Fn(&mut Option<String>)) {
    match ty {
        Type::Enum { name: Some(name), .. } => strip(&mut name.schema),
        Type::Array { element } => strip_type(element, strip),
        _ => {}
    }
}

fn strip_sequence(column: &mut Column, strip: &impl Fn(&mut Option<String>)) {
    if let Some(AutoIncrement::Serial { sequence }) = &mut column.auto_increment {
        let Ok(mut name) = sequence.parse::<TableName>();
        strip(&mut name.schema);
        *sequence = name.to_key();
    }
}

fn spell_table(dialect: &dyn Dialect, table: &mut Table) {
    for column in table.columns.values_mut() {
        spell_column(dialect, column);
    }
    let name = |name: &mut Option<String>| {
        if let Some(text) = name {
            *text = dialect.spell_name(text);
        }
    };
    no_empty(&mut table.comment);
    table.indexes.iter_mut().for_each(|index| no_empty(&mut index.comment));
    table.primary_key.iter_mut().for_each(|key| name(&mut key.name));
    table.uniques.iter_mut().for_each(|unique| name(&mut unique.name));
    table.foreign_keys.iter_mut().for_each(|key| name(&mut key.name));
    table.checks.iter_mut().for_each(|check| name(&mut check.name));
    table.indexes.iter_mut().for_each(|index| index.name = dialect.spell_name(&index.name));
    dialect.spell_table(table);
}

fn spell_column(dialect: &dyn Dialect, column: &mut Column) {
    no_empty(&mut column.comment);
    column.ty = dialect.spell_type(&column.ty);
    dialect.spell_column(column);
}

/// An empty comment is none to every database.
fn no_empty(comment: &mut Option<String>) {
    if comment.as_ref().is_some_and(String::is_empty) {
        *comment = None;
    }
}
