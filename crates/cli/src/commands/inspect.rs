//! `autogen inspect`: a schema as the readers see it.

use autogen_diff::render;
use autogen_schema::{Column, Document};

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
        SchemaFormat::Text => session.printer.result(&read.schema.outline()),
        SchemaFormat::Sql => session.printer.result(&sql(session, args, &read)?),
    }
    Ok(Code::Fine)
}

/// The script that makes the schema in an empty database of the kind that was asked for, or that it came from, or that the
/// project has.
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
    let is_of_that = read.backend == Some(backend);
    Ok(render::schema_script(&read.schema, backend, Some(read.default_schema()), is_of_that))
}
