//! The list of the golden files, by which they are compiled, and the formatter's word on them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::scenario::{SERVERS, Scenario};
use crate::{folder, is_blessing};

#[test]
fn every_golden_file_is_compiled() {
    if is_blessing() {
        return write_list();
    }
    let found = fs::read_to_string(list_file()).unwrap();
    assert!(found == list(), "tests/cases/golden.rs does not list the golden files; run cargo xtask bless");
}

/// Lists the golden files that there are now.
pub(crate) fn write_list() {
    fs::write(list_file(), list()).unwrap();
}

fn list_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/golden.rs")
}

fn list() -> String {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in golden_files() {
        let case = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        rows.entry(case).or_default().push(path.file_stem().unwrap().to_str().unwrap().to_owned());
    }
    let rows: String = rows.iter().map(|(case, databases)| format!("    {case}: {};\n", databases.join(" "))).collect();
    format!("{LIST}golden! {{\n{rows}}}\n")
}

/// What stands above the names.
const LIST: &str = "//! Made by `cargo xtask bless`: every golden file of `fixtures/cases`, compiled as it is.

/// A case, a database, and what makes the migration.
pub(crate) type Golden = (&'static str, &'static str, fn() -> Box<dyn sea_orm_migration::MigrationTrait>);

macro_rules! golden {
    ($($case:ident: $($database:ident)+;)+) => {
        #[path = \"../../../../fixtures/cases\"]
        mod cases {
            $(pub(super) mod $case {
                $(pub(crate) mod $database;)+
            })+
        }

        pub(crate) const MIGRATIONS: &[Golden] = &[
            $($((stringify!($case), stringify!($database), || Box::new(cases::$case::$database::Migration))),+),+
        ];
    };
}

";

#[test]
fn every_golden_file_is_as_rustfmt_leaves_it() {
    let files = golden_files();
    if Command::new("rustfmt").arg("--version").output().is_err() {
        return;
    }
    // In a folder of its own, so that it lays out as in a project without a rustfmt.toml.
    let elsewhere = tempfile::tempdir().unwrap();
    let config = elsewhere.path().join("rustfmt.toml");
    fs::write(&config, "").unwrap();
    let output = Command::new("rustfmt")
        .args(["--edition", "2024", "--check", "--config-path"])
        .arg(&config)
        .args(&files)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn golden_files() -> Vec<PathBuf> {
    let scenarios = Scenario::all();
    assert!(scenarios.len() >= 60, "only {} cases were found in {}", scenarios.len(), folder().display());
    let of_case = |scenario: &Scenario| {
        let mut files: Vec<PathBuf> = SERVERS.map(|server| scenario.golden(server)).into();
        files.push(scenario.golden_of_several());
        files
    };
    let files: Vec<PathBuf> = scenarios.iter().flat_map(of_case).filter(|path| path.is_file()).collect();
    files
}

/// `source` as `rustfmt` leaves it where a project says nothing about layout.
pub(crate) fn formatted(source: &str) -> String {
    use std::io::Write;
    let elsewhere = tempfile::tempdir().unwrap();
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .current_dir(elsewhere.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is needed for the golden files");
    child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "rustfmt refuses:\n{source}");
    String::from_utf8(output.stdout).unwrap()
}
