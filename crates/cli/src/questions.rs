//! What a person is asked while a revision is written. Without a terminal nobody is asked, and nothing is assumed.

use autogen_diff::Suspicion;
use autogen_schema::{Backfill, Rename, TableName, visible};

/// Asks of each suspicion whether it is a rename; `ask` shows a question and gives the answer, `None` where nobody
/// answers. What was taken once is not offered again.
pub(crate) fn renames(suspicions: &[Suspicion], mut ask: impl FnMut(&str) -> Option<String>) -> Vec<Rename> {
    let mut decided: Vec<Rename> = Vec::new();
    for suspicion in suspicions {
        let open: Vec<_> = suspicion
            .candidates
            .iter()
            .filter(|one| !decided.iter().any(|taken| same_target(taken, &one.rename)))
            .collect();
        if open.is_empty() {
            continue;
        }
        let mut question = format!("{}. Was it renamed?\n", visible(&suspicion.gone));
        for (number, candidate) in open.iter().enumerate() {
            let place = candidate.place.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
            let rename = candidate.rename.to_string();
            question.push_str(&format!("  {}  {}{place}\n", number + 1, visible(&rename)));
        }
        question.push_str("  n  none of these\n");
        let Some(number) = choice(&question, open.len(), &mut ask) else { return decided };
        decided.extend(number.and_then(|number| open.get(number)).map(|candidate| candidate.rename.clone()));
    }
    decided
}

/// Asks for the values of existing rows in columns that become required. An empty answer leaves a column as it is.
pub(crate) fn backfills(
    unfilled: &[(&TableName, &str, &str)],
    mut ask: impl FnMut(&str) -> Option<String>,
) -> Vec<Backfill> {
    let mut decided = Vec::new();
    for (table, column, message) in unfilled {
        let question = format!("{}\nSQL of the value for {table}.{column}, or nothing: ", visible(message));
        match ask(&question) {
            None => break,
            Some(sql) if sql.is_empty() => {}
            Some(sql) => {
                decided.push(Backfill { backend: None, table: (*table).clone(), column: (*column).to_owned(), sql });
            }
        }
    }
    decided
}

/// The position of what was chosen, `Some(None)` for none of them; `None` where nobody answers.
fn choice(question: &str, count: usize, ask: &mut impl FnMut(&str) -> Option<String>) -> Option<Option<usize>> {
    let mut prompt = format!("{question}1 to {count}, or n: ");
    loop {
        let answer = ask(&prompt)?;
        match answer.parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => return Some(Some(number - 1)),
            _ if answer.eq_ignore_ascii_case("n") => return Some(None),
            _ => prompt = format!("{answer:?} is none of the answers; 1 to {count}, or n: "),
        }
    }
}

/// Whether both give one thing its name.
fn same_target(one: &Rename, other: &Rename) -> bool {
    match (one, other) {
        (Rename::Table { to, .. }, Rename::Table { to: other, .. }) => to == other,
        (Rename::Column { table, to, .. }, Rename::Column { table: holder, to: other, .. })
        | (Rename::Index { table, to, .. }, Rename::Index { table: holder, to: other, .. }) => {
            (table, to) == (holder, other)
        }
        (Rename::EnumValue { ty, to, .. }, Rename::EnumValue { ty: holder, to: other, .. }) => {
            (ty, to) == (holder, other)
        }
        (Rename::Table { .. } | Rename::Column { .. } | Rename::Index { .. } | Rename::EnumValue { .. }, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspicion(gone: &str, renames: &[&str]) -> Suspicion {
        Suspicion::new(gone, renames.iter().map(|text| text.parse().expect("it is a rename")))
    }

    fn decided(answers: &[&str]) -> Vec<String> {
        let suspicions = [
            suspicion("users.name goes", &["users.name=full", "users.name=nick"]),
            suspicion("users.n goes", &["users.n=nick"]),
        ];
        let mut answers = answers.iter();
        let renames = renames(&suspicions, |_| answers.next().map(ToString::to_string));
        renames.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_number_decides_and_n_does_not() {
        assert_eq!(decided(&["1", "1"]), ["users.name=full", "users.n=nick"]);
        assert_eq!(decided(&["n", "1"]), ["users.n=nick"]);
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        assert_eq!(decided(&["", "3", "yes", "1", "n"]), ["users.name=full"]);
    }

    #[test]
    fn a_new_name_is_given_once() {
        assert_eq!(decided(&["2"]), ["users.name=nick"]);
    }

    #[test]
    fn an_empty_answer_leaves_a_column_empty() {
        let users = TableName::bare("users");
        let unfilled = [(&users, "email", "no value"), (&users, "name", "no value"), (&users, "age", "no value")];
        let mut answers = ["'x'", ""].iter();
        let decided = backfills(&unfilled, |_| answers.next().map(ToString::to_string));
        assert_eq!(decided, ["users.email='x'".parse().expect("it is a backfill")]);
    }

    #[test]
    fn without_an_answer_nothing_is_decided() {
        assert_eq!(decided(&[]), [""; 0]);
    }
}
