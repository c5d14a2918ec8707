//! PostgreSQL: a scratch database has the encoding and locale of the live one.

use autogen_schema::{Backend, Column, Object, TableName, Type};

use super::{Calendar, Database, Envelope, hexadecimal};

pub(super) struct Postgres;

impl Database for Postgres {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    fn creation_query(&self, name: &str) -> Option<String> {
        let name = self.literal(name);
        // Through JSON, because older servers have fewer of these columns, and newer ones call one of them otherwise.
        Some(format!(
            "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', {name}::text, \
             pg_encoding_to_char(encoding), d ->> 'datcollate', d ->> 'datctype') \
             || CASE d ->> 'datlocprovider' WHEN 'c' THEN ' LOCALE_PROVIDER libc' \
             WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(d ->> 'datlocale', d ->> 'daticulocale')) \
             WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', d ->> 'datlocale') ELSE '' END \
             || coalesce(' ICU_RULES ' || quote_literal(nullif(d ->> 'daticurules', '')), '') AS value \
             FROM (SELECT encoding, to_jsonb(pg_database) AS d FROM pg_database WHERE datname = current_database()) live"
        ))
    }

    fn session_query(&self) -> &'static str {
        // The functions of a live database were checked when they were made; here a table of theirs may come later.
        // The schemas of the search path are there for whoever opens the scratch database by its URL, which may name them.
        "SELECT format('SET check_function_bodies = off; SET client_min_messages = error; SET TimeZone = %L', \
         current_setting('TimeZone')) || coalesce((SELECT string_agg(format('; CREATE SCHEMA IF NOT EXISTS %I', name), '') \
         FROM unnest(current_schemas(false)) AS name WHERE name <> 'public'), '') AS value"
    }

    fn removal(&self, name: &str) -> Vec<String> {
        let literal = self.literal(name);
        vec![
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {literal}"),
            format!("DROP DATABASE IF EXISTS {}", self.quoted(name)),
        ]
    }

    fn preparation(&self, default_schema: Option<&str>, schemas: &[String]) -> Vec<String> {
        let create = |schema: &str| format!("CREATE SCHEMA IF NOT EXISTS {}", self.quoted(schema));
        let mut statements: Vec<String> = schemas.iter().map(|schema| create(schema)).collect();
        if let Some(schema) = default_schema.filter(|schema| *schema != "public") {
            statements.push(create(schema));
            statements.push(format!("SET search_path TO {}, public", self.quoted(schema)));
        }
        statements
    }

    fn makes_objects(&self) -> bool {
        true
    }

    fn trigger_removal(&self, trigger: &Object, table: &TableName) -> Option<String> {
        Some(format!("DROP TRIGGER {} ON {}", self.quoted(&trigger.name.name), self.table(table)))
    }

    fn envelope(&self, answer: Option<bool>) -> Envelope {
        Envelope::plain(answer.unwrap_or(true))
    }

    /// Foreign keys are looked at when a statement ends, so all the rows are put in by one.
    fn in_a_circle(&self, inserts: &[String]) -> Vec<String> {
        let parts: Vec<String> =
            inserts.iter().enumerate().map(|(number, insert)| format!("part{number} AS ({insert})")).collect();
        vec![format!("WITH {} SELECT 1", parts.join(",\n"))]
    }

    fn overriding(&self) -> &'static str {
        " OVERRIDING SYSTEM VALUE"
    }

    fn out_of_circle(&self) -> &'static [&'static str] {
        &[]
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("'\\x{}'", hexadecimal(bytes))
    }

    fn calendar(&self) -> Calendar {
        Calendar {
            dates: ["0001-01-01", "9999-12-31"],
            date_times: ["0001-01-01 00:00:00", "9999-12-31 23:59:59"],
            moments: ["0001-01-01 00:00:00", "9999-12-31 23:59:59"],
            zone: "+00",
        }
    }

    fn own_value(&self, type_text: &str, number: usize) -> Option<String> {
        let name = type_text.split(['(', ' ']).next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        Some(match name {
            "citext" | "name" | "bpchar" | "tsvector" | "character" => self.literal(&format!("v{number}")),
            "tsquery" => self.literal(&format!("v{number} & w")),
            "hstore" => self.literal(&format!("k=>{number}")),
            "point" => self.literal(&format!("({number},0)")),
            "box" => self.literal(&format!("({number},1),(0,0)")),
            "circle" => self.literal(&format!("<(0,0),{number}>")),
            "path" | "polygon" => self.literal(&format!("((0,0),(1,{number}))")),
            "lseg" => self.literal(&format!("((0,0),(1,{number}))")),
            "line" => self.literal(&format!("{{1,-1,{number}}}")),
            "macaddr8" => self.literal(&format!("08:00:2b:01:02:03:04:{number:02x}")),
            "oid" | "xid" | "xid8" | "cid" => number.to_string(),
            "pg_lsn" => self.literal(&format!("0/{number:X}")),
            "xml" => self.literal(&format!("<v>{number}</v>")),
            "jsonpath" => self.literal("$.a"),
            "bit" => format!("B'{}'", number % 2),
            "int4range" | "int8range" | "numrange" => self.literal(&format!("[{number},{})", number + 1)),
            "int4multirange" | "int8multirange" | "nummultirange" | "tsrange" | "tstzrange" | "daterange"
                if number == 0 =>
            {
                self.literal(if name.contains("multi") { "{}" } else { "empty" })
            }
            "daterange" => self.literal(&format!("[2024-02-{:02},)", number + 1)),
            "tsrange" | "tstzrange" => self.literal(&format!("[2024-02-{:02} 12:00:00,)", number + 1)),
            _ => return None,
        })
    }

    fn takes_any_letter(&self, _: &Column, _: Option<&str>) -> bool {
        true
    }

    fn as_text(&self, column: &str, _: &Type) -> String {
        format!("{column}::text")
    }
}
