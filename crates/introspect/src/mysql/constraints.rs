//! Foreign keys and checks.

use std::collections::BTreeSet;

use autogen_schema::{Check, ForeignKey, ReferentialAction, Table};

use super::Flavour;
use super::expression::{mysql_expression, quoted, without_parentheses};
use super::rows::{CheckRow, ForeignKeyRow};
use super::tables::Names;

/// The checks, and apart from them those of the long texts that MariaDB's JSON check stands at.
pub(super) fn checks(
    mut rows: Vec<CheckRow>,
    long_texts: &BTreeSet<String>,
    flavour: Flavour,
) -> (Vec<Check>, BTreeSet<String>) {
    let mut json_columns = BTreeSet::new();
    let mut checks = Vec::new();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    for row in rows {
        let at_column = row.level.eq_ignore_ascii_case("column");
        if at_column && long_texts.contains(&row.name) && row.expression == format!("json_valid({})", quoted(&row.name))
        {
            json_columns.insert(row.name);
            continue;
        }
        let text = match flavour {
            Flavour::Mysql => mysql_expression(&row.expression),
            Flavour::Mariadb => row.expression,
        };
        let mut check = Check::new(without_parentheses(&text));
        check.not_valid = row.enforced == "NO";
        // A check at a column bears the column's name and cannot be dropped by it.
        let name = Some(row.name);
        (check.name, check.column) = if at_column { (None, name) } else { (name, None) };
        checks.push(check);
    }
    (checks, json_columns)
}

/// The foreign keys by name; their rows come in the order of the keys' columns.
pub(super) fn foreign_keys(table: &Table, mut rows: Vec<ForeignKeyRow>, names: &Names) -> Vec<ForeignKey> {
    // The server's order takes é for e, and so would mix the rows of two keys.
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let mut keys: Vec<ForeignKey> = Vec::new();
    for row in rows {
        let column = kept_name(table, row.column_name);
        match keys.last_mut() {
            Some(key) if key.name.as_ref() == Some(&row.name) => {
                key.columns.push(column);
                key.referenced_columns.push(row.referenced_column);
            }
            Some(_) | None => {
                let target = names.resolve(&row.referenced_schema, &row.referenced_table);
                let mut key = ForeignKey::new([column], target, [row.referenced_column]);
                key.name = Some(row.name);
                key.on_delete = ReferentialAction::from_sql(&row.on_delete);
                key.on_update = ReferentialAction::from_sql(&row.on_update);
                keys.push(key);
            }
        }
    }
    keys
}

/// The column's name as its table spells it: a key may have been declared in another case.
fn kept_name(table: &Table, name: String) -> String {
    if table.columns.contains_key(&name) {
        return name;
    }
    let folded = name.to_lowercase();
    table.columns.keys().find(|kept| kept.to_lowercase() == folded).cloned().unwrap_or(name)
}
