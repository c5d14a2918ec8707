//! What is done in which revision.

use expect_test::expect;

use crate::lab::{Case, block_on};

const USERS: &str = "CREATE TABLE users (id int PRIMARY KEY, email text, team int);
    INSERT INTO users SELECT n, 'u' || n, 1 FROM generate_series(1, 50) n;";

const TEAMS: &str = "CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL); INSERT INTO teams VALUES (1, 'a');";

const LOGS: &str = "CREATE TABLE logs (day date NOT NULL, number int NOT NULL) PARTITION BY RANGE (day);
    CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');";

#[test]
fn an_index_is_built_concurrently() {
    Case::new(USERS, &format!("{USERS} CREATE INDEX users_email ON users (email);")).check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "users_email"
          + CREATE INDEX CONCURRENTLY "users_email" ON "users" ("email")
          - DROP INDEX CONCURRENTLY IF EXISTS "users_email"
    "#]]);
}

#[test]
fn an_index_takes_the_place_of_another_without_a_gap() {
    Case::new(
        &format!("{USERS} CREATE INDEX users_email ON users (email);"),
        &format!("{USERS} CREATE INDEX users_email ON users (email, team);"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "users_email_new"
          + CREATE INDEX CONCURRENTLY "users_email_new" ON "users" ("email", "team")
          + DROP INDEX CONCURRENTLY IF EXISTS "users_email"
          + ALTER INDEX "users_email_new" RENAME TO "users_email"
          - DROP INDEX CONCURRENTLY IF EXISTS "users_email_new"
          - CREATE INDEX CONCURRENTLY "users_email_new" ON "users" ("email")
          - DROP INDEX CONCURRENTLY IF EXISTS "users_email"
          - ALTER INDEX "users_email_new" RENAME TO "users_email"
    "#]]);
}

#[test]
fn an_index_of_another_name_is_there_before_the_old_one_goes() {
    Case::new(
        &format!("{USERS} CREATE INDEX by_email ON users (email);"),
        &format!("{USERS} CREATE INDEX by_email_and_team ON users (email, team);"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "by_email_and_team"
          + CREATE INDEX CONCURRENTLY "by_email_and_team" ON "users" ("email", "team")
          + DROP INDEX CONCURRENTLY IF EXISTS "by_email"
          - DROP INDEX CONCURRENTLY IF EXISTS "by_email"
          - CREATE INDEX CONCURRENTLY "by_email" ON "users" ("email")
          - DROP INDEX CONCURRENTLY IF EXISTS "by_email_and_team"
    "#]]);
}

#[test]
fn a_unique_is_made_of_an_index() {
    Case::new(USERS, &format!("{USERS} ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);"))
        .check(&expect![[r#"
            1: no transaction
              + DROP INDEX CONCURRENTLY IF EXISTS "users_email_key_new"
              + CREATE UNIQUE INDEX CONCURRENTLY "users_email_key_new" ON "users" ("email")
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_key", ADD CONSTRAINT "users_email_key" UNIQUE USING INDEX "users_email_key_new"; END $$
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_key"; END $$
        "#]]);
}

#[test]
fn a_unique_takes_the_place_of_another() {
    Case::new(
        &format!("{USERS} ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);"),
        &format!("{USERS} ALTER TABLE users ADD CONSTRAINT one UNIQUE (email, team) DEFERRABLE INITIALLY DEFERRED;"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "one_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "one_new" ON "users" ("email", "team")
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one", ADD CONSTRAINT "one" UNIQUE USING INDEX "one_new" DEFERRABLE INITIALLY DEFERRED; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "one_new"
          - CREATE UNIQUE INDEX CONCURRENTLY "one_new" ON "users" ("email")
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one", ADD CONSTRAINT "one" UNIQUE USING INDEX "one_new"; END $$
    "#]]);
}

#[test]
fn a_constraint_and_an_index_take_each_others_place() {
    Case::new(
        &format!("{USERS} ALTER TABLE users ADD CONSTRAINT one UNIQUE (email); CREATE UNIQUE INDEX two ON users (id, email);"),
        &format!("{USERS} CREATE UNIQUE INDEX one ON users (email); ALTER TABLE users ADD CONSTRAINT two UNIQUE (id, email);"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "one_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "one_new" ON "users" ("email")
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one"; END $$
          + DROP INDEX CONCURRENTLY IF EXISTS "one"
          + ALTER INDEX "one_new" RENAME TO "one"
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "two"; END $$
          + DROP INDEX CONCURRENTLY IF EXISTS "two_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "two_new" ON "users" ("id", "email")
          + DROP INDEX CONCURRENTLY IF EXISTS "two"
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "two", ADD CONSTRAINT "two" UNIQUE USING INDEX "two_new"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "two_new"
          - CREATE UNIQUE INDEX CONCURRENTLY "two_new" ON "users" ("id", "email")
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "two"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "two"
          - ALTER INDEX "two_new" RENAME TO "two"
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "one_new"
          - CREATE UNIQUE INDEX CONCURRENTLY "one_new" ON "users" ("email")
          - DROP INDEX CONCURRENTLY IF EXISTS "one"
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one", ADD CONSTRAINT "one" UNIQUE USING INDEX "one_new"; END $$
    "#]]);
}

#[test]
fn a_foreign_key_is_checked_in_a_transaction_of_its_own() {
    Case::new(
        &format!("{TEAMS} {USERS}"),
        &format!(
            "{TEAMS} {USERS} ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id);"
        ),
    )
    .check(&expect![[r#"
        1: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "users" ADD CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") NOT VALID
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" DROP CONSTRAINT "users_team"
        2: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "users" VALIDATE CONSTRAINT "users_team"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" DROP CONSTRAINT "users_team", ADD CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") NOT VALID
    "#]]);
}

#[test]
fn a_foreign_key_whose_action_changes_holds_all_the_time() {
    let key = "ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id)";
    Case::new(&format!("{TEAMS} {USERS} {key}"), &format!("{TEAMS} {USERS} {key} ON DELETE CASCADE;"))
        .check(&expect![[r#"
            1: no transaction
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_team", ADD CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") ON DELETE CASCADE NOT VALID; END $$
              + ALTER TABLE "users" VALIDATE CONSTRAINT "users_team"
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_team", ADD CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") NOT VALID; END $$
              - ALTER TABLE "users" VALIDATE CONSTRAINT "users_team"
        "#]]);
}

#[test]
fn a_check_is_checked_in_a_transaction_of_its_own() {
    Case::new(USERS, &format!("{USERS} ALTER TABLE users ADD CONSTRAINT named CHECK (email <> '');")).check(&expect![
        [r#"
            1: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "users" ADD CONSTRAINT "named" CHECK (email <> ''::text) NOT VALID
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "users" DROP CONSTRAINT "named"
            2: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "users" VALIDATE CONSTRAINT "named"
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "users" DROP CONSTRAINT "named", ADD CONSTRAINT "named" CHECK (email <> ''::text) NOT VALID
        "#]
    ]);
}

#[test]
fn what_is_dropped_comes_back_as_gently() {
    Case::new(
        &format!(
            "{TEAMS} {USERS} ALTER TABLE users ADD CONSTRAINT named CHECK (email <> '');
             ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id);
             ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);
             ALTER TABLE users ALTER COLUMN email SET NOT NULL;
             CREATE INDEX by_team ON users (team);"
        ),
        &format!("{TEAMS} {USERS}"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_team"; END $$
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "named"; END $$
          + DROP INDEX CONCURRENTLY IF EXISTS "by_team"
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one"; END $$
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL; END $$
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_required", ADD CONSTRAINT "users_email_required" CHECK ("email" IS NOT NULL) NOT VALID; END $$
          - ALTER TABLE "users" VALIDATE CONSTRAINT "users_email_required"
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_required"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "one_new"
          - CREATE UNIQUE INDEX CONCURRENTLY "one_new" ON "users" ("email")
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "one", ADD CONSTRAINT "one" UNIQUE USING INDEX "one_new"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "by_team"
          - CREATE INDEX CONCURRENTLY "by_team" ON "users" ("team")
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "named", ADD CONSTRAINT "named" CHECK (email <> ''::text) NOT VALID; END $$
          - ALTER TABLE "users" VALIDATE CONSTRAINT "named"
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_team", ADD CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id") NOT VALID; END $$
          - ALTER TABLE "users" VALIDATE CONSTRAINT "users_team"
    "#]]);
}

#[test]
fn a_column_becomes_required_by_a_checked_check() {
    Case::new(USERS, &format!("{USERS} ALTER TABLE users ALTER COLUMN email SET NOT NULL;")).check(&expect![[r#"
        1: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "users" ADD CONSTRAINT "users_email_required" CHECK ("email" IS NOT NULL) NOT VALID
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" DROP CONSTRAINT "users_email_required"
        2: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "users" VALIDATE CONSTRAINT "users_email_required"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" DROP CONSTRAINT "users_email_required", ADD CONSTRAINT "users_email_required" CHECK ("email" IS NOT NULL) NOT VALID
        3: no transaction
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_required"; END $$
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_email_required", ADD CONSTRAINT "users_email_required" CHECK ("email" IS NOT NULL) NOT VALID; END $$
          - ALTER TABLE "users" VALIDATE CONSTRAINT "users_email_required"
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL; END $$
    "#]]);
}

#[test]
fn a_new_required_column_is_filled_before_it_is_required() {
    Case::new(USERS, &format!("{USERS} DELETE FROM users; ALTER TABLE users ADD COLUMN nick text NOT NULL;"))
        .filled("users.nick=lower(email)")
        .check(&expect![[r#"
            1: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "users" ADD COLUMN "nick" text NULL
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "users" DROP COLUMN "nick"
            2: a transaction
              + UPDATE "users" SET "nick" = lower(email) WHERE "nick" IS NULL
            3: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "users" ADD CONSTRAINT "users_nick_required" CHECK ("nick" IS NOT NULL) NOT VALID
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "users" DROP CONSTRAINT "users_nick_required"
            4: a transaction
              + UPDATE "users" SET "nick" = lower(email) WHERE "nick" IS NULL
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "users" VALIDATE CONSTRAINT "users_nick_required"
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "users" DROP CONSTRAINT "users_nick_required", ADD CONSTRAINT "users_nick_required" CHECK ("nick" IS NOT NULL) NOT VALID
            5: no transaction
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "nick" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_nick_required"; END $$
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_nick_required", ADD CONSTRAINT "users_nick_required" CHECK ("nick" IS NOT NULL) NOT VALID; END $$
              - ALTER TABLE "users" VALIDATE CONSTRAINT "users_nick_required"
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "users" ALTER COLUMN "nick" DROP NOT NULL; END $$
        "#]]);
}

#[test]
fn a_primary_key_is_made_of_an_index_once_its_columns_are_required() {
    let table = "CREATE TABLE logs (at timestamptz, number int);";
    Case::new(table, &format!("{table} ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY (at, number);"))
        .check(&expect![[r#"
            1: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "logs" ADD CONSTRAINT "logs_at_required" CHECK ("at" IS NOT NULL) NOT VALID
              + ALTER TABLE "logs" ADD CONSTRAINT "logs_number_required" CHECK ("number" IS NOT NULL) NOT VALID
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "logs" DROP CONSTRAINT "logs_number_required"
              - ALTER TABLE "logs" DROP CONSTRAINT "logs_at_required"
            2: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "logs" VALIDATE CONSTRAINT "logs_at_required"
              + ALTER TABLE "logs" VALIDATE CONSTRAINT "logs_number_required"
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "logs" DROP CONSTRAINT "logs_number_required", ADD CONSTRAINT "logs_number_required" CHECK ("number" IS NOT NULL) NOT VALID
              - ALTER TABLE "logs" DROP CONSTRAINT "logs_at_required", ADD CONSTRAINT "logs_at_required" CHECK ("at" IS NOT NULL) NOT VALID
            3: no transaction
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" ALTER COLUMN "at" SET NOT NULL; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_at_required"; END $$
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" ALTER COLUMN "number" SET NOT NULL; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_number_required"; END $$
              + DROP INDEX CONCURRENTLY IF EXISTS "logs_pkey_new"
              + CREATE UNIQUE INDEX CONCURRENTLY "logs_pkey_new" ON "logs" ("at", "number")
              + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_pkey", ADD CONSTRAINT "logs_pkey" PRIMARY KEY USING INDEX "logs_pkey_new"; END $$
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_pkey"; END $$
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_number_required", ADD CONSTRAINT "logs_number_required" CHECK ("number" IS NOT NULL) NOT VALID; END $$
              - ALTER TABLE "logs" VALIDATE CONSTRAINT "logs_number_required"
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" ALTER COLUMN "number" DROP NOT NULL; END $$
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" DROP CONSTRAINT IF EXISTS "logs_at_required", ADD CONSTRAINT "logs_at_required" CHECK ("at" IS NOT NULL) NOT VALID; END $$
              - ALTER TABLE "logs" VALIDATE CONSTRAINT "logs_at_required"
              - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "logs" ALTER COLUMN "at" DROP NOT NULL; END $$
        "#]]);
}

#[test]
fn a_primary_key_that_others_refer_to_takes_the_place_of_another() {
    let keyed = |key: &str| {
        format!(
            "CREATE TABLE a (x int NOT NULL, y int NOT NULL, CONSTRAINT a_pkey PRIMARY KEY ({key}), UNIQUE (x));
             CREATE TABLE b (x int CONSTRAINT b_x REFERENCES a (x));"
        )
    };
    Case::new(&keyed("x"), &keyed("x, y")).check(&expect![[r#"
        1: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "b" DROP CONSTRAINT "b_x"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "b" ADD CONSTRAINT "b_x" FOREIGN KEY ("x") REFERENCES "a" ("x")
        2: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "a_pkey_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "a_pkey_new" ON "a" ("x", "y")
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_pkey", ADD CONSTRAINT "a_pkey" PRIMARY KEY USING INDEX "a_pkey_new"; END $$
          + DROP INDEX CONCURRENTLY IF EXISTS "a_x_key_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "a_x_key_new" ON "a" ("x")
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_x_key", ADD CONSTRAINT "a_x_key" UNIQUE USING INDEX "a_x_key_new"; END $$
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_x_key"; END $$
          - DROP INDEX CONCURRENTLY IF EXISTS "a_pkey_new"
          - CREATE UNIQUE INDEX CONCURRENTLY "a_pkey_new" ON "a" ("x")
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_pkey", ADD CONSTRAINT "a_pkey" PRIMARY KEY USING INDEX "a_pkey_new"; END $$
        3: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "b" ADD CONSTRAINT "b_x" FOREIGN KEY ("x") REFERENCES "a" ("x") NOT VALID
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "b" DROP CONSTRAINT "b_x"
        4: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "b" VALIDATE CONSTRAINT "b_x"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "b" DROP CONSTRAINT "b_x", ADD CONSTRAINT "b_x" FOREIGN KEY ("x") REFERENCES "a" ("x") NOT VALID
    "#]]);
}

#[test]
fn a_key_to_what_is_made_in_the_same_plan_comes_after_it() {
    let tables = "CREATE TABLE a (x int); CREATE TABLE b (x int);";
    Case::new(
        tables,
        &format!("{tables} ALTER TABLE a ADD CONSTRAINT a_x UNIQUE (x); ALTER TABLE b ADD CONSTRAINT b_x FOREIGN KEY (x) REFERENCES a (x);"),
    )
    .check(&expect![[r#"
        1: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "a_x_new"
          + CREATE UNIQUE INDEX CONCURRENTLY "a_x_new" ON "a" ("x")
          + DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_x", ADD CONSTRAINT "a_x" UNIQUE USING INDEX "a_x_new"; END $$
          - DO $$ BEGIN SET LOCAL lock_timeout = '5s'; ALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_x"; END $$
        2: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "b" ADD CONSTRAINT "b_x" FOREIGN KEY ("x") REFERENCES "a" ("x") NOT VALID
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "b" DROP CONSTRAINT "b_x"
        3: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "b" VALIDATE CONSTRAINT "b_x"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "b" DROP CONSTRAINT "b_x", ADD CONSTRAINT "b_x" FOREIGN KEY ("x") REFERENCES "a" ("x") NOT VALID
    "#]]);
}

#[test]
fn what_is_new_is_made_plainly() {
    Case::new(
        "",
        &format!("{TEAMS} {USERS} CREATE INDEX by_email ON users (email); ALTER TABLE users ADD CHECK (id > 0);
             ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id);"),
    )
    .check(&expect![[r#"
        1: a transaction
          + CREATE TABLE "teams" ( "id" integer NOT NULL, "name" text NOT NULL, CONSTRAINT "teams_pkey" PRIMARY KEY ("id") )
          + CREATE TABLE "users" (
          "id" integer NOT NULL,
          "email" text,
          "team" integer,
          CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
          CONSTRAINT "users_id_check" CHECK (id > 0),
          CONSTRAINT "users_team" FOREIGN KEY ("team") REFERENCES "teams" ("id")
        )
          + CREATE INDEX "by_email" ON "users" ("email")
          - SET LOCAL lock_timeout = '5s'
          - DROP TABLE "users"
          - DROP TABLE "teams"
    "#]]);
}

#[test]
fn a_partitioned_table_is_changed_plainly() {
    Case::new(LOGS, &format!("{LOGS} ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY (day, number);")).check(
        &expect![[r#"
            1: a transaction
              + SET LOCAL lock_timeout = '5s'
              + ALTER TABLE "logs" ADD CONSTRAINT "logs_pkey" PRIMARY KEY ("day", "number")
              - SET LOCAL lock_timeout = '5s'
              - ALTER TABLE "logs" DROP CONSTRAINT "logs_pkey"
        "#]],
    );
}

#[test]
fn what_is_done_plainly_says_who_waits() {
    let desired = format!("{LOGS} CREATE INDEX logs_number ON logs (number);");
    block_on(async {
        let Some(trial) = Case::new(LOGS, &desired).trial().await else { return };
        let stage = &trial.stages[0];
        let said = "nobody can write to logs while it is indexed; if it is large, do it at a quiet hour";
        let at_finding = stage.findings.iter().flat_map(|finding| &finding.hazards);
        let at_statement = stage.up.iter().flat_map(|step| &step.hazards);
        assert!(at_finding.clone().any(|hazard| hazard.message == said), "{:?}", stage.findings);
        assert!(at_statement.clone().any(|hazard| hazard.message == said), "{:?}", stage.up);
        assert!(at_finding.chain(at_statement).all(|hazard| !hazard.message.contains("--online")));
        trial.drop().await;
    });
}

#[test]
fn a_column_goes_with_its_index_after_the_new_one_is_built() {
    Case::new(
        &format!("{USERS} CREATE INDEX by_both ON users (email, team); CREATE INDEX named ON users (team);"),
        "CREATE TABLE users (id int PRIMARY KEY, email text, age int NOT NULL DEFAULT 0);
         CREATE INDEX by_email ON users (email); CREATE INDEX named ON users (age);",
    )
    .check(&expect![[r#"
        1: a transaction
          + SET LOCAL lock_timeout = '5s'
          + ALTER TABLE "users" ADD COLUMN "age" integer NOT NULL DEFAULT 0
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" DROP COLUMN "age"
        2: no transaction
          + DROP INDEX CONCURRENTLY IF EXISTS "by_email"
          + CREATE INDEX CONCURRENTLY "by_email" ON "users" ("email")
          + DROP INDEX CONCURRENTLY IF EXISTS "named_new"
          + CREATE INDEX CONCURRENTLY "named_new" ON "users" ("age")
          + DROP INDEX CONCURRENTLY IF EXISTS "named"
          + ALTER INDEX "named_new" RENAME TO "named"
          - DROP INDEX CONCURRENTLY IF EXISTS "named_new"
          - CREATE INDEX CONCURRENTLY "named_new" ON "users" ("team")
          - DROP INDEX CONCURRENTLY IF EXISTS "named"
          - ALTER INDEX "named_new" RENAME TO "named"
          - DROP INDEX CONCURRENTLY IF EXISTS "by_email"
        3: a transaction
          + SET LOCAL lock_timeout = '5s'
          + DROP INDEX "by_both"
          + ALTER TABLE "users" DROP COLUMN "team"
          - SET LOCAL lock_timeout = '5s'
          - ALTER TABLE "users" ADD COLUMN "team" integer NULL
          - CREATE INDEX "by_both" ON "users" ("email", "team")
    "#]]);
}
