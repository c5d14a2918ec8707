//! `[compare]`, `--strict` and `autogen baseline`: what counts as a difference.

use crate::database::{Server, TestDatabase};
use crate::project::Ended;
use crate::small::{NOTE, Small};

/// A project and its database.
struct Compared {
    small: Small,
    database: TestDatabase,
}

impl Compared {
    fn on(server: Server, statements: &[&str]) -> Option<Self> {
        let database = TestDatabase::create(server)?;
        statements.iter().for_each(|statement| database.execute(statement));
        let compared = Self { small: Small::new(), database };
        compared.compare("");
        Some(compared)
    }

    fn new(statements: &[&str]) -> Self {
        Self::on(Server::Sqlite, statements).expect("SQLite is embedded")
    }

    /// Writes `[compare]`.
    fn compare(&self, lines: &str) {
        let url = &self.database.url;
        let text = format!("entities = \"entity\"\ndatabase_url = \"{url}\"\n[compare]\n{lines}\n");
        self.small.write("autogen.toml", &text);
    }

    fn entity(&self, from: &str, to: &str) {
        assert!(NOTE.contains(from), "{from}");
        self.small.write("entity/src/note.rs", &NOTE.replace(from, to));
    }

    fn check(&self, code: i32) -> Ended {
        self.small.autogen(&["check"]).with(code)
    }
}

const NOTES: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR NOT NULL)";

#[test]
fn a_pattern_leaves_tables_columns_indexes_and_constraints_alone_on_both_sides() {
    let compared = Compared::new(&[
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR NOT NULL, legacy TEXT, \
         CONSTRAINT short CHECK (length(title) < 90))",
        "CREATE INDEX by_title ON notes (title)",
        "CREATE TABLE tmp_notes (id INTEGER PRIMARY KEY)",
    ]);
    compared.compare("unmanaged = \"drop\"");
    compared.check(1).shows(&["by_title", "legacy", "tmp_notes", "short", "4 differences in 2 tables"]);
    compared.compare(
        "unmanaged = \"drop\"\nexclude = [\"tmp_*\"]\nexclude_columns = [\"notes.leg*\"]\n\
         exclude_indexes = [\"by_*\"]\nexclude_constraints = [\"short\"]",
    );
    compared.check(0);
    compared.compare("unmanaged = \"drop\"\ninclude = [\"notes\"]\nexclude_columns = [\"other.legacy\"]");
    compared.check(1).shows(&["legacy", "by_title", "short", "3 differences in 1 table"]);

    // What an entity says and nobody compares is not made either.
    compared.entity("pub title: String,", "pub title: String,\n    #[sea_orm(unique)]\n    pub tmp_new: String,");
    compared.compare("exclude_columns = [\"tmp_*\"]");
    compared.check(0);
}

/// A rebuild of a table keeps what nobody compares, with its values.
#[test]
fn a_rebuild_keeps_what_is_left_alone() {
    let compared = Compared::new(&[
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT, legacy TEXT)",
        "CREATE INDEX by_legacy ON notes (legacy)",
        "INSERT INTO notes (title, legacy) VALUES ('a', 'kept')",
    ]);
    let url = compared.database.url.clone();
    compared.compare("unmanaged = \"drop\"\nexclude_columns = [\"legacy\"]\nexclude_indexes = [\"by_legacy\"]");
    compared.check(1).shows(&["1 difference in 1 table"]);
    let sql = compared.small.autogen(&["diff", "--from", &url, "--to", "entities", "--format", "sql"]).with(0).stdout;
    assert!(sql.contains("notes__new") && sql.contains("by_legacy"), "{sql}");
    if compared.database.run_script(&sql) {
        compared.check(0);
        assert!(compared.database.dump().contains("kept"));
    }
}

#[test]
fn an_aspect_that_is_switched_off_is_no_difference() {
    let compared = Compared::new(&[
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR NOT NULL DEFAULT 'x', \
         other_id INTEGER REFERENCES notes (id), CHECK (title <> ''))",
        "CREATE INDEX by_title ON notes (title)",
    ]);
    compared.entity(
        "pub title: String,",
        "#[sea_orm(unique, default_value = \"y\")]\n    pub title: String,\n    pub other_id: Option<i32>,",
    );
    compared.compare("unmanaged = \"drop\"");
    compared.check(1).shows(&["default", "by_title", "foreign key", "check", "unique"]);
    compared.compare("unmanaged = \"drop\"\ndefaults = false\nindexes = false\nchecks = false\nforeign_keys = false");
    compared.check(0);
    compared.compare("defaults = false\nindexes = false\nchecks = false\nforeign_keys = false");
    let quiet = compared.check(0);
    assert!(!quiet.stdout.contains("in the database only"), "{}", quiet.stdout);
}

#[test]
fn types_can_be_compared_exactly() {
    let compared =
        Compared::new(&["CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(40) NOT NULL)"]);
    compared.check(0);
    compared.compare("types = \"exact\"");
    compared.check(1).shows(&["title", "VARCHAR(40)", "1 difference in"]);
}

#[test]
fn a_wrong_pattern_or_word_is_named() {
    let compared = Compared::new(&[NOTES]);
    compared.compare("exclude_indexes = [\"a[\"]");
    compared.small.autogen(&["check"]).with(2).says(&["[compare]", "`a[`"]);
    compared.compare("types = \"roughly\"");
    compared.small.autogen(&["check"]).with(2).says(&["autogen.toml:4", "compatible", "exact"]);
}

