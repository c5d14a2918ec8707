//! The names that there may be.

use autogen_diff::Coverage;
use autogen_schema::{Backend, TableName};

use crate::dice::Dice;

/// The names of one pair of schemas.
pub(crate) struct Names {
    pub(crate) backend: Backend,
    /// Of tables.
    pub(crate) tables: [TableName; 5],
    /// Of columns beside `id` and `k`.
    pub(crate) columns: [&'static str; 4],
    /// What objects of a table are called after.
    pub(crate) stems: [&'static str; 5],
    /// Whether all of them are plain words.
    pub(crate) plain: bool,
    /// Which tables number their rows, where that is not for the tables to say: what entities leave unsaid of it stays.
    pub(crate) numbered: Option<[bool; 5]>,
}

const PLAIN: [&str; 5] = ["a", "b", "c", "d", "e"];
/// A keyword, a quote, letters that are not ASCII, every other kind of quote, a dot.
const HOSTILE: [&str; 5] = ["order", "it's", "Größe", "x \"y\" `z`", "one.two"];

impl Names {
    /// Plain names, or hostile ones; on PostgreSQL, some tables may lie in another schema.
    pub(crate) fn any(backend: Backend, coverage: Coverage, dice: &mut Dice) -> Self {
        let plain = !dice.once_in(3);
        let elsewhere = backend == Backend::Postgres && dice.once_in(3);
        let stems = if plain { PLAIN } else { HOSTILE };
        let mut tables = stems.map(TableName::bare);
        if elsewhere {
            for table in &mut tables[3..] {
                table.schema = Some(if plain { "other" } else { "an \"other\"" }.to_owned());
            }
        }
        let columns = if plain { ["p", "q", "r", "s"] } else { ["select", "q's", "Ünï x", "s \"t\" `u`"] };
        let numbered = (coverage == Coverage::Partial).then(|| std::array::from_fn(|_| dice.once_in(2)));
        Self { backend, tables, columns, stems: PLAIN, plain, numbered }
    }
}

/// A name as it stands in SQL, written without the code under test.
pub(crate) fn quoted(backend: Backend, name: &str) -> String {
    match backend {
        Backend::Sqlite | Backend::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        Backend::Mysql | Backend::Mariadb => format!("`{}`", name.replace('`', "``")),
    }
}

/// The same for a table.
pub(crate) fn quoted_table(backend: Backend, name: &TableName) -> String {
    let own = quoted(backend, &name.name);
    name.schema.as_ref().map(|schema| format!("{}.{own}", quoted(backend, schema))).unwrap_or(own)
}
