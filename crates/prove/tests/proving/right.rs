//! Plans as the tool makes them.

use autogen_diff::Unmanaged;
use autogen_diff::report::ProofStatus;
use autogen_schema::Backend;

use crate::lab::{ALL, Case, block_on};

const SHOP: &str = "
CREATE TABLE users (id integer PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, nick varchar(10), boss integer REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL, amount decimal(8, 2) NOT NULL DEFAULT 0, paid boolean,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE items (order_id integer NOT NULL, number integer NOT NULL, note text, PRIMARY KEY (order_id, number),
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE);
CREATE TABLE parcels (id integer PRIMARY KEY, order_id integer NOT NULL, number integer NOT NULL,
    FOREIGN KEY (order_id, number) REFERENCES items (order_id, number) ON DELETE CASCADE)";

#[test]
fn a_first_plan_is_proven_without_rows() {
    Case::new("", SHOP).expect(
        &ALL,
        ProofStatus::Proven,
        &["up converges, down is exact", "no table was there before"],
    );
}

#[test]
fn a_column_and_an_index_are_proven_with_rows() {
    let desired =
        SHOP.replace("nick varchar(10)", "nick varchar(20), age integer") + ";\nCREATE INDEX by_age ON users (age)";
    Case::new(SHOP, &desired).expect(&ALL, ProofStatus::Proven, &["up converges, down is exact, rows are kept"]);
}

#[test]
fn a_required_column_is_proven_without_the_rows_that_it_cannot_have() {
    let desired = SHOP.replace("nick varchar(10)", "nick varchar(10), age integer NOT NULL");
    Case::new(SHOP, &desired).expect(
        &[Backend::Sqlite, Backend::Postgres],
        ProofStatus::Proven,
        &["up was tried without rows in users"],
    );
}

#[test]
fn a_dropped_column_comes_back_empty_and_that_is_said() {
    let desired = SHOP.replace("nick varchar(10), ", "");
    Case::new(SHOP, &desired).expect(&ALL, ProofStatus::Proven, &["rows are kept", "comes back empty (users.nick)"]);
}

#[test]
fn a_dropped_required_column_is_proven_as_far_as_it_can_be() {
    let live = SHOP.replace("nick varchar(10)", "nick varchar(10) NOT NULL");
    Case::new(&live, SHOP).expect(&ALL, ProofStatus::Proven, &["rows are kept"]);
    let desired = live.replace("nick varchar(10) NOT NULL, ", "");
    Case::new(&live, &desired).expect(
        &[Backend::Sqlite, Backend::Postgres],
        ProofStatus::Proven,
        &["rows are kept", "down was tried without rows in users"],
    );
}

#[test]
fn a_new_unique_gets_rows_that_satisfy_it() {
    let desired = SHOP.replace("nick varchar(10)", "nick varchar(10) UNIQUE");
    Case::new(SHOP, &desired).expect(&ALL, ProofStatus::Proven, &["up converges, down is exact, rows are kept"]);
}

#[test]
fn tables_that_the_plan_does_not_concern_are_left_out() {
    let live =
        format!("{SHOP};\nCREATE TABLE logs (id integer PRIMARY KEY);\nCREATE TABLE notes (id integer PRIMARY KEY)");
    let desired = live.replace("paid boolean", "paid boolean, sent boolean");
    Case::new(&live, &desired).expect(
        &ALL,
        ProofStatus::Proven,
        &["rows are kept", "3 tables that the plan does not concern"],
    );
}

#[test]
fn tables_in_a_circle_get_rows() {
    let live = "
CREATE TABLE a (id integer PRIMARY KEY, b_id integer NOT NULL, x integer);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (b_id) REFERENCES b (id)";
    let sqlite = "
CREATE TABLE a (id integer PRIMARY KEY, b_id integer NOT NULL REFERENCES b (id), x integer);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id))";
    for (live, backends) in [(live, &ALL[1..]), (sqlite, &ALL[..1])] {
        let desired = live.replace("x integer", "x bigint");
        Case::new(live, &desired).expect(backends, ProofStatus::Proven, &["rows are kept"]);
        // No table is named as one without rows.
        for backend in backends {
            let proof = block_on(Case::new(live, &desired).prove_on(*backend));
            assert!(proof.is_none_or(|proof| proof.reason.is_none()), "{backend}");
        }
    }
}

#[test]
fn checks_are_satisfied_with_the_values_that_they_name() {
    let live = "CREATE TABLE jobs (id integer PRIMARY KEY, state varchar(10) NOT NULL, n integer NOT NULL, x integer, \
                CHECK (state IN ('open', 'done')), CHECK (n BETWEEN 100 AND 200))";
    let desired = live.replace("x integer", "x bigint");
    for backend in ALL {
        let Some(proof) = block_on(Case::new(live, &desired).prove_on(backend)) else { continue };
        assert_eq!(
            (proof.status, proof.reason.clone()),
            (ProofStatus::Proven, None),
            "{backend}: {}",
            proof.sentence()
        );
    }
}

