//! Enums that are columns (`DeriveActiveEnum`).

use std::collections::BTreeMap;

use autogen_schema::{EnumName, EnumType, Notice, NoticeKind, Origin};
use heck::ToUpperCamelCase;

use crate::names::CaseStyle;
use crate::outline::{Enum, Variant};

/// The database type of an enum with `db_type = "Enum"`. SeaORM gives it no schema.
pub(crate) fn enum_type(found: &Enum) -> EnumType {
    let name = found.attributes.text("enum_name").map(str::to_owned);
    let style = found.attributes.text("rename_all").and_then(CaseStyle::parse);
    EnumType {
        name: EnumName::bare(name.unwrap_or_else(|| found.name.to_upper_camel_case())),
        labels: found.variants.iter().map(|variant| label(variant, style)).collect(),
        comment: None,
        origin: Origin::from(found.place.clone()),
    }
}

/// The enum types by their names. Of two that disagree on their labels the first is the type, and somebody should know.
pub(crate) fn gather(found: impl Iterator<Item = EnumType>, notices: &mut Vec<Notice>) -> BTreeMap<EnumName, EnumType> {
    let mut enums: BTreeMap<EnumName, EnumType> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for ty in found {
        match enums.get(&ty.name) {
            Some(known) if known.labels == ty.labels => {}
            Some(known) => {
                let conflict = conflict(known, &ty);
                if !conflicts.contains(&conflict) {
                    conflicts.push(conflict);
                }
            }
            None => drop(enums.insert(ty.name.clone(), ty)),
        }
    }
    notices.append(&mut conflicts);
    enums
}

fn conflict(known: &EnumType, ty: &EnumType) -> Notice {
    let shown = |ty: &EnumType| ty.origin.place().map_or_else(String::new, ToString::to_string);
    let message = format!(
        "the enum type {} has other labels at {} than at {}, which is the one that counts",
        ty.name,
        shown(ty),
        shown(known)
    );
    Notice::new(NoticeKind::EntityConflict, message).named(ty.name.name.clone()).at(ty.origin.place())
}

fn label(variant: &Variant, style: Option<CaseStyle>) -> String {
    if let Some(text) = variant.attributes.text("string_value") {
        return text.to_owned();
    }
    let style = variant.attributes.text("rename").and_then(CaseStyle::parse).or(style);
    style.map_or_else(|| variant.name.clone(), |style| style.apply(&variant.name))
}
