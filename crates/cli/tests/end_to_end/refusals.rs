//! Bad input gets a clear error on stderr with its exit code, and nothing is lost.

use crate::revisions::{LINEAR, project};
use crate::small::{NOTE, Small};

#[test]
fn x01_without_a_configuration_the_way_to_one_is_named() {
    let small = Small::new();
    small.remove("autogen.toml");
    let ended = small.autogen(&["-m", "start"]).with(2).says(&["autogen.toml", "autogen init"]);
    assert_eq!(ended.stdout, "");
}

#[test]
fn x08_entities_that_are_not_where_the_configuration_says() {
    let small = Small::new();
    small.remove("entity");
    small.autogen(&["-m", "start"]).with(7).says(&["entity"]);
}

#[test]
fn an_entity_that_does_not_parse_is_pointed_at() {
    let small = Small::new();
    small.write("entity/src/note.rs", "pub struct Model {\n    pub id i32,\n}\n");
    let before = small.files();
    small.autogen(&["-m", "start"]).with(7).says(&["entity/src/note.rs:2:12"]);
    assert_eq!(small.files(), before);
}

#[test]
fn two_entities_of_one_table_that_contradict_each_other_are_both_named() {
    let small = Small::new();
    small.write("entity/src/lib.rs", "pub mod note;\npub mod memo;\n");
    small.write("entity/src/memo.rs", &NOTE.replace("pub title: String", "pub title: i64"));
    small.autogen(&["-m", "start"]).with(7).says(&["entity/src/note.rs:8", "entity/src/memo.rs:8", "title"]);
}

