//! `autogen.lock`: what the entities declared when the last revision was written.
//!
//! The file is JSON, sorted, with one declaration a line, so that two branches merge line by line. Pure: text in,
//! text out.

use std::collections::BTreeMap;

use autogen_schema::{
    Check, Column, EnumType, ForeignKey, Index, Origin, PrimaryKey, Schema, Table, TableName, TableOptions, Unique,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the file's format.
pub const LOCK_VERSION: u32 = 1;

/// Ends every list of declarations, so that each real line ends with a comma and merges without its neighbours.
const END: &str = "~";

/// The memory of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The revisions it was written for, sorted.
    pub heads: Vec<String>,
    /// What the entities declared then.
    pub declared: Schema,
    /// The revisions of `previous`.
    pub previous_heads: Vec<String>,
    /// What they declared one revision earlier; `None` before the first.
    pub previous: Option<Schema>,
    /// Differences that were accepted, each a line with both sides as they were.
    pub accepted: BTreeMap<String, Value>,
    /// The checksum of the newest revision's file as it was written; `None` where it was not generated.
    pub written: Option<String>,
}

/// Why a lock could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It is not JSON of this shape; a merge conflict usually.
    #[error("{0}; resolve a merge conflict, or restore the file from version control")]
    Shape(#[from] serde_json::Error),
    /// It was written by a newer autogen.
    #[error("written in format {found}, and this autogen reads formats up to {LOCK_VERSION}; update autogen")]
    Newer {
        /// The format of the file.
        found: u32,
    },
    /// A line speaks of a table that no line declares.
    #[error("`{0}` belongs to a table that is not declared; restore the file from version control")]
    NoTable(String),
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    #[serde(default)]
    heads: Vec<String>,
    #[serde(default)]
    declared: BTreeMap<String, Value>,
    #[serde(default)]
    previous_heads: Vec<String>,
    #[serde(default)]
    previous: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    accepted: BTreeMap<String, Value>,
    #[serde(default)]
    written: Option<String>,
}

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Declaration {
    Table { name: TableName, comment: Option<String>, options: TableOptions, ignored: Vec<String> },
    Column { table: TableName, column: Column },
    PrimaryKey { table: TableName, key: PrimaryKey },
    Unique { table: TableName, unique: Unique },
    Index { table: TableName, index: Index },
    ForeignKey { table: TableName, key: ForeignKey },
    Check { table: TableName, check: Check },
    Enum(EnumType),
}

impl Lock {
    /// Reads the text of the file.
    ///
    /// # Errors
    ///
    /// Where it is not such a file, or of a newer format.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let Head { version } = serde_json::from_str(text)?;
        if version > LOCK_VERSION {
            return Err(LockError::Newer { found: version });
        }
        let file: File = serde_json::from_str(text)?;
        let mut accepted = file.accepted;
        accepted.remove(END);
        Ok(Self {
            heads: file.heads,
            declared: schema_of(file.declared)?,
            previous_heads: file.previous_heads,
            previous: file.previous.map(schema_of).transpose()?,
            accepted,
            written: file.written,
        })
    }

    /// The text of the file; the same lock gives the same bytes.
    pub fn to_text(&self) -> String {
        let mut text = String::from("{\n");
        let list = |names: &[String]| serde_json::to_string(names).expect("a list of texts is JSON");
        text.push_str(&format!("\"version\": {LOCK_VERSION},\n\"heads\": {},\n", list(&self.heads)));
        push_lines(&mut text, "accepted", self.accepted.clone());
        push_lines(&mut text, "declared", declarations(&self.declared));
        text.push_str(&format!("\"previous_heads\": {},\n", list(&self.previous_heads)));
        match &self.previous {
            Some(previous) => push_lines(&mut text, "previous", declarations(previous)),
            None => text.push_str("\"previous\": null,\n"),
        }
        if let Some(written) = &self.written {
            text.push_str(&format!("\"written\": {},\n", Value::from(written.as_str())));
        }
        text.push_str("\"end\": true\n}\n");
        text
    }

    /// The memory after a new revision with these heads.
    #[must_use]
    pub fn advance(memory: Option<&Self>, declared: Schema, mut heads: Vec<String>) -> Self {
        heads.sort();
        Self {
            heads,
            declared: without_origins(declared),
            previous_heads: memory.map(|lock| lock.heads.clone()).unwrap_or_default(),
            previous: memory.map(|lock| lock.declared.clone()),
            accepted: memory.map(|lock| lock.accepted.clone()).unwrap_or_default(),
            written: None,
        }
    }

    /// The memory of the same revisions after these differences were accepted, and no others. Where they are not the
    /// same, nothing is known of what was declared before.
    #[must_use]
    pub fn accepting(
        memory: Option<&Self>,
        declared: Schema,
        mut heads: Vec<String>,
        accepted: BTreeMap<String, Value>,
    ) -> Self {
        heads.sort();
        let same = memory.filter(|lock| lock.heads == heads);
        Self {
            heads,
            declared: without_origins(declared),
            previous_heads: same.map(|lock| lock.previous_heads.clone()).unwrap_or_default(),
            previous: same.and_then(|lock| lock.previous.clone()),
            accepted,
            written: same.and_then(|lock| lock.written.clone()),
        }
    }

    /// The memory before the newest revision; `None` where there was none, or none is kept.
    #[must_use]
    pub fn rewind(&self) -> Option<Self> {
        Some(Self {
            heads: self.previous_heads.clone(),
            declared: self.previous.clone()?,
            previous_heads: Vec::new(),
            previous: None,
            accepted: self.accepted.clone(),
            written: None,
        })
    }
}

