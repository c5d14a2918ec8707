//! Any bytes as the source of an entity crate: the reader may refuse them, and must neither panic nor hang.
//!
//! `cargo +nightly fuzz run read -- -max_total_time=600`, in `crates/model`, with the entities in `fixtures/entities`
//! as a corpus to start from. A line `//// file NAME` begins another file of the crate, so that modules can refer to
//! each other.
#![no_main]

use std::fs;
use std::path::Path;

use autogen_model::{Options, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_files(folder.path(), source);
    let options = Options { root: folder.path().to_owned(), entities: vec!["src".into()], ..Options::default() };
    drop(read(&options));
});

/// The text up to the first `//// file NAME` is `lib.rs`. Names that are not plain are left out.
fn write_files(folder: &Path, source: &str) {
    let src = folder.join("src");
    fs::create_dir(&src).expect("the folder is new");
    let mut parts = source.split("//// file ");
    fs::write(src.join("lib.rs"), parts.next().unwrap_or_default()).expect("the file is new");
    for part in parts.take(4) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        if !name.is_empty() && name.len() < 20 && name.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            fs::write(src.join(format!("{name}.rs")), text).expect("the name is plain");
        }
    }
}
