//! The report for machines. Its names are fixed; see `docs/report.md`.

use autogen_schema::{Column, ForeignKey, Index, IndexKey, Notice, Place, TableName};
use serde_json::{Map, Value, json};

use super::Report;
use crate::describe::{changed_fields, column_words};
use crate::{Change, Finding, Labelled, Plan};

/// The version of the report's form.
const VERSION: u32 = 1;

/// The report as one JSON document, indented, with a newline at the end.
pub fn json(report: &Report<'_>) -> String {
    let Report { plan, notices, pending, proof } = report;
    let report = json!({
        "version": VERSION,
        "backend": plan.backend,
        "in_sync": plan.is_empty(),
        "pending": pending,
        "changes": plan.findings.iter().map(|finding| change(plan, finding)).collect::<Vec<_>>(),
        "notices": notices.iter().map(|item| notice(plan, item)).collect::<Vec<_>>(),
        "proof": proof,
    });
    format!("{report:#}\n")
}

fn change(plan: &Plan, finding: &Finding) -> Value {
    let change = &finding.change;
    let mut value = Map::new();
    value.insert("kind".into(), json!(change.kind()));
    value.insert("schema".into(), json!(schema_of(plan, change)));
    value.insert("table".into(), json!(change.table().map(|table| &table.name)));
    value.insert("name".into(), json!(change.name()));
    add_details(&mut value, change);
    value.insert("summary".into(), json!(summary(change)));
    value.insert("hazards".into(), json!(finding.hazards));
    value.insert("source".into(), json!(change.place().map(source)));
    Value::Object(value)
}

/// A name without a schema is in the default one, where the database has schemas.
fn schema_of(plan: &Plan, change: &Change) -> Option<String> {
    let said = change.table().and_then(|table| table.schema.clone()).or_else(|| enum_schema(change));
    said.or_else(|| plan.default_schema.clone())
}

fn enum_schema(change: &Change) -> Option<String> {
    match change {
        Change::CreateEnum(ty) | Change::DropEnum(ty) | Change::AlterEnum { to: ty, .. } => ty.name.schema.clone(),
        Change::RenameEnumValue { of: Labelled::Type(ty), .. } => ty.schema.clone(),
        _ => None,
    }
}

fn summary(change: &Change) -> String {
    match (change.table(), change) {
        (Some(table), Change::AlterColumn { from, to, .. }) => {
            format!("{}.{}: {} → {}", table.name, to.name, column_words(from), column_words(to))
        }
        (Some(table), _) => format!("{}: {}", table.name, change.describe()),
        (None, _) => change.describe(),
    }
}

fn source(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}

fn notice(plan: &Plan, notice: &Notice) -> Value {
    json!({
        "kind": notice.kind,
        "schema": notice.table.as_ref().and_then(|table| table.schema.clone().or_else(|| plan.default_schema.clone())),
        "table": notice.table.as_ref().map(|table| &table.name),
        "name": notice.name,
        "message": notice.message,
        "source": notice.source.as_ref().map(source),
    })
}

fn add_details(value: &mut Map<String, Value>, change: &Change) {
    let mut put = |key: &str, detail: Value| {
        value.insert(key.into(), detail);
    };
    match change {
        Change::AlterColumn { from, to, .. } => {
            put("fields", json!(changed_fields(from, to)));
            put("from", column(from));
            put("to", column(to));
        }
        Change::AddColumn { column: added, .. } => put("to", column(added)),
        Change::DropColumn { column: dropped, .. } => put("from", column(dropped)),
        Change::RenameColumn { from, to, .. } => {
            put("from", json!(from));
            put("to", json!(to));
        }
        Change::RenameTable { from, to } => {
            put("from", table_name(from));
            put("to", table_name(to));
        }
        Change::RenameIndex { from, to, .. } => {
            put("from", json!(from.name));
            put("to", json!(to.name));
            add_index(value, to);
        }
        Change::SetPrimaryKey { from, to, .. } => {
            put("from", json!(from.as_ref().map(|key| &key.columns)));
            put("to", json!(to.as_ref().map(|key| &key.columns)));
            put("columns", json!(to.as_ref().or(from.as_ref()).map(|key| &key.columns)));
        }
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. } => add_index(value, index),
        Change::AddUnique { unique, .. } | Change::DropUnique { unique, .. } => {
            put("columns", json!(unique.columns));
            put("unique", json!(true));
        }
        Change::AddForeignKey { key, .. } | Change::DropForeignKey { key, .. } => add_key(value, key),
        Change::AddCheck { check, .. } | Change::DropCheck { check, .. } => {
            put("columns", json!(check.column.iter().collect::<Vec<_>>()));
            put("expression", json!(check.expression));
        }
        Change::AlterEnum { from, to } => {
            put("from", json!(from.labels));
            put("to", json!(to.labels));
        }
        Change::RenameEnumValue { from, to, .. } => {
            put("from", json!(from));
            put("to", json!(to));
        }
        Change::CreateEnum(ty) => put("to", json!(ty.labels)),
        Change::DropEnum(ty) => put("from", json!(ty.labels)),
        Change::SetTableOptions { from, to, .. } => {
            put("from", json!({ "options": from.options, "comment": from.comment }));
            put("to", json!({ "options": to.options, "comment": to.comment }));
        }
        Change::CreateTable(_) | Change::DropTable(_) => {}
    }
}

fn table_name(name: &TableName) -> Value {
    json!({ "schema": name.schema, "table": name.name })
}

fn add_index(value: &mut Map<String, Value>, index: &Index) {
    let columns: Vec<&str> = index
        .parts
        .iter()
        .map(|part| match &part.key {
            IndexKey::Column(name) | IndexKey::Expression(name) => name.as_str(),
        })
        .collect();
    value.insert("columns".into(), json!(columns));
    value.insert("unique".into(), json!(index.unique));
    if let Some(predicate) = &index.predicate {
        value.insert("expression".into(), json!(predicate));
    }
}

fn add_key(value: &mut Map<String, Value>, key: &ForeignKey) {
    value.insert("columns".into(), json!(key.columns));
    let references = json!({
        "schema": key.references.schema,
        "table": key.references.name,
        "columns": key.referenced_columns,
        "on_delete": key.on_delete,
        "on_update": key.on_update,
    });
    value.insert("references".into(), references);
}

fn column(column: &Column) -> Value {
    json!({
        "type": column.ty.to_string(),
        "nullable": column.nullable,
        "default": column.default.as_ref().map(ToString::to_string),
        "generated": column.generated.as_ref().map(|generated| &generated.expression),
        "auto_increment": column.auto_increment.is_some(),
        "collation": column.collation,
        "comment": column.comment,
    })
}
