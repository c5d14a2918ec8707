//! Changes as a case writes them: `add_column t.a`, `alter_column t.a type default`, `rename_column t.a b`.

use autogen_diff::Change;
use autogen_schema::{Column, TableName};

/// The change, with what of it changes.
pub(crate) fn words(change: &Change, default_schema: Option<&str>) -> String {
    let table = change.table().map(|name| short(name, default_schema));
    let part = change.name().map(str::to_owned).or_else(|| unnamed(change));
    let place: Vec<String> = match change {
        Change::RenameTable { from, .. } => vec![short(from, default_schema)],
        Change::RenameColumn { from, .. } => table.clone().into_iter().chain([from.clone()]).collect(),
        Change::RenameIndex { from, .. } => table.clone().into_iter().chain([from.name.clone()]).collect(),
        Change::SetPrimaryKey { .. } => table.clone().into_iter().collect(),
        _ => table.clone().into_iter().chain(part).collect(),
    };
    let rest = match change {
        Change::RenameTable { to, .. } => vec![short(to, default_schema)],
        Change::RenameColumn { to, .. } => vec![to.clone()],
        Change::RenameIndex { to, .. } => vec![to.name.clone()],
        Change::RenameEnumValue { from, to, .. } => vec![from.clone(), to.clone()],
        Change::AlterColumn { from, to, .. } => aspects(from, to),
        Change::SetTableOptions { from, to, .. } => {
            let aspects = [("options", from.options != to.options), ("comment", from.comment != to.comment)];
            aspects.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect.to_owned()).collect()
        }
        _ => Vec::new(),
    };
    [vec![format!("{} {}", change.kind(), place.join("."))], rest].concat().join(" ")
}

/// What has no name is called after its columns.
fn unnamed(change: &Change) -> Option<String> {
    let columns = |columns: &[String]| Some(format!("({})", columns.join(",")));
    match change {
        Change::AddUnique { unique, .. } | Change::DropUnique { unique, .. } => columns(&unique.columns),
        Change::AddForeignKey { key, .. } | Change::DropForeignKey { key, .. } => columns(&key.columns),
        Change::AddCheck { .. } | Change::DropCheck { .. } => Some("check".to_owned()),
        _ => None,
    }
}

fn short(name: &TableName, default_schema: Option<&str>) -> String {
    match &name.schema {
        Some(schema) if Some(schema.as_str()) != default_schema => name.to_string(),
        Some(_) | None => name.name.clone(),
    }
}

fn aspects(from: &Column, to: &Column) -> Vec<String> {
    let aspects = [
        ("type", from.ty != to.ty),
        ("null", from.nullable != to.nullable),
        ("default", from.default != to.default),
        ("generated", from.generated != to.generated),
        ("numbering", from.auto_increment != to.auto_increment),
        ("comment", from.comment != to.comment),
        ("collation", from.collation != to.collation),
        ("charset", from.charset != to.charset),
        ("on_update", from.on_update != to.on_update),
        ("extra", from.extra != to.extra),
    ];
    aspects.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect.to_owned()).collect()
}
