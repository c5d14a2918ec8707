//! A source file as plain values: the items that matter to a schema, with their places.
//!
//! A parsed file cannot leave its thread (its positions live there), so each thread turns its files into outlines.
//! Nothing is interpreted here; expressions are kept as text.

use autogen_schema::Place;
use proc_macro2::Span;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, Item, PathArguments, Token, Type as SynType, UseTree};

use crate::attributes::{Attributes, squeeze};
use crate::parse;

/// The items of one module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    pub(crate) uses: Vec<Use>,
    pub(crate) mods: Vec<Mod>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) impls: Vec<Impl>,
    pub(crate) consts: Vec<(String, String)>,
    pub(crate) macros: Vec<MacroRules>,
    pub(crate) calls: Vec<MacroCall>,
}

/// One name, or all names, brought in by `use`.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) path: Vec<String>,
    /// The name it has here; `None` for `*`.
    pub(crate) name: Option<String>,
}

/// A module, in this file or another.
#[derive(Clone, Debug)]
pub(crate) struct Mod {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) inline: Option<Outline>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) fields: Vec<Field>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Without `r#`; `None` in a tuple struct.
    pub(crate) name: Option<String>,
    pub(crate) attributes: Attributes,
    pub(crate) ty: RustType,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) variants: Vec<Variant>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) name: String,
    pub(crate) ty: RustType,
}

/// An implementation of one of SeaORM's traits.
#[derive(Clone, Debug)]
pub(crate) struct Impl {
    /// The last segment of the trait.
    pub(crate) of: String,
    pub(crate) target: RustType,
    pub(crate) methods: Vec<Method>,
    pub(crate) place: Place,
}

/// A method whose body is one expression, or one `match` with one expression an arm.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) body: Body,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// One expression.
    Expression(String),
    /// One expression for each of these variants; `_` is an empty list.
    Match(Vec<Arm>),
    /// Anything else.
    Other,
}

#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) variants: Vec<String>,
    pub(crate) expression: String,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct MacroRules {
    pub(crate) name: String,
    pub(crate) rules: String,
}

#[derive(Clone, Debug)]
pub(crate) struct MacroCall {
    pub(crate) name: String,
    /// The first name of its path, where it has one: `ids::id_type!(…)`.
    pub(crate) krate: Option<String>,
    pub(crate) tokens: String,
    pub(crate) place: Place,
}

/// A type as it was written.
#[derive(Clone, Debug)]
pub(crate) struct RustType {
    /// Its tokens without white space, which is what SeaORM's macros look at.
    pub(crate) text: String,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Path(Vec<Segment>),
    Reference(Box<RustType>),
    Other,
}

/// A step of a path with its type arguments.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) arguments: Vec<RustType>,
}

impl RustType {
    pub(crate) fn read(ty: &SynType) -> Self {
        let shape = shape(ty);
        // Writing tokens out is what reading would spend most of its time on; a plain path needs none of it.
        let text = if is_plain(ty) { written(&shape) } else { squeeze(&ty.to_token_stream()) };
        Self { text, shape }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse::ty(text).map(|ty| Self::read(&ty))
    }

    /// The names of a path, without arguments.
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        match &self.shape {
            Shape::Path(segments) => Some(segments.iter().map(|segment| segment.name.clone()).collect()),
            Shape::Reference(_) | Shape::Other => None,
        }
    }

    pub(crate) fn last_segment(&self) -> Option<&Segment> {
        match &self.shape {
            Shape::Path(segments) => segments.last(),
            Shape::Reference(_) | Shape::Other => None,
        }
    }
}

/// Whether a type is a path with nothing but types for arguments.
fn is_plain(ty: &SynType) -> bool {
    let SynType::Path(path) = ty else { return false };
    let is_type = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(_));
    path.qself.is_none()
        && path.path.leading_colon.is_none()
        && path.path.segments.iter().all(|segment| match &segment.arguments {
            PathArguments::None => true,
            PathArguments::AngleBracketed(arguments) => {
                arguments.colon2_token.is_none()
                    && !arguments.args.trailing_punct()
                    && arguments.args.iter().all(is_type)
            }
            PathArguments::Parenthesized(_) => false,
        })
}

fn written(shape: &Shape) -> String {
    let Shape::Path(segments) = shape else { return String::new() };
    let segments = segments.iter().map(|segment| {
        let arguments: Vec<&str> = segment.arguments.iter().map(|argument| argument.text.as_str()).collect();
        if arguments.is_empty() { segment.name.clone() } else { format!("{}<{}>", segment.name, arguments.join(",")) }
    });
    segments.collect::<Vec<_>>().join("::")
}

