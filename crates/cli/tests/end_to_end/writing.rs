//! How a generated revision is written: previews, names, templates, hooks, writing it anew, and what stands in the way.

use std::fs;

use crate::project::revisions;
use crate::small::{NOTE, Small};

const CONFIG: &str =
    "entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"sqlite://notes.db?mode=rwc\"\n";

/// The only revision's text.
fn only_revision(small: &Small) -> String {
    let files = revisions(small.path());
    assert_eq!(files.len(), 1, "{files:?}");
    fs::read_to_string(&files[0]).unwrap()
}

#[test]
fn a_preview_shows_everything_and_writes_nothing() {
    let small = Small::new();
    let before = small.files();
    let words = [
        "create_table(",
        "+mod m2",
        "Box::new(m2",
        "-- up",
        "CREATE TABLE \"notes\"",
        "-- down",
        "DROP TABLE \"notes\"",
    ];
    small.autogen(&["-m", "start", "--dry-run"]).with(0).shows(&words).says(&["Nothing was written"]);
    let sql = small.autogen(&["-m", "start", "--sql"]).with(0).shows(&["DROP TABLE \"notes\";"]);
    assert!(sql.stdout.starts_with("-- sqlite\n") && !sql.stdout.contains("impl "), "{}", sql.stdout);
    let source = small.autogen(&["-m", "start", "--stdout"]).with(0);
    assert!(source.stdout.starts_with("//! start\n") && !source.stdout.contains("-- up"), "{}", source.stdout);
    assert_eq!(small.files(), before);
}

#[test]
fn a_preview_is_what_is_written() {
    let small = Small::new();
    let config = format!("{CONFIG}[render]\nfile_template = \"m_%(slug)s\"\n");
    small.write("autogen.toml", &config);
    let shown = small.autogen(&["-m", "start", "--stdout"]).with(0).stdout;
    small.autogen(&["-m", "start"]).with(0);
    // The time and the id made of it differ.
    let plain = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("//! Created") && !line.starts_with("//! Revision"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(plain(&shown), plain(&small.read("migration/src/m_start.rs")));
}

#[test]
fn the_newest_revision_is_written_anew_while_nobody_touched_it() {
    let small = Small::new();
    small.autogen(&["-m", "start"]).with(0);
    let first = revisions(small.path());
    small.write(
        "entity/src/note.rs",
        &NOTE.replace("pub title: String", "pub title: String,\n    pub body: Option<String>"),
    );
    small.autogen(&["-m", "start again", "--amend"]).with(0).shows(&["body"]);
    assert_eq!(revisions(small.path()), first);
    let text = only_revision(&small);
    assert!(text.starts_with("//! start again\n") && text.contains("\"body\""), "{text}");
    assert_eq!(small.read("migration/src/lib.rs").matches("Box::new(").count(), 1);

    fs::write(&first[0], format!("{text}// mine\n")).unwrap();
    let before = small.files();
    small.autogen(&["-m", "start", "--amend"]).with(3).says(&["not as autogen wrote it", "discard"]);
    assert_eq!(small.files(), before);
}

#[test]
fn there_must_be_a_revision_to_write_anew() {
    let small = Small::new();
    small.autogen(&["-m", "start", "--amend"]).with(3).says(&["no revision", "--amend"]);
}

#[test]
fn an_applied_revision_stays_as_it_is() {
    let small = Small::new();
    small.autogen(&["-m", "start"]).with(0);
    let stem = revisions(small.path())[0].file_stem().unwrap().to_str().unwrap().to_owned();
    small.execute(&format!(
        "CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint); \
         INSERT INTO seaql_migrations VALUES ('{stem}', 0)"
    ));
    small.autogen(&["-m", "start", "--amend"]).with(3).says(&["is applied", "downgrade"]);
}

#[test]
fn a_message_of_any_letters_makes_a_readable_name_and_stands_in_the_header_in_full() {
    let long = "a very long message ".repeat(15);
    for (message, stem, header) in [
        ("say \"hi\"\nand */ leave", "_say_hi_and_leave.rs", "//! say \"hi\"\n//! and */ leave\n"),
        (long.as_str(), "_a_very_long_message_a_very_long_message.rs", long.trim()),
        ("?!…", "_revision.rs", "//! ?!…\n"),
        ("добавить поле", "_dobavit_pole.rs", "//! добавить поле\n"),
    ] {
        let small = Small::new();
        small.autogen(&["-m", message]).with(0);
        let file = revisions(small.path())[0].to_str().unwrap().to_owned();
        assert!(file.ends_with(stem), "{file}");
        assert!(only_revision(&small).contains(header), "{message}");
    }
}

#[test]
fn a_name_that_is_no_module_is_refused_before_anything_is_written() {
    let small = Small::new();
    small.write("autogen.toml", &format!("{CONFIG}[render]\nfile_template = \"%(year)s-%(slug)s\"\n"));
    let before = small.files();
    small.autogen(&["-m", "start"]).with(2).says(&["file_template", "'-'"]);
    assert_eq!(small.files(), before);
    small.write("autogen.toml", &format!("{CONFIG}[render]\nfile_template = \"%(year)s_%(slug)s\"\n"));
    small.autogen(&["-m", "start"]).with(0);
    let name = revisions(small.path())[0].file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with("m20") && name.ends_with("_start.rs"), "{name}");
}

