//! Text as a Rust string literal. The only place where text becomes Rust source.

use autogen_schema::is_unseen;

/// A literal whose value is exactly `text`.
pub(super) fn string(text: &str) -> String {
    let plain = |letter: char| letter == '\n' || !is_unseen(letter);
    let readable_raw = text.contains(['"', '\\', '\n']) && text.chars().all(plain);
    if readable_raw {
        let hashes = "#".repeat(longest_run_of_hashes(text) + 1);
        return format!("r{hashes}\"{text}\"{hashes}");
    }
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for letter in text.chars() {
        match letter {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            letter if plain(letter) => literal.push(letter),
            letter => literal.push_str(&format!("\\u{{{:x}}}", u32::from(letter))),
        }
    }
    literal.push('"');
    literal
}

/// The longest `"##…` in the text: the raw literal needs one `#` more.
fn longest_run_of_hashes(text: &str) -> usize {
    text.split('"').skip(1).map(|rest| rest.chars().take_while(|letter| *letter == '#').count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_literal() {
        assert_eq!(string("users"), "\"users\"");
        assert_eq!(string("CREATE TABLE \"a\""), "r#\"CREATE TABLE \"a\"\"#");
        assert_eq!(string("a\"#b"), "r##\"a\"#b\"##");
        assert_eq!(string("a\u{202e}b"), "\"a\\u{202e}b\"");
        assert_eq!(string("a\rb\"c"), "\"a\\rb\\\"c\"");
    }
}
