//! A `CREATE TABLE` as the server shows it: its clauses, and what they say of the expressions in them.

use super::expression::{backticked, quoted, tokens, unquoted};

/// The clauses of a `CREATE TABLE`.
#[derive(Debug)]
pub(super) struct CreateTable {
    clauses: Vec<String>,
}

impl CreateTable {
    /// Splits the statement into its clauses.
    pub(super) fn parse(sql: &str) -> Self {
        // Under ANSI_QUOTES, and only then, names stand in double quotes.
        let quotes_names_otherwise = sql.split_once("TABLE ").is_some_and(|(_, rest)| rest.starts_with('"'));
        match quotes_names_otherwise {
            true => Self { clauses: clauses(&backticked(sql)) },
            false => Self { clauses: clauses(sql) },
        }
    }

    /// The default of a column.
    pub(super) fn default_of(&self, column: &str) -> Option<&str> {
        after_word(self.clause("", column)?, "DEFAULT")
    }

    /// The expression of a virtual column.
    pub(super) fn generated(&self, column: &str) -> Option<&str> {
        after_word(self.clause("", column)?, "AS")?.strip_suffix("VIRTUAL").map(str::trim_end)
    }

    /// The condition of a check.
    pub(super) fn check(&self, name: &str) -> Option<&str> {
        after_word(self.clause("CONSTRAINT ", name)?, "CHECK")
    }

    /// How many columns it has.
    pub(super) fn columns(&self) -> usize {
        self.clauses.iter().filter(|clause| clause.starts_with('`')).count()
    }

    /// How many indexes it has, that of the primary key among them.
    pub(super) fn indexes(&self) -> usize {
        let is_index = |clause: &&String| tokens(clause).next().is_some_and(|(_, word)| INDEX_WORDS.contains(&word));
        self.clauses.iter().filter(is_index).count()
    }

    /// The constraints of the table: the name of each, and what follows it.
    pub(super) fn constraints(&self) -> impl Iterator<Item = (String, &str)> {
        self.clauses.iter().filter_map(|clause| {
            let rest = clause.strip_prefix("CONSTRAINT ")?;
            let (_, name) = tokens(rest).next()?;
            Some((unquoted(name), rest[name.len()..].trim_start()))
        })
    }

    /// What stands in the parentheses behind this word at a column.
    pub(super) fn group_after(&self, column: &str, word: &str) -> Option<&str> {
        let rest = after_word(self.clause("", column)?, word)?.strip_prefix('(')?;
        let mut depth = 0_usize;
        for (at, token) in tokens(rest) {
            match token {
                "(" => depth += 1,
                ")" if depth == 0 => return Some(&rest[..at]),
                ")" => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// What an index of one part is over.
    pub(super) fn index_key(&self, name: &str) -> Option<&str> {
        self.clause("KEY ", name).map(str::trim)
    }

    /// What follows the name in the clause that begins with this word and name.
    fn clause(&self, word: &str, name: &str) -> Option<&str> {
        let beginning = format!("{word}{} ", quoted(name));
        self.clauses.iter().find_map(|clause| clause.strip_prefix(&beginning))
    }
}

/// The words that the clause of an index begins with.
const INDEX_WORDS: [&str; 6] = ["PRIMARY", "UNIQUE", "KEY", "FULLTEXT", "SPATIAL", "VECTOR"];

/// A default without what may stand behind it at its column.
pub(super) fn without_later_clauses(default: &str) -> &str {
    let mut depth = 0_usize;
    for (at, token) in tokens(default) {
        match token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "ON" | "COMMENT" | "CHECK" if depth == 0 => return default[..at].trim_end(),
            _ => {}
        }
    }
    default
}

/// What stands in the first parentheses, split at the commas that are in no others.
fn clauses(sql: &str) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, token) in tokens(sql) {
        match token {
            "(" => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            ")" | "," if depth == 1 => {
                clauses.push(sql[start..at].trim().to_owned());
                start = at + 1;
                if token == ")" {
                    break;
                }
            }
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    clauses
}

/// What follows the first such word that stands outside of parentheses and quotes.
fn after_word<'a>(clause: &'a str, word: &str) -> Option<&'a str> {
    let mut depth = 0_usize;
    for (at, token) in tokens(clause) {
        match token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth == 0 && token == word => return Some(clause[at + word.len()..].trim()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MYSQL: &str = r"CREATE TEMPORARY TABLE `t` (
  `DEFAULT (,` enum('a)','b,`') DEFAULT NULL,
  `d` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'it''s, (',
  `e` datetime DEFAULT ((now() + interval 1 day)),
  `g` int GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,
  `n` text,
  KEY `i` ((lower(`d`))),
  CONSTRAINT `c` CHECK ((`d` <> _utf8mb4'\'),'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

    #[test]
    fn each_clause_tells_its_expression() {
        let statement = CreateTable::parse(MYSQL);
        assert_eq!((statement.clauses.len(), statement.columns(), statement.indexes()), (7, 5, 1));
        assert_eq!(statement.default_of("DEFAULT (,"), Some("NULL"));
        assert_eq!(statement.default_of("d"), Some("'it''s, ('"));
        assert_eq!(statement.default_of("e"), Some("((now() + interval 1 day))"));
        assert_eq!(statement.default_of("n"), None);
        assert_eq!(statement.generated("g"), Some("((`id` * 2))"));
        assert_eq!(statement.group_after("g", "AS"), Some("(`id` * 2)"));
        assert_eq!(statement.index_key("i"), Some("((lower(`d`)))"));
        assert_eq!(statement.check("c"), Some(r"((`d` <> _utf8mb4'\'),'))"));
        assert_eq!(statement.check("d"), None);
    }

    #[test]
    fn a_default_ends_where_the_next_clause_begins() {
        assert_eq!(without_later_clauses("'ON (' ON UPDATE current_timestamp()"), "'ON ('");
        assert_eq!(without_later_clauses("concat('a',(1)) COMMENT 'x' CHECK (`a` > 0)"), "concat('a',(1))");
        assert_eq!(without_later_clauses("0xF09F9880"), "0xF09F9880");
    }

    #[test]
    fn names_in_double_quotes_are_names() {
        let statement =
            CreateTable::parse(r#"CREATE TEMPORARY TABLE "t" ("a" int, CONSTRAINT "c" CHECK ("a" <> '"'))"#);
        assert_eq!(statement.check("c"), Some(r#"(`a` <> '"')"#));
    }
}
