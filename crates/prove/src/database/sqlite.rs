//! SQLite: a scratch database is in memory, or a file of our own.

use autogen_schema::{Backend, Column, Object, TableName, Type};

use super::{Calendar, Database, Envelope, hexadecimal};

pub(super) struct Sqlite;

impl Database for Sqlite {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    fn creation_query(&self, _: &str) -> Option<String> {
        None
    }

    fn session_query(&self) -> &'static str {
        "SELECT 'PRAGMA encoding = ''' || encoding || '''' AS value FROM pragma_encoding"
    }

    fn removal(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn preparation(&self, _: Option<&str>, _: &[String]) -> Vec<String> {
        Vec::new()
    }

    fn makes_objects(&self) -> bool {
        true
    }

    fn trigger_removal(&self, trigger: &Object, _: &TableName) -> Option<String> {
        Some(format!("DROP TRIGGER {}", self.table(&trigger.name)))
    }

    fn envelope(&self, answer: Option<bool>) -> Envelope {
        match answer {
            // A file that says no begins its own, with foreign keys off, and looks at them before it commits.
            Some(false) => Envelope {
                before: &["PRAGMA foreign_keys = OFF"],
                transaction: true,
                check: Some((
                    "SELECT count(*) AS value FROM pragma_foreign_key_check",
                    "rows refer to rows that do not exist (PRAGMA foreign_key_check)",
                )),
                after: &["PRAGMA foreign_keys = ON"],
            },
            Some(true) => Envelope::plain(true),
            None => Envelope::plain(false),
        }
    }

    fn in_a_circle(&self, inserts: &[String]) -> Vec<String> {
        let begin = ["BEGIN".to_owned(), "PRAGMA defer_foreign_keys = ON".to_owned()];
        begin.into_iter().chain(inserts.iter().cloned()).chain(["COMMIT".to_owned()]).collect()
    }

    fn out_of_circle(&self) -> &'static [&'static str] {
        &["ROLLBACK"]
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("x'{}'", hexadecimal(bytes))
    }

    fn calendar(&self) -> Calendar {
        Calendar {
            dates: ["0001-01-01", "9999-12-31"],
            date_times: ["0001-01-01 00:00:00", "9999-12-31 23:59:59"],
            moments: ["0001-01-01 00:00:00", "9999-12-31 23:59:59"],
            zone: " +00:00",
        }
    }

    /// A declared type is free text; what matters is its affinity: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>
    fn own_value(&self, type_text: &str, number: usize) -> Option<String> {
        let text = type_text.to_ascii_uppercase();
        let has = |word: &str| text.contains(word);
        Some(match () {
            () if has("INT") => [i64::MIN, i64::MAX].get(number).map_or_else(|| number.to_string(), i64::to_string),
            () if has("CHAR") || has("CLOB") || has("TEXT") => self.literal(&format!("v{number}")),
            () if has("BLOB") || text.is_empty() => self.bytes(&[0, 0xff, u8::try_from(number).unwrap_or_default()]),
            () if has("REAL") || has("FLOA") || has("DOUB") => format!("{number}.25"),
            () => number.to_string(),
        })
    }

    fn takes_any_letter(&self, _: &Column, _: Option<&str>) -> bool {
        true
    }

    fn as_text(&self, column: &str, _: &Type) -> String {
        // It tells 1 from '1' and from x'31'.
        format!("nullif(quote({column}), 'NULL')")
    }
}
