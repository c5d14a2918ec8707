//! The names that the server makes.

use super::MAX_NAME_BYTES;

/// The name of what belongs to a column and was not named: both names are cut, the longer one first, until
/// `table_column_label` fits. This is `makeObjectName` of the server.
pub(super) fn made(table: &str, column: &str, label: &str) -> String {
    let room = MAX_NAME_BYTES - label.len() - 2;
    let (mut of_table, mut of_column) = (table.len(), column.len());
    while of_table + of_column > room {
        if of_table > of_column {
            of_table -= 1;
        } else {
            of_column -= 1;
        }
    }
    format!("{}_{}_{label}", clipped(table, of_table), clipped(column, of_column))
}

/// The name of what belongs to the whole table and was not named: `table_label`, of which the table's name is cut.
pub(super) fn made_of_table(table: &str, label: &str) -> String {
    format!("{}_{label}", clipped(table, MAX_NAME_BYTES - label.len() - 1))
}

/// As much of the text as fits into so many bytes.
pub(super) fn clipped(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    // As PostgreSQL 15 named a check over two columns, and the primary key.
    #[test]
    fn the_name_of_a_long_table_is_cut_for_its_constraints() {
        let long = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg";
        assert_eq!(made_of_table(long, "check"), format!("{}_check", &long[..57]));
        assert_eq!(made_of_table(long, "pkey"), format!("{}_pkey", &long[..58]));
        assert_eq!(made_of_table("größe", "pkey"), "größe_pkey");
    }

    // Each as PostgreSQL 15 named the sequence of a serial.
    #[test]
    fn the_longer_name_is_cut_first() {
        assert_eq!(made("t", "a", "seq"), "t_a_seq");
        let long = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg";
        assert_eq!(made(long, "a", "seq"), format!("{}_a_seq", &long[..57]));
        assert_eq!(made("t", long, "seq"), format!("t_{}_seq", &long[..57]));
        assert_eq!(made(long, long, "seq"), format!("{}_{}_seq", &long[..29], &long[..29]));
    }
}
