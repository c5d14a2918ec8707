//! The catalogs are written in three-byte UTF-8: an emoji comes out of them as question marks. Where a text holds one,
//! the server is asked for the table's own statement, which has more: all of it on MySQL, and on MariaDB everything
//! but literal defaults.

use super::Flavour;
use super::create_table::{CreateTable, without_later_clauses};
use super::defaults::hexadecimal;
use super::rows::{CheckRow, ColumnRow};

/// Whether letters of this table may be lost.
pub(super) fn may_be_lost(columns: &[ColumnRow], checks: &[CheckRow]) -> bool {
    let of_columns = columns.iter().flat_map(|row| [&row.default_value, &row.generation]).flatten();
    of_columns.chain(checks.iter().map(|row| &row.expression)).any(|text| text.contains('?'))
}

/// Puts the texts of the statement in the place of those that may have lost letters.
pub(super) fn put_back(columns: &mut [ColumnRow], checks: &mut [CheckRow], statement: &CreateTable, flavour: Flavour) {
    for row in columns {
        let name = row.name.clone();
        if let Some(text) = row.default_value.as_mut().filter(|text| text.contains('?')) {
            let shown = statement.default_of(&name).map(without_later_clauses);
            match flavour {
                // A literal with a four-byte letter is shown as its bytes.
                Flavour::Mysql => replace(text, shown.and_then(hexadecimal)),
                Flavour::Mariadb => replace(text, shown.map(str::to_owned)),
            }
        }
        // MySQL writes the texts of expressions in another way, and loses nothing of them.
        if let (Some(text), Flavour::Mariadb) = (&mut row.generation, flavour)
            && text.contains('?')
        {
            replace(text, statement.group_after(&name, "AS").map(str::to_owned));
        }
    }
    for row in checks.iter_mut().filter(|row| flavour == Flavour::Mariadb && row.expression.contains('?')) {
        let of_table = statement.check(&row.name).map(str::to_owned);
        let at_column = || statement.group_after(&row.name, "CHECK").map(str::to_owned);
        let shown = if row.level.eq_ignore_ascii_case("column") { at_column() } else { of_table };
        replace(&mut row.expression, shown);
    }
}

fn replace(text: &mut String, shown: Option<String>) {
    // Bytes that are no text at all are shown as they are.
    if let Some(shown) = shown.filter(|shown| !shown.contains(char::REPLACEMENT_CHARACTER)) {
        *text = shown;
    }
}
