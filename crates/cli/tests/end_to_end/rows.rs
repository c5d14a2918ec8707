//! Rows that a change concerns: counted for the hazards, filled by `--backfill`.

use crate::database::{Server, TestDatabase};
use crate::project::Ended;
use crate::small::{NOTE, Small};

const SERVERS: [Server; 4] = [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql];

/// A table whose rows stand in the way of nearly everything.
fn project(server: Server) -> Option<(Small, TestDatabase)> {
    let database = TestDatabase::create(server)?;
    let number = match server {
        Server::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
        Server::Postgres => "serial PRIMARY KEY",
        Server::Mariadb | Server::Mysql => "int AUTO_INCREMENT PRIMARY KEY",
    };
    database.execute(&format!("CREATE TABLE notes (id {number}, title varchar(255), code varchar(90))"));
    for values in ["('a', 'x')", "(NULL, 'x')", "(NULL, 'longer')"] {
        database.execute(&format!("INSERT INTO notes (title, code) VALUES {values}"));
    }
    let small = Small::new();
    small.write("autogen.toml", &format!("entities = \"entity\"\ndatabase_url = \"{}\"\n", database.url));
    Some((small, database))
}

fn fields(small: &Small, fields: &str) {
    small.write("entity/src/note.rs", &NOTE.replace("pub title: String,", fields));
}

/// An entity of the table `pads`.
fn declare_pads(small: &Small) {
    let pad = NOTE.replace("\"notes\"", "\"pads\"").replace("    pub title: String,\n", "");
    small.write("entity/src/pad.rs", &pad.replace("primary_key", "primary_key, auto_increment = false"));
    small.write("entity/src/lib.rs", "pub mod note;\npub mod pad;\n");
}

/// The entity with a relation from its `pad_id`.
fn with_pad(entity: &str) -> String {
    let relation = "#[sea_orm(belongs_to = \"super::pad::Entity\", from = \"Column::PadId\", to = \"super::pad::Column::Id\")]\n    Pad,";
    entity.replace("pub enum Relation {}", &format!("pub enum Relation {{\n    {relation}\n}}"))
}

#[test]
fn a_reference_that_no_row_has_yet_is_no_danger() {
    for server in SERVERS {
        let Some((small, database)) = project(server) else { continue };
        database.execute("CREATE TABLE pads (id int PRIMARY KEY)");
        declare_pads(&small);
        let unique =
            "pub title: Option<String>,\n    pub code: Option<String>,\n    #[sea_orm(unique)]\n    pub pad_id: ";
        let entity = |ty: &str| with_pad(&NOTE.replace("pub title: String,", &format!("{unique}{ty},")));
        small.write("entity/src/note.rs", &entity("Option<i32>"));
        let report = small.autogen(&["check"]).with(1).shows(&["+ column", "+ foreign key", "3 differences"]);
        assert!(!report.stdout.contains("fail"), "{}", report.stdout);
        // Where each row gets a value, it must be found, and differ.
        small.write("entity/src/note.rs", &entity("i32"));
        small.autogen(&["check"]).with(1).shows(&["fails if a row of notes refers to", "fails if two rows of notes"]);
    }
}

#[test]
fn a_step_that_cannot_succeed_is_told_apart_with_its_count() {
    for server in SERVERS {
        let Some((small, database)) = project(server) else { continue };
        fields(
            &small,
            "pub title: String,\n    #[sea_orm(unique)]\n    pub code: Option<String>,\n    pub email: String,",
        );
        let report = small.autogen(&["check"]).with(1);
        let report = report.shows(&["will fail: notes.title has no value in 2 rows", "--backfill notes.title=SQL"]);
        let report = report.shows(&["will fail: notes has 1 value in more than one row"]);
        match server {
            Server::Sqlite | Server::Postgres => {
                report
                    .shows(&["will fail: notes has 3 rows, and notes.email is required", "--backfill notes.email=SQL"]);
            }
            // It puts '' there by itself.
            Server::Mariadb | Server::Mysql => {
                report.shows(&["warning: notes.email is required", "zero value", "3 rows"]);
            }
        }
        let json = small.autogen(&["check", "--format", "json"]).with(1);
        json.shows(&["\"kind\": \"will_fail\""]);
        database.execute("DELETE FROM notes");
        let report = small.autogen(&["check"]).with(1).shows(&["none now"]);
        assert!(!report.stdout.contains("will fail"), "{}", report.stdout);
    }
}

#[test]
fn values_that_do_not_fit_and_rows_without_a_parent_are_counted() {
    for server in SERVERS {
        let Some((small, database)) = project(server) else { continue };
        database.execute("CREATE TABLE pads (id int PRIMARY KEY)");
        database.execute("ALTER TABLE notes ADD COLUMN pad_id int");
        database.execute("UPDATE notes SET pad_id = 7");
        declare_pads(&small);
        fields(&small, "pub title: Option<String>,\n    pub code: Option<String>,\n    pub pad_id: Option<i32>,");
        small.autogen(&["check"]).with(0);
        let entity = NOTE.replace(
            "pub title: String,",
            "pub title: Option<String>,\n    #[sea_orm(column_type = \"String(StringLen::N(3))\")]\n    pub code: Option<String>,\n    pub pad_id: Option<i32>,",
        );
        small.autogen(&["baseline"]).with(0);
        small.write("entity/src/note.rs", &with_pad(&entity));
        let report = small.autogen(&["check"]).with(1);
        let report = report.shows(&["will fail: notes has 3 rows without the row referred to"]);
        if server != Server::Sqlite {
            report.shows(&["will fail: notes.code has 1 value that the new type has no room for"]);
        }
    }
}

