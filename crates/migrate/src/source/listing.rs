//! Where things stand in the file that holds `fn migrations()`: its `mod` lines and the elements of its list, with their
//! byte ranges.

use std::ops::Range;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Block, Expr, ExprMethodCall, ImplItem, Item, Lit, Macro, Stmt, UseTree, Visibility};

/// What stands where in the file.
#[derive(Debug)]
pub(crate) struct Listing {
    /// `mod x;` lines beside the `impl`, in the order of the file.
    pub(crate) mods: Vec<ModLine>,
    /// Where the last `use` or `extern crate` ends, and the first item begins.
    pub(crate) last_use: Option<usize>,
    pub(crate) first_item: Option<usize>,
    /// The list that new migrations go into; an error says why there is none.
    pub(crate) list: Result<List, String>,
    /// Everything that is put into the result of `migrations()`, by the list or by `push`, in the order of the file.
    pub(crate) registered: Vec<Element>,
    /// The literal in `fn migration_table_name()`: `None` where there is no such function.
    pub(crate) version_table: Option<Result<String, ()>>,
}

/// `pub mod m1;`
#[derive(Clone, Debug)]
pub(crate) struct ModLine {
    pub(crate) name: String,
    /// With its attributes and doc comments.
    pub(crate) range: Range<usize>,
    /// `pub `, `pub(crate) ` or nothing.
    pub(crate) visibility: String,
    /// What `#[path = "…"]` says.
    pub(crate) path: Option<String>,
    /// Whether the module's body stands here.
    pub(crate) is_inline: bool,
}

/// The inside of `vec![…]`.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// Between the brackets.
    pub(crate) inside: Range<usize>,
    pub(crate) elements: Vec<Element>,
}

/// `Box::new(m1::Migration)`
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) range: Range<usize>,
    /// Where the comma behind it ends.
    pub(crate) comma: Option<usize>,
    /// The path of the migration's type, as in `["m1", "Migration"]`.
    pub(crate) path: Vec<String>,
    /// Whether a `cfg` is on it.
    pub(crate) is_conditional: bool,
}

impl Element {
    /// The module that holds the migration.
    pub(crate) fn module(&self) -> Option<&str> {
        self.path.iter().rev().nth(1).map(String::as_str)
    }
}

/// Why a file could not be taken apart: the line, counted from 1, and a reason.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// Takes the file apart; `None` where it has no `fn migrations()`.
pub(crate) fn read(source: &str) -> Result<Option<Listing>, Trouble> {
    let offset = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let file: syn::File = syn::parse_str(&source[offset..])
        .map_err(|error| Trouble { line: error.span().start().line, reason: error.to_string() })?;
    let place = Places { offset };
    let mut candidates = Vec::new();
    find_migrators(&file.items, &mut candidates);
    let Some(migrator) = choose(&candidates) else {
        return match candidates.as_slice() {
            [] => Ok(None),
            [first, ..] => Err(Trouble {
                line: first.block.span().start().line,
                reason: "several migrators have a `fn migrations()`, and none of them is named Migrator".into(),
            }),
        };
    };
    Ok(Some(place.listing(migrator, &file.items)))
}

/// One `fn migrations()` with what surrounds it.
struct Migrator<'a> {
    name: String,
    is_test: bool,
    block: &'a Block,
    version_table: Option<&'a Block>,
    /// The items of the module that it stands in.
    beside: &'a [Item],
}

fn find_migrators<'a>(items: &'a [Item], found: &mut Vec<Migrator<'a>>) {
    for item in items {
        match item {
            Item::Impl(item) => {
                let Some((path, _)) = &item.trait_ else { continue };
                if !path.segments.last().is_some_and(|last| last.ident.to_string().starts_with("MigratorTrait")) {
                    continue;
                }
                let function = |name: &str| {
                    item.items.iter().find_map(|member| match member {
                        ImplItem::Fn(function) if function.sig.ident == name => Some(&function.block),
                        _ => None,
                    })
                };
                let Some(block) = function("migrations") else { continue };
                let self_type = &item.self_ty;
                found.push(Migrator {
                    name: last_ident(self_type),
                    is_test: item.attrs.iter().any(is_cfg_test),
                    block,
                    version_table: function("migration_table_name"),
                    beside: items,
                });
            }
            Item::Mod(module) => {
                if let Some((_, inside)) = &module.content
                    && !module.attrs.iter().any(is_cfg_test)
                {
                    find_migrators(inside, found);
                }
            }
            _ => {}
        }
    }
}

fn choose<'a, 'b>(candidates: &'b [Migrator<'a>]) -> Option<&'b Migrator<'a>> {
    let real: Vec<&Migrator<'a>> = candidates.iter().filter(|migrator| !migrator.is_test).collect();
    match real.as_slice() {
        [one] => Some(one),
        many => many.iter().copied().find(|migrator| migrator.name == "Migrator"),
    }
}

fn last_ident(self_type: &syn::Type) -> String {
    match self_type {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().trim() == "test")
}

/// Byte ranges in the source that was parsed from `offset` on.
struct Places {
    offset: usize,
}

