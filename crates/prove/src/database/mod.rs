//! What one database says and does where a plan is proven. Everything that knows one database lies in its file; the
//! answers are SQL text, and who runs it is elsewhere.

mod mysql;
mod postgres;
mod sqlite;

use autogen_diff::render;
use autogen_schema::{Backend, Column, Object, Schema, TableName, Type};

/// What one database says and does.
pub(crate) trait Database: Sync {
    /// The database.
    fn backend(&self) -> Backend;

    /// A query on the live database whose one value, `value`, is the statement that makes a database of this name with
    /// the same encoding and locale; `None` where a database is a file.
    fn creation_query(&self, name: &str) -> Option<String>;

    /// A query on the live database whose one value, `value`, is the statement that makes a session of the scratch
    /// database behave as one of the live database does.
    fn session_query(&self) -> &'static str;

    /// The statements that take a database of this name away, whoever is still connected to it.
    fn removal(&self, name: &str) -> Vec<String>;

    /// Statements in a new scratch database, before any table.
    fn preparation(&self, default_schema: Option<&str>, schemas: &[String]) -> Vec<String>;

    /// Whether objects that are no tables (views, triggers, …) are made too. Where they are not, no statement of a plan
    /// looks at them.
    fn makes_objects(&self) -> bool;

    /// The statement that takes a trigger away while rows are put in; `None` where triggers need not be.
    fn trigger_removal(&self, trigger: &Object, table: &TableName) -> Option<String>;

    /// What stands before and after the statements of one direction: what a migration file does, or SeaORM's runner
    /// does for it. `answer` is what the file says when it is asked whether it uses a transaction.
    fn envelope(&self, answer: Option<bool>) -> Envelope;

    /// Puts these statements, which insert rows into tables that refer to each other in a circle, together so that
    /// foreign keys are looked at when all of them are done.
    fn in_a_circle(&self, inserts: &[String]) -> Vec<String>;

    /// Ends what was begun there, where a statement of it was refused.
    fn out_of_circle(&self) -> &'static [&'static str];

    /// The words between the columns and `VALUES` that let every column be given.
    fn overriding(&self) -> &'static str {
        ""
    }

    /// Bytes as a literal.
    fn bytes(&self, bytes: &[u8]) -> String;

    /// Which moments and days the database keeps: the earliest and the latest of each.
    fn calendar(&self) -> Calendar;

    /// A literal of a type that only this database has; `None` where no value can be made up.
    fn own_value(&self, type_text: &str, number: usize) -> Option<String>;

    /// Whether a column takes any letter there is.
    fn takes_any_letter(&self, column: &Column, table_charset: Option<&str>) -> bool;

    /// Gives two readings of the same one face, where the server says one thing in two ways.
    fn level(&self, _schema: &mut Schema) {}

    /// A column's value as text, for comparing.
    fn as_text(&self, column: &str, ty: &Type) -> String;

    /// A name for SQL.
    fn quoted(&self, name: &str) -> String {
        render::quoted(self.backend(), name)
    }

    /// A table's name for SQL.
    fn table(&self, name: &TableName) -> String {
        render::table(self.backend(), name)
    }

    /// A text literal for SQL.
    fn literal(&self, text: &str) -> String {
        render::text_literal(self.backend(), text)
    }
}

/// What stands around the statements of one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Before any transaction.
    pub(crate) before: &'static [&'static str],
    /// Whether the statements are in one transaction.
    pub(crate) transaction: bool,
    /// A query inside the transaction, after the statements, whose one value must be 0, and what is wrong otherwise.
    pub(crate) check: Option<(&'static str, &'static str)>,
    /// After the transaction, on every path.
    pub(crate) after: &'static [&'static str],
}

impl Envelope {
    /// A transaction, or none, and nothing else.
    const fn plain(transaction: bool) -> Self {
        Self { before: &[], transaction, check: None, after: &[] }
    }
}

/// The ends of what a database keeps.
pub(crate) struct Calendar {
    pub(crate) dates: [&'static str; 2],
    pub(crate) date_times: [&'static str; 2],
    /// Of moments, without a zone.
    pub(crate) moments: [&'static str; 2],
    /// What is written after a moment.
    pub(crate) zone: &'static str,
}

/// The facts about a database.
pub(crate) fn database(backend: Backend) -> &'static dyn Database {
    match backend {
        Backend::Sqlite => &sqlite::Sqlite,
        Backend::Postgres => &postgres::Postgres,
        Backend::Mysql => &mysql::Mysql { backend: Backend::Mysql },
        Backend::Mariadb => &mysql::Mysql { backend: Backend::Mariadb },
    }
}

/// Bytes in hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