fn shape(ty: &SynType) -> Shape {
    match ty {
        SynType::Path(path) if path.qself.is_none() => {
            let mut segments: Vec<Segment> = path.path.segments.iter().map(segment).collect();
            if path.path.leading_colon.is_some() {
                segments.insert(0, Segment { name: String::new(), arguments: Vec::new() });
            }
            Shape::Path(segments)
        }
        SynType::Reference(reference) => Shape::Reference(Box::new(RustType::read(&reference.elem))),
        SynType::Paren(inner) => shape(&inner.elem),
        SynType::Group(inner) => shape(&inner.elem),
        _ => Shape::Other,
    }
}

fn segment(segment: &syn::PathSegment) -> Segment {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(RustType::read(ty)),
                _ => None,
            })
            .collect(),
        PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
    };
    Segment { name: plain(&segment.ident), arguments }
}

/// Turns spans into places.
#[derive(Clone, Debug)]
pub(crate) enum Placer {
    /// In this file.
    File(String),
    /// Everything at one place: code that a macro wrote is where the macro was called.
    Fixed(Place),
}

impl Placer {
    pub(crate) fn place(&self, span: Span) -> Place {
        match self {
            Self::File(file) => {
                let start = span.start();
                let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                Place { file: file.clone(), line: number(start.line), column: number(start.column + 1) }
            }
            Self::Fixed(place) => place.clone(),
        }
    }
}

impl Outline {
    pub(crate) fn read(items: Vec<Item>, placer: &Placer) -> Self {
        let mut outline = Self::default();
        for item in items {
            outline.add(item, placer);
        }
        outline
    }

    /// Takes in what a macro wrote.
    pub(crate) fn append(&mut self, other: Self) {
        self.uses.extend(other.uses);
        self.mods.extend(other.mods);
        self.structs.extend(other.structs);
        self.enums.extend(other.enums);
        self.aliases.extend(other.aliases);
        self.impls.extend(other.impls);
        self.consts.extend(other.consts);
        self.macros.extend(other.macros);
        self.calls.extend(other.calls);
    }

    fn add(&mut self, item: Item, placer: &Placer) {
        match item {
            Item::Use(item) => flatten(&item.tree, &mut Vec::new(), &mut self.uses),
            Item::ExternCrate(item) => {
                if let Some((_, name)) = &item.rename {
                    self.uses.push(Use { path: vec![plain(&item.ident)], name: Some(plain(name)) });
                }
            }
            Item::Mod(item) => self.add_mod(item, placer),
            Item::Struct(item) => {
                let attributes = Attributes::read(item.attrs, placer);
                if !attributes.is_test_only() {
                    self.structs.push(structure(&item.ident, item.fields, attributes, placer));
                }
            }
            Item::Enum(item) => {
                let attributes = Attributes::read(item.attrs, placer);
                if !attributes.is_test_only() {
                    self.enums.push(enumeration(&item.ident, item.variants, attributes, placer));
                }
            }
            Item::Type(item) => self.aliases.push(Alias { name: plain(&item.ident), ty: RustType::read(&item.ty) }),
            Item::Impl(item) => self.impls.extend(implementation(&item, placer)),
            Item::Const(item) => self.consts.extend(constant(&item)),
            Item::Macro(item) => self.add_macro(&item, placer),
            _ => {}
        }
    }

    fn add_mod(&mut self, item: syn::ItemMod, placer: &Placer) {
        let attributes = Attributes::read(item.attrs, placer);
        if attributes.is_test_only() {
            return;
        }
        self.mods.push(Mod {
            name: plain(&item.ident),
            attributes,
            inline: item.content.map(|(_, items)| Self::read(items, placer)),
            place: placer.place(item.ident.span()),
        });
    }

    fn add_macro(&mut self, item: &syn::ItemMacro, placer: &Placer) {
        let Some(name) = item.mac.path.segments.last().map(|segment| plain(&segment.ident)) else { return };
        let tokens = item.mac.tokens.to_string();
        match &item.ident {
            Some(ident) if name == "macro_rules" => {
                self.macros.push(MacroRules { name: plain(ident), rules: tokens });
            }
            _ => {
                let path = &item.mac.path.segments;
                let krate = path.first().filter(|_| path.len() > 1).map(|segment| plain(&segment.ident));
                let place = placer.place(syn::spanned::Spanned::span(item));
                self.calls.push(MacroCall { name, krate, tokens, place });
            }
        }
    }
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, uses: &mut Vec<Use>) {
    match tree {
        UseTree::Path(step) => {
            path.push(plain(&step.ident));
            flatten(&step.tree, path, uses);
            path.pop();
        }
        UseTree::Name(last) => uses.push(named(path, &plain(&last.ident), None)),
        UseTree::Rename(last) => uses.push(named(path, &plain(&last.ident), Some(plain(&last.rename)))),
        UseTree::Glob(_) => uses.push(Use { path: path.clone(), name: None }),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path, uses);
            }
        }
    }
}

