//! Reading migration crates from their source: layouts, headers, odd registrations, manifests.
#![cfg(feature = "source")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use autogen_migrate::graph::{GraphError, Revision};
use autogen_migrate::source::{self, AutogenSource, Drivers, Project};
use expect_test::{Expect, expect};
use tempfile::TempDir;

/// A folder with these files.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn migrator(list: &str) -> String {
    format!(
        "pub struct Migrator;\nimpl MigratorTrait for Migrator {{\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![{list}]\n    }}\n}}\n"
    )
}

fn header(id: &str, revises: &str, more: &str) -> String {
    format!("//! message of {id}\n//!\n//! Revision: {id}\n//! Revises: {revises}\n{more}{PLAIN}")
}

const PLAIN: &str = "use sea_orm_migration::prelude::*;\n#[derive(DeriveMigrationName)]\npub struct Migration;\nimpl MigrationTrait for Migration {}\n";

fn shown(folder: &Path, project: &Project) -> String {
    let inside = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    let mut text = format!(
        "{}, {:?}, autogen: {}, {}\n",
        inside(&project.lib_file),
        project.sea_orm,
        project.uses_autogen,
        project.version_table
    );
    for revision in &project.revisions {
        let file = revision.file.as_deref().map(inside).unwrap_or_default();
        let mut more = String::new();
        for (name, list) in [("needs", &revision.depends_on), ("labels", &revision.labels)] {
            if !list.is_empty() {
                write!(more, " {name} {}", list.join(",")).expect("a string");
            }
        }
        let parents = revision.parents.join(",");
        writeln!(text, "{} [{}] <- {parents}{more}: {} ({file})", revision.id, revision.stem, revision.message)
            .expect("a string");
    }
    let heads: Vec<&str> = project.heads().iter().map(|revision| revision.id.as_str()).collect();
    writeln!(text, "heads: {}", heads.join(" ")).expect("a string");
    for notice in &project.notices {
        let message = notice.message.replace(&folder.display().to_string(), "").replace('\\', "/");
        writeln!(text, "{:?}: {message}", notice.kind).expect("a string");
    }
    text
}

fn check(files: &[(&str, &str)], expected: &Expect) {
    let folder = project(files);
    let project = source::read(folder.path()).expect("a project");
    expected.assert_eq(&shown(folder.path(), &project));
}

fn check_refused(files: &[(&str, &str)], expected: &Expect) {
    let folder = project(files);
    let error = source::read(folder.path()).expect_err("no graph");
    expected.assert_eq(&error.to_string().replace(&folder.path().display().to_string(), "").replace('\\', "/"));
}

