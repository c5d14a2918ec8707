//! `autogen inspect`: a schema as the readers see it.

use autogen_diff::render;
use autogen_schema::{Column, Document, Schema, Table};

use super::Session;
use crate::args::{Inspect, SchemaFormat};
use crate::exit::{Code, Failure, Outcome};
use crate::sources::{Named, Reach, Source};

/// Reads one source and prints its schema.
pub(crate) async fn run(session: &Session, args: &Inspect) -> Outcome {
    let source = Source::parse(&args.source, &session.surroundings.folder)?;
    let settings = session.settings_for(&[&source])?;
    let read = source.read(&session.place(settings.as_ref()), Reach::Everything).await?;
    for notice in &read.notices {
        session.printer.warning(&notice.to_string());
    }
    match args.format {
        SchemaFormat::Json => session.printer.result(&Document::new(&read.schema, read.backend).to_json()),
        SchemaFormat::Text => session.printer.result(&text(&read.schema)),
        SchemaFormat::Sql => session.printer.result(&sql(session, args, &read)?),
    }
    Ok(Code::Fine)
}

/// The statements that make the schema in an empty database of the kind that was asked for, or that it came from, or
/// that the project has.
fn sql(session: &Session, args: &Inspect, read: &Named) -> Result<String, Failure> {
    let of_project = || Some(session.settings().ok()?.url().ok()?.backend());
    let backend = args.backend.or(read.backend).or_else(of_project).ok_or_else(|| {
        Failure::usage("the SQL of which database is meant? say --backend sqlite, postgres, mysql or mariadb")
    })?;
    let opaque = |column: &&Column| column.ty.is_opaque();
    if let Some((table, column)) =
        read.schema.tables.values().find_map(|table| Some((table, table.columns.values().find(opaque)?)))
    {
        return Err(Failure::usage(format!(
            "{}.{} has the type {}; say what it is under [types] in autogen.toml",
            table.name, column.name, column.ty
        )));
    }
    let statements = render::create_sql(&read.schema, backend, Some(read.default_schema()));
    Ok(statements.iter().map(|statement| format!("{statement};\n")).collect())
}

fn text(schema: &Schema) -> String {
    let mut text = String::new();
    for table in schema.tables.values() {
        text.push_str(&format!("{}\n", table.name));
        for line in table_lines(table) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    for object in &schema.objects {
        text.push_str(&format!("{} {}\n", object.kind.noun(), object.name));
    }
    if text.is_empty() { "no tables\n".to_owned() } else { text }
}

fn table_lines(table: &Table) -> Vec<String> {
    let mut lines: Vec<String> = table.columns.values().map(column_line).collect();
    lines.extend(table.primary_key.iter().map(|key| format!("primary key ({})", key.columns.join(", "))));
    lines.extend(table.uniques.iter().map(|unique| format!("unique ({})", unique.columns.join(", "))));
    lines.extend(table.indexes.iter().map(|index| {
        let unique = if index.unique { "unique " } else { "" };
        format!("{unique}index {}", index.name)
    }));
    lines.extend(table.foreign_keys.iter().map(|key| {
        format!(
            "foreign key ({}) to {} ({})",
            key.columns.join(", "),
            key.references,
            key.referenced_columns.join(", ")
        )
    }));
    lines.extend(table.checks.iter().map(|check| format!("check ({})", check.expression)));
    lines
}

fn column_line(column: &Column) -> String {
    let null = if column.nullable { "null" } else { "not null" };
    format!("{} {} {null}", column.name, column.ty)
}