fn push_lines(text: &mut String, key: &str, lines: BTreeMap<String, Value>) {
    text.push_str(&format!("\"{key}\": {{\n"));
    for (name, value) in lines {
        let name = serde_json::to_string(&name).expect("a text is JSON");
        text.push_str(&format!("{name}: {value},\n"));
    }
    text.push_str(&format!("\"{END}\": 0\n}},\n"));
}

fn declarations(schema: &Schema) -> BTreeMap<String, Value> {
    let mut lines = BTreeMap::new();
    let mut add = |key: String, declaration: Declaration| {
        let value = serde_json::to_value(&declaration).expect("a schema holds nothing that JSON cannot");
        lines.insert(key, value);
    };
    for ty in schema.enums.values() {
        add(format!("enum {}", ty.name.to_key()), Declaration::Enum(ty.clone()));
    }
    for table in schema.tables.values() {
        for (key, declaration) in table_declarations(table) {
            add(key, declaration);
        }
    }
    lines
}

/// The keys begin with the table, so that all lines of one table stand together.
fn table_declarations(table: &Table) -> Vec<(String, Declaration)> {
    let name = &table.name;
    let at = name.to_key();
    let mut lines = vec![(
        format!("table {at}"),
        Declaration::Table {
            name: name.clone(),
            comment: table.comment.clone(),
            options: table.options.clone(),
            ignored: table.ignored.clone(),
        },
    )];
    let owned = || name.clone();
    lines.extend(table.columns.values().map(|column| {
        (format!("table {at} column {}", column.name), Declaration::Column { table: owned(), column: column.clone() })
    }));
    lines.extend(
        table.primary_key.iter().map(|key| {
            (format!("table {at} primary key"), Declaration::PrimaryKey { table: owned(), key: key.clone() })
        }),
    );
    lines.extend(table.uniques.iter().map(|unique| {
        let key = format!("table {at} unique {}", unique.columns.join(","));
        (key, Declaration::Unique { table: owned(), unique: unique.clone() })
    }));
    lines.extend(table.indexes.iter().map(|index| {
        (format!("table {at} index {}", index.name), Declaration::Index { table: owned(), index: index.clone() })
    }));
    lines.extend(table.foreign_keys.iter().map(|key| {
        let target = key.references.to_key();
        let columns = key.columns.join(",");
        let line = format!("table {at} foreign key {columns} to {target} {}", key.referenced_columns.join(","));
        (line, Declaration::ForeignKey { table: owned(), key: key.clone() })
    }));
    lines.extend(table.checks.iter().map(|check| {
        let key = format!("table {at} check {}", check.expression);
        (key, Declaration::Check { table: owned(), check: check.clone() })
    }));
    lines
}

