//! What the catalog hides from a user. It never says that it hides something; only the grants tell.

use autogen_schema::{Notice, NoticeKind, Schema};

use super::Flavour;
use super::expression::{backticked, tokens, unquoted};

/// What the user may do in one database.
#[derive(Debug, Default)]
pub(super) struct Rights {
    /// Each right with the table that it is on; `None` for all of them.
    held: Vec<(Option<String>, String)>,
}

impl Rights {
    /// Reads the lines of `SHOW GRANTS`, which hold what the user's roles may do, too.
    pub(super) fn parse(lines: &[String], database: &str) -> Self {
        let mut rights = Self::default();
        for line in lines {
            rights.add(&backticked(line), database);
        }
        rights
    }

    fn add(&mut self, line: &str, database: &str) {
        let Some((verb, rest)) = line.split_once(' ') else { return };
        // `GRANT role TO user` grants by way of other lines.
        let Some(at) = tokens(rest).find_map(|(at, token)| (token == "ON").then_some(at)) else { return };
        let names = words(&rest[..at]);
        let place: Vec<&str> = tokens(rest[at + 2..].trim_start()).map(|(_, token)| token).take(3).collect();
        let [of, ".", table] = place[..] else { return };
        if of != "*" && !is_like(&unquoted(of), database) {
            return;
        }
        let table = (table != "*").then(|| unquoted(table));
        match verb {
            "GRANT" => self.held.extend(names.into_iter().map(|name| (table.clone(), name))),
            // Taken away from one database by a partial revoke (MySQL).
            "REVOKE" => self.held.retain(|(_, held)| !names.contains(held)),
            _ => {}
        }
    }

    /// Whether the user holds one of these rights on every table of the database.
    fn on_all(&self, any: &[&str]) -> bool {
        self.held.iter().any(|(table, held)| table.is_none() && is_one(held, any))
    }

    /// Whether the user holds one of these rights on this table.
    fn on(&self, name: &str, any: &[&str]) -> bool {
        let is_there = |table: &Option<String>| table.as_ref().is_none_or(|table| table.eq_ignore_ascii_case(name));
        self.held.iter().any(|(table, held)| is_there(table) && is_one(held, any))
    }

    /// Whether the catalog shows all foreign keys and checks. MariaDB shows keys only to a user who has another right on
    /// their table than SELECT, and checks only to one who has a right on the whole database.
    pub(super) fn show_constraints(&self, flavour: Flavour) -> bool {
        match flavour {
            Flavour::Mysql => true,
            Flavour::Mariadb => self.on_all(&BESIDE_SELECT),
        }
    }

    /// Says what may be hidden, at the tables that it would belong to and among the notices.
    pub(super) fn mark(&self, database: &str, schema: &mut Schema, notices: &mut Vec<Notice>) {
        let mut unseen = 0_usize;
        for table in schema.tables.values_mut().filter(|table| !self.on(&table.name.name, &["TRIGGER"])) {
            unseen += 1;
            table.not_understood.push("its triggers are hidden from the database user, who has no TRIGGER".to_owned());
        }
        let wanted: [(&[&str], &str, bool); 4] = [
            (&["TRIGGER"], "triggers", unseen > 0),
            (&["EVENT"], "events", !self.on_all(&["EVENT"])),
            (&["SHOW VIEW"], "definitions of views", !self.on_all(&["SHOW VIEW"])),
            (&ROUTINES, "functions and procedures", !self.on_all(&ROUTINES)),
        ];
        for (rights, what, is_hidden) in wanted {
            if let Some(right) = rights.first().filter(|_| is_hidden) {
                let message =
                    format!("the database user has no {right} on {database}: {what} are not visible; grant it");
                notices.push(Notice::new(NoticeKind::NotUnderstood, message));
            }
        }
        if !self.held.iter().any(|(table, held)| table.is_none() && held != "USAGE") {
            let message = format!(
                "the database user has rights on single tables of {database} only: other tables are not visible, and \
                 seem not to be there; grant SELECT on {database}.*"
            );
            notices.push(Notice::new(NoticeKind::NotUnderstood, message));
        }
    }
}