/// As Alembic compares: what only one side has is a difference, both ways, and no memory counts.
#[test]
fn strict_compares_both_ways() {
    let compared =
        Compared::new(&[NOTES, "CREATE TABLE other (id INTEGER PRIMARY KEY)", "CREATE INDEX i ON notes (title)"]);
    compared.check(0).shows(&["other", "in the database only"]);
    compared.small.autogen(&["check", "--strict"]).with(1).shows(&["- table", "- index", "2 differences"]);
    let url = compared.database.url.clone();
    let entities = ["check", "--entities", "entity", "-u", &url];
    compared.small.autogen(&entities).with(0);
    compared.small.autogen(&[&entities[..], &["--strict"]].concat()).with(1).shows(&["- index"]);
    compared.small.autogen(&["-m", "tidy up", "--strict"]).with(0).shows(&["- table", "- index"]);
    let written = compared.small.files().into_iter().find(|(path, _)| path.to_string_lossy().contains("tidy_up"));
    assert!(written.expect("a revision was written").1.contains("other"));
    compared.small.autogen(&["revision", "-m", "empty", "--strict"]).with(2).says(&["--autogenerate"]);
}

#[test]
fn an_accepted_difference_is_silent_while_both_sides_stay() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql] {
        let notes = match server {
            Server::Sqlite => NOTES,
            Server::Postgres => "CREATE TABLE notes (id serial PRIMARY KEY, title varchar NOT NULL)",
            Server::Mariadb | Server::Mysql => {
                "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, title varchar(255) NOT NULL)"
            }
        };
        if let Some(compared) = Compared::on(server, &[notes]) {
            accept_and_drift(&compared);
        }
    }
}

fn accept_and_drift(compared: &Compared) {
    let baseline = |arguments: &[&str]| compared.small.autogen(&[&["baseline"], arguments].concat()).with(0);
    compared.entity("pub title: String,", "#[sea_orm(indexed)]\n    pub title: Option<String>,\n    pub body: String,");
    compared.check(1).shows(&["3 differences"]);
    baseline(&["--dry-run"]).shows(&["Would accept 3 differences", "body", "index", "title", "Nothing was written"]);
    compared.check(1);
    baseline(&[]).shows(&["Accepted 3 differences", "migration/autogen.lock"]);
    compared.check(0).shows(&["3 accepted differences are not shown"]);
    baseline(&[]).shows(&["No differences to accept", "says so already"]);

    // What is new is drift; what was accepted is no part of the revision.
    compared.entity(
        "pub title: String,",
        "#[sea_orm(indexed)]\n    pub title: Option<String>,\n    pub body: String,\n    pub age: Option<i32>,",
    );
    compared.check(1).shows(&["age", "1 difference"]);
    // The accepted column changes on one side: ordinary drift again.
    compared.entity(
        "pub title: String,",
        "#[sea_orm(indexed)]\n    pub title: Option<String>,\n    pub body: Option<String>,",
    );
    compared.check(1).shows(&["body", "1 difference"]);
    compared.database.execute("ALTER TABLE notes ADD COLUMN body text");
    let left = compared.check(0);
    assert!(left.stdout.contains("2 accepted differences"), "{}", left.stdout);
    baseline(&[]).shows(&["No differences to accept"]);
    compared.small.autogen(&["check", "--strict"]).with(1).shows(&["index", "title"]);
}

#[test]
fn a_baseline_of_a_database_that_is_behind_is_refused() {
    let compared = Compared::new(&[]);
    compared.small.autogen(&["-m", "start"]).with(0);
    compared.small.autogen(&["baseline"]).with(3).says(&["not up to date", "_start"]);
}

/// A baseline is the way out where lock and revisions come from different states of the project.
#[test]
fn a_baseline_refreshes_the_heads() {
    let compared = Compared::new(&[NOTES]);
    compared.small.write(
        "migration/autogen.lock",
        "{\"version\": 1, \"heads\": [\"gone\"], \"previous_heads\": [\"also gone\"]}",
    );
    compared.small.autogen(&["check"]).with(3).says(&["gone"]);
    compared.small.autogen(&["baseline"]).with(0);
    compared.check(0);
    let lock = compared.small.read("migration/autogen.lock");
    assert!(!lock.contains("gone") && lock.contains("title"), "{lock}");
}

#[test]
fn the_report_for_people_stands_in_columns() {
    let compared = Compared::new(&[
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title INTEGER NOT NULL, gone TEXT)",
    ]);
    compared.compare("unmanaged = \"drop\"");
    compared.entity("pub title: String,", "pub title: String,\n    pub size: Option<i32>,");
    let report = compared.check(1).stdout;
    let expected = "\
notes
  + column  size   integer null  entity/src/note.rs:9:9
  ~ column  title  INTEGER not null → varchar not null  entity/src/note.rs:8:9
      warning: fails or changes values of notes.title that do not fit varchar
      warning: the running application takes notes.title for INTEGER; stop it first
  - column  gone   TEXT null
      warning: all values of notes.gone are deleted; back them up first if anyone may want them (in this database: none now)
      warning: the running application may use notes.gone; first deploy one that does not

3 differences in 1 table.
";
    assert_eq!(report, expected);
    assert!(!report.contains('\u{1b}'), "colour is for terminals");
    let painted = compared.small.autogen(&["check", "--color", "always"]).with(1).stdout;
    assert!(painted.contains("\u{1b}[31m-\u{1b}[0m"), "{painted}");
}

#[test]
fn x11_what_is_pending_is_named_and_is_no_success() {
    let compared = Compared::new(&[]);
    compared.small.autogen(&["-m", "start"]).with(0);
    compared.check(1).shows(&["not applied yet", "_start", "autogen upgrade", "1 revision is not applied yet"]);
    let report = compared.small.autogen(&["check", "--format", "json"]).with(1).stdout;
    assert!(report.contains("\"pending\": [\n    \"m"), "{report}");
}
