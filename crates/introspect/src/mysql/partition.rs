//! `PARTITION BY …`, put together from the catalog's pieces.

use super::expression::{quoted, quoted_text};
use super::rows::PartitionRow;

/// What stands after `PARTITION BY`.
///
/// # Errors
///
/// A sentence, where the catalog does not tell enough to say it.
pub(super) fn describe(rows: &[PartitionRow]) -> Result<String, String> {
    let Some(first) = rows.first() else { return Err("there are no partitions".to_owned()) };
    let method = first.method.as_deref().unwrap_or_default();
    if !["RANGE", "LIST", "HASH", "KEY"].contains(&method.trim_start_matches("LINEAR ").trim_end_matches(" COLUMNS")) {
        return Err(format!("partitioned by {method}, of which the catalog does not tell all"));
    }
    let mut text = format!("{method} ({})", first.expression.as_deref().unwrap_or_default());
    let parts = rows.iter().take_while(|row| row.name == first.name).count();
    if let Some(method) = &first.part_method {
        let expression = first.part_expression.as_deref().unwrap_or_default();
        text.push_str(&format!(" SUBPARTITION BY {method} ({expression}) SUBPARTITIONS {parts}"));
    }
    if rows.iter().enumerate().any(|(number, row)| !has_automatic_part(number % parts, row)) {
        return Err("its subpartitions have names of their own, which are not read".to_owned());
    }
    let partitions: Vec<&PartitionRow> = rows.iter().step_by(parts).collect();
    if partitions.iter().enumerate().all(|(number, row)| is_automatic(number, row)) {
        text.push_str(&format!(" PARTITIONS {}", partitions.len()));
    } else {
        let list: Vec<String> = partitions.into_iter().map(|row| definition(method, row)).collect();
        text.push_str(&format!(" ({})", list.join(", ")));
    }
    Ok(text)
}

/// Whether the server would make it like this from a mere number of partitions.
fn is_automatic(number: usize, row: &PartitionRow) -> bool {
    row.bound.is_none() && row.name == format!("p{number}") && row.comment.as_deref().unwrap_or_default().is_empty()
}

fn has_automatic_part(number: usize, row: &PartitionRow) -> bool {
    row.part_name.as_ref().is_none_or(|name| *name == format!("{}sp{number}", row.name))
}

fn definition(method: &str, row: &PartitionRow) -> String {
    let mut text = format!("PARTITION {}", quoted(&row.name));
    match row.bound.as_deref() {
        Some("MAXVALUE") if method == "RANGE" => text.push_str(" VALUES LESS THAN MAXVALUE"),
        Some(bound) if method.starts_with("RANGE") => text.push_str(&format!(" VALUES LESS THAN ({bound})")),
        Some(bound) => text.push_str(&format!(" VALUES IN ({bound})")),
        None => {}
    }
    if let Some(comment) = row.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text.push_str(&format!(" COMMENT = {}", quoted_text(comment)));
    }
    text
}
