//! Changing what a column is. See https://www.postgresql.org/docs/current/sql-altertable.html

use autogen_schema::{AutoIncrement, Column, Generated, Identity, IdentityMode, Schema, Table, TableName, Type};

use super::super::{Dialect, check_clause, unique_clause};
use super::identity::after_type;
use super::lower::alter as alter_table;
use super::{Postgres, ddl};
use crate::identifiers::mentions;
use crate::statement::Statement;

/// The statements that make `to` of `from`; `now` is the schema meanwhile.
pub(super) fn alter(
    dialect: &Postgres,
    table: &TableName,
    (from, to): (&Column, &Column),
    now: &Schema,
) -> Vec<Statement> {
    if is_made_anew(from, to) {
        return make_anew(dialect, table, to, now);
    }
    let name = dialect.quote(&to.name);
    let alter = |clause: &str| alter_table(dialect, table, &format!("ALTER COLUMN {name} {clause}"));
    let set_nullable = |nullable| Statement::SetNullable { table: table.clone(), column: to.name.clone(), nullable };
    let mut statements = Vec::new();
    let retyped = is_retyped(from, to);
    let redefaulted = from.default != to.default;
    // The old default may not fit the new type, and the server would try to convert it.
    let default_aside = from.default.is_some() && (redefaulted || (retyped && !converts_alone(&from.ty, &to.ty)));
    if default_aside {
        statements.push(Statement::DropDefault { table: table.clone(), column: to.name.clone() });
    }
    if from.generated.is_some() && to.generated.is_none() {
        statements.push(alter("DROP EXPRESSION"));
    }
    if retyped {
        statements.push(set_type(dialect, table, from, to));
    }
    // An identity needs a required column at every moment.
    if from.nullable && !to.nullable {
        statements.push(set_nullable(false));
    }
    statements.extend(renumber(dialect, table, from, to));
    if let Some(default) = to.default.clone().filter(|_| redefaulted || default_aside) {
        statements.push(Statement::SetDefault { table: table.clone(), column: to.name.clone(), default });
    }
    if !from.nullable && to.nullable {
        statements.push(set_nullable(true));
    }
    let stored = |clause: &&String| !ddl::is_inline(clause) && !from.extra.contains(clause);
    statements.extend(to.extra.iter().filter(stored).map(|clause| alter(&format!("SET {clause}"))));
    if from.comment != to.comment {
        let comment = to.comment.as_ref().map_or_else(|| "NULL".into(), |comment| dialect.literal(comment));
        statements.push(Statement::Raw(format!("COMMENT ON COLUMN {}.{name} IS {comment}", dialect.table_sql(table))));
    }
    statements
}

/// Whether the values are converted, which the server refuses below a view.
pub(super) fn is_retyped(from: &Column, to: &Column) -> bool {
    from.ty != to.ty || from.collation != to.collation
}

/// The server takes an expression away and cannot give one.
pub(super) fn is_made_anew(from: &Column, to: &Column) -> bool {
    let expression = |column: &Column| column.generated.clone().map(|Generated { expression, .. }| expression);
    to.generated.is_some() && expression(from) != expression(to)
}

/// Drops the column and adds it, and puts back what goes with it.
fn make_anew(dialect: &Postgres, table: &TableName, to: &Column, now: &Schema) -> Vec<Statement> {
    let mut statements = vec![Statement::DropColumn { table: table.clone(), name: to.name.clone() }];
    statements.extend(ddl::add_column(dialect, table, to.clone()));
    if let Some(holder) = now.tables.get(table) {
        statements.extend(put_back(dialect, holder, &to.name));
    }
    statements
}

fn put_back(dialect: &Postgres, table: &Table, column: &str) -> Vec<Statement> {
    let add = |clause: String| alter_table(dialect, &table.name, &format!("ADD {clause}"));
    let is_over = |names: &[String]| names.iter().any(|name| name == column);
    let uniques = table.uniques.iter().filter(|unique| is_over(&unique.columns) || is_over(&unique.include));
    let mut statements: Vec<Statement> = uniques.map(|unique| add(unique_clause(dialect, unique))).collect();
    let checks = table.checks.iter().filter(|check| mentions(&check.expression, column));
    statements.extend(checks.map(|check| add(check_clause(dialect, check))));
    for index in table.indexes.iter().filter(|index| super::enums::index_mentions(index, column)) {
        statements.extend(ddl::create_index(dialect, &table.name, index.clone()));
    }
    statements
}

