//! PostgreSQL alters everything in place.

use autogen_schema::{AutoIncrement, Check, Column, PrimaryKey, Schema, TableName, Type, Unique};

use super::super::{Dialect, check_clause, primary_key_clause, unique_clause};
use super::{Postgres, create, ddl, enums};
use crate::change::TableDetails;
use crate::statement::Statement;
use crate::{Change, Step};

pub(super) fn lower(dialect: &Postgres, changes: &[Change], start: &Schema, end: &Schema) -> Vec<Step> {
    let mut now = start.clone();
    let mut steps = Vec::new();
    for change in changes {
        let schema = create::new_schema(dialect, change, &now).into_iter();
        steps.extend(Step::of(change, schema.chain(statements(dialect, change, &now)).collect()));
        // The law tests hold that an ordered plan applies.
        let applied = change.apply(&mut now);
        debug_assert!(applied.is_ok(), "{applied:?}");
    }
    debug_assert_eq!(now.tables.len(), end.tables.len(), "the changes lead to the end");
    steps
}

fn statements(dialect: &Postgres, change: &Change, now: &Schema) -> Vec<Statement> {
    match change.clone() {
        Change::CreateTable(table) => create::create_table(dialect, &table, now),
        Change::DropTable(table) => vec![Statement::DropTable(table.name)],
        Change::RenameTable { from, to } => vec![Statement::RenameTable { from, to }],
        Change::AddColumn { table, column } => ddl::add_column(dialect, &table, column),
        Change::DropColumn { table, column } => vec![Statement::DropColumn { table, name: column.name }],
        Change::RenameColumn { table, from, to } => vec![Statement::RenameColumn { table, from, to }],
        Change::AlterColumn { table, from, to } => alter_column(dialect, &table, &from, &to),
        Change::SetPrimaryKey { table, from, to } => set_primary_key(dialect, &table, from.as_ref(), to.as_ref()),
        Change::AddIndex { table, index } => ddl::create_index(dialect, &table, index),
        Change::DropIndex { table, index } => vec![Statement::DropIndex { table, name: index.name }],
        Change::RenameIndex { table, from, to } => {
            let old = TableName { schema: table.schema, name: from.name };
            vec![Statement::Raw(format!(
                "ALTER INDEX {} RENAME TO {}",
                dialect.table_sql(&old),
                dialect.quote(&to.name)
            ))]
        }
        Change::AddUnique { table, unique } => {
            let unique = Unique { name: Some(unique_name(&table, &unique)), ..unique };
            vec![alter(dialect, &table, &format!("ADD {}", unique_clause(dialect, &unique)))]
        }
        Change::DropUnique { table, unique } => {
            vec![drop_constraint(dialect, &table, &unique_name(&table, &unique))]
        }
        Change::AddForeignKey { table, key } => vec![Statement::AddForeignKey { table, key }],
        Change::DropForeignKey { table, key } => {
            let name = key.name.clone().unwrap_or_else(|| server_name(&table, &key.columns, "fkey"));
            vec![Statement::DropForeignKey { table, name }]
        }
        Change::AddCheck { table, check } => {
            let check = Check { name: Some(check_name(&table, &check)), ..check };
            let not_valid = if check.not_valid { " NOT VALID" } else { "" };
            vec![alter(dialect, &table, &format!("ADD {}{not_valid}", check_clause(dialect, &check)))]
        }
        Change::DropCheck { table, check } => vec![drop_constraint(dialect, &table, &check_name(&table, &check))],
        Change::CreateEnum(ty) => ddl::create_enum(dialect, ty),
        Change::DropEnum(ty) => vec![Statement::DropEnum(ty.name)],
        Change::AlterEnum { from, to } => enums::alter(dialect, &from, &to, now),
        Change::RenameEnumValue { ty, from, to } => vec![Statement::Raw(format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            dialect.enum_name_sql(&ty),
            dialect.literal(&from),
            dialect.literal(&to)
        ))],
        Change::SetTableOptions { table, from, to } => set_options(dialect, &table, &from, &to),
    }
}

