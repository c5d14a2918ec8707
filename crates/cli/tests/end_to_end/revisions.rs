//! Commands on revisions that build nothing, as people who know Alembic type them. The names beginning with `x` are the
//! rows of the list of scenarios that Alembic's own tests and probes gave.

use crate::database::{Server, TestDatabase};
use crate::project::Ended;
use crate::small::Small;

/// a - b - (c1 - d1 with the label c1branch, c2 - d2 with the label c2branch).
pub(crate) const BRANCHED: [(&str, &str, &str); 6] = [
    ("a", "", ""),
    ("b", "a", ""),
    ("c1", "b", "c1branch"),
    ("c2", "b", "c2branch"),
    ("d1", "c1", ""),
    ("d2", "c2", ""),
];

pub(crate) const LINEAR: [(&str, &str, &str); 5] =
    [("a", "", ""), ("b", "a", ""), ("c", "b", ""), ("d", "c", ""), ("e", "d", "")];

/// A project with these revisions: id, parents, label. The file of `a` is `m1_a.rs`.
pub(crate) fn project(revisions: &[(&str, &str, &str)]) -> Small {
    let small = Small::new();
    let mut mods = String::new();
    let mut list = String::new();
    for (number, (id, parents, label)) in revisions.iter().enumerate() {
        let stem = format!("m{}_{id}", number + 1);
        mods.push_str(&format!("mod {stem};\n"));
        list.push_str(&format!("            Box::new({stem}::Migration),\n"));
        let label = if label.is_empty() { String::new() } else { format!("//! Branch labels: {label}\n") };
        small.write(
            &format!("migration/src/{stem}.rs"),
            &format!(
                "//! message of {id}\n//!\n//! Revision: {id}\n//! Revises: {parents}\n{label}\nuse sea_orm_migration::prelude::*;\n\n\
                 #[derive(DeriveMigrationName)]\npub struct Migration;\n"
            ),
        );
    }
    small.write(
        "migration/src/lib.rs",
        &format!(
            "pub use sea_orm_migration::prelude::*;\n\n{mods}\npub struct Migrator;\n\n\
             #[async_trait::async_trait]\nimpl MigratorTrait for Migrator {{\n    \
             fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![\n{list}        ]\n    }}\n}}\n"
        ),
    );
    small
}

#[track_caller]
fn prints(ended: Ended, expected: &str) {
    let ended = ended.with(0);
    assert_eq!(ended.stdout, expected);
}