#[test]
fn a_project_of_sea_orm_cli_follows_its_list() {
    let lib = format!(
        "mod m20220101_000001_create_table;\nmod m20220102_000001_b;\n{}",
        migrator("Box::new(m20220101_000001_create_table::Migration), Box::new(m20220102_000001_b::Migration)")
    );
    check(
        &[
            ("Cargo.toml", "[package]\nname = \"migration\"\n[dependencies]\nsea-orm-migration = \"1.1\"\n"),
            ("src/lib.rs", &lib),
            ("src/m20220101_000001_create_table.rs", PLAIN),
            ("src/m20220102_000001_b.rs", PLAIN),
        ],
        &expect![[r#"
            src/lib.rs, V1, autogen: false, seaql_migrations
            m20220101_000001_create_table [m20220101_000001_create_table] <- : create table (src/m20220101_000001_create_table.rs)
            m20220102_000001_b [m20220102_000001_b] <- m20220101_000001_create_table: b (src/m20220102_000001_b.rs)
            heads: m20220102_000001_b
        "#]],
    );
}

#[test]
fn headers_make_branches_and_merges() {
    let lib = format!(
        "mod m0_old;\nmod m1_a;\nmod m2_b;\nmod m3_c;\nmod m4_d;\n{}",
        migrator(
            "Box::new(m0_old::Migration), Box::new(m1_a::Migration), Box::new(m2_b::Migration), Box::new(m3_c::Migration), Box::new(m4_d::Migration)"
        )
    );
    check(
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"m\"\n[dependencies]\nautogen-migrate = { path = \"x\" }\nsea-orm-migration = { version = \"2.0\" }\n",
            ),
            ("src/lib.rs", &lib),
            ("src/m0_old.rs", PLAIN),
            ("src/m1_a.rs", &header("aaaa", "m0_old", "")),
            ("src/m2_b.rs", &header("bbbb", "aaaa", "//! Branch labels: left\n")),
            ("src/m3_c.rs", &header("cccc", "aaaa", "//! Depends on: bbbb\n//! Branch labels: right, money\n")),
            ("src/m4_d.rs", &header("dddd", "bbbb, cccc", "")),
        ],
        &expect![[r#"
            src/lib.rs, V2, autogen: true, seaql_migrations
            m0_old [m0_old] <- : old (src/m0_old.rs)
            aaaa [m1_a] <- m0_old: message of aaaa (src/m1_a.rs)
            bbbb [m2_b] <- aaaa labels left: message of bbbb (src/m2_b.rs)
            cccc [m3_c] <- aaaa needs bbbb labels right,money: message of cccc (src/m3_c.rs)
            dddd [m4_d] <- bbbb,cccc: message of dddd (src/m4_d.rs)
            heads: dddd
        "#]],
    );
}

#[test]
fn odd_registrations_are_read_and_mentioned() {
    let lib = format!(
        "#[path = \"old/first.rs\"]\nmod m1_a;\nmod m2_b;\nmod m3_c;\nmod m6_f;\nuse m3_c::Migration as Third;\n{}",
        migrator(
            "Box::new(m1_a::Migration), Box::new(m2_b::Migration::new(1)), Box::new(Third), #[cfg(x)] Box::new(queue::m4_d::Migration), Box::new(m7_g::Migration), make()"
        )
        .replace("}\n}\n", "}\n    fn migration_table_name() -> DynIden {\n        Alias::new(\"app_migrations\").into_iden()\n    }\n}\n")
    );
    let named = PLAIN.replace("#[derive(DeriveMigrationName)]\n", "")
        + "impl MigrationName for Migration {\n    fn name(&self) -> &str {\n        \"m3_its_own_name\"\n    }\n}\n";
    check(
        &[
            ("src/lib.rs", &lib),
            ("src/old/first.rs", PLAIN),
            ("src/m2_b/mod.rs", PLAIN),
            ("src/m3_c.rs", &named),
            ("src/m5_e.rs", PLAIN),
            ("src/m6_f.rs", PLAIN),
            ("src/m7_g.rs", PLAIN),
            ("src/helper.rs", "pub fn help() {}\n"),
        ],
        &expect![[r#"
            src/lib.rs, V2, autogen: false, app_migrations
            first [first] <- : first (src/old/first.rs)
            mod [mod] <- first: mod (src/m2_b/mod.rs)
            m3_its_own_name [m3_its_own_name] <- mod: its own name (src/m3_c.rs)
            m4_d [m4_d] <- m3_its_own_name: d ()
            m7_g [m7_g] <- m4_d: g (src/m7_g.rs)
            heads: m7_g
            NotUnderstood: m4_d is registered under a condition; it counts as registered
            NotUnderstood: m4_d is in migrations() and has no file here
            NotUnderstood: an entry of migrations() names no module; it is left out of the history
            OrphanFile: /src/m5_e.rs holds a migration that is not in migrations(): add the `mod` line and the list entry, or remove the file
            OrphanFile: /src/m6_f.rs holds a migration that is not in migrations(): add the list entry, or remove the file
        "#]],
    );
}

#[test]
fn a_module_of_another_crate_with_pushes() {
    let list = "pub struct Migrator;\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        let mut list: Vec<Box<dyn MigrationTrait>> = vec![Box::new(m1_a::Migration)];\n        list.push(Box::new(m2_b::Migration));\n        list\n    }\n}\nmod m1_a;\nmod m2_b;\n";
    let folder = project(&[
        ("Cargo.toml", "[workspace]\n[workspace.dependencies]\nsea-orm-migration = { version = \"^1\" }\n"),
        (
            "app/Cargo.toml",
            "[package]\nname = \"app\"\n[dependencies]\nmigrator = { package = \"sea-orm-migration\", version = \"=2.0.4\" }\n",
        ),
        ("app/src/lib.rs", "mod db;\nmod web;\n"),
        ("app/src/db/mod.rs", "pub mod migrations;\n"),
        ("app/src/db/migrations/mod.rs", list),
        ("app/src/db/migrations/m1_a.rs", PLAIN),
        ("app/src/db/migrations/m2_b.rs", PLAIN),
    ]);
    let project = source::read(&folder.path().join("app")).expect("a project");
    expect![[r#"
        app/src/db/migrations/mod.rs, V2, autogen: false, seaql_migrations
        m1_a [m1_a] <- : a (app/src/db/migrations/m1_a.rs)
        m2_b [m2_b] <- m1_a: b (app/src/db/migrations/m2_b.rs)
        heads: m2_b
    "#]]
    .assert_eq(&shown(folder.path(), &project));
}

#[test]
fn a_project_without_a_graph_is_refused_with_the_place() {
    check_refused(
        &[("src/lib.rs", "pub fn nothing() {}\n")],
        &expect!["no migrations in : there is no src/lib.rs, lib.rs or mod.rs with a `fn migrations()`"],
    );
    check_refused(&[("src/lib.rs", "fn (\n")], &expect!["/src/lib.rs:1: cannot parse string into token stream"]);
    let two = format!("mod m1_a;\nmod m2_b;\n{}", migrator("Box::new(m1_a::Migration), Box::new(m2_b::Migration)"));
    let refused = |a: &str, b: &str, expected: &Expect| {
        check_refused(&[("src/lib.rs", &two), ("src/m1_a.rs", a), ("src/m2_b.rs", b)], expected);
    };
    refused(
        &header("aaaa", "", ""),
        &header("aaaa", "", ""),
        &expect![
            "revision aaaa is present more than once: in /src/m1_a.rs and in /src/m2_b.rs; give one of them another id"
        ],
    );
    refused(
        &header("aaaa", "", ""),
        &header("bbbb", "cccc", ""),
        &expect![
            "revision cccc, referenced from /src/m2_b.rs, is not present; restore its file from version control, or correct the line in /src/m2_b.rs"
        ],
    );
    refused(
        &header("aaaa", "bbbb", ""),
        &header("bbbb", "", ""),
        &expect![
            "m1_a stands before m2_b in migrations(), which it follows; move it below, or SeaORM runs it too early"
        ],
    );
    refused(
        &header("aaaa", "bbbb", ""),
        &header("bbbb", "aaaa", ""),
        &expect![
            "cycle is detected in revisions (aaaa, bbbb); correct a `Revises` or `Depends on` line in /src/m1_a.rs, /src/m2_b.rs"
        ],
    );
    let error = source::read(Path::new("no/such/folder")).expect_err("no folder");
    assert!(matches!(error, GraphError::NoMigrations { .. }), "{error}");
}

#[test]
fn a_broken_history_can_be_looked_at() {
    let lib = format!(
        "mod m1_a;\nmod m2_b;\nmod m3_c;\n{}",
        migrator("Box::new(m1_a::Migration), Box::new(m2_b::Migration), Box::new(m3_c::Migration)")
    );
    let folder = project(&[
        ("src/lib.rs", &lib),
        ("src/m1_a.rs", &header("aaaa", "", "")),
        ("src/m2_b.rs", &header("bbbb", "gone", "")),
        ("src/m3_c.rs", &header("bbbb", "aaaa", "")),
    ]);
    let project = source::survey(folder.path()).expect("a project");
    let errors: Vec<String> = project.errors.iter().map(ToString::to_string).collect();
    let errors = errors.join("\n").replace(&folder.path().display().to_string(), "").replace('\\', "/");
    expect![[r#"
        revision bbbb is present more than once: in /src/m2_b.rs and in /src/m3_c.rs; give one of them another id
        revision gone, referenced from /src/m2_b.rs, is not present; restore its file from version control, or correct the line in /src/m2_b.rs"#]]
    .assert_eq(&errors);
    let stems = |revisions: Vec<&Revision>| revisions.iter().map(|one| one.stem.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(stems(project.heads()), "m2_b m3_c");
    assert_eq!(stems(project.pending(&["m1_a".into()])), "m2_b m3_c");
    assert_eq!(stems(project.graph().current(&["m1_a".into()])), "m1_a");
}

#[test]
fn a_new_crate_is_read_and_takes_its_first_migration() {
    let autogen = AutogenSource::Path("C:\\autogen\\crates\\migrate".into());
    let files = source::template("my-migration", &autogen, Drivers { sqlite: true, postgres: true, mysql: false });
    let pairs: Vec<(&str, &str)> = files.iter().map(|file| (file.path, file.text.as_str())).collect();
    check(
        &pairs,
        &expect![[r#"
        src/lib.rs, V2, autogen: true, seaql_migrations
        heads: 
    "#]],
    );
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str()).expect(path);
    expect![[r#"
        [package]
        name = "my-migration"
        version = "0.1.0"
        edition = "2024"
        publish = false

        [lib]
        name = "my_migration"
        path = "src/lib.rs"

        [dependencies]
        autogen-migrate = { path = 'C:\autogen\crates\migrate', default-features = false, features = ["sqlite", "postgres"] }
        sea-orm-migration = { version = "2.0", default-features = false, features = ["runtime-tokio-rustls", "sqlx-sqlite", "sqlx-postgres"] }
        tokio = { version = "1", features = ["macros", "rt"] }
    "#]].assert_eq(text("Cargo.toml"));
    expect![[r#"
        use std::process::ExitCode;

        /// The revision graph, which build.rs reads from the migrations.
        const REVISIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/revisions.txt"));

        #[tokio::main(flavor = "current_thread")]
        async fn main() -> ExitCode {
            autogen_migrate::main_with_graph(my_migration::Migrator, REVISIONS).await
        }
    "#]]
    .assert_eq(text("src/main.rs"));
    expect![[r#"
        //! Compiles the texts of the migrations into the program, which reads the revision graph from them.

        use std::path::Path;
        use std::{env, fs};

        fn main() {
            println!("cargo::rerun-if-changed=src");
            let mut revisions = Vec::new();
            for entry in fs::read_dir("src").expect("the folder src") {
                let path = entry.expect("an entry of src").path();
                if path.extension().is_some_and(|end| end == "rs") {
                    let text = fs::read_to_string(&path).expect("a source file");
                    let stem = path.file_stem().expect("a file name").to_string_lossy();
                    revisions.push(format!("= {stem} {}\n{text}", text.len()));
                }
            }
            revisions.sort();
            let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
            let file = Path::new(&folder).join("revisions.txt");
            fs::write(file, revisions.concat()).expect("a place to write");
        }
    "#]]
    .assert_eq(text("build.rs"));
    let registered = source::register(text("src/lib.rs"), "m1_a", None).expect("a list");
    assert!(registered.contains("vec![Box::new(m1_a::Migration)]"), "{registered}");
}