/// `ALTER TABLE … <clause>` as one raw statement.
pub(super) fn alter(dialect: &Postgres, table: &TableName, clause: &str) -> Statement {
    Statement::Raw(format!("ALTER TABLE {} {clause}", dialect.table_sql(table)))
}

fn drop_constraint(dialect: &Postgres, table: &TableName, name: &str) -> Statement {
    alter(dialect, table, &format!("DROP CONSTRAINT {}", dialect.quote(name)))
}

/// The name that the server gives to a constraint that has none; said in full, so that it can be dropped by it.
fn server_name(table: &TableName, columns: &[String], suffix: &str) -> String {
    Postgres.spell_name(&format!("{}_{}_{suffix}", table.name, columns.join("_")))
}

fn unique_name(table: &TableName, unique: &Unique) -> String {
    unique.name.clone().unwrap_or_else(|| server_name(table, &unique.columns, "key"))
}

fn check_name(table: &TableName, check: &Check) -> String {
    let columns: Vec<String> = check.column.iter().cloned().collect();
    check.name.clone().unwrap_or_else(|| match columns.is_empty() {
        true => format!("{}_check", table.name),
        false => server_name(table, &columns, "check"),
    })
}

fn alter_column(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Vec<Statement> {
    let name = dialect.quote(&to.name);
    let alter = |clause: &str| alter(dialect, table, &format!("ALTER COLUMN {name} {clause}"));
    let mut statements = Vec::new();
    let retyped = from.ty != to.ty || from.collation != to.collation;
    let redefaulted = from.default != to.default;
    // The old default may not fit the new type, and the server would try to convert it.
    let default_aside = from.default.is_some() && (redefaulted || (retyped && !converts_alone(&from.ty, &to.ty)));
    if default_aside {
        statements.push(Statement::DropDefault { table: table.clone(), column: to.name.clone() });
    }
    if matches!((&from.generated, &to.generated), (Some(_), None)) {
        statements.push(alter("DROP EXPRESSION"));
    }
    if retyped {
        statements.push(set_type(dialect, table, from, to));
    }
    if from.auto_increment != to.auto_increment {
        statements.extend(renumber(dialect, table, from, to));
    }
    if let Some(default) = to.default.clone().filter(|_| redefaulted || default_aside) {
        statements.push(Statement::SetDefault { table: table.clone(), column: to.name.clone(), default });
    }
    if from.nullable != to.nullable {
        statements.push(Statement::SetNullable {
            table: table.clone(),
            column: to.name.clone(),
            nullable: to.nullable,
        });
    }
    if from.comment != to.comment {
        let comment = to.comment.as_ref().map_or_else(|| "NULL".into(), |comment| dialect.literal(comment));
        statements.push(Statement::Raw(format!("COMMENT ON COLUMN {}.{name} IS {comment}", dialect.table_sql(table))));
    }
    statements
}

fn set_type(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Statement {
    if to.collation.is_none() && converts_alone(&from.ty, &to.ty) {
        return Statement::SetType { table: table.clone(), column: to.name.clone(), ty: to.ty.clone() };
    }
    let (name, ty) = (dialect.quote(&to.name), dialect.type_sql(&to.ty));
    let collation =
        to.collation.as_ref().map(|name| format!(" COLLATE {}", ddl::collation_sql(dialect, name))).unwrap_or_default();
    // Through text: almost every type has a form of its values as text that the other one reads.
    let text = match (&from.ty, &to.ty) {
        (Type::Boolean, Type::Integer { .. }) | (Type::Integer { .. }, Type::Boolean) => "::integer",
        (Type::Array { .. }, Type::Array { .. }) => "",
        (Type::Json, Type::JsonBinary) | (Type::JsonBinary, Type::Json) => "",
        _ => "::text",
    };
    alter(dialect, table, &format!("ALTER COLUMN {name} TYPE {ty}{collation} USING {name}{text}::{ty}"))
}

/// Whether the server converts by itself, by an assignment cast. See `\dC` in psql.
fn converts_alone(from: &Type, to: &Type) -> bool {
    let is_number = |ty: &Type| matches!(ty, Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. });
    let is_text = |ty: &Type| matches!(ty, Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. });
    let is_moment = |ty: &Type| matches!(ty, Type::Date | Type::DateTime { .. } | Type::TimestampWithTimeZone { .. });
    [is_number as fn(&Type) -> bool, is_text, is_moment].iter().any(|family| family(from) && family(to))
        || matches!((from, to), (Type::Time { .. }, Type::Time { .. }) | (Type::Interval { .. }, Type::Interval { .. }))
        || matches!((from, to), (Type::VarBit { .. }, Type::VarBit { .. }))
}