fn json(ended: Ended) -> serde_json::Value {
    let ended = ended.with(0);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The text of the newest file of the migration crate.
fn written(small: &Small, ended: Ended) -> String {
    let ended = ended.with(0);
    let path = ended.stdout.lines().next().unwrap().strip_prefix("Wrote ").unwrap().to_owned();
    small.read(&path)
}

#[test]
fn x15_a_revision_after_several_heads_asks_which() {
    let small = project(&BRANCHED);
    let before = small.files();
    let ended = small.autogen(&["revision", "-m", "x"]).with(3);
    ended.says(&["multiple heads are present (d1, d2)", "--head", "autogen merge"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x16_x17_a_revision_after_one_that_others_follow_needs_splice() {
    let small = project(&LINEAR);
    small.autogen(&["revision", "-m", "x", "--head", "b"]).with(3).says(&["b is not a head revision", "--splice"]);
    let text = written(&small, small.autogen(&["revision", "-m", "x", "--head", "b", "--splice"]));
    assert!(text.contains("//! Revises: b\n"), "{text}");
    let heads = small.autogen(&["heads"]).with(0).stdout;
    assert_eq!(heads.lines().count(), 2, "{heads}");
}

#[test]
fn x18_a_revision_after_base_is_a_new_root() {
    let small = project(&LINEAR);
    let text = written(&small, small.autogen(&["revision", "-m", "x", "--head", "base"]));
    assert!(text.contains("//! Revises:\n") || text.contains("//! Revises: \n"), "{text}");
    let history = json(small.autogen(&["history", "--format", "json"]));
    let roots = history["revisions"].as_array().unwrap().iter().filter(|one| one["parents"] == serde_json::json!([]));
    assert_eq!(roots.count(), 2);
}

#[test]
fn x19_dependencies_are_resolved_and_unknown_ones_refused() {
    let small = project(&BRANCHED);
    let arguments = ["revision", "-m", "x", "--head", "c1branch@head", "--depends-on", "c2branch@head"];
    let text = written(&small, small.autogen(&arguments));
    assert!(text.contains("//! Revises: d1\n") && text.contains("//! Depends on: d2\n"), "{text}");
    let ended = small.autogen(&["revision", "-m", "x", "--head", "d2", "--depends-on", "nosuch"]);
    ended.with(3).says(&["can't locate revision identified by 'nosuch'"]);
}

#[test]
fn x20_a_branch_label_is_written_and_not_given_twice() {
    let small = project(&LINEAR);
    let text = written(&small, small.autogen(&["revision", "-m", "x", "--branch-label", "billing"]));
    assert!(text.contains("//! Branch labels: billing\n"), "{text}");
    let ended = small.autogen(&["revision", "-m", "y", "--branch-label", "billing"]);
    ended.with(3).says(&["branch name 'billing'", "already used"]);
    small.autogen(&["show", "billing@head"]).with(0).shows(&["Branch labels: billing"]);
}

#[test]
fn x22_letters_that_names_are_made_of_are_refused_in_an_id() {
    let small = project(&LINEAR);
    for id in ["a-b", "a@b", "a+b", "a:b", "a b", "head"] {
        let before = small.files();
        small.autogen(&["revision", "-m", "x", "--rev-id", id]).with(2).says(&[id]);
        assert_eq!(small.files(), before);
    }
    let text = written(&small, small.autogen(&["revision", "-m", "x", "--rev-id", "my_id"]));
    assert!(text.contains("//! Revision: my_id\n"), "{text}");
}

#[test]
fn v69_an_id_that_is_there_is_refused() {
    let small = project(&LINEAR);
    let before = small.files();
    small.autogen(&["revision", "-m", "x", "--rev-id", "c"]).with(3).says(&["c is present already", "m3_c.rs"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x25_a_merge_has_both_parents_and_does_nothing() {
    let small = project(&BRANCHED);
    let text = written(&small, small.autogen(&["merge", "heads", "-m", "together", "--rev-id", "e"]));
    assert!(text.contains("//! Revises: d1, d2\n") && text.contains("async fn down"), "{text}");
    prints(small.autogen(&["heads"]), "e (head) (mergepoint), together\n");
}

#[test]
fn x26_a_merge_of_one_revision_is_refused() {
    let small = project(&LINEAR);
    let before = small.files();
    small.autogen(&["merge", "heads"]).with(3).says(&["two revisions", "only e"]);
    small.autogen(&["merge", "d", "e", "--splice"]).with(3).says(&["e overlaps with other requested revision d"]);
    assert_eq!(small.files(), before);
}

#[test]
fn x27_a_merge_with_a_revision_that_others_follow_needs_splice() {
    let small = project(&BRANCHED);
    small.autogen(&["merge", "c1", "d2"]).with(3).says(&["c1 is not a head revision", "--splice"]);
    small.autogen(&["merge", "c1", "d2", "--splice"]).with(0);
}

#[test]
fn x28_current_creates_nothing() {
    let small = project(&LINEAR);
    small.autogen(&["current"]).with(0).says(&["nothing is applied"]);
    small.autogen(&["ensure-version"]).with(0).shows(&["created seaql_migrations"]);
    small.autogen(&["ensure-version"]).with(0).shows(&["there already"]);
}

#[test]
fn x29_x31_current_marks_the_head_and_says_when_it_is_not_there() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "c"]).with(0).shows(&["recorded m1_a", "recorded m3_c"]);
    prints(small.autogen(&["current"]), "c  m3_c\n");
    small.autogen(&["current", "--check-heads"]).with(1).says(&["not on all head revisions"]);
    small.autogen(&["stamp", "head"]).with(0);
    prints(small.autogen(&["current", "--check-heads"]), "e (head)  m5_e\n");
    let current = json(small.autogen(&["current", "--format", "json"]));
    assert_eq!(current["revisions"][0]["id"], "e");
    assert_eq!(current["at_heads"], true);
}

#[test]
fn x33_history_is_newest_first() {
    let small = project(&LINEAR);
    let expected = "d -> e (head), message of e\nc -> d, message of d\nb -> c, message of c\na -> b, message of b\n\
                    <base> -> a, message of a\n";
    prints(small.autogen(&["history"]), expected);
    small.autogen(&["history", "-v"]).with(0).shows(&["Revision: e (head)\nParent: d\n", "    message of e"]);
}

#[test]
fn x34_ranges_are_exact() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "c"]).with(0);
    for (range, expected) in
        [("b:d", "dcb"), (":c", "cba"), ("b:", "edcb"), ("-2:current", "cba"), ("current:+2", "edc")]
    {
        let history = json(small.autogen(&["history", "-r", range, "--format", "json"]));
        let ids = history["revisions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap());
        assert_eq!(ids.collect::<String>(), expected, "{range}");
    }
}

#[test]
fn x35_what_is_no_range_is_refused() {
    let small = project(&LINEAR);
    small.autogen(&["history", "-r", "bad"]).with(3).says(&["[start]:[end], [start]: or :[end]"]);
    small.autogen(&["history", "-r", "d:b"]).with(3).says(&["d:b", "did you mean b:d?"]);
}

#[test]
fn x36_history_marks_where_the_database_is() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "c"]).with(0);
    small.autogen(&["history", "-i"]).with(0).shows(&["b -> c (current), message of c\n"]);
}

