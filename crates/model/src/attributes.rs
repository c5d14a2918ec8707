//! Attributes as plain values: what was derived, and what `#[sea_orm(…)]` says.

use autogen_schema::Place;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Ident, Lit, Meta as SynMeta, Token};

use crate::outline::Placer;

/// What the attributes of an item, a field or a variant say, as far as SeaORM cares.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    /// The last segments of everything derived.
    pub(crate) derives: Vec<String>,
    /// The arguments of all `#[sea_orm(…)]`, in order.
    pub(crate) sea_orm: Vec<Meta>,
    /// The paths of other attributes, without spaces: `sea_orm::model`.
    pub(crate) others: Vec<String>,
    /// The condition of a `#[cfg(…)]`.
    pub(crate) cfg: Option<String>,
    /// The file of a `#[path = "…"]`.
    pub(crate) path: Option<String>,
    /// Whether `#[strum(disabled)]` keeps a variant out.
    pub(crate) strum_disabled: bool,
    /// `#[sea_orm(…)]` that could not be parsed.
    pub(crate) broken: Vec<Place>,
}

/// One argument of an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    pub(crate) name: String,
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// None: `unique`.
    Flag,
    /// A string, without quotes.
    Text(String),
    /// A truth value.
    Bool(bool),
    /// A number, as decimal text without suffix.
    Number(String),
    /// Any other expression, or a list, as its tokens.
    Tokens(String),
}

impl Value {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag | Self::Bool(_) | Self::Number(_) | Self::Tokens(_) => None,
        }
    }
}

impl Attributes {
    pub(crate) fn read(attributes: Vec<Attribute>, placer: &Placer) -> Self {
        let mut read = Self::default();
        for attribute in attributes {
            read.add(attribute.meta, placer);
        }
        read
    }

    pub(crate) fn derives(&self, name: &str) -> bool {
        self.derives.iter().any(|derived| derived == name)
    }

    /// The last argument of this name: SeaORM lets the last one win.
    pub(crate) fn get(&self, name: &str) -> Option<&Meta> {
        self.sea_orm.iter().rev().find(|meta| meta.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|meta| meta.value.text())
    }

    /// Whether it only exists in tests.
    pub(crate) fn is_test_only(&self) -> bool {
        self.cfg.as_deref().is_some_and(|condition| condition == "test" || condition.starts_with("all(test"))
    }

    fn add(&mut self, meta: SynMeta, placer: &Placer) {
        let Some(name) = meta.path().segments.last().map(|segment| segment.ident.to_string()) else { return };
        match name.as_str() {
            "doc" => {}
            "derive" => self.derives.extend(arguments(meta).into_iter().flat_map(derived)),
            "sea_orm" => self.add_sea_orm(meta, placer),
            "cfg" => self.cfg = arguments(meta).as_ref().map(squeeze),
            "cfg_attr" => self.add_conditional(meta, placer),
            "path" => self.path = name_value_text(&meta),
            "strum" => self.strum_disabled |= arguments(meta).is_some_and(|tokens| squeeze(&tokens) == "disabled"),
            _ => self.others.push(squeeze(&meta.path().to_token_stream())),
        }
    }

    fn add_sea_orm(&mut self, meta: SynMeta, placer: &Placer) {
        let Some(tokens) = arguments(meta) else { return };
        match (|input: ParseStream<'_>| metas(input, placer)).parse2(tokens) {
            Ok(metas) => self.sea_orm.extend(metas),
            Err(error) => self.broken.push(placer.place(error.span())),
        }
    }

    /// A conditional attribute counts as if its condition held: a model that derives its entity under a feature is
    /// an entity for whoever points at it.
    fn add_conditional(&mut self, meta: SynMeta, placer: &Placer) {
        let parser = syn::punctuated::Punctuated::<SynMeta, Token![,]>::parse_terminated;
        let inner = arguments(meta).and_then(|tokens| parser.parse2(tokens).ok());
        for meta in inner.into_iter().flatten().skip(1) {
            self.add(meta, placer);
        }
    }
}

/// What stands in the parentheses.
fn arguments(meta: SynMeta) -> Option<TokenStream> {
    match meta {
        SynMeta::List(list) => Some(list.tokens),
        SynMeta::Path(_) | SynMeta::NameValue(_) => None,
    }
}

/// The last names of the paths.
fn derived(paths: TokenStream) -> Vec<String> {
    let mut names = Vec::new();
    let mut last = None;
    for token in paths {
        match token {
            TokenTree::Ident(name) => last = Some(name),
            TokenTree::Punct(comma) if comma.as_char() == ',' => names.extend(last.take()),
            TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
    }
    names.extend(last);
    names.iter().map(Ident::to_string).collect()
}

fn name_value_text(meta: &SynMeta) -> Option<String> {
    match &meta.require_name_value().ok()?.value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The arguments in the parentheses. Commas are optional, as SeaORM's own parser for relations has it.
fn metas(input: ParseStream<'_>, placer: &Placer) -> syn::Result<Vec<Meta>> {
    let mut metas = Vec::new();
    while !input.is_empty() {
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            continue;
        }
        metas.push(meta(input, placer)?);
    }
    Ok(metas)
}

fn meta(input: ParseStream<'_>, placer: &Placer) -> syn::Result<Meta> {
    let ident = input.call(Ident::parse_any)?;
    let mut name = ident.to_string();
    while input.peek(Token![::]) {
        input.parse::<Token![::]>()?;
        name = format!("{name}::{}", input.call(Ident::parse_any)?);
    }
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        value(input)?
    } else if input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        Value::Tokens(content.parse::<TokenStream>()?.to_string())
    } else {
        Value::Flag
    };
    Ok(Meta { name, value, place: placer.place(ident.span()) })
}

fn value(input: ParseStream<'_>) -> syn::Result<Value> {
    let negative = input.peek(Token![-]);
    if negative {
        input.parse::<Token![-]>()?;
    }
    if !input.peek(Lit) {
        return Ok(Value::Tokens(input.parse::<Expr>()?.to_token_stream().to_string()));
    }
    let sign = if negative { "-" } else { "" };
    Ok(match input.parse::<Lit>()? {
        Lit::Str(text) => Value::Text(text.value()),
        Lit::Bool(value) => Value::Bool(value.value()),
        Lit::Int(number) => Value::Number(format!("{sign}{}", number.base10_digits())),
        Lit::Float(number) => Value::Number(format!("{sign}{}", number.base10_digits())),
        Lit::Char(letter) => Value::Text(letter.value().to_string()),
        other => Value::Tokens(other.to_token_stream().to_string()),
    })
}

/// The tokens as text without white space.
pub(crate) fn squeeze(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}
