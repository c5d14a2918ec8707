//! How long names may be. See https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html

/// The most characters that a name has.
const MAX_NAME: usize = 64;

/// Whether the server refuses this name.
pub(super) fn is_too_long(name: &str) -> bool {
    name.chars().count() > MAX_NAME
}

/// The name of an index or constraint, which SeaORM derives from those of tables and columns: what is too long keeps its
/// beginning, and gets a number at its end that tells it from others which begin alike.
pub(super) fn shortened(name: &str) -> String {
    if !is_too_long(name) {
        return name.to_owned();
    }
    let end = format!("-{:08x}", fingerprint(name));
    let start: String = name.chars().take(MAX_NAME - end.len()).collect();
    start + &end
}

/// FNV-1a: small, and the same on every computer. See http://www.isthe.com/chongo/tech/comp/fnv/
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_that_begin_alike_stay_apart() {
        let long = "idx-".to_owned() + &"é".repeat(70);
        let (one, other) = (shortened(&format!("{long}_a")), shortened(&format!("{long}_b")));
        assert_ne!(one, other);
        assert_eq!(one.chars().count(), 64);
        assert_eq!(shortened(&one), one);
        assert_eq!(shortened("idx-users-email"), "idx-users-email");
    }
}
