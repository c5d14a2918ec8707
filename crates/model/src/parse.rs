//! From files to outlines.

use std::path::{Path, PathBuf};

use autogen_schema::Place;
use proc_macro2::{TokenStream, TokenTree};

use crate::error::Problem;
use crate::outline::{Outline, Placer};
use crate::{skim, workers};

/// What became of a file.
pub(crate) enum Parsed {
    Outline(Outline),
    Problem(Problem),
}

/// No hand writes code nested deeper; a parser that followed it would overflow its stack.
const DEEPEST: usize = 200;

/// Files of more bytes than this are data, not entities.
const LARGEST: u64 = 16 << 20;

/// Parses the files, each with the name that people know it by, and answers in their order.
pub(crate) fn parse_all(files: &[(PathBuf, String)]) -> Vec<Parsed> {
    workers::map_portions(files, |files| files.iter().map(parse).collect())
}

/// Parses an expression that stands in an attribute, unless it is nested beyond what anybody writes.
pub(crate) fn expression(text: &str) -> Option<syn::Expr> {
    if looks_deep(text) { None } else { syn::parse_str(text).ok() }
}

/// Parses a type, with the same limit.
pub(crate) fn ty(text: &str) -> Option<syn::Type> {
    if looks_deep(text) { None } else { syn::parse_str(text).ok() }
}

fn parse((path, shown): &(PathBuf, String)) -> Parsed {
    match read(path) {
        Ok(text) => outline(&text, shown),
        Err(error) => Parsed::Problem(Problem::new(format!("could not read {shown}: {error}"))),
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    let size = std::fs::metadata(path)?.len();
    if size > LARGEST {
        return Err(std::io::Error::other(format!("{size} bytes are more than any entity takes; exclude the file")));
    }
    std::fs::read_to_string(path)
}

fn outline(text: &str, shown: &str) -> Parsed {
    let placer = Placer::File(shown.to_owned());
    let place = |error: &syn::Error| placer.place(error.span());
    // The shebang and the byte order mark are for `syn::parse_file` to remove; only a suspicious file is looked at
    // twice.
    if looks_deep(text) && text.parse::<TokenStream>().is_ok_and(is_deep) {
        let start = Place { file: shown.to_owned(), line: 1, column: 1 };
        return Parsed::Problem(Problem::at(&start, "this is nested too deeply to be read; exclude the file"));
    }
    let parsed = match file(text) {
        Ok(file) => Parsed::Outline(Outline::read(file.items, &placer)),
        Err(error) => Parsed::Problem(Problem::at(&place(&error), format!("this does not parse: {error}"))),
    };
    // Positions of a file that is read and done would otherwise pile up.
    proc_macro2::extra::invalidate_current_thread_spans();
    parsed
}

/// Parses a file, but for the bodies that nobody reads.
fn file(text: &str) -> syn::Result<syn::File> {
    // What can stand before the first token, `syn` knows.
    if text.starts_with("#!") || text.starts_with('\u{feff}') {
        return syn::parse_file(text);
    }
    syn::parse2(skim::without_bodies(text.parse()?))
}

/// Whether brackets, operators or angles might nest beyond the limit; text and comments count too.
fn looks_deep(text: &str) -> bool {
    let (mut depth, mut run) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        run = if byte.is_ascii_punctuation() { run + 1 } else { 0 };
        if depth > DEEPEST || run > DEEPEST {
            return true;
        }
    }
    text.matches('<').count() > DEEPEST
}

/// Whether the tokens nest beyond the limit. Descends by a list of its own, not by the stack.
fn is_deep(tokens: TokenStream) -> bool {
    let mut open = vec![(tokens, 1_usize)];
    while let Some((tokens, depth)) = open.pop() {
        let (mut run, mut angles) = (0_usize, 0_usize);
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    open.push((group.stream(), depth + 1));
                    run = 0;
                }
                TokenTree::Punct(punct) => {
                    run += 1;
                    match punct.as_char() {
                        '<' => angles += 1,
                        '>' => angles = angles.saturating_sub(1),
                        ';' => angles = 0,
                        _ => {}
                    }
                }
                TokenTree::Ident(_) | TokenTree::Literal(_) => run = 0,
            }
            if depth > DEEPEST || run > DEEPEST || angles > DEEPEST {
                return true;
            }
        }
    }
    false
}
