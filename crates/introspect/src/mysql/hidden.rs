//! Foreign keys and checks that MariaDB's catalog hides from a user who may only read. The table's own statement has
//! them, and nobody who may read the table is refused that.

use super::create_table::CreateTable;
use super::expression::{tokens, unquoted};
use super::rows::{CheckRow, ForeignKeyRow};

/// The foreign keys that the statement of a table in `database` says, one row for each column.
///
/// # Errors
///
/// A sentence, where the statement says one that is not understood.
pub(super) fn foreign_keys(statement: &CreateTable, database: &str) -> Result<Vec<ForeignKeyRow>, String> {
    let mut rows = Vec::new();
    for (name, rest) in statement.constraints() {
        if let Some(key) = rest.strip_prefix("FOREIGN KEY ") {
            let key = foreign_key(&name, key, database);
            rows.extend(key.ok_or_else(|| format!("foreign key {name}: `{rest}` is not understood"))?);
        }
    }
    Ok(rows)
}

fn foreign_key(name: &str, text: &str, database: &str) -> Option<Vec<ForeignKeyRow>> {
    let mut pieces = Pieces::of(text);
    let columns = pieces.names_in_parentheses()?;
    pieces.expect("REFERENCES")?;
    let first = pieces.name()?;
    let (schema, table) = match pieces.expect(".") {
        Some(()) => (first, pieces.name()?),
        None => (database.to_owned(), first),
    };
    let referenced = pieces.names_in_parentheses()?;
    let (mut on_delete, mut on_update) = (None, None);
    while pieces.expect("ON").is_some() {
        let event = pieces.next()?;
        let action = pieces.action()?;
        match event.as_str() {
            "DELETE" => on_delete = Some(action),
            "UPDATE" => on_update = Some(action),
            _ => return None,
        }
    }
    if pieces.next().is_some() || columns.len() != referenced.len() {
        return None;
    }
    // What the catalog calls an action that nobody asked for.
    let action = |said: Option<String>| said.unwrap_or_else(|| "RESTRICT".to_owned());
    let (on_delete, on_update) = (action(on_delete), action(on_update));
    let rows = columns.into_iter().zip(referenced).map(|(column_name, referenced_column)| ForeignKeyRow {
        name: name.to_owned(),
        column_name,
        referenced_schema: schema.clone(),
        referenced_table: table.clone(),
        referenced_column,
        on_delete: on_delete.clone(),
        on_update: on_update.clone(),
    });
    Some(rows.collect())
}

/// How MySQL writes that a check does not hold.
const NOT_ENFORCED: &str = "/*!80016 NOT ENFORCED */";

/// The checks that the statement says, of the table and at its columns.
pub(super) fn checks<'c>(statement: &CreateTable, columns: impl Iterator<Item = &'c str>) -> Vec<CheckRow> {
    let row = |name: &str, expression: &str, enforced: bool, level: &str| CheckRow {
        name: name.to_owned(),
        expression: expression.to_owned(),
        enforced: if enforced { "YES" } else { "NO" }.to_owned(),
        level: level.to_owned(),
    };
    let of_table = statement.constraints().filter_map(|(name, rest)| {
        let check = rest.strip_prefix("CHECK ")?.trim();
        let (check, enforced) = match check.strip_suffix(NOT_ENFORCED) {
            Some(check) => (check.trim_end(), false),
            None => (check, true),
        };
        Some(row(&name, check.strip_prefix('(')?.strip_suffix(')')?, enforced, "Table"))
    });
    let at_columns = columns.filter_map(|name| Some(row(name, statement.group_after(name, "CHECK")?, true, "Column")));
    of_table.chain(at_columns).collect()
}

/// The pieces of a clause without the spaces between them, and a place among them.
struct Pieces<'t> {
    rest: std::iter::Peekable<std::vec::IntoIter<&'t str>>,
}

