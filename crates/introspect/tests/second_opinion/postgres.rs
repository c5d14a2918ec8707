//! What sea-schema says of a PostgreSQL database.

use autogen_introspect::{Connection, Scope, read};
use sea_schema::postgres::def::{ColumnDefault, ColumnInfo, ForeignKeyAction, References, Schema, TableDef, Type};
use sea_schema::postgres::discovery::SchemaDiscovery;

use crate::cases::{Case, cases, files};
use crate::facts::{Facts, TableFacts, foreign_key, list, words};
use crate::postgres_support::{EMPTIED, execute, on_database_of, open, server_number, usual_server};
use crate::{check, disagreements, discovered, ours};

#[tokio::test]
async fn on_postgres() {
    // The spelling of what is listed is that of one server.
    let Some(server) = usual_server() else { return };
    on_database_of(&server, |url| async move {
        let connection = open(&url).await;
        let server = server_number(&connection).await;
        let mut found = Vec::new();
        for case in files("postgres").iter().flat_map(|file| cases(file)) {
            if (case.since..case.before).contains(&server) {
                found.extend(compare(&connection, &case).await);
            }
        }
        check("postgres", found);
    })
    .await;
}

async fn compare(connection: &Connection, case: &Case) -> Vec<String> {
    execute(connection, EMPTIED).await;
    execute(connection, &case.statements).await;
    // The cases leave the session with a path of their own, and sea-schema's answers depend on it.
    let reading = read(connection, &Scope::default()).await.expect("it can be read");
    let schema = reading.default_schema.clone().expect("PostgreSQL has a default schema");
    let pool = connection.db().get_postgres_connection_pool().clone();
    let theirs =
        discovered(async move { SchemaDiscovery::new(pool, &schema).discover().await.map(|schema| facts(&schema)) });
    let theirs = theirs.await;
    disagreements(&case.name, &ours::facts(&reading), theirs)
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
    let key = table.primary_key_constraints.first().map(|key| list(&key.columns));
    facts.say("primary key", key.unwrap_or_default());
    facts.say_all("foreign keys", table.reference_constraints.iter().map(key_line));
    for unique in &table.unique_constraints {
        facts.say(format!("unique {}", unique.name), list(&unique.columns));
    }
    // The others are how information_schema says NOT NULL, under a name made of oids.
    for check in table.check_constraints.iter().filter(|check| !check.expr.ends_with(" IS NOT NULL")) {
        facts.say(format!("check {}", check.name), without_parentheses(&check.expr));
    }
}

fn column(facts: &mut TableFacts, column: &ColumnInfo) {
    let place = |what: &str| format!("column {} {what}", column.name);
    facts.say_if(place("type"), column_type(&column.col_type));
    facts.say(place("null"), column.not_null.is_none().to_string());
    facts.say(place("generated"), column.generated.is_some().to_string());
    let counts_up = column.is_identity || matches!(column.default, Some(ColumnDefault::AutoIncrement(_)));
    facts.say(place("counts up"), counts_up.to_string());
    facts.say(place("default"), column.default.as_ref().map_or(String::new(), default));
}

fn key_line(key: &References) -> String {
    let action = |action: &Option<ForeignKeyAction>| action.as_ref().map_or("no action".to_owned(), words);
    foreign_key(&key.columns, &key.table, &key.foreign_columns, &action(&key.on_delete), &action(&key.on_update))
}

fn default(value: &ColumnDefault) -> String {
    match value {
        ColumnDefault::Int(number) => number.to_string(),
        ColumnDefault::Real(number) => number.to_string(),
        ColumnDefault::String(text) => text.clone(),
        ColumnDefault::Bool(value) => value.to_string(),
        ColumnDefault::CurrentTimestamp => "CURRENT_TIMESTAMP".to_owned(),
        ColumnDefault::AutoIncrement(sql) => sql.clone(),
        ColumnDefault::Expression(sql) => literal(sql).unwrap_or_else(|| without_parentheses(sql)),
    }
}

