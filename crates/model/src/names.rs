//! How SeaORM turns Rust names into SQL names.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase, ToUpperCamelCase};

/// The styles that `rename_all` takes. Several spellings name one style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaseStyle {
    Camel,
    Kebab,
    Mixed,
    Pascal,
    ScreamingKebab,
    ShoutySnake,
    Snake,
    Title,
    Lower,
    Upper,
}

impl CaseStyle {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "camelCase" => Self::Camel,
            "PascalCase" | "camel_case" => Self::Pascal,
            "kebab-case" | "kebab_case" => Self::Kebab,
            "snake_case" | "snek_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" | "shouty_snake_case" | "shouty_snek_case" => Self::ShoutySnake,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            "title_case" => Self::Title,
            "mixed_case" => Self::Mixed,
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            _ => return None,
        })
    }

    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Camel => lower_first(&name.to_upper_camel_case()),
            Self::Kebab => name.to_kebab_case(),
            Self::Mixed => name.to_lower_camel_case(),
            Self::Pascal => name.to_upper_camel_case(),
            Self::ScreamingKebab => name.to_kebab_case().to_uppercase(),
            Self::ShoutySnake => name.to_shouty_snake_case(),
            Self::Snake => name.to_snake_case(),
            Self::Title => name.to_title_case(),
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
        }
    }
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The names of one field of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldNames {
    /// The variant of `enum Column`.
    pub(crate) variant: String,
    /// The column in the database.
    pub(crate) column: String,
}

/// The names that `DeriveEntityModel` gives a field. `field` is without `r#`.
pub(crate) fn of_field(
    field: &str,
    column_name: Option<&str>,
    enum_name: Option<&str>,
    rename_all: Option<CaseStyle>,
) -> FieldNames {
    let camel = field.to_upper_camel_case();
    let variant = escape_self(enum_name.unwrap_or(&camel));
    let column = match (column_name, rename_all) {
        (Some(name), _) => name.to_owned(),
        (None, Some(style)) => style.apply(&camel),
        // A name that does not survive the way to the variant and back is kept by its own snake case.
        (None, None) if field != camel.to_snake_case() => field.to_snake_case(),
        (None, None) => column_of_variant(&variant),
    };
    FieldNames { variant, column }
}

/// The column name that `DeriveColumn` gives a variant without an attribute.
pub(crate) fn column_of_variant(variant: &str) -> String {
    variant.to_snake_case()
}

/// The variant that a relation attribute of the dense format means by a snake-case column.
pub(crate) fn variant_of_column(text: &str) -> String {
    escape_self(&text.to_upper_camel_case())
}

/// `Self` and its like are no identifiers; SeaORM puts an underscore behind them.
fn escape_self(name: &str) -> String {
    match name {
        "crate" | "Self" | "self" => format!("{name}_"),
        _ => name.to_owned(),
    }
}

/// The name that is nearest to `wrong`, where one is near enough to be meant.
pub(crate) fn nearest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    known
        .iter()
        .map(|name| (distance(wrong, name), *name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
        .or_else(|| known.iter().copied().find(|name| wrong.len() >= 4 && name.starts_with(wrong)))
}

/// How many letters must be put in, taken out, exchanged or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows = vec![(0..=to.len()).collect::<Vec<_>>()];
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let exchanged = rows[i][j] + usize::from(letter != other);
            let mut best = exchanged.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == to[j - 1] && from[i - 1] == *other {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(field: &str) -> String {
        of_field(field, None, None, None).column
    }

    #[test]
    fn a_field_gets_the_column_that_sea_orm_gives_it() {
        assert_eq!(column("user_id"), "user_id");
        assert_eq!(column("foo_1"), "foo_1");
        assert_eq!(column("_lead"), "lead");
        assert_eq!(column("camelCase"), "camel_case");
        assert_eq!(column("type_"), "type");
        assert_eq!(of_field("orig", None, Some("Renamed"), None).column, "renamed");
        assert_eq!(of_field("user_id", None, None, Some(CaseStyle::Lower)).column, "userid");
    }

    #[test]
    fn a_misspelt_word_finds_the_word_that_was_meant() {
        assert_eq!(nearest("uniqe", &["unique", "unique_key"]), Some("unique"));
        assert_eq!(nearest("index", &["indexed", "ignore"]), Some("indexed"));
        assert_eq!(nearest("whatever", &["unique", "indexed"]), None);
    }
}
