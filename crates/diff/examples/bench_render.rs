//! How long it takes to write a migration.
//!
//! `cargo run --release -p autogen-diff --example bench_render -- 500`
//!
//! A table of 200 columns is created, and that many columns are added to others; for each database, plan and source.

use std::io::Write;
use std::time::{Duration, Instant};

use autogen_diff::render::{File, SeaOrm, migration, sql};
use autogen_diff::{Coverage, Inputs, Plan, PlanError, Settings, Spellings, plan};
use autogen_schema::{Backend, Column, DefaultValue, IntegerWidth, PrimaryKey, Schema, Table, TableName, Type};

/// How many columns the new table has.
const COLUMNS: usize = 200;

/// How many columns are added to one table.
const PER_TABLE: usize = 10;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let changes: usize = std::env::args().nth(1).map_or(Ok(500), |text| text.parse())?;
    let (live, desired) = (schema(changes, false), schema(changes, true));
    let file = File { header: "//! bench", stem: "m20260101_000000_bench", sea_orm: SeaOrm::V2, template: None };
    let mut out = std::io::stdout().lock();
    for backend in Backend::ALL {
        let (planned, plan) = best(|| planned(&live, &desired, backend));
        let plan = plan?;
        let (rendered, source) = best(|| migration(&[&plan], &file));
        let (previewed, statements) = best(|| sql(&plan));
        writeln!(
            out,
            "{backend}: {} changes and a table of {COLUMNS} columns planned in {planned:?}, {} lines of source in {rendered:?}, {} statements of SQL in {previewed:?}",
            plan.findings.len(),
            source.lines().count(),
            statements.0.len() + statements.1.len(),
        )?;
    }
    Ok(())
}

/// The shortest time of several, and what came of it.
fn best<T>(work: impl Fn() -> T) -> (Duration, T) {
    let mut shortest = Duration::MAX;
    loop {
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        if time >= shortest {
            return (shortest, result);
        }
        shortest = time;
    }
}

fn planned(live: &Schema, desired: &Schema, backend: Backend) -> Result<Plan, PlanError> {
    plan(&Inputs {
        live,
        desired,
        coverage: Coverage::Partial,
        memory: None,
        renames: &[],
        decided: &[],
        backend,
        default_schema: Some("public"),
        settings: &Settings::default(),
        spellings: &Spellings::default(),
    })
}

fn schema(changes: usize, after: bool) -> Schema {
    let mut schema = Schema::default();
    for at in 0..changes.div_ceil(PER_TABLE) {
        let columns = if after { PER_TABLE.min(changes - at * PER_TABLE) } else { 0 };
        schema.insert(table(&format!("table_{at}"), columns));
    }
    if after {
        schema.insert(table("wide", COLUMNS - 1));
    }
    schema
}

fn table(name: &str, columns: usize) -> Table {
    let integer = Type::integer(IntegerWidth::Regular);
    let mut table = Table::new(TableName::bare(name)).with_column(Column::new("id", integer.clone()));
    for at in 0..columns {
        let column = match at % 3 {
            0 => Column { nullable: true, ..Column::new(format!("text_{at}"), Type::varchar(80)) },
            1 => Column {
                default: Some(DefaultValue::Number("7".into())),
                ..Column::new(format!("number_{at}"), integer.clone())
            },
            _ => Column {
                nullable: true,
                ..Column::new(format!("moment_{at}"), Type::TimestampWithTimeZone { precision: None })
            },
        };
        table = table.with_column(column);
    }
    table.primary_key = Some(PrimaryKey::new(["id"]));
    table
}
