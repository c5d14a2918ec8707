//! Columns.

use std::collections::BTreeSet;

use autogen_schema::{AutoIncrement, Column, Generated, GeneratedKind, Notice, NoticeKind, Table, Type};

use super::expression::{mysql_expression, quoted, without_parentheses};
use super::rows::ColumnRow;
use super::tables::modern;
use super::{Flavour, defaults, types};
use crate::reading::not_understood;

/// Adds the column that a row describes. `json_columns` are those whose check says that they hold JSON.
pub(super) fn add(
    table: &mut Table,
    row: ColumnRow,
    json_columns: &BTreeSet<String>,
    flavour: Flavour,
    notices: &mut Vec<Notice>,
) {
    let extra = Extra::parse(row.extra.as_deref().unwrap_or_default());
    let mut column = Column::new(&row.name, types::parse(&row.column_type));
    // MariaDB's JSON is a long text with a check, and keeps no other mark of what it was declared as.
    if json_columns.contains(&row.name) {
        column.ty = Type::Json;
    }
    column.nullable = row.nullable == "YES";
    column.invisible = extra.invisible;
    column.auto_increment = extra.auto_increment.then_some(AutoIncrement::Keyword);
    column.comment = row.comment.clone().filter(|comment| !comment.is_empty());
    column.on_update = extra.on_update.clone();
    column.extra = clauses(&row, &extra);
    column.generated = generated(&row, &extra, flavour);
    set_collation(&mut column, &row, table);
    if column.generated.is_none()
        && let Some(text) = &row.default_value
    {
        column.default = defaults::parse(flavour, text, extra.default_generated, &column.ty, &row.column_type);
        if text.contains('?') && flavour == Flavour::Mariadb {
            notices.push(lossy_default(table, &row.name));
        }
    }
    for word in extra.unknown {
        let message = format!("column {}: `{word}` is not understood", row.name);
        not_understood(table, notices, message);
    }
    table.columns.insert(row.name, column);
}

/// MariaDB has lost four-byte characters of a literal, which is kept in `utf8mb3`.
fn lossy_default(table: &Table, column: &str) -> Notice {
    let message = format!(
        "{}.{column}: the server shows a `?` in the default where it may hold another character, such as an emoji",
        table.name
    );
    Notice::new(NoticeKind::NotComparable, message).on(&table.name).named(column)
}

/// A character set or collation is said only where it is not the table's.
fn set_collation(column: &mut Column, row: &ColumnRow, table: &Table) {
    let charset = row.charset.as_deref().map(modern);
    let collation = row.collation.as_deref().map(modern);
    if column.ty == Type::Json {
        // MariaDB gives JSON this collation unasked; MySQL gives it none.
        column.collation = collation.filter(|name| name != "utf8mb4_bin");
        return;
    }
    column.charset = charset.filter(|name| Some(name) != table.options.charset.as_ref());
    column.collation = collation.filter(|name| Some(name) != table.options.collation.as_ref());
}

fn generated(row: &ColumnRow, extra: &Extra, flavour: Flavour) -> Option<Generated> {
    let kind = extra.generated?;
    let text = row.generation.as_deref().filter(|_| !extra.is_row_period(row))?;
    let text = match flavour {
        Flavour::Mysql => mysql_expression(text),
        Flavour::Mariadb => text.to_owned(),
    };
    Some(Generated { expression: without_parentheses(&text).to_owned(), kind })
}

/// Says at a system-versioned table (MariaDB) which of its columns hold the times, where it has such columns.
pub(super) fn add_row_period(table: &mut Table) {
    let ends_with = |words: &str| {
        let column = table.columns.values().find(|column| column.extra.iter().any(|clause| clause.ends_with(words)))?;
        Some(quoted(&column.name))
    };
    if let (Some(start), Some(end)) = (ends_with("AS ROW START"), ends_with("AS ROW END")) {
        table.options.extra.insert(0, format!("PERIOD FOR SYSTEM_TIME ({start}, {end})"));
    }
}

/// What has no field: the end columns of a versioned row, the reference system of a geometry.
fn clauses(row: &ColumnRow, extra: &Extra) -> Vec<String> {
    let mut clauses = Vec::new();
    if extra.is_row_period(row) {
        clauses.push(format!("GENERATED ALWAYS AS {}", row.generation.as_deref().unwrap_or_default()));
    }
    if extra.without_versioning {
        clauses.push("WITHOUT SYSTEM VERSIONING".to_owned());
    }
    if let Some(id) = row.reference_system {
        clauses.push(format!("SRID {id}"));
    }
    clauses
}

/// The words of `EXTRA`: MySQL puts spaces between them, MariaDB a comma too.
#[derive(Debug, Default, PartialEq, Eq)]
struct Extra {
    auto_increment: bool,
    default_generated: bool,
    invisible: bool,
    without_versioning: bool,
    on_update: Option<String>,
    generated: Option<GeneratedKind>,
    unknown: Vec<String>,
}

impl Extra {
    fn parse(text: &str) -> Self {
        let mut extra = Self::default();
        let mut words = text.split([' ', ',']).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            let next = words.peek().copied().unwrap_or_default();
            match (word.to_ascii_lowercase().as_str(), next.to_ascii_lowercase().as_str()) {
                ("auto_increment", _) => extra.auto_increment = true,
                ("default_generated", _) => extra.default_generated = true,
                ("invisible", _) => extra.invisible = true,
                ("stored" | "persistent", "generated") => {
                    extra.generated = Some(GeneratedKind::Stored);
                    words.next();
                }
                ("virtual", "generated") => {
                    extra.generated = Some(GeneratedKind::Virtual);
                    words.next();
                }
                ("on", "update") => {
                    words.next();
                    let clock = words.next().unwrap_or_default();
                    match defaults::current_timestamp(clock) {
                        Some(clock) => extra.on_update = Some(clock),
                        None => extra.unknown.push(format!("on update {clock}")),
                    }
                }
                ("without", "system") => {
                    words.next();
                    words.next();
                    extra.without_versioning = true;
                }
                _ => extra.unknown.push(word.to_owned()),
            }
        }
        extra
    }

    /// Whether the column holds when a row of a system-versioned table (MariaDB) began or ended.
    fn is_row_period(&self, row: &ColumnRow) -> bool {
        self.generated.is_some() && matches!(row.generation.as_deref(), Some("ROW START" | "ROW END"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_servers_words_are_understood() {
        let both = Extra {
            default_generated: true,
            on_update: Some("CURRENT_TIMESTAMP(6)".into()),
            invisible: true,
            ..Extra::default()
        };
        assert_eq!(Extra::parse("DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6) INVISIBLE"), both);
        let mariadb = Extra { default_generated: false, ..both };
        assert_eq!(Extra::parse("on update current_timestamp(6), INVISIBLE"), mariadb);
        let stored = Extra { generated: Some(GeneratedKind::Stored), invisible: true, ..Extra::default() };
        assert_eq!(Extra::parse("STORED GENERATED, INVISIBLE"), stored);
        assert_eq!(Extra::parse(""), Extra::default());
    }

    #[test]
    fn an_unknown_word_is_kept_for_a_notice() {
        assert_eq!(Extra::parse("NOT SECONDARY").unknown, ["NOT", "SECONDARY"]);
    }
}
