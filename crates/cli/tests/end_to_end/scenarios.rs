//! The list of scenarios of graphs, traversal and commands that Alembic's own tests and probes gave: each has a test
//! whose name begins with its number, or a reason why there is none. The tests are in this package, and in
//! `autogen-migrate`, `tests/graph.rs` first of all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::database::{Server, TestDatabase};
use crate::job::scratch::repository;
use crate::revisions::{LINEAR, project};
use crate::small::Small;

/// The numbers of the list.
const ROWS: &str = "
v01 v03 v04 v05 v06 v07 v08 v09 v10 v12 v13 v14 v15 v16 v17 v18 v19 v20 v22 v23 v24 v25 v26 v27 v30 v31 v32 v36 v37 v38
v39 v41 v43 v45 v46 v47 v48 v49 v50 v51 v52 v53 v54 v55 v56 v57 v58 v59 v61 v62 v63 v64 v65 v66 v67 v68 v69 v70 v71
x01 x02 x03 x04 x05 x06 x07 x08 x09 x10 x11 x12 x14 x15 x16 x17 x18 x19 x20 x21 x22 x25 x26 x27 x28 x29 x31 x33 x34 x35
x36 x37 x38 x39 x40 x41 x42 x45 x46 x47 x49 x50 x51 x52 x53 x55 x56 x57 x58 x59 x63 x64 x65";

/// Why a row has no test.
const WITHOUT: [(&str, &str); 3] = [
    ("x05", "a migration crate always is a package; there is no other layout to choose"),
    ("x06", "the configuration is one file of its own; there is no template that writes into another tool's file"),
    ("x21", "a project has one migration crate, so a revision has one place to go to"),
];

#[test]
fn every_row_has_a_test_or_a_reason() {
    let names = names_of_tests();
    let rows: BTreeSet<&str> = ROWS.split_whitespace().collect();
    let judged: BTreeSet<&str> = WITHOUT.iter().map(|(row, _)| *row).collect();
    let tested: BTreeSet<&str> = names.iter().flat_map(|name| numbers(name)).collect();
    let open: Vec<&&str> = rows.iter().filter(|row| !tested.contains(**row) && !judged.contains(**row)).collect();
    assert!(open.is_empty(), "neither a test nor a reason: {open:?}");
    let both: Vec<&&str> = judged.iter().filter(|row| tested.contains(**row)).collect();
    assert!(both.is_empty(), "a test and a reason why there is none: {both:?}");
    let strange: Vec<&&str> = tested.iter().chain(&judged).filter(|row| !rows.contains(**row)).collect();
    assert!(strange.is_empty(), "not in the list: {strange:?}");
}

/// The names of functions, and of the rows in tables of tests, that begin with a number.
fn names_of_tests() -> Vec<String> {
    let folders = ["crates/cli/tests/end_to_end", "crates/migrate/tests"];
    let mut names = Vec::new();
    for folder in folders.map(|folder| repository().join(folder)) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| is_rust(path)) {
            for line in fs::read_to_string(&path).unwrap().lines() {
                let line = line.trim_start().trim_start_matches("async ").trim_start_matches("fn ");
                let name: String = line.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let ends_as_a_name = line[name.len()..].starts_with([':', '(']);
                if ends_as_a_name && !numbers(&name).is_empty() {
                    names.push(name);
                }
            }
        }
    }
    names
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// `x16_x17_a_revision` is about x16 and x17.
fn numbers(name: &str) -> Vec<&str> {
    let is_number = |word: &&str| {
        let digits = word.strip_prefix(['v', 'x']).unwrap_or_default();
        digits.len() == 2 && digits.chars().all(|digit| digit.is_ascii_digit())
    };
    name.split('_').take_while(is_number).collect()
}

#[test]
fn x01_without_a_configuration_every_command_names_the_way_to_one() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["heads", "history", "current", "upgrade", "downgrade -1", "stamp head", "merge", "status"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        crate::project::autogen(folder.path(), &arguments).with(2).says(&["no autogen.toml", "autogen init"]);
    }
}

