//! What we need to know of the Debian we run on.

use std::fs;
use std::path::Path;

/// True on Debian itself. A distribution made from it has other archives, which we do not know.
pub(crate) fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line.trim() == "ID=debian") && Path::new("/usr/bin/apt-get").exists()
}

/// The archive that this machine gets its packages from, so that a mirror or a proxy is used for ours too.
pub(crate) fn archive() -> Option<String> {
    let folder = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = folder.chain([Path::new("/etc/apt/sources.list").to_path_buf()]).collect();
    files.sort();
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).find_map(|text| archive_in(&text))
}

fn archive_in(sources: &str) -> Option<String> {
    let lines = sources.lines().filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"));
    let words = lines.flat_map(str::split_whitespace);
    let mut found = words.filter(|word| {
        word.starts_with("http") && Path::new(word.trim_end_matches('/')).file_name().is_some_and(|it| it == "debian")
    });
    found.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_found_in_both_spellings() {
        let stanza = "Types: deb\n# http://old.example/debian\nURIs: http://mirror.example/debian\nSuites: bookworm\n";
        assert_eq!(archive_in(stanza).as_deref(), Some("http://mirror.example/debian"));
        let line = "deb [signed-by=/k.gpg] https://deb.example/debian/ bookworm main\n";
        assert_eq!(archive_in(line).as_deref(), Some("https://deb.example/debian/"));
    }

    #[test]
    fn the_archive_of_security_updates_is_not_taken_for_it() {
        assert_eq!(archive_in("URIs: http://deb.debian.org/debian-security\n"), None);
    }
}