impl<'t> Pieces<'t> {
    fn of(text: &'t str) -> Self {
        let pieces: Vec<&str> = tokens(text).map(|(_, token)| token).filter(|token| !token.trim().is_empty()).collect();
        Self { rest: pieces.into_iter().peekable() }
    }

    fn next(&mut self) -> Option<String> {
        self.rest.next().map(str::to_owned)
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.rest.next_if(|piece| *piece == word).map(drop)
    }

    fn name(&mut self) -> Option<String> {
        self.rest.next_if(|piece| piece.starts_with('`')).map(unquoted)
    }

    fn names_in_parentheses(&mut self) -> Option<Vec<String>> {
        self.expect("(")?;
        let mut names = vec![self.name()?];
        while self.expect(",").is_some() {
            names.push(self.name()?);
        }
        self.expect(")")?;
        Some(names)
    }

    /// `CASCADE`, `SET NULL`, `NO ACTION`: all words until the next `ON`.
    fn action(&mut self) -> Option<String> {
        let mut words = vec![self.next()?];
        while let Some(word) = self.rest.next_if(|piece| *piece != "ON") {
            words.push(word.to_owned());
        }
        Some(words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &str = "CREATE TABLE `t` (
  `a` int(11) DEFAULT NULL CHECK (`a` > 0),
  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),
  KEY `k` (`a`,`b``)`),
  CONSTRAINT `k` FOREIGN KEY (`a`, `b``)`) REFERENCES `other`.`p` (`x`, `REFERENCES`) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT `l` FOREIGN KEY (`a`) REFERENCES `p` (`id`),
  CONSTRAINT `c` CHECK (`a` <> ')' or `a` is null)
) ENGINE=InnoDB";

    #[test]
    fn a_statement_tells_its_keys_and_checks() {
        let statement = CreateTable::parse(STATEMENT);
        let keys = foreign_keys(&statement, "app").expect("they are understood");
        let told: Vec<String> = keys
            .iter()
            .map(|key| {
                let target = format!("{}.{}.{}", key.referenced_schema, key.referenced_table, key.referenced_column);
                format!("{} {} {target} {} {}", key.name, key.column_name, key.on_delete, key.on_update)
            })
            .collect();
        assert_eq!(
            told,
            [
                "k a other.p.x SET NULL CASCADE",
                "k b`) other.p.REFERENCES SET NULL CASCADE",
                "l a app.p.id RESTRICT RESTRICT"
            ]
        );
        let checks = checks(&statement, ["a", "j", "b"].into_iter());
        let told: Vec<_> = checks.iter().map(|row| [&*row.name, &*row.expression, &*row.level]).collect();
        assert_eq!(
            told,
            [
                ["c", "`a` <> ')' or `a` is null", "Table"],
                ["a", "`a` > 0", "Column"],
                ["j", "json_valid(`j`)", "Column"]
            ]
        );
    }

    /// As MySQL 9 writes it.
    #[test]
    fn a_check_that_does_not_hold_is_told_apart() {
        let statement = CreateTable::parse(
            "CREATE TABLE `t` (
  `a` int DEFAULT NULL,
  CONSTRAINT `c` CHECK ((`a` > 0)) /*!80016 NOT ENFORCED */,
  CONSTRAINT `t_chk_1` CHECK ((`a` < 9))
) ENGINE=InnoDB",
        );
        let checks = checks(&statement, ["a"].into_iter());
        let told: Vec<_> = checks.iter().map(|row| [&*row.name, &*row.expression, &*row.enforced]).collect();
        assert_eq!(told, [["c", "(`a` > 0)", "NO"], ["t_chk_1", "(`a` < 9)", "YES"]]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let statement =
            CreateTable::parse("CREATE TABLE `t` (CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`x`) PERIOD)");
        assert!(foreign_keys(&statement, "app").is_err_and(|sentence| sentence.contains("foreign key k")));
    }
}
