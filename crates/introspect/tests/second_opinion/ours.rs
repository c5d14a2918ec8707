//! What autogen says, as far as sea-schema has words for it.

use autogen_introspect::Reading;
use autogen_schema::{
    AutoIncrement, Backend, Column, DefaultValue, ForeignKey, Index, IndexKey, ReferentialAction, Table, TableKind,
};

use crate::facts::{Facts, TableFacts, foreign_key, list};

/// The facts of a reading. On PostgreSQL those of the default schema.
pub(crate) fn facts(reading: &Reading) -> Facts {
    let mut facts = Facts::default();
    let tables = reading.schema.tables.values();
    let tables: Vec<&Table> = tables.filter(|table| table.name.schema == reading.default_schema).collect();
    for table in tables {
        self::table(facts.table(&table.name.name), table, reading.backend);
    }
    facts
}

fn table(facts: &mut TableFacts, table: &Table, backend: Backend) {
    let columns: Vec<String> = table.columns.keys().cloned().collect();
    facts.say("columns", list(&columns));
    for column in table.columns.values() {
        self::column(facts, column);
    }
    let key = table.primary_key.as_ref().map(|key| list(&key.columns));
    facts.say("primary key", key.unwrap_or_default());
    facts.say_all("foreign keys", table.foreign_keys.iter().map(key_line));
    match backend {
        Backend::Sqlite => sqlite_indexes(facts, table),
        Backend::Postgres => postgres_uniques(facts, table),
        Backend::Mysql | Backend::Mariadb => {
            for index in &table.indexes {
                facts.say_if(format!("index {}", index.name), index_line(index));
            }
        }
    }
}

fn column(facts: &mut TableFacts, column: &Column) {
    let place = |what: &str| format!("column {} {what}", column.name);
    // Of a type in the words of the database, sea-schema gives the letters in another case.
    facts.say(place("type"), column.ty.to_string().to_lowercase());
    facts.say(place("null"), column.nullable.to_string());
    facts.say(place("generated"), column.generated.is_some().to_string());
    facts.say(place("counts up"), counts_up(column).to_string());
    if column.generated.is_none() && !matches!(column.auto_increment, Some(AutoIncrement::Serial { .. })) {
        facts.say(place("default"), column.default.as_ref().map_or(String::new(), default));
    } else {
        facts.say_if(place("default"), None);
    }
}

fn counts_up(column: &Column) -> bool {
    match column.auto_increment {
        Some(AutoIncrement::Keyword | AutoIncrement::Serial { .. } | AutoIncrement::Identity(_)) => true,
        Some(AutoIncrement::Unspecified) | None => false,
    }
}

fn default(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Text(text) => text.clone(),
        DefaultValue::Expression(sql) => sql.clone(),
        DefaultValue::Null | DefaultValue::Boolean(_) | DefaultValue::Number(_) => value.to_string(),
    }
}

fn key_line(key: &ForeignKey) -> String {
    let action = |action: Option<ReferentialAction>| action.unwrap_or(ReferentialAction::NoAction).as_sql();
    let (delete, update) = (action(key.on_delete), action(key.on_update));
    foreign_key(&key.columns, &key.references.name, &key.referenced_columns, delete, update)
}

/// The columns of an index; none where it is over an expression.
fn columns(index: &Index) -> Option<Vec<String>> {
    let column = |key: &IndexKey| match key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Expression(_) => None,
    };
    index.parts.iter().map(|part| column(&part.key)).collect()
}

fn index_line(index: &Index) -> Option<String> {
    Some(format!("{}{}", if index.unique { "unique " } else { "" }, list(&columns(index)?)))
}

/// Uniques have no names there.
fn sqlite_indexes(facts: &mut TableFacts, table: &Table) {
    if table.kind != TableKind::Virtual {
        facts.say_all("uniques", table.uniques.iter().map(|unique| list(&unique.columns)));
    }
    for index in &table.indexes {
        facts.say_if(format!("index {}", index.name), index_line(index));
    }
}

/// sea-schema reads those indexes only that are unique, whoever made them.
fn postgres_uniques(facts: &mut TableFacts, table: &Table) {
    for unique in &table.uniques {
        let constraint = unique.name.clone().unwrap_or_default();
        facts.say(format!("unique {constraint}"), list(&unique.columns));
    }
    for index in table.indexes.iter().filter(|index| index.unique) {
        facts.say_if(format!("unique {}", index.name), columns(index).map(|columns| list(&columns)));
    }
    for check in &table.checks {
        let constraint = check.name.clone().unwrap_or_default();
        facts.say(format!("check {constraint}"), check.expression.clone());
    }
}
