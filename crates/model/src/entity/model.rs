//! Entities that are a `struct Model`: the compact format, and the dense one of SeaORM 2.

use autogen_schema::{DefaultValue, Notice, NoticeKind, TableName, Type};

use super::{ColumnSource, Draft, DraftColumn, Reader, expanded, field_name};
use crate::SeaOrmVersion;
use crate::attributes::Value;
use crate::expression::{TypeExpression, default_value};
use crate::names::{self, CaseStyle};
use crate::outline::{Field, RustType, Shape, Struct};
use crate::relations;
use crate::sources::ModuleId;

/// What `#[sea_orm(…)]` may say on a model.
const ON_MODEL: [&str; 20] = [
    "table_name",
    "schema_name",
    "comment",
    "table_iden",
    "rename_all",
    "model_ex",
    "model_attrs",
    "model_ex_attrs",
    "arrow_schema",
    "compact_model",
    "entity",
    "column",
    "model",
    "active_model",
    "active_model_ex",
    "primary_key",
    "relation",
    // Ours: SeaORM passes over it.
    "renamed_from",
    "display_value",
    "iden",
];

/// What it may say on a field.
const ON_FIELD: [&str; 40] = [
    "primary_key",
    "auto_increment",
    "column_type",
    "column_name",
    "enum_name",
    "nullable",
    "indexed",
    "unique",
    "unique_key",
    "default_value",
    "default_expr",
    "comment",
    "extra",
    "renamed_from",
    "select_as",
    "save_as",
    "ignore",
    "has_one",
    "has_many",
    "belongs_to",
    "self_ref",
    "skip_fk",
    "via",
    "via_rel",
    "from",
    "to",
    "relation_enum",
    "relation_reverse",
    "reverse",
    "on_update",
    "on_delete",
    "arrow_skip",
    "arrow_field",
    "arrow_precision",
    "arrow_scale",
    "arrow_timestamp_unit",
    "arrow_timezone",
    "arrow_comment",
    "arrow_byte_width",
    "iden",
];

pub(super) fn read(reader: &mut Reader<'_>, module: ModuleId) -> Vec<Draft> {
    let structs = &reader.program.modules[module].outline.structs;
    let models = structs.iter().filter(|found| found.attributes.derives("DeriveEntityModel"));
    models.filter_map(|model| draft(reader, module, model)).collect()
}

fn draft(reader: &mut Reader<'_>, module: ModuleId, model: &Struct) -> Option<Draft> {
    let attributes = &model.attributes;
    let (table, comment) = match attributes.text("table_name") {
        Some(name) => (
            TableName { schema: attributes.text("schema_name").map(str::to_owned), name: name.to_owned() },
            attributes.text("comment").map(str::to_owned),
        ),
        // Without a table's name SeaORM declares no entity; it is written by hand, and says everything itself.
        None => expanded::named_by_hand(reader, module, "Entity", &model.place)?,
    };
    for meta in attributes.sea_orm.iter().filter(|meta| !ON_MODEL.contains(&meta.name.as_str())) {
        reader.note_unknown(&table, meta, &format!("the model of {table}"), &ON_MODEL);
    }
    let mut columns = Vec::new();
    let mut ignored = Vec::new();
    let mut numbering = Numbering::new(reader.version);
    let style = attributes.text("rename_all").and_then(CaseStyle::parse);
    for field in &model.fields {
        let names = names::of_field(
            field_name(field),
            field.attributes.text("column_name"),
            field.attributes.text("enum_name"),
            style,
        );
        note_unknown_attributes(reader, &table, field);
        if is_relation(&field.ty) {
            continue;
        }
        if field.attributes.has("ignore") {
            ignored.push(names.column);
            continue;
        }
        if let Some(condition) = &field.attributes.cfg {
            let message = format!(
                "the column {table}.{} exists only under cfg({condition}); it is known and left alone",
                names.column
            );
            reader.note(&table, &names.column, &field.place, message);
            ignored.push(names.column);
            continue;
        }
        numbering.see(field);
        columns.push(column(reader, module, &table, field, names));
    }
    if numbering.holds(columns.iter().filter(|column| column.is_primary).count()) {
        reader.number(&table, &mut columns);
    }
    let relations = relations::of_entity(reader, module, model, &table);
    let renamed_from = attributes.text("renamed_from").map(str::to_owned);
    let place = model.place.clone();
    Some(Draft {
        module,
        entity: "Entity".to_owned(),
        table,
        place,
        comment,
        columns,
        relations,
        ignored,
        renamed_from,
    })
}

