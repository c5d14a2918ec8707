//! `autogen diff`: what is between two sources, and the SQL that the database's own client runs.

use std::path::Path;

use crate::database::{Server, TestDatabase};
use crate::project::{Ended, autogen};
use crate::small::{NOTE, Small};

/// Two schemas between which nearly every kind of change lies, with a row that must survive.
fn schemas(server: Server) -> [&'static [&'static str]; 2] {
    match server {
        Server::Sqlite => [
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, \"odd \"\"name\" TEXT)",
                "CREATE INDEX users_name ON users (name)",
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE gone (id INTEGER PRIMARY KEY)",
                "CREATE VIRTUAL TABLE old_words USING fts5(word)",
                "CREATE VIEW names AS SELECT name FROM users",
                "INSERT INTO users (id, name) VALUES (7, 'ann')",
                "INSERT INTO posts VALUES (1, 7)",
            ],
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(50), email TEXT UNIQUE, \
                 age INT NOT NULL DEFAULT 3 CHECK (age > 0), note TEXT DEFAULT 'it''s; -- fine')",
                "CREATE INDEX users_name ON users (name DESC) WHERE name <> 'x'",
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))",
                "CREATE TABLE \"new; table\" (\"a b\" INTEGER PRIMARY KEY, note TEXT COLLATE NOCASE) STRICT",
                "CREATE VIRTUAL TABLE words USING fts5(word, tokenize = 'porter ascii')",
                "CREATE VIEW names AS SELECT email\nFROM users",
            ],
        ],
        Server::Postgres => [
            &[
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, mood mood, \"odd \"\"name\" text)",
                "CREATE INDEX users_name ON users (name)",
                "CREATE TABLE posts (id bigserial PRIMARY KEY, user_id integer REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE gone (id uuid PRIMARY KEY)",
                "CREATE TABLE old_log (at date, what text) PARTITION BY RANGE (at)",
                "CREATE TABLE old_log_rest PARTITION OF old_log DEFAULT",
                "CREATE VIEW ids AS SELECT id FROM posts",
                "INSERT INTO users (name) VALUES ('ann')",
                "INSERT INTO posts (user_id) VALUES (1)",
            ],
            &[
                "CREATE TYPE mood AS ENUM ('sad', 'fine', 'ok')",
                "CREATE TYPE size AS ENUM ('s', 'it''s')",
                "CREATE TABLE users (id serial PRIMARY KEY, name varchar(50), mood mood, email text UNIQUE, \
                 age integer NOT NULL DEFAULT 3 CHECK (age > 0), note text DEFAULT 'it''s; -- fine', size size)",
                "CREATE INDEX users_name ON users (lower(name) DESC) WHERE name <> 'x'",
                "COMMENT ON TABLE users IS 'people'",
                "CREATE TABLE posts (id bigserial PRIMARY KEY, user_id integer REFERENCES users (id))",
                "CREATE TABLE \"new; table\" (\"a b\" integer PRIMARY KEY, note text[] NOT NULL DEFAULT '{}')",
                "CREATE TABLE log (id bigint, at date, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE INDEX log_what ON log (what)",
                "CREATE VIEW ids AS SELECT user_id\nFROM posts",
                "CREATE SCHEMA \"side room\"",
                "CREATE TABLE \"side room\".chairs (id integer PRIMARY KEY, user_id integer REFERENCES users (id))",
            ],
        ],
        Server::Mariadb | Server::Mysql => [
            &[
                "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, name varchar(80) NOT NULL, `odd ``name` text)",
                "CREATE INDEX users_name ON users (name)",
                "CREATE TABLE posts (id bigint AUTO_INCREMENT PRIMARY KEY, user_id int, \
                 CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE gone (id int PRIMARY KEY)",
                "CREATE TABLE whole (id int PRIMARY KEY) COMMENT 'one piece'",
                "CREATE TABLE cut (id int PRIMARY KEY) COMMENT 'in pieces' PARTITION BY HASH (id) PARTITIONS 3",
                "CREATE VIEW ids AS SELECT id FROM posts",
                "INSERT INTO users (name) VALUES ('ann')",
                "INSERT INTO posts (user_id) VALUES (1)",
            ],
            &[
                "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, name varchar(50), email varchar(90) UNIQUE, \
                 age int NOT NULL DEFAULT 3, note varchar(40) DEFAULT 'it''s; -- fine \\\\', \
                 mood enum('sad','it''s') COMMENT 'how', CONSTRAINT age_positive CHECK (age > 0))",
                "CREATE INDEX users_name ON users (name(10), age)",
                "CREATE TABLE posts (id bigint AUTO_INCREMENT PRIMARY KEY, user_id int, \
                 CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id)) COMMENT 'what they say'",
                "CREATE TABLE `new; table` (`a b` int PRIMARY KEY, note text) DEFAULT CHARACTER SET latin1",
                "CREATE TABLE whole (id int PRIMARY KEY) COMMENT 'in pieces' PARTITION BY KEY (id) PARTITIONS 2",
                "CREATE TABLE cut (id int PRIMARY KEY)",
                "CREATE VIEW ids AS SELECT user_id\nFROM posts",
            ],
        ],
    }
}

#[test]
fn sqlite() {
    the_clients_sql_takes_one_database_to_the_other(Server::Sqlite);
}

#[test]
fn postgres() {
    the_clients_sql_takes_one_database_to_the_other(Server::Postgres);
}

#[test]
fn mariadb() {
    the_clients_sql_takes_one_database_to_the_other(Server::Mariadb);
}

