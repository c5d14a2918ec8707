//! `CREATE TABLE` and its clauses, as far as all databases write them alike.

use std::collections::BTreeMap;

use autogen_schema::{Check, Column, Deferrable, ForeignKey, MatchType, PrimaryKey, Table, TableName, Unique};

use super::Dialect;

/// The `CREATE TABLE` statement of `table` under the name `name`, without its indexes.
pub(super) fn create_table(dialect: &dyn Dialect, table: &Table, name: &TableName) -> String {
    let key_at_column = dialect.key_at_column(table);
    let columns = table.columns.values().map(|column| column_line(dialect, table, column, key_at_column));
    let lines: Vec<String> = columns.chain(constraint_lines(dialect, table)).collect();
    let options = dialect.options_sql(&table.options, table.comment.as_deref());
    let unlogged = if table.options.unlogged { "UNLOGGED " } else { "" };
    format!("CREATE {unlogged}TABLE {} (\n  {}\n){options}", dialect.table_sql(name), lines.join(",\n  "))
}

/// The constraints of a table, as they stand in `CREATE TABLE` below its columns.
pub(super) fn constraint_lines(dialect: &dyn Dialect, table: &Table) -> Vec<String> {
    let key = table.primary_key.iter().filter(|_| !dialect.key_at_column(table));
    let mut lines: Vec<String> = key.map(|key| primary_key_clause(dialect, key)).collect();
    lines.extend(table.uniques.iter().map(|unique| unique_clause(dialect, unique)));
    lines.extend(
        table.checks.iter().filter(|check| !is_at_column(table, check)).map(|check| check_clause(dialect, check)),
    );
    lines.extend(table.foreign_keys.iter().map(|key| foreign_key_clause(dialect, key)));
    lines.extend(dialect.further_lines(table));
    lines
}

/// A column with what says itself there: the key where it must, and the checks that bear the column's name.
fn column_line(dialect: &dyn Dialect, table: &Table, column: &Column, key_at_column: bool) -> String {
    let key = table.primary_key.as_ref().filter(|key| key_at_column && key.columns.contains(&column.name));
    let key = key.map(|key| {
        let extra: String = key.extra.iter().map(|clause| format!(" {clause}")).collect();
        format!("{}PRIMARY KEY{extra}", constraint(dialect, key.name.as_deref()))
    });
    let mut line = dialect.column_sql(column, key.as_deref());
    for check in table.checks.iter().filter(|check| check.column.as_ref() == Some(&column.name)) {
        line.push_str(&format!(" {}", check_clause(dialect, check)));
    }
    line
}

fn is_at_column(table: &Table, check: &Check) -> bool {
    check.column.as_ref().is_some_and(|column| table.columns.contains_key(column))
}

/// A primary key as a clause of a table.
pub(crate) fn primary_key_clause(dialect: &dyn Dialect, key: &PrimaryKey) -> String {
    let columns = key_columns(dialect, &key.columns, &key.column_options);
    let extra: String = key.extra.iter().map(|clause| format!(" {clause}")).collect();
    format!("{}PRIMARY KEY ({columns}){extra}", constraint(dialect, key.name.as_deref()))
}

/// The columns of a key, each with what stands behind its name.
fn key_columns(dialect: &dyn Dialect, names: &[String], options: &BTreeMap<String, String>) -> String {
    let column = |name: &String| match options.get(name) {
        Some(words) if words.starts_with('(') => format!("{}{words}", dialect.quote(name)),
        Some(words) => format!("{} {words}", dialect.quote(name)),
        None => dialect.quote(name),
    };
    names.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Quoted names, separated by commas.
pub(crate) fn column_list(dialect: &dyn Dialect, names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| dialect.quote(name)).collect();
    names.join(", ")
}

fn constraint(dialect: &dyn Dialect, name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", dialect.quote(name))).unwrap_or_default()
}

/// A unique constraint as a clause of a table.
pub(crate) fn unique_clause(dialect: &dyn Dialect, unique: &Unique) -> String {
    let mut clause = constraint(dialect, unique.name.as_deref());
    clause.push_str("UNIQUE ");
    if unique.nulls_not_distinct {
        clause.push_str("NULLS NOT DISTINCT ");
    }
    clause.push_str(&format!("({})", key_columns(dialect, &unique.columns, &unique.column_options)));
    if !unique.include.is_empty() {
        clause.push_str(&format!(" INCLUDE ({})", column_list(dialect, &unique.include)));
    }
    for extra in &unique.extra {
        clause.push_str(&format!(" {extra}"));
    }
    clause.push_str(deferrable(unique.deferrable));
    clause
}

/// A check as a clause of a table.
pub(crate) fn check_clause(dialect: &dyn Dialect, check: &Check) -> String {
    let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
    let not_enforced = if check.not_valid { dialect.not_enforced_words() } else { "" };
    format!("{}CHECK ({}){no_inherit}{not_enforced}", constraint(dialect, check.name.as_deref()), check.expression)
}

/// A foreign key as a clause of a table.
pub(crate) fn foreign_key_clause(dialect: &dyn Dialect, key: &ForeignKey) -> String {
    let mut clause = format!(
        "{}FOREIGN KEY ({}) REFERENCES {}",
        constraint(dialect, key.name.as_deref()),
        column_list(dialect, &key.columns),
        dialect.table_sql(&key.references),
    );
    // SQLite takes a key whose target does not exist, and so tells no columns of it.
    if !key.referenced_columns.is_empty() {
        clause.push_str(&format!(" ({})", column_list(dialect, &key.referenced_columns)));
    }
    match key.match_type {
        Some(MatchType::Full) => clause.push_str(" MATCH FULL"),
        Some(MatchType::Partial) => clause.push_str(" MATCH PARTIAL"),
        None => {}
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(action) = action.filter(|action| Some(*action) != dialect.unsaid_action()) {
            clause.push_str(&format!(" ON {event} {}", action.as_sql()));
            if event == "DELETE" && !key.on_delete_columns.is_empty() {
                clause.push_str(&format!(" ({})", column_list(dialect, &key.on_delete_columns)));
            }
        }
    }
    clause.push_str(deferrable(key.deferrable));
    clause
}

/// When a constraint is checked, as a clause.
pub(crate) fn deferrable(deferrable: Option<Deferrable>) -> &'static str {
    match deferrable {
        None => "",
        Some(Deferrable::InitiallyImmediate) => " DEFERRABLE",
        Some(Deferrable::InitiallyDeferred) => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// The expression after `DEFAULT`: every database takes any expression in parentheses, and keywords as they are.
pub(super) fn default_expression(sql: &str) -> String {
    let keyword = matches!(
        sql.to_ascii_uppercase().as_str(),
        "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME" | "NULL" | "TRUE" | "FALSE"
    );
    if keyword { sql.to_owned() } else { format!("({sql})") }
}
