//! Changes in words, for people.

use autogen_schema::{AutoIncrement, Check, Column, ForeignKey, Index, IndexKey, PrimaryKey, SortOrder, Unique};

use crate::{Change, Labelled};

impl Change {
    /// One line without the table's name: `add column email varchar(120) null`.
    pub fn describe(&self) -> String {
        match self {
            Self::CreateTable(table) => format!("create table ({} columns)", table.columns.len()),
            Self::DropTable(_) => "drop table".into(),
            Self::RenameTable { from, to } => format!("rename table {from} to {to}"),
            Self::AddColumn { column, .. } => format!("add column {} {}", column.name, column_words(column)),
            Self::DropColumn { column, .. } => format!("drop column {} {}", column.name, column_words(column)),
            Self::RenameColumn { from, to, .. } => format!("rename column {from} to {to}"),
            Self::AlterColumn { from, to, .. } => {
                format!("alter column {}: {} → {}", to.name, column_words(from), column_words(to))
            }
            Self::SetPrimaryKey { from, to, .. } => {
                format!("primary key: {} → {}", key_words(from.as_ref()), key_words(to.as_ref()))
            }
            Self::AddIndex { index, .. } => format!("add {}", index_words(index)),
            Self::DropIndex { index, .. } => format!("drop {}", index_words(index)),
            Self::RenameIndex { from, to, .. } => format!("rename index {} to {}", from.name, to.name),
            Self::AddUnique { unique, .. } => format!("add {}", unique_words(unique)),
            Self::DropUnique { unique, .. } => format!("drop {}", unique_words(unique)),
            Self::AddForeignKey { key, .. } => {
                format!("add foreign key{} {}", named(&key.name), foreign_key_words(key))
            }
            Self::DropForeignKey { key, .. } => {
                format!("drop foreign key{} {}", named(&key.name), foreign_key_words(key))
            }
            Self::AddCheck { check, .. } => format!("add {}", check_words(check)),
            Self::DropCheck { check, .. } => format!("drop {}", check_words(check)),
            Self::CreateEnum(ty) => format!("create enum {} ({})", ty.name, ty.labels.join(", ")),
            Self::DropEnum(ty) => format!("drop enum {} ({})", ty.name, ty.labels.join(", ")),
            Self::AlterEnum { from, to } => {
                format!("alter enum {}: ({}) → ({})", to.name, from.labels.join(", "), to.labels.join(", "))
            }
            Self::RenameEnumValue { of: Labelled::Type(ty), from, to } => {
                format!("rename value {from} of enum {ty} to {to}")
            }
            Self::RenameEnumValue { of: Labelled::Column { column, .. }, from, to } => {
                format!("rename value {from} of column {column} to {to}")
            }
            Self::SetTableOptions { .. } => "set table options".into(),
        }
    }
}

/// `varchar(120) not null default 'x'`.
pub(crate) fn column_words(column: &Column) -> String {
    let mut words = column.ty.to_string();
    words.push_str(if column.nullable { " null" } else { " not null" });
    if let Some(default) = &column.default {
        words.push_str(&format!(" default {default}"));
    }
    if let Some(generated) = &column.generated {
        words.push_str(&format!(" generated as ({})", generated.expression));
    }
    if column.auto_increment.is_some() {
        words.push_str(" auto increment");
    }
    words
}

pub(crate) fn key_words(key: Option<&PrimaryKey>) -> String {
    key.map_or_else(|| "none".into(), |key| format!("({})", key.columns.join(", ")))
}

fn index_words(index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    format!("{unique}index {} {}", index.name, index_parts_words(index))
}

/// `(a, lower(b) desc) where c > 0`.
pub(crate) fn index_parts_words(index: &Index) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let key = match &part.key {
                IndexKey::Column(name) => name.clone(),
                IndexKey::Expression(sql) => format!("({sql})"),
            };
            match part.order {
                SortOrder::Ascending => key,
                SortOrder::Descending => format!("{key} desc"),
            }
        })
        .collect();
    let predicate = index.predicate.as_ref().map(|sql| format!(" where {sql}")).unwrap_or_default();
    format!("({}){predicate}", parts.join(", "))
}

fn unique_words(unique: &Unique) -> String {
    format!("unique{} ({})", named(&unique.name), unique.columns.join(", "))
}

/// `(a) → users (id) on delete cascade`.
pub(crate) fn foreign_key_words(key: &ForeignKey) -> String {
    let mut words =
        format!("({}) → {} ({})", key.columns.join(", "), key.references, key.referenced_columns.join(", "));
    for (event, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if let Some(action) = action {
            words.push_str(&format!(" on {event} {}", action.as_sql().to_lowercase()));
        }
    }
    words
}

fn check_words(check: &Check) -> String {
    format!("check{} ({})", named(&check.name), check.expression)
}

fn named(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!(" {name}")).unwrap_or_default()
}

/// The parts of a column that differ, as the JSON report names them.
pub(crate) fn changed_fields(from: &Column, to: &Column) -> Vec<&'static str> {
    let identity = |column: &Column| matches!(column.auto_increment, Some(AutoIncrement::Identity(_)));
    let (numbered, is_identity) = (from.auto_increment != to.auto_increment, identity(from) || identity(to));
    let differs = [
        ("type", from.ty != to.ty),
        ("nullable", from.nullable != to.nullable),
        ("default", from.default != to.default || from.on_update != to.on_update),
        ("generated", from.generated != to.generated),
        ("identity", numbered && is_identity),
        ("auto_increment", numbered && !is_identity),
        ("collation", from.collation != to.collation || from.charset != to.charset),
        ("comment", from.comment != to.comment),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}
