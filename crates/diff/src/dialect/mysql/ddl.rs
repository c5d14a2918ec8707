//! Clauses of MySQL and MariaDB.

use autogen_schema::{
    AutoIncrement, Backend, Column, DefaultValue, GeneratedKind, Index, IndexKey, SortOrder, Table, TableName,
    TableOptions, Type,
};

use super::super::Dialect;
use super::Mysql;

pub(super) fn column(dialect: &Mysql, column: &Column) -> String {
    let mut sql = format!("{} {}", dialect.quote(&column.name), dialect.type_sql(&column.ty));
    let (computed, extra): (Vec<&String>, Vec<&String>) = column.extra.iter().partition(|words| is_computed(words));
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
    for words in &computed {
        sql.push_str(&format!(" {words}"));
    }
    // MariaDB takes neither word on a generated column.
    if (column.generated.is_none() && computed.is_empty()) || (dialect.backend == Backend::Mysql && !column.nullable) {
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
    for clause in extra {
        sql.push_str(&format!(" {clause}"));
    }
    if let Some(comment) = &column.comment {
        sql.push_str(&format!(" COMMENT {}", dialect.literal(comment)));
    }
    sql
}

/// Whether the clause says when a row of a system-versioned table began or ended (MariaDB).
fn is_computed(clause: &str) -> bool {
    clause.starts_with("GENERATED ALWAYS AS ROW ")
}

/// Whether the option stands among the columns (MariaDB).
fn is_period(option: &str) -> bool {
    option.starts_with("PERIOD FOR ")
}

/// Indexes, and the period of a system-versioned table.
pub(super) fn further_lines(dialect: &Mysql, table: &Table) -> Vec<String> {
    let key = |index: &Index| format!("{}KEY {}", kind(index), index_body(dialect, index, None));
    let periods = table.options.extra.iter().filter(|option| is_period(option)).cloned();
    table.indexes.iter().map(key).chain(periods).collect()
}

fn default(dialect: &Mysql, ty: &Type, default: &DefaultValue) -> String {
    match default {
        DefaultValue::Text(_) if !dialect.takes_literal_default(ty) => format!("({})", dialect.default_sql(default)),
        // Bits and bytes are literals, too.
        DefaultValue::Expression(sql) if is_digits_literal(sql) => sql.clone(),
        // `CURRENT_TIMESTAMP(6)` is a keyword with a precision, not a function to be put in parentheses.
        DefaultValue::Expression(sql) if sql.to_ascii_uppercase().starts_with("CURRENT_TIMESTAMP") => sql.clone(),
        other => dialect.default_sql(other),
    }
}

/// Whether this is `b'101'` or `0xFF01`.
fn is_digits_literal(sql: &str) -> bool {
    let bits = sql.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''));
    let bytes = sql.strip_prefix("0x");
    bits.is_some_and(|bits| bits.bytes().all(|bit| matches!(bit, b'0' | b'1')))
        || bytes.is_some_and(|bytes| !bytes.is_empty() && bytes.bytes().all(|digit| digit.is_ascii_hexdigit()))
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
    for extra in options.extra.iter().filter(|option| !is_period(option)) {
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
    format!("CREATE {}INDEX {}", kind(index), index_body(dialect, index, Some(table)))
}

/// An index as a clause of `ALTER TABLE`.
pub(super) fn added_index(dialect: &Mysql, index: &Index) -> String {
    format!("ADD {}INDEX {}", kind(index), index_body(dialect, index, None))
}

/// The word before `INDEX` or `KEY`.
fn kind(index: &Index) -> &'static str {
    match index.method.as_deref() {
        Some("fulltext") => "FULLTEXT ",
        Some("spatial") => "SPATIAL ",
        _ if index.unique => "UNIQUE ",
        _ => "",
    }
}

/// Name, columns and options; `table` where the index is made by a statement of its own.
fn index_body(dialect: &Mysql, index: &Index, table: Option<&TableName>) -> String {
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
    let on = table.map(|table| format!(" ON {}", dialect.table_sql(table))).unwrap_or_default();
    let mut sql = format!("{}{on} ({})", dialect.quote(&index.name), parts.join(", "));
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
