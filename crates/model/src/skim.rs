//! Leaves out the code that cannot say anything about a schema, before it is parsed.
//!
//! Methods and functions are most of what a parser works on in an entity's file, and none of it is read: only the
//! bodies of the traits in [`TRAITS`] are. So the others are emptied while they are still tokens, which takes half the
//! time of parsing away. A slip inside such a body is the compiler's to report.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::outline::TRAITS;

/// Empties the body of every function, and of every `impl` but those that are read, among the items of a file.
pub(crate) fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut item = Item::Start;
    let skim = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let body = if item.is_read() { group } else { emptied(&group) };
            item = Item::Start;
            TokenTree::Group(body)
        }
        TokenTree::Punct(punct) => {
            if punct.as_char() == ';' {
                item = Item::Start;
            }
            TokenTree::Punct(punct)
        }
        TokenTree::Ident(ident) => {
            item.see(&ident);
            TokenTree::Ident(ident)
        }
        TokenTree::Group(_) | TokenTree::Literal(_) => token,
    };
    tokens.into_iter().map(skim).collect()
}

/// What the words since the end of the last item have told.
enum Item {
    /// Nothing, or words that many items can begin with.
    Start,
    Function,
    /// An `impl`, and whether its last word is the name of a trait that is read.
    Impl {
        is_read: bool,
    },
    /// An `impl` whose trait is known.
    ImplFor {
        is_read: bool,
    },
    /// Anything else.
    Other,
}

/// What may stand before `fn` and `impl`.
const QUALIFIERS: [&str; 6] = ["pub", "const", "async", "unsafe", "extern", "default"];

impl Item {
    fn see(&mut self, word: &Ident) {
        match self {
            Self::Start if word == "impl" => *self = Self::Impl { is_read: false },
            Self::Start if word == "fn" => *self = Self::Function,
            Self::Start if !QUALIFIERS.iter().any(|qualifier| word == qualifier) => *self = Self::Other,
            Self::Impl { is_read } if word == "for" => *self = Self::ImplFor { is_read: *is_read },
            Self::Impl { is_read } => *is_read = TRAITS.iter().any(|name| word == name),
            Self::Start | Self::Function | Self::ImplFor { .. } | Self::Other => {}
        }
    }

    /// Whether somebody looks into its body.
    fn is_read(&self) -> bool {
        match self {
            Self::Start | Self::Other => true,
            Self::Function | Self::Impl { .. } => false,
            Self::ImplFor { is_read } => *is_read,
        }
    }
}

fn emptied(body: &Group) -> Group {
    let mut empty = Group::new(body.delimiter(), TokenStream::new());
    empty.set_span(body.span());
    empty
}

#[cfg(test)]
mod tests {
    use super::without_bodies;

    fn skimmed(text: &str) -> String {
        let tokens = text.parse().expect("the text has tokens");
        without_bodies(tokens).to_string()
    }

    fn squeezed(text: &str) -> String {
        let tokens: proc_macro2::TokenStream = text.parse().expect("the text has tokens");
        tokens.to_string()
    }

    #[test]
    fn bodies_that_nobody_reads_are_emptied() {
        for (whole, skim) in [
            ("impl Model { fn a(&self) -> bool { self.b } }", "impl Model {}"),
            (
                "#[async_trait] impl ActiveModelBehavior for ActiveModel { fn x() {} }",
                "#[async_trait] impl ActiveModelBehavior for ActiveModel {}",
            ),
            (
                "impl<T: Into<X>> Related<super::a::Entity> for Entity { fn to() {} }",
                "impl<T: Into<X>> Related<super::a::Entity> for Entity {}",
            ),
            ("unsafe impl Send for A { const B: C = D; }", "unsafe impl Send for A {}"),
            (
                "pub async fn f(a: impl Fn() -> X) -> Y where A: B { match a { _ => {} } } struct S { a: i32 }",
                "pub async fn f(a: impl Fn() -> X) -> Y where A: B {} struct S { a: i32 }",
            ),
            ("mod a; pub(crate) const extern \"C\" fn f() { 1 }", "mod a; pub(crate) const extern \"C\" fn f() {}"),
        ] {
            assert_eq!(skimmed(whole), squeezed(skim), "{whole}");
        }
    }

    #[test]
    fn what_is_read_stays_whole() {
        for whole in [
            "impl sea_orm::ColumnTrait for Column { fn def(&self) -> ColumnDef { match self { Self::A => b() } } }",
            "impl<T> sea_orm::sea_query::ValueType for Id<T> where T: A { fn column_type() { ColumnType::Integer } }",
            "use a::{b, c}; mod inner { fn f() { 1 } } const A: &str = \"b\"; enum E { A { b: i32 } }",
            "type F = impl Fn(); struct S { a: fn(), b: i32 } id_type! { fn a } macro_rules! m { () => { fn x() { 1 } } }",
            "struct W<F = fn()> { a: i32 } struct N<const M: usize = { 3 }> { a: i32 } const A: fn() = { b };",
            "fn declared(); struct T { c: i32 }",
        ] {
            assert_eq!(skimmed(whole), squeezed(whole), "{whole}");
        }
    }
}
