//! Renames: said on the command line, suspected where nobody said them.

use crate::database::{Server, TestDatabase};
use crate::small::{NOTE, Small};

const FULL: [&str; 2] = ["pub title: String,", "pub headline: String,"];

fn project(server: Server) -> Option<(Small, TestDatabase)> {
    let database = TestDatabase::create(server)?;
    let number = match server {
        Server::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
        Server::Postgres => "serial PRIMARY KEY",
        Server::Mariadb | Server::Mysql => "int AUTO_INCREMENT PRIMARY KEY",
    };
    database.execute(&format!("CREATE TABLE notes (id {number}, title varchar(255) NOT NULL)"));
    database.execute("CREATE INDEX old_index ON notes (title)");
    database.execute("INSERT INTO notes (title) VALUES ('kept')");
    let small = Small::new();
    small.write("autogen.toml", &format!("entities = \"entity\"\ndatabase_url = \"{}\"\n", database.url));
    Some((small, database))
}

/// The revision that was written last.
fn written(small: &Small) -> String {
    let files = small.files();
    let revision = files.iter().rfind(|(path, _)| path.to_string_lossy().contains("/migration/src/m2"));
    revision.expect("a revision was written").1.clone()
}

#[test]
fn a_rename_on_the_command_line_is_made() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql] {
        let Some((small, _database)) = project(server) else { continue };
        small.write("entity/src/note.rs", &NOTE.replace(FULL[0], FULL[1]));
        let said = small.autogen(&["-m", "headline", "--rename", "notes.title=headline"]).with(0);
        said.shows(&["~ column", "headline", "renamed from title", "1 difference"]);
        let file = written(&small);
        assert!(file.contains("rename_column") || file.contains("RENAME COLUMN"), "{file}");
    }
}

#[test]
fn a_table_and_an_index_are_renamed_too() {
    let (small, _database) = project(Server::Sqlite).expect("SQLite is embedded");
    let entity = NOTE.replace("table_name = \"notes\"", "table_name = \"memos\"");
    let entity = entity.replace(FULL[0], "#[sea_orm(indexed)]\n    pub title: String,");
    small.write("entity/src/note.rs", &entity);
    let renames = ["--rename", "notes=memos", "--rename", "index:memos.old_index=idx-memos-title"];
    let report = small.autogen(&[&["-m", "memos"], &renames[..]].concat()).with(0);
    report.shows(&["renamed from notes", "renamed from old_index", "2 differences"]);
}

/// Nobody is asked without a terminal: the columns go and come, and the flag to copy is said.
#[test]
fn a_suspicion_names_the_flag_and_decides_nothing() {
    let (small, _database) = project(Server::Sqlite).expect("SQLite is embedded");
    small.autogen(&["-m", "memory", "--rename", "notes.nothing=nowhere"]).with(0).shows(&["No differences"]);
    small.autogen(&["baseline"]).with(0);
    small.write("entity/src/note.rs", &NOTE.replace(FULL[0], FULL[1]));
    let report = small.autogen(&["check"]).with(1);
    let report = report.shows(&["+ column", "- column", "--rename notes.title=headline", "renamed_from"]);
    assert_eq!(report.stderr, "");
    small.autogen(&["-m", "both"]).with(0).shows(&["--rename notes.title=headline"]);
    let file = written(&small);
    assert!(file.contains("drop_column") || file.contains("notes__new"), "{file}");
}

#[test]
fn a_rename_that_is_none_is_refused_with_its_grammar() {
    let small = Small::new();
    small.autogen(&["-m", "x", "--rename", "notes.title"]).with(2).says(&["TABLE.COLUMN=NEW", "index:TABLE.INDEX=NEW"]);
}

/// A person at a terminal is asked, the likeliest first, and the answer is taken.
#[test]
fn at_a_terminal_a_person_decides() {
    let (small, _database) = project(Server::Sqlite).expect("SQLite is embedded");
    small.autogen(&["baseline"]).with(0);
    small.write("entity/src/note.rs", &NOTE.replace(FULL[0], "pub word: String,\n    pub titles: String,"));
    let Some(said) = small.at_terminal(&["-m", "titles"], "1\n\n") else { return };
    let titles = said.find("1  notes.title=titles").unwrap_or_else(|| panic!("the likeliest is first\n{said}"));
    assert!(said[titles..].contains("2  notes.title=word"), "{said}");
    assert!(said.contains("renamed from title"), "{said}");
}
