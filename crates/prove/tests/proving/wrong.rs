//! Plans that are wrong on purpose, each in one way.

use autogen_diff::report::ProofStatus;
use autogen_diff::{Statement, Unmanaged};
use autogen_schema::Backend;

use crate::lab::{ALL, Case, raw};

const LIVE: &str = "
CREATE TABLE parents (id integer PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE children (id integer PRIMARY KEY, parent_id integer NOT NULL, note varchar(20),
    FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE)";

const DESIRED: &str = "
CREATE TABLE parents (id integer PRIMARY KEY, name varchar(20) NOT NULL, age integer);
CREATE TABLE children (id integer PRIMARY KEY, parent_id integer NOT NULL, note varchar(40),
    FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE)";

fn case() -> Case<'static> {
    Case::new(LIVE, DESIRED)
}

#[test]
fn the_plan_itself_is_right() {
    case().expect(&ALL, ProofStatus::Proven, &["up converges, down is exact, rows are kept"]);
}

#[test]
fn an_up_that_does_not_converge() {
    case().sabotaged(|plan| drop(plan.up.pop())).expect(
        &ALL,
        ProofStatus::Failed,
        &["after up the database still differs", "up does not converge"],
    );
}

#[test]
fn an_up_that_the_database_refuses() {
    case().sabotaged(|plan| plan.up.push(raw("DROP TABLE nobody"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["up stops", "nobody", "DROP TABLE nobody"],
    );
}

#[test]
fn a_down_that_is_not_exact() {
    case().sabotaged(|plan| plan.down.push(raw("CREATE INDEX extra ON parents (name)"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["down does not return the schema", "indexes of", "extra", "down is not exact"],
    );
}

#[test]
fn a_down_that_does_nothing() {
    case().sabotaged(|plan| plan.down.clear()).expect(&ALL, ProofStatus::Failed, &["parents.age that was not there"]);
}

#[test]
fn an_up_that_loses_a_row() {
    case().sabotaged(|plan| plan.up.push(raw("DELETE FROM children WHERE id = 2"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["up loses or changes rows", "children had 6 rows and has 5", "rows are lost"],
    );
}

#[test]
fn a_down_that_loses_a_row() {
    case().sabotaged(|plan| plan.down.push(raw("DELETE FROM children WHERE id = 2"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["down loses or changes rows", "children had 6 rows and has 5"],
    );
}

#[test]
fn an_up_that_changes_a_value() {
    case().sabotaged(|plan| plan.up.push(raw("UPDATE parents SET name = 'x' WHERE id = 5"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["up loses or changes rows", "parents.name was"],
    );
}

#[test]
fn an_up_that_gives_values_to_other_rows() {
    let names = "
CREATE TABLE parents (name varchar(20) NOT NULL, id integer PRIMARY KEY);
CREATE TABLE children (id integer PRIMARY KEY, parent_id integer NOT NULL, note varchar(20),
    FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE)";
    let desired = names.replace("note varchar(20)", "note varchar(40)");
    // The names that rows 5 and 6 get are those of their numbers, 4 and 5.
    let sabotage = |plan: &mut autogen_diff::Plan| {
        plan.up.push(raw("UPDATE parents SET name = CASE id WHEN 5 THEN 'v5' ELSE 'v4' END WHERE id IN (5, 6)"));
    };
    Case::new(names, &desired).sabotaged(sabotage).expect(
        &ALL,
        ProofStatus::Failed,
        &["values of", "parents went to other rows"],
    );
}

#[test]
fn an_up_that_stops_on_rows_without_a_hazard() {
    case().sabotaged(|plan| plan.up.push(raw("INSERT INTO parents (id, name) SELECT id, name FROM parents"))).expect(
        &ALL,
        ProofStatus::Failed,
        &["up stops on tables with rows, of which no hazard of the plan speaks"],
    );
}

#[test]
fn an_up_that_takes_away_what_no_entity_speaks_of() {
    let live = format!("{LIVE};\nCREATE INDEX by_note ON children (note)");
    let sabotage = |plan: &mut autogen_diff::Plan| {
        let drop = match plan.backend {
            Backend::Mysql | Backend::Mariadb => "DROP INDEX by_note ON children",
            Backend::Sqlite | Backend::Postgres => "DROP INDEX by_note",
        };
        plan.up.push(raw(drop));
        plan.down.push(raw("CREATE INDEX by_note ON children (note)"));
    };
    Case { unmanaged: Unmanaged::Report, ..Case::new(&live, DESIRED) }.sabotaged(sabotage).expect(
        &ALL,
        ProofStatus::Failed,
        &["takes away what no change of the plan speaks of", "by_note"],
    );
}

#[test]
fn a_rebuild_that_forgets_a_column() {
    let sabotage = |plan: &mut autogen_diff::Plan| {
        for step in &mut plan.up {
            if let Statement::Rebuild(rebuild) = &mut step.statement {
                // The column is made, and nothing is copied into it.
                rebuild.from.columns.shift_remove("note");
            }
        }
    };
    case().sabotaged(sabotage).expect(&[Backend::Sqlite], ProofStatus::Failed, &["children.note", "and is NULL"]);
}

#[test]
fn a_rebuild_with_foreign_keys_on_would_lose_the_children() {
    // As if somebody had rendered the parent's rebuild as ordinary statements of an ordinary file.
    let sabotage = |plan: &mut autogen_diff::Plan| {
        plan.up.extend([
            raw("CREATE TABLE other (id integer PRIMARY KEY, name varchar(20) NOT NULL, age integer)"),
            raw("INSERT INTO other SELECT id, name, age FROM parents"),
            raw("DROP TABLE parents"),
            raw("ALTER TABLE other RENAME TO parents"),
        ]);
    };
    let desired = LIVE.replace("name varchar(20) NOT NULL)", "name varchar(20) NOT NULL, age integer)");
    Case::new(LIVE, &desired).sabotaged(sabotage).expect(
        &[Backend::Sqlite],
        ProofStatus::Failed,
        &["up loses or changes rows", "children had 6 rows and has 0"],
    );
}
