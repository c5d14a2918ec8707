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

/// As much of the text as fits into so many bytes.
pub(super) fn clipped(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

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
