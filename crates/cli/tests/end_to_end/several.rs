//! One file for several databases: every branch is proven where there is a server to prove it on, and marked where not.

use crate::database::{Server, TestDatabase};
use crate::project::{Ended, revisions};
use crate::small::{NOTE, Small};

const NAMES: [(Server, &str); 4] = [
    (Server::Sqlite, "sqlite"),
    (Server::Postgres, "postgres"),
    (Server::Mysql, "mysql"),
    (Server::Mariadb, "mariadb"),
];

/// A project with scratch servers for every database that there is to test on.
struct Several {
    small: Small,
    /// The products that there are servers for, SQLite among them.
    products: Vec<&'static str>,
    // The databases that `scratch_urls` names; nothing is made in them.
    _scratch: Vec<TestDatabase>,
}

impl Several {
    fn new(backends: &[Server]) -> Self {
        let (small, mut scratch, mut products) = (Small::new(), Vec::new(), Vec::new());
        let (mut names, mut urls) = (Vec::new(), Vec::new());
        for (server, name) in NAMES.into_iter().filter(|(server, _)| backends.contains(server)) {
            let Some(database) = TestDatabase::create(server) else { continue };
            names.push(format!("{name:?}"));
            products.push(match server {
                Server::Sqlite => "SQLite",
                Server::Postgres => "PostgreSQL",
                Server::Mysql => "MySQL",
                Server::Mariadb => "MariaDB",
            });
            if server != Server::Sqlite {
                urls.push(format!("{name} = {:?}", database.url));
                scratch.push(database);
            }
        }
        small.write(
            "autogen.toml",
            &format!(
                "entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"sqlite://notes.db?mode=rwc\"\n\
                 backends = [{}]\nscratch_urls = {{ {} }}\n",
                names.join(", "),
                urls.join(", ")
            ),
        );
        Self { small, products, _scratch: scratch }
    }

    /// The revision `start`, as applied: the database has what the entity says, and is told so.
    fn started(backends: &[Server]) -> Self {
        let several = Self::new(backends);
        several.small.autogen(&["-m", "start"]).with(0);
        let stem = revisions(several.small.path())[0].file_stem().unwrap().to_str().unwrap().to_owned();
        several.small.execute(&format!(
            "CREATE TABLE notes (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, title varchar NOT NULL); \
             INSERT INTO notes (title) VALUES ('one'); \
             CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint); \
             INSERT INTO seaql_migrations VALUES ('{stem}', 0)"
        ));
        several
    }

    fn title(&self, fields: &str) {
        self.small.write("entity/src/note.rs", &NOTE.replace("pub title: String", fields));
    }

    fn newest(&self) -> String {
        std::fs::read_to_string(revisions(self.small.path()).last().unwrap()).unwrap()
    }

    /// Whether the report and the file say of every database that `words` hold there.
    #[track_caller]
    fn all_proven(&self, ended: Ended, words: &str) {
        let ended = ended.with(0);
        let text = self.newest();
        for product in &self.products {
            for said in [&ended.stdout, &text] {
                let is_said =
                    |line: &str| line.contains(&format!("Proof: proven on {product} ")) && line.contains(words);
                assert!(said.lines().any(is_said), "{product}\n{said}");
            }
        }
    }
}

const ALL: [Server; 4] = [Server::Sqlite, Server::Postgres, Server::Mysql, Server::Mariadb];

#[test]
fn every_branch_is_proven_on_its_own_database() {
    let several = Several::new(&ALL);
    several.all_proven(several.small.autogen(&["-m", "start"]), "up converges, down is exact");
}

#[test]
fn a_branch_starts_from_what_the_entities_declared_and_keeps_its_rows() {
    let several = Several::started(&ALL);
    several.title("pub title: String,\n    #[sea_orm(unique)]\n    pub code: Option<String>");
    several.all_proven(several.small.autogen(&["-m", "code"]), "rows are kept");
}

#[test]
fn a_backfill_is_written_for_every_database() {
    let several = Several::started(&ALL);
    several.title("pub title: String,\n    pub body: String");
    let fill = ["-m", "body", "--backfill", "notes.body=upper(title)"];
    several.all_proven(several.small.autogen(&fill), "rows are kept");
    let text = several.newest();
    assert!(text.matches("= upper(title)").count() >= several.products.len().min(3) - 1, "{text}");
}

#[test]
fn a_database_can_have_a_backfill_of_its_own() {
    let several = Several::started(&[Server::Sqlite, Server::Postgres]);
    several.title("pub title: String,\n    pub born: DateTime");
    let fill =
        ["-m", "born", "--backfill", "notes.born=datetime('now')", "--backfill", "postgres:notes.born=localtimestamp"];
    several.all_proven(several.small.autogen(&fill), "rows are kept");
    let text = several.newest();
    let is_own = several.products.contains(&"PostgreSQL");
    assert!(text.contains("datetime('now')") && text.contains("= localtimestamp") == is_own, "{text}");

    let foreign = ["-m", "born", "--amend", "--backfill", "mysql:notes.born=now()"];
    several.small.autogen(&foreign).with(2).says(&["--backfill mysql:", "not for mysql"]);
}

#[test]
fn nothing_is_written_where_a_branch_is_wrong() {
    let several = Several::new(&[Server::Sqlite, Server::Postgres]);
    if !several.products.contains(&"PostgreSQL") {
        return;
    }
    // SQLite takes any name of a type.
    several.title("#[sea_orm(column_type = \"custom(\\\"nonesuch\\\")\")]\n    pub title: String");
    let before = several.small.files();
    let ended = several.small.autogen(&["-m", "start"]).with(6).shows(&["Proof: proven on SQLite"]);
    ended.shows(&["Proof: failed on PostgreSQL"]).says(&["nothing was written", "on PostgreSQL", "nonesuch"]);
    assert_eq!(several.small.files(), before);
}

#[test]
fn sqlite_needs_no_server_to_be_proven_on() {
    let Some(database) = TestDatabase::create(Server::Postgres) else { return };
    let small = Small::new();
    small.write(
        "autogen.toml",
        &format!(
            "entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = {:?}\nbackends = [\"sqlite\", \"mysql\"]\n",
            database.url
        ),
    );
    let ended = small.autogen(&["-m", "start"]).with(0);
    ended.shows(&["Proof: proven on PostgreSQL", "Proof: proven on SQLite", "Proof: unproven on MySQL: scratch_urls"]);
}

#[test]
fn a_scratch_server_that_is_away_leaves_its_branch_unproven() {
    let small = Small::new();
    small.write(
        "autogen.toml",
        "entities = \"entity\"\nmigrations = \"migration\"\ndatabase_url = \"sqlite://notes.db?mode=rwc\"\n\
         backends = [\"sqlite\", \"postgres\"]\nscratch_urls = { postgres = \"postgres://ann:s3cret@127.0.0.1:1/x\" }\n",
    );
    let ended = small.autogen(&["-m", "start"]).with(0).shows(&["Proof: unproven on PostgreSQL: ", "127.0.0.1:1"]);
    assert!(!ended.stdout.contains("s3cret"), "{}", ended.stdout);
}
