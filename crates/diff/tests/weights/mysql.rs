//! MySQL and MariaDB refuse a statement that cannot be done the way that `ALGORITHM=…, LOCK=…` asks for. What they take
//! first, from the cheapest on, is how they do it by themselves.

use std::collections::BTreeSet;

use autogen_diff::{HazardKind, render};
use autogen_introspect::Connection;
use autogen_schema::Backend;
use sea_orm::{ConnectionTrait, Statement};

use crate::plans::{Case, between, case, run, said};
use crate::servers::{Database, url};

/// Takes away what a case has made.
const EMPTIED: &str = "DROP TABLE IF EXISTS t, p";

const CASES: &[Case] = &[
    case("a nullable column", "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE t (id int PRIMARY KEY, a int)"),
    case(
        "a constant default",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3)",
    ),
    case(
        "the time of the statement",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a datetime NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    ),
    case(
        "a computed default",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(90) NOT NULL DEFAULT (concat('a', 'b')))",
    ),
    case(
        "a default of a long text",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT ('x'))",
    ),
    case(
        "a stored column",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a int GENERATED ALWAYS AS (id + 1) STORED)",
    ),
    case(
        "a virtual column",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a int GENERATED ALWAYS AS (id + 1) VIRTUAL)",
    ),
    case("a column goes", "CREATE TABLE t (id int PRIMARY KEY, a int)", "CREATE TABLE t (id int PRIMARY KEY)"),
    case(
        "a wider number",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a bigint)",
    ),
    case(
        "a longer text",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(40))",
    ),
    case(
        "a text beyond one byte",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(100))",
    ),
    case(
        "a longer text beyond one byte",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(60))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(200))",
    ),
    case(
        "a text of narrow letters",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(100)) CHARSET latin1",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(200)) CHARSET latin1",
    ),
    case(
        "a shorter text",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(10))",
    ),
    case(
        "a long text",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
    ),
    case(
        "required",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)",
    ),
    case(
        "not required",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
    ),
    case(
        "a default",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5)",
    ),
    case(
        "a comment",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int COMMENT 'x')",
    ),
    case(
        "a label at the end",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('x'))",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('x', 'y'))",
    ),
    case(
        "a label before others",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('x'))",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('y', 'x'))",
    ),
    case(
        "a label less",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('x', 'y'))",
        "CREATE TABLE t (id int PRIMARY KEY, a enum('x'))",
    ),
    case(
        "more digits",
        "CREATE TABLE t (id int PRIMARY KEY, a decimal(8,2))",
        "CREATE TABLE t (id int PRIMARY KEY, a decimal(12,2))",
    ),
    case(
        "a collation",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) COLLATE utf8mb4_bin)",
    ),
    case(
        "a collation below an index",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20), KEY i (a))",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) COLLATE utf8mb4_bin, KEY i (a))",
    ),
    case(
        "a character set",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1)",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))",
    ),
    case("numbered", "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY)"),
    case("not numbered", "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY)", "CREATE TABLE t (id int PRIMARY KEY)"),
    case(
        "an index",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, KEY i (a))",
    ),
    case(
        "a unique index",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE KEY i (a))",
    ),
    case(
        "an index goes",
        "CREATE TABLE t (id int PRIMARY KEY, a int, KEY i (a))",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
    ),
    case("a primary key", "CREATE TABLE t (id int NOT NULL)", "CREATE TABLE t (id int PRIMARY KEY)"),
    case(
        "another primary key",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)",
        "CREATE TABLE t (id int NOT NULL, a int PRIMARY KEY)",
    ),
    case("no primary key", "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE t (id int NOT NULL)"),
    case(
        "a foreign key",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES p (id))",
    ),
    case(
        "a foreign key goes",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, KEY i (a), CONSTRAINT k FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, KEY i (a))",
    ),
    case(
        "a check",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a > 0))",
    ),
    case(
        "a check goes",
        "CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a > 0))",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
    ),
    case(
        "a check at the column",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0))",
    ),
    case(
        "a layout",
        "CREATE TABLE t (id int PRIMARY KEY, a int) ROW_FORMAT=DYNAMIC",
        "CREATE TABLE t (id int PRIMARY KEY, a int) ROW_FORMAT=COMPACT",
    ),
    case(
        "a comment of the table",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY) COMMENT 'x'",
    ),
];

