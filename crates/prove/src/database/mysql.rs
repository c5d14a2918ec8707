//! MySQL and MariaDB: a scratch database has the character set and collation of the live one.

use autogen_schema::{Backend, Column, Object, ReferentialAction, Schema, TableName, Type};

use super::{Calendar, Database, Envelope, hexadecimal};

pub(super) struct Mysql {
    pub(super) backend: Backend,
}

impl Database for Mysql {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn creation_query(&self, name: &str) -> Option<String> {
        let name = self.literal(&self.quoted(name));
        Some(format!(
            "SELECT CONCAT('CREATE DATABASE ', {name}, ' CHARACTER SET ', @@character_set_database, \
             ' COLLATE ', @@collation_database) AS value"
        ))
    }

    fn session_query(&self) -> &'static str {
        "SELECT CONCAT('SET SESSION sql_mode = ', QUOTE(@@sql_mode), ', time_zone = ', QUOTE(@@time_zone)) AS value"
    }

    fn removal(&self, name: &str) -> Vec<String> {
        vec![format!("DROP DATABASE IF EXISTS {}", self.quoted(name))]
    }

    fn preparation(&self, _: Option<&str>, _: &[String]) -> Vec<String> {
        Vec::new()
    }

    /// The server looks at them when they are used and not before. A trigger may name another database, and would then
    /// write to it.
    fn makes_objects(&self) -> bool {
        false
    }

    fn trigger_removal(&self, _: &Object, _: &TableName) -> Option<String> {
        None
    }

    fn envelope(&self, answer: Option<bool>) -> Envelope {
        Envelope::plain(answer.unwrap_or(false))
    }

    fn in_a_circle(&self, inserts: &[String]) -> Vec<String> {
        let begin = ["SET foreign_key_checks = 0", "START TRANSACTION"].map(str::to_owned);
        let end = ["COMMIT", "SET foreign_key_checks = 1"].map(str::to_owned);
        begin.into_iter().chain(inserts.iter().cloned()).chain(end).collect()
    }

    fn out_of_circle(&self) -> &'static [&'static str] {
        &["ROLLBACK", "SET foreign_key_checks = 1"]
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("x'{}'", hexadecimal(bytes))
    }

    fn calendar(&self) -> Calendar {
        Calendar {
            dates: ["1000-01-01", "9999-12-31"],
            date_times: ["1000-01-01 00:00:00", "9999-12-31 23:59:59"],
            // A day inside the ends, because they are in UTC and the session's zone is another.
            moments: ["1970-01-02 00:00:01", "2038-01-18 03:14:07"],
            zone: "",
        }
    }

    fn own_value(&self, type_text: &str, number: usize) -> Option<String> {
        let name = type_text.split(['(', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        Some(match name.as_str() {
            "set" => self.literal(""),
            "point" | "geometry" => format!("ST_GeomFromText('POINT({number} 0)')"),
            "linestring" => format!("ST_GeomFromText('LINESTRING(0 0, 1 {number})')"),
            "polygon" => "ST_GeomFromText('POLYGON((0 0, 0 1, 1 1, 0 0))')".to_owned(),
            "inet4" => self.literal(&format!("10.0.0.{number}")),
            "inet6" => self.literal(&format!("::{number}")),
            "float" | "double" | "decimal" | "real" => number.to_string(),
            name if name.ends_with("int") || name == "integer" => number.to_string(),
            name if name.ends_with("text") || name.ends_with("char") => self.literal(&format!("v{number}")),
            _ => return None,
        })
    }

    fn takes_any_letter(&self, column: &Column, table_charset: Option<&str>) -> bool {
        column.charset.as_deref().or(table_charset).is_none_or(|charset| charset == "utf8mb4")
    }

    /// `RESTRICT` and `NO ACTION` are one thing to InnoDB, and MariaDB says either where nothing was said.
    fn level(&self, schema: &mut Schema) {
        for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
            for action in [&mut key.on_delete, &mut key.on_update] {
                if *action == Some(ReferentialAction::Restrict) {
                    *action = Some(ReferentialAction::NoAction);
                }
            }
        }
    }

    fn as_text(&self, column: &str, ty: &Type) -> String {
        // A geometry is bytes already.
        let is_bytes = matches!(ty, Type::Other { .. });
        if is_bytes { format!("HEX({column})") } else { format!("HEX(CAST({column} AS BINARY))") }
    }
}
