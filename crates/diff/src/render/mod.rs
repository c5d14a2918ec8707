//! Statements as text: SQL for a database, Rust source for a file.
//!
//! A [`Form`] holds both of one statement, made together, so that what is shown as SQL is what the source runs.

mod body;
mod branches;
mod builder;
mod chain;
mod columns;
mod guard;
mod literal;
mod rebuild;
mod script;
mod source;
mod types;

use autogen_schema::{Backend, Schema, TableName};

use self::literal::string;
pub use self::script::{schema_script, script};
pub use self::source::{File, migration, use_transaction};
use crate::dialect::{self, Dialect, dialect, spell};
use crate::statement::{Rebuild, Statement};
use crate::{Plan, Step};

/// One statement in both languages.
pub(crate) enum Form {
    /// SeaQuery says it exactly: the call on the manager, and the SQL that SeaQuery makes of it.
    Builder { call: String, sql: String },
    /// SQL as it is.
    Raw(String),
    /// Several statements with checks in between.
    Rebuild(Box<Rebuild>),
}

/// The generation of SeaORM that a file is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeaOrm {
    /// 1.x, with SeaQuery 0.32.
    V1,
    /// 2.x, with SeaQuery 1.
    #[default]
    V2,
}

/// What is written in: a database's SQL, and the words of one generation of SeaORM.
#[derive(Clone, Copy)]
pub(crate) struct Tongue<'d> {
    dialect: &'d dyn Dialect,
    sea_orm: SeaOrm,
}

impl Tongue<'_> {
    /// A name as source: 2.x takes a text where 1.x wants to be told that it is a name.
    fn name(self, name: &str) -> String {
        match self.sea_orm {
            SeaOrm::V1 => format!("Alias::new({})", string(name)),
            SeaOrm::V2 => string(name),
        }
    }

    /// A table's name as source.
    fn table(self, table: &TableName) -> String {
        match &table.schema {
            Some(schema) => format!("({}, {})", self.name(schema), self.name(&table.name)),
            None => self.name(&table.name),
        }
    }
}

/// The form of a statement. What SeaQuery 0.32 does not say as SeaQuery 1 does stands as the SQL of the latter: that is
/// what is shown and proven.
pub(crate) fn form(tongue: Tongue<'_>, statement: &Statement) -> Form {
    let newest = Tongue { sea_orm: SeaOrm::V2, ..tongue };
    match (builder::build(tongue, statement), tongue.sea_orm) {
        (Some(form), _) => form,
        (None, SeaOrm::V2) => raw(tongue.dialect, statement),
        (None, SeaOrm::V1) => match form(newest, statement) {
            Form::Builder { sql, .. } | Form::Raw(sql) => Form::Raw(sql),
            Form::Rebuild(rebuild) => Form::Rebuild(rebuild),
        },
    }
}

/// A name of a column, an index, …, for SQL.
pub fn quoted(backend: Backend, name: &str) -> String {
    dialect(backend).quote(name)
}

/// A table's name for SQL.
pub fn table(backend: Backend, name: &TableName) -> String {
    dialect(backend).table_sql(name)
}

/// A text literal for SQL.
pub fn text_literal(backend: Backend, text: &str) -> String {
    dialect(backend).literal(text)
}

/// The SQL of a plan, up and down, one statement each, without semicolons.
pub fn sql(plan: &Plan) -> (Vec<String>, Vec<String>) {
    (steps_sql(plan.backend, &plan.up), steps_sql(plan.backend, &plan.down))
}

fn steps_sql(backend: Backend, steps: &[Step]) -> Vec<String> {
    let dialect = dialect(backend);
    let tongue = Tongue { dialect, sea_orm: SeaOrm::V2 };
    let mut statements = Vec::new();
    for step in steps {
        match form(tongue, &step.statement) {
            Form::Builder { sql, .. } | Form::Raw(sql) => statements.push(sql),
            Form::Rebuild(rebuild) => statements.extend(rebuild::sql(dialect, &rebuild)),
        }
    }
    statements
}

/// The statements that make the tables and enum types of `schema` in an empty database, in an order in which they can
/// run, each in full. What is kept word for word is left out; see [`recreate_sql`].
pub fn create_sql(schema: &Schema, backend: Backend, default_schema: Option<&str>) -> Vec<String> {
    let dialect = dialect(backend);
    let spelled = spell(dialect, schema, default_schema);
    full_sql(dialect, &dialect::create(dialect, &spelled))
}