#[test]
fn x02_no_command_and_an_unknown_one_are_usage() {
    let small = Small::new();
    for arguments in [&[][..], &["nosuch"], &["upgrade", "--nosuch"], &["stamp"]] {
        let ended = small.autogen(arguments).with(2).says(&["Usage: autogen"]);
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn x03_a_folder_with_something_else_in_it_loses_nothing() {
    let small = Small::new();
    small.remove("autogen.toml");
    small.remove("migration");
    small.write("migration/src/main.rs", "fn main() { /* mine */ }\n");
    let before = small.files();
    small.autogen(&["init"]).with(2).says(&["main.rs is there already"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x09_where_nothing_differs_check_says_so() {
    let small = Small::new();
    small.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title VARCHAR NOT NULL)");
    small.autogen(&["check"]).with(0).shows(&["No differences"]);
}

#[test]
fn x12_a_database_without_a_history_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let entities = Small::new();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("other.db").display());
    let path = entities.path().join("entity");
    let arguments = ["check", "--entities", path.to_str().unwrap(), "-u", &url];
    crate::project::autogen(folder.path(), &arguments).with(1).shows(&["notes"]);
}

#[test]
fn x14_a_difference_becomes_a_file_with_up_and_down() {
    let small = Small::new();
    small.autogen(&["-m", "x"]).with(0);
    let [file] = &crate::project::revisions(small.path())[..] else { panic!("one revision was written") };
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("async fn up") && text.contains("async fn down"), "{text}");
}

#[test]
fn v70_an_old_file_that_is_not_rust_stops_nothing_that_can_do_without() {
    let small = project(&LINEAR);
    let text = small.read("migration/src/m1_a.rs");
    small.write("migration/src/m1_a.rs", &format!("{text}\nfn broken( {{\n"));
    small.autogen(&["heads"]).with(0).shows(&["e (head)"]);
    small.autogen(&["history"]).with(0).shows(&["<base> -> a, message of a"]);
    small.autogen(&["stamp", "head"]).with(0);
    small.autogen(&["current"]).with(0).shows(&["e (head)"]);
}

#[test]
fn x58_the_name_of_the_version_table_is_used_by_every_command() {
    let small = project(&LINEAR);
    let lib = small.read("migration/src/lib.rs");
    let named = lib.trim_end().trim_end_matches('}').to_owned()
        + "\n    fn migration_table_name() -> DynIden {\n        Alias::new(\"app_migrations\").into_iden()\n    }\n}\n";
    small.write("migration/src/lib.rs", &named);
    small.autogen(&["ensure-version"]).with(0).shows(&["created app_migrations"]);
    small.autogen(&["stamp", "c"]).with(0);
    small.autogen(&["current"]).with(0).shows(&["c  m3_c"]);
    small.autogen(&["upgrade", "--dry-run"]).with(0).shows(&["upgrade m4_d"]);
    small.autogen(&["status"]).with(0).shows(&["app_migrations"]);
    small.execute("DELETE FROM app_migrations WHERE version = 'm3_c'");
    small.autogen(&["current"]).with(0).shows(&["b  m2_b"]);
}

/// Alembic's `-q` hides the result as well. Here there is none, as what is not the result goes to standard error.
#[test]
fn x59_the_result_is_alone_on_standard_output() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "c"]).with(0);
    small.remove("migration/src/m5_e.rs");
    let ended = small.autogen(&["current", "--check-heads"]).with(1).says(&["not on all head revisions"]);
    assert_eq!(ended.stdout, "c  m3_c\n");
}

#[test]
fn x63_the_time_zone_of_a_revision() {
    let small = Small::new();
    let config = small.read("autogen.toml");
    small.write("autogen.toml", &format!("{config}[render]\ntimezone = \"UTC\"\n"));
    small.autogen(&["revision", "-m", "x"]).with(0);
    let [file] = &crate::project::revisions(small.path())[..] else { panic!("one revision was written") };
    let text = fs::read_to_string(file).unwrap();
    assert!(text.lines().any(|line| line.starts_with("//! Created: ") && line.ends_with(" UTC")), "{text}");
    small.write("autogen.toml", &format!("{config}[render]\ntimezone = \"Mars/Olympus\"\n"));
    let before = small.files();
    small.autogen(&["revision", "-m", "y"]).with(2).says(&["Mars/Olympus"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x64_a_hook_that_cannot_be_started_is_an_error() {
    let small = Small::new();
    let config = small.read("autogen.toml");
    small.write("autogen.toml", &format!("{config}[[post_write_hooks]]\ncommand = [\"no-such-program\"]\n"));
    small.autogen(&["-m", "x"]).with(2).says(&["no-such-program"]);
}

#[test]
fn x65_each_database_has_a_state_of_its_own() {
    let small = project(&LINEAR);
    let databases = [Server::Sqlite, Server::Postgres, Server::Mariadb].map(TestDatabase::create);
    let databases: Vec<&TestDatabase> = databases.iter().flatten().collect();
    for (database, revision) in databases.iter().zip(["b", "c", "d"]) {
        small.autogen(&["stamp", revision, "-u", &database.url]).with(0);
    }
    for (database, revision) in databases.iter().zip(["b  m2_b", "c  m3_c", "d  m4_d"]) {
        let ended = small.autogen(&["current", "-u", &database.url]).with(0);
        assert_eq!(ended.stdout.trim_end(), revision, "{:?}", database.server);
    }
}
