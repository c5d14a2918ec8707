//! The same cases for a project on SeaORM 1.x: they compile against sea-orm-migration 1.1, and execute the same statements.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use autogen_diff::Plan;
use autogen_diff::render::{self, File, SeaOrm};

use crate::scenario::{SERVERS, Scenario, word};
use crate::trip;

/// A case on a database, and its plan.
struct Case {
    name: String,
    database: &'static str,
    plan: Plan,
}

impl Case {
    /// A rebuild asks the database, and a mock has no answers; it is only compiled.
    fn runs(&self) -> bool {
        render::use_transaction(&self.plan) != Some(false)
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is left out is never left out in silence")]
fn every_case_compiles_and_executes_the_same_on_the_first_generation() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("first-generation");
    copy_fixture(&folder);
    let (fetched, said) = cargo(&folder, &["fetch", "--quiet"]);
    if !fetched {
        let reason = said.lines().find(|line| line.starts_with("error")).unwrap_or("cargo fetch fails");
        eprintln!(
            "skipped: sea-orm-migration 1.1 is not on this machine and cannot be downloaded ({reason}); run `cargo fetch` \
             in fixtures/first_generation where there is a network"
        );
        return;
    }
    let cases = cases();
    write_sources(&folder, &cases);
    assert_laid_out(&folder);
    let (built, said) = cargo(&folder, &["run", "--quiet", "--offline"]);
    assert!(built, "{said}");
    let failures: Vec<String> =
        cases.iter().filter(|case| case.runs()).filter_map(|case| differs(case, &said)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for scenario in Scenario::all() {
        for server in SERVERS {
            if scenario.concerns(server)
                && let Some(plan) = trip::plan_of(&scenario, server)
            {
                cases.push(Case { name: scenario.name.clone(), database: word(server), plan });
            }
        }
    }
    cases
}

/// The lockfile goes with it, so that the versions are always the same.
fn copy_fixture(folder: &Path) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/first_generation");
    fs::create_dir_all(folder.join("src/generated")).unwrap();
    for file in ["Cargo.toml", "Cargo.lock", "src/main.rs"] {
        fs::copy(fixture.join(file), folder.join(file)).unwrap();
    }
    for old in fs::read_dir(folder.join("src/generated")).unwrap() {
        fs::remove_file(old.unwrap().path()).unwrap();
    }
}

fn write_sources(folder: &Path, cases: &[Case]) {
    let (mut modules, mut rows) = (String::new(), String::new());
    for case in cases {
        let module = format!("{}_{}", case.name, case.database);
        let file = File { header: "//! A case.", stem: "m1", sea_orm: SeaOrm::V1, template: None };
        fs::write(folder.join(format!("src/generated/{module}.rs")), render::migration(&[&case.plan], &file)).unwrap();
        writeln!(modules, "mod {module};").unwrap();
        if case.runs() {
            let (name, database) = (&case.name, case.database);
            writeln!(rows, "        ({name:?}, {database:?}, Box::new({module}::Migration)),").unwrap();
        } else {
            writeln!(modules, "const _: {module}::Migration = {module}::Migration;").unwrap();
        }
    }
    let list = format!(
        "{modules}\npub fn migrations() -> Vec<(&'static str, &'static str, Box<dyn sea_orm_migration::MigrationTrait>)> {{\n    \
         vec![\n{rows}    ]\n}}\n"
    );
    fs::write(folder.join("src/generated/mod.rs"), list).unwrap();
}

/// Lays the files out, and sees that doing it once is enough.
fn assert_laid_out(folder: &Path) {
    let files: Vec<PathBuf> =
        fs::read_dir(folder.join("src/generated")).unwrap().map(|entry| entry.unwrap().path()).collect();
    // In a folder of its own, so that no rustfmt.toml holds.
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("rustfmt.toml"), "").unwrap();
    let rustfmt = |check: &[&str]| {
        let mut command = Command::new("rustfmt");
        command.args(["--edition", "2021", "--config-path"]).arg(elsewhere.path()).args(check).args(&files);
        command.output().unwrap()
    };
    rustfmt(&[]);
    let output = rustfmt(&["--check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// How what the case executes differs from what is proven.
fn differs(case: &Case, said: &str) -> Option<String> {
    let mut lines =
        said.lines().filter_map(|line| serde_json::from_str::<(String, String, Vec<String>, Vec<String>)>(line).ok());
    let (_, _, up, down) = lines.find(|(name, database, ..)| *name == case.name && database == case.database)?;
    let proven = render::sql(&case.plan);
    (proven != (up.clone(), down.clone())).then(|| {
        let text = |statements: &[Vec<String>; 2]| statements.concat().join(";\n") + "\n";
        let (proven, executed) = (text(&[proven.0, proven.1]), text(&[up, down]));
        let diff = similar::TextDiff::from_lines(&proven, &executed);
        format!("== {} on {}\n{}", case.name, case.database, diff.unified_diff())
    })
}

/// Whether cargo is content, and what the program and cargo say.
fn cargo(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_") || name == "RUSTFLAGS") {
        // What the cargo that runs this test says about its own package; where the registry lies still counts.
        if name != "CARGO_HOME" {
            command.env_remove(name);
        }
    }
    // Clippy compiles what it reads; where it is not installed, the compiler does.
    if Command::new("clippy-driver").arg("--version").output().is_ok_and(|output| output.status.success()) {
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    }
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (output.status.success(), said.concat())
}
