//! Calls of `macro_rules!`, expanded by their tokens.
//!
//! Enough of the language for what declares types and modules: fragments, repetitions, literal tokens. Hygiene does
//! not matter to items. A call that no rule matches is left alone.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::outline::{MacroCall, MacroRules, Outline, Placer};

/// What the call declares; everything in it stands where the call stands.
pub(crate) fn expand(rules: &MacroRules, call: &MacroCall) -> Option<Outline> {
    let rules: Vec<TokenTree> = rules.rules.parse::<TokenStream>().ok()?.into_iter().collect();
    let input: Vec<TokenTree> = call.tokens.parse::<TokenStream>().ok()?.into_iter().collect();
    let tokens = arms(&rules).find_map(|(matcher, body)| {
        let mut bound = Bound::new();
        let rest = match_all(&pattern(matcher), &input, &mut bound)?;
        rest.is_empty().then(|| transcribe(&body, &bound))
    })?;
    let file: syn::File = syn::parse2(tokens).ok()?;
    Some(Outline::read(file.items, &Placer::Fixed(call.place.clone())))
}

type Bound = BTreeMap<String, Binding>;

#[derive(Clone, Debug)]
enum Binding {
    One(TokenStream),
    Many(Vec<Bound>),
}

#[derive(Clone, Debug)]
enum Pattern {
    Token(String),
    Group(Delimiter, Vec<Pattern>),
    Variable(String, String),
    Repeat { of: Vec<Pattern>, separator: Option<char>, at_most_one: bool },
}

/// `(matcher) => { body }`, separated by semicolons.
fn arms(rules: &[TokenTree]) -> impl Iterator<Item = (TokenStream, Vec<TokenTree>)> {
    rules.split(|token| is(token, ';')).filter_map(|arm| match arm {
        [TokenTree::Group(matcher), _, _, TokenTree::Group(body)] => {
            Some((matcher.stream(), body.stream().into_iter().collect()))
        }
        _ => None,
    })
}

fn is(token: &TokenTree, letter: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == letter)
}

fn pattern(tokens: TokenStream) -> Vec<Pattern> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut patterns = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (dollar, [TokenTree::Group(group), after @ ..]) if is(dollar, '$') => {
                let (separator, operator, after) = repetition(after);
                patterns.push(Pattern::Repeat {
                    of: pattern(group.stream()),
                    separator,
                    at_most_one: operator == Some('?'),
                });
                after
            }
            (dollar, [TokenTree::Ident(name), colon, TokenTree::Ident(kind), after @ ..])
                if is(dollar, '$') && is(colon, ':') =>
            {
                patterns.push(Pattern::Variable(name.to_string(), kind.to_string()));
                after
            }
            (TokenTree::Group(group), after) => {
                patterns.push(Pattern::Group(group.delimiter(), pattern(group.stream())));
                after
            }
            (token, after) => {
                patterns.push(Pattern::Token(token.to_string()));
                after
            }
        };
    }
    patterns
}

/// What follows `$( … )`: a separator, where there is one, and `*`, `+` or `?`.
fn repetition(rest: &[TokenTree]) -> (Option<char>, Option<char>, &[TokenTree]) {
    let operator = |token: &TokenTree| match token {
        TokenTree::Punct(punct) if "*+?".contains(punct.as_char()) => Some(punct.as_char()),
        _ => None,
    };
    match rest {
        [first, after @ ..] if operator(first).is_some() => (None, operator(first), after),
        [TokenTree::Punct(separator), second, after @ ..] if operator(second).is_some() => {
            (Some(separator.as_char()), operator(second), after)
        }
        // `=>` as a separator is two tokens.
        [TokenTree::Punct(_), TokenTree::Punct(separator), third, after @ ..] if operator(third).is_some() => {
            (Some(separator.as_char()), operator(third), after)
        }
        _ => (None, None, rest),
    }
}

/// Binds the patterns to the front of the input and gives what is left of it.
fn match_all<'a>(patterns: &[Pattern], mut input: &'a [TokenTree], bound: &mut Bound) -> Option<&'a [TokenTree]> {
    for pattern in patterns {
        input = match pattern {
            Pattern::Token(text) => match input.split_first() {
                Some((token, rest)) if token.to_string() == *text => rest,
                _ => return None,
            },
            Pattern::Group(delimiter, inner) => match input.split_first() {
                Some((TokenTree::Group(group), rest)) if group.delimiter() == *delimiter => {
                    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                    if !match_all(inner, &tokens, bound)?.is_empty() {
                        return None;
                    }
                    rest
                }
                _ => return None,
            },
            Pattern::Variable(name, kind) => {
                let taken = fragment(kind, input)?;
                bound.insert(name.clone(), Binding::One(input[..taken].iter().cloned().collect()));
                &input[taken..]
            }
            Pattern::Repeat { of, separator, at_most_one } => match_repeat(of, *separator, *at_most_one, input, bound)?,
        };
    }
    Some(input)
}