fn set_type(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Statement {
    let alone = converts_alone(&from.ty, &to.ty);
    if to.collation.is_none() && alone {
        return Statement::SetType { table: table.clone(), column: to.name.clone(), ty: to.ty.clone() };
    }
    let (name, ty) = (dialect.quote(&to.name), dialect.type_sql(&to.ty));
    let collation =
        to.collation.as_ref().map(|name| format!(" COLLATE {}", ddl::collation_sql(dialect, name))).unwrap_or_default();
    // Through text: almost every type has a form of its values as text that the other one reads.
    let text = match (&from.ty, &to.ty) {
        (Type::Boolean, Type::Integer { .. }) | (Type::Integer { .. }, Type::Boolean) => "::integer",
        (Type::Array { .. }, Type::Array { .. }) => "::text[]",
        (Type::Json, Type::JsonBinary) | (Type::JsonBinary, Type::Json) => "",
        _ => "::text",
    };
    let using = match alone {
        true => String::new(),
        // As text it is there; an explicit cast to varchar(3) would cut what is longer without a word.
        false if is_text(&to.ty) => format!(" USING {name}::text"),
        false => format!(" USING {name}{text}::{ty}"),
    };
    alter_table(dialect, table, &format!("ALTER COLUMN {name} TYPE {ty}{collation}{using}"))
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. })
}

/// Whether the server converts by itself, by an assignment cast. See `\dC` in psql.
fn converts_alone(from: &Type, to: &Type) -> bool {
    let is_number = |ty: &Type| matches!(ty, Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. });
    let is_moment = |ty: &Type| matches!(ty, Type::Date | Type::DateTime { .. } | Type::TimestampWithTimeZone { .. });
    [is_number as fn(&Type) -> bool, is_text, is_moment].iter().any(|family| family(from) && family(to))
        || matches!((from, to), (Type::Time { .. }, Type::Time { .. }) | (Type::Interval { .. }, Type::Interval { .. }))
        || matches!((from, to), (Type::VarBit { .. }, Type::VarBit { .. }))
}

/// Takes the old way of numbering away and gives the new one, which goes on after the largest number there is.
fn renumber(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Vec<Statement> {
    use AutoIncrement::{Identity as AsIdentity, Keyword, Serial, Unspecified};
    if from.auto_increment == to.auto_increment && from.ty == to.ty {
        return Vec::new();
    }
    let name = dialect.quote(&to.name);
    let alter = |clause: &str| alter_table(dialect, table, &format!("ALTER COLUMN {name} {clause}"));
    let mut statements = Vec::new();
    match (&from.auto_increment, &to.auto_increment) {
        (Some(AsIdentity(_)), Some(AsIdentity(identity))) => {
            let already = from.auto_increment.as_ref().map(|numbering| after_type(numbering, &from.ty, &to.ty));
            let stays = already == to.auto_increment;
            return if stays { Vec::new() } else { vec![alter(&set_identity(identity))] };
        }
        (Some(Serial { sequence }), Some(Serial { .. })) => {
            let ty = dialect.type_sql(&to.ty);
            return vec![Statement::Raw(format!("ALTER SEQUENCE {} AS {ty}", sequence_sql(dialect, sequence)))];
        }
        (Some(AsIdentity(_)), _) => statements.push(alter("DROP IDENTITY")),
        (Some(Serial { sequence }), _) => {
            statements.push(alter("DROP DEFAULT"));
            statements.push(Statement::Raw(format!("DROP SEQUENCE {}", sequence_sql(dialect, sequence))));
        }
        (None | Some(Keyword | Unspecified), _) => {}
    }
    let table_sql = dialect.table_sql(table);
    let go_on = |sequence: &str| {
        Statement::Raw(format!(
            "SELECT setval({sequence}, max({name})) FROM {table_sql} HAVING max({name}) IS NOT NULL"
        ))
    };
    match &to.auto_increment {
        None | Some(Keyword | Unspecified) => {}
        Some(AsIdentity(identity)) => {
            let (table, column) = (dialect.literal(&table_sql), dialect.literal(&to.name));
            statements.push(alter(&format!("ADD {}", ddl::identity_clause(&to.ty, identity))));
            statements.push(go_on(&format!("pg_get_serial_sequence({table}, {column})")));
        }
        Some(Serial { sequence }) => {
            let sequence = sequence_sql(dialect, sequence);
            let (quoted, ty) = (dialect.literal(&sequence), dialect.type_sql(&to.ty));
            statements.push(Statement::Raw(format!("CREATE SEQUENCE {sequence} AS {ty} OWNED BY {table_sql}.{name}")));
            statements.push(go_on(&quoted));
            statements.push(alter(&format!("SET DEFAULT nextval({quoted})")));
        }
    }
    statements
}

fn set_identity(identity: &Identity) -> String {
    let mode = match identity.mode {
        IdentityMode::Always => "ALWAYS",
        IdentityMode::ByDefault => "BY DEFAULT",
    };
    let cycle = if identity.cycle { "CYCLE" } else { "NO CYCLE" };
    format!(
        "SET GENERATED {mode} SET START WITH {} SET INCREMENT BY {} SET MINVALUE {} SET MAXVALUE {} SET CACHE {} \
         SET {cycle}",
        identity.start, identity.increment, identity.min, identity.max, identity.cache
    )
}

fn sequence_sql(dialect: &Postgres, sequence: &str) -> String {
    let Ok(name) = sequence.parse::<TableName>();
    dialect.table_sql(&name)
}
