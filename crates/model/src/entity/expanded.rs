//! Entities written out: `struct Entity`, `enum Column`, `impl ColumnTrait`, and whatever a compact model leaves to
//! the author.
//!
//! The definition of each column is Rust code, so nothing here follows from the fields of `struct Model`.

use std::collections::BTreeMap;

use autogen_schema::{Notice, NoticeKind, Place, TableName, Type};
use syn::Expr;

use super::{ColumnSource, Draft, DraftColumn, Reader, field_name};
use crate::attributes::{Attributes, Value};
use crate::expression::{ColumnExpression, TypeExpression, bare, column_definition, last_name, string};
use crate::names;
use crate::outline::{Body, Enum, Impl, Method, Outline, Struct, Variant};
use crate::parse;
use crate::relations;
use crate::sources::ModuleId;

pub(super) fn read(reader: &mut Reader<'_>, module: ModuleId) -> Vec<Draft> {
    let outline = &reader.program.modules[module].outline;
    let is_entity = |found: &&Struct| {
        found.attributes.derives("DeriveEntity")
            || outline.impls.iter().any(|item| item.of == "EntityName" && is_named(item, &found.name))
    };
    outline.structs.iter().filter(is_entity).filter_map(|entity| draft(reader, module, entity)).collect()
}

/// The table and the comment of an entity whose `EntityName` is written by hand.
pub(super) fn named_by_hand(
    reader: &mut Reader<'_>,
    module: ModuleId,
    entity: &str,
    place: &Place,
) -> Option<(TableName, Option<String>)> {
    let outline = &reader.program.modules[module].outline;
    let declared = outline.structs.iter().find(|found| found.name == entity).map(|found| &found.attributes);
    if let Some(name) = declared.and_then(|attributes| attributes.text("table_name")) {
        let schema = declared.and_then(|attributes| attributes.text("schema_name")).map(str::to_owned);
        return Some((TableName { schema, name: name.to_owned() }, None));
    }
    let said = |name: &str| method(outline, "EntityName", entity, name).and_then(|found| text_of(outline, &found.body));
    if let Some(name) = said("table_name") {
        return Some((TableName { schema: said("schema_name"), name }, said("comment")));
    }
    let message = format!(
        "the name of the table of `{entity}` is made at run time or not to be found, so the entity is not read; \
         a string in `table_name` would do"
    );
    reader.notices.push(Notice::new(NoticeKind::NotUnderstood, message).named(entity).at(Some(place)));
    None
}

/// A method whose body is a string, `Some` of one, or a constant of the module.
fn text_of(outline: &Outline, body: &Body) -> Option<String> {
    let Body::Expression(text) = body else { return None };
    let expression = parse::expression(text)?;
    let inner = match bare(&expression) {
        Expr::Call(call) if last_name(&call.func).as_deref() == Some("Some") => call.args.first()?,
        other => other,
    };
    string(inner).or_else(|| {
        let name = last_name(inner)?;
        outline.consts.iter().find(|(found, _)| *found == name).map(|(_, text)| text.clone())
    })
}

fn is_named(item: &Impl, name: &str) -> bool {
    item.target.last_segment().is_some_and(|last| last.name == name)
}

fn method<'a>(outline: &'a Outline, of: &str, target: &str, name: &str) -> Option<&'a Method> {
    let implementation = outline.impls.iter().find(|item| item.of == of && is_named(item, target))?;
    implementation.methods.iter().find(|method| method.name == name)
}

/// The name of a part of the entity, which `#[sea_orm(column = …)]` and its like may choose.
fn part(attributes: &Attributes, name: &str, default: &str) -> String {
    match attributes.get(name).map(|meta| &meta.value) {
        Some(Value::Text(text) | Value::Tokens(text)) => text.clone(),
        Some(Value::Flag | Value::Bool(_) | Value::Number(_)) | None => default.to_owned(),
    }
}

fn draft(reader: &mut Reader<'_>, module: ModuleId, entity: &Struct) -> Option<Draft> {
    let name_of = |name: &str, default: &str| part(&entity.attributes, name, default);
    let column = name_of("column", "Column");
    let outline = &reader.program.modules[module].outline;
    // An entity of which only the name stands here is not one that anybody declared.
    let declared = outline.enums.iter().find(|found| found.name == column)?;
    let (table, comment) = named_by_hand(reader, module, &entity.name, &entity.place)?;
    let keys = outline.enums.iter().find(|found| found.name == name_of("primary_key", "PrimaryKey"));
    let is_numbered = is_numbered(outline, &name_of("primary_key", "PrimaryKey"));
    let ignored = ignored(outline, &name_of("model", "Model"));

    let mut columns = columns(reader, module, &table, declared);
    for column in &mut columns {
        let is_key = |variant: &Variant| variant.name == column.variant;
        column.is_primary = keys.is_some_and(|keys| keys.variants.iter().any(is_key));
    }
    order_key(&mut columns, keys);
    if is_numbered {
        reader.number(&table, &mut columns);
    }
    let relations = relations::of_enum(reader, module, &name_of("relation", "Relation"), &table);
    Some(Draft {
        module,
        entity: entity.name.clone(),
        table,
        place: entity.place.clone(),
        comment,
        columns,
        relations,
        ignored,
        renamed_from: entity.attributes.text("renamed_from").map(str::to_owned),
    })
}

