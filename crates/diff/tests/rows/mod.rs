//! Rows for the random schemas, and whether they are still there. Nothing here knows `autogen-prove`: the rows are put in
//! by plain statements, and looked for by plain questions.

use std::collections::BTreeSet;

use autogen_diff::{Change, Hazard, HazardKind, Plan};
use autogen_schema::{Backend, Column, Schema, Table, TableName, Type};

/// The tables whose rows nothing in the plan may stop or lose, as its hazards say, and that refer to such tables only.
pub(crate) fn safe_tables(start: &Schema, end: &Schema, plan: &Plan) -> BTreeSet<TableName> {
    let may_fail = |hazards: &[Hazard]| hazards.iter().any(|hazard| hazard.kind == HazardKind::MayFail);
    let risky = |change: &&Change| may_fail(&change.hazards()) || may_fail(&change.inverse().hazards());
    let changes = plan.findings.iter().map(|finding| &finding.change);
    let risky: BTreeSet<&TableName> = changes.filter(risky).filter_map(Change::table).collect();
    let mut safe: BTreeSet<TableName> = start.tables.keys().filter(|name| !risky.contains(name)).cloned().collect();
    loop {
        let refers_to_safe = |schema: &Schema, name: &TableName| {
            let keys = schema.tables.get(name).map(|table| &table.foreign_keys);
            keys.is_none_or(|keys| keys.iter().all(|key| safe.contains(&key.references)))
        };
        let kept: BTreeSet<TableName> =
            safe.iter().filter(|name| refers_to_safe(start, name) && refers_to_safe(end, name)).cloned().collect();
        if kept == safe {
            return safe;
        }
        safe = kept;
    }
}

/// The statements that put the rows in, keys or no keys.
pub(crate) fn inserts(start: &Schema, tables: &BTreeSet<TableName>, backend: Backend) -> Vec<String> {
    let [off, on] = match backend {
        Backend::Sqlite => ["SELECT 1", "SELECT 1"],
        Backend::Postgres => ["SET session_replication_role = replica", "RESET session_replication_role"],
        Backend::Mysql | Backend::Mariadb => ["SET foreign_key_checks = 0", "SET foreign_key_checks = 1"],
    };
    let mut statements = vec![off.to_owned()];
    for table in start.tables.values().filter(|table| tables.contains(&table.name)) {
        let columns: Vec<String> = table.columns.keys().cloned().collect();
        for row in rows_of(table) {
            let values: Vec<String> = table.columns.values().map(|column| value(column, row)).collect();
            statements.push(format!(
                "INSERT INTO {} ({}) VALUES ({})",
                table.name.name,
                columns.join(", "),
                values.join(", ")
            ));
        }
    }
    statements.push(on.to_owned());
    statements
}

/// Questions with the number that each must be answered with: how many rows there are, and how many are as they were.
/// `now` is the schema that the database has now.
pub(crate) fn questions(start: &Schema, now: &Schema, tables: &BTreeSet<TableName>) -> Vec<(String, i64)> {
    let mut questions = Vec::new();
    for table in start.tables.values().filter(|table| tables.contains(&table.name)) {
        let Some(after) = now.tables.get(&table.name) else { continue };
        let rows = rows_of(table);
        let count = i64::try_from(rows.len()).expect("three at most");
        let is_there = |row: usize| {
            let conditions = table.columns.values().filter_map(|column| {
                let later = after.columns.get(&column.name)?;
                // Where the type is written otherwise, the value is too.
                let value = value(column, row);
                let is_same = literal(&column.ty, row) == literal(&later.ty, row);
                let test = if value == "NULL" { "IS NULL".to_owned() } else { format!("= {value}") };
                is_same.then(|| format!("{} {test}", column.name))
            });
            format!("({})", conditions.collect::<Vec<_>>().join(" AND "))
        };
        let any = rows.iter().map(|row| is_there(*row)).collect::<Vec<_>>().join(" OR ");
        let name = &table.name.name;
        questions.push((format!("SELECT count(*) AS value FROM {name}"), count));
        questions.push((format!("SELECT count(*) AS value FROM {name} WHERE {any}"), count));
    }
    questions
}

/// Two rows, and a third with nothing wherever nothing may be; two values of a boolean are all that a unique index takes.
fn rows_of(table: &Table) -> Vec<usize> {
    let has_room = table.columns.values().all(|column| column.nullable || column.ty != Type::Boolean);
    if has_room { vec![1, 2, NULLS] } else { vec![1, 2] }
}

const NULLS: usize = 3;

fn value(column: &Column, row: usize) -> String {
    if row == NULLS && column.nullable { "NULL".to_owned() } else { literal(&column.ty, row) }
}

fn literal(ty: &Type, row: usize) -> String {
    match ty {
        Type::Boolean => if row == 1 { "TRUE" } else { "FALSE" }.to_owned(),
        Type::Varchar { .. } | Type::Text { .. } => format!("'v''{row}'"),
        Type::Double => format!("{row}.5"),
        Type::DateTime { .. } => format!("'2024-02-2{row} 12:00:00'"),
        // The other types of the random schemas are whole numbers.
        _ => row.to_string(),
    }
}
