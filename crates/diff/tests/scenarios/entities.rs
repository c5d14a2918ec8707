//! Entities in short: `entity t` and its fields become the source of a SeaORM entity, which is read as any other.

use std::fs;

use autogen_model::{Options, Reading, read};

/// Reads the entities. A line `---` begins another group of them, in a folder of its own.
pub(crate) fn reading(text: &str) -> Result<Reading, String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut entities = Vec::new();
    for (number, group) in text.split("\n---\n").enumerate() {
        let path = folder.path().join(format!("group{number}"));
        fs::create_dir(&path).expect("a folder can be made");
        fs::write(path.join("mod.rs"), source(group)).expect("a file can be written");
        entities.push(path);
    }
    let options = Options { root: folder.path().to_owned(), entities, ..Options::default() };
    read(&options).map_err(|error| format!("{error}\n{}", source(text)))
}

/// What does not belong to an entity is Rust as it is.
fn source(text: &str) -> String {
    let mut source = "use sea_orm::entity::prelude::*;\n".to_owned();
    let mut is_open = false;
    for line in text.lines() {
        match (line.strip_prefix("entity "), line.strip_prefix("    ")) {
            (Some(head), _) => {
                source.push_str(if is_open { CLOSED } else { "" });
                source.push_str(&opened(head));
                is_open = true;
            }
            (None, Some(field)) if is_open => source.push_str(&self::field(field)),
            (None, _) => {
                source.push_str(if is_open { CLOSED } else { "" });
                is_open = false;
                source.push_str(line);
                source.push('\n');
            }
        }
    }
    source + if is_open { CLOSED } else { "" }
}

const CLOSED: &str = "    }\n    impl ActiveModelBehavior for ActiveModel {}\n}\n";

/// `t`, `s.t` in a schema, or `"Order Item"`; then what else stands in `#[sea_orm(…)]`.
fn opened(head: &str) -> String {
    let quoted = head.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    let (name, attributes) = quoted.or_else(|| head.split_once(' ')).unwrap_or((head, ""));
    let (schema, table) = match name.split_once('.') {
        Some((schema, table)) => (format!("schema_name = {schema:?}, "), table),
        None => (String::new(), name),
    };
    let module: String =
        table.to_lowercase().chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let attributes = attributes.trim().trim_start_matches('(').trim_end_matches(')');
    format!(
        "pub mod {module} {{\n    use super::*;\n\n    #[sea_orm::model]\n    \
         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n    \
         #[sea_orm({schema}table_name = {table:?}, {attributes})]\n    pub struct Model {{\n"
    )
}

/// `a: i32`, or `(unique) a: i32` with what stands in `#[sea_orm(…)]` before it.
fn field(line: &str) -> String {
    let (attributes, field) = match line.strip_prefix('(').and_then(|_| line.rfind(") ")) {
        Some(end) => (format!("        #[sea_orm{}]\n", &line[..=end]), &line[end + 2..]),
        None => (String::new(), line),
    };
    format!("{attributes}        pub {field},\n")
}