/// What only one of the two servers takes, or tells of.
const ONLY_MYSQL: &[Case] = &[
    // MariaDB takes any algorithm for it, and copies all the same.
    case("another engine", "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE t (id int PRIMARY KEY) ENGINE=MyISAM"),
    case(
        "an index over an expression",
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, KEY i ((a + 1)))",
    ),
    case(
        "a fulltext index",
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "CREATE TABLE t (id int PRIMARY KEY, a text, FULLTEXT KEY i (a))",
    ),
];

const ONLY_MARIADB: &[Case] = &[case(
    "a default of each row",
    "CREATE TABLE t (id int PRIMARY KEY)",
    "CREATE TABLE t (id int PRIMARY KEY, a varchar(36) DEFAULT uuid())",
)];

#[tokio::test]
async fn every_change_costs_on_mysql_what_is_said() {
    check(Backend::Mysql, ONLY_MYSQL).await;
}

#[tokio::test]
async fn every_change_costs_on_mariadb_what_is_said() {
    check(Backend::Mariadb, ONLY_MARIADB).await;
}

async fn check(backend: Backend, own: &[Case]) {
    let Some(url) = url(backend) else { return };
    let (here, there) = (Database::create(&url).await, Database::create(&url).await);
    let mut wrong = Vec::new();
    for case in CASES.iter().chain(own) {
        for (database, script) in [(&here, case.before), (&there, case.after)] {
            run(database.connection.db(), EMPTIED).await;
            run(database.connection.db(), script).await;
        }
        let plan = between(&here.connection, &there.connection).await;
        assert!(!plan.is_empty(), "{}: there is a difference", case.name);
        let mut seen = BTreeSet::new();
        for sql in render::sql(&plan).0 {
            seen.extend(witnessed(&here.connection, &sql).await);
        }
        // Of a full-text index, the first makes the server write the table again; that it costs is said either way.
        if case.name.contains("fulltext") {
            seen.remove(&HazardKind::RewritesTable);
        }
        if seen != said(&plan) {
            wrong.push(format!("{}: said {:?}, seen {seen:?}", case.name, said(&plan)));
        }
    }
    here.drop().await;
    there.drop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs a statement in the cheapest way that the server takes, and tells what that does.
async fn witnessed(connection: &Connection, sql: &str) -> Vec<HazardKind> {
    // MariaDB takes no algorithm for `DROP INDEX`, and the same statement in other words takes one.
    let dropped = sql.strip_prefix("DROP INDEX ").and_then(|rest| rest.split_once(" ON "));
    let sql =
        &dropped.map_or_else(|| sql.to_owned(), |(index, table)| format!("ALTER TABLE {table} DROP INDEX {index}"));
    let separator = if sql.starts_with("ALTER TABLE") { ", " } else { " " };
    let asked = |ways: &str| format!("{sql}{separator}{}", ways.replace(' ', separator));
    let before = table_id(connection).await;
    let taken = async |ways: &str| connection.db().execute_unprepared(&asked(ways)).await.is_ok();
    // An index is never made in the catalog alone.
    if (sql.starts_with("ALTER TABLE") && taken("ALGORITHM=INSTANT").await)
        || taken("ALGORITHM=INPLACE LOCK=NONE").await
    {
        return if before == table_id(connection).await { Vec::new() } else { vec![HazardKind::RewritesTable] };
    }
    let blocks = if taken("ALGORITHM=INPLACE LOCK=SHARED").await {
        before != table_id(connection).await
    } else {
        run(connection.db(), &asked("ALGORITHM=COPY LOCK=SHARED")).await;
        true
    };
    let rewrites = blocks.then_some(HazardKind::RewritesTable);
    rewrites.into_iter().chain([HazardKind::BlocksWrites]).collect()
}

/// InnoDB's number of the table: a table that is written again has another.
async fn table_id(connection: &Connection) -> Option<i64> {
    let catalog = if connection.backend() == Backend::Mariadb { "innodb_sys_tables" } else { "innodb_tables" };
    let sql = format!(
        "SELECT CAST(max(table_id) AS SIGNED) FROM information_schema.{catalog} WHERE name = concat(database(), '/t')"
    );
    let statement = Statement::from_string(connection.db().get_database_backend(), sql);
    let row = connection.db().query_one_raw(statement).await.expect("the catalog can be read").expect("one row");
    row.try_get_by_index(0).expect("a number")
}
