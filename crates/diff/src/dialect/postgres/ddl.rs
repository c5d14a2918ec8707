//! PostgreSQL's own clauses.

use autogen_schema::{
    AutoIncrement, Column, EnumType, GeneratedKind, Identity, IdentityMode, Index, IndexKey, IntegerWidth, NullsOrder,
    SortOrder, Table, TableName, TableOptions, Type,
};

use super::super::{Dialect, column_list};
use super::sequences::{self, OwnSequence};
use super::{Postgres, create};
use crate::statement::Statement;

pub(super) fn column(dialect: &Postgres, column: &Column) -> String {
    let ty = match (&column.auto_increment, &column.ty) {
        (Some(AutoIncrement::Serial { .. }), Type::Integer { width: IntegerWidth::Small, .. }) => "smallserial".into(),
        (Some(AutoIncrement::Serial { .. }), Type::Integer { width: IntegerWidth::Big, .. }) => "bigserial".into(),
        (Some(AutoIncrement::Serial { .. }), Type::Integer { .. }) => "serial".into(),
        _ => dialect.type_sql(&column.ty),
    };
    let mut sql = format!("{} {ty}", dialect.quote(&column.name));
    for clause in column.extra.iter().filter(|clause| is_inline(clause)) {
        sql.push_str(&format!(" {clause}"));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", collation_sql(dialect, collation)));
    }
    if !column.nullable {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {}", dialect.default_sql(default)));
    }
    if let Some(AutoIncrement::Identity(identity)) = &column.auto_increment {
        sql.push_str(&format!(" {}", identity_clause(&column.ty, identity)));
    }
    if let Some(generated) = &column.generated {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    sql
}

/// Whether a clause stands in the definition of its column: where a foreign table finds it.
pub(super) fn is_inline(clause: &str) -> bool {
    clause.starts_with("OPTIONS ")
}

/// Whether an option of a table says where the rows of a foreign one are.
pub(super) fn is_server(option: &str) -> bool {
    option.starts_with("SERVER ")
}

/// The statements that add a column with all that is said of it.
pub(super) fn add_column(dialect: &Postgres, table: &TableName, mut column: Column) -> Vec<Statement> {
    let sequence = sequences::of_column(dialect, table, &mut column);
    let mut behind = create::storage(dialect, table, &column);
    behind.extend(column.comment.as_ref().map(|comment| comment_on_column(dialect, table, &column.name, comment)));
    let add = Statement::AddColumn { table: table.clone(), column };
    match sequence {
        Some(OwnSequence { create, give }) => [create, add, give].into_iter().chain(behind).collect(),
        None => std::iter::once(add).chain(behind).collect(),
    }
}

/// The statements that make an index with its comment.
pub(super) fn create_index(dialect: &Postgres, table: &TableName, index: Index) -> Vec<Statement> {
    let comment = comment_on_index(dialect, table, &index);
    std::iter::once(Statement::CreateIndex { table: table.clone(), index }).chain(comment).collect()
}

/// The statement that comments on an index, where it has a comment.
pub(super) fn comment_on_index(dialect: &Postgres, table: &TableName, index: &Index) -> Option<Statement> {
    // An index lives in the schema of its table.
    let name = dialect.table_sql(&TableName { schema: table.schema.clone(), name: index.name.clone() });
    index.comment.as_ref().map(|text| comment_on(dialect, &format!("INDEX {name}"), text))
}

/// The statements that make an enum type with its comment.
pub(super) fn create_enum(dialect: &Postgres, ty: EnumType) -> Vec<Statement> {
    let name = dialect.enum_name_sql(&ty.name);
    let comment = ty.comment.as_ref().map(|text| comment_on(dialect, &format!("TYPE {name}"), text));
    std::iter::once(Statement::CreateEnum(ty)).chain(comment).collect()
}

/// The statement that makes a schema for what is to lie in it, unless it is there.
pub(super) fn create_schema(dialect: &Postgres, name: &str) -> Statement {
    Statement::Raw(format!("CREATE SCHEMA IF NOT EXISTS {}", dialect.quote(name)))
}

/// A collation's name, which the schema holds as [`TableName::to_key`] writes it, in SQL.
pub(super) fn collation_sql(dialect: &Postgres, collation: &str) -> String {
    let Ok(name) = collation.parse::<TableName>();
    dialect.table_sql(&name)
}

/// `GENERATED … AS IDENTITY`, with its options where they are not the server's defaults.
pub(super) fn identity_clause(ty: &Type, identity: &Identity) -> String {
    let mode = match identity.mode {
        IdentityMode::Always => "ALWAYS",
        IdentityMode::ByDefault => "BY DEFAULT",
    };
    let plain = Identity { mode: IdentityMode::ByDefault, ..identity.clone() };
    if Postgres.is_plain_identity(ty, &plain) {
        return format!("GENERATED {mode} AS IDENTITY");
    }
    let cycle = if identity.cycle { " CYCLE" } else { "" };
    format!(
        "GENERATED {mode} AS IDENTITY (START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {}{cycle})",
        identity.start, identity.increment, identity.min, identity.max, identity.cache
    )
}

pub(super) fn options(dialect: &Postgres, options: &TableOptions) -> String {
    let mut sql = String::new();
    if !options.inherits.is_empty() {
        let parents: Vec<String> = options.inherits.iter().map(|name| dialect.table_sql(name)).collect();
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(partition) = &options.partition {
        sql.push_str(&format!(" PARTITION BY {partition}"));
    }
    let (server, storage): (Vec<&String>, Vec<&String>) = options.extra.iter().partition(|option| is_server(option));
    for server in server {
        sql.push_str(&format!(" {server}"));
    }
    if !storage.is_empty() {
        let storage: Vec<&str> = storage.into_iter().map(String::as_str).collect();
        sql.push_str(&format!(" WITH ({})", storage.join(", ")));
    }
    sql
}

pub(super) fn index(dialect: &Postgres, table: &TableName, index: &Index) -> String {
    index_as(dialect, table, index, "")
}

/// `CREATE INDEX` with these words before the name.
pub(super) fn index_as(dialect: &Postgres, table: &TableName, index: &Index, words: &str) -> String {
    let parts: Vec<String> = index.parts.iter().map(|part| index_part(dialect, part)).collect();
    // On a partitioned table an index is invalid while a partition lacks its part; `ONLY` makes it so.
    let mut sql = format!(
        "CREATE {}INDEX {words}{} ON {}{}",
        if index.unique { "UNIQUE " } else { "" },
        dialect.quote(&index.name),
        if index.invalid { "ONLY " } else { "" },
        dialect.table_sql(table)
    );
    if let Some(method) = &index.method {
        sql.push_str(&format!(" USING {method}"));
    }
    sql.push_str(&format!(" ({})", parts.join(", ")));
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", column_list(dialect, &index.include)));
    }
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !index.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", index.options.join(", ")));
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    sql
}

fn index_part(dialect: &Postgres, part: &autogen_schema::IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => dialect.quote(name),
        IndexKey::Expression(sql) => format!("({sql})"),
    };
    if let Some(collation) = &part.collation {
        sql.push_str(&format!(" COLLATE {}", collation_sql(dialect, collation)));
    }
    if let Some(class) = &part.operator_class {
        sql.push_str(&format!(" {class}"));
    }
    match part.order {
        SortOrder::Ascending => {}
        SortOrder::Descending => sql.push_str(" DESC"),
    }
    match part.nulls {
        None => {}
        Some(NullsOrder::First) => sql.push_str(" NULLS FIRST"),
        Some(NullsOrder::Last) => sql.push_str(" NULLS LAST"),
    }
    sql
}

/// The statements that comment on a table and its columns.
pub(super) fn comments(dialect: &Postgres, table: &Table) -> Vec<Statement> {
    let noun = if table.options.extra.iter().any(|option| is_server(option)) { "FOREIGN TABLE" } else { "TABLE" };
    let target = format!("{noun} {}", dialect.table_sql(&table.name));
    let of_table = table.comment.iter().map(|comment| comment_on(dialect, &target, comment));
    let of_columns = table
        .columns
        .values()
        .filter_map(|column| Some(comment_on_column(dialect, &table.name, &column.name, column.comment.as_ref()?)));
    of_table.chain(of_columns).collect()
}

fn comment_on_column(dialect: &Postgres, table: &TableName, column: &str, comment: &str) -> Statement {
    comment_on(dialect, &format!("COLUMN {}.{}", dialect.table_sql(table), dialect.quote(column)), comment)
}

fn comment_on(dialect: &Postgres, target: &str, comment: &str) -> Statement {
    Statement::Raw(format!("COMMENT ON {target} IS {}", dialect.literal(comment)))
}