fn match_repeat<'a>(
    of: &[Pattern],
    separator: Option<char>,
    at_most_one: bool,
    mut input: &'a [TokenTree],
    bound: &mut Bound,
) -> Option<&'a [TokenTree]> {
    let mut rounds = Vec::new();
    loop {
        let mut round = Bound::new();
        match match_all(of, input, &mut round) {
            // A round that takes nothing would go on for ever.
            Some(rest) if rest.len() < input.len() => input = rest,
            _ => break,
        }
        rounds.push(round);
        if at_most_one {
            break;
        }
        if let Some(separator) = separator {
            match input.split_first() {
                Some((token, rest)) if is(token, separator) && !rest.is_empty() => input = rest,
                _ => break,
            }
        }
    }
    let mut names = Vec::new();
    variables(of, &mut names);
    for name in names {
        bound.insert(name, Binding::Many(rounds.clone()));
    }
    Some(input)
}

fn variables(patterns: &[Pattern], names: &mut Vec<String>) {
    for pattern in patterns {
        match pattern {
            Pattern::Token(_) => {}
            Pattern::Variable(name, _) => names.push(name.clone()),
            Pattern::Group(_, inner) | Pattern::Repeat { of: inner, .. } => variables(inner, names),
        }
    }
}

/// How many tokens a fragment of this kind takes.
fn fragment(kind: &str, input: &[TokenTree]) -> Option<usize> {
    match (kind, input.first()) {
        ("ident", Some(TokenTree::Ident(_))) => Some(1),
        ("ident", _) => None,
        ("literal", Some(TokenTree::Literal(_))) => Some(1),
        ("literal", Some(TokenTree::Ident(word))) if *word == "true" || *word == "false" => Some(1),
        ("literal", Some(minus)) if is(minus, '-') && matches!(input.get(1), Some(TokenTree::Literal(_))) => Some(2),
        ("literal", _) => None,
        ("tt", first) => first.map(|_| 1),
        ("block", Some(TokenTree::Group(group))) if group.delimiter() == Delimiter::Brace => Some(1),
        ("block", _) => None,
        ("vis", Some(TokenTree::Ident(word))) if *word == "pub" => match input.get(1) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Some(2),
            _ => Some(1),
        },
        ("vis", _) => Some(0),
        (_, None) => None,
        (_, Some(_)) => Some(until_separator(input)),
    }
}

/// A type, path, expression or attribute goes on to the next separator outside angle brackets.
fn until_separator(input: &[TokenTree]) -> usize {
    let mut angles = 0_usize;
    for (at, token) in input.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                ',' | ';' if angles == 0 => return at,
                '=' if angles == 0 && at > 0 && input.get(at + 1).is_some_and(|next| is(next, '>')) => return at,
                _ => {}
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && at > 0 => return at,
            TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
    }
    input.len()
}

fn transcribe(body: &[TokenTree], bound: &Bound) -> TokenStream {
    let mut output = TokenStream::new();
    let mut rest = body;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (dollar, [TokenTree::Ident(name), after @ ..]) if is(dollar, '$') => {
                match bound.get(&name.to_string()) {
                    Some(Binding::One(tokens)) => output.extend(tokens.clone()),
                    Some(Binding::Many(_)) => {}
                    None => output.extend([TokenTree::Ident(Ident::new(&name.to_string(), Span::call_site()))]),
                }
                after
            }
            (dollar, [TokenTree::Group(group), after @ ..]) if is(dollar, '$') => {
                let (separator, _, after) = repetition(after);
                let body: Vec<TokenTree> = group.stream().into_iter().collect();
                repeat(&body, separator, bound, &mut output);
                after
            }
            (TokenTree::Group(group), after) => {
                let body: Vec<TokenTree> = group.stream().into_iter().collect();
                let group = Group::new(group.delimiter(), transcribe(&body, bound));
                output.extend([TokenTree::Group(group)]);
                after
            }
            (token, after) => {
                output.extend([token.clone()]);
                after
            }
        };
    }
    output
}

fn repeat(body: &[TokenTree], separator: Option<char>, bound: &Bound, output: &mut TokenStream) {
    let mut used = Vec::new();
    mentioned(body, &mut used);
    let rounds = used.iter().find_map(|name| match bound.get(name) {
        Some(Binding::Many(rounds)) => Some(rounds),
        Some(Binding::One(_)) | None => None,
    });
    for (at, round) in rounds.into_iter().flatten().enumerate() {
        if let Some(separator) = separator.filter(|_| at > 0) {
            output.extend([TokenTree::Punct(Punct::new(separator, Spacing::Alone))]);
        }
        let mut inner = bound.clone();
        inner.extend(round.iter().map(|(name, binding)| (name.clone(), binding.clone())));
        output.extend(transcribe(body, &inner));
    }
}

fn mentioned(body: &[TokenTree], names: &mut Vec<String>) {
    for (at, token) in body.iter().enumerate() {
        match token {
            TokenTree::Group(group) => mentioned(&group.stream().into_iter().collect::<Vec<_>>(), names),
            TokenTree::Ident(name) if at > 0 && is(&body[at - 1], '$') => names.push(name.to_string()),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
