//! Writes a reading as SQL, in the plainest way, for comparison only.

use autogen_schema::{
    Check, Column, DefaultValue, Deferrable, ForeignKey, GeneratedKind, Index, IndexKey, IntegerWidth, MatchType,
    Schema, SortOrder, Table, TableKind, Type,
};

/// All statements that make the schema.
pub(super) fn script(schema: &Schema) -> String {
    // Shadow tables come with the virtual table they belong to.
    let tables = schema.tables.values().filter(|table| table.kind != TableKind::Shadow);
    let mut statements: Vec<String> = tables.clone().map(create_table).collect();
    for table in tables {
        statements.extend(table.indexes.iter().map(|index| create_index(table, index)));
    }
    statements.extend(schema.objects.iter().map(|object| object.definition.clone()));
    statements.push("SELECT 1".to_owned());
    statements.join(";\n")
}

fn create_table(table: &Table) -> String {
    let name = quoted(&table.name.name);
    if table.kind == TableKind::Virtual {
        return format!("CREATE VIRTUAL TABLE {name} {}", table.options.extra.join(" "));
    }
    let mut items: Vec<String> = table.columns.values().map(|column| column_item(table, column)).collect();
    items.extend(table.uniques.iter().map(|unique| {
        format!("{}UNIQUE {} {}", named(unique.name.as_deref()), list(&unique.columns), unique.extra.join(" "))
    }));
    items.extend(table.primary_key.iter().filter(|_| inline_key(table).is_none()).map(|key| {
        format!("{}PRIMARY KEY {} {}", named(key.name.as_deref()), list(&key.columns), key.extra.join(" "))
    }));
    items.extend(table.foreign_keys.iter().map(foreign_key));
    items.extend(table.checks.iter().filter(|check| check.column.is_none()).map(check_item));
    let options: Vec<&str> = [(table.options.strict, "STRICT"), (table.options.without_rowid, "WITHOUT ROWID")]
        .into_iter()
        .filter_map(|(said, words)| said.then_some(words))
        .collect();
    format!("CREATE TABLE {name} (\n  {}\n) {}", items.join(",\n  "), options.join(", "))
}

fn inline_key(table: &Table) -> Option<&str> {
    let key = table.primary_key.as_ref()?;
    match key.columns.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn column_item(table: &Table, column: &Column) -> String {
    let mut words = vec![quoted(&column.name), type_text(&column.ty)];
    if let Some(key) = table.primary_key.as_ref().filter(|_| inline_key(table) == Some(&column.name)) {
        words.push(format!("{}PRIMARY KEY", named(key.name.as_deref())));
        words.extend(key.extra.iter().cloned());
        words.extend(column.auto_increment.as_ref().map(|_| "AUTOINCREMENT".to_owned()));
    }
    if !column.nullable {
        words.push("NOT NULL".to_owned());
    }
    words.extend(column.default.as_ref().map(|value| format!("DEFAULT ({})", default_text(value))));
    words.extend(column.collation.as_ref().map(|collation| format!("COLLATE {}", quoted(collation))));
    words.extend(column.generated.as_ref().map(|generated| {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        format!("GENERATED ALWAYS AS ({}) {kind}", generated.expression)
    }));
    words.extend(table.checks.iter().filter(|check| check.column.as_ref() == Some(&column.name)).map(check_item));
    words.extend(column.extra.iter().cloned());
    words.join(" ")
}

fn check_item(check: &Check) -> String {
    format!("{}CHECK ({})", named(check.name.as_deref()), check.expression)
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut words = vec![format!(
        "{}FOREIGN KEY {} REFERENCES {} {}",
        named(key.name.as_deref()),
        list(&key.columns),
        quoted(&key.references.name),
        list(&key.referenced_columns)
    )];
    words.extend(key.on_delete.map(|action| format!("ON DELETE {}", action.as_sql())));
    words.extend(key.on_update.map(|action| format!("ON UPDATE {}", action.as_sql())));
    words.extend(key.match_type.map(|kind| match kind {
        MatchType::Full => "MATCH FULL".to_owned(),
        MatchType::Partial => "MATCH PARTIAL".to_owned(),
    }));
    words.extend(key.deferrable.map(|when| match when {
        Deferrable::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE".to_owned(),
        Deferrable::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED".to_owned(),
    }));
    words.join(" ")
}

fn create_index(table: &Table, index: &Index) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let key = match &part.key {
                IndexKey::Column(name) => quoted(name),
                IndexKey::Expression(sql) => format!("({sql})"),
            };
            let collation = part.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
            let order = if part.order == SortOrder::Descending { " DESC" } else { "" };
            format!("{key}{collation}{order}")
        })
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let predicate = index.predicate.as_ref().map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
    let (name, table) = (quoted(&index.name), quoted(&table.name.name));
    format!("CREATE {unique}INDEX {name} ON {table} ({}){predicate}", parts.join(", "))
}

fn default_text(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Null => "NULL".to_owned(),
        DefaultValue::Boolean(value) => value.to_string(),
        DefaultValue::Number(digits) => digits.clone(),
        DefaultValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        DefaultValue::Expression(sql) => sql.clone(),
    }
}

/// The words that SeaQuery writes, for the few types of the cases that are not kept word for word.
fn type_text(ty: &Type) -> String {
    let words = match ty {
        Type::Other { text } => return text.clone(),
        Type::Integer { width, .. } => match width {
            IntegerWidth::Tiny => "tinyint",
            IntegerWidth::Small => "smallint",
            IntegerWidth::Big => "bigint",
            IntegerWidth::Medium | IntegerWidth::Regular => "integer",
        },
        Type::Decimal { precision: None } => "real_decimal",
        Type::Decimal { precision: Some((digits, scale)) } => return format!("real({digits}, {scale})"),
        Type::Money => "real_money",
        Type::Binary { length } => return format!("blob({length})"),
        Type::VarBinary { length: None } => "varbinary_blob",
        Type::VarBinary { length: Some(length) } => return format!("varbinary_blob({length})"),
        Type::Date => "date_text",
        Type::Time { .. } => "time_text",
        Type::DateTime { .. } => "datetime_text",
        Type::Timestamp { .. } => "timestamp_text",
        Type::TimestampWithTimeZone { .. } => "timestamp_with_timezone_text",
        Type::Json => "json_text",
        Type::JsonBinary => "jsonb_text",
        Type::Uuid => "uuid_text",
        // These are called here as people call them.
        other => return other.to_string(),
    };
    words.to_owned()
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default()
}

fn list(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    format!("({})", columns.join(", "))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