#[test]
fn what_stands_above_the_migration_is_the_projects() {
    let small = Small::new();
    small.write("autogen.toml", &format!("{CONFIG}[render]\ntemplate = \"top.rs\"\n"));
    small.write("top.rs", "// SPDX-License-Identifier: MIT\n{{header}}\n\nuse crate::helpers;\n{{imports}}\n");
    small.autogen(&["-m", "start"]).with(0);
    let text = only_revision(&small);
    assert!(text.starts_with("// SPDX-License-Identifier: MIT\n//! start\n"), "{text}");
    assert!(text.contains("use crate::helpers;\nuse sea_orm_migration::prelude::*;\n"), "{text}");
    small.autogen(&["history"]).with(0).shows(&["start"]);

    small.write("top.rs", "{{header}}\n");
    small.autogen(&["-m", "more", "--amend"]).with(2).says(&["top.rs", "{{imports}}"]);
}

#[test]
fn x64_hooks_run_over_the_file_and_one_that_fails_is_said() {
    let small = Small::new();
    let hook = "[[post_write_hooks]]\ncommand = [\"sh\", \"-c\", \"echo '// seen' >> $0; pwd > ../where.txt\"]\ncwd = \"entity\"\n";
    small.write("autogen.toml", &format!("{CONFIG}{hook}"));
    small.autogen(&["-m", "start"]).with(0);
    assert!(only_revision(&small).ends_with("// seen\n"));
    assert!(small.read("where.txt").trim().ends_with("/entity"));
    // What a hook did is no edit by a person.
    small.autogen(&["-m", "again", "--amend"]).with(0);
    assert_eq!(only_revision(&small).matches("// seen").count(), 1);

    small.write(
        "autogen.toml",
        &format!("{CONFIG}[[post_write_hooks]]\ncommand = [\"sh\", \"-c\", \"echo no >&2; exit 4\"]\n"),
    );
    small.autogen(&["-m", "again", "--amend"]).with(2).says(&["is written", "post_write_hook", "no"]);
}

#[test]
fn an_existing_file_is_left_as_it_is() {
    let small = Small::new();
    small.write("autogen.toml", &format!("{CONFIG}[render]\nfile_template = \"m_%(slug)s\"\n"));
    small.write("migration/src/m_start.rs", "// mine\n");
    let before = small.files();
    small.autogen(&["-m", "start"]).with(3).says(&["m_start.rs", "is there already"]);
    assert_eq!(small.files(), before);
}

#[test]
fn a_null_byte_is_refused_wherever_it_stands() {
    let small = Small::new();
    for (place, hostile) in [
        ("table_name = \"notes\"", "table_name = \"no\\0tes\""),
        ("pub title", "#[sea_orm(column_name = \"ti\\0tle\")]\n    pub title"),
        ("pub title", "#[sea_orm(default_value = \"ti\\0tle\")]\n    pub title"),
    ] {
        small.write("entity/src/note.rs", &NOTE.replace(place, hostile));
        let before = small.files();
        small.autogen(&["-m", "start"]).with(7).says(&["entity/src/note.rs:", "null byte", "\\0t"]);
        assert_eq!(small.files(), before);
    }
}