#[test]
fn mysql() {
    the_clients_sql_takes_one_database_to_the_other(Server::Mysql);
}

fn the_clients_sql_takes_one_database_to_the_other(server: Server) {
    let (Some(from), Some(to)) = (TestDatabase::create(server), TestDatabase::create(server)) else { return };
    for (database, statements) in [&from, &to].into_iter().zip(schemas(server)) {
        statements.iter().for_each(|statement| database.execute(statement));
    }
    diff(&from.url, &to.url, &["--exit-code"]).with(1).shows(&["users", "+ ", "email", "gone"]);
    diff(&from.url, &to.url, &[]).with(0);
    let sql = diff(&from.url, &to.url, &["--format", "sql"]).with(0).stdout;
    assert!(sql.contains("-- view"), "a view is mentioned as a comment\n{sql}");

    if !from.run_script(&sql) {
        return;
    }
    diff(&from.url, &to.url, &["--exit-code"]).with(0).shows(&["No differences"]);
    diff(&to.url, &from.url, &["--exit-code"]).with(0);
    from.execute("INSERT INTO users (name) VALUES ('bob')");
    let rows = from.dump();
    // MySQL's rows stand in the dump as hexadecimal digits.
    let holds = |text: &str, digits: &str| rows.contains(text) || rows.contains(digits);
    assert!(holds("ann", "616E6E") && holds("bob", "626F62"), "the row survives\n{rows}");
}

#[test]
fn a_file_made_from_a_database_is_a_source_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = [(); 2].map(|()| TestDatabase::create(Server::Sqlite).expect("SQLite is embedded"));
    from.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    to.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INT)");
    let json = autogen(folder.path(), &["inspect", &to.url, "--format", "json"]).with(0).stdout;
    std::fs::write(folder.path().join("to.json"), json).unwrap();
    let diff = |from: &str, to: &str| autogen(folder.path(), &["diff", "--from", from, "--to", to, "--exit-code"]);
    diff(&from.url, "to.json").with(1).shows(&["age"]);
    diff("to.json", &to.url).with(0);
    assert!(!folder.path().join("autogen.toml").exists(), "no configuration is needed");
}

#[test]
fn what_no_statement_changes_is_said_and_left_alone() {
    let Some(from) = TestDatabase::create(Server::Postgres) else { return };
    let to = TestDatabase::create(Server::Postgres).expect("the server is there");
    from.execute("CREATE TABLE log (at date)");
    to.execute("CREATE TABLE log (at date, what text) PARTITION BY RANGE (at)");
    let report = diff(&from.url, &to.url, &["--exit-code"]).with(1);
    report.shows(&["log: how it is partitioned", "is left as it is", "+ column  what"]);
}

/// What entities leave unsaid may be there; what they say is compared, both ways round.
#[test]
fn a_folder_of_entities_is_a_partial_side() {
    let small = Small::new();
    let database = TestDatabase::create(Server::Sqlite).expect("SQLite is embedded");
    database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(40) NOT NULL)");
    database.execute("CREATE INDEX by_title ON notes (title)");
    let both = |code: i32| {
        let there = small.autogen(&["diff", "--from", &database.url, "--to", "entity", "--exit-code"]).with(code);
        let back = small.autogen(&["diff", "--from", "entity", "--to", &database.url, "--exit-code"]).with(code);
        (there, back)
    };
    both(0);
    small.write("entity/src/note.rs", &NOTE.replace("pub title: String,", "pub title: String,\n    pub body: String,"));
    let (there, back) = both(1);
    there.shows(&["+ ", "body"]);
    back.shows(&["- ", "body"]);
    let sql = small.autogen(&["diff", "--from", "entity", "--to", &database.url, "--format", "sql"]).with(0).stdout;
    assert!(sql.contains("DROP COLUMN \"body\""), "{sql}");
}

#[test]
fn two_folders_of_entities_need_a_database_to_be_meant() {
    let small = Small::new();
    small.write("other/note.rs", &NOTE.replace("pub title: String", "#[sea_orm(indexed)]\n    pub title: String"));
    small.remove("autogen.toml");
    let arguments = ["diff", "--from", "entity", "--to", "other", "--exit-code"];
    small.autogen(&arguments).with(2).says(&["--backend"]);
    small.autogen(&[&arguments[..], &["--backend", "postgres"]].concat()).with(1).shows(&["index"]);
    small.autogen(&["diff", "--from", "entity", "--to", "entity", "--backend", "mysql", "--exit-code"]).with(0);
}

#[test]
fn databases_of_two_kinds_are_not_compared() {
    let Some(server) = TestDatabase::create(Server::Postgres) else { return };
    let file = TestDatabase::create(Server::Sqlite).expect("SQLite is embedded");
    file.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)");
    diff(&server.url, &file.url, &[]).with(2).says(&["PostgreSQL", "SQLite", "of one kind"]);
    diff(&file.url, &file.url, &["--backend", "mysql"]).with(2).says(&["MySQL", "SQLite"]);
}

#[test]
fn a_source_that_is_not_there_is_named() {
    diff("sqlite://nothing.db", "sqlite://nothing.db", &[]).with(4).says(&["nothing.db"]);
    diff("entities", "sqlite://nothing.db", &[]).with(2).says(&["autogen.toml"]);
    diff("nowhere", "sqlite://nothing.db", &[]).with(2).says(&["nowhere", "a folder of entities"]);
}

fn diff(from: &str, to: &str, more: &[&str]) -> Ended {
    let folder = std::env::temp_dir();
    autogen(Path::new(&folder), &[&["diff", "--from", from, "--to", to], more].concat())
}