/// The statements that make an empty database into one like that which `schema` was read from, with everything that is
/// kept word for word. They are to run in this order on one connection; a statement may hold several, with semicolons
/// between them.
pub fn recreate_sql(schema: &Schema, backend: Backend, default_schema: Option<&str>) -> Vec<String> {
    let dialect = dialect(backend);
    let spelled = spell(dialect, schema, default_schema);
    full_sql(dialect, &dialect.recreate(&spelled, default_schema))
}

/// The statements in SQL of our own, which leaves nothing out.
fn full_sql(dialect: &dyn Dialect, statements: &[Statement]) -> Vec<String> {
    let full = |statement: &Statement| match raw(dialect, statement) {
        Form::Raw(sql) | Form::Builder { sql, .. } => vec![sql],
        Form::Rebuild(rebuild) => rebuild::sql(dialect, &rebuild),
    };
    statements.iter().flat_map(full).collect()
}

/// What SeaQuery cannot say.
fn raw(dialect: &dyn Dialect, statement: &Statement) -> Form {
    let table_sql = |table| dialect.table_sql(table);
    Form::Raw(match statement {
        Statement::Rebuild(rebuild) => return Form::Rebuild(rebuild.clone()),
        Statement::Raw(sql) => sql.clone(),
        Statement::CreateTable(table) => crate::dialect::create_table_as(dialect, table, &table.name),
        Statement::DropTable(name) => format!("DROP TABLE {}", table_sql(name)),
        Statement::RenameTable { from, to } => {
            format!("ALTER TABLE {} RENAME TO {}", table_sql(from), dialect.quote(&to.name))
        }
        Statement::AddColumn { table, column } => {
            format!("ALTER TABLE {} ADD COLUMN {}", table_sql(table), dialect.column_sql(column, None))
        }
        Statement::DropColumn { table, name } => {
            format!("ALTER TABLE {} DROP COLUMN {}", table_sql(table), dialect.quote(name))
        }
        Statement::RenameColumn { table, from, to } => {
            let (from, to) = (dialect.quote(from), dialect.quote(to));
            format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", table_sql(table))
        }
        Statement::ModifyColumn { table, column } => {
            format!("ALTER TABLE {} MODIFY COLUMN {}", table_sql(table), dialect.column_sql(column, None))
        }
        Statement::SetType { table, column, ty } => {
            let ty = dialect.type_sql(ty);
            format!("ALTER TABLE {} ALTER COLUMN {} TYPE {ty}", table_sql(table), dialect.quote(column))
        }
        Statement::SetNullable { table, column, nullable } => {
            let verb = if *nullable { "DROP" } else { "SET" };
            format!("ALTER TABLE {} ALTER COLUMN {} {verb} NOT NULL", table_sql(table), dialect.quote(column))
        }
        Statement::SetDefault { table, column, default } => {
            let default = dialect.default_sql(default);
            format!("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}", table_sql(table), dialect.quote(column))
        }
        Statement::DropDefault { table, column } => {
            format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", table_sql(table), dialect.quote(column))
        }
        Statement::CreateIndex { table, index } => dialect.index_sql(table, index),
        Statement::DropIndex { table, name } => dialect.drop_index_sql(table, name),
        Statement::AddForeignKey { table, key } => {
            let clause = crate::dialect::foreign_key_clause(dialect, key);
            let not_valid = if key.not_valid { " NOT VALID" } else { "" };
            format!("ALTER TABLE {} ADD {clause}{not_valid}", table_sql(table))
        }
        Statement::DropForeignKey { table, name } => {
            format!("ALTER TABLE {} {} {}", table_sql(table), dialect.drop_foreign_key_words(), dialect.quote(name))
        }
        Statement::CreateEnum(ty) => {
            let labels: Vec<String> = ty.labels.iter().map(|label| dialect.literal(label)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", dialect.enum_name_sql(&ty.name), labels.join(", "))
        }
        Statement::DropEnum(name) => format!("DROP TYPE {}", dialect.enum_name_sql(name)),
    })
}
