//! From relations to foreign keys.
//!
//! A relation that belongs to another entity is a foreign key unless it says `skip_fk`; what it refers to is found
//! through the paths it names, and the SQL names are those of the entity found there.

use std::collections::BTreeMap;

use autogen_schema::{ForeignKey, Notice, NoticeKind, Place, ReferentialAction, TableName};
use syn::Expr;

use crate::SeaOrmVersion;
use crate::attributes::{Attributes, Meta};
use crate::entity::{self, Draft, Reader};
use crate::expression::{bare, last_name, string};
use crate::names;
use crate::outline::{Body, Enum, Field, Impl, RustType, Struct, plain};
use crate::parse;
use crate::resolve::{Found, complete};
use crate::sources::{ModuleId, Program};

/// A relation that is a foreign key.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    /// The path of the entity referred to.
    pub(crate) target: Vec<String>,
    /// The variants of our `enum Column`.
    pub(crate) from: Vec<String>,
    /// The variants of the other `enum Column`.
    pub(crate) to: Vec<String>,
    pub(crate) on_delete: Option<ReferentialAction>,
    pub(crate) on_update: Option<ReferentialAction>,
    pub(crate) name: Option<String>,
    pub(crate) place: Place,
    /// What to call it: the variant or the field.
    pub(crate) label: String,
}

/// The relations of a model: those of its relation fields, or of the `enum Relation` beside it.
pub(crate) fn of_entity(reader: &mut Reader<'_>, module: ModuleId, model: &Struct, table: &TableName) -> Vec<Relation> {
    let is_compact = model.attributes.others.iter().any(|path| path.ends_with("compact_model"))
        || model.attributes.has("compact_model");
    let mut relations = Vec::new();
    if !is_compact {
        for field in &model.fields {
            relations.extend(of_field(reader, field, table));
        }
    }
    relations.extend(of_enum(reader, module, "Relation", table));
    relations
}

/// The relations of an `enum Relation`, derived or written by hand.
pub(crate) fn of_enum(reader: &mut Reader<'_>, module: ModuleId, name: &str, table: &TableName) -> Vec<Relation> {
    let outline = &reader.program.modules[module].outline;
    let mut found = Vec::new();
    let mut strange = Vec::new();
    let is_derived = |item: &&Enum| item.name == name && item.attributes.derives("DeriveRelation");
    for declared in outline.enums.iter().filter(is_derived) {
        for variant in &declared.variants {
            match derived(&variant.attributes, &variant.name, &variant.place) {
                Ok(relation) => found.extend(relation),
                Err(why) => strange.push((variant.name.clone(), variant.place.clone(), why)),
            }
        }
    }
    let is_it =
        |item: &&Impl| item.of == "RelationTrait" && item.target.last_segment().is_some_and(|last| last.name == name);
    for implementation in outline.impls.iter().filter(is_it) {
        for method in implementation.methods.iter().filter(|method| method.name == "def") {
            let Body::Match(arms) = &method.body else { continue };
            for arm in arms {
                let label = arm.variants.first().cloned().unwrap_or_default();
                match built(&arm.expression, &label, &arm.place) {
                    Ok(relation) => found.extend(relation),
                    Err(why) => strange.push((label, arm.place.clone(), why)),
                }
            }
        }
    }
    for (label, place, why) in strange {
        note(reader, table, &label, &place, &why);
    }
    found
}

fn note(reader: &mut Reader<'_>, table: &TableName, label: &str, place: &Place, why: &str) {
    let message = format!("the relation {label} of {table} was not understood ({why}); no foreign key is read from it");
    reader.notices.push(Notice::new(NoticeKind::NotUnderstood, message).on(table).named(label).at(Some(place)));
}

/// A variant of a derived `enum Relation`.
fn derived(attributes: &Attributes, label: &str, place: &Place) -> Result<Option<Relation>, String> {
    let Some(target) = attributes.text("belongs_to") else { return Ok(None) };
    if attributes.has("skip_fk") {
        return Ok(None);
    }
    let columns = |name: &str| {
        let text = attributes.text(name).ok_or(format!("it has no `{name}`"))?;
        let only = plain_path(text).and_then(|mut path| path.pop()).map(|name| vec![name]);
        only.or_else(|| columns_of(&parse::expression(text)?)).ok_or_else(|| format!("`{text}` is no column"))
    };
    Ok(Some(Relation {
        target: path(target).ok_or_else(|| format!("`{target}` is no entity"))?,
        from: columns("from")?,
        to: columns("to")?,
        on_delete: attributes.get("on_delete").map(action).transpose()?,
        on_update: attributes.get("on_update").map(action).transpose()?,
        name: attributes.text("fk_name").map(str::to_owned),
        place: place.clone(),
        label: label.to_owned(),
    }))
}

