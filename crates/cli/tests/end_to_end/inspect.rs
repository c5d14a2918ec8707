//! `autogen inspect`: what a person sees of a database, and the script that makes it again.

use crate::database::{Server, TestDatabase};
use crate::project::{Ended, autogen};
use crate::small::{NOTE, Small};

fn inspect(url: &str, more: &[&str]) -> Ended {
    autogen(&std::env::temp_dir(), &[&["inspect", url], more].concat())
}

/// A schema of what people have, bodies with semicolons among it, and how it is shown.
fn example(server: Server) -> (&'static [&'static str], &'static str) {
    match server {
        Server::Sqlite => (
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email varchar(90) NOT NULL UNIQUE, \
                 age INT DEFAULT 3 CHECK (age > 0), twice INT AS (age * 2))",
                "CREATE INDEX users_age ON users (age DESC, lower(email)) WHERE age > 9",
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT REFERENCES users ON DELETE CASCADE) STRICT",
                "CREATE VIEW adults AS SELECT id FROM users WHERE age > 17 -- it's; so",
                "CREATE TRIGGER on_post AFTER INSERT ON posts BEGIN UPDATE users SET age = age + 1; SELECT ';'; END",
            ],
            "\
posts (strict)
  id       INTEGER  not null
  user_id  INT      null
  primary key (id)
  foreign key (user_id) → users (id) on delete cascade

users
  id     INTEGER      not null  auto increment
  email  varchar(90)  not null
  age    INT          null      default 3
  twice  INT          null      as (age * 2) virtual
  primary key (id)
  unique (email)
  check (age > 0)
  index users_age (age desc, (lower(email))) where age > 9

view adults
trigger on_post on posts
",
        ),
        Server::Postgres => (
            &[
                "CREATE TYPE mood AS ENUM ('sad', 'it''s')",
                "CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(90) NOT NULL \
                 UNIQUE, mood mood DEFAULT 'sad', age integer CHECK (age > 0))",
                "COMMENT ON TABLE users IS 'people'; COMMENT ON COLUMN users.age IS 'in years'",
                "CREATE INDEX users_age ON users USING btree (age DESC, lower(email)) INCLUDE (mood) WHERE age > 9",
                "CREATE TABLE posts (id bigserial PRIMARY KEY, user_id integer REFERENCES users ON DELETE CASCADE)",
                "CREATE FUNCTION grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET age = age + 1; \
                 RETURN new; END $$",
                "CREATE TRIGGER on_post AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION grow()",
                "CREATE VIEW adults AS SELECT id FROM users WHERE age > 17",
            ],
            "\
public.posts
  id       bigint   not null  serial
  user_id  integer  null
  primary key (id)
  foreign key posts_user_id_fkey (user_id) → public.users (id) on delete cascade

public.users  -- people
  id     integer           not null  identity
  email  varchar(90)       not null
  mood   enum public.mood  null      default 'sad'
  age    integer           null      -- in years
  primary key (id)
  unique users_email_key (email)
  check users_age_check (age > 0)
  index users_age (age desc, (lower((email)::text))) include (mood) where age > 9

enum public.mood (sad, it's)
function public.grow()
view public.adults
trigger public.on_post on public.posts
",
        ),
        Server::Mariadb | Server::Mysql => (
            &[
                "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, email varchar(90) NOT NULL, \
                 age int DEFAULT 3 COMMENT 'in years', at datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, \
                 UNIQUE users_email (email(10)), CONSTRAINT old CHECK (age > 0)) COMMENT 'people'",
                "CREATE INDEX users_age ON users (age DESC)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, user_id int, \
                 CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE)",
                "CREATE TRIGGER on_post AFTER INSERT ON posts FOR EACH ROW BEGIN UPDATE users SET age = age + 1; \
                 SET @größe = ';'; END",
                "CREATE PROCEDURE grow(IN years int) BEGIN UPDATE users SET age = age + years; SELECT 1; END",
                "CREATE VIEW adults AS SELECT id FROM users WHERE age > 17",
            ],
            "\
posts
  id       bigint   not null
  user_id  integer  null
  primary key (id)
  foreign key author (user_id) → users (id) on delete cascade on update cascade
  index author (user_id) for the foreign key

users  -- people
  id     integer      not null  auto increment
  email  varchar(90)  not null
  age    integer      null      default 3  -- in years
  at     datetime     null      default CURRENT_TIMESTAMP on update CURRENT_TIMESTAMP
  primary key (id)
  check old (`age` > 0)
  index users_age (age desc)
  unique index users_email (email(10))

view adults
trigger on_post on posts
function grow
",
        ),
    }
}

