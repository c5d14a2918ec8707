//! A password in a database URL never reaches any output, whatever goes wrong, and wherever the URL was written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// As it stands in the URL; the server would be sent `s3cr!t/pw`.
const PASSWORD: &str = "s3cr%21t%2Fpw";
const FRAGMENTS: [&str; 3] = [PASSWORD, "s3cr!t/pw", "s3cr"];

/// Nothing listens on port 1, so that every command that opens the database fails.
fn urls() -> [String; 5] {
    [
        format!("postgres://ann:{PASSWORD}@127.0.0.1:1/app"),
        format!("mysql://ann:{PASSWORD}@127.0.0.1:1/app"),
        // Not URLs that can be used: a port that is none, another scheme, a slash that should have been encoded.
        format!("postgres://ann:{PASSWORD}@127.0.0.1:port/app"),
        format!("oracle://ann:{PASSWORD}@127.0.0.1/app"),
        "postgres://ann:s3cr!t/pw@127.0.0.1:1/app".to_owned(),
    ]
}

const COMMANDS: [&[&str]; 13] = [
    &["-m", "add email"],
    &["revision", "--autogenerate", "-m", "add email"],
    &["upgrade"],
    &["downgrade", "-1"],
    &["current"],
    &["check"],
    &["check", "--format", "json"],
    &["check", "--entities", "entity"],
    &["discard", "head"],
    &["inspect", "database"],
    &["init"],
    // Wrong on purpose: what is not known is quoted.
    &["--no-such-option"],
    &["heads", "too many"],
];

fn project(folder: &Path) {
    let files = [
        (
            "entity/src/lib.rs",
            "use sea_orm::entity::prelude::*;\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
             #[sea_orm(table_name = \"users\")]\npub struct Model {\n    #[sea_orm(primary_key)]\n    pub id: i32,\n}\n\
             #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]\npub enum Relation {}\n\
             impl ActiveModelBehavior for ActiveModel {}\n",
        ),
        ("entity/Cargo.toml", "[package]\nname = \"entity\"\nversion = \"0.1.0\"\n"),
        // Stock: the command line itself opens the database for `upgrade`. It builds at once, having no dependencies.
        (
            "migration/Cargo.toml",
            "[package]\nname = \"migration\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
        ),
        ("migration/src/main.rs", "fn main() {}\n"),
        (
            "migration/src/lib.rs",
            "#![cfg(any())]\nmod m20250101_000001_a;\nimpl MigratorTrait for Migrator {\n    \
             fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        \
             vec![Box::new(m20250101_000001_a::Migration)]\n    }\n}\n",
        ),
        ("migration/src/m20250101_000001_a.rs", "pub struct Migration;\n"),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("every file is in a folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }
}

/// Where a URL can be written.
const WAYS: [&str; 5] = ["option", "extra", "environment", "dotenv", "toml"];

fn run(way: &str, url: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    project(folder.path());
    let mut toml = "entities = \"entity\"\n".to_owned();
    let mut command = Command::new(env!("CARGO_BIN_EXE_autogen"));
    command.current_dir(folder.path()).args(arguments).env_remove("DATABASE_URL").env_remove("AUTOGEN_CONFIG");
    command.env("CARGO_TARGET_DIR", folder.path().join("target"));
    match way {
        "option" => drop(command.args(["-u", url])),
        "extra" => drop(command.args(["-x", &format!("url={url}")])),
        "environment" => drop(command.env("DATABASE_URL", url)),
        "dotenv" => fs::write(folder.path().join(".env"), format!("DATABASE_URL={url}\n")).expect("the folder is ours"),
        _ => toml.push_str(&format!("database_url = \"{url}\"\n")),
    }
    if arguments != ["init"] {
        fs::write(folder.path().join("autogen.toml"), toml).expect("the folder is ours");
    }
    command.output().expect("the command starts")
}

fn check(way: &str, url: &str, arguments: &[&str]) -> Output {
    let output = run(way, url, arguments);
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        for fragment in FRAGMENTS {
            assert!(!text.contains(fragment), "{arguments:?} with {url} by {way} says:\n{text}");
        }
    }
    output
}

#[test]
fn no_command_shows_it() {
    for arguments in COMMANDS {
        for url in urls() {
            check("option", &url, arguments);
        }
    }
}

#[test]
fn no_place_of_the_url_shows_it() {
    for way in WAYS {
        for url in urls() {
            let output = check(way, &url, &["current"]);
            let code = output.status.code();
            assert!(code == Some(4) || code == Some(2), "{way}: {output:?}");
        }
    }
}

#[test]
fn a_url_in_the_wrong_place_is_not_shown_either() {
    for url in urls() {
        for arguments in [&["upgrade", "head", &url][..], &["--format", &url, "-m", "x"], &["inspect", &url], &[&url]] {
            check("option", "sqlite::memory:", arguments);
        }
    }
}

#[test]
fn host_and_database_are_named() {
    let output = check("option", &urls()[0], &["current"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("127.0.0.1:1") && text.contains("app"), "{text}");
    assert_eq!(output.status.code(), Some(4), "{text}");
}
