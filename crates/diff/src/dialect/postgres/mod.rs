//! PostgreSQL: everything is altered in place, types are spelled by the catalog, enums are types.

mod columns;
mod create;
mod ddl;
mod enums;
mod hazards;
mod identity;
mod kept;
mod lower;
mod names;
mod online;
mod recreate;
mod sequences;
mod types;
mod views;

use autogen_schema::{AutoIncrement, Backend, Column, Identity, Index, Schema, Table, TableName, TableOptions, Type};

use super::{Dialect, Scales, Weight, Words};
use crate::online::{Online, Piece, Staging};
use crate::statement::Statement;
use crate::{Change, Step};

/// Longer names are cut by the server: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
const MAX_NAME_BYTES: usize = 63;

pub(super) struct Postgres;

impl Dialect for Postgres {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    fn sea_orm_name(&self) -> &'static str {
        "Postgres"
    }

    fn has_schemas(&self) -> bool {
        true
    }

    fn spell_type(&self, ty: &Type) -> Type {
        types::spell(ty)
    }

    fn spell_column(&self, column: &mut Column) {
        column.charset = None;
        column.on_update = None;
        if column.auto_increment == Some(AutoIncrement::Unspecified) {
            column.auto_increment = identity::plain(&column.ty).map(AutoIncrement::Identity);
        }
    }

    fn spell_table(&self, table: &mut Table) {
        // The server makes the columns of a primary key required.
        if let Some(key) = &table.primary_key {
            for name in &key.columns {
                if let Some(column) = table.columns.get_mut(name) {
                    column.nullable = false;
                }
            }
        }
    }

    fn spell_name(&self, name: &str) -> String {
        names::clipped(name, MAX_NAME_BYTES).to_owned()
    }

    fn refusal_of_name(&self, name: &str) -> Option<&'static str> {
        (name.len() > MAX_NAME_BYTES).then_some("PostgreSQL cuts names after 63 bytes without a word")
    }

    fn is_content(&self, said: &Type, live: &Type) -> bool {
        types::is_content(said, live)
    }

    fn fixed(&self, live: &Table, desired: &Table) -> Option<&'static str> {
        let place = |table: &Table| (table.kind, table.options.partition.clone(), table.options.inherits.clone());
        (place(live) != place(desired)).then_some("how it is partitioned, or what it inherits from")
    }

    fn words(&self) -> Words {
        Words {
            comments_inline: false,
            names_of_inline_keys: true,
            adding_keys: true,
            qualified_names: true,
            numbers_anywhere: true,
        }
    }

    fn is_plain_identity(&self, ty: &Type, made: &Identity) -> bool {
        identity::plain(ty).as_ref() == Some(made)
    }

    fn numbered_after(&self, numbering: &AutoIncrement, from: &Type, to: &Type) -> AutoIncrement {
        identity::after_type(numbering, from, to)
    }

    fn size_sql(&self, table: &TableName) -> Option<[String; 2]> {
        let table = self.literal(&self.table_sql(table));
        let bytes = format!("SELECT pg_total_relation_size(to_regclass({table}))");
        let rows = format!(
            "SELECT coalesce(max(greatest(reltuples, 0)), 0)::bigint FROM pg_class WHERE oid = to_regclass({table})"
        );
        Some([bytes, rows])
    }

    fn has_label(&self, column: &str, is_array: bool, labels: &[String]) -> String {
        let labels: Vec<String> = labels.iter().map(|label| self.literal(label)).collect();
        let labels = labels.join(", ");
        if is_array { format!("{column}::text[] && ARRAY[{labels}]") } else { format!("{column}::text IN ({labels})") }
    }

    fn weigh(&self, change: &Change, now: &Schema, scales: &Scales<'_>) -> Vec<Weight> {
        hazards::weigh(self, change, now, scales)
    }

    fn lower(&self, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
        lower::lower(self, changes, start, end)
    }

    fn lower_online(&self, changes: &[Change], start: &Schema, end: &Schema, how: &Online) -> Option<Staging> {
        Some(online::lower(self, changes, start, end, how))
    }

    fn require_online(&self, table: &TableName, column: &Column, how: &Online) -> Vec<Piece> {
        online::require(self, table, &column.name, how, Vec::new())
    }

    fn script_frame(&self, _guarded: bool) -> [&'static str; 2] {
        // Whatever the client takes the terminal's letters for, the script is UTF-8.
        ["SET client_encoding = 'UTF8';\n", ""]
    }

    fn recreate(&self, schema: &Schema, default_schema: Option<&str>) -> Vec<Statement> {
        recreate::recreate(self, schema, default_schema)
    }

    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn literal(&self, text: &str) -> String {
        // Standard strings: a backslash means itself, since `standard_conforming_strings` is on.
        format!("'{}'", text.replace('\'', "''"))
    }

    fn type_sql(&self, ty: &Type) -> String {
        types::sql(self, ty)
    }

    fn column_sql(&self, column: &Column, _: Option<&str>) -> String {
        ddl::column(self, column)
    }

    fn options_sql(&self, options: &TableOptions, _: Option<&str>) -> String {
        ddl::options(self, options)
    }

    fn index_sql(&self, table: &TableName, index: &Index) -> String {
        ddl::index(self, table, index)
    }

    fn drop_index_sql(&self, table: &TableName, name: &str) -> String {
        // An index lives in the schema of its table.
        let index = TableName { schema: table.schema.clone(), name: name.to_owned() };
        format!("DROP INDEX {}", self.table_sql(&index))
    }

    fn key_at_column(&self, _: &Table) -> bool {
        false
    }
}