fn is_numbered(outline: &Outline, keys: &str) -> bool {
    let body = method(outline, "PrimaryKeyTrait", keys, "auto_increment").map(|method| &method.body);
    matches!(body, Some(Body::Expression(text)) if text.trim() == "true")
}

/// Fields of the model that are no columns.
fn ignored(outline: &Outline, model: &str) -> Vec<String> {
    let fields = outline.structs.iter().filter(|found| found.name == model).flat_map(|found| &found.fields);
    fields
        .filter(|field| field.attributes.has("ignore"))
        .map(|field| names::of_field(field_name(field), field.attributes.text("column_name"), None, None).column)
        .collect()
}

/// A key has the order of `enum PrimaryKey`, which only a hand-written entity can have differ from its columns.
fn order_key(columns: &mut [DraftColumn], keys: Option<&Enum>) {
    for column in columns {
        column.key_position =
            keys.and_then(|keys| keys.variants.iter().position(|variant| variant.name == column.variant)).unwrap_or(0);
    }
}

fn columns(reader: &mut Reader<'_>, module: ModuleId, table: &TableName, declared: &Enum) -> Vec<DraftColumn> {
    let outline = &reader.program.modules[module].outline;
    let names = arms(outline, "IdenStatic", &declared.name, "as_str");
    let definitions = arms(outline, "ColumnTrait", &declared.name, "def");
    let variants = declared.variants.iter().filter(|variant| !is_disabled(variant));
    variants
        .map(|variant| {
            let said = names.get(&variant.name).or_else(|| names.get("_"));
            let name = variant
                .attributes
                .text("column_name")
                .map(str::to_owned)
                .or_else(|| said.and_then(|(text, _)| string(&parse::expression(text)?)))
                .unwrap_or_else(|| names::column_of_variant(&variant.name));
            let definition = definitions.get(&variant.name).or_else(|| definitions.get("_"));
            let place = definition.map_or(&variant.place, |(_, place)| place).clone();
            let definition = definition.and_then(|(text, _)| column_definition(text));
            column(reader, module, table, variant, name, definition, &place)
        })
        .collect()
}

/// `#[strum(disabled)]` keeps a variant, such as `Table`, out of the columns.
fn is_disabled(variant: &Variant) -> bool {
    variant.attributes.has("table_name") || variant.attributes.strum_disabled
}

/// The arms of a `match` by variant, `_` for all others; a body without a `match` is an arm for all.
fn arms(outline: &Outline, of: &str, target: &str, name: &str) -> BTreeMap<String, (String, Place)> {
    let Some(implementation) = outline.impls.iter().find(|item| item.of == of && is_named(item, target)) else {
        return BTreeMap::new();
    };
    let Some(method) = implementation.methods.iter().find(|method| method.name == name) else {
        return BTreeMap::new();
    };
    let mut arms = BTreeMap::new();
    match &method.body {
        Body::Match(found) => {
            for arm in found {
                let value = (arm.expression.clone(), arm.place.clone());
                if arm.variants.is_empty() {
                    arms.insert("_".to_owned(), value.clone());
                }
                for variant in &arm.variants {
                    arms.insert(variant.clone(), value.clone());
                }
            }
        }
        Body::Expression(text) => {
            arms.insert("_".to_owned(), (text.clone(), implementation.place.clone()));
        }
        Body::Other => {}
    }
    arms
}

fn column(
    reader: &mut Reader<'_>,
    module: ModuleId,
    table: &TableName,
    variant: &Variant,
    name: String,
    definition: Option<ColumnExpression>,
    place: &Place,
) -> DraftColumn {
    let unknown = || TypeExpression::Unknown(format!("Column::{}", variant.name));
    let definition = definition.unwrap_or_else(|| ColumnExpression::of(unknown()));
    let ty = reader.types.of_expression(module, &definition.ty).unwrap_or_else(|| Type::Opaque {
        path: match &definition.ty {
            TypeExpression::Unknown(text) => text.clone(),
            TypeExpression::Of(ty) => ty.text.clone(),
            TypeExpression::Known(_) | TypeExpression::ArrayOf(_) => format!("Column::{}", variant.name),
        },
    });
    reader.note_opaque(module, table, &name, &ty, place);
    for call in &definition.not_understood {
        let message = format!("`{call}` in the definition of {table}.{name} is not understood, and was left out");
        reader.note(table, &name, place, message);
    }
    ColumnSource {
        variant: variant.name.clone(),
        name,
        ty,
        type_is_said: true,
        nullable: definition.nullable,
        is_primary: false,
        unique: definition.unique,
        indexed: definition.indexed,
        unique_key: definition.unique_key,
        default: definition.default,
        comment: definition.comment,
        extra: definition.extra,
        renamed_from: definition.renamed_from,
        place,
    }
    .into_column(reader.version)
}