#[test]
fn x37_branches_and_heads() {
    let small = project(&BRANCHED);
    let expected = "a -> b (branchpoint), message of b\n  -> c1 (c1branch), message of c1\n  \
                    -> c2 (c2branch), message of c2\n";
    prints(small.autogen(&["branches"]), expected);
    prints(small.autogen(&["heads"]), "d1 (head), message of d1\nd2 (head), message of d2\n");
    small.autogen(&["revision", "-m", "x", "--head", "d1", "--depends-on", "d2", "--rev-id", "e1"]).with(0);
    prints(small.autogen(&["heads", "--resolve-dependencies"]), "e1 (head), x\n");
}

#[test]
fn x38_show_takes_every_name() {
    let small = project(&BRANCHED);
    small.autogen(&["show", "c1"]).with(0).shows(&[
        "Revision: c1 (c1branch)\n",
        "Parent: b\n",
        "Path: migration/src/m3_c1.rs\n",
        "    message of c1\n",
    ]);
    small.autogen(&["show", "m3"]).with(0).shows(&["Revision: c1"]);
    small.autogen(&["show", "b"]).with(0).shows(&["Branches into: c1, c2"]);
    small.autogen(&["show", "head"]).with(3).says(&["d1, d2", "merge"]);
    small.autogen(&["show", "base"]).with(3).says(&["base"]);
    small.autogen(&["show", "nosuch"]).with(3).says(&["can't locate revision identified by 'nosuch'"]);
}

#[test]
fn v46_a_revision_of_another_branch_is_not_a_member() {
    let small = project(&BRANCHED);
    small.autogen(&["show", "c2@d1"]).with(3).says(&["d1", "c2", "member of branch"]);
}

#[test]
fn x39_edit_opens_the_file() {
    let small = project(&LINEAR);
    small.autogen(&["edit", "current"]).with(3).says(&["no current revisions"]);
    // `cat` is an editor that shows what it was given.
    let editor = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_autogen"))
            .args(arguments)
            .current_dir(small.path())
            .env("VISUAL", "cat")
            .env_remove("DATABASE_URL")
            .output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    assert!(editor(&["edit", "head"]).contains("//! Revision: e\n"));
    assert!(editor(&["edit", "b"]).contains("//! Revision: b\n"));
}