/// A relation field of the dense format.
fn of_field(reader: &mut Reader<'_>, field: &Field, table: &TableName) -> Option<Relation> {
    let attributes = &field.attributes;
    let (wrapper, target) = compound(&field.ty)?;
    let is_self_reference = attributes.has("self_ref") && !attributes.has("via");
    let says_both = attributes.has("from") && attributes.has("to");
    let belongs = attributes.has("belongs_to") || (is_self_reference && says_both);
    if !belongs || attributes.has("skip_fk") || wrapper == "HasMany" {
        return None;
    }
    let label = field.name.clone().unwrap_or_default();
    let relation = dense(attributes, target, &label, &field.place);
    relation.map_err(|why| note(reader, table, &label, &field.place, &why)).ok()
}

fn dense(attributes: &Attributes, target: Vec<String>, label: &str, place: &Place) -> Result<Relation, String> {
    let columns = |name: &str| {
        let text = attributes.text(name).ok_or(format!("it has no `{name}`"))?;
        let inner = text.trim().trim_start_matches('(').trim_end_matches(')');
        let names = inner.split(',').map(|name| name.rsplit("::").next().unwrap_or(name).trim());
        Ok::<_, String>(names.filter(|name| !name.is_empty()).map(names::variant_of_column).collect::<Vec<_>>())
    };
    // A self-reference refers to this entity, whatever the path says.
    let target = if attributes.has("self_ref") { vec!["Entity".to_owned()] } else { target };
    Ok(Relation {
        target,
        from: columns("from")?,
        to: columns("to")?,
        on_delete: attributes.get("on_delete").map(action).transpose()?,
        on_update: attributes.get("on_update").map(action).transpose()?,
        name: None,
        place: place.clone(),
        label: label.to_owned(),
    })
}

/// `BelongsTo<E>`, `BelongsTo<Option<E>>`, `HasOne<E>`: the wrapper and the path of `E`.
fn compound(ty: &RustType) -> Option<(String, Vec<String>)> {
    let wrapper = ty.last_segment()?;
    if !matches!(wrapper.name.as_str(), "BelongsTo" | "HasOne" | "HasMany") {
        return None;
    }
    let inner = wrapper.arguments.first()?;
    let entity = match inner.last_segment()? {
        option if option.name == "Option" => option.arguments.first()?,
        _ => inner,
    };
    Some((wrapper.name.clone(), entity.names()?))
}

/// An arm of a hand-written `RelationTrait::def`: `Entity::belongs_to(…).from(…).to(…).into()`. An arm that panics, or
/// owns, or calls something else, is no foreign key of ours.
fn built(text: &str, label: &str, place: &Place) -> Result<Option<Relation>, String> {
    let expression = parse::expression(text).ok_or("it is nested too deeply")?;
    let mut calls = Vec::new();
    let mut at = bare(&expression);
    while let Expr::MethodCall(call) = at {
        calls.push(call);
        at = bare(&call.receiver);
    }
    let Expr::Call(start) = at else { return Ok(None) };
    if last_name(&start.func).as_deref() != Some("belongs_to") {
        return Ok(None);
    }
    let target = start.args.first().and_then(path_of).ok_or("it belongs to no entity")?;
    let mut relation = Relation {
        target,
        from: Vec::new(),
        to: Vec::new(),
        on_delete: None,
        on_update: None,
        name: None,
        place: place.clone(),
        label: label.to_owned(),
    };
    for call in calls {
        let argument = call.args.first();
        match plain(&call.method).as_str() {
            "skip_fk" => return Ok(None),
            "from" => relation.from = argument.and_then(columns_of).ok_or("`from` is no column")?,
            "to" => relation.to = argument.and_then(columns_of).ok_or("`to` is no column")?,
            "on_delete" => relation.on_delete = Some(action_of(argument)?),
            "on_update" => relation.on_update = Some(action_of(argument)?),
            "fk_name" => relation.name = argument.and_then(string),
            _ => {}
        }
    }
    Ok(Some(relation))
}

/// `Column::A`, `super::cake::Column::Id`, `(Column::A, Column::B)`: the variants.
fn columns_of(expression: &Expr) -> Option<Vec<String>> {
    match bare(expression) {
        Expr::Tuple(tuple) => tuple.elems.iter().map(last_name).collect(),
        other => last_name(other).map(|name| vec![name]),
    }
}

fn path(text: &str) -> Option<Vec<String>> {
    plain_path(text).or_else(|| path_of(&parse::expression(text)?))
}

/// `super::cake::Column::Id`, as nearly everybody writes it, needs no parser.
fn plain_path(text: &str) -> Option<Vec<String>> {
    let is_plain = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let names: Vec<String> = text.split("::").map(str::to_owned).collect();
    names.iter().all(|name| is_plain(name)).then_some(names)
}

fn path_of(expression: &Expr) -> Option<Vec<String>> {
    match bare(expression) {
        Expr::Path(path) => Some(path.path.segments.iter().map(|segment| plain(&segment.ident)).collect()),
        _ => None,
    }
}

fn action(meta: &Meta) -> Result<ReferentialAction, String> {
    let text = meta.value.text().unwrap_or_default();
    action_named(text)
        .ok_or_else(|| format!("`{text}` is no action; say Restrict, Cascade, SetNull, NoAction or SetDefault"))
}

