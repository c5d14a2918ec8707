//! The main job on the chat project: edit an entity, generate, compile, apply, check, take back.

use std::fs;
use std::path::Path;

use crate::database::{Server, TestDatabase};
use crate::project::{autogen, cargo, revisions, snapshot};

#[path = "../../../../xtask/src/project.rs"]
pub(crate) mod scratch;

use scratch::Scratch;

#[test]
fn sqlite() {
    edit_generate_apply_and_take_back(Server::Sqlite);
}

#[test]
fn postgres() {
    edit_generate_apply_and_take_back(Server::Postgres);
}

#[test]
fn mariadb() {
    edit_generate_apply_and_take_back(Server::Mariadb);
}

#[test]
fn mysql() {
    edit_generate_apply_and_take_back(Server::Mysql);
}

#[test]
fn sqlite_from_nothing() {
    generate_everything_from_nothing(Server::Sqlite);
}

#[test]
fn postgres_from_nothing() {
    generate_everything_from_nothing(Server::Postgres);
}

#[test]
fn mariadb_from_nothing() {
    generate_everything_from_nothing(Server::Mariadb);
}

#[test]
fn mysql_from_nothing() {
    generate_everything_from_nothing(Server::Mysql);
}

#[test]
fn sqlite_rows_that_do_not_fit_stop_the_migration_and_nothing_changes() {
    rows_that_do_not_fit_stop_the_migration(Server::Sqlite);
}

#[test]
fn postgres_rows_that_do_not_fit_stop_the_migration_and_nothing_changes() {
    rows_that_do_not_fit_stop_the_migration(Server::Postgres);
}

#[test]
fn a_project_without_migrations_gets_a_crate_that_builds() {
    let database = TestDatabase::create(Server::Sqlite).expect("SQLite is embedded");
    let scratch = chat(&database);
    let project = &scratch.directory;
    fs::remove_dir_all(project.join("migration")).unwrap();
    fs::remove_file(project.join("autogen.toml")).unwrap();
    let with_url = |arguments: &[&str]| autogen(project, &[arguments, &["-u", &database.url]].concat());

    with_url(&["init"]).with(0);
    with_url(&["-m", "start"]).with(0).shows(&["users", "conversations"]);
    with_url(&["upgrade"]).with(0);
    with_url(&["check"]).with(0);
    with_url(&["downgrade", "base"]).with(0);
    assert_eq!(database.tables(), [""; 0]);
}

#[test]
fn a_migration_crate_that_does_not_build_is_said_to_be_one() {
    let database = TestDatabase::create(Server::Sqlite).expect("SQLite is embedded");
    let scratch = chat(&database);
    let first = scratch.directory.join("migration/src/m20250101_000001_create_users.rs");
    let text = fs::read_to_string(&first).unwrap();
    fs::write(&first, text.replace("big_pk_auto", "no_such_function")).unwrap();
    autogen(&scratch.directory, &["upgrade"]).with(8).says(&["no_such_function", "migration"]);
    assert_eq!(database.tables(), [""; 0]);
}

