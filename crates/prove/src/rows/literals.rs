//! Values that a check speaks of: whoever writes `status IN ('open', 'done')` or `age >= 18` has named some that pass.

/// The texts and numbers in a condition, in order, where it speaks of this column.
pub(crate) fn mentioned(expression: &str, column: &str) -> (Vec<String>, Vec<i64>) {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    if !speaks_of(expression, column) {
        return (texts, numbers);
    }
    let mut letters = expression.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            let mut text = String::new();
            while let Some(letter) = letters.next() {
                if letter == '\'' && letters.next_if_eq(&'\'').is_none() {
                    break;
                }
                text.push(letter);
            }
            texts.push(text);
        } else if letter.is_ascii_digit() && !before.is_alphanumeric() && before != '_' {
            let mut digits = letter.to_string();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if let Ok(number) = digits.parse::<i64>() {
                let number = if before == '-' { -number } else { number };
                numbers.extend([number, number.saturating_add(1), number.saturating_sub(1)]);
            }
        }
        before = letter;
    }
    (texts, numbers)
}

fn speaks_of(expression: &str, column: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (expression, column) = (expression.to_lowercase(), column.to_lowercase());
    expression.match_indices(&column).any(|(at, found)| {
        let before = expression[..at].chars().next_back();
        let after = expression[at + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_names_what_it_lets_pass() {
        assert_eq!(mentioned("status IN ('open', 'it''s')", "status").0, ["open", "it's"]);
        assert_eq!(mentioned("(age >= 18) AND x2 < -3", "age").1, [18, 19, 17, -3, -2, -4]);
        assert_eq!(mentioned("old_status = 'x'", "status"), (Vec::new(), Vec::new()));
    }
}
