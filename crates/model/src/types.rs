//! From a Rust type to a column type.

use std::collections::{BTreeMap, HashMap};

use autogen_schema::{EnumType, Type};

use crate::SeaOrmVersion;
use crate::active_enum;
use crate::attributes::Attributes;
use crate::expression::{TypeExpression, column_type};
use crate::outline::{Body, Enum, RustType, Shape};
use crate::resolve::{Found, ItemKind, Resolver};
use crate::sources::{ModuleId, Program};
use crate::wellknown::{self, Known};

/// Resolves types, and collects the enum types that it meets.
pub(crate) struct Types<'a> {
    resolver: &'a Resolver<'a>,
    overrides: &'a BTreeMap<String, String>,
    version: SeaOrmVersion,
    /// The enum types that columns had, in the order of the columns.
    pub(crate) enums: Vec<EnumType>,
    /// What expressions mean, by their text: a project says `Decimal(Some((10, 2)))` a hundred times.
    expressions: HashMap<String, TypeExpression>,
}

/// An alias of an alias of an alias ends somewhere.
const DEEPEST: u8 = 24;

impl<'a> Types<'a> {
    pub(crate) fn new(
        resolver: &'a Resolver<'a>,
        overrides: &'a BTreeMap<String, String>,
        version: SeaOrmVersion,
    ) -> Self {
        Self { resolver, overrides, version, enums: Vec::new(), expressions: HashMap::new() }
    }

    /// What the text of a `column_type` means.
    pub(crate) fn expression(&mut self, text: &str) -> TypeExpression {
        if let Some(known) = self.expressions.get(text) {
            return known.clone();
        }
        let expression = column_type(text);
        self.expressions.insert(text.to_owned(), expression.clone());
        expression
    }

    /// The column type of a field's type; [`Type::Opaque`] where it cannot be known.
    pub(crate) fn column_type(&mut self, module: ModuleId, ty: &RustType) -> Type {
        self.of(module, ty, 0).unwrap_or_else(|| Type::Opaque { path: ty.text.clone() })
    }

    /// The column type that an expression says.
    pub(crate) fn of_expression(&mut self, module: ModuleId, expression: &TypeExpression) -> Option<Type> {
        match expression {
            TypeExpression::Known(ty) => Some(ty.clone()),
            TypeExpression::Of(ty) => self.of(module, ty, 0),
            TypeExpression::ArrayOf(element) => {
                let element = self.of_expression(module, element)?;
                Some(Type::Array { element: Box::new(element) })
            }
            TypeExpression::Unknown(_) => None,
        }
    }

    fn of(&mut self, module: ModuleId, ty: &RustType, depth: u8) -> Option<Type> {
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
            Shape::Path(_) => self.of_path(module, ty, depth),
            Shape::Reference(inner) => self.of(module, inner, depth + 1),
            Shape::Other => None,
        }
    }

    fn of_path(&mut self, module: ModuleId, ty: &RustType, depth: u8) -> Option<Type> {
        let names = ty.names()?;
        let found = self.resolver.resolve(module, &names);
        for key in keys(self.resolver.program, found.as_ref()) {
            if let Some(named) = self.overrides.get(&key) {
                return Some(configured(named));
            }
        }
        match found? {
            (Found::External(path), _) => self.of_foreign(module, &path, ty, depth),
            (Found::Item(home, kind, name), rest) if rest.is_empty() => self.of_item(home, kind, &name, ty, depth),
            (Found::Item(..) | Found::Module(_), _) => None,
        }
    }

    fn of_foreign(&mut self, module: ModuleId, path: &[String], ty: &RustType, depth: u8) -> Option<Type> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let argument = ty.last_segment().and_then(|segment| segment.arguments.first());
        match wellknown::known(&path)? {
            Known::Type(ty) => Some(ty),
            Known::Option => self.of(module, argument?, depth + 1),
            Known::Cow => {
                let inner = self.of(module, argument?, depth + 1)?;
                matches!(inner, Type::Varchar { .. }).then_some(inner)
            }
            Known::Vec => self.of_vec(module, argument?, depth),
        }
    }

    fn of_vec(&mut self, module: ModuleId, element: &RustType, depth: u8) -> Option<Type> {
        if element.text == "u8" {
            return Some(Type::VarBinary { length: None });
        }
        let element = self.of(module, element, depth + 1)?;
        Some(Type::Array { element: Box::new(element) })
    }

    fn of_item(&mut self, home: ModuleId, kind: ItemKind, name: &str, written: &RustType, depth: u8) -> Option<Type> {
        let implemented = self.implemented(home, name, depth);
        if implemented.is_some() {
            return implemented;
        }
        let outline = &self.resolver.program.modules[home].outline;
        match kind {
            ItemKind::Alias => {
                let alias = outline.aliases.iter().find(|alias| alias.name == name)?;
                // `type List<T> = Vec<T>` means what its argument makes of it; such an alias is not followed.
                let is_generic = written.last_segment().is_some_and(|segment| !segment.arguments.is_empty());
                if is_generic { None } else { self.of(home, &alias.ty, depth + 1) }
            }
            ItemKind::Enum => {
                let found = outline.enums.iter().find(|found| found.name == name)?;
                if found.attributes.derives("DeriveActiveEnum") {
                    return self.of_active_enum(home, found);
                }
                self.of_derived(home, &found.attributes, None, depth)
            }
            ItemKind::Struct => {
                let found = outline.structs.iter().find(|found| found.name == name)?;
                let inner = found.fields.first().filter(|field| field.name.is_none()).map(|field| &field.ty);
                self.of_derived(home, &found.attributes, inner, depth)
            }
            ItemKind::OfEntity => None,
        }
    }

    fn of_derived(
        &mut self,
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
            let expression = self.expression(text);
            return self.of_expression(home, &expression);
        }
        match attributes.text("value_type") {
            Some("String") => Some(Type::Varchar { length: None }),
            Some(_) => None,
            None => self.of(home, inner?, depth + 1),
        }
    }

    fn of_active_enum(&mut self, home: ModuleId, found: &Enum) -> Option<Type> {
        match found.attributes.text("db_type")? {
            "Enum" => {
                let ty = active_enum::enum_type(found);
                let column = Type::Enum { name: Some(ty.name.clone()), labels: ty.labels.clone() };
                self.enums.push(ty);
                Some(column)
            }
            text => {
                let expression = self.expression(text);
                self.of_expression(home, &expression)
            }
        }
    }

    /// What a hand-written `impl ValueType` says. It may stand in another module than the type.
    fn implemented(&mut self, home: ModuleId, name: &str, depth: u8) -> Option<Type> {
        let program = self.resolver.program;
        for (module, at) in program.crates[program.modules[home].krate].value_types.get(name)? {
            let found = &program.modules[*module].outline.impls[*at];
            let is_it = matches!(self.resolver.resolve(*module, &found.target.names()?),
                Some((Found::Item(at, _, found), _)) if at == home && found == name);
            let method = found.methods.iter().find(|method| method.name == "column_type");
            if let (true, Some(Body::Expression(text))) = (is_it, method.map(|method| &method.body)) {
                return match self.expression(text) {
                    TypeExpression::Of(ty) => self.of(*module, &ty, depth + 1),
                    other => self.of_expression(*module, &other),
                };
            }
        }
        None
    }
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