fn note_unknown_attributes(reader: &mut Reader<'_>, table: &TableName, field: &Field) {
    let name = field_name(field);
    for meta in field.attributes.sea_orm.iter().filter(|meta| !ON_FIELD.contains(&meta.name.as_str())) {
        reader.note_unknown(table, meta, &format!("the field `{name}` of {table}"), &ON_FIELD);
    }
    for place in &field.attributes.broken {
        let message = format!("the attribute of {table}.{name} does not parse, and was left out");
        reader.notices.push(Notice::new(NoticeKind::NotUnderstood, message).on(table).named(name).at(Some(place)));
    }
}

/// Whether a field is a relation of the dense format.
pub(crate) fn is_relation(ty: &RustType) -> bool {
    ty.last_segment().is_some_and(|last| matches!(last.name.as_str(), "BelongsTo" | "HasOne" | "HasMany"))
        || matches!(&ty.shape, Shape::Path(segments) if segments.is_empty())
}

/// Whether SeaORM numbers the primary key: one value for the whole entity, and the last field to speak wins.
struct Numbering {
    version: SeaOrmVersion,
    said: Option<bool>,
}

impl Numbering {
    fn new(version: SeaOrmVersion) -> Self {
        Self { version, said: None }
    }

    fn see(&mut self, field: &Field) {
        if let Some(Value::Bool(said)) = field.attributes.get("auto_increment").map(|meta| &meta.value) {
            self.said = Some(*said);
        }
        if field.attributes.has("primary_key") && self.said.is_none() && self.version == SeaOrmVersion::V2 {
            let text = option_argument(&field.ty.text).unwrap_or(&field.ty.text);
            if text.ends_with("String") || text.ends_with("Uuid") {
                self.said = Some(false);
            }
        }
    }

    fn holds(&self, keys: usize) -> bool {
        keys == 1 && self.said.unwrap_or(true)
    }
}

/// What stands in `Option<…>`, going by the text as SeaORM does: `std::option::Option<T>` is none.
fn option_argument(text: &str) -> Option<&str> {
    text.strip_prefix("Option<")?.strip_suffix('>')
}

fn column(
    reader: &mut Reader<'_>,
    module: ModuleId,
    table: &TableName,
    field: &Field,
    names: names::FieldNames,
) -> DraftColumn {
    let attributes = &field.attributes;
    let is_option = option_argument(&field.ty.text).is_some();
    let (ty, type_is_said) = field_type(reader, module, table, field, &names.column, is_option);
    let text = |name: &str| attributes.text(name).map(str::to_owned);
    ColumnSource {
        default: field_default(reader, table, field, &names.column),
        variant: names.variant,
        name: names.column,
        ty,
        type_is_said,
        nullable: is_option || attributes.has("nullable"),
        is_primary: attributes.has("primary_key"),
        unique: attributes.has("unique"),
        indexed: attributes.has("indexed"),
        unique_key: text("unique_key"),
        comment: text("comment"),
        extra: text("extra"),
        renamed_from: text("renamed_from"),
        place: &field.place,
    }
    .into_column(reader.version)
}

fn field_type(
    reader: &mut Reader<'_>,
    module: ModuleId,
    table: &TableName,
    field: &Field,
    name: &str,
    is_option: bool,
) -> (Type, bool) {
    if let Some(text) = field.attributes.text("column_type") {
        let expression = reader.types.expression(text);
        let ty = reader.types.of_expression(module, &expression);
        let ty = ty.unwrap_or_else(|| {
            let path = match expression {
                TypeExpression::Unknown(text) => text,
                TypeExpression::Known(_) | TypeExpression::Of(_) | TypeExpression::ArrayOf(_) => text.to_owned(),
            };
            Type::Opaque { path }
        });
        reader.note_opaque(module, table, name, &ty, &field.place);
        return (ty, true);
    }
    let inner = field.ty.last_segment().and_then(|last| last.arguments.first()).filter(|_| is_option);
    let ty = reader.types.column_type(module, inner.unwrap_or(&field.ty));
    reader.note_opaque(module, table, name, &ty, &field.place);
    (ty, false)
}

fn field_default(reader: &mut Reader<'_>, table: &TableName, field: &Field, name: &str) -> Option<DefaultValue> {
    // The expression is applied after the value, and so wins.
    if let Some(meta) = field.attributes.get("default_expr") {
        let text = meta.value.text()?;
        let default = default_value(text);
        if default.is_none() {
            let message = format!(
                "the default of {table}.{name} is Rust code that only SeaORM can run (`{text}`), so it is not compared; \
                 `Expr::cust(\"…\")` with the SQL would be"
            );
            reader.note(table, name, &meta.place, message);
        }
        return default;
    }
    let meta = field.attributes.get("default_value")?;
    Some(match &meta.value {
        Value::Text(text) => DefaultValue::Text(text.clone()),
        Value::Bool(value) => DefaultValue::Boolean(*value),
        Value::Number(digits) => default_value(digits)?,
        Value::Flag | Value::Tokens(_) => return None,
    })
}
