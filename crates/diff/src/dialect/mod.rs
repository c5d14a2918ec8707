//! The two doors for a database's peculiarities.
//!
//! On the way in, a dialect spells a schema the way its database would say it ([`spell`]). On the way out it lowers
//! changes to what its database can do ([`Dialect::lower`]). Everything that knows one database lies in that
//! database's folder; this file holds what all of them share.

mod aside;
mod ddl;
mod mysql;
mod objects;
mod postgres;
mod spell;
mod sqlite;
mod weight;

use std::collections::BTreeSet;

use autogen_schema::{
    AutoIncrement, Backend, Column, DefaultValue, EnumName, Identity, Index, Object, ObjectKind, ReferentialAction,
    Schema, Table, TableKind, TableName, TableOptions, Type,
};

use sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, SchemaStatementBuilder, SqliteQueryBuilder};

pub(crate) use self::aside::keys_aside;
pub(crate) use self::ddl::{
    check_clause, column_list, deferrable, foreign_key_clause, primary_key_clause, unique_clause,
};
pub(crate) use self::spell::{spell, unqualify};
pub(crate) use self::weight::{Scales, Weight, hazards};
use crate::online::{Online, Piece, Staging};
use crate::statement::Statement;
use crate::{Change, Step, compare, order};

/// What one database says and can do.
pub(crate) trait Dialect: Sync {
    /// The database.
    fn backend(&self) -> Backend;

    /// What SeaORM's `DbBackend` calls it.
    fn sea_orm_name(&self) -> &'static str;

