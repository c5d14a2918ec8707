//! Renames, and their text on a command line: `users.name=full_name`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{split_unescaped, unescape};
use crate::{EnumName, TableName};

/// A rename that an entity (`renamed_from`) or a person asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rename {
    /// A table.
    Table {
        /// The name it had.
        from: TableName,
        /// The name it has in the entity.
        to: TableName,
    },
    /// A column.
    Column {
        /// The table, by its name in the entity.
        table: TableName,
        /// The name it had.
        from: String,
        /// The name it has in the entity.
        to: String,
    },
    /// An index.
    Index {
        /// The table, by its name in the entity.
        table: TableName,
        /// The name it had.
        from: String,
        /// The name it has in the entity.
        to: String,
    },
    /// A value of an enum.
    EnumValue {
        /// The enum, by its name in the entity.
        ty: EnumName,
        /// The value as it was.
        from: String,
        /// The value as the entity has it.
        to: String,
    },
}

/// Why a text is not a rename.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write TABLE=NEW, TABLE.COLUMN=NEW, index:TABLE.INDEX=NEW or enum:TYPE.VALUE=NEW, and \\ before a dot or = that \
     belongs to a name"
)]
pub struct RenameError;

impl FromStr for Rename {
    type Err = RenameError;

    /// Reads what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, RenameError> {
        let (kind, names) = match text.split_once(':') {
            Some((kind @ ("index" | "enum"), names)) => (kind, names),
            _ => ("", text),
        };
        let (from, to) = split_unescaped(names, '=').ok_or(RenameError)?;
        let (from, to) = (parts(from), parts(to));
        if from.iter().chain(&to).any(String::is_empty) {
            return Err(RenameError);
        }
        match (kind, &from[..], &to[..]) {
            ("", [_], [_]) | ("", [_, _], [_, _]) => {
                Ok(Self::Table { from: table(&from).ok_or(RenameError)?, to: table(&to).ok_or(RenameError)? })
            }
            ("", [holder @ .., from], [to]) => {
                Ok(Self::Column { table: table(holder).ok_or(RenameError)?, from: from.clone(), to: to.clone() })
            }
            ("index", [holder @ .., from], [to]) => {
                Ok(Self::Index { table: table(holder).ok_or(RenameError)?, from: from.clone(), to: to.clone() })
            }
            ("enum", [ty @ .., from], [to]) => {
                let TableName { schema, name } = table(ty).ok_or(RenameError)?;
                Ok(Self::EnumValue { ty: EnumName { schema, name }, from: from.clone(), to: to.clone() })
            }
            _ => Err(RenameError),
        }
    }
}

/// The text that [`FromStr`] reads, whatever the names contain.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { from, to } => {
                write!(f, "{}={}", path(from.schema.as_deref(), &[&from.name]), path(to.schema.as_deref(), &[&to.name]))
            }
            Self::Column { table, from, to } => {
                write!(f, "{}={}", path(table.schema.as_deref(), &[&table.name, from]), escape(to))
            }
            Self::Index { table, from, to } => {
                write!(f, "index:{}={}", path(table.schema.as_deref(), &[&table.name, from]), escape(to))
            }
            Self::EnumValue { ty, from, to } => {
                write!(f, "enum:{}={}", path(ty.schema.as_deref(), &[&ty.name, from]), escape(to))
            }
        }
    }
}

/// A table's name, with or without its schema.
pub(crate) fn table(parts: &[String]) -> Option<TableName> {
    match parts {
        [name] => Some(TableName::bare(name)),
        [schema, name] => Some(TableName::qualified(schema, name)),
        _ => None,
    }
}

pub(crate) fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split_unescaped(rest, '.') {
        parts.push(unescape(part));
        rest = after;
    }
    parts.push(unescape(rest));
    parts
}

fn path(schema: Option<&str>, names: &[&String]) -> String {
    let names = names.iter().map(|name| name.as_str());
    schema.into_iter().chain(names).map(escape).collect::<Vec<_>>().join(".")
}

/// Also the colon of `index:`, where a table is called so.
fn escape(part: &str) -> String {
    part.replace('\\', "\\\\").replace('.', "\\.").replace('=', "\\=").replace(':', "\\:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Rename) {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }

    fn text(name: &str) -> String {
        name.to_owned()
    }

    #[test]
    fn one_name_each_is_a_table() {
        check("old=new", Rename::Table { from: TableName::bare("old"), to: TableName::bare("new") });
        let (from, to) = (TableName::qualified("app", "old"), TableName::qualified("app", "new"));
        check("app.old=app.new", Rename::Table { from, to });
    }

    #[test]
    fn a_table_before_the_name_makes_it_a_column() {
        let column = |table| Rename::Column { table, from: text("name"), to: text("full_name") };
        check("users.name=full_name", column(TableName::bare("users")));
        check("app.users.name=full_name", column(TableName::qualified("app", "users")));
    }

    #[test]
    fn a_word_before_the_name_says_what_else_it_is() {
        check("index:users.a=b", Rename::Index { table: TableName::bare("users"), from: text("a"), to: text("b") });
        check("enum:role.a=b", Rename::EnumValue { ty: EnumName::bare("role"), from: text("a"), to: text("b") });
    }

    #[test]
    fn any_name_reads_back() {
        for name in ["a.b", "a=b", r"a\", "index:a", "enum:x", "é 🙂"] {
            for table in [TableName::bare(name), TableName::qualified(name, name)] {
                let ty = EnumName { schema: table.schema.clone(), name: table.name.clone() };
                for rename in [
                    Rename::Table { from: table.clone(), to: table.clone() },
                    Rename::Column { table: table.clone(), from: text(name), to: text(name) },
                    Rename::Index { table: table.clone(), from: text(name), to: text(name) },
                    Rename::EnumValue { ty, from: text(name), to: text(name) },
                ] {
                    check(&rename.to_string(), rename);
                }
            }
        }
    }

    #[test]
    fn what_is_no_rename_is_refused() {
        for text in ["users", "users.name", "=", "a.=b", "a.b.c.d=e", "index:a=b", "enum:a=b", "a=b.c.d", ""] {
            assert_eq!(text.parse::<Rename>(), Err(RenameError), "{text}");
        }
    }
}