fn schema_of(lines: BTreeMap<String, Value>) -> Result<Schema, LockError> {
    let mut schema = Schema::default();
    let mut parts = Vec::new();
    for (key, value) in lines {
        if key == END {
            continue;
        }
        match serde_json::from_value(value)? {
            Declaration::Enum(ty) => {
                schema.enums.insert(ty.name.clone(), ty);
            }
            Declaration::Table { name, comment, options, ignored } => {
                schema.insert(Table { comment, options, ignored, ..Table::new(name) });
            }
            part => parts.push((key, part)),
        }
    }
    for (key, part) in parts {
        put(&mut schema, part).ok_or(LockError::NoTable(key))?;
    }
    Ok(schema)
}

/// Puts a part into its table; `None` where there is no such table.
fn put(schema: &mut Schema, part: Declaration) -> Option<()> {
    match part {
        Declaration::Table { .. } | Declaration::Enum(_) => {}
        Declaration::Column { table, column } => {
            schema.tables.get_mut(&table)?.columns.insert(column.name.clone(), column);
        }
        Declaration::PrimaryKey { table, key } => schema.tables.get_mut(&table)?.primary_key = Some(key),
        Declaration::Unique { table, unique } => schema.tables.get_mut(&table)?.uniques.push(unique),
        Declaration::Index { table, index } => schema.tables.get_mut(&table)?.indexes.push(index),
        Declaration::ForeignKey { table, key } => schema.tables.get_mut(&table)?.foreign_keys.push(key),
        Declaration::Check { table, check } => schema.tables.get_mut(&table)?.checks.push(check),
    }
    Some(())
}

/// Lines of source move with every edit; the memory does not hold them.
fn without_origins(mut schema: Schema) -> Schema {
    for ty in schema.enums.values_mut() {
        ty.origin = Origin::default();
    }
    for table in schema.tables.values_mut() {
        table.origin = Origin::default();
        table.columns.values_mut().for_each(|column| column.origin = Origin::default());
        table.primary_key.iter_mut().for_each(|key| key.origin = Origin::default());
        table.uniques.iter_mut().for_each(|unique| unique.origin = Origin::default());
        table.indexes.iter_mut().for_each(|index| index.origin = Origin::default());
        table.foreign_keys.iter_mut().for_each(|key| key.origin = Origin::default());
        table.checks.iter_mut().for_each(|check| check.origin = Origin::default());
    }
    schema
}

#[cfg(test)]
mod tests {
    use autogen_schema::{EnumName, Type};

    use super::*;

    fn schema() -> Schema {
        let mut schema = Schema::default();
        let mut users = Table::new(TableName::bare("users"))
            .with_column(Column::new("email", Type::varchar(120)))
            .with_column(Column::new("id", Type::Uuid));
        users.primary_key = Some(PrimaryKey::new(["id"]));
        users.uniques.push(Unique::new(["email"]));
        users.indexes.push(Index::new("idx-users-email", ["email"]));
        users.foreign_keys.push(ForeignKey::new(["id"], TableName::bare("users"), ["id"]));
        schema.insert(users);
        let role = EnumName::bare("role");
        let ty = EnumType { name: role.clone(), labels: vec!["a".into()], comment: None, origin: Origin::default() };
        schema.enums.insert(role, ty);
        schema
    }

    #[test]
    fn a_lock_reads_back_what_was_written() {
        let first = Lock::advance(None, schema(), vec!["b".into(), "a".into()]);
        let second = Lock::advance(Some(&first), schema(), vec!["c".into()]);
        assert_eq!(Lock::parse(&second.to_text()).expect("own text"), second);
        assert_eq!(second.rewind().map(|lock| (lock.heads, lock.declared)), Some((first.heads, first.declared)));
    }

    #[test]
    fn one_declaration_stands_on_one_line() {
        let text = Lock::advance(None, schema(), vec!["a".into()]).to_text();
        let email = text.lines().filter(|line| line.contains("\"table users column email\"")).count();
        assert_eq!(email, 1);
        assert!(text.lines().all(|line| !line.contains("column email") || line.ends_with(',')));
    }

    #[test]
    fn a_newer_lock_is_refused() {
        let error = Lock::parse(r#"{"version": 7, "unknown": 1}"#).expect_err("7 is newer");
        assert!(matches!(error, LockError::Newer { found: 7 }));
    }
}