/// `use a::{self}` brings in `a`.
fn named(path: &[String], last: &str, rename: Option<String>) -> Use {
    let mut path = path.to_vec();
    if last != "self" || path.is_empty() {
        path.push(last.to_owned());
    }
    let name = rename.or_else(|| path.last().cloned());
    Use { path, name }
}

fn structure(name: &syn::Ident, fields: syn::Fields, attributes: Attributes, placer: &Placer) -> Struct {
    let fields = fields
        .into_iter()
        .map(|field| Field {
            name: field.ident.as_ref().map(plain),
            attributes: Attributes::read(field.attrs, placer),
            ty: RustType::read(&field.ty),
            place: match &field.ident {
                Some(ident) => placer.place(ident.span()),
                None => placer.place(syn::spanned::Spanned::span(&field.ty)),
            },
        })
        .collect();
    Struct { name: plain(name), attributes, fields, place: placer.place(name.span()) }
}

fn enumeration(
    name: &syn::Ident,
    variants: Punctuated<syn::Variant, Token![,]>,
    attributes: Attributes,
    placer: &Placer,
) -> Enum {
    let variants = variants
        .into_iter()
        .map(|variant| Variant {
            name: plain(&variant.ident),
            attributes: Attributes::read(variant.attrs, placer),
            place: placer.place(variant.ident.span()),
        })
        .collect();
    Enum { name: plain(name), attributes, variants, place: placer.place(name.span()) }
}

fn constant(item: &syn::ItemConst) -> Option<(String, String)> {
    match &*item.expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some((plain(&item.ident), text.value())),
        _ => None,
    }
}

/// The traits whose implementations are looked into.
pub(crate) const TRAITS: [&str; 6] =
    ["ValueType", "RelationTrait", "EntityName", "ColumnTrait", "PrimaryKeyTrait", "IdenStatic"];

fn implementation(item: &syn::ItemImpl, placer: &Placer) -> Option<Impl> {
    let (path, _) = item.trait_.as_ref()?;
    let of = plain(&path.segments.last()?.ident);
    if !TRAITS.contains(&of.as_str()) {
        return None;
    }
    let methods = item.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(Method { name: plain(&method.sig.ident), body: body(&method.block, placer) }),
        _ => None,
    });
    Some(Impl {
        of,
        target: RustType::read(&item.self_ty),
        methods: methods.collect(),
        place: placer.place(syn::spanned::Spanned::span(&item.self_ty)),
    })
}

fn body(block: &syn::Block, placer: &Placer) -> Body {
    let [statement] = block.stmts.as_slice() else { return Body::Other };
    let expression = match statement {
        syn::Stmt::Expr(syn::Expr::Return(value), _) => match &value.expr {
            Some(value) => value,
            None => return Body::Other,
        },
        syn::Stmt::Expr(expression, None) => expression,
        syn::Stmt::Macro(call) => return Body::Expression(call.mac.to_token_stream().to_string()),
        _ => return Body::Other,
    };
    match expression {
        syn::Expr::Match(matched) => Body::Match(matched.arms.iter().map(|arm| self::arm(arm, placer)).collect()),
        other => Body::Expression(other.to_token_stream().to_string()),
    }
}

fn arm(arm: &syn::Arm, placer: &Placer) -> Arm {
    let mut variants = Vec::new();
    variants_of(&arm.pat, &mut variants);
    Arm {
        variants,
        expression: arm.body.to_token_stream().to_string(),
        place: placer.place(syn::spanned::Spanned::span(&arm.pat)),
    }
}

fn variants_of(pattern: &syn::Pat, variants: &mut Vec<String>) {
    match pattern {
        syn::Pat::Or(any) => any.cases.iter().for_each(|case| variants_of(case, variants)),
        syn::Pat::Reference(inner) => variants_of(&inner.pat, variants),
        syn::Pat::Path(path) => variants.extend(path.path.segments.last().map(|segment| plain(&segment.ident))),
        syn::Pat::TupleStruct(path) => variants.extend(path.path.segments.last().map(|segment| plain(&segment.ident))),
        syn::Pat::Ident(ident) => variants.push(plain(&ident.ident)),
        _ => {}
    }
}