#[test]
fn between_two_databases_keys_labels_and_numbers_are_counted() {
    for server in [Server::Postgres, Server::Mariadb, Server::Mysql] {
        let (Some(from), Some(to)) = (TestDatabase::create(server), TestDatabase::create(server)) else { continue };
        let mood = |labels: &str| match server {
            Server::Postgres => "mood".to_owned(),
            Server::Sqlite | Server::Mariadb | Server::Mysql => format!("enum({labels})"),
        };
        let (more, fewer) = ("'sad', 'glad'", "'glad'");
        if server == Server::Postgres {
            from.execute(&format!("CREATE TYPE mood AS ENUM ({more})"));
            to.execute(&format!("CREATE TYPE mood AS ENUM ({fewer})"));
        }
        let columns = "id int, price decimal(8,2), rate decimal(6,4), mood";
        from.execute(&format!("CREATE TABLE notes ({columns} {})", mood(more)));
        let columns = "id int PRIMARY KEY, price decimal(4,2), rate decimal(5,2), mood";
        to.execute(&format!("CREATE TABLE notes ({columns} {})", mood(fewer)));
        from.execute("INSERT INTO notes VALUES (1, 1, 0.5, 'glad'), (1, 99.994, 1.2345, 'sad'), (NULL, 100, 2, 'sad')");
        let small = Small::new();
        let report = small.autogen(&["diff", "--from", &from.url, "--to", &to.url]).with(0);
        let lost = match server {
            Server::Postgres => "will fail: a value that is taken away still stands in 2 rows",
            Server::Sqlite | Server::Mariadb | Server::Mysql => "will fail: notes.mood has 2 values",
        };
        let report = report.shows(&["will fail: notes has 2 values twice or not at all under the new key", lost]);
        let report = report.shows(&[
            "will fail: notes.price has 1 value that the new type has no room for",
            "warning: values of notes.rate are rounded to 2 digits behind the point (in this database: 1 value)",
        ]);
        // A table of three rows is rewritten in a moment.
        assert!(!report.stdout.contains("nobody can"), "{}", report.stdout);
        let json = small.autogen(&["diff", "--from", &from.url, "--to", &to.url, "--format", "json"]).with(0);
        json.shows(&["rewrites_table", "(in this database: 3 rows)"]);
    }
}

#[test]
fn a_backfill_gives_existing_rows_a_value() {
    for server in SERVERS {
        let Some((small, database)) = project(server) else { continue };
        fields(&small, "pub title: String,\n    pub code: Option<String>,\n    pub email: String,");
        let backfills = ["--backfill", "notes.email='was ' || code", "--backfill", "notes.title='none'"];
        let backfills = match server {
            Server::Sqlite | Server::Postgres => backfills,
            Server::Mariadb | Server::Mysql => {
                ["--backfill", "notes.email=concat('was ', code)", "--backfill", "notes.title='none'"]
            }
        };
        let diff = ["diff", "--from", "database", "--to", "entities", "--format", "sql"];
        let sql = small.autogen(&[&diff[..], &backfills[..]].concat()).with(0).stdout;
        let report = small.autogen(&[&["-m", "email"], &backfills[..]].concat()).with(0);
        assert!(!report.stdout.contains("will fail"), "{}", report.stdout);
        // A row without a code would get no email.
        let report = report.shows(&["warning: fails if", "is NULL for a row of notes"]);
        assert_eq!(report.stdout.matches("warning: fails").count(), 1, "{}", report.stdout);
        let source = revision(&small);
        assert!(source.contains("UPDATE") || source.contains("COALESCE"), "{source}");
        if !database.run_script(&sql) {
            continue;
        }
        let rows = database.dump();
        let holds = |text: &str, digits: &str| rows.contains(text) || rows.contains(digits);
        assert!(holds("was longer", "776173206C6F6E676572") && holds("none", "6E6F6E65"), "{server:?}\n{rows}");
        small.autogen(&["diff", "--from", "database", "--to", "entities", "--exit-code"]).with(0);
    }
}

/// The source of the revision that was written.
fn revision(small: &Small) -> String {
    let files = small.files();
    files.iter().rfind(|(path, _)| path.to_string_lossy().contains("/migration/src/m2")).unwrap().1.clone()
}

#[test]
fn a_backfill_of_what_needs_none_is_refused() {
    let (small, _database) = project(Server::Sqlite).expect("SQLite is embedded");
    fields(&small, "pub title: String,\n    pub code: Option<String>,");
    let refused = |backfill: &str| -> Ended { small.autogen(&["-m", "x", "--backfill", backfill]).with(2) };
    refused("notes.code='x'").says(&["notes.code", "does not become required"]);
    refused("notes.tilte='x'").says(&["notes.tilte"]);
    refused("title").says(&["TABLE.COLUMN=SQL"]);
    small.autogen(&["revision", "-m", "x", "--backfill", "notes.title='x'"]).with(2).says(&["--autogenerate"]);
}

/// A person at a terminal is asked for the value that is missing.
#[test]
fn at_a_terminal_a_person_gives_the_value() {
    let (small, _database) = project(Server::Sqlite).expect("SQLite is embedded");
    fields(&small, "pub title: String,\n    pub code: Option<String>,");
    let Some(said) = small.at_terminal(&["-m", "title"], "'untitled'\n") else { return };
    assert!(said.contains("notes.title has no value in 2 rows"), "{said}");
    assert!(revision(&small).contains("COALESCE(\"title\", 'untitled')"), "{}", revision(&small));
}