/// Takes the old way of numbering away and gives the new one, which goes on after the largest number there is.
fn renumber(dialect: &Postgres, table: &TableName, from: &Column, to: &Column) -> Vec<Statement> {
    let name = dialect.quote(&to.name);
    let alter = |clause: &str| alter(dialect, table, &format!("ALTER COLUMN {name} {clause}"));
    let mut statements = Vec::new();
    match &from.auto_increment {
        None => {}
        Some(AutoIncrement::Identity(_)) => statements.push(alter("DROP IDENTITY")),
        Some(AutoIncrement::Serial { sequence }) => {
            statements.push(alter("DROP DEFAULT"));
            statements.push(Statement::Raw(format!("DROP SEQUENCE {}", sequence_sql(dialect, sequence))));
        }
        Some(AutoIncrement::Keyword | AutoIncrement::Unspecified) => {}
    }
    let table_sql = dialect.table_sql(table);
    match &to.auto_increment {
        None | Some(AutoIncrement::Keyword | AutoIncrement::Unspecified) => {}
        Some(AutoIncrement::Identity(identity)) => {
            statements.push(alter(&format!("ADD {}", ddl::identity_clause(&to.ty, identity))));
            statements.push(Statement::Raw(format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), COALESCE(max({name}), 1), max({name}) IS NOT NULL) FROM {table_sql}",
                dialect.literal(&table_sql),
                dialect.literal(&to.name),
            )));
        }
        Some(AutoIncrement::Serial { sequence }) => {
            let sequence_name = sequence_sql(dialect, sequence);
            let quoted = dialect.literal(&sequence_name);
            statements.push(Statement::Raw(format!("CREATE SEQUENCE {sequence_name} OWNED BY {table_sql}.{name}")));
            statements.push(Statement::Raw(format!(
                "SELECT setval({quoted}, COALESCE(max({name}), 1), max({name}) IS NOT NULL) FROM {table_sql}"
            )));
            statements.push(alter(&format!("SET DEFAULT nextval({quoted})")));
        }
    }
    statements
}

fn sequence_sql(dialect: &Postgres, sequence: &str) -> String {
    let Ok(name) = sequence.parse::<TableName>();
    dialect.table_sql(&name)
}

fn set_primary_key(
    dialect: &Postgres,
    table: &TableName,
    from: Option<&PrimaryKey>,
    to: Option<&PrimaryKey>,
) -> Vec<Statement> {
    let name =
        |key: &PrimaryKey| key.name.clone().unwrap_or_else(|| Postgres.spell_name(&format!("{}_pkey", table.name)));
    let drop = from.map(|key| drop_constraint(dialect, table, &name(key)));
    let add = to.map(|key| {
        let key = PrimaryKey { name: Some(name(key)), ..key.clone() };
        alter(dialect, table, &format!("ADD {}", primary_key_clause(dialect, &key)))
    });
    drop.into_iter().chain(add).collect()
}

fn set_options(dialect: &Postgres, table: &TableName, from: &TableDetails, to: &TableDetails) -> Vec<Statement> {
    let mut statements = Vec::new();
    if from.comment != to.comment {
        let comment = to.comment.as_ref().map_or_else(|| "NULL".into(), |comment| dialect.literal(comment));
        statements.push(Statement::Raw(format!("COMMENT ON TABLE {} IS {comment}", dialect.table_sql(table))));
    }
    if from.options.unlogged != to.options.unlogged {
        statements.push(alter(dialect, table, if to.options.unlogged { "SET UNLOGGED" } else { "SET LOGGED" }));
    }
    statements
}
