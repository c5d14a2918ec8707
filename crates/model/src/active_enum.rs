//! Enums that are columns (`DeriveActiveEnum`).

use autogen_schema::{EnumName, EnumType, Origin};
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

fn label(variant: &Variant, style: Option<CaseStyle>) -> String {
    if let Some(text) = variant.attributes.text("string_value") {
        return text.to_owned();
    }
    let style = variant.attributes.text("rename").and_then(CaseStyle::parse).or(style);
    style.map_or_else(|| variant.name.clone(), |style| style.apply(&variant.name))
}
