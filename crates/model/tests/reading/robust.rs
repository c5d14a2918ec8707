//! Files that are not as they should be: nothing here may panic or hang.

use std::path::Path;

use crate::project::{Project, entity};

#[test]
fn a_half_written_file_is_an_error_at_its_place_and_hides_no_other() {
    let project = Project::new(&[
        ("a.rs", "pub struct Model {\n    pub id: i32,\n    pub"),
        ("b.rs", &entity("users", "")),
        ("c.rs", "fn broken( {"),
    ]);
    let error = project.error();
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 2, "{error}");
    assert!(lines[0].starts_with("a.rs:1:") && lines[0].contains("this does not parse: "), "{error}");
    assert!(lines[1].starts_with("c.rs:1:"), "{error}");
}

#[test]
fn a_syntax_error_is_pointed_at() {
    let project = Project::new(&[("a.rs", "pub struct Model {\n    pub id i32,\n}\n")]);
    assert_eq!(project.error(), "a.rs:2:12: this does not parse: expected `:`");
}

#[test]
fn a_file_that_is_no_text_is_an_error() {
    let project = Project::new(&[]);
    project.write("a.rs", &[0xff, 0xfe, 0x00, 0x80]);
    assert!(project.error().starts_with("could not read a.rs: "), "{}", project.error());
}

#[test]
fn empty_files_hold_nothing() {
    let project = Project::new(&[("a.rs", ""), ("b.rs", "\u{feff}"), ("c.rs", "#!/usr/bin/env cargo\n")]);
    assert_eq!(project.tables(), Vec::<String>::new());
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_read() {
    let filler = "/// A line of documentation that says nothing at all.\npub fn filler() {}\n";
    let functions: String = (0..14_000).map(|at| filler.replace("filler", &format!("filler_{at}"))).collect();
    let source = format!("{functions}{}", entity("users", ""));
    assert!(source.len() > 1 << 20);
    assert_eq!(Project::new(&[("a.rs", &source)]).tables(), ["users"]);
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = 100_000;
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("!", ""), ("-", ""), ("&", ""), ("Vec<", ">")] {
        let value = format!("{}1{}", open.repeat(deep), close.repeat(deep));
        let source =
            if open.starts_with('V') { format!("type X = {value};") } else { format!("const X: u8 = {value};") };
        let project = Project::new(&[("a.rs", &source)]);
        let error = project.error();
        assert!(error.contains("nested too deeply") || error.contains("does not parse"), "{open}: {error:.200}");
    }
}

#[test]
fn nesting_inside_a_text_is_harmless() {
    let brackets = "(".repeat(50_000);
    let source = format!("const X: &str = \"{brackets}\"; // {brackets}\n{}", entity("users", ""));
    assert_eq!(Project::new(&[("a.rs", &source)]).tables(), ["users"]);
}

#[test]
fn deep_attributes_are_not_understood_and_do_no_harm() {
    for (before, after) in [("Array(", ")"), ("(", ")"), ("!", "")] {
        let value = format!("{}Text{}", before.repeat(50_000), after.repeat(50_000));
        for name in ["column_type", "default_expr"] {
            let source = entity("users", &format!("#[sea_orm({name} = \"{value}\")] pub x: String,"));
            let reading = Project::new(&[("a.rs", &source)]).read();
            assert_eq!(reading.notices.len(), 1, "{name} {before}");
        }
    }
}

#[test]
fn macros_that_never_end_are_left() {
    let source = format!(
        "macro_rules! again {{ ($($t:tt)*) => {{ again!($($t)* $($t)*); }}; }} again!(a b c d); \
         macro_rules! odd {{ ($($(x)*)*) => {{}}; ($) => {{}}; }} odd!(x x x); {}",
        entity("users", "")
    );
    assert_eq!(Project::new(&[("a.rs", &source)]).tables(), ["users"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_not_followed() {
    let project = Project::new(&[("models/user.rs", &entity("users", ""))]);
    std::os::unix::fs::symlink(project.folder(), project.folder().join("models/again")).expect("a link can be made");
    assert_eq!(project.entities(&["models"]).tables(), ["users"]);
}

#[test]
fn a_module_that_is_its_own_file_is_read_once() {
    let project = Project::new(&[("lib.rs", &format!("#[path = \"lib.rs\"] mod me; {}", entity("users", "")))]);
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn fixtures_that_are_cut_or_garbled_do_no_harm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/entities");
    let project = Project::new(&[]).entities(&["a.rs"]);
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for file in std::fs::read_dir(folder).expect("the fixtures are there") {
        let text = std::fs::read(file.expect("a fixture").path()).expect("a fixture can be read");
        for round in 0..6 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(random >> 33).expect("31 bits fit") % text.len();
            let mut changed = text.clone();
            match round % 3 {
                0 => changed.truncate(at),
                1 => drop(changed.drain(at..(at + 7).min(text.len()))),
                _ => changed[at] = b"(){}<>\"'#,;=!"[at % 13],
            }
            project.write("a.rs", &changed);
            // Whatever comes of it, it comes back.
            drop(project.try_read());
        }
    }
}
