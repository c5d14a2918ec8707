//! The message of a revision as a part of its file's name.

/// The message as a readable part of a Rust identifier: lower case, `_` between words, at most `longest` characters.
///
/// Rust finds no file for a module whose name is not ASCII, so other letters become their nearest ASCII spelling; where
/// nothing is left the slug is `revision`.
pub(crate) fn slug(message: &str, longest: usize) -> String {
    let spelled = deunicode::deunicode_with_tofu(message, " ").to_ascii_lowercase().replace('\'', "");
    let words = spelled.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.is_empty() {
            slug.extend(word.chars().take(longest));
        } else if slug.len() + 1 + word.len() <= longest {
            slug.push('_');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() { "revision".into() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_is_part_of_an_identifier() {
        let check = |message: &str, expected: &str| assert_eq!(slug(message, 40), expected, "{message}");
        check("Add email", "add_email");
        check("  users.email: varchar(120) → text!", "users_email_varchar_120_text");
        check("don't drop Größe", "dont_drop_grosse");
        check("don’t drop it", "dont_drop_it");
        check("добавить поле", "dobavit_pole");
        check("添加邮箱", "tian_jia_you_xiang");
        check("?!…", "revision");
        check("say \"hi\"\nand */ go", "say_hi_and_go");
        check("right\u{202e}to\u{200f}left", "righttoleft");
        check("", "revision");
        check("add a very long message that nobody would ever want to read", "add_a_very_long_message_that_nobody");
        check(&"x".repeat(60), &"x".repeat(40));
    }
}