/// The text is what a person expects, and the script makes a database between which and the first there is nothing.
fn is_shown_and_made_again(server: Server) {
    let (Some(first), Some(second)) = (TestDatabase::create(server), TestDatabase::create(server)) else { return };
    let (statements, expected) = example(server);
    statements.iter().for_each(|statement| first.execute(statement));
    assert_eq!(inspect(&first.url, &[]).with(0).stdout, expected);
    let script = inspect(&first.url, &["--format", "sql"]).with(0).stdout;
    if !second.run_script(&script) {
        return;
    }
    assert_eq!(inspect(&second.url, &[]).with(0).stdout, expected);
    let both = ["diff", "--from", &first.url, "--to", &second.url];
    let diff = |more: &[&str]| autogen(&std::env::temp_dir(), &[&both, more].concat());
    diff(&["--exit-code"]).with(0);
    // Views, triggers and routines would stand in it as comments.
    assert_eq!(diff(&["--format", "sql"]).with(0).stdout.trim(), "");
}

#[test]
fn sqlite() {
    is_shown_and_made_again(Server::Sqlite);
}

#[test]
fn postgres() {
    is_shown_and_made_again(Server::Postgres);
}

#[test]
fn mariadb() {
    is_shown_and_made_again(Server::Mariadb);
}

#[test]
fn mysql() {
    is_shown_and_made_again(Server::Mysql);
}

/// What the catalog hides from a user with `SELECT` alone is not proposed to be made, and each notice stands there once.
#[test]
fn a_user_who_may_only_read_sees_no_differences() {
    for server in [Server::Mariadb, Server::Mysql] {
        let Some(database) = TestDatabase::create(server) else { continue };
        for statement in [
            "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY)",
            "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, title varchar(255) NOT NULL, user_id int NOT NULL, \
             CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id), CHECK (title <> ''), UNIQUE (title))",
            "CREATE TRIGGER x BEFORE INSERT ON notes FOR EACH ROW SET NEW.title = 'x'",
            "CREATE VIEW tags AS SELECT id FROM users",
        ] {
            database.execute(statement);
        }
        let small = Small::new();
        small.write(
            "other/user.rs",
            &entity("users", "", "    #[sea_orm(has_many = \"super::note::Entity\")]\n    Note,\n"),
        );
        let title = "    #[sea_orm(unique)]\n    pub title: String,\n    pub user_id: i32,\n";
        let author = "    #[sea_orm(belongs_to = \"super::user::Entity\", from = \"Column::UserId\", \
                      to = \"super::user::Column::Id\")]\n    User,\n";
        small.write("other/note.rs", &entity("notes", title, author));
        let (user, url) = database.reader();
        let check = |url: &str| small.autogen(&["check", "--entities", "other", "-u", url]);
        let ended = check(&url).with(0).shows(&["no TRIGGER on", "no SHOW VIEW on", "grant it", "No differences"]);
        let lines: Vec<&str> = ended.stdout.lines().collect();
        for line in lines.iter().filter(|line| !line.is_empty()) {
            assert_eq!(lines.iter().filter(|other| other == &line).count(), 1, "{line}\n{}", ended.stdout);
        }
        assert!(!ended.stdout.contains("its triggers are hidden"), "one notice says it for all\n{}", ended.stdout);
        check(&database.url).with(0);
        database.execute(&format!("DROP USER {user}"));
    }
}

fn entity(table: &str, fields: &str, relations: &str) -> String {
    let entity = NOTE.replace("\"notes\"", &format!("{table:?}")).replace("    pub title: String,\n", fields);
    entity.replace("pub enum Relation {}", &format!("pub enum Relation {{\n{relations}}}"))
}