impl Places {
    fn of(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.offset..range.end + self.offset
    }

    fn listing(&self, migrator: &Migrator<'_>, file: &[Item]) -> Listing {
        let is_use = |item: &&Item| matches!(item, Item::Use(_) | Item::ExternCrate(_));
        let block = follow(migrator, file);
        let list = self.list(block);
        let mut registered = self.registered(block, list.as_ref().ok());
        for element in &mut registered {
            follow_use(&mut element.path, migrator.beside);
        }
        Listing {
            mods: migrator.beside.iter().filter_map(|item| self.mod_line(item)).collect(),
            last_use: migrator.beside.iter().rfind(is_use).map(|item| self.of(item.span()).end),
            first_item: migrator.beside.first().map(|item| self.of(item.span()).start),
            list: list.map(|mut list| {
                for element in &mut list.elements {
                    follow_use(&mut element.path, migrator.beside);
                }
                list
            }),
            registered,
            version_table: migrator.version_table.map(literal_in),
        }
    }

    fn mod_line(&self, item: &Item) -> Option<ModLine> {
        let Item::Mod(module) = item else { return None };
        let visibility = match &module.vis {
            Visibility::Inherited => String::new(),
            Visibility::Public(_) => "pub ".into(),
            Visibility::Restricted(vis) => {
                let within = vis.path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>();
                let within = within.join("::");
                if vis.in_token.is_some() { format!("pub(in {within}) ") } else { format!("pub({within}) ") }
            }
        };
        Some(ModLine {
            name: plain(&module.ident),
            range: self.of(module.span()),
            visibility,
            path: module.attrs.iter().find_map(path_attribute),
            is_inline: module.content.is_some(),
        })
    }

    /// The one `vec![…]` that is the result, or that the result is made from.
    fn list(&self, block: &Block) -> Result<List, String> {
        if let Some(Stmt::Expr(Expr::Macro(tail), None)) = block.stmts.last()
            && is_vec(&tail.mac)
        {
            return self.inside(&tail.mac);
        }
        if let Some(Stmt::Macro(tail)) = block.stmts.last()
            && is_vec(&tail.mac)
        {
            return self.inside(&tail.mac);
        }
        match vec_macros(block).as_slice() {
            [one] => self.inside(one),
            [] => Err("`fn migrations()` has no `vec![…]`".into()),
            _ => Err("`fn migrations()` has several `vec![…]`, and none of them is its result".into()),
        }
    }

    fn inside(&self, list: &Macro) -> Result<List, String> {
        let delimiter = list.delimiter.span();
        let inside = self.of(delimiter.open()).end..self.of(delimiter.close()).start;
        let elements = self.elements(&list.tokens);
        let repeats = list.tokens.clone().into_iter().any(|token| is_punct(&token, ';'));
        if repeats { Err("the list is written `vec![x; n]`".into()) } else { Ok(List { inside, elements }) }
    }

    fn elements(&self, tokens: &TokenStream) -> Vec<Element> {
        let mut elements = Vec::new();
        let mut part: Vec<TokenTree> = Vec::new();
        for token in tokens.clone() {
            if is_punct(&token, ',') {
                let comma = self.of(token.span()).end;
                elements.extend(self.element(&part, Some(comma)));
                part.clear();
            } else {
                part.push(token);
            }
        }
        elements.extend(self.element(&part, None));
        elements
    }

    fn element(&self, tokens: &[TokenTree], comma: Option<usize>) -> Option<Element> {
        let (first, last) = (tokens.first()?, tokens.last()?);
        let range = self.of(first.span()).start..self.of(last.span()).end;
        let stream: TokenStream = tokens.iter().cloned().collect();
        let is_conditional = is_punct(first, '#');
        // An attribute is no part of the expression that names the migration.
        let expression = syn::parse2::<Expr>(without_attributes(stream));
        let path = expression.ok().and_then(|found| type_path(&found)).unwrap_or_default();
        Some(Element { range, comma, path, is_conditional })
    }

    /// The elements of every list and the arguments of every `push`, for reading.
    fn registered(&self, block: &Block, list: Option<&List>) -> Vec<Element> {
        let mut found: Vec<Element> = vec_macros(block).iter().flat_map(|list| self.elements(&list.tokens)).collect();
        let mut pushes = Pushes::default();
        pushes.visit_block(block);
        found.extend(pushes.found.iter().map(|(argument, is_conditional)| Element {
            range: self.of(argument.span()),
            comma: None,
            path: type_path(argument).unwrap_or_default(),
            is_conditional: *is_conditional,
        }));
        let chosen: Vec<usize> =
            list.iter().flat_map(|list| &list.elements).map(|element| element.range.start).collect();
        found.retain(|element| !element.path.is_empty() || chosen.contains(&element.range.start));
        found.sort_by_key(|element| element.range.start);
        found.dedup_by_key(|element| element.range.start);
        found
    }
}

