//! Text from databases, entities and arguments, made safe to look at.

use std::borrow::Cow;

/// `text` on one line, with every letter that a reader would not see, that moves a terminal's cursor or that turns the
/// direction of what follows written as its escape: `\n`, `\u{202e}`.
///
/// For reports and comments. It is for eyes: neither SQL nor Rust source is made of it.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let escape =
        |letter: char| if is_unseen(letter) { letter.escape_default().to_string() } else { letter.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Whether a letter is a control character, has no width, or changes the direction of text.
/// See https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
pub fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(visible("表 emoji 🦀"), "表 emoji 🦀");
        assert_eq!(visible("a\nb\u{1b}[2Jc\u{202e}d"), "a\\nb\\u{1b}[2Jc\\u{202e}d");
    }
}
