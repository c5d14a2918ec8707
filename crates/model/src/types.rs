//! From a Rust type to a column type.

use std::collections::BTreeMap;

use autogen_schema::{EnumName, EnumType, Notice, NoticeKind, Type};

use crate::SeaOrmVersion;
use crate::active_enum;
use crate::attributes::Attributes;
use crate::expression::{TypeExpression, column_type};
use crate::outline::{Body, RustType, Shape};
use crate::resolve::{Found, ItemKind};
use crate::sources::{CrateId, ModuleId, Program};
use crate::wellknown::{self, Known};

/// Resolves types, and collects the enum types that it meets.
pub(crate) struct Types<'a> {
    pub(crate) overrides: &'a BTreeMap<String, String>,
    pub(crate) version: SeaOrmVersion,
    /// The enum types met so far.
    pub(crate) enums: BTreeMap<EnumName, EnumType>,
    /// Enums of one name that disagree.
    pub(crate) conflicts: Vec<Notice>,
    /// Where hand-written `impl ValueType` stand, by crate and the last name of their type.
    pub(crate) implemented: BTreeMap<CrateId, BTreeMap<String, Vec<(ModuleId, usize)>>>,
}

/// An alias of an alias of an alias ends somewhere.
const DEEPEST: u8 = 24;

impl<'a> Types<'a> {
    pub(crate) fn new(overrides: &'a BTreeMap<String, String>, version: SeaOrmVersion) -> Self {
        let (enums, implemented) = (BTreeMap::new(), BTreeMap::new());
        Self { overrides, version, enums, conflicts: Vec::new(), implemented }
    }

    /// The column type of a field's type; [`Type::Opaque`] where it cannot be known.
    pub(crate) fn column_type(&mut self, program: &mut Program, module: ModuleId, ty: &RustType) -> Type {
        self.of(program, module, ty, 0).unwrap_or_else(|| Type::Opaque { path: ty.text.clone() })
    }

    /// The column type that an expression says.
    pub(crate) fn of_expression(
        &mut self,
        program: &mut Program,
        module: ModuleId,
        expression: &TypeExpression,
    ) -> Option<Type> {
        match expression {
            TypeExpression::Known(ty) => Some(ty.clone()),
            TypeExpression::Of(ty) => self.of(program, module, ty, 0),
            TypeExpression::ArrayOf(element) => {
                let element = self.of_expression(program, module, element)?;
                Some(Type::Array { element: Box::new(element) })
            }
            TypeExpression::Unknown(_) => None,
        }
    }