/// Where `migrations()` only calls another function of the file, that function's body.
fn follow<'a>(migrator: &Migrator<'a>, file: &'a [Item]) -> &'a Block {
    let called = match migrator.block.stmts.as_slice() {
        [Stmt::Expr(Expr::Call(call), None)] if call.args.is_empty() => match &*call.func {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        },
        _ => None,
    };
    let Some(called) = called else { return migrator.block };
    let functions = file.iter().flat_map(|item| match item {
        Item::Fn(function) => vec![(&function.sig.ident, &*function.block)],
        Item::Impl(item) => item
            .items
            .iter()
            .filter_map(|member| match member {
                ImplItem::Fn(function) => Some((&function.sig.ident, &function.block)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    });
    functions.into_iter().find(|(name, _)| **name == called).map_or(migrator.block, |(_, block)| block)
}

#[derive(Default)]
struct Vecs<'a> {
    found: Vec<&'a Macro>,
}

impl<'a> Visit<'a> for Vecs<'a> {
    fn visit_macro(&mut self, found: &'a Macro) {
        if is_vec(found) {
            self.found.push(found);
        }
    }
}

fn vec_macros(block: &Block) -> Vec<&Macro> {
    let mut vecs = Vecs::default();
    vecs.visit_block(block);
    vecs.found
}

#[derive(Default)]
struct Pushes<'a> {
    found: Vec<(&'a Expr, bool)>,
}

impl<'a> Visit<'a> for Pushes<'a> {
    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        if call.method == "push" && call.args.len() == 1 {
            self.found.extend(call.args.iter().map(|argument| (argument, !call.attrs.is_empty())));
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

fn is_vec(found: &Macro) -> bool {
    found.path.segments.last().is_some_and(|last| last.ident == "vec")
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == wanted)
}

fn without_attributes(tokens: TokenStream) -> TokenStream {
    let mut rest: Vec<TokenTree> = tokens.into_iter().collect();
    while rest.len() >= 2 && is_punct(&rest[0], '#') && matches!(rest[1], TokenTree::Group(_)) {
        rest.drain(..2);
    }
    rest.into_iter().collect()
}

/// The path of the type in `Box::new(m1::Migration)`, `Box::new(m1::Migration { .. })`, `Box::new(m1::Migration(1))`,
/// `Box::new(m1::Migration::new(1)) as _` and the like.
fn type_path(expression: &Expr) -> Option<Vec<String>> {
    let of = |path: &syn::Path| path.segments.iter().map(|part| plain(&part.ident)).collect::<Vec<_>>();
    match expression {
        Expr::Path(found) => Some(of(&found.path)),
        Expr::Struct(found) => Some(of(&found.path)),
        Expr::Cast(found) => type_path(&found.expr),
        Expr::Paren(found) => type_path(&found.expr),
        Expr::MethodCall(found) => type_path(&found.receiver),
        Expr::Call(call) => {
            let mut path = type_path(&call.func)?;
            if path.len() >= 2 && path[path.len() - 2] == "Box" {
                return type_path(call.args.first()?);
            }
            // `m1::Migration::new(…)` and `m1::Migration(…)` differ in the case of the last part.
            if path.last().is_some_and(|last| last.starts_with(|letter: char| letter.is_lowercase())) {
                path.pop();
            }
            Some(path)
        }
        _ => None,
    }
}

/// A bare name that a `use` brought in becomes the path that the `use` says.
fn follow_use(path: &mut Vec<String>, items: &[Item]) {
    let [name] = path.as_slice() else { return };
    let mut found = None;
    for item in items {
        if let Item::Use(item) = item {
            find_use(&item.tree, &mut Vec::new(), name, &mut found);
        }
    }
    if let Some(full) = found {
        *path = full;
    }
}

fn find_use(tree: &UseTree, prefix: &mut Vec<String>, name: &str, found: &mut Option<Vec<String>>) {
    let full = |prefix: &[String], last: &syn::Ident| prefix.iter().cloned().chain([plain(last)]).collect();
    match tree {
        UseTree::Path(path) => {
            prefix.push(plain(&path.ident));
            find_use(&path.tree, prefix, name, found);
            prefix.pop();
        }
        UseTree::Name(last) if last.ident == name => *found = Some(full(prefix, &last.ident)),
        UseTree::Rename(last) if last.rename == name => *found = Some(full(prefix, &last.ident)),
        UseTree::Group(group) => group.items.iter().for_each(|tree| find_use(tree, prefix, name, found)),
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

fn plain(ident: &syn::Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

fn path_attribute(attribute: &syn::Attribute) -> Option<String> {
    let value = attribute.meta.require_name_value().ok().filter(|found| found.path.is_ident("path"))?;
    match &value.value {
        Expr::Lit(found) => match &found.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The only text literal in a function's body.
pub(crate) fn literal_in(block: &Block) -> Result<String, ()> {
    #[derive(Default)]
    struct Literals(Vec<String>);
    impl Visit<'_> for Literals {
        fn visit_lit_str(&mut self, text: &syn::LitStr) {
            self.0.push(text.value());
        }
    }
    let mut literals = Literals::default();
    literals.visit_block(block);
    match literals.0.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(()),
    }
}
