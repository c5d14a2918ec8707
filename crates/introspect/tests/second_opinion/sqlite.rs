//! What sea-schema says of an SQLite database.

use autogen_introspect::{ConnectOptions, Scope, connect, read};
use autogen_schema::DatabaseUrl;
use sea_orm::ConnectionTrait;
use sea_schema::sea_query::{ColumnType, StringLen};
use sea_schema::sqlite::def::{
    ColumnInfo, ColumnVisibility, DefaultType, ForeignKeysInfo, IndexInfo, Schema, TableDef,
};
use sea_schema::sqlite::discovery::SchemaDiscovery;

use crate::cases::{Case, cases, files};
use crate::facts::{Facts, TableFacts, foreign_key, list, words};
use crate::{check, disagreements, discovered, ours};

#[tokio::test]
async fn on_sqlite() {
    let mut found = Vec::new();
    for case in files("sqlite").iter().flat_map(|file| cases(file)) {
        found.extend(compare(&case).await);
    }
    check("sqlite", found);
}

async fn compare(case: &Case) -> Vec<String> {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.expect("a database in memory");
    connection.db().execute_unprepared(&case.statements).await.expect("SQLite takes the statements");
    let reading = read(&connection, &Scope::default()).await.expect("it can be read");
    let pool = connection.db().get_sqlite_connection_pool().clone();
    let theirs = discovered(async { SchemaDiscovery::new(pool).discover().await.map(|schema| facts(&schema)) }).await;
    disagreements(&case.name, &ours::facts(&reading), theirs)
}

fn facts(schema: &Schema) -> Facts {
    let mut facts = Facts::default();
    for table in &schema.tables {
        self::table(facts.table(&table.name), table);
    }
    for index in &schema.indexes {
        facts.table(&index.table_name).say(format!("index {}", index.index_name), index_line(index));
    }
    facts
}

fn table(facts: &mut TableFacts, table: &TableDef) {
    let columns: Vec<&ColumnInfo> = table.columns.iter().filter(|column| !column.is_hidden()).collect();
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    facts.say("columns", list(&names));
    for column in &columns {
        let place = |what: &str| format!("column {} {what}", column.name);
        facts.say_if(place("type"), column_type(&column.r#type));
        facts.say(place("null"), (!column.not_null).to_string());
        let is_generated =
            matches!(column.hidden, ColumnVisibility::GeneratedVirtual | ColumnVisibility::GeneratedStored);
        facts.say(place("generated"), is_generated.to_string());
        facts.say(place("counts up"), (table.auto_increment && column.primary_key).to_string());
        facts.say(place("default"), default(&column.default_value));
    }
    let key: Vec<String> = columns.iter().filter(|column| column.primary_key).map(|it| it.name.clone()).collect();
    facts.say("primary key", if key.is_empty() { String::new() } else { list(&key) });
    let uniques = table.constraints.iter().filter(|constraint| constraint.origin == "u");
    facts.say_all("uniques", uniques.map(|unique| list(&unique.columns)));
    facts.say_all("foreign keys", table.foreign_keys.iter().map(key_line));
}

fn index_line(index: &IndexInfo) -> String {
    format!("{}{}", if index.unique { "unique " } else { "" }, list(&index.columns))
}

fn key_line(key: &ForeignKeysInfo) -> String {
    foreign_key(&key.from, &key.table, &key.to, &words(&key.on_delete), &words(&key.on_update))
}

fn default(value: &DefaultType) -> String {
    match value {
        DefaultType::Integer(number) => number.to_string(),
        DefaultType::Float(number) => number.to_string(),
        DefaultType::String(text) => text.clone(),
        DefaultType::Null => "null".to_owned(),
        DefaultType::Unspecified => String::new(),
        DefaultType::CurrentTimestamp => "CURRENT_TIMESTAMP".to_owned(),
    }
}

/// In our words for the type; none where sea-schema has no exact one.
fn column_type(ty: &ColumnType) -> Option<String> {
    let sized = |name: &str, length: Option<u32>| length.map_or(name.to_owned(), |length| format!("{name}({length})"));
    let length = |length: &StringLen| match length {
        StringLen::N(length) => Some(*length),
        StringLen::Max | StringLen::None => None,
    };
    Some(match ty {
        ColumnType::Char(size) => sized("char", *size),
        ColumnType::String(size) => sized("varchar", length(size)),
        ColumnType::VarBinary(size) => sized("varbinary", length(size)),
        ColumnType::Text => "text".to_owned(),
        ColumnType::TinyInteger => "tinyint".to_owned(),
        ColumnType::SmallInteger => "smallint".to_owned(),
        // The name that sea-schema has for every whole number.
        ColumnType::BigInteger => return None,
        ColumnType::Float => "float".to_owned(),
        ColumnType::Double => "double".to_owned(),
        ColumnType::Decimal(Some((digits, scale))) => format!("decimal({digits},{scale})"),
        ColumnType::Decimal(None) => "decimal".to_owned(),
        ColumnType::DateTime => "datetime".to_owned(),
        ColumnType::Timestamp => "timestamp".to_owned(),
        ColumnType::TimestampWithTimeZone => "timestamptz".to_owned(),
        ColumnType::Time => "time".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Binary(length) => format!("binary({length})"),
        ColumnType::Blob => "blob".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Money(_) => "money".to_owned(),
        ColumnType::Json => "json".to_owned(),
        ColumnType::JsonBinary => "jsonb".to_owned(),
        ColumnType::Uuid => "uuid".to_owned(),
        ColumnType::Custom(name) => name.to_string().to_lowercase(),
        _ => return None,
    })
}
