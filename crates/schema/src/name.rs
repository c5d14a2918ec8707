//! Names that must not be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! qualified_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// The database schema (PostgreSQL), unquoted; `None` where the database has none or none was said.
            pub schema: Option<String>,
            /// The name itself, unquoted and exactly as the database keeps it.
            pub name: String,
        }

        impl $name {
            /// A name without a schema.
            pub fn bare(name: impl Into<String>) -> Self {
                Self { schema: None, name: name.into() }
            }

            /// A name inside a database schema.
            pub fn qualified(schema: impl Into<String>, name: impl Into<String>) -> Self {
                Self { schema: Some(schema.into()), name: name.into() }
            }
        }

        /// `schema.name` or `name`, for people; never for SQL.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.schema {
                    Some(schema) => write!(f, "{schema}.{}", self.name),
                    None => f.write_str(&self.name),
                }
            }
        }

        impl FromStr for $name {
            type Err = std::convert::Infallible;

            /// Reads the escaped form that [`Self::to_key`] writes.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(match split_unescaped(text, '.') {
                    Some((schema, name)) => Self { schema: Some(unescape(schema)), name: unescape(name) },
                    None => Self::bare(unescape(text)),
                })
            }
        }

        impl $name {
            /// `schema.name` with `.` and `\` inside a part escaped by `\`, so that it reads back exactly.
            pub fn to_key(&self) -> String {
                match &self.schema {
                    Some(schema) => format!("{}.{}", escape(schema), escape(&self.name)),
                    None => escape(&self.name),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_key())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

qualified_name! {
    /// The name of a table. Ordered by schema, then name.
    TableName
}

qualified_name! {
    /// The name of an enum type.
    EnumName
}

fn escape(part: &str) -> String {
    part.replace('\\', "\\\\").replace('.', "\\.")
}

pub(crate) fn unescape(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        text.push(if letter == '\\' { letters.next().unwrap_or('\\') } else { letter });
    }
    text
}

/// Splits at the first `separator` that no `\` stands before.
pub(crate) fn split_unescaped(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == separator => return Some((&text[..at], &text[at + letter.len_utf8()..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_whatever_the_name_contains() {
        for name in [
            TableName::bare("users"),
            TableName::bare("odd.name"),
            TableName::bare(r"back\slash."),
            TableName::qualified("app", "users"),
            TableName::qualified("a.b", r"c\.d"),
        ] {
            assert_eq!(name.to_key().parse::<TableName>(), Ok(name));
        }
    }
}
