//! The rows of the catalog put together to tables.

use std::collections::BTreeMap;

use autogen_schema::{Notice, Schema, Table, TableKind, TableName, TableOptions};

use crate::reading::{self, not_understood};
use crate::scope::TableFilter;

use super::catalog::Catalog;
use super::expression::without_database;
use super::rows::TableRow;
use super::{Flavour, columns, constraints, indexes, objects, partition};

/// The schema that the catalog describes, as far as the filter admits it.
pub(super) fn assemble(
    mut catalog: Catalog,
    filter: &TableFilter,
    flavour: Flavour,
    notices: &mut Vec<Notice>,
) -> Schema {
    let mut schema = Schema::default();
    let names = Names::of(&catalog);
    let rows = std::mem::take(&mut catalog.tables);
    for row in rows.iter().filter(|row| row.is_base_table() && filter.admits(&row.name)) {
        schema.insert(table(row, &mut catalog, &names, flavour, notices));
    }
    schema.objects = objects::read(&catalog, &rows, filter, notices);
    reading::mark_odd(&catalog.odd, |name| filter.admits(name).then(|| TableName::bare(name)), &mut schema, notices);
    catalog.rights.mark(&catalog.database, &mut schema, notices);
    schema
}

fn table(row: &TableRow, catalog: &mut Catalog, names: &Names, flavour: Flavour, notices: &mut Vec<Notice>) -> Table {
    let mut table = Table::new(TableName::bare(&row.name));
    table.options = options(row);
    table.comment = row.comment.clone().filter(|comment| !comment.is_empty());

    if row.engine.is_none() {
        // The server has no more to say of a table that it cannot open than why.
        let reason = table.comment.take().unwrap_or_default();
        table.incomplete = true;
        not_understood(&mut table, notices, format!("the server cannot open it: {reason}"));
    }
    let mut columns = catalog.columns.remove(&row.name).unwrap_or_default();
    for text in columns.iter_mut().filter_map(|row| row.default_value.as_mut()).filter(|_| flavour == Flavour::Mariadb)
    {
        // `nextval(`app`.`numbers`)`.
        *text = without_database(text, &names.database);
    }
    let long_texts = columns.iter().filter(|row| row.column_type == "longtext").map(|row| row.name.clone()).collect();
    let checks = catalog.checks.remove(&row.name).unwrap_or_default();
    let (checks, json_columns) = constraints::checks(checks, &long_texts, flavour);
    table.checks = checks;
    for column in columns {
        columns::add(&mut table, column, &json_columns, flavour, notices);
    }
    columns::add_row_period(&mut table);
    for index in indexes::group(catalog.indexes.remove(&row.name).unwrap_or_default()) {
        indexes::add(&mut table, &index, flavour);
    }
    let keys = catalog.foreign_keys.remove(&row.name).unwrap_or_default();
    table.foreign_keys = constraints::foreign_keys(&table, keys, names);
    indexes::mark_implicit(&mut table);
    if let Some(partitions) = catalog.partitions.remove(&row.name) {
        table.kind = TableKind::Partitioned;
        match partition::describe(&partitions) {
            Ok(text) => table.options.partition = Some(text),
            Err(message) => not_understood(&mut table, notices, message),
        }
    }
    table
}

fn options(row: &TableRow) -> TableOptions {
    let collation = row.collation.as_deref().map(modern);
    let mut extra = row.options.as_deref().map(words).unwrap_or_default();
    // What is partitioned is told in full elsewhere.
    extra.retain(|word| word != "partitioned");
    if row.kind == "SYSTEM VERSIONED" {
        extra.push("WITH SYSTEM VERSIONING".to_owned());
    }
    TableOptions {
        engine: row.engine.clone(),
        // A collation's name begins with its character set's, on both servers.
        charset: collation.as_deref().and_then(|name| name.split('_').next()).map(str::to_owned),
        collation,
        extra,
        ..TableOptions::default()
    }
}

/// Older servers write `utf8` for what newer ones call `utf8mb3`.
pub(super) fn modern(name: &str) -> String {
    match name.strip_prefix("utf8") {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => format!("utf8mb3{rest}"),
        Some(_) | None => name.to_owned(),
    }
}

/// Splits at spaces outside quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match quote {
            None if letter == ' ' => {
                words.push(String::new());
                continue;
            }
            None if matches!(letter, '\'' | '"' | '`') => quote = Some(letter),
            Some(open) if letter == open => quote = None,
            None | Some(_) => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The names of tables as the server keeps them, for references that are spelled in another case.
pub(super) struct Names {
    pub(super) database: String,
    folded: Option<BTreeMap<String, String>>,
}

impl Names {
    fn of(catalog: &Catalog) -> Self {
        let folded = || catalog.tables.iter().map(|row| (row.name.to_lowercase(), row.name.clone())).collect();
        Self { database: catalog.database.clone(), folded: catalog.folds_names.then(folded) }
    }

    /// The name that a foreign key means by `schema.table`: without the schema where it is this database.
    pub(super) fn resolve(&self, schema: &str, table: &str) -> TableName {
        let here = match &self.folded {
            Some(_) => schema.to_lowercase() == self.database.to_lowercase(),
            None => schema == self.database,
        };
        if !here {
            return TableName::qualified(schema, table);
        }
        let kept = self.folded.as_ref().and_then(|names| names.get(&table.to_lowercase()));
        TableName::bare(kept.map_or(table, String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_split_outside_quotes() {
        assert_eq!(words("row_format=COMPRESSED partitioned"), ["row_format=COMPRESSED", "partitioned"]);
        assert_eq!(words("COMPRESSION='z lib'  max_rows=5"), ["COMPRESSION='z lib'", "max_rows=5"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn the_old_name_of_a_character_set_is_replaced() {
        assert_eq!(modern("utf8_general_ci"), "utf8mb3_general_ci");
        assert_eq!(modern("utf8"), "utf8mb3");
        assert_eq!(modern("utf8mb4_bin"), "utf8mb4_bin");
    }

    #[test]
    fn names_fold_only_where_the_server_folds_them() {
        let folded = |names: &[&str]| names.iter().map(|name| (name.to_lowercase(), (*name).to_owned())).collect();
        let exact = Names { database: "app".into(), folded: None };
        let folding = Names { database: "app".into(), folded: Some(folded(&["Users"])) };
        assert_eq!(exact.resolve("app", "users"), TableName::bare("users"));
        assert_eq!(exact.resolve("APP", "users"), TableName::qualified("APP", "users"));
        assert_eq!(folding.resolve("APP", "users"), TableName::bare("Users"));
    }
}