/// Any of these on a table shows its constraints (MariaDB).
const BESIDE_SELECT: [&str; 12] = [
    "REFERENCES",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "ALTER",
    "INDEX",
    "SHOW VIEW",
    "CREATE VIEW",
    "TRIGGER",
    "DELETE HISTORY",
];

/// Any of these shows that there is a routine.
const ROUTINES: [&str; 4] = ["EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE", "SHOW_ROUTINE"];

fn is_one(held: &str, any: &[&str]) -> bool {
    held == "ALL PRIVILEGES" || any.contains(&held)
}

/// The rights of a list, without those on single columns, which show nothing.
fn words(list: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut of_columns = false;
    for (_, token) in tokens(list) {
        match (token, words.last_mut()) {
            (",", _) if !of_columns => words.push(String::new()),
            ("(", Some(word)) => {
                of_columns = true;
                word.clear();
                word.push('(');
            }
            (")", _) => of_columns = false,
            (_, Some(word)) if !of_columns => word.push_str(token),
            (_, _) => {}
        }
    }
    words
        .iter()
        .map(|word| word.trim())
        .filter(|word| !word.is_empty() && !word.starts_with('('))
        .map(str::to_owned)
        .collect()
}

/// Whether a grant's pattern (`app\_%`) means this database.
fn is_like(pattern: &str, name: &str) -> bool {
    fn matches(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            (['%', rest @ ..], _) => (0..=name.len()).any(|skipped| matches(rest, &name[skipped..])),
            (['\\', letter, rest @ ..], [first, others @ ..]) => letter == first && matches(rest, others),
            (['_', rest @ ..], [_, others @ ..]) => matches(rest, others),
            ([letter, rest @ ..], [first, others @ ..]) => letter == first && matches(rest, others),
            ([_, ..], []) | ([], [_, ..]) => false,
        }
    }
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    matches(&letters(pattern), &letters(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(lines: &[&str]) -> Rights {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Rights::parse(&lines, "app_1")
    }

    #[test]
    fn a_right_is_on_the_server_on_a_database_or_on_a_table() {
        let rights = rights(&[
            "GRANT USAGE ON *.* TO `u`@`%`",
            "GRANT SELECT, SHOW VIEW ON `app\\_1`.* TO `u`@`%`",
            "GRANT EVENT ON `appx1`.* TO `u`@`%`",
            "GRANT SELECT, UPDATE (`a`, `b`), TRIGGER ON `app_1`.`t` TO `u`@`%`",
            "GRANT `role`@`%` TO `u`@`%`",
        ]);
        assert!(rights.on_all(&["SHOW VIEW"]) && !rights.on_all(&["EVENT"]) && !rights.on_all(&["TRIGGER"]));
        assert!(rights.on("t", &["TRIGGER"]) && !rights.on("u", &["TRIGGER"]) && !rights.on("t", &["UPDATE"]));
        assert!(rights.show_constraints(Flavour::Mariadb));
    }

    #[test]
    fn all_is_all_and_a_partial_revoke_takes_away() {
        assert!(rights(&["GRANT ALL PRIVILEGES ON `app_%`.* TO `u`@`%` WITH GRANT OPTION"]).on_all(&["EVENT"]));
        let revoked = rights(&[
            "GRANT SELECT, TRIGGER ON *.* TO \"u\"@\"%\"",
            "REVOKE TRIGGER ON \"app\\_1\".* FROM \"u\"@\"%\"",
            "REVOKE SELECT ON `other`.* FROM `u`@`%`",
        ]);
        assert!(revoked.on_all(&["SELECT"]) && !revoked.on_all(&["TRIGGER"]));
    }
}
