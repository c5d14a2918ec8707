//! What SeaORM's statements say, as a schema.

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use autogen_schema::{
    AutoIncrement, BlobSize, Column, DefaultValue, EnumName, EnumType, ForeignKey, Index, IntegerWidth, Origin,
    PrimaryKey, ReferentialAction, Schema, Table, TableName, Type, Unique,
};
use sea_orm::sea_query::{
    ColumnDef, ColumnType, Expr, ForeignKeyAction, IndexCreateStatement, Keyword, StringLen, TableCreateStatement,
    TableForeignKey, TableRef, Value,
};
use sea_orm::{DbBackend, EntityTrait};

/// The schema that SeaORM gives for the entities added so far.
#[derive(Default)]
pub(crate) struct Judge {
    pub(crate) schema: Schema,
    /// The columns that have `extra` SQL, by table and name.
    pub(crate) with_extra: BTreeSet<(String, String)>,
}

impl Judge {
    pub(crate) fn add<E: EntityTrait>(&mut self) {
        // SQLite's statement keeps enum types as they are, and PostgreSQL's index keeps the schema.
        let create = catch_unwind(|| sea_orm::Schema::new(DbBackend::Sqlite).create_table_from_entity(E::default()))
            .expect("SeaORM makes a statement");
        let indexes = catch_unwind(|| sea_orm::Schema::new(DbBackend::Postgres).create_index_from_entity(E::default()))
            .expect("SeaORM makes the indexes");
        let enums = catch_unwind(|| sea_orm::Schema::new(DbBackend::Postgres).create_enum_from_entity(E::default()))
            .expect("SeaORM makes the types");
        let mut table = self.table(&create);
        table.indexes = indexes.iter().map(index).collect();
        let types: Vec<EnumType> = table.columns.values().filter_map(|column| enum_type(&column.ty)).collect();
        assert_eq!(types.len(), enums.len(), "SeaORM makes a type for each column that is directly an enum");
        self.schema.enums.extend(types.into_iter().map(|ty| (ty.name.clone(), ty)));
        self.schema.insert(table);
    }

    fn table(&mut self, create: &TableCreateStatement) -> Table {
        let mut table = Table::new(table_name(create.get_table_name().expect("a table has a name")));
        table.comment = create.get_comment().cloned();
        for definition in create.get_columns() {
            let column = column(definition);
            let spec = definition.get_column_spec();
            if spec.unique {
                table.uniques.push(Unique::new([column.name.clone()]));
            }
            if spec.primary_key {
                table.primary_key = Some(PrimaryKey::new([column.name.clone()]));
            }
            if spec.extra.is_some() {
                self.with_extra.insert((table.name.name.clone(), column.name.clone()));
            }
            table.columns.insert(column.name.clone(), column);
        }
        for key in create.get_indexes().iter().filter(|index| index.is_primary_key()) {
            let mut primary = PrimaryKey::new(key.get_index_spec().get_column_names());
            primary.name = key.get_index_spec().get_name().map(str::to_owned);
            table.primary_key = Some(primary);
        }
        let keys = create.get_foreign_key_create_stmts();
        table.foreign_keys = keys.iter().map(|statement| foreign_key(statement.get_foreign_key())).collect();
        table
    }
}

fn table_name(reference: &TableRef) -> TableName {
    let TableRef::Table(name, _) = reference else { panic!("an entity's table is a table") };
    let schema = name.0.as_ref().map(|schema| schema.1.to_string());
    TableName { schema, name: name.1.to_string() }
}

fn column(definition: &ColumnDef) -> Column {
    let spec = definition.get_column_spec();
    let mut column = Column::new(
        definition.get_column_name(),
        ty(definition.get_column_type().expect("an entity's column has a type")),
    );
    column.nullable = spec.nullable != Some(false);
    column.default = spec.default.as_ref().map(default);
    column.auto_increment = spec.auto_increment.then_some(AutoIncrement::Unspecified);
    column.comment = spec.comment.as_deref().and_then(comment);
    column
}

/// SeaORM hides `renamed_from` in the comment; for us it is a rename.
fn comment(text: &str) -> Option<String> {
    let own = text.split("renamed_from \"").next().unwrap_or_default().trim_end_matches("; ");
    (!own.is_empty()).then(|| own.to_owned())
}