#[test]
fn x40_stamp_writes_rows_and_nothing_else() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb] {
        let Some(database) = TestDatabase::create(server) else { continue };
        let small = project(&LINEAR);
        small.autogen(&["stamp", "head", "-u", &database.url]).with(0).shows(&["recorded m5_e"]);
        small.autogen(&["current", "-u", &database.url]).with(0).shows(&["e (head)"]);
        small.autogen(&["stamp", "b", "-u", &database.url]).with(0).shows(&["removed m5_e", "removed m3_c"]);
        small.autogen(&["stamp", "b", "-u", &database.url]).with(0).shows(&["nothing to change"]);
        small.autogen(&["stamp", "base", "-u", &database.url]).with(0);
        small.autogen(&["current", "-u", &database.url]).with(0).says(&["nothing is applied"]);
        assert_eq!(database.tables(), [""; 0], "no table but those of the history");
    }
}

#[test]
fn x41_stamp_takes_several_branches_and_refuses_two_on_one_line() {
    let small = project(&BRANCHED);
    small.autogen(&["stamp", "d1", "d2"]).with(0);
    prints(small.autogen(&["current"]), "d1 (head)  m5_d1\nd2 (head)  m6_d2\n");
    small.autogen(&["stamp", "b", "d2"]).with(3).says(&["overlaps"]);
}

#[test]
fn x42_purge_empties_the_table_first() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "head"]).with(0);
    // What a colleague applied from a branch of theirs.
    small.remove("migration/src/m5_e.rs");
    let lib = small.read("migration/src/lib.rs");
    let lib = lib.replace("mod m5_e;\n", "").replace("            Box::new(m5_e::Migration),\n", "");
    small.write("migration/src/lib.rs", &lib);
    small.autogen(&["current"]).with(0).says(&["m5_e"]);
    small.autogen(&["history"]).with(0);
    small.autogen(&["upgrade"]).with(3).says(&["m5_e", "stamp"]);
    small.autogen(&["stamp", "c"]).with(0);
    small.autogen(&["current"]).with(0).says(&["m5_e"]).shows(&["c  m3_c"]);
    small.autogen(&["stamp", "--purge", "c"]).with(0).shows(&["removed m5_e"]);
    assert!(!small.autogen(&["current"]).with(0).stderr.contains("m5_e"));
}

#[test]
fn x45_a_range_is_refused_online() {
    let small = project(&LINEAR);
    small.autogen(&["upgrade", "a:b"]).with(3).says(&["range revision not allowed: 'a:b'"]);
    small.autogen(&["downgrade", "b:a"]).with(3).says(&["range revision not allowed: 'b:a'"]);
}

#[test]
fn x46_sql_of_a_downgrade_needs_both_ends_in_order() {
    let small = project(&LINEAR);
    small.autogen(&["downgrade", "b", "--sql"]).with(2).says(&["needs a range FROM:TO"]);
    small.autogen(&["downgrade", "b:d", "--sql"]).with(3).says(&["did you mean d:b?"]);
    small.autogen(&["upgrade", "d:b", "--sql"]).with(3).says(&["did you mean b:d?"]);
    small.autogen(&["upgrade", "b:nosuch", "--sql"]).with(3).says(&["nosuch"]);
    for option in ["--dry-run", "--resume", "--restart", "--single-transaction"] {
        small.autogen(&["upgrade", "b:d", "--sql", option]).with(2).says(&["--sql", option]);
    }
}

#[test]
fn a_dry_run_shows_the_steps_and_builds_nothing() {
    let small = project(&LINEAR);
    prints(small.autogen(&["upgrade", "+1", "--dry-run"]), "upgrade m1_a, message of a\n");
    small.autogen(&["stamp", "d"]).with(0);
    prints(small.autogen(&["upgrade", "--dry-run"]), "upgrade m5_e, message of e\n");
    prints(
        small.autogen(&["downgrade", "b", "--dry-run"]),
        "downgrade m4_d, message of d\ndowngrade m3_c, message of c\n",
    );
    let plan = json(small.autogen(&["downgrade", "-1", "--dry-run", "--format", "json"]));
    assert_eq!(plan["steps"][0]["id"], "d");
    assert!(!small.path().join("target").exists());
}