    /// What its `VERSION()` holds, where SeaORM has the same name for another database.
    fn version_word(&self) -> Option<&'static str> {
        None
    }

    /// Where tables without a schema live; `None` where the database has no schemas.
    fn has_schemas(&self) -> bool;

    /// The type that the database would report for this one.
    fn spell_type(&self, ty: &Type) -> Type;

    /// What is particular to this database about a column whose type is spelled.
    fn spell_column(&self, column: &mut Column);

    /// What is particular to this database about a table whose columns are spelled.
    fn spell_table(&self, table: &mut Table);

    /// The name that the database would keep for an index or constraint.
    fn spell_name(&self, name: &str) -> String;

    /// What the database does with this name of a table, column or type, where it is too long for it.
    fn refusal_of_name(&self, _name: &str) -> Option<&'static str> {
        None
    }

    /// Whether an entity that says `said` (not spelled) is content with a column of type `live`, beyond what is so on
    /// every database.
    fn is_content(&self, said: &Type, live: &Type) -> bool;

    /// Whether two actions of a foreign key do the same.
    fn is_same_action(&self, one: ReferentialAction, other: ReferentialAction) -> bool {
        one == other
    }

    /// Gives `desired`, whose foreign keys are settled, the implicit indexes that the server will have for them when
    /// it starts from `live`.
    fn settle_implicit_indexes(&self, _live: &Table, _desired: &mut Table) {}

    /// Whether `index` of the table `live` can stand for the index `said` of the table `desired`: it cannot where the
    /// server takes it away by itself, or makes another one beside it.
    fn may_stand_for_an_index(&self, _live: &Table, _index: &Index, _said: &Index, _desired: &Table) -> bool {
        true
    }

    /// What of `desired` no statement makes of the table `live` that is there, in words.
    fn fixed(&self, _live: &Table, _desired: &Table) -> Option<&'static str> {
        None
    }

    /// What SeaQuery says for this database.
    fn words(&self) -> Words;

    /// Whether SeaQuery's `auto_increment()` makes exactly this identity.
    fn is_plain_identity(&self, _: &Type, _: &Identity) -> bool {
        false
    }

    /// How a column is numbered once the server has made the type `to` of its type `from`.
    fn numbered_after(&self, numbering: &AutoIncrement, _from: &Type, _to: &Type) -> AutoIncrement {
        numbering.clone()
    }

    /// Whether a column of this type takes a literal as its default, or only an expression.
    fn takes_literal_default(&self, _: &Type) -> bool {
        true
    }

    /// What a generated file answers when it is asked whether it runs in a transaction; `guarded` where it begins its
    /// own. `None` is SeaORM's own rule.
    fn use_transaction(&self, _guarded: bool) -> Option<bool> {
        None
    }

    /// The statement that requires a value in a column.
    fn require(&self, table: &TableName, column: &Column) -> Statement {
        Statement::SetNullable { table: table.clone(), column: column.name.clone(), nullable: false }
    }

    /// Whether a new required column without a default gets a value of the database's own choice in the rows there are.
    fn fills_required(&self) -> bool {
        false
    }

    /// Whether a value that does not fit the type of its column is refused.
    fn refuses_misfits(&self) -> bool {
        true
    }

    /// Questions for how much room a table takes, and how many rows the server takes it to have. Both are cheap.
    fn size_sql(&self, _table: &TableName) -> Option<[String; 2]> {
        None
    }

    /// The condition that a column, as it stands in SQL, has one of these labels.
    fn has_label(&self, column: &str, _is_array: bool, labels: &[String]) -> String {
        let labels: Vec<String> = labels.iter().map(|label| self.literal(label)).collect();
        format!("{column} IN ({})", labels.join(", "))
    }

    /// What stands before and after the statements of a script for the database's own client; `guarded` where a table
    /// is rebuilt in it.
    fn script_frame(&self, _guarded: bool) -> [&'static str; 2] {
        ["", ""]
    }

    /// A statement as the database's own client reads it from a script.
    fn for_client(&self, sql: &str) -> String {
        format!("{sql};\n")
    }

    /// The statements that make `changes`, which lead from `start` to `end` in this order.
    fn lower(&self, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step>;

    /// The pieces that make the same without those who use the database waiting; `None` where it cannot.
    fn lower_online(&self, _changes: &[Change], _start: &Schema, _end: &Schema, _how: &Online) -> Option<Staging> {
        None
    }

    /// The pieces that require a value in a new column, once every row has one.
    fn require_online(&self, _table: &TableName, _column: &Column, _how: &Online) -> Vec<Piece> {
        Vec::new()
    }

    /// What a change, made in the schema `now`, costs those who use its tables meanwhile.
    fn weigh(&self, _change: &Change, _now: &Schema, _scales: &Scales<'_>) -> Vec<Weight> {
        Vec::new()
    }

    /// The tables that [`Dialect::lower`] builds anew for these changes.
    fn rebuilt(&self, _changes: &[Change], _start: &Schema, _end: &Schema) -> BTreeSet<TableName> {
        BTreeSet::new()
    }

    /// The statements that make `schema`, which was read from such a database, in an empty one, with its objects.
    fn recreate(&self, schema: &Schema, default_schema: Option<&str>) -> Vec<Statement>;

    /// An identifier for SQL. The only place where names become SQL for this database.
    fn quote(&self, name: &str) -> String;

    /// A text literal for SQL. The only place where text becomes SQL for this database.
    fn literal(&self, text: &str) -> String;

    /// A type for SQL.
    fn type_sql(&self, ty: &Type) -> String;

    /// A column definition for SQL; `key` is the clause of the primary key where the column alone is the key and must
    /// say so itself.
    fn column_sql(&self, column: &Column, key: Option<&str>) -> String;

    /// The statement that makes this table where it is not `CREATE TABLE` with a list of columns.
    fn unlisted_table_sql(&self, _: &Table, _name: &TableName) -> Option<String> {
        None
    }

    /// What stands in `CREATE TABLE` behind columns and constraints.
    fn further_lines(&self, _: &Table) -> Vec<String> {
        Vec::new()
    }

    /// Whether `CREATE TABLE` makes indexes, too.
    fn makes_indexes_with_tables(&self) -> bool {
        false
    }

    /// What a foreign key does where nothing is said, if saying it makes no difference at all.
    fn unsaid_action(&self) -> Option<ReferentialAction> {
        Some(ReferentialAction::NoAction)
    }

    /// The words behind a check that is not enforced, where it can be made so.
    fn not_enforced_words(&self) -> &'static str {
        ""
    }

    /// What follows the closing parenthesis of `CREATE TABLE`.
    fn options_sql(&self, options: &TableOptions, comment: Option<&str>) -> String;

    /// `CREATE INDEX …`, in full.
    fn index_sql(&self, table: &TableName, index: &Index) -> String;

    /// `DROP INDEX …`, in full.
    fn drop_index_sql(&self, table: &TableName, name: &str) -> String;

    /// The words before the name in `ALTER TABLE … DROP …` of a foreign key.
    fn drop_foreign_key_words(&self) -> &'static str {
        "DROP CONSTRAINT"
    }

    /// Whether the primary key of `table` must stand at its column (SQLite's `AUTOINCREMENT`).
    fn key_at_column(&self, table: &Table) -> bool;

    /// A default for SQL.
    fn default_sql(&self, default: &DefaultValue) -> String {
        match default {
            DefaultValue::Null => "NULL".into(),
            DefaultValue::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.into(),
            DefaultValue::Number(digits) => digits.clone(),
            DefaultValue::Text(text) => self.literal(text),
            DefaultValue::Expression(sql) => ddl::default_expression(sql),
        }
    }

    /// A table's name for SQL.
    fn table_sql(&self, name: &TableName) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&name.name)),
            None => self.quote(&name.name),
        }
    }

    /// An enum type's name for SQL.
    fn enum_name_sql(&self, name: &EnumName) -> String {
        self.table_sql(&TableName { schema: name.schema.clone(), name: name.name.clone() })
    }
}

