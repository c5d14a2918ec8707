//! `COLUMN_TYPE` as a [`Type`].

use autogen_schema::{BlobSize, IntegerWidth, TextSize, Type};

use super::expression::unescaped;

/// The type that the catalog's text means. What the vocabulary cannot say exactly (`set`, `zerofill`,
/// `decimal unsigned`, `float(7,3)`, `varchar(9) COMPRESSED`, geometry) stays as it is.
pub(super) fn parse(text: &str) -> Type {
    let words = Words::of(text);
    words.exact().unwrap_or_else(|| Type::other(text))
}

/// `varchar(10)` in its pieces.
struct Words<'t> {
    name: String,
    arguments: Option<&'t str>,
    attributes: String,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let text = text.trim();
        let end = text.find(|letter: char| letter == '(' || letter.is_whitespace()).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let (arguments, rest) = match rest.strip_prefix('(').and_then(|rest| rest.rfind(')').map(|at| (rest, at))) {
            Some((rest, at)) => (Some(&rest[..at]), &rest[at + 1..]),
            None => (None, rest),
        };
        Self { name: name.to_ascii_lowercase(), arguments, attributes: rest.trim().to_ascii_lowercase() }
    }

    fn exact(&self) -> Option<Type> {
        let unsigned = match self.attributes.as_str() {
            "" => false,
            "unsigned" => true,
            _ => return None,
        };
        if let Some(width) = self.integer_width() {
            let truth = width == IntegerWidth::Tiny && self.arguments == Some("1") && !unsigned;
            return Some(if truth { Type::Boolean } else { Type::Integer { width, unsigned } });
        }
        if unsigned { None } else { self.number().or_else(|| self.text()).or_else(|| self.time()) }
    }

    fn integer_width(&self) -> Option<IntegerWidth> {
        Some(match self.name.as_str() {
            "tinyint" => IntegerWidth::Tiny,
            "smallint" => IntegerWidth::Small,
            "mediumint" => IntegerWidth::Medium,
            "int" | "integer" => IntegerWidth::Regular,
            "bigint" => IntegerWidth::Big,
            _ => return None,
        })
    }

    fn number(&self) -> Option<Type> {
        Some(match (self.name.as_str(), self.arguments) {
            ("float", None) => Type::Float,
            ("double", None) => Type::Double,
            ("decimal", Some(arguments)) => {
                let (digits, scale) = arguments.split_once(',').unwrap_or((arguments, "0"));
                Type::Decimal { precision: Some((digits.trim().parse().ok()?, scale.trim().parse().ok()?)) }
            }
            ("bit", _) => Type::Bit { length: Some(self.length()?) },
            _ => return None,
        })
    }

    fn text(&self) -> Option<Type> {
        let text = |size| Type::Text { size };
        let blob = |size| Type::Blob { size };
        Some(match (self.name.as_str(), self.arguments) {
            ("char", _) => Type::Char { length: Some(self.length()?) },
            ("varchar", _) => Type::Varchar { length: Some(self.length()?) },
            ("binary", _) => Type::Binary { length: self.length()? },
            ("varbinary", _) => Type::VarBinary { length: Some(self.length()?) },
            ("tinytext", None) => text(TextSize::Tiny),
            ("text", None) => text(TextSize::Regular),
            ("mediumtext", None) => text(TextSize::Medium),
            ("longtext", None) => text(TextSize::Long),
            ("tinyblob", None) => blob(BlobSize::Tiny),
            ("blob", None) => blob(BlobSize::Regular),
            ("mediumblob", None) => blob(BlobSize::Medium),
            ("longblob", None) => blob(BlobSize::Long),
            ("enum", Some(arguments)) => Type::Enum { name: None, labels: labels(arguments)? },
            ("json", None) => Type::Json,
            _ => return None,
        })
    }

    fn time(&self) -> Option<Type> {
        let precision = match self.arguments {
            Some(_) => Some(self.length()?),
            None => None,
        };
        Some(match (self.name.as_str(), self.arguments) {
            ("date", None) => Type::Date,
            ("time", _) => Type::Time { precision, with_time_zone: false },
            ("datetime", _) => Type::DateTime { precision },
            ("timestamp", _) => Type::Timestamp { precision },
            ("year", None | Some("4")) => Type::Year,
            _ => return None,
        })
    }

    fn length(&self) -> Option<u32> {
        self.arguments?.trim().parse().ok()
    }
}

/// The labels of `'a','it''s'`. A quote is doubled; a backslash escapes, as in any text.
fn labels(list: &str) -> Option<Vec<String>> {
    let mut labels = Vec::new();
    let mut rest = list;
    loop {
        let (_, token) = super::expression::tokens(rest).next()?;
        let inner = token.strip_prefix('\'')?.strip_suffix('\'')?;
        labels.push(unescaped(&inner.replace("''", "\\'")));
        rest = &rest[token.len()..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.is_empty().then_some(labels),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels_of(text: &str) -> Vec<String> {
        match parse(text) {
            Type::Enum { labels, .. } => labels,
            other => panic!("{text} was read as {other:?}"),
        }
    }

    #[test]
    fn a_truth_value_is_a_signed_tinyint_of_width_one() {
        assert_eq!(parse("tinyint(1)"), Type::Boolean);
        assert_eq!(parse("tinyint"), Type::integer(IntegerWidth::Tiny));
        assert_eq!(parse("tinyint(4)"), Type::integer(IntegerWidth::Tiny));
        assert_eq!(parse("tinyint(1) unsigned"), Type::Integer { width: IntegerWidth::Tiny, unsigned: true });
    }

    #[test]
    fn a_display_width_says_nothing_unless_it_pads() {
        assert_eq!(parse("bigint(20) unsigned"), Type::Integer { width: IntegerWidth::Big, unsigned: true });
        assert_eq!(parse("int(5) unsigned zerofill"), Type::other("int(5) unsigned zerofill"));
    }

    #[test]
    fn what_the_vocabulary_cannot_say_stays_as_it_is() {
        for text in [
            "set('a','b')",
            "decimal(10,2) unsigned",
            "double unsigned",
            "float(7,3)",
            "varchar(10) /*M!100301 COMPRESSED*/",
            "point",
            "inet6",
            "vector(3)",
        ] {
            assert_eq!(parse(text), Type::other(text));
        }
    }

    #[test]
    fn labels_may_hold_anything() {
        assert_eq!(labels_of(r"enum('a','it''s','x,y','(')"), ["a", "it's", "x,y", "("]);
        assert_eq!(labels_of("enum('')"), [""]);
        assert_eq!(labels_of("enum('a)','''')"), ["a)", "'"]);
    }
}
