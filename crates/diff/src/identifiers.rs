//! Names inside expressions. An expression is text in the database's own words; all that is known of it here is which
//! of its words are names.

/// Whether the expression names this column.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    words(sql).iter().any(|word| word.names(name))
}

/// The expression with one column under another name. For expressions that speak of one table only.
pub(crate) fn renamed(sql: &str, from: &str, to: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    for word in words(sql) {
        if word.names(from) { text.push_str(&word.spelled_as(to)) } else { text.push_str(word.text) }
    }
    text
}

/// A piece of an expression.
struct Word<'s> {
    text: &'s str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name without quotes that is no function's.
    Bare,
    /// A name between these two.
    Quoted(char, char),
    /// A text, a number, a sign, space.
    Other,
}

impl Word<'_> {
    fn names(&self, name: &str) -> bool {
        match self.kind {
            Kind::Bare => self.text.eq_ignore_ascii_case(name),
            Kind::Quoted(open, close) => {
                let inner = self.text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
                inner.is_some_and(|inner| inner.replace(&format!("{close}{close}"), &close.to_string()) == name)
            }
            Kind::Other => false,
        }
    }

    fn spelled_as(&self, name: &str) -> String {
        let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
            && !name.starts_with(|letter: char| letter.is_ascii_digit());
        match self.kind {
            Kind::Quoted(open, close) => {
                format!("{open}{}{close}", name.replace(close, &format!("{close}{close}")))
            }
            Kind::Bare | Kind::Other if plain => name.to_owned(),
            Kind::Bare | Kind::Other => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }
}

fn words(sql: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = match first {
            '\'' => (quoted(rest, '\''), Kind::Other),
            '"' | '`' => (quoted(rest, first), Kind::Quoted(first, first)),
            '[' if rest[1..].starts_with(is_start) && rest.contains(']') => (quoted(rest, ']'), Kind::Quoted('[', ']')),
            _ if is_start(first) => {
                let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
                let calls = rest[length..].trim_start().starts_with('(');
                (length, if calls { Kind::Other } else { Kind::Bare })
            }
            // A number, whole: the `e` of `1e5` is no name.
            _ if first.is_ascii_digit() => (rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()), Kind::Other),
            _ => (first.len_utf8(), Kind::Other),
        };
        let (text, behind) = rest.split_at(length);
        words.push(Word { text, kind });
        rest = behind;
    }
    words
}

fn is_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// The length of what is quoted here; the closing sign twice stands for itself.
fn quoted(text: &str, close: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == close && letters.next_if(|(_, next)| *next == close).is_none() {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_renamed() {
        for (sql, expected) in [
            ("age > 0 AND 'age' <> name", "years > 0 AND 'age' <> name"),
            ("\"age\" > age(x) + 1age", "\"years\" > age(x) + 1age"),
            ("`AGE` > `age`", "`AGE` > `years`"),
            ("[age] > ages", "[years] > ages"),
            ("'it''s age' || AGE", "'it''s age' || years"),
        ] {
            assert_eq!(renamed(sql, "age", "years"), expected);
        }
        assert_eq!(renamed("age > 0", "age", "Full age"), "\"Full age\" > 0");
    }

    #[test]
    fn a_name_in_a_text_is_no_mention() {
        assert!(mentions("lower(name) = 'x'", "name"));
        assert!(!mentions("lower(x) = 'name'", "name"));
        assert!(!mentions("name(x)", "name"));
    }
}
