//! The JSON form of a schema, as `autogen inspect --format json` writes it and any command reads it.

use serde::{Deserialize, Serialize};

use crate::{Backend, EnumType, Object, Schema, Table};

/// The version of the JSON form. It changes when an old reader would misunderstand a new file.
pub const FORMAT_VERSION: u32 = 1;

/// A schema with what is needed to read it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// [`FORMAT_VERSION`] of the writer.
    pub version: u32,
    /// The database it was read from; `None` for entities.
    pub backend: Option<Backend>,
    /// The tables, sorted by name.
    pub tables: Vec<Table>,
    /// The enum types, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enums: Vec<EnumType>,
    /// What is kept verbatim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Object>,
}

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not JSON, or not of this shape.
    #[error("not a schema written by autogen: {0}")]
    Shape(#[from] serde_json::Error),
    /// It was written by a newer version.
    #[error("written in format {found}, and this autogen reads formats up to {FORMAT_VERSION}; update autogen")]
    Newer {
        /// The format of the file.
        found: u32,
    },
    /// Two tables or types have one name.
    #[error("not a schema written by autogen: {0} is there twice")]
    Duplicate(String),
}

impl Document {
    /// Wraps a schema.
    pub fn new(schema: &Schema, backend: Option<Backend>) -> Self {
        Self {
            version: FORMAT_VERSION,
            backend,
            tables: schema.tables.values().cloned().collect(),
            enums: schema.enums.values().cloned().collect(),
            objects: schema.objects.clone(),
        }
    }

    /// The schema inside.
    pub fn into_schema(self) -> Schema {
        Schema {
            tables: self.tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
            enums: self.enums.into_iter().map(|ty| (ty.name.clone(), ty)).collect(),
            objects: self.objects,
        }
    }

    /// The text, indented, with a newline at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a schema holds nothing that JSON cannot");
        text.push('\n');
        text
    }

    /// Reads the text that [`Self::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// Where the text is not such a document, is of a newer format, or names a table or type twice.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.version > FORMAT_VERSION {
            return Err(DocumentError::Newer { found: head.version });
        }
        let document: Self = serde_json::from_str(text)?;
        document.refuse_duplicates()?;
        Ok(document)
    }

    fn refuse_duplicates(&self) -> Result<(), DocumentError> {
        let mut seen = std::collections::BTreeSet::new();
        let names = self.tables.iter().map(|table| format!("table {}", table.name));
        for name in names.chain(self.enums.iter().map(|ty| format!("type {}", ty.name))) {
            if !seen.insert(name.clone()) {
                return Err(DocumentError::Duplicate(name));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, TableName, Type};

    #[test]
    fn a_schema_reads_back_from_its_json() {
        let mut schema = Schema::default();
        schema.insert(
            Table::new(TableName::qualified("app", "users"))
                .with_column(Column::new("id", Type::Uuid))
                .with_column(Column::new("name", Type::varchar(120)).null()),
        );
        let text = Document::new(&schema, Some(Backend::Postgres)).to_json();
        assert_eq!(Document::from_json(&text).map(Document::into_schema).ok(), Some(schema));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let error = Document::from_json(r#"{"version": 99, "whatever": true}"#).expect_err("99 is newer");
        assert!(matches!(error, DocumentError::Newer { found: 99 }));
    }
}