/// The expression without parentheses around all of it.
fn without_parentheses(sql: &str) -> String {
    let mut sql = sql.trim();
    while let Some(inner) = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0_i32;
        let mut in_text = false;
        for letter in inner.chars() {
            match letter {
                '\'' => in_text = !in_text,
                '(' if !in_text => depth += 1,
                ')' if !in_text => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return sql.to_owned();
            }
        }
        sql = inner;
    }
    sql.to_owned()
}

/// The text of `'text'::type`, which is how the server writes a constant.
fn literal(sql: &str) -> Option<String> {
    let (text, ty) = sql.strip_prefix('\'')?.rsplit_once("'::")?;
    let is_name = ty.chars().all(|letter| letter.is_alphanumeric() || " _\".".contains(letter));
    let whole = !text.replace("''", "").contains('\'');
    (is_name && whole).then(|| text.replace("''", "'"))
}

/// In our words for the type; none where sea-schema has only a name for it.
fn column_type(ty: &Type) -> Option<String> {
    let sized = |name: &str, length: Option<u16>| Some(length.map_or(name.to_owned(), |it| format!("{name}({it})")));
    let plain = |name: &str| Some(name.to_owned());
    // `information_schema` says 6 where nothing is said.
    let time = |name: &str, digits: Option<u16>| sized(name, digits.filter(|digits| *digits != 6));
    match ty {
        Type::SmallInt | Type::SmallSerial => plain("smallint"),
        Type::Integer | Type::Serial => plain("integer"),
        Type::BigInt | Type::BigSerial => plain("bigint"),
        Type::Decimal(size) | Type::Numeric(size) => match (size.precision, size.scale) {
            (Some(digits), scale) => Some(format!("decimal({digits},{})", scale.unwrap_or(0))),
            (None, _) => plain("decimal"),
        },
        Type::Real => plain("float"),
        Type::DoublePrecision => plain("double"),
        Type::Money => plain("money"),
        Type::Varchar(size) => sized("varchar", size.length),
        Type::Char(size) => sized("char", size.length),
        Type::Text => plain("text"),
        Type::Bytea => plain("blob"),
        Type::Timestamp(size) => time("datetime", size.precision),
        Type::TimestampWithTimeZone(size) => time("timestamptz", size.precision),
        Type::Date => plain("date"),
        Type::Time(size) => time("time", size.precision),
        Type::TimeWithTimeZone(size) => time("timetz", size.precision),
        Type::Interval(size) => sized("interval", size.precision),
        Type::Boolean => plain("boolean"),
        Type::Point => plain("point"),
        Type::Line => plain("line"),
        Type::Lseg => plain("lseg"),
        Type::Box => plain("box"),
        Type::Path => plain("path"),
        Type::Polygon => plain("polygon"),
        Type::Circle => plain("circle"),
        Type::Cidr => plain("cidr"),
        Type::Inet => plain("inet"),
        Type::MacAddr => plain("macaddr"),
        Type::MacAddr8 => plain("macaddr8"),
        Type::Bit(size) => sized("bit", size.length),
        Type::VarBit(size) => sized("varbit", size.length),
        Type::TsVector => plain("tsvector"),
        Type::TsQuery => plain("tsquery"),
        Type::Uuid => plain("uuid"),
        Type::Xml => plain("xml"),
        Type::Json => plain("json"),
        Type::JsonBinary => plain("jsonb"),
        Type::Array(array) => column_type(array.col_type.as_ref()?).map(|element| format!("{element}[]")),
        Type::Int4Range => plain("int4range"),
        Type::Int8Range => plain("int8range"),
        Type::NumRange => plain("numrange"),
        Type::TsRange => plain("tsrange"),
        Type::TsTzRange => plain("tstzrange"),
        Type::DateRange => plain("daterange"),
        Type::PgLsn => plain("pg_lsn"),
        Type::Unknown(_) => None,
        Type::Enum(list) => Some(format!("enum public.{}", list.typename).to_lowercase()),
    }
}
