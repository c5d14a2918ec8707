//! Reads a crate or folder and prints the schema, for a look at what the reader sees.
//!
//! `cargo run -p autogen-model --example read -- path/to/entity`

use std::io::Write;
use std::path::PathBuf;

use autogen_schema::Document;

fn main() -> std::io::Result<()> {
    let entities: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let root = std::env::current_dir()?;
    let mut out = std::io::stdout().lock();
    match autogen_model::read(&autogen_model::Options { root, entities, ..Default::default() }) {
        Ok(reading) => {
            write!(out, "{}", Document::new(&reading.schema, None).to_json())?;
            for notice in &reading.notices {
                writeln!(out, "{notice}")?;
            }
            writeln!(out, "{} entities in {} files, {:?}", reading.entities, reading.files, reading.sea_orm)
        }
        Err(error) => writeln!(out, "{error}"),
    }
}