#[test]
fn what_cannot_be_is_said_before_a_build() {
    let small = project(&BRANCHED);
    small.autogen(&["upgrade"]).with(3).says(&["multiple head revisions", "heads", "merge"]);
    small.autogen(&["upgrade", "nosuch"]).with(3).says(&["nosuch"]);
    small.autogen(&["upgrade", "nolabel@head"]).with(3).says(&["no such branch: 'nolabel'"]);
    small.autogen(&["downgrade", "b"]).with(3).says(&["not a valid downgrade target"]);
    small.autogen(&["stamp", "heads"]).with(0);
    small.autogen(&["upgrade", "b"]).with(3).says(&["not a valid upgrade target"]);
    small.autogen(&["upgrade", "heads"]).with(0).shows(&["nothing to upgrade"]);
    small.autogen(&["downgrade", "c2@b", "--dry-run"]).with(0).shows(&["m6_d2", "m4_c2"]);
}

#[test]
fn an_argument_for_migrations_is_refused_where_none_run() {
    let small = project(&LINEAR);
    small.autogen(&["check", "-x", "ulr=sqlite://other.db"]).with(2).says(&["-x ulr=", "runs none"]);
}

#[test]
fn a_history_of_another_tool_is_met_with_an_offer_to_stamp() {
    for server in [Server::Sqlite, Server::Postgres, Server::Mariadb] {
        let Some(database) = TestDatabase::create(server) else { continue };
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
        database.execute("INSERT INTO alembic_version VALUES ('1a2b3c')");
        let small = project(&LINEAR);
        let run = |arguments: &[&str]| small.autogen(&[arguments, &["-u", &database.url]].concat());
        run(&["current"]).with(0).says(&["Alembic", "1a2b3c", "stamp"]);
        run(&["upgrade"]).with(3).says(&["Alembic", "stamp"]);
        run(&["stamp", "head"]).with(0);
        prints(run(&["current"]), "e (head)  m5_e\n");
    }
}

#[test]
fn v65_v68_a_broken_history_is_shown_and_said_to_be_broken() {
    let small = project(&[("a", "b", ""), ("b", "a", "")]);
    for command in [&["history"][..], &["heads"], &["branches"]] {
        small.autogen(command).with(3).says(&["cycle is detected", "m1_a.rs"]);
    }
    small.autogen(&["upgrade"]).with(3).says(&["cycle is detected"]);
    let small = project(&[("a", "a", "")]);
    small.autogen(&["heads"]).with(3).says(&["cycle is detected"]);
    let small = project(&[("a", "", ""), ("b", "gone", "")]);
    let ended = small.autogen(&["history"]).with(3).says(&["gone", "m2_b.rs"]).shows(&["<base> -> a"]);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    // The database is none the worse for it.
    small.autogen(&["current"]).with(0);
}

#[test]
fn status_says_where_the_database_is() {
    let small = project(&LINEAR);
    small.autogen(&["stamp", "d"]).with(0);
    small.autogen(&["status"]).with(0).shows(&["SQLite", "d m4_d", "e m5_e", "notes"]);
    small.autogen(&["status", "--check"]).with(1);
    let status = json(small.autogen(&["status", "--format", "json"]));
    assert_eq!(status["backend"], "sqlite");
    assert_eq!(status["pending"][0]["id"], "e");
    assert_eq!(status["current"][0]["id"], "d");
    assert!(!status["drift"]["known"].as_array().unwrap().is_empty(), "the entity has a table that is not there");
}

#[test]
fn a_new_revision_does_not_become_the_parent_of_a_file_without_a_header() {
    let small = project(&LINEAR);
    // m3_c says nothing of itself, so it follows m2_b, which stands before it in the list.
    small.write("migration/src/m3_c.rs", "use sea_orm_migration::prelude::*;\n\npub struct Migration;\n");
    let text = small.read("migration/src/m4_d.rs").replace("Revises: c", "Revises: m3_c");
    small.write("migration/src/m4_d.rs", &text);
    small.autogen(&["revision", "-m", "x", "--head", "b", "--splice", "--rev-id", "x"]).with(0);
    small.autogen(&["show", "m3_c"]).with(0).shows(&["Parent: b\n"]);
    small.autogen(&["show", "x"]).with(0).shows(&["Parent: b\n"]);
}
