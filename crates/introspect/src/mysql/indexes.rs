//! The primary key and the indexes.

use autogen_schema::{Index, IndexKey, IndexPart, PrimaryKey, SortOrder, Table};

use super::Flavour;
use super::expression::{mysql_expression, without_parentheses};
use super::rows::IndexRow;

/// The rows of each index together, by name; they come in the order of their parts.
pub(super) fn group(mut rows: Vec<IndexRow>) -> Vec<Vec<IndexRow>> {
    // The server's order takes é for e, and so would mix the rows of two indexes.
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let mut indexes: Vec<Vec<IndexRow>> = Vec::new();
    for row in rows {
        match indexes.last_mut() {
            Some(index) if index.first().is_some_and(|first| first.name == row.name) => index.push(row),
            Some(_) | None => indexes.push(vec![row]),
        }
    }
    indexes
}

/// Adds one index to its table. The primary key is the index of that name; nothing else may bear it.
pub(super) fn add(table: &mut Table, rows: &[IndexRow], flavour: Flavour) {
    let Some(first) = rows.first() else { return };
    if first.name == "PRIMARY" {
        table.primary_key = Some(primary_key(rows));
        return;
    }
    let mut index = Index::new(&first.name, Vec::<String>::new());
    index.unique = first.non_unique == 0;
    let method = first.method.to_ascii_lowercase();
    // What a spatial index indexes is always the whole value; the length in the catalog is its own.
    let whole = matches!(method.as_str(), "spatial" | "rtree" | "fulltext");
    index.parts = rows.iter().map(|row| part(row, whole, flavour)).collect();
    // In memory a tree is what has to be asked for.
    let in_memory = table.options.engine.as_deref() == Some("MEMORY");
    index.method = (method != "btree" || in_memory).then_some(method);
    index.comment = first.comment.clone().filter(|comment| !comment.is_empty());
    index.invisible = first.ignored == "YES";
    table.indexes.push(index);
}

fn primary_key(rows: &[IndexRow]) -> PrimaryKey {
    let mut key = PrimaryKey::new(rows.iter().filter_map(|row| row.column_name.clone()));
    let options = |row: &IndexRow| {
        let length = row.prefix.map(|length| format!("({length})")).unwrap_or_default();
        let direction = if row.direction.as_deref() == Some("D") { " DESC" } else { "" };
        let options = format!("{length}{direction}").trim_start().to_owned();
        Some((row.column_name.clone()?, options)).filter(|(_, options)| !options.is_empty())
    };
    key.column_options = rows.iter().filter_map(options).collect();
    key
}

fn part(row: &IndexRow, whole: bool, flavour: Flavour) -> IndexPart {
    let mut part = match (&row.column_name, &row.expression) {
        (Some(name), _) => IndexPart::column(name),
        (None, expression) => {
            let text = expression.as_deref().unwrap_or_default();
            let text = match flavour {
                Flavour::Mysql => mysql_expression(text),
                Flavour::Mariadb => text.to_owned(),
            };
            IndexPart::expression(without_parentheses(&text))
        }
    };
    if row.direction.as_deref() == Some("D") {
        part.order = SortOrder::Descending;
    }
    part.prefix = row.prefix.filter(|_| !whole).and_then(|length| u32::try_from(length).ok());
    part
}

/// Marks the indexes that the server made for a foreign key, and would make again.
///
/// The catalog does not tell them from others. Such an index is plain, covers exactly the key's columns, and bears
/// the key's name, or the first column's where the key had no name of its own; and the server makes it only where no
/// other index begins with these columns.
pub(super) fn mark_implicit(table: &mut Table) {
    let implicit: Vec<bool> = table.indexes.iter().map(|index| is_implicit(table, index)).collect();
    for (index, implicit) in table.indexes.iter_mut().zip(implicit) {
        index.implicit = implicit;
    }
}

fn is_implicit(table: &Table, index: &Index) -> bool {
    let plain = !index.unique
        && index.method.is_none()
        && index.comment.is_none()
        && !index.invisible
        && index.parts.iter().all(|part| part.order.is_ascending() && part.prefix.is_none());
    let Some(columns) = index.plain_columns().filter(|_| plain) else { return false };
    let made_for_key = table.foreign_keys.iter().any(|key| {
        let name = key.name.as_deref().unwrap_or_default();
        let unnamed = is_automatic(name, &table.name.name);
        key.columns == columns
            && (index.name == name || (unnamed && Some(index.name.as_str()) == columns.first().copied()))
    });
    made_for_key && !is_covered(table, index, &columns)
}

/// Whether the key or another index begins with these columns.
fn is_covered(table: &Table, index: &Index, columns: &[&str]) -> bool {
    let by_key = table.primary_key.as_ref().is_some_and(|key| {
        key.column_options.is_empty()
            && key.columns.len() >= columns.len()
            && columns.iter().eq(&key.columns[..columns.len()])
    });
    by_key
        || table.indexes.iter().filter(|other| other.name != index.name && other.method.is_none()).any(|other| {
            other.parts.len() >= columns.len()
                && other.parts.iter().zip(columns).all(|(part, column)| {
                    part.prefix.is_none() && matches!(&part.key, IndexKey::Column(name) if name == column)
                })
        })
}

/// Whether a foreign key's name is one that the server gives: `orders_ibfk_1`; MySQL from 9.6 on also `orders_fk_1`.
fn is_automatic(name: &str, table: &str) -> bool {
    name.strip_prefix(table)
        .and_then(|rest| rest.strip_prefix("_ibfk_").or_else(|| rest.strip_prefix("_fk_")))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