fn action_of(argument: Option<&Expr>) -> Result<ReferentialAction, String> {
    let name = argument.and_then(last_name).unwrap_or_default();
    action_named(&name).ok_or_else(|| format!("`{name}` is no action"))
}

fn action_named(name: &str) -> Option<ReferentialAction> {
    Some(match name.rsplit("::").next()?.trim() {
        "Restrict" => ReferentialAction::Restrict,
        "Cascade" => ReferentialAction::Cascade,
        "SetNull" => ReferentialAction::SetNull,
        "NoAction" => ReferentialAction::NoAction,
        "SetDefault" => ReferentialAction::SetDefault,
        _ => return None,
    })
}

/// The entities that were asked for, by their module and the name of their `Entity` type.
type Directory<'a> = BTreeMap<(ModuleId, &'a str), &'a Draft>;

/// The foreign keys of each entity, with what is to be said about them.
pub(crate) fn foreign_keys(
    program: &mut Program,
    drafts: &[Draft],
    types: &BTreeMap<String, String>,
    version: SeaOrmVersion,
) -> Vec<(Vec<ForeignKey>, Vec<Notice>)> {
    let directory: Directory<'_> = drafts.iter().map(|draft| ((draft.module, draft.entity.as_str()), draft)).collect();
    let drafts: Vec<&Draft> = drafts.iter().collect();
    complete(program, &drafts, |resolver, drafts| {
        let mut others = Others { directory: &directory, outside: BTreeMap::new() };
        let mut reader = Reader::new(resolver, types, version);
        let keys = drafts.iter().map(|draft| {
            let keys = keys_of(&mut reader, draft, &mut others);
            ((keys, std::mem::take(&mut reader.notices)), resolver.take_missing())
        });
        keys.collect()
    })
}

/// The entities that relations may refer to.
struct Others<'a> {
    directory: &'a Directory<'a>,
    /// Entities outside of what was asked for, in another crate perhaps, by their module.
    outside: BTreeMap<ModuleId, Vec<Draft>>,
}

impl Others<'_> {
    fn find(&mut self, reader: &mut Reader<'_>, home: ModuleId, name: &str) -> Option<&Draft> {
        if let Some(draft) = self.directory.get(&(home, name)) {
            return Some(draft);
        }
        let drafts = self.outside.entry(home).or_insert_with(|| {
            // What there is to say about an entity that was not asked for stays unsaid.
            let said = std::mem::take(&mut reader.notices);
            let drafts = entity::read(reader, home);
            reader.notices = said;
            drafts
        });
        drafts.iter().find(|draft| draft.entity == name)
    }
}

/// The foreign keys of an entity, once for the same columns and target.
fn keys_of(reader: &mut Reader<'_>, draft: &Draft, others: &mut Others<'_>) -> Vec<ForeignKey> {
    let mut keys: Vec<ForeignKey> = Vec::new();
    for relation in &draft.relations {
        match foreign_key(reader, draft, relation, others) {
            Ok(key) => {
                let is_same = |other: &ForeignKey| {
                    (&other.columns, &other.references, &other.referenced_columns)
                        == (&key.columns, &key.references, &key.referenced_columns)
                };
                if !keys.iter().any(is_same) {
                    keys.push(key);
                }
            }
            Err(why) => note(reader, &draft.table, &relation.label, &relation.place, &why),
        }
    }
    keys.extend(draft.columns.iter().filter_map(|column| column.extra.foreign_key.clone()));
    keys
}

fn foreign_key(
    reader: &mut Reader<'_>,
    draft: &Draft,
    relation: &Relation,
    others: &mut Others<'_>,
) -> Result<ForeignKey, String> {
    let nowhere = || format!("there is no entity at `{}`", relation.target.join("::"));
    let (home, entity) = match reader.resolver.resolve(draft.module, &relation.target) {
        Some((Found::Item(module, _, name), rest)) if rest.is_empty() => (module, name),
        Some(_) | None => return Err(nowhere()),
    };
    let other = others.find(reader, home, &entity).ok_or_else(nowhere)?;
    let columns = columns_named(draft, &relation.from)?;
    let referenced = columns_named(other, &relation.to)?;
    if columns.len() != referenced.len() || columns.is_empty() {
        return Err(format!("{} columns refer to {}", columns.len(), referenced.len()));
    }
    let name = relation.name.clone().unwrap_or_else(|| format!("fk-{}-{}", draft.table.name, columns.join("-")));
    let mut key = ForeignKey::new(columns, other.table.clone(), referenced);
    key.name = Some(name);
    key.on_delete = relation.on_delete;
    key.on_update = relation.on_update;
    key.origin = relation.place.clone().into();
    Ok(key)
}

/// The columns that variants of an entity's `enum Column` stand for.
fn columns_named(draft: &Draft, variants: &[String]) -> Result<Vec<String>, String> {
    let named = variants.iter().map(|variant| {
        let column = draft.columns.iter().find(|column| column.variant == *variant);
        column.map(|column| column.column.name.clone()).ok_or(format!("{} has no column `{variant}`", draft.table))
    });
    named.collect()
}
