//! Small projects in temporary folders, and schemas as short text.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use autogen_model::{Options, ReadError, Reading};
use autogen_schema::{NoticeKind, Schema, Table};
use tempfile::TempDir;

/// A project of these files.
pub(crate) struct Project {
    folder: TempDir,
    pub(crate) options: Options,
}

impl Project {
    /// Files by path; the entities are the whole folder unless `entities` says otherwise.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        for (path, text) in files {
            write(folder.path(), path, text.as_bytes());
        }
        let options =
            Options { root: folder.path().to_path_buf(), entities: vec![PathBuf::from(".")], ..Options::default() };
        Self { folder, options }
    }

    pub(crate) fn entities(mut self, paths: &[&str]) -> Self {
        self.options.entities = paths.iter().map(PathBuf::from).collect();
        self
    }

    pub(crate) fn exclude(mut self, glob: &str) -> Self {
        self.options.exclude.push(glob.to_owned());
        self
    }

    pub(crate) fn with_type(mut self, path: &str, ty: &str) -> Self {
        self.options.types.insert(path.to_owned(), ty.to_owned());
        self
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        write(self.folder.path(), path, bytes);
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn try_read(&self) -> Result<Reading, ReadError> {
        autogen_model::read(&self.options)
    }

    pub(crate) fn read(&self) -> Reading {
        self.try_read().unwrap_or_else(|error| panic!("could not read the project: {error}"))
    }

    /// The schema, where there is nothing to notice.
    pub(crate) fn schema(&self) -> String {
        let reading = self.read();
        assert!(reading.notices.is_empty(), "{:?}", reading.notices);
        text(&reading.schema)
    }

    /// The names of the tables.
    pub(crate) fn tables(&self) -> Vec<String> {
        self.read().schema.tables.keys().map(ToString::to_string).collect()
    }

    /// The kinds of the notices, with what they say.
    pub(crate) fn notices(&self) -> Vec<(NoticeKind, String)> {
        self.read().notices.iter().map(|notice| (notice.kind, notice.to_string())).collect()
    }

    /// What stands in the way.
    pub(crate) fn error(&self) -> String {
        self.try_read().expect_err("something stands in the way").to_string()
    }
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("there is room for folders");
    std::fs::write(file, bytes).expect("there is room for a file");
}

/// A compact entity with a numbered key and these fields.
pub(crate) fn entity(table: &str, fields: &str) -> String {
    entity_with(table, fields, "")
}

/// The same with the variants of `enum Relation`.
pub(crate) fn entity_with(table: &str, fields: &str, relations: &str) -> String {
    format!(
        "use sea_orm::entity::prelude::*;\n\
         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"{table}\")]\n\
         pub struct Model {{\n    #[sea_orm(primary_key)]\n    pub id: i32,\n    {fields}\n}}\n\
         #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]\npub enum Relation {{ {relations} }}\n\
         impl ActiveModelBehavior for ActiveModel {{}}\n"
    )
}

/// A manifest of a crate with these dependencies, one a line.
pub(crate) fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n[dependencies]\nsea-orm = \"2\"\n{dependencies}\n")
}

/// One line for a table, one for each thing in it.
pub(crate) fn text(schema: &Schema) -> String {
    let mut out = String::new();
    for table in schema.tables.values() {
        describe(table, &mut out).expect("a string takes everything");
    }
    for ty in schema.enums.values() {
        writeln!(out, "enum {}: {}", ty.name, ty.labels.join(", ")).expect("a string takes everything");
    }
    out
}

fn describe(table: &Table, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{}", table.name)?;
    for column in table.columns.values() {
        write!(out, "  {}: {}", column.name, column.ty)?;
        if column.nullable {
            write!(out, " null")?;
        }
        if column.auto_increment.is_some() {
            write!(out, " numbered")?;
        }
        if let Some(default) = &column.default {
            write!(out, " default {default}")?;
        }
        writeln!(out)?;
    }
    if let Some(key) = &table.primary_key {
        writeln!(out, "  key ({})", key.columns.join(", "))?;
    }
    for unique in &table.uniques {
        writeln!(out, "  unique ({})", unique.columns.join(", "))?;
    }
    for index in &table.indexes {
        writeln!(out, "  index {} ({})", index.name, index.plain_columns().unwrap_or_default().join(", "))?;
    }
    for key in &table.foreign_keys {
        let (columns, referenced) = (key.columns.join(", "), key.referenced_columns.join(", "));
        writeln!(out, "  ({columns}) refers to {} ({referenced})", key.references)?;
    }
    for check in &table.checks {
        writeln!(out, "  check {}", check.expression)?;
    }
    if !table.ignored.is_empty() {
        writeln!(out, "  leaves alone {}", table.ignored.join(", "))?;
    }
    Ok(())
}
