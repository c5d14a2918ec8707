//! Which tables a reading takes in.

use autogen_schema::BOOKKEEPING;
use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::Error;

/// Which schemas and tables are read. The tables in which migrations are recorded never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The database schemas (PostgreSQL); empty means the default one.
    pub schemas: Vec<String>,
    /// Further schemas, read beside the default one where `schemas` is empty (PostgreSQL).
    pub beside_default: Vec<String>,
    /// Every schema that is neither the server's own nor an extension's, where `schemas` is empty (PostgreSQL).
    pub every_schema: bool,
    /// Globs on table names; empty means all tables.
    pub include: Vec<String>,
    /// Globs on table names that are left out, stronger than `include`.
    pub exclude: Vec<String>,
    /// The table in which applied migrations are recorded.
    pub version_table: String,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            schemas: Vec::new(),
            beside_default: Vec::new(),
            every_schema: false,
            include: Vec::new(),
            exclude: Vec::new(),
            version_table: "seaql_migrations".to_owned(),
        }
    }
}

impl Scope {
    /// The filter on table names that this scope means.
    ///
    /// # Errors
    ///
    /// Where a pattern is not a glob.
    pub(crate) fn filter(&self) -> Result<TableFilter, Error> {
        Ok(TableFilter {
            include: if self.include.is_empty() { None } else { Some(globs(&self.include)?) },
            exclude: globs(&self.exclude)?,
            version_table: self.version_table.clone(),
        })
    }
}

/// Answers for one table name whether it is read.
#[derive(Clone, Debug)]
pub(crate) struct TableFilter {
    include: Option<GlobSet>,
    exclude: GlobSet,
    version_table: String,
}

impl TableFilter {
    /// Whether the table of this bare name (without its schema) is read.
    pub(crate) fn admits(&self, table: &str) -> bool {
        !BOOKKEEPING.contains(&table)
            && table != self.version_table
            && self.include.as_ref().is_none_or(|include| include.is_match(table))
            && !self.exclude.is_match(table)
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern)?);
    }
    set.build().map_err(|error| Error::Pattern { pattern: patterns.join(", "), reason: error.kind().to_string() })
}

/// Table names are not paths, so `*` crosses a `/`, and `\` escapes on every platform.
fn glob(pattern: &str) -> Result<Glob, Error> {
    globset::GlobBuilder::new(pattern)
        .literal_separator(false)
        .backslash_escape(true)
        .build()
        .map_err(|error| Error::Pattern { pattern: pattern.to_owned(), reason: error.kind().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(scope: &Scope) -> Vec<&'static str> {
        let filter = scope.filter().expect("the patterns are globs");
        ["users", "user_roles", "audit_2024", "odd/name", "seaql_migrations", "autogen_history", "versions"]
            .into_iter()
            .filter(|table| filter.admits(table))
            .collect()
    }

    #[test]
    fn everything_but_the_bookkeeping_is_read() {
        assert_eq!(admitted(&Scope::default()), ["users", "user_roles", "audit_2024", "odd/name", "versions"]);
    }

    #[test]
    fn a_version_table_of_another_name_is_left_out_too() {
        let scope = Scope { version_table: "versions".into(), ..Scope::default() };
        assert_eq!(admitted(&scope), ["users", "user_roles", "audit_2024", "odd/name"]);
    }

    #[test]
    fn exclude_beats_include() {
        let scope =
            Scope { include: vec!["user*".into(), "odd*".into()], exclude: vec!["*_roles".into()], ..Scope::default() };
        assert_eq!(admitted(&scope), ["users", "odd/name"]);
    }

    #[test]
    fn a_pattern_that_is_no_glob_is_named() {
        let scope = Scope { exclude: vec!["log_[".into()], ..Scope::default() };
        let error = scope.filter().expect_err("an unclosed class");
        assert!(error.to_string().contains("`log_[`"), "{error}");
    }
}
