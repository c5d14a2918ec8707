//! SQLite lets one write at a time. What is said to cost writes every row again, or builds an index.

use std::collections::BTreeSet;

use autogen_diff::{HazardKind, Statement, render};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

use crate::plans::{Case, between, case, run, said};
use crate::servers::{Database, open, url};

const CASES: &[Case] = &[
    case(
        "a nullable column",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
    ),
    case(
        "a required column",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL DEFAULT '')",
    ),
    case("a column goes", "CREATE TABLE t (id integer PRIMARY KEY, a text)", "CREATE TABLE t (id integer PRIMARY KEY)"),
    case(
        "another type",
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
        "CREATE TABLE t (id integer PRIMARY KEY, a integer)",
    ),
    case(
        "required",
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL)",
    ),
    case(
        "a check",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE TABLE t (id integer PRIMARY KEY, CHECK (id > 0))",
    ),
    case(
        "an index",
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE INDEX i ON t (a)",
    ),
    case(
        "an index goes",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
    ),
    case(
        "a table",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE TABLE t (id integer PRIMARY KEY); CREATE TABLE u (id integer PRIMARY KEY, a text); CREATE INDEX i ON u (a)",
    ),
];

/// A rebuild, and taking a column away, write every row again; an index is built. Nothing else goes through rows.
#[tokio::test]
async fn every_change_costs_what_is_said() {
    let url = url(Backend::Sqlite).expect("SQLite is embedded");
    for case in CASES {
        let (here, there) = (Database::create(&url).await, Database::create(&url).await);
        run(here.connection.db(), case.before).await;
        run(there.connection.db(), case.after).await;
        let plan = between(&here.connection, &there.connection).await;
        let mut costs = BTreeSet::new();
        for step in &plan.up {
            match &step.statement {
                Statement::Rebuild(_) | Statement::DropColumn { .. } => {
                    costs.extend([HazardKind::RewritesTable, HazardKind::BlocksWrites]);
                }
                Statement::CreateIndex { table, .. } if table.name == "t" => {
                    costs.insert(HazardKind::BlocksWrites);
                }
                _ => {}
            }
        }
        assert_eq!(said(&plan), costs, "{}", case.name);
    }
}

/// That nobody else can write, and everybody can read, until the rebuild is done.
#[tokio::test]
async fn others_cannot_write_meanwhile() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("t.db").display());
    let (here, there) = (Database::create(&url).await, Database::create("sqlite::memory:").await);
    run(here.connection.db(), "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x')").await;
    run(there.connection.db(), "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL)").await;
    let plan = between(&here.connection, &there.connection).await;
    let other = open(&DatabaseUrl::parse(&url).expect("a database URL")).await;
    other.db().execute_unprepared("PRAGMA busy_timeout = 50").await.expect("a setting");
    let script = render::sql(&plan).0;
    here.connection.db().execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("a setting");
    here.connection.db().execute_unprepared("BEGIN IMMEDIATE").await.expect("a transaction begins");
    for sql in script
        .iter()
        .filter(|sql| !sql.starts_with("BEGIN") && !sql.starts_with("COMMIT") && !sql.starts_with("PRAGMA"))
    {
        here.connection.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }
    let refused =
        other.db().execute_unprepared("INSERT INTO t VALUES (2, 'y')").await.expect_err("the database is locked");
    assert!(refused.to_string().contains("locked"), "{refused}");
    other.db().execute_unprepared("SELECT count(*) FROM t").await.expect("reading goes on");
    here.connection.db().execute_unprepared("COMMIT").await.expect("the transaction ends");
}
