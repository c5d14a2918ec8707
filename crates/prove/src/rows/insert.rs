//! Puts rows into a database: all it takes.

use autogen_introspect::Connection;
use autogen_schema::TableName;

use super::generate::{Rows, TableRows};
use crate::database::Database;
use crate::run::{all, execute};

/// Puts the rows in. The tables that took none are given back, with the reason.
pub(crate) async fn insert(connection: &Connection, facts: &dyn Database, rows: Rows) -> Vec<(TableName, String)> {
    let mut without = rows.without;
    for group in &rows.groups {
        match group.as_slice() {
            [table] => {
                if let Err(reason) = one_table(connection, facts, table).await {
                    without.push((table.name.clone(), reason));
                }
            }
            circle => {
                let inserts: Vec<String> = circle.iter().map(|table| statement(facts, table, &table.rows)).collect();
                if let Err(refusal) = all(connection, &facts.in_a_circle(&inserts)).await {
                    for statement in facts.out_of_circle() {
                        // The refusal is already known; what was begun is ended where it was begun.
                        let _ = execute(connection, statement).await;
                    }
                    without.extend(circle.iter().map(|table| (table.name.clone(), refusal.message.clone())));
                }
            }
        }
    }
    without
}

/// All rows at once; where a check or a trigger refuses one of them, each by itself.
async fn one_table(connection: &Connection, facts: &dyn Database, table: &TableRows) -> Result<(), String> {
    let Err(mut refusal) = execute(connection, &statement(facts, table, &table.rows)).await else { return Ok(()) };
    let mut taken = 0;
    for row in &table.rows {
        match execute(connection, &statement(facts, table, std::slice::from_ref(row))).await {
            Ok(()) => taken += 1,
            Err(other) => refusal = other,
        }
    }
    if taken == 0 { Err(refusal.message) } else { Ok(()) }
}

fn statement(facts: &dyn Database, table: &TableRows, rows: &[Vec<String>]) -> String {
    let columns: Vec<String> = table.columns.iter().map(|name| facts.quoted(name)).collect();
    let rows: Vec<String> = rows.iter().map(|row| format!("({})", row.join(", "))).collect();
    format!(
        "INSERT INTO {} ({}){} VALUES {}",
        facts.table(&table.name),
        columns.join(", "),
        facts.overriding(),
        rows.join(",\n")
    )
}
