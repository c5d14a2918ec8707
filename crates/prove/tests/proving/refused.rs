//! What cannot be proven, and says so.

use autogen_diff::Unmanaged;
use autogen_diff::report::ProofStatus;
use autogen_prove::Place;
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

use crate::lab::{Case, Database, block_on, open, server};

const TABLE: &str = "CREATE TABLE t (id integer PRIMARY KEY)";

#[test]
fn a_scratch_server_of_another_kind_is_refused() {
    let (Some(_), Some(other)) = (server(Backend::Postgres), server(Backend::Mariadb)) else { return };
    let place = Place { url: Some(DatabaseUrl::parse(&other).unwrap()), ..Place::default() };
    // A statement in the words of the live server goes to a server of another kind, which may refuse it first.
    Case { place, ..Case::new("", TABLE) }.expect(&[Backend::Postgres], ProofStatus::Unproven, &["name a"]);
}

#[test]
fn a_scratch_server_that_is_not_there_is_named() {
    let place =
        Place { url: Some(DatabaseUrl::parse("postgres://ann:s3cret@127.0.0.1:9/x").unwrap()), ..Place::default() };
    let Some(proof) = block_on(Case { place, ..Case::new("", TABLE) }.prove_on(Backend::Postgres)) else { return };
    assert_eq!(proof.status, ProofStatus::Unproven);
    assert!(proof.sentence().contains("127.0.0.1:9") && !proof.sentence().contains("s3cret"), "{}", proof.sentence());
}

#[test]
fn a_user_without_the_right_is_told_what_to_grant() {
    let Some(text) = server(Backend::Postgres) else { return };
    block_on(async {
        let live = Database::create(Backend::Postgres).await.unwrap();
        let role = format!("autogen_test_role_{}", std::process::id());
        live.run(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'")).await;
        let url = text.replace("postgres@", &format!("{role}:x@"));
        let place = Place { url: Some(DatabaseUrl::parse(&url).unwrap()), ..Place::default() };
        let proof = Case { place, ..Case::new("", TABLE) }.prove_on(Backend::Postgres).await.unwrap();
        live.run(&format!("DROP ROLE {role}")).await;
        live.drop().await;
        assert_eq!(proof.status, ProofStatus::Unproven);
        assert!(proof.sentence().contains("permission denied to create database"), "{}", proof.sentence());
        assert!(proof.sentence().contains("CREATEDB"), "{}", proof.sentence());
    });
}

#[test]
fn a_table_that_cannot_be_made_again_is_named() {
    // An aggregate is seen and not kept, so a view that calls one cannot be made.
    let Some(_) = server(Backend::Postgres) else { return };
    let live = "
CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE TABLE t (id integer PRIMARY KEY);
CREATE VIEW totals AS SELECT total(id) AS n FROM t";
    let desired = "CREATE TABLE t (id integer PRIMARY KEY, x integer)";
    Case { unmanaged: Unmanaged::Report, ..Case::new(live, desired) }.expect(
        &[Backend::Postgres],
        ProofStatus::Unproven,
        &["total(integer) does not exist", "totals"],
    );
}

#[test]
fn nothing_is_left_on_the_servers() {
    for (backend, query) in [
        (Backend::Postgres, "SELECT count(*) AS value FROM pg_database WHERE datname LIKE 'autogen_scratch_%'"),
        (
            Backend::Mariadb,
            "SELECT count(*) AS value FROM information_schema.schemata WHERE schema_name LIKE 'autogen_scratch_%'",
        ),
    ] {
        let Some(url) = server(backend) else { continue };
        let before = block_on(count(&url, query));
        Case::new("", TABLE).expect(&[backend], ProofStatus::Proven, &[]);
        Case::new("", TABLE).sabotaged(|plan| plan.up.clear()).expect(&[backend], ProofStatus::Failed, &[]);
        // Other tests run at the same time; none of theirs may stay either, so it is enough that ours do not add up.
        let after = block_on(count(&url, query));
        assert!(after <= before + 8, "{before} scratch databases became {after}");
    }
}

async fn count(url: &str, query: &str) -> i64 {
    let connection = open(&DatabaseUrl::parse(url).unwrap()).await;
    let db = connection.db();
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), query);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "value").unwrap()
}
