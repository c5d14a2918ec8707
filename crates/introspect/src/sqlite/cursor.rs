//! A place in a list of tokens, and the few steps that the parsers take.

use super::token::{Token, TokenKind, tokens};

/// What a parser did not expect, as the end of the sentence "could not understand …".
pub(crate) type Misread = String;

/// A place in a statement.
pub(crate) struct Cursor<'a> {
    source: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Stands before the first token.
    ///
    /// # Errors
    ///
    /// Where the text cannot be cut into tokens.
    pub(crate) fn new(source: &'a str) -> Result<Self, Misread> {
        Ok(Self { source, tokens: tokens(source)?, at: 0 })
    }

    /// The next token, without taking it.
    pub(crate) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    /// The token after the next.
    pub(crate) fn peek_second(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at + 1).copied()
    }

    /// Takes the next token.
    pub(crate) fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// How many tokens were taken, to give to [`Self::text_since`].
    pub(crate) fn mark(&self) -> usize {
        self.at
    }

    /// The source from the token at `mark` to the last token taken.
    pub(crate) fn text_since(&self, mark: usize) -> &'a str {
        match self.tokens.get(mark..self.at) {
            Some([first, .., last]) => &self.source[first.start..last.end()],
            Some([only]) => only.text,
            Some([]) | None => "",
        }
    }

    /// The source from one token to another.
    pub(crate) fn between(&self, first: &Token<'a>, last: &Token<'a>) -> &'a str {
        &self.source[first.start..last.end()]
    }

    /// The tokens from `mark` to the last one taken.
    pub(crate) fn tokens_since(&self, mark: usize) -> &[Token<'a>] {
        self.tokens.get(mark..self.at).unwrap_or_default()
    }

    /// Whether the next token is this keyword.
    pub(crate) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    /// Takes this keyword if it is next.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        let seen = self.sees(word);
        self.at += usize::from(seen);
        seen
    }

    /// Takes these keywords if they are next, all or none.
    pub(crate) fn eat_all(&mut self, words: &[&str]) -> bool {
        let start = self.at;
        let taken = words.iter().all(|word| self.eat(word));
        if !taken {
            self.at = start;
        }
        taken
    }

    /// Takes this operator or mark if it is next.
    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let seen = self.peek().is_some_and(|token| token.is_symbol(symbol));
        self.at += usize::from(seen);
        seen
    }

    /// Takes this keyword.
    ///
    /// # Errors
    ///
    /// Where something else is next.
    pub(crate) fn expect(&mut self, word: &str) -> Result<(), Misread> {
        if self.eat(word) { Ok(()) } else { Err(self.misread(word)) }
    }

    /// Takes this operator or mark.
    ///
    /// # Errors
    ///
    /// Where something else is next.
    pub(crate) fn expect_symbol(&mut self, symbol: &str) -> Result<(), Misread> {
        if self.eat_symbol(symbol) { Ok(()) } else { Err(self.misread(symbol)) }
    }

    /// Takes a name, quoted or not.
    ///
    /// # Errors
    ///
    /// Where something else is next.
    pub(crate) fn name(&mut self) -> Result<String, Misread> {
        let name = self.peek().and_then(|token| token.as_name());
        self.at += usize::from(name.is_some());
        name.ok_or_else(|| self.misread("a name"))
    }

    /// Takes a parenthesis and everything up to the one that closes it, and gives the text between them.
    ///
    /// # Errors
    ///
    /// Where no parenthesis is next, or it is never closed.
    pub(crate) fn group(&mut self) -> Result<&'a str, Misread> {
        self.expect_symbol("(")?;
        let mark = self.at;
        self.skip_to_close()?;
        let text = self.text_since(mark);
        self.expect_symbol(")")?;
        Ok(text)
    }

    /// Takes everything up to the parenthesis that closes the present depth.
    fn skip_to_close(&mut self) -> Result<(), Misread> {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            if token.is_symbol(")") {
                match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => return Ok(()),
                }
            }
            depth += usize::from(token.is_symbol("("));
            self.at += 1;
        }
        Err(self.misread("a closing parenthesis"))
    }

    /// Takes everything up to a comma or closing parenthesis at the present depth.
    ///
    /// # Errors
    ///
    /// Where a parenthesis is never closed.
    pub(crate) fn skip_item(&mut self) -> Result<(), Misread> {
        while let Some(token) = self.peek() {
            if token.is_symbol(",") || token.is_symbol(")") {
                return Ok(());
            }
            if token.is_symbol("(") {
                self.group()?;
            } else {
                self.at += 1;
            }
        }
        Ok(())
    }

    /// The sentence for something unexpected.
    pub(crate) fn misread(&self, wanted: &str) -> Misread {
        match self.peek() {
            Some(token) => format!("{wanted} was expected in the place of {}", token.text),
            None => format!("{wanted} was expected at the end"),
        }
    }
}

/// The text without parentheses around all of it, and without the space and comments around that.
pub(crate) fn without_outer_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = inside_parentheses(text) {
        text = inner;
    }
    text
}

fn inside_parentheses(text: &str) -> Option<&str> {
    let mut cursor = Cursor::new(text).ok()?;
    let inner = cursor.group().ok()?;
    (cursor.peek().is_none() && !inner.is_empty()).then_some(inner)
}

/// Whether the tokens are one thing that no operator can pull apart: a word or literal, a call, or a parenthesis.
pub(crate) fn is_one_operand(tokens: &[Token<'_>]) -> bool {
    let (first, rest) = match tokens {
        [first, rest @ ..] if !first.is_symbol("(") => (first, rest),
        all => return encloses(all),
    };
    match first.kind {
        TokenKind::Word | TokenKind::QuotedName => rest.is_empty() || encloses(rest),
        TokenKind::String | TokenKind::Blob | TokenKind::Number | TokenKind::Variable => rest.is_empty(),
        TokenKind::Symbol => false,
    }
}

/// Whether the first token is a parenthesis that the last one closes.
fn encloses(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        depth += usize::from(token.is_symbol("("));
        depth = depth.saturating_sub(usize::from(token.is_symbol(")")));
        if depth == 0 {
            return at + 1 == tokens.len() && at > 0;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_everything_go() {
        for (text, bare) in [
            ("(a > 0)", "a > 0"),
            (" ( ( a > 0 ) ) ", "a > 0"),
            ("(a) + (b)", "(a) + (b)"),
            ("(')')", "')'"),
            ("(a /* ) */ > 0 -- why\n)", "a /* ) */ > 0"),
            ("f(a)", "f(a)"),
            ("()", "()"),
        ] {
            assert_eq!(without_outer_parentheses(text), bare);
        }
    }

    #[test]
    fn an_operand_is_a_word_a_call_or_a_parenthesis() {
        for (text, expected) in [
            ("a", true),
            ("lower(a)", true),
            ("(a = b)", true),
            ("a = b", false),
            ("(a) + (b)", false),
            ("f(a) || b", false),
        ] {
            assert_eq!(is_one_operand(&tokens(text).expect("it is SQL")), expected, "{text}");
        }
    }
}
