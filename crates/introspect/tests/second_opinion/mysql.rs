//! What sea-schema says of a MySQL or MariaDB database.

use autogen_introspect::{Scope, read};
use sea_orm::ConnectionTrait;
use sea_schema::mysql::def::{
    ColumnDefault, ColumnInfo, ForeignKeyInfo, IndexInfo, NumericAttr, Schema, TableDef, Type,
};
use sea_schema::mysql::discovery::SchemaDiscovery;

use crate::cases::{Case, cases, files_for};
use crate::facts::{Facts, TableFacts, foreign_key, list, words};
use crate::mysql_server::{Server, TestDatabase, with_database};
use crate::{check, disagreements, discovered, ours};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mysql() {
    on(Server::Mysql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mariadb() {
    on(Server::Mariadb).await;
}

async fn on(server: Server) {
    if !Server::all().contains(&server) {
        return;
    }
    let mut found = Vec::new();
    // There, sea-schema joins each key with the other one, in an order that changes from run to run.
    let is_stable = |case: &Case| !case.name.ends_with("whose names differ in an accent only");
    for case in files_for(server.name()).iter().flat_map(|file| cases(file)).filter(is_stable) {
        found.extend(with_database(server, |database| async move { compare(&case, &database).await }).await);
    }
    check(server.name(), found);
}

async fn compare(case: &Case, database: &TestDatabase) -> Vec<String> {
    let connection = database.connect().await;
    let statements = case.statements.replace("{database}", &database.name).replace("{other}", &database.other());
    if case.statements.contains("{other}") {
        let sql = format!("CREATE DATABASE `{}`", database.other());
        connection.db().execute_unprepared(&sql).await.expect("the user may create a database");
    }
    connection.db().execute_unprepared(&statements).await.expect("the server takes the statements");
    let reading = read(&connection, &Scope::default()).await.expect("it can be read");
    let (pool, name) = (connection.db().get_mysql_connection_pool().clone(), database.name.clone());
    let theirs =
        discovered(async move { SchemaDiscovery::new(pool, &name).discover().await.map(|schema| facts(&schema)) });
    let lines = disagreements(&case.name, &ours::facts(&reading), theirs.await);
    lines
        .into_iter()
        .map(|line| line.replace(&database.other(), "{other}").replace(&database.name, "{database}"))
        .collect()
}

fn facts(schema: &Schema) -> Facts {
    let mut facts = Facts::default();
    for table in &schema.tables {
        self::table(facts.table(&table.info.name), table);
    }
    facts
}

fn table(facts: &mut TableFacts, table: &TableDef) {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    facts.say("columns", list(&names));
    for column in &table.columns {
        self::column(facts, column);
    }
    let (keys, indexes): (Vec<_>, Vec<_>) = table.indexes.iter().partition(|index| index.name == "PRIMARY");
    facts.say("primary key", keys.first().map(|key| list(&columns(key))).unwrap_or_default());
    for index in indexes {
        let unique = if index.unique { "unique " } else { "" };
        let line = (!index.functional).then(|| format!("{unique}{}", list(&columns(index))));
        facts.say_if(format!("index {}", index.name), line);
    }
    facts.say_all("foreign keys", table.foreign_keys.iter().map(key_line));
}

fn columns(index: &IndexInfo) -> Vec<String> {
    index.parts.iter().map(|part| part.column.clone()).collect()
}

fn column(facts: &mut TableFacts, column: &ColumnInfo) {
    let place = |what: &str| format!("column {} {what}", column.name);
    facts.say_if(place("type"), column_type(&column.col_type));
    facts.say(place("null"), column.null.to_string());
    facts.say(place("generated"), column.extra.generated.to_string());
    facts.say(place("counts up"), column.extra.auto_increment.to_string());
    let ty = column_type(&column.col_type).unwrap_or_default();
    facts.say(place("default"), column.default.as_ref().map_or(String::new(), |value| default(value, &ty)));
}

fn key_line(key: &ForeignKeyInfo) -> String {
    let (delete, update) = (words(&key.on_delete), words(&key.on_update));
    foreign_key(&key.columns, &key.referenced_table, &key.referenced_columns, &delete, &update)
}

fn default(value: &ColumnDefault, ty: &str) -> String {
    match value {
        ColumnDefault::Int(number @ (0 | 1)) if ty == "boolean" => (*number == 1).to_string(),
        // Both servers give this to a nullable column without a default, too.
        ColumnDefault::Null => String::new(),
        ColumnDefault::Int(number) => number.to_string(),
        ColumnDefault::Real(number) => number.to_string(),
        ColumnDefault::String(text) => text.clone(),
        ColumnDefault::CustomExpr(sql) => sql.clone(),
        ColumnDefault::CurrentTimestamp => "CURRENT_TIMESTAMP".to_owned(),
    }
}

/// In our words for the type; none where sea-schema does not know it.
fn column_type(ty: &Type) -> Option<String> {
    let plain = |name: &str| Some(name.to_owned());
    let sized = |name: &str, length: Option<u32>| Some(length.map_or(name.to_owned(), |it| format!("{name}({it})")));
    match ty {
        Type::Serial => plain("bigint unsigned"),
        Type::Bit(size) => sized("bit", size.maximum),
        // Which is what both servers call a boolean.
        Type::TinyInt(size) if size.maximum == Some(1) && signs(size).is_empty() => plain("boolean"),
        Type::TinyInt(size) => integer("tinyint", size),
        Type::Bool => plain("boolean"),
        Type::SmallInt(size) => integer("smallint", size),
        Type::MediumInt(size) => integer("mediumint", size),
        Type::Int(size) => integer("integer", size),
        Type::BigInt(size) => integer("bigint", size),
        Type::Decimal(size) => number("decimal", size),
        Type::Float(size) => number("float", size),
        Type::Double(size) => number("double", size),
        Type::Date => plain("date"),
        Type::Time(size) => sized("time", size.fractional),
        Type::DateTime(size) => sized("datetime", size.fractional),
        Type::Timestamp(size) => sized("timestamp", size.fractional),
        Type::Year => plain("year"),
        Type::Char(size) | Type::NChar(size) => sized("char", size.length),
        Type::Varchar(size) | Type::NVarchar(size) => sized("varchar", size.length),
        Type::Binary(size) => sized("binary", size.length),
        Type::Varbinary(size) => sized("varbinary", size.length),
        Type::Text(_) => plain("text"),
        Type::TinyText(_) => plain("tinytext"),
        Type::MediumText(_) => plain("mediumtext"),
        Type::LongText(_) => plain("longtext"),
        Type::Blob(_) => plain("blob"),
        Type::TinyBlob => plain("tinyblob"),
        Type::MediumBlob => plain("mediumblob"),
        Type::LongBlob => plain("longblob"),
        Type::Enum(labels) => Some(format!("enum({})", labels.values.join(", ")).to_lowercase()),
        Type::Set(labels) => Some(format!("set('{}')", labels.members.join("','")).to_lowercase()),
        Type::Geometry(_) => plain("geometry"),
        Type::Point(_) => plain("point"),
        Type::LineString(_) => plain("linestring"),
        Type::Polygon(_) => plain("polygon"),
        Type::MultiPoint(_) => plain("multipoint"),
        Type::MultiLineString(_) => plain("multilinestring"),
        Type::MultiPolygon(_) => plain("multipolygon"),
        Type::GeometryCollection(_) => plain("geometrycollection"),
        Type::Json => plain("json"),
        Type::Unknown(_) => None,
    }
}

/// A display width says nothing.
fn integer(name: &str, size: &NumericAttr) -> Option<String> {
    Some(format!("{name}{}", signs(size)))
}

fn number(name: &str, size: &NumericAttr) -> Option<String> {
    let digits = match (size.maximum, size.decimal) {
        (Some(digits), scale) => format!("({digits},{})", scale.unwrap_or(0)),
        (None, _) => String::new(),
    };
    Some(format!("{name}{digits}{}", signs(size)))
}

fn signs(size: &NumericAttr) -> &'static str {
    match (size.unsigned, size.zero_fill) {
        (_, Some(true)) => " unsigned zerofill",
        (Some(true), _) => " unsigned",
        (Some(false) | None, Some(false) | None) => "",
    }
}