    fn of(&mut self, program: &mut Program, module: ModuleId, ty: &RustType, depth: u8) -> Option<Type> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(named) = self.overrides.get(&ty.text) {
            return Some(configured(named));
        }
        if self.version == SeaOrmVersion::V1
            && let Some(known) = wellknown::by_text(&ty.text)
        {
            return Some(known);
        }
        match &ty.shape {
            Shape::Path(_) => self.of_path(program, module, ty, depth),
            Shape::Reference(inner) => self.of(program, module, inner, depth + 1),
            Shape::Other => None,
        }
    }

    fn of_path(&mut self, program: &mut Program, module: ModuleId, ty: &RustType, depth: u8) -> Option<Type> {
        let names = ty.names()?;
        let found = program.resolve(module, &names);
        for key in keys(program, found.as_ref()) {
            if let Some(named) = self.overrides.get(&key) {
                return Some(configured(named));
            }
        }
        match found? {
            (Found::External(path), _) => self.of_foreign(program, module, &path, ty, depth),
            (Found::Item(home, kind, name), rest) if rest.is_empty() => {
                self.of_item(program, home, kind, &name, ty, depth)
            }
            (Found::Item(..) | Found::Module(_), _) => None,
        }
    }

    fn of_foreign(
        &mut self,
        program: &mut Program,
        module: ModuleId,
        path: &[String],
        ty: &RustType,
        depth: u8,
    ) -> Option<Type> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let argument = ty.last_segment().and_then(|segment| segment.arguments.first());
        match wellknown::known(&path)? {
            Known::Type(ty) => Some(ty),
            Known::Option => self.of(program, module, argument?, depth + 1),
            Known::Cow => {
                let inner = self.of(program, module, argument?, depth + 1)?;
                matches!(inner, Type::Varchar { .. }).then_some(inner)
            }
            Known::Vec => self.of_vec(program, module, argument?, depth),
        }
    }

    fn of_vec(&mut self, program: &mut Program, module: ModuleId, element: &RustType, depth: u8) -> Option<Type> {
        if element.text == "u8" {
            return Some(Type::VarBinary { length: None });
        }
        let element = self.of(program, module, element, depth + 1)?;
        Some(Type::Array { element: Box::new(element) })
    }

    fn of_item(
        &mut self,
        program: &mut Program,
        home: ModuleId,
        kind: ItemKind,
        name: &str,
        written: &RustType,
        depth: u8,
    ) -> Option<Type> {
        let implemented = self.implemented(program, home, name, depth);
        if implemented.is_some() {
            return implemented;
        }
        let outline = &program.modules[home].outline;
        match kind {
            ItemKind::Alias => {
                let alias = outline.aliases.iter().find(|alias| alias.name == name)?.clone();
                // `type List<T> = Vec<T>` means what its argument makes of it; such an alias is not followed.
                let is_generic = written.last_segment().is_some_and(|segment| !segment.arguments.is_empty());
                if is_generic { None } else { self.of(program, home, &alias.ty, depth + 1) }
            }
            ItemKind::Enum => {
                let found = outline.enums.iter().find(|found| found.name == name)?.clone();
                if found.attributes.derives("DeriveActiveEnum") {
                    return self.of_active_enum(program, home, &found);
                }
                self.of_derived(program, home, &found.attributes, None, depth)
            }
            ItemKind::Struct => {
                let found = outline.structs.iter().find(|found| found.name == name)?.clone();
                let inner = found.fields.first().filter(|field| field.name.is_none()).map(|field| &field.ty);
                self.of_derived(program, home, &found.attributes, inner, depth)
            }
            ItemKind::OfEntity => None,
        }
    }

    fn of_derived(
        &mut self,
        program: &mut Program,
        home: ModuleId,
        attributes: &Attributes,
        inner: Option<&RustType>,
        depth: u8,
    ) -> Option<Type> {
        if attributes.derives("FromJsonQueryResult") {
            return Some(Type::Json);
        }
        if !attributes.derives("DeriveValueType") {
            return None;
        }
        if let Some(text) = attributes.text("column_type") {
            return self.of_expression(program, home, &column_type(text));
        }
        match attributes.text("value_type") {
            Some("String") => Some(Type::Varchar { length: None }),
            Some(_) => None,
            None => self.of(program, home, inner?, depth + 1),
        }
    }

    fn of_active_enum(&mut self, program: &mut Program, home: ModuleId, found: &crate::outline::Enum) -> Option<Type> {
        match found.attributes.text("db_type")? {
            "Enum" => {
                let ty = active_enum::enum_type(found);
                let (name, labels) = (ty.name.clone(), ty.labels.clone());
                match self.enums.get(&name) {
                    Some(known) if known.labels != labels => self.note_conflict(&ty),
                    Some(_) => {}
                    None => drop(self.enums.insert(name.clone(), ty)),
                }
                Some(Type::Enum { name: Some(name), labels })
            }
            text => self.of_expression(program, home, &column_type(text)),
        }
    }

    /// Two enums of one name with other labels: the first is the type, and somebody should know.
    fn note_conflict(&mut self, ty: &EnumType) {
        let shown = |ty: &EnumType| ty.origin.place().map_or_else(String::new, ToString::to_string);
        let Some(known) = self.enums.get(&ty.name) else { return };
        let message = format!(
            "the enum type {} has other labels at {} than at {}, which is the one that counts",
            ty.name,
            shown(ty),
            shown(known)
        );
        let notice = Notice::new(NoticeKind::EntityConflict, message).named(ty.name.name.clone());
        let notice = notice.at(ty.origin.place());
        if !self.conflicts.contains(&notice) {
            self.conflicts.push(notice);
        }
    }

    /// What a hand-written `impl ValueType` says. It may stand in another module than the type.
    fn implemented(&mut self, program: &mut Program, home: ModuleId, name: &str, depth: u8) -> Option<Type> {
        let krate = program.modules[home].krate;
        let index = self.implemented.entry(krate).or_insert_with(|| value_types(program, krate));
        for (module, at) in index.get(name)?.clone() {
            let found = &program.modules[module].outline.impls[at];
            let target = found.target.names()?;
            let body =
                found.methods.iter().find(|method| method.name == "column_type").map(|method| method.body.clone());
            let is_it = matches!(program.resolve(module, &target),
                Some((Found::Item(at, _, found), _)) if at == home && found == name);
            if let (true, Some(Body::Expression(text))) = (is_it, body) {
                return match column_type(&text) {
                    TypeExpression::Of(ty) => self.of(program, module, &ty, depth + 1),
                    other => self.of_expression(program, module, &other),
                };
            }
        }
        None
    }
}

fn value_types(program: &Program, krate: CrateId) -> BTreeMap<String, Vec<(ModuleId, usize)>> {
    let mut index: BTreeMap<String, Vec<(ModuleId, usize)>> = BTreeMap::new();
    for module in program.members(krate) {
        for (at, found) in program.modules[module].outline.impls.iter().enumerate() {
            if let Some(last) = found.target.last_segment().filter(|_| found.of == "ValueType") {
                index.entry(last.name.clone()).or_default().push((module, at));
            }
        }
    }
    index
}

/// The paths by which configuration may name what was found.
fn keys(program: &Program, found: Option<&(Found, Vec<String>)>) -> Vec<String> {
    match found {
        Some((Found::Item(home, _, name), _)) => {
            let mut path = program.module_path(*home);
            path.push(name.clone());
            let path = path.join("::");
            let krate = &program.crates[program.modules[*home].krate].manifest.name;
            vec![format!("crate::{path}"), format!("{krate}::{path}")]
        }
        Some((Found::External(path), _)) => vec![path.join("::")],
        Some((Found::Module(_), _)) | None => Vec::new(),
    }
}

/// A type from configuration: a name of the database, or an expression as in `column_type`.
fn configured(text: &str) -> Type {
    match wellknown::by_name(text) {
        Type::Other { text } => match column_type(&text) {
            TypeExpression::Known(ty) => ty,
            TypeExpression::Of(_) | TypeExpression::ArrayOf(_) | TypeExpression::Unknown(_) => Type::Other { text },
        },
        known => known,
    }
}
