//! Clauses of MySQL and MariaDB.

use autogen_schema::{
    AutoIncrement, Backend, Column, DefaultValue, GeneratedKind, Index, IndexKey, SortOrder, TableName, TableOptions,
    Type,
};

use super::super::Dialect;
use super::Mysql;

pub(super) fn column(dialect: &Mysql, column: &Column) -> String {
    let mut sql = format!("{} {}", dialect.quote(&column.name), dialect.type_sql(&column.ty));
    if let Some(charset) = &column.charset {
        sql.push_str(&format!(" CHARACTER SET {charset}"));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(generated) = &column.generated {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    // MariaDB takes neither word on a generated column.
    if column.generated.is_none() || (dialect.backend == Backend::Mysql && !column.nullable) {
        sql.push_str(if column.nullable { " NULL" } else { " NOT NULL" });
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {}", self::default(dialect, &column.ty, default)));
    }
    if let Some(expression) = &column.on_update {
        sql.push_str(&format!(" ON UPDATE {expression}"));
    }
    if column.auto_increment == Some(AutoIncrement::Keyword) {
        sql.push_str(" AUTO_INCREMENT");
    }
    if column.invisible {
        sql.push_str(" INVISIBLE");
    }
    for clause in &column.extra {
        sql.push_str(&format!(" {clause}"));
    }
    if let Some(comment) = &column.comment {
        sql.push_str(&format!(" COMMENT {}", dialect.literal(comment)));
    }
    sql
}

fn default(dialect: &Mysql, ty: &Type, default: &DefaultValue) -> String {
    match default {
        DefaultValue::Text(_) if !dialect.takes_literal_default(ty) => format!("({})", dialect.default_sql(default)),
        // `CURRENT_TIMESTAMP(6)` is a keyword with a precision, not a function to be put in parentheses.
        DefaultValue::Expression(sql) if sql.to_ascii_uppercase().starts_with("CURRENT_TIMESTAMP") => sql.clone(),
        other => dialect.default_sql(other),
    }
}

pub(super) fn options(dialect: &Mysql, options: &TableOptions, comment: Option<&str>) -> String {
    let mut sql = String::new();
    for (word, value) in
        [("ENGINE", &options.engine), ("DEFAULT CHARACTER SET", &options.charset), ("COLLATE", &options.collation)]
    {
        if let Some(value) = value {
            sql.push_str(&format!(" {word}={value}"));
        }
    }
    for extra in &options.extra {
        sql.push_str(&format!(" {extra}"));
    }
    if let Some(comment) = comment {
        sql.push_str(&format!(" COMMENT={}", dialect.literal(comment)));
    }
    if let Some(partition) = &options.partition {
        sql.push_str(&format!(" PARTITION BY {partition}"));
    }
    sql
}

pub(super) fn index(dialect: &Mysql, table: &TableName, index: &Index) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let mut sql = match &part.key {
                IndexKey::Column(name) => dialect.quote(name),
                IndexKey::Expression(sql) => format!("({sql})"),
            };
            if let Some(prefix) = part.prefix {
                sql.push_str(&format!("({prefix})"));
            }
            match part.order {
                SortOrder::Ascending => {}
                SortOrder::Descending => sql.push_str(" DESC"),
            }
            sql
        })
        .collect();
    let kind = match index.method.as_deref() {
        Some("fulltext") => "FULLTEXT ",
        Some("spatial") => "SPATIAL ",
        _ if index.unique => "UNIQUE ",
        _ => "",
    };
    let mut sql = format!(
        "CREATE {kind}INDEX {} ON {} ({})",
        dialect.quote(&index.name),
        dialect.table_sql(table),
        parts.join(", ")
    );
    if let Some(method) = index.method.as_deref().filter(|method| !matches!(*method, "fulltext" | "spatial")) {
        sql.push_str(&format!(" USING {method}"));
    }
    for option in &index.options {
        sql.push_str(&format!(" {option}"));
    }
    if let Some(comment) = &index.comment {
        sql.push_str(&format!(" COMMENT {}", dialect.literal(comment)));
    }
    if index.invisible {
        sql.push_str(if dialect.backend == Backend::Mariadb { " IGNORED" } else { " INVISIBLE" });
    }
    sql
}