#[test]
fn a_list_with_a_syntax_error_is_pointed_at() {
    let small = Small::new();
    small.write(
        "migration/src/lib.rs",
        "pub struct Migrator;\n\nimpl MigratorTrait for Migrator {\n    fn migrations( {\n}\n",
    );
    let before = small.files();
    small.autogen(&["-m", "start"]).with(3).says(&["migration/src/lib.rs:4", "mod m2", "_start::Migration)"]);
    assert_eq!(small.files(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_is_named_and_left_as_it_was() {
    let small = Small::new();
    small.execute("CREATE TABLE other (id integer)");
    let before = small.files();
    let folder = small.path().join("migration/src");
    let Some(_locked) = Locked::new(folder) else { return };
    small.autogen(&["-m", "start"]).with(2).says(&["migration/src/m2", "nothing was written"]);
    assert_eq!(small.files(), before);
}

/// A folder in which nobody can make a file: root, too, is stopped by the immutable flag.
#[cfg(target_os = "linux")]
struct Locked {
    folder: std::path::PathBuf,
}

#[cfg(target_os = "linux")]
impl Locked {
    #[expect(clippy::print_stderr, reason = "what is left out is never left out in silence")]
    fn new(folder: std::path::PathBuf) -> Option<Self> {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o555);
        fs::set_permissions(&folder, mode).unwrap();
        let locked = Self { folder };
        locked.flag("+i");
        if fs::write(locked.folder.join("probe"), "").is_ok() {
            fs::remove_file(locked.folder.join("probe")).unwrap();
            eprintln!("skipped: this user may write everywhere, and this file system knows no immutable folder");
            return None;
        }
        Some(locked)
    }

    fn flag(&self, flag: &str) {
        // For users without the right, and file systems without the flag, the permissions have to do.
        let _ = std::process::Command::new("chattr").arg(flag).arg(&self.folder).output();
    }
}

#[cfg(target_os = "linux")]
impl Drop for Locked {
    fn drop(&mut self) {
        self.flag("-i");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&self.folder, mode).unwrap();
    }
}

#[test]
fn a_crate_that_does_not_build_is_said_with_the_compilers_first_error() {
    let small = Small::new();
    // Nothing of SeaORM is built: the first thing that a generated file asks for is not there.
    small.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"migration\", \"stub\"]\n");
    small
        .write("stub/Cargo.toml", "[package]\nname = \"sea-orm-migration\"\nversion = \"2.0.0\"\nedition = \"2024\"\n");
    small.write("stub/src/lib.rs", "");
    small.write(
        "migration/Cargo.toml",
        "[package]\nname = \"migration\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         sea-orm-migration = { path = \"../stub\", version = \"2.0\" }\n",
    );
    let target = small.path().join("target");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_autogen"))
        .args(["-m", "start", "--build"])
        .current_dir(small.path())
        .env_remove("DATABASE_URL")
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(8), "{said}");
    assert!(said.contains("the revision is written") && said.contains("error[E0"), "{said}");
    assert!(said.contains("migration/src/") || said.contains("src/lib.rs"), "{said}");
    assert_eq!(said.matches("error[E").count(), 1, "only the first error is told: {said}");
    assert_eq!(revisions(small.path()).len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    use std::process::Command;

    let small = Small::new();
    // The database is there already: it is no part of what is written.
    small.execute("CREATE TABLE other (id integer)");
    let before = small.files();
    // No file may grow beyond one block of 512 bytes, and the signal for that is ignored, so that writing fails.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" -m start --no-prove";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_autogen")])
        .current_dir(small.path())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("nothing was written"), "{said}");
    assert_eq!(small.files(), before);
}

#[test]
fn a_project_on_the_first_generation_gets_its_words() {
    let small = Small::new();
    small.write("autogen.toml", &format!("{CONFIG}[render]\nsea_orm = \"1\"\n"));
    small.autogen(&["-m", "start"]).with(0);
    let text = only_revision(&small);
    assert!(text.contains("Alias::new(\"notes\")") && !text.contains("use_transaction"), "{text}");
}

#[test]
fn one_file_serves_several_databases() {
    let small = Small::new();
    small.write("autogen.toml", &format!("{CONFIG}backends = [\"sqlite\", \"postgres\", \"mysql\", \"mariadb\"]\n"));
    small.autogen(&["-m", "start", "--sql"]).with(0).shows(&["-- sqlite", "-- postgres", "-- mysql", "-- mariadb"]);
    small.autogen(&["-m", "start"]).with(0);
    let text = only_revision(&small);
    for product in ["PostgreSQL", "MySQL", "MariaDB"] {
        assert!(
            text.contains(&format!("//! Proof: unproven on {product}: scratch_urls in autogen.toml names")),
            "{text}"
        );
    }
    // SeaQuery's text of no length is MySQL's of 255 characters.
    assert!(text.contains("DbBackend::Sqlite | DbBackend::Postgres => {"), "{text}");
    assert_eq!(text.matches("create_table(").count(), 2, "{text}");

    small.remove("migration/autogen.lock");
    small.execute("CREATE TABLE notes (id integer PRIMARY KEY AUTOINCREMENT NOT NULL)");
    let stem = revisions(small.path())[0].file_stem().unwrap().to_str().unwrap().to_owned();
    small.execute(&format!(
        "CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint); \
         INSERT INTO seaql_migrations VALUES ('{stem}', 0)"
    ));
    small.autogen(&["-m", "more"]).with(3).says(&["postgres", "autogen.lock", "baseline"]);
}