fn edit_generate_apply_and_take_back(server: Server) {
    let Some(database) = TestDatabase::create(server) else { return };
    let scratch = chat(&database);
    let project = &scratch.directory;

    autogen(project, &["upgrade"]).with(0);
    cargo(project, &["run", "--quiet", "-p", "migration", "--example", "rows", "--", "seed"], &database.url).with(0);
    autogen(project, &["check"]).with(0);
    let before = database.dump();
    let untouched = snapshot(&project.join("migration"));

    scratch.apply("chat", "add-email").unwrap();
    autogen(project, &["check"]).with(1).shows(&["email", "display_name"]);
    let ended = autogen(project, &["-m", "add email"]).with(0);
    ended.shows(&["email", "display_name", "entity/src/user.rs:", "Proof: proven", "rows are kept"]);
    assert_eq!(database.dump(), before, "writing a migration changes nothing in the database");
    let [.., written] = &revisions(project)[..] else { panic!("a revision was written") };
    assert_is_registered(project, written);

    let waiting = snapshot(&project.join("migration"));
    let stem = written.file_stem().unwrap().to_str().unwrap();
    autogen(project, &["-m", "again"]).with(3).says(&["Target database is not up to date", stem, "autogen upgrade"]);
    assert_eq!(snapshot(&project.join("migration")), waiting, "a refusal leaves everything as it was");

    autogen(project, &["upgrade"]).with(0);
    autogen(project, &["check"]).with(0);
    let shown = format!("ok    up again {stem}");
    autogen(project, &["verify"]).with(0).shows(&[&shown, "steps went right", "what the entities say"]);
    assert_ne!(database.dump(), before);
    autogen(project, &["-m", "again"]).with(0);
    assert_eq!(snapshot(&project.join("migration")), waiting, "where nothing differs, nothing is written");

    autogen(project, &["downgrade", "-1"]).with(0);
    assert_eq!(database.dump(), before, "schema and rows are what they were");

    autogen(project, &["discard", "head"]).with(0);
    let left = snapshot(&project.join("migration"));
    let sources = |files: &[(std::path::PathBuf, String)]| {
        files.iter().filter(|(path, _)| !path.ends_with("autogen.lock")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(sources(&left), sources(&untouched), "a revision that is discarded leaves nothing behind");
}

/// A column becomes required while a row has nothing in it. PostgreSQL and SQLite undo what was done so far.
fn rows_that_do_not_fit_stop_the_migration(server: Server) {
    let Some(database) = TestDatabase::create(server) else { return };
    let scratch = chat(&database);
    let project = &scratch.directory;
    autogen(project, &["upgrade"]).with(0);
    database.execute("INSERT INTO users (handle, name) VALUES ('dee', 'Dee')");
    let before = database.dump();

    scratch.apply("chat", "add-email").unwrap();
    autogen(project, &["-m", "add email"]).with(0).shows(&["display_name"]);
    let ended = autogen(project, &["upgrade"]).with(6).says(&["_add_email"]);
    assert!(!ended.stdout.contains("_add_email done"), "{}", ended.stdout);
    assert_eq!(database.dump(), before);

    database.execute("UPDATE users SET display_name = name");
    autogen(project, &["upgrade"]).with(0);
    autogen(project, &["check"]).with(0);
}

/// The entities alone, without the history: what is generated from them builds a database that reads back as exactly
/// what they say, and taking it back leaves nothing.
fn generate_everything_from_nothing(server: Server) {
    let Some(database) = TestDatabase::create(server) else { return };
    let scratch = chat(&database);
    let project = &scratch.directory;
    forget_history(project);

    autogen(project, &["-m", "start"]).with(0).shows(&["users", "conversations", "request_log"]);
    autogen(project, &["upgrade"]).with(0);
    autogen(project, &["check"]).with(0);
    assert_eq!(database.tables(), ["attachments", "conversations", "leads", "messages", "request_log", "users"]);
    cargo(project, &["run", "--quiet", "-p", "migration", "--example", "rows", "--", "seed"], &database.url).with(0);

    autogen(project, &["downgrade", "base"]).with(0);
    assert_eq!(database.tables(), [""; 0]);
}

/// A copy of the chat project that uses this database.
pub(crate) fn chat(database: &TestDatabase) -> Scratch {
    let folder = scratch::target_directory().join("end-to-end/chat");
    let scratch = Scratch::copy("chat", &folder).unwrap();
    let configuration =
        format!("entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"{}\"\n", database.url);
    fs::write(folder.join("autogen.toml"), configuration).unwrap();
    scratch
}

/// Leaves the migration crate as it is before the first migration.
fn forget_history(project: &Path) {
    for revision in revisions(project) {
        fs::remove_file(revision).unwrap();
    }
    let lib = project.join("migration/src/lib.rs");
    let empty = "pub use sea_orm_migration::prelude::*;\n\npub struct Migrator;\n\n\
                 #[async_trait::async_trait]\nimpl MigratorTrait for Migrator {\n    \
                 fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![]\n    }\n}\n";
    fs::write(lib, empty).unwrap();
}

#[track_caller]
fn assert_is_registered(project: &Path, revision: &Path) {
    let stem = revision.file_stem().unwrap().to_str().unwrap();
    assert!(stem.starts_with('m') && stem.ends_with("_add_email"), "{stem}");
    let lib = fs::read_to_string(project.join("migration/src/lib.rs")).unwrap();
    assert!(lib.contains(&format!("mod {stem};")), "{lib}");
    assert!(lib.contains(&format!("{stem}::Migration")), "{lib}");
    let lock = snapshot(&project.join("migration")).into_iter().find(|(path, _)| path.ends_with("autogen.lock"));
    let (_, lock) = lock.expect("the lock lies beside the migrations");
    assert!(lock.contains("email"), "{lock}");
}

#[test]
fn x47_x49_a_range_as_sql_runs_in_the_databases_own_client() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql] {
        let Some(database) = TestDatabase::create(server) else { continue };
        let scratch = chat(&database);
        let project = &scratch.directory;
        autogen(project, &["downgrade", "base", "--sql"]).with(2).says(&["range FROM:TO"]);
        autogen(project, &["upgrade", "--sql", "--single-transaction"]).with(2).says(&["--single-transaction"]);
        let script = autogen(project, &["upgrade", "base:head", "--sql"]).with(0);
        assert_eq!(database.tables(), [""; 0], "nothing is run on the project's database");
        assert!(
            script.stdout.contains("-- Running upgrade base -> m20250101_000001_create_users"),
            "{}",
            script.stdout
        );
        if !database.run_script(&script.stdout) {
            continue;
        }
        autogen(project, &["current", "--check-heads"]).with(0);
        autogen(project, &["check"]).with(0);
        autogen(project, &["upgrade"]).with(0).shows(&["nothing to upgrade"]);
        let back = autogen(project, &["downgrade", "head:base", "--sql"]).with(0);
        assert!(database.run_script(&back.stdout));
        assert_eq!(database.tables(), [""; 0]);
        autogen(project, &["current"]).with(0).says(&["nothing is applied"]);
    }
}
