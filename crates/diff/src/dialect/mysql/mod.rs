//! MySQL and MariaDB: a unique constraint is an index, a foreign key brings an index, and a column is changed by
//! saying all of it again.

mod columns;
mod ddl;
mod hazards;
mod indexes;
mod lower;
mod names;
mod takeover;
mod types;

use autogen_schema::{
    AutoIncrement, Backend, Column, DefaultValue, Index, ObjectKind, ReferentialAction, Schema, Table, TableName,
    TableOptions, Type,
};

use super::{Dialect, Scales, Weight, Words, create_among_objects};
use crate::statement::Statement;
use crate::{Change, Step};

/// Either of the two; where they differ, `backend` tells.
pub(super) struct Mysql {
    pub(super) backend: Backend,
}

impl Dialect for Mysql {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn sea_orm_name(&self) -> &'static str {
        "MySql"
    }

    fn version_word(&self) -> Option<&'static str> {
        (self.backend == Backend::Mariadb).then_some("MariaDB")
    }

    fn has_schemas(&self) -> bool {
        false
    }

    fn spell_type(&self, ty: &Type) -> Type {
        types::spell(ty)
    }

    fn spell_column(&self, column: &mut Column) {
        if column.auto_increment == Some(AutoIncrement::Unspecified) {
            column.auto_increment = matches!(column.ty, Type::Integer { .. }).then_some(AutoIncrement::Keyword);
        }
        if column.ty == Type::Boolean
            && let Some(DefaultValue::Number(digits)) = &column.default
            && let Some(truth) = ["0", "1"].iter().position(|digit| digits == digit)
        {
            column.default = Some(DefaultValue::Boolean(truth == 1));
        }
    }

    fn spell_table(&self, table: &mut Table) {
        if let Some(key) = &mut table.primary_key {
            // The server calls every primary key PRIMARY, and makes its columns required.
            key.name = None;
            for name in &key.columns {
                if let Some(column) = table.columns.get_mut(name) {
                    column.nullable = false;
                }
            }
        }
        indexes::spell(self.backend, table);
    }

    fn spell_name(&self, name: &str) -> String {
        names::shortened(name)
    }

    fn refusal_of_name(&self, name: &str) -> Option<&'static str> {
        names::is_too_long(name).then_some("MySQL and MariaDB take names of 64 characters")
    }

    fn is_content(&self, said: &Type, live: &Type) -> bool {
        types::is_content(said, live)
    }

    fn is_same_action(&self, one: ReferentialAction, other: ReferentialAction) -> bool {
        // InnoDB checks at once, and knows no difference between the first two; MariaDB reports RESTRICT where nothing
        // is said, and for SET DEFAULT, which InnoDB does not have.
        let word = |action| match action {
            ReferentialAction::Restrict => ReferentialAction::NoAction,
            ReferentialAction::SetDefault if self.backend == Backend::Mariadb => ReferentialAction::NoAction,
            ReferentialAction::NoAction
            | ReferentialAction::SetDefault
            | ReferentialAction::Cascade
            | ReferentialAction::SetNull => action,
        };
        word(one) == word(other)
    }

    fn settle_implicit_indexes(&self, live: &Table, desired: &mut Table) {
        indexes::settle(self.backend, live, desired);
    }

    fn may_stand_for_an_index(&self, live: &Table, index: &Index, said: &Index, desired: &Table) -> bool {
        let serves = || said.plain_columns().is_some_and(|columns| indexes::leads_this(self.backend, index, &columns));
        (!index.implicit || indexes::stays(self.backend, live, index, desired)) && (!said.implicit || serves())
    }

    fn require(&self, table: &TableName, column: &Column) -> Statement {
        Statement::ModifyColumn { table: table.clone(), column: column.clone() }
    }

    fn fills_required(&self) -> bool {
        true
    }

    fn words(&self) -> Words {
        Words {
            comments_inline: true,
            names_of_inline_keys: true,
            adding_keys: true,
            qualified_names: false,
            numbers_anywhere: true,
        }
    }

    fn script_frame(&self, _guarded: bool) -> [&'static str; 2] {
        // Whatever the client takes the terminal's letters for, the script is UTF-8.
        ["SET NAMES utf8mb4;\n", ""]
    }

    fn for_client(&self, sql: &str) -> String {
        // The client sends what stands before a semicolon, and knows nothing of the body of a trigger or routine.
        // https://dev.mysql.com/doc/refman/9.0/en/stored-programs-defining.html
        let may_have_body = sql.starts_with("CREATE ") && !sql.starts_with("CREATE TABLE ");
        if !(may_have_body && sql.contains(';')) {
            return format!("{sql};\n");
        }
        let mut delimiter = "$$".to_owned();
        while sql.contains(&delimiter) {
            delimiter.push('$');
        }
        format!("DELIMITER {delimiter}\n{}\n{delimiter}\nDELIMITER ;\n", sql.trim_end())
    }

    fn takes_literal_default(&self, ty: &Type) -> bool {
        // MySQL takes `DEFAULT ('x')` there and refuses `DEFAULT 'x'`; MariaDB takes both.
        self.backend == Backend::Mariadb || !matches!(ty, Type::Text { .. } | Type::Blob { .. } | Type::Json)
    }

    fn size_sql(&self, table: &TableName) -> Option<[String; 2]> {
        let of = |number: &str| {
            format!(
                "SELECT CAST(coalesce(max({number}), 0) AS SIGNED) FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = {}",
                self.literal(&table.name)
            )
        };
        Some([of("data_length + index_length"), of("table_rows")])
    }

    fn weigh(&self, change: &Change, now: &Schema, scales: &Scales<'_>) -> Vec<Weight> {
        hazards::weigh(self, change, now, scales)
    }

    fn lower(&self, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
        lower::lower(self, changes, start, end)
    }

    fn recreate(&self, schema: &Schema, _: Option<&str>) -> Vec<Statement> {
        // A default may take its number from a sequence, a view may call a function.
        create_among_objects(self, schema, |kind| matches!(kind, ObjectKind::Sequence | ObjectKind::Function))
    }

    fn quote(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn literal(&self, text: &str) -> String {
        // A backslash escapes, unless the server runs with NO_BACKSLASH_ESCAPES.
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    }

    fn type_sql(&self, ty: &Type) -> String {
        types::sql(self, ty)
    }

    fn column_sql(&self, column: &Column, _: Option<&str>) -> String {
        ddl::column(self, column)
    }

    fn further_lines(&self, table: &Table) -> Vec<String> {
        ddl::further_lines(self, table)
    }

    fn makes_indexes_with_tables(&self) -> bool {
        true
    }

    fn unsaid_action(&self) -> Option<ReferentialAction> {
        // MariaDB calls it RESTRICT, and keeps the words `NO ACTION`.
        (self.backend == Backend::Mysql).then_some(ReferentialAction::NoAction)
    }

    fn not_enforced_words(&self) -> &'static str {
        " NOT ENFORCED"
    }

    fn options_sql(&self, options: &TableOptions, comment: Option<&str>) -> String {
        ddl::options(self, options, comment)
    }

    fn index_sql(&self, table: &TableName, index: &Index) -> String {
        ddl::index(self, table, index)
    }

    fn drop_index_sql(&self, table: &TableName, name: &str) -> String {
        format!("DROP INDEX {} ON {}", self.quote(name), self.table_sql(table))
    }

    fn drop_foreign_key_words(&self) -> &'static str {
        "DROP FOREIGN KEY"
    }

    fn key_at_column(&self, _: &Table) -> bool {
        false
    }
}
