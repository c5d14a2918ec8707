//! PostgreSQL says which locks a transaction holds, which files its tables lie in, and how many rows it has read.

use std::collections::BTreeSet;

use autogen_diff::{HazardKind, render};
use autogen_schema::Backend;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, TransactionTrait};

use crate::plans::{Case, between, case, run, said};
use crate::servers::{Database, url};

const ROWS: i64 = 500;

/// Takes away what a case has made.
const EMPTIED: &str = "DROP TABLE IF EXISTS t, p; DROP TYPE IF EXISTS e";

const CASES: &[Case] = &[
    case("a nullable column", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, a int)"),
    case("a constant default", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, a int NOT NULL DEFAULT 3)"),
    case(
        "the time of the statement",
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int, a timestamptz DEFAULT now())",
    ),
    case(
        "a default of each row",
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int, a uuid DEFAULT gen_random_uuid())",
    ),
    case("a clock", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, a timestamptz DEFAULT clock_timestamp())"),
    case("a serial", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, a serial)"),
    case("an identity", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, a int GENERATED ALWAYS AS IDENTITY)"),
    case(
        "a stored column",
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int, a int GENERATED ALWAYS AS (id + 1) STORED)",
    ),
    case("a column goes", "CREATE TABLE t (id int, a int)", "CREATE TABLE t (id int)"),
    case("an index", "CREATE TABLE t (id int)", "CREATE TABLE t (id int); CREATE INDEX i ON t (id)"),
    case("a unique index", "CREATE TABLE t (id int)", "CREATE TABLE t (id int); CREATE UNIQUE INDEX i ON t (id)"),
    case("an index goes", "CREATE TABLE t (id int); CREATE INDEX i ON t (id)", "CREATE TABLE t (id int)"),
    case("a unique", "CREATE TABLE t (id int)", "CREATE TABLE t (id int CONSTRAINT u UNIQUE)"),
    case("a primary key", "CREATE TABLE t (id int)", "CREATE TABLE t (id int PRIMARY KEY)"),
    case("a check", "CREATE TABLE t (id int)", "CREATE TABLE t (id int, CONSTRAINT c CHECK (id > 0))"),
    case(
        "a check that is not made",
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
    ),
    case(
        "a check that is made",
        "CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
        "CREATE TABLE t (id int, CONSTRAINT c CHECK (id > 0))",
    ),
    case(
        "a check of another name",
        "CREATE TABLE t (id int, CONSTRAINT b CHECK (id > 0))",
        "CREATE TABLE t (id int, CONSTRAINT c CHECK (id > 0))",
    ),
    case(
        "a foreign key",
        "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 500); CREATE TABLE t (id int)",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int CONSTRAINT k REFERENCES p)",
    ),
    case("required", "CREATE TABLE t (id int)", "CREATE TABLE t (id int NOT NULL)"),
    case(
        "required, and checked before",
        "CREATE TABLE t (id int, CONSTRAINT c CHECK (id IS NOT NULL))",
        "CREATE TABLE t (id int NOT NULL, CONSTRAINT c CHECK (id IS NOT NULL))",
    ),
    case("not required", "CREATE TABLE t (id int NOT NULL)", "CREATE TABLE t (id int)"),
    case("a default", "CREATE TABLE t (id int)", "CREATE TABLE t (id int DEFAULT 7)"),
    case("a wider number", "CREATE TABLE t (id int)", "CREATE TABLE t (id bigint)"),
    case("a longer text", "CREATE TABLE t (id int, a varchar(20))", "CREATE TABLE t (id int, a varchar(40))"),
    case("a text without limit", "CREATE TABLE t (id int, a varchar(20))", "CREATE TABLE t (id int, a text)"),
    case(
        "an indexed text without limit",
        "CREATE TABLE t (id int, a varchar(20)); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (id int, a text); CREATE INDEX i ON t (a)",
    ),
    case("a shorter text", "CREATE TABLE t (id int, a varchar(20))", "CREATE TABLE t (id int, a varchar(10))"),
    case("a limit", "CREATE TABLE t (id int, a text)", "CREATE TABLE t (id int, a varchar(10))"),
    case("a fixed text", "CREATE TABLE t (id int, a char(10))", "CREATE TABLE t (id int, a char(20))"),
    case("more digits", "CREATE TABLE t (id int, a numeric(8,2))", "CREATE TABLE t (id int, a numeric(12,2))"),
    case("all digits", "CREATE TABLE t (id int, a numeric(8,2))", "CREATE TABLE t (id int, a numeric)"),
    case(
        "digits after the point",
        "CREATE TABLE t (id int, a numeric(8,2))",
        "CREATE TABLE t (id int, a numeric(9,3))",
    ),
    case("parts of a second", "CREATE TABLE t (id int, a timestamp(0))", "CREATE TABLE t (id int, a timestamp(3))"),
    case(
        "fewer parts of a second",
        "CREATE TABLE t (id int, a timestamp(3))",
        "CREATE TABLE t (id int, a timestamp(0))",
    ),
    case("a zone", "CREATE TABLE t (id int, a timestamp)", "CREATE TABLE t (id int, a timestamptz)"),
    case("more bits", "CREATE TABLE t (id int, a varbit(8))", "CREATE TABLE t (id int, a varbit(16))"),
    case("a network", "CREATE TABLE t (id int, a cidr)", "CREATE TABLE t (id int, a inet)"),
    case("json", "CREATE TABLE t (id int, a json)", "CREATE TABLE t (id int, a jsonb)"),
    case("a number as text", "CREATE TABLE t (id int)", "CREATE TABLE t (id text)"),
    case(
        "a label more",
        "CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (id int, a e)",
        "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a e)",
    ),
    case(
        "a label less",
        "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a e)",
        "CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (id int, a e)",
    ),
    case("unlogged", "CREATE TABLE t (id int)", "CREATE UNLOGGED TABLE t (id int)"),
    case("a comment", "CREATE TABLE t (id int)", "CREATE TABLE t (id int); COMMENT ON TABLE t IS 'x'"),
    case(
        "a collation below an index",
        "CREATE TABLE t (id int, a text); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (id int, a text COLLATE \"C\"); CREATE INDEX i ON t (a)",
    ),
];