/// What SeaQuery says for a database, and exactly; it leaves the rest out, or panics on it.
pub(crate) struct Words {
    /// A comment as a part of a column, an index or a table. Where it is none, comments are statements of their own.
    pub comments_inline: bool,
    /// The name of a foreign key inside `CREATE TABLE`.
    pub names_of_inline_keys: bool,
    /// `ALTER TABLE … ADD FOREIGN KEY`.
    pub adding_keys: bool,
    /// Tables of another schema in indexes and foreign keys.
    pub qualified_names: bool,
    /// A column that is numbered without standing alone as the primary key.
    pub numbers_anywhere: bool,
}

/// The SQL that SeaQuery makes of a statement.
pub(crate) fn built_sql(backend: Backend, statement: &impl SchemaStatementBuilder) -> String {
    match backend {
        Backend::Sqlite => statement.to_string(SqliteQueryBuilder),
        Backend::Postgres => statement.to_string(PostgresQueryBuilder),
        Backend::Mysql | Backend::Mariadb => statement.to_string(MysqlQueryBuilder),
    }
}

/// The dialect of a database.
pub(crate) fn dialect(backend: Backend) -> &'static dyn Dialect {
    match backend {
        Backend::Sqlite => &sqlite::Sqlite,
        Backend::Postgres => &postgres::Postgres,
        Backend::Mysql => &mysql::Mysql { backend: Backend::Mysql },
        Backend::Mariadb => &mysql::Mysql { backend: Backend::Mariadb },
    }
}

/// The triggers and views that name a table, and those that name these: what a rebuild puts aside and back.
pub(crate) fn dependents<'s>(schema: &'s Schema, table: &TableName) -> Vec<&'s Object> {
    let mut names = BTreeSet::from([table]);
    loop {
        let touches = |object: &&Object| {
            object.table.as_ref().is_some_and(|table| names.contains(table))
                || object.depends_on.iter().any(|name| names.contains(name))
        };
        let found: Vec<&Object> = schema.objects.iter().filter(touches).collect();
        let before = names.len();
        names.extend(found.iter().filter(|object| object.kind == ObjectKind::View).map(|object| &object.name));
        if names.len() == before {
            return found;
        }
    }
}

/// The statements that make the tables and enum types of a spelled schema in an empty database.
pub(crate) fn create(dialect: &dyn Dialect, schema: &Schema) -> Vec<Statement> {
    let empty = Schema::default();
    let mut changes = order(compare(&empty, schema));
    // The tables behind a virtual one come with it.
    changes.retain(|change| !matches!(change, Change::CreateTable(table) if table.kind == TableKind::Shadow));
    let statements = dialect.lower(&changes, &empty, schema).into_iter().map(|step| step.statement);
    if dialect.makes_indexes_with_tables() { with_indexes(statements) } else { statements.collect() }
}

/// The same, with every index in the statement that makes its table.
fn with_indexes(statements: impl Iterator<Item = Statement>) -> Vec<Statement> {
    let mut gathered: Vec<Statement> = Vec::new();
    for statement in statements {
        let Statement::CreateIndex { table: name, index } = statement else {
            gathered.push(statement);
            continue;
        };
        let made = gathered.iter_mut().find_map(|made| match made {
            Statement::CreateTable(table) if table.name == name => Some(table),
            _ => None,
        });
        match made {
            Some(table) => table.indexes.push(index),
            None => gathered.push(Statement::CreateIndex { table: name, index }),
        }
    }
    gathered
}

/// A text that the database hides cannot be written again.
fn is_told(object: &&Object) -> bool {
    !object.definition.is_empty()
}

/// [`create`] with the objects in their order: those that tables may need before them, the others after.
fn create_among_objects(dialect: &dyn Dialect, schema: &Schema, first: impl Fn(ObjectKind) -> bool) -> Vec<Statement> {
    let (before, after): (Vec<&Object>, Vec<&Object>) =
        objects::in_order(&schema.objects).into_iter().filter(is_told).partition(|object| first(object.kind));
    let definition = |object: &Object| Statement::Raw(object.definition.clone());
    let mut statements: Vec<Statement> = before.into_iter().map(definition).collect();
    statements.extend(create(dialect, schema));
    statements.extend(after.into_iter().map(definition));
    statements
}

/// The statement that makes `table` under this name, without its indexes.
pub(crate) fn create_table_as(dialect: &dyn Dialect, table: &Table, name: &TableName) -> String {
    dialect.unlisted_table_sql(table, name).unwrap_or_else(|| ddl::create_table(dialect, table, name))
}
