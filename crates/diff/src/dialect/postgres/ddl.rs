//! PostgreSQL's own clauses.

use autogen_schema::{
    AutoIncrement, Column, GeneratedKind, Identity, IdentityMode, Index, IndexKey, IntegerWidth, NullsOrder, SortOrder,
    Table, TableName, TableOptions, Type,
};

use super::super::{Dialect, column_list};
use super::Postgres;

pub(super) fn column(dialect: &Postgres, column: &Column) -> String {
    let ty = match (&column.auto_increment, &column.ty) {
        (Some(AutoIncrement::Serial { .. }), Type::Integer { width: IntegerWidth::Small, .. }) => "smallserial".into(),
        (Some(AutoIncrement::Serial { .. }), Type::Integer { width: IntegerWidth::Big, .. }) => "bigserial".into(),
        (Some(AutoIncrement::Serial { .. }), Type::Integer { .. }) => "serial".into(),
        _ => dialect.type_sql(&column.ty),
    };
    let mut sql = format!("{} {ty}", dialect.quote(&column.name));
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", dialect.quote(collation)));
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
    for clause in &column.extra {
        sql.push_str(&format!(" {clause}"));
    }
    sql
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
    if !options.extra.is_empty() {
        sql.push_str(&format!(" WITH ({})", options.extra.join(", ")));
    }
    sql
}

pub(super) fn index(dialect: &Postgres, table: &TableName, index: &Index) -> String {
    let parts: Vec<String> = index.parts.iter().map(|part| index_part(dialect, part)).collect();
    let mut sql = format!(
        "CREATE {}INDEX {} ON {}",
        if index.unique { "UNIQUE " } else { "" },
        dialect.quote(&index.name),
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
        sql.push_str(&format!(" COLLATE {}", dialect.quote(collation)));
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

pub(super) fn comments(dialect: &Postgres, table: &Table) -> Vec<String> {
    let name = dialect.table_sql(&table.name);
    let mut statements = Vec::new();
    if let Some(comment) = &table.comment {
        statements.push(format!("COMMENT ON TABLE {name} IS {}", dialect.literal(comment)));
    }
    for column in table.columns.values() {
        if let Some(comment) = &column.comment {
            let column = dialect.quote(&column.name);
            statements.push(format!("COMMENT ON COLUMN {name}.{column} IS {}", dialect.literal(comment)));
        }
    }
    for index in &table.indexes {
        if let Some(comment) = &index.comment {
            let index = dialect.table_sql(&TableName { schema: table.name.schema.clone(), name: index.name.clone() });
            statements.push(format!("COMMENT ON INDEX {index} IS {}", dialect.literal(comment)));
        }
    }
    statements
}