#[tokio::test]
async fn every_change_costs_what_is_said() {
    let Some(url) = url(Backend::Postgres) else { return };
    let (here, there) = (Database::create(&url).await, Database::create(&url).await);
    let mut wrong = Vec::new();
    for case in CASES {
        for (database, script) in [(&here, case.before), (&there, case.after)] {
            run(database.connection.db(), EMPTIED).await;
            run(database.connection.db(), script).await;
        }
        let plan = between(&here.connection, &there.connection).await;
        assert!(!plan.is_empty(), "{}: there is a difference", case.name);
        let insert = format!("INSERT INTO t (id) SELECT generate_series(1, {ROWS})");
        run(here.connection.db(), &insert).await;
        let seen = witnessed(&here, &render::sql(&plan).0).await;
        if seen != said(&plan) {
            wrong.push(format!("{}: said {:?}, seen {seen:?}", case.name, said(&plan)));
        }
    }
    here.drop().await;
    there.drop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the statements do in one transaction: whether the table lies in another file than before, and the strongest lock
/// that is held, where its rows were gone through meanwhile.
async fn witnessed(database: &Database, statements: &[String]) -> BTreeSet<HazardKind> {
    let transaction = database.connection.db().begin().await.expect("a transaction begins");
    // In UTC the server takes a moment without a zone for one with it, and writes nothing.
    transaction.execute_unprepared("SET LOCAL TIME ZONE 'Europe/Berlin'").await.expect("a setting");
    let file = number(&transaction, "SELECT pg_relation_filenode('t')::bigint").await;
    for sql in statements {
        transaction.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }
    let is_rewritten = file != number(&transaction, "SELECT pg_relation_filenode('t')::bigint").await;
    let read = "SELECT coalesce(max(seq_tup_read), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname = 't'";
    let is_read = number(&transaction, read).await >= ROWS;
    let locked = async |modes: &str| {
        let sql = format!(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 't'::regclass AND mode IN ({modes})"
        );
        number(&transaction, &sql).await > 0
    };
    let mut seen = BTreeSet::new();
    if is_rewritten {
        seen.insert(HazardKind::RewritesTable);
    }
    if is_rewritten || is_read {
        if locked("'AccessExclusiveLock'").await {
            seen.insert(HazardKind::BlocksReads);
        } else if locked("'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock'").await {
            seen.insert(HazardKind::BlocksWrites);
        }
    }
    transaction.rollback().await.expect("nothing was meant to stay");
    seen
}

async fn number(on: &DatabaseTransaction, sql: &str) -> i64 {
    let statement = Statement::from_string(on.get_database_backend(), sql);
    let row = on.query_one_raw(statement).await.expect("the question is sound").expect("one row");
    row.try_get_by_index(0).expect("a number")
}