#[test]
fn a_check_that_nothing_satisfies_leaves_its_table_empty_and_that_is_said() {
    let live = "CREATE TABLE t (id integer PRIMARY KEY, code varchar(30) NOT NULL, CHECK (code LIKE '__-____-__')); \n
CREATE TABLE u (id integer PRIMARY KEY, x integer)";
    let live = live.replace("LIKE '__-____-__'", "LIKE 'q%' AND code <> 'q%'");
    let desired = live.replace("x integer", "x bigint").replace("varchar(30)", "varchar(40)");
    Case::new(&live, &desired).expect(&ALL, ProofStatus::Proven, &["rows are kept", "no rows in t ("]);
}

#[test]
fn types_of_postgres_get_values() {
    let live = "
CREATE DOMAIN short AS text CHECK (length(VALUE) < 4);
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u uuid NOT NULL, m mood NOT NULL, ms mood[] NOT NULL,
    j jsonb NOT NULL, b bytea NOT NULL, t timestamptz(3) NOT NULL, d date NOT NULL, tm time NOT NULL, tz timetz NOT NULL,
    i inet NOT NULL, c cidr NOT NULL, mac macaddr NOT NULL, n numeric(6, 3) NOT NULL, r real NOT NULL, f double precision NOT NULL,
    iv interval NOT NULL, bits bit(3) NOT NULL, vb varbit NOT NULL, cash money NOT NULL, tags text[] NOT NULL,
    range int4range NOT NULL, p point NOT NULL, v tsvector NOT NULL, s smallint NOT NULL, ch char(3) NOT NULL,
    len integer GENERATED ALWAYS AS (s + 1) STORED, x integer, w short DEFAULT 'abc' NOT NULL)";
    let desired = live.replace("x integer", "x bigint");
    let proof = block_on(Case::new(live, &desired).prove_on(Backend::Postgres));
    if let Some(proof) = proof {
        assert_eq!((proof.status, proof.reason.clone()), (ProofStatus::Proven, None), "{}", proof.sentence());
    }
}

#[test]
fn types_of_mysql_get_values() {
    let live = "
CREATE TABLE things (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, t tinyint NOT NULL, tu tinyint unsigned NOT NULL, m mediumint NOT NULL,
    e enum('a', 'it''s') NOT NULL, s set('x', 'y') NOT NULL, y year NOT NULL, d date NOT NULL, dt datetime(3) NOT NULL,
    ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, tm time NOT NULL, j json NOT NULL, b binary(4) NOT NULL,
    vb varbinary(300) NOT NULL, bl blob NOT NULL, tt tinytext NOT NULL, bi bit(5) NOT NULL, n decimal(6, 3) NOT NULL, f float NOT NULL,
    latin varchar(20) CHARACTER SET latin1 NOT NULL, p point NOT NULL, x integer)";
    let desired = live.replace("x integer", "x bigint");
    for backend in [Backend::Mariadb, Backend::Mysql] {
        let Some(proof) = block_on(Case::new(live, &desired).prove_on(backend)) else { continue };
        assert_eq!(
            (proof.status, proof.reason.clone()),
            (ProofStatus::Proven, None),
            "{backend}: {}",
            proof.sentence()
        );
    }
}

#[test]
fn a_view_and_a_trigger_of_sqlite_survive_a_rebuild() {
    let live = "
CREATE TABLE t (id integer PRIMARY KEY, a text, b text);
CREATE TABLE log (id integer PRIMARY KEY, what text);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (new.a); END";
    let desired = live.replace("b text)", "b text NOT NULL DEFAULT 'x')");
    Case { unmanaged: Unmanaged::Report, ..Case::new(live, &desired) }.expect(
        &[Backend::Sqlite],
        ProofStatus::Proven,
        &["rows are kept"],
    );
}

#[test]
fn a_generated_column_of_postgres_in_the_way_is_found_before_the_migration_is_written() {
    let live =
        "CREATE TABLE t (id integer PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a::bigint + 1) STORED)";
    let desired = "CREATE TABLE t (id integer PRIMARY KEY, a bigint)";
    let case = Case { unmanaged: Unmanaged::Report, ..Case::new(live, desired) };
    let Some(proof) = block_on(case.prove_on(Backend::Postgres)) else { return };
    assert_eq!(proof.status, ProofStatus::Failed, "{}", proof.sentence());
    assert!(proof.sentence().contains("used by a generated column"), "{}", proof.sentence());
}
