//! SQLite: types are free text, and most changes need the table to be built anew.

mod ddl;
mod hazards;
mod lower;
mod types;

use std::collections::BTreeSet;

use autogen_schema::{
    AutoIncrement, Backend, Column, Index, IntegerWidth, Schema, Table, TableKind, TableName, TableOptions, Type,
};

use super::{Dialect, Scales, Weight, Words, create_among_objects};
use crate::statement::Statement;
use crate::{Change, Step};

pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    fn sea_orm_name(&self) -> &'static str {
        "Sqlite"
    }

    fn has_schemas(&self) -> bool {
        false
    }

    fn spell_type(&self, ty: &Type) -> Type {
        types::spell(ty)
    }

    fn spell_column(&self, column: &mut Column) {
        // SQLite keeps none of these.
        column.charset = None;
        column.on_update = None;
        column.comment = None;
        let plain = column.collation.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("binary"));
        if plain {
            column.collation = None;
        }
        if column.auto_increment == Some(AutoIncrement::Unspecified) {
            // SQLite numbers only a column whose type is exactly INTEGER.
            let is_integer = column.ty == Type::integer(IntegerWidth::Regular);
            column.auto_increment = is_integer.then_some(AutoIncrement::Keyword);
        }
    }

    fn spell_table(&self, table: &mut Table) {
        table.comment = None;
        table.indexes.iter_mut().for_each(|index| index.comment = None);
    }

    fn spell_name(&self, name: &str) -> String {
        name.to_owned()
    }

    fn is_content(&self, said: &Type, live: &Type) -> bool {
        types::is_content(said, live)
    }

    fn fixed(&self, live: &Table, desired: &Table) -> Option<&'static str> {
        let is_virtual = [live, desired].map(|table| table.kind == TableKind::Virtual);
        let is_other = is_virtual[0] && live.options != desired.options;
        (is_virtual[0] != is_virtual[1] || is_other).then_some("the module behind it, or what that is told")
    }

    fn words(&self) -> Words {
        Words {
            comments_inline: false,
            names_of_inline_keys: false,
            adding_keys: false,
            qualified_names: true,
            numbers_anywhere: false,
        }
    }

    fn refuses_misfits(&self) -> bool {
        false
    }

    fn script_frame(&self, guarded: bool) -> [&'static str; 2] {
        // With foreign keys on, dropping the old table would delete the rows that refer to it.
        if guarded { ["PRAGMA foreign_keys = OFF;\nBEGIN;\n", "COMMIT;\n"] } else { ["BEGIN;\n", "COMMIT;\n"] }
    }

    fn use_transaction(&self, guarded: bool) -> Option<bool> {
        // `PRAGMA foreign_keys` does nothing inside a transaction; a guarded file begins its own.
        Some(!guarded)
    }

    fn weigh(&self, change: &Change, _now: &Schema, scales: &Scales<'_>) -> Vec<Weight> {
        hazards::weigh(change, scales)
    }

    fn rebuilt(&self, changes: &[Change], start: &Schema, end: &Schema) -> BTreeSet<TableName> {
        lower::tables_to_rebuild(changes, start, end)
    }

    fn lower(&self, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
        lower::lower(changes, start, end)
    }

    fn recreate(&self, schema: &Schema, _: Option<&str>) -> Vec<Statement> {
        create_among_objects(self, schema, |_| false)
    }

    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    fn type_sql(&self, ty: &Type) -> String {
        types::declared(ty)
    }

    fn column_sql(&self, column: &Column, key: Option<&str>) -> String {
        ddl::column(self, column, key)
    }

    fn unlisted_table_sql(&self, table: &Table, name: &TableName) -> Option<String> {
        ddl::virtual_table(self, table, name)
    }

    fn options_sql(&self, options: &TableOptions, _: Option<&str>) -> String {
        ddl::options(options)
    }

    fn index_sql(&self, table: &TableName, index: &Index) -> String {
        ddl::index(self, table, index)
    }

    fn drop_index_sql(&self, _: &TableName, name: &str) -> String {
        format!("DROP INDEX {}", self.quote(name))
    }

    fn key_at_column(&self, table: &Table) -> bool {
        // AUTOINCREMENT can be said only there, and DESC keeps `INTEGER PRIMARY KEY` from being the rowid only there.
        // Otherwise it is the rowid in either place. See https://www.sqlite.org/lang_createtable.html#rowid
        let numbered = |column: &Column| column.auto_increment == Some(AutoIncrement::Keyword);
        table.primary_key.as_ref().is_some_and(|key| {
            let descends = key.extra.iter().any(|clause| clause == "DESC");
            key.columns.len() == 1 && (descends || table.columns.values().any(numbered))
        })
    }
}