fn ty(ty: &ColumnType) -> Type {
    let signed = Type::integer;
    let unsigned = |width| Type::Integer { width, unsigned: true };
    match ty {
        ColumnType::Char(length) => Type::Char { length: *length },
        ColumnType::String(length) => Type::Varchar { length: limit(*length) },
        ColumnType::Text => Type::text(),
        ColumnType::Blob => Type::Blob { size: BlobSize::Regular },
        ColumnType::TinyInteger => signed(IntegerWidth::Tiny),
        ColumnType::SmallInteger => signed(IntegerWidth::Small),
        ColumnType::Integer => signed(IntegerWidth::Regular),
        ColumnType::BigInteger => signed(IntegerWidth::Big),
        ColumnType::TinyUnsigned => unsigned(IntegerWidth::Tiny),
        ColumnType::SmallUnsigned => unsigned(IntegerWidth::Small),
        ColumnType::Unsigned => unsigned(IntegerWidth::Regular),
        ColumnType::BigUnsigned => unsigned(IntegerWidth::Big),
        ColumnType::Float => Type::Float,
        ColumnType::Double => Type::Double,
        ColumnType::Decimal(precision) => Type::Decimal { precision: *precision },
        ColumnType::DateTime => Type::DateTime { precision: None },
        ColumnType::Timestamp => Type::Timestamp { precision: None },
        ColumnType::TimestampWithTimeZone => Type::TimestampWithTimeZone { precision: None },
        ColumnType::Time => Type::Time { precision: None, with_time_zone: false },
        ColumnType::Date => Type::Date,
        ColumnType::Year => Type::Year,
        ColumnType::Interval(fields, precision) => Type::Interval {
            fields: fields.as_ref().map(|fields| format!("{fields}").to_lowercase()),
            precision: *precision,
        },
        ColumnType::Binary(length) => Type::Binary { length: *length },
        ColumnType::VarBinary(length) => Type::VarBinary { length: limit(*length) },
        ColumnType::Bit(length) => Type::Bit { length: *length },
        ColumnType::VarBit(length) => Type::VarBit { length: Some(*length) },
        ColumnType::Boolean => Type::Boolean,
        ColumnType::Money(_) => Type::Money,
        ColumnType::Json => Type::Json,
        ColumnType::JsonBinary => Type::JsonBinary,
        ColumnType::Uuid => Type::Uuid,
        ColumnType::Custom(text) => Type::other(text.to_string()),
        ColumnType::Enum { name, variants } => Type::Enum {
            name: Some(EnumName::bare(name.to_string())),
            labels: variants.iter().map(ToString::to_string).collect(),
        },
        ColumnType::Array(element) => Type::Array { element: Box::new(self::ty(element)) },
        ColumnType::Vector(dimensions) => Type::Vector { dimensions: *dimensions },
        ColumnType::Cidr => Type::Cidr,
        ColumnType::Inet => Type::Inet,
        ColumnType::MacAddr => Type::MacAddr,
        ColumnType::LTree => Type::LTree,
        other => panic!("SeaORM has a new column type: {other:?}"),
    }
}

fn limit(length: StringLen) -> Option<u32> {
    match length {
        StringLen::N(length) => Some(length),
        StringLen::Max | StringLen::None => None,
    }
}

fn default(expression: &Expr) -> DefaultValue {
    match expression {
        Expr::Value(value) | Expr::Constant(value) => value_of(value),
        Expr::Custom(sql) => DefaultValue::expression(sql.clone()),
        Expr::Keyword(Keyword::CurrentTimestamp) => DefaultValue::expression("CURRENT_TIMESTAMP"),
        Expr::Keyword(Keyword::CurrentDate) => DefaultValue::expression("CURRENT_DATE"),
        Expr::Keyword(Keyword::CurrentTime) => DefaultValue::expression("CURRENT_TIME"),
        Expr::Keyword(Keyword::Null) => DefaultValue::Null,
        other => panic!("no fixture has such a default: {other:?}"),
    }
}

fn value_of(value: &Value) -> DefaultValue {
    let number = |number: &dyn ToString| DefaultValue::Number(number.to_string());
    match value {
        Value::Bool(Some(value)) => DefaultValue::Boolean(*value),
        Value::Int(Some(value)) => number(value),
        Value::BigInt(Some(value)) => number(value),
        Value::Double(Some(value)) => number(value),
        Value::String(Some(text)) => DefaultValue::Text(text.clone()),
        Value::Char(Some(letter)) => DefaultValue::Text(letter.to_string()),
        other => panic!("no fixture has such a default: {other:?}"),
    }
}

fn foreign_key(key: &TableForeignKey) -> ForeignKey {
    let references = table_name(key.get_ref_table().expect("a key refers to a table"));
    let mut found = ForeignKey::new(key.get_columns(), references, key.get_ref_columns());
    found.name = key.get_name().map(str::to_owned);
    found.on_delete = key.get_on_delete().map(action);
    found.on_update = key.get_on_update().map(action);
    found
}

fn action(action: ForeignKeyAction) -> ReferentialAction {
    match action {
        ForeignKeyAction::Restrict => ReferentialAction::Restrict,
        ForeignKeyAction::Cascade => ReferentialAction::Cascade,
        ForeignKeyAction::SetNull => ReferentialAction::SetNull,
        ForeignKeyAction::NoAction => ReferentialAction::NoAction,
        ForeignKeyAction::SetDefault => ReferentialAction::SetDefault,
        other => panic!("SeaORM has a new action: {other:?}"),
    }
}

fn index(statement: &IndexCreateStatement) -> Index {
    let spec = statement.get_index_spec();
    let index = Index::new(spec.get_name().expect("SeaORM names its indexes"), spec.get_column_names());
    if statement.is_unique_key() { index.unique() } else { index }
}

/// The statement that creates a type has no getters; it is made of this.
fn enum_type(ty: &Type) -> Option<EnumType> {
    match ty {
        Type::Enum { name: Some(name), labels } => {
            Some(EnumType { name: name.clone(), labels: labels.clone(), comment: None, origin: Origin::default() })
        }
        _ => None,
    }
}
