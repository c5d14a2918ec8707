//! How a case is compared: its section `options`, one a line.

use autogen_diff::{Patterns, Settings, TypeComparison, Unmanaged};
use autogen_schema::Rename;

/// What a case asks for.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) settings: Settings,
    pub(crate) renames: Vec<Rename>,
    /// The schemas that are read, where not the default one.
    pub(crate) schemas: Vec<String>,
    /// Whether the operations must come in the order in which they are listed.
    pub(crate) ordered: bool,
}

impl Options {
    pub(crate) fn parse(text: &str) -> Self {
        let mut options = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let settings = &mut options.settings;
            match words.as_slice() {
                ["rename", rename] => options.renames.push(rename.parse().expect("a rename")),
                ["schemas", schemas @ ..] => options.schemas = schemas.iter().map(|name| (*name).to_owned()).collect(),
                ["ordered"] => options.ordered = true,
                ["strict"] => settings.unmanaged = Unmanaged::Drop,
                ["exact", "types"] => settings.types = TypeComparison::Exact,
                ["without", "defaults"] => settings.defaults = false,
                ["without", "indexes"] => settings.indexes = false,
                ["without", "checks"] => settings.checks = false,
                ["without", "comments"] => settings.comments = false,
                ["without", "foreign", "keys"] => settings.foreign_keys = false,
                ["exclude", "tables", names @ ..] => settings.filter.tables = without(names),
                ["exclude", "columns", names @ ..] => settings.filter.columns = without(names),
                ["exclude", "indexes", names @ ..] => settings.filter.indexes = without(names),
                ["exclude", "constraints", names @ ..] => settings.filter.constraints = without(names),
                _ => panic!("there is no option `{line}`"),
            }
        }
        options
    }
}

fn without(names: &[&str]) -> Patterns {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Patterns::new(&[], &names).expect("they are patterns")
}
