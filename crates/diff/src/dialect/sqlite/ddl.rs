//! SQLite's own clauses. See https://www.sqlite.org/lang_createtable.html

use autogen_schema::{
    AutoIncrement, Column, GeneratedKind, Index, IndexKey, SortOrder, Table, TableKind, TableName, TableOptions,
};

use super::super::Dialect;
use super::Sqlite;

pub(super) fn column(dialect: &Sqlite, column: &Column, key: Option<&str>) -> String {
    let mut sql = format!("{} {}", dialect.quote(&column.name), dialect.type_sql(&column.ty)).trim_end().to_owned();
    if let Some(key) = key {
        sql.push_str(&format!(" {key}"));
        if column.auto_increment == Some(AutoIncrement::Keyword) {
            sql.push_str(" AUTOINCREMENT");
        }
    }
    // `NOT NULL ON CONFLICT …` is kept word for word.
    let says_not_null = column.extra.iter().any(|clause| clause.to_ascii_uppercase().starts_with("NOT NULL"));
    if !column.nullable && !says_not_null {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {}", dialect.default_sql(default)));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", dialect.quote(collation)));
    }
    if let Some(generated) = &column.generated {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    for clause in &column.extra {
        sql.push_str(&format!(" {clause}"));
    }
    sql
}

/// A virtual table is made by its module; the tables behind it come with it.
pub(super) fn virtual_table(dialect: &Sqlite, table: &Table, name: &TableName) -> Option<String> {
    let is_virtual = table.kind == TableKind::Virtual;
    is_virtual.then(|| format!("CREATE VIRTUAL TABLE {} {}", dialect.table_sql(name), table.options.extra.join(" ")))
}

pub(super) fn options(options: &TableOptions) -> String {
    let mut words = Vec::new();
    if options.strict {
        words.push("STRICT");
    }
    if options.without_rowid {
        words.push("WITHOUT ROWID");
    }
    if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
}

pub(super) fn index(dialect: &Sqlite, table: &TableName, index: &Index) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let mut sql = match &part.key {
                IndexKey::Column(name) => dialect.quote(name),
                // A collation would belong to the last operand alone.
                IndexKey::Expression(sql) if part.collation.is_some() => format!("({sql})"),
                // No parentheses: around a bare column they would make it an expression to SQLite's planner.
                IndexKey::Expression(sql) => sql.clone(),
            };
            if let Some(collation) = &part.collation {
                sql.push_str(&format!(" COLLATE {}", dialect.quote(collation)));
            }
            match part.order {
                SortOrder::Ascending => {}
                SortOrder::Descending => sql.push_str(" DESC"),
            }
            sql
        })
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let predicate = index.predicate.as_ref().map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {} ON {} ({}){predicate}",
        dialect.quote(&index.name),
        dialect.table_sql(table),
        parts.join(", ")
    )
}