#[test]
fn a_refused_connection_names_host_and_database_and_never_the_password() {
    for url in ["postgres://ann:s3cr%21t@127.0.0.1:1/shop", "mysql://ann:s3cr%21t@127.0.0.1:1/shop"] {
        let small = Small::new();
        small.write(
            "autogen.toml",
            &format!("entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"{url}\"\n"),
        );
        for command in [&["-m", "start"][..], &["check"], &["current"]] {
            let ended = small.autogen(command).with(4).says(&["127.0.0.1:1", "shop"]);
            assert!(!ended.stderr.contains("s3cr"), "{}", ended.stderr);
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn a_list_of_migrations_that_is_not_recognised_is_left_alone_and_the_lines_to_add_are_printed() {
    let small = Small::new();
    let lib = "pub use sea_orm_migration::prelude::*;\n\npub struct Migrator;\n\nimpl MigratorTrait for Migrator {\n    \
               fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        collected_elsewhere()\n    }\n}\n";
    small.write("migration/src/lib.rs", lib);
    let before = small.files();
    let ended = small.autogen(&["-m", "start"]);
    assert_ne!(ended.code, 0, "{}", ended.stdout);
    ended.says(&["migration/src/lib.rs", "mod m2", "_start::Migration"]);
    assert_eq!(small.files(), before, "no revision and no lock without a registration");
}

#[test]
fn a_file_that_is_there_already_is_never_written_over() {
    let small = Small::new();
    // A revision's name holds the second in which it is made; one of these is the name of the next.
    let now = chrono::Utc::now();
    for second in 0..60 {
        let stamp = (now + chrono::Duration::seconds(second)).format("%Y%m%d_%H%M%S");
        small.write(&format!("migration/src/m{stamp}_start.rs"), "// notes of a colleague\n");
    }
    let before = small.files();
    let ended = small.autogen(&["-m", "start"]);
    assert_ne!(ended.code, 0, "{}", ended.stdout);
    ended.says(&["_start.rs"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x07_a_second_revision_waits_for_the_first_to_be_applied() {
    let small = Small::new();
    small.autogen(&["-m", "start"]).with(0).shows(&["notes", "entity/src/note.rs:5"]);
    let written = small.files();
    small.autogen(&["-m", "more"]).with(3).says(&["Target database is not up to date", "_start", "autogen upgrade"]);
    assert_eq!(small.files(), written);
}

#[test]
fn a_discarded_revision_takes_its_registration_and_its_memory_along() {
    let small = Small::new();
    let before = small.files();
    small.autogen(&["-m", "start"]).with(0);
    assert_ne!(small.files(), before);
    small.autogen(&["discard", "head"]).with(0);
    let left: Vec<_> = small.files().into_iter().filter(|(path, _)| !path.ends_with("autogen.lock")).collect();
    assert_eq!(left, before);
    small.autogen(&["-m", "start"]).with(0).shows(&["notes"]);
}

#[test]
fn x04_init_writes_over_nothing() {
    let small = Small::new();
    let before = small.files();
    small.autogen(&["init"]);
    assert_eq!(small.files(), before);

    small.remove("autogen.toml");
    let before = small.files();
    small.autogen(&["init"]).with(0);
    let after = small.files();
    assert!(before.iter().all(|file| after.contains(file)), "a project keeps every file it had");
    assert!(small.read("autogen.toml").contains("entity"));
}

#[test]
fn init_knows_the_database_that_dotenv_names() {
    let small = Small::new();
    small.remove("autogen.toml");
    small.write(".env", "DATABASE_URL=sqlite://app.db\n");
    small.autogen(&["init", "--migrations", "fresh", "--migrate-from", "0.1"]).with(0).says(&["Next: run"]);
    let manifest = small.read("fresh/Cargo.toml");
    assert!(manifest.contains("sqlx-sqlite") && !manifest.contains("sqlx-postgres"), "{manifest}");
}

#[test]
fn a_folder_that_cannot_take_the_lock_gets_no_revision_either() {
    let small = Small::new();
    // A directory in the lock's place: it can be neither read nor written as a file.
    small.write("migration/autogen.lock/keep", "");
    let before = small.files();
    let ended = small.autogen(&["-m", "start"]);
    assert_ne!(ended.code, 0);
    assert_eq!(small.files(), before);
}

#[test]
fn x10_results_go_to_stdout_and_a_difference_is_exit_1() {
    let small = Small::new();
    let ended = small.autogen(&["check"]).with(1).shows(&["notes"]);
    assert!(!ended.stderr.contains("notes"), "{}", ended.stderr);
}

const STOCK_MAIN: &str = "use sea_orm_migration::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    cli::run_cli(migration::Migrator).await;\n}\n";

#[test]
fn the_main_of_sea_orm_is_replaced_on_demand_and_only_then() {
    let small = project(&LINEAR);
    let manifest = small.read("migration/Cargo.toml").replace("autogen-migrate = \"0.1\"\n", "");
    small.write("migration/Cargo.toml", &manifest);
    small.write("migration/src/main.rs", STOCK_MAIN);
    let before = small.files();
    for option in ["--resume", "--restart", "--single-transaction", "-xkey=value"] {
        let name = option.split("key").next().unwrap();
        small.autogen(&["upgrade", option]).with(2).says(&[name, "autogen init --replace-main"]);
    }
    let toml = small.read("autogen.toml");
    small.remove("autogen.toml");
    small.autogen(&["init"]).with(0).says(&["was left as it is", "autogen init --replace-main"]);
    small.write("autogen.toml", &toml);
    assert_eq!(small.files(), before);

    small.autogen(&["init", "--replace-main", "--migrate-from", "0.1"]).with(0).shows(&["migration/build.rs"]);
    assert!(small.read("migration/src/main.rs").contains("main_with_graph(migration::Migrator, REVISIONS)"));
    assert!(small.read("migration/Cargo.toml").contains("[dependencies]\nautogen-migrate = \"0.1\"\n"));
    assert!(small.read("migration/build.rs").contains("revisions.txt"));
    small.autogen(&["init", "--replace-main"]).with(2).says(&["autogen's main already"]);
}

#[test]
fn a_main_that_does_more_than_call_sea_orm_is_left_alone() {
    let small = Small::new();
    small.write("migration/src/main.rs", &STOCK_MAIN.replace("    cli", "    dotenvy::dotenv().ok();\n    cli"));
    let before = small.files();
    small.autogen(&["init", "--replace-main"]).with(2).says(&["does more than call", "nothing was changed"]);
    assert_eq!(small.files(), before);
}
