//! Alembic's scenarios of traversal, by their numbers: from what is applied and a command to exact steps and heads.
//!
//! The order among branches is that of the `migrations()` list, which SeaORM's own runner follows too; Alembic goes
//! branch by branch. Where a row differs from Alembic on purpose, it says why.

use autogen_migrate::graph::{Graph, GraphError, Revision, Target};

/// `id`, `id:parents`, `id:parents:dependencies`, `id:parents:dependencies:labels`.
fn revisions(text: &str) -> Vec<Revision> {
    let list = |part: Option<&str>| -> Vec<String> {
        part.unwrap_or_default().split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let revision = |word: &str| {
        let mut parts = word.split(':');
        let id = parts.next().unwrap_or_default().to_owned();
        let (parents, depends_on, labels) = (list(parts.next()), list(parts.next()), list(parts.next()));
        Revision { stem: format!("m1_{id}_stem"), id, parents, depends_on, labels, ..Revision::default() }
    };
    text.split_whitespace().map(revision).collect()
}

/// The version table of a database that is at these heads.
fn table(graph: &Graph<'_>, heads: &str) -> Vec<String> {
    let heads: Vec<String> = heads.split_whitespace().map(str::to_owned).collect();
    let applied = graph.ancestors(&heads);
    graph.revisions().iter().filter(|revision| applied.contains(&revision.id)).map(|one| one.stem.clone()).collect()
}

fn joined(revisions: &[&Revision]) -> String {
    revisions.iter().map(|revision| revision.id.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a command does: the steps, and the heads after them.
fn outcome(graph: &Graph<'_>, recorded: &[String], command: &str) -> Result<String, GraphError> {
    let (verb, text) = command.split_once(' ').expect("a verb and a target");
    let mut after = recorded.to_vec();
    let steps: Vec<String> = match verb {
        "upgrade" => {
            let steps = graph.upgrade_steps(&graph.resolve(text, recorded)?, recorded)?;
            after.extend(steps.iter().map(|step| step.stem.clone()));
            steps.iter().map(|step| format!("↑{}", step.id)).collect()
        }
        "downgrade" => {
            let steps = graph.downgrade_steps(&graph.resolve(text, recorded)?, recorded)?;
            after.retain(|stem| steps.iter().all(|step| step.stem != *stem));
            steps.iter().map(|step| format!("↓{}", step.id)).collect()
        }
        "stamp" => {
            let targets: Result<Vec<Target>, GraphError> =
                text.split(' ').map(|text| graph.resolve(text, recorded)).collect();
            let stamp = graph.stamp(&targets?, recorded)?;
            after.retain(|stem| !stamp.remove.contains(stem));
            after.extend(stamp.add.iter().cloned());
            let id = |stem: &String| graph.by_stem(stem).expect("a stem").id.clone();
            let removed = stamp.remove.iter().map(|stem| format!("-{}", id(stem)));
            removed.chain(stamp.add.iter().map(|stem| format!("+{}", id(stem)))).collect()
        }
        "show" => return Ok(graph.resolve_one(text, recorded)?.id.clone()),
        "range" => return Ok(joined(&graph.range(text, recorded)?)),
        other => panic!("no such verb: {other}"),
    };
    let heads = joined(&graph.current(&after));
    Ok(format!("{} → {{{heads}}}", steps.join(" ")).trim_start().to_owned())
}

fn check(graph: &str, heads: &str, command: &str, expected: &str) {
    let revisions = revisions(graph);
    let graph = Graph::new(&revisions).expect("a graph");
    let recorded = table(&graph, heads);
    let shown = outcome(&graph, &recorded, command).unwrap_or_else(|error| error.to_string());
    assert_eq!(shown, expected, "{command}");
}

/// A graph that cannot be run: the message, and that it can be looked at all the same.
fn check_broken(graph: &str, expected: &str) {
    let revisions = revisions(graph);
    let error = Graph::new(&revisions).expect_err(graph);
    assert_eq!(error.to_string(), expected);
    let graph = Graph::tolerant(&revisions);
    let _heads = graph.heads();
    let all: Vec<String> = revisions.iter().map(|revision| revision.id.clone()).collect();
    assert!(!graph.ancestors(&all).is_empty() && graph.current(&all).len() <= all.len());
}

macro_rules! rows {
    ($($name:ident: $graph:expr, $at:expr, $command:expr => $expected:expr;)*) => {
        $(#[test] fn $name() { check($graph, $at, $command, $expected) })*
    };
}

macro_rules! broken {
    ($($name:ident: $graph:expr => $expected:expr;)*) => {
        $(#[test] fn $name() { check_broken($graph, $expected) })*
    };
}

const LINE: &str = "a b:a c:b d:c e:d";
const FORK: &str = "a b:a c1:b::c1branch d1:c1 c2:b::c2branch d2:c2";
const MERGE: &str = "a b:a c1:b d1:c1 c2:b d2:c2 e:d1,d2 f:e";
const INNER_MERGE: &str = "a b1:a b2:a c1:b1 c2:b2 d1:c1,c2 d2:c2";
const THREE: &str = "a b1:a b2:a b3:a c1:b1 c2:b2 c3:b3 d1:b1,c1,c2 d3:c3";
const FOREST: &str = "a1 b1:a1 a2 b2:a2";
const DEPENDENCY: &str = "a1 b1:a1 c1:b1 d1:c1 a2 b2:a2 c2:b2:c1";
const BETWEEN_BRANCHES: &str = "a b:a c1:b::c1branch d1:c1 c2:b::c2branch d2:c2:c1";

rows! {
    v01_upgrade_to_a_revision: LINE, "c", "upgrade e" => "↑d ↑e → {e}";
    v03_upgrade_by_steps: LINE, "a", "upgrade +2" => "↑b ↑c → {c}";
    v04_upgrade_by_steps_to_the_head: LINE, "b", "upgrade +3" => "↑c ↑d ↑e → {e}";
    v05_upgrade_to_steps_above_a_revision: LINE, "a", "upgrade b+2" => "↑b ↑c ↑d → {d}";
    v06_upgrade_to_steps_below_a_revision: LINE, "a", "upgrade d-2" => "↑b → {b}";
    // The graph finds the place two steps down; the runner refuses it, see `upgrade_refuses_steps_down` in runner.rs.
    v07_upgrade_by_steps_down: LINE, "b", "upgrade -3" => "relative revision -3 didn't produce 3 migrations; there are 2";
    v08_upgrade_by_too_many_steps: LINE, "b", "upgrade +5" => "relative revision +5 didn't produce 5 migrations; there are 3";
    v09_downgrade_to_a_revision: LINE, "e", "downgrade c" => "↓e ↓d → {c}";
    v10_downgrade_to_base: LINE, "c", "downgrade base" => "↓c ↓b ↓a → {}";
    v12_downgrade_by_steps: LINE, "e", "downgrade -3" => "↓e ↓d ↓c → {b}";
    v13_downgrade_to_steps_above_a_revision: LINE, "d", "downgrade a+2" => "↓d → {c}";
    v14_downgrade_to_steps_below_a_revision: LINE, "d", "downgrade c-2" => "↓d ↓c ↓b → {a}";
    v15_downgrade_by_too_many_steps: LINE, "b", "downgrade -5" => "relative revision -5 didn't produce 5 migrations; there are 2";
    v16_downgrade_by_steps_up: LINE, "b", "downgrade +9" => "relative revision +9 didn't produce 9 migrations; there are 3";
    v17_downgrade_of_nothing: LINE, "", "downgrade b" =>
        "destination b is not a valid downgrade target from current head(s); it is not applied; `upgrade b` goes there";
    v18_downgrade_to_what_is_above: LINE, "b", "downgrade c" =>
        "destination c is not a valid downgrade target from current head(s); it is not applied; `upgrade c` goes there";
    v19_downgrade_to_base_of_nothing: LINE, "", "downgrade base" => "→ {}";
    v20_downgrade_to_where_it_is: LINE, "a", "downgrade a" => "→ {a}";
    v22_the_beginning_of_an_id: "e61 e72:e61", "", "show e7" => "e72";
    v22_an_ambiguous_beginning: "e61 e62:e61", "", "show e6" =>
        "multiple revisions start with 'e6': e61, e62; give more of the name";
    v23_an_unknown_revision: LINE, "", "upgrade nosuch" => "can't locate revision identified by 'nosuch'";
    v24_upgrade_of_one_branch: FORK, "b", "upgrade d1" => "↑c1 ↑d1 → {d1}";
    v25_upgrade_of_all_branches: FORK, "a", "upgrade heads" => "↑b ↑c1 ↑d1 ↑c2 ↑d2 → {d1 d2}";
    v26_downgrade_of_all_branches: FORK, "d1 d2", "downgrade a" => "↓d2 ↓c2 ↓d1 ↓c1 ↓b → {a}";
    v27_head_of_several: FORK, "", "upgrade head" =>
        "multiple head revisions are present for given argument 'head' (d1, d2); name one of them, 'heads' for all, or make one of them with `merge`";
    v30_downgrade_within_a_branch_to_its_point: FORK, "d1 d2", "downgrade c2branch@base+2" => "↓d2 ↓c2 → {d1}";
    v31_downgrade_within_a_branch: FORK, "d1 d2", "downgrade c2branch@base+3" => "↓d2 → {d1 c2}";
    // Alembic warns and takes one of the two.
    v32_downgrade_by_steps_from_two_heads: FORK, "d1 d2", "downgrade -1" =>
        "ambiguous '-1': the next step could be d1 or d2; name the branch, as in 'd1@-1'";
    v36_a_branch_named_by_a_member: FORK, "d1 d2", "downgrade c2@b" => "↓d2 ↓c2 → {d1}";
    v37_steps_below_the_head_of_a_branch: FORK, "d1 d2", "downgrade c1branch@head-1" => "↓d1 → {c1 d2}";
    v38_a_step_on_a_branch: FORK, "c1", "upgrade c2branch@+1" => "↑c2 → {c1 c2}";
    v39_the_next_step_on_a_branch: FORK, "c1 c2", "upgrade c2branch@+1" => "↑d2 → {c1 d2}";
    v41_the_first_step: FORK, "", "upgrade +1" => "↑a → {a}";
    v41_the_first_step_from_base: FORK, "", "upgrade base+1" => "↑a → {a}";
    // Our table has a row for each revision, so what c1branch consists of goes.
    v43_stamp_a_branch_away: FORK, "d1 c2", "stamp c1branch@base" => "-d1 -c1 → {c2}";
    v45_an_unknown_branch: FORK, "", "upgrade nolabel@head" => "no such branch: 'nolabel'";
    v46_a_revision_of_another_branch: FORK, "", "show d1@c2" => "revision c2 is not a member of branch 'd1'";
    v47_upgrade_over_a_merge: MERGE, "b", "upgrade f" => "↑c1 ↑d1 ↑c2 ↑d2 ↑e ↑f → {f}";
    v48_downgrade_over_a_merge: MERGE, "f", "downgrade b" => "↓f ↓e ↓d2 ↓c2 ↓d1 ↓c1 → {b}";
    v49_stamp_a_merge_from_both_sides: MERGE, "d1 c2", "stamp e" => "+d2 +e → {e}";
    v50_stamp_a_merge_from_one_side: MERGE, "c2", "stamp e" => "+c1 +d1 +d2 +e → {e}";
    v51_stamp_down_over_a_merge: MERGE, "e", "stamp a" => "-e -d2 -c2 -d1 -c1 -b → {a}";
    v52_a_merge_beside_a_branch_that_goes_on: INNER_MERGE, "d2 b1", "upgrade d1" => "↑c1 ↑d1 → {d1 d2}";
    v53_downgrade_of_a_merge_beside_a_branch: INNER_MERGE, "d2 d1", "downgrade b1" => "↓d1 ↓c1 → {b1 d2}";
    v54_a_merge_of_three: THREE, "d3 b2 b1", "upgrade d1" => "↑c1 ↑c2 ↑d1 → {d1 d3}";
    v55_upgrade_of_two_trees: FOREST, "", "upgrade heads" => "↑a1 ↑b1 ↑a2 ↑b2 → {b1 b2}";
    v56_stamp_two_trees: FOREST, "", "stamp heads" => "+a1 +b1 +a2 +b2 → {b1 b2}";
    v57_a_dependency_on_another_branch: DEPENDENCY, "a2", "upgrade c2" => "↑a1 ↑b1 ↑c1 ↑b2 ↑c2 → {c2}";
    v58_downgrade_to_what_another_branch_needs: DEPENDENCY, "c2 d1", "downgrade c1" => "↓d1 → {c2}";
    v59_a_dependency_on_the_own_parent: "a1 a2:a1:a1", "", "upgrade a2" => "↑a1 ↑a2 → {a2}";
    v59_downgrade_of_a_dependency_on_the_own_parent: "a1 a2:a1:a1", "a2", "downgrade a1" => "↓a2 → {a1}";
    v61_a_dependency_stays_as_long_as_it_is_needed: "a3 b1 b2:b1:a3 b3:b2 b4:b3:a3", "b4", "downgrade b3" => "↓b4 → {b3}";
    v62_a_merge_of_a_dependency: "a1 b1::a1 bmerge:a1,b1", "bmerge", "downgrade a1" => "↓bmerge → {b1}";
    v63_what_depends_on_a_branch_goes_with_it: BETWEEN_BRANCHES, "d1 d2", "downgrade c1branch@b" => "↓d2 ↓d1 ↓c1 → {c2}";
    v64_an_exact_id_wins: "a ab:a abc:ab", "", "upgrade ab" => "↑a ↑ab → {ab}";
    v64_an_exact_id_wins_in_a_range: "a ab:a abc:ab", "", "range a:ab" => "a ab";
}

broken! {
    v65_a_cycle: "x a:b b:a" => "cycle is detected in revisions (a, b); correct a `Revises` or `Depends on` line in m1_a_stem, m1_b_stem";
    v66_a_self_loop: "a:a" => "cycle is detected in revisions (a); correct a `Revises` or `Depends on` line in m1_a_stem";
    v67_a_cycle_of_dependencies: "a b:a:c c:b d:c" =>
        "cycle is detected in revisions (b, c); correct a `Revises` or `Depends on` line in m1_b_stem, m1_c_stem";
    v68_a_missing_parent: "a b:x c:b" =>
        "revision x, referenced from m1_b_stem, is not present; restore its file from version control, or correct the line in m1_b_stem";
    v69_one_id_in_two_files: "a b:a b:a" =>
        "revision b is present more than once: in m1_b_stem and in m1_b_stem; give one of them another id";
    a_child_before_its_parent: "a c:b b:a" =>
        "m1_c_stem stands before m1_b_stem in migrations(), which it follows; move it below, or SeaORM runs it too early";
    a_label_twice: "a:::x b:a::x" => "branch name 'x' in revision b already used by revision a";
}

rows! {
    x34_a_range: LINE, "", "range b:d" => "b c d";
    x34_a_range_from_the_base: LINE, "", "range :c" => "a b c";
    x34_a_range_to_the_heads: LINE, "", "range c:" => "c d e";
    x34_a_range_up_to_what_is_applied: LINE, "c", "range -2:current" => "a b c";
    x34_a_range_from_what_is_applied: LINE, "b", "range current:+2" => "b c d";
    x35_no_range: LINE, "", "range b" => "'b' is no range; a range is [start]:[end], [start]: or :[end]";
    a_range_the_wrong_way_round: LINE, "", "range d:b" =>
        "requested range d:b does not refer to ancestor/descendant revisions along the same branch; did you mean b:d?";
    a_range_across_branches: FORK, "", "range d1:d2" =>
        "requested range d1:d2 does not refer to ancestor/descendant revisions along the same branch";
    x41_stamp_two_heads: FORK, "", "stamp d1 c2" => "+a +b +c1 +d1 +c2 → {d1 c2}";
    x41_stamp_two_on_one_line: FORK, "", "stamp d1 b" =>
        "requested revision d1 overlaps with other requested revision b, which it needs; name d1 only";
    x45_a_range_online: LINE, "", "upgrade a:b" =>
        "range revision not allowed: 'a:b'; name the revision to go to (a range can be shown, or written as SQL)";
    stamp_from_another_branch_leaves_it: FORK, "d1 d2", "stamp c1" => "-d1 → {c1 d2}";
    stamp_base: FORK, "d1 d2", "stamp base" => "-d2 -c2 -d1 -c1 -b -a → {}";
    upgrade_to_what_is_below: LINE, "d", "upgrade b" =>
        "destination b is not a valid upgrade target from current head(s); the database is above it; `downgrade b` goes there";
    upgrade_to_where_it_is: LINE, "d", "upgrade d" => "→ {d}";
    a_step_that_could_go_two_ways: FORK, "b", "upgrade +1" =>
        "ambiguous '+1': the next step could be c1 or c2; name the branch, as in 'c1@+1'";
    a_step_into_the_only_open_branch: FORK, "d1 c2", "upgrade +1" => "↑d2 → {d1 d2}";
    a_walk_that_could_go_two_ways: FORK, "", "upgrade b+1" =>
        "ambiguous walk for 'b+1': b has c1 and c2; name the revision itself";
    a_name_that_is_almost_right: "aaab2 cccc3:aaab2", "", "show aaab3" =>
        "can't locate revision identified by 'aaab3'; did you mean aaab2?";
    a_branch_that_is_almost_right: FORK, "", "upgrade c1brunch@head" => "no such branch: 'c1brunch'; did you mean c1branch or c2branch?";
    the_stem_and_its_beginning: "aaaa1 cccc3:aaaa1", "", "upgrade m1_ccc" => "↑aaaa1 ↑cccc3 → {cccc3}";
    a_label: FORK, "", "show c2branch" => "c2";
    steps_below_the_base: LINE, "", "show head-6" => "relative revision head-6 didn't produce 6 migrations; there are 5";
    nothing: LINE, "", "show " => "can't locate revision identified by ''";
}

#[test]
fn what_the_database_records_without_a_file_stops_steps_but_not_looking() {
    let revisions = revisions(LINE);
    let graph = Graph::new(&revisions).expect("a graph");
    let recorded = ["m1_a_stem", "m1_gone"].map(str::to_owned);
    for command in ["upgrade +1", "upgrade head", "downgrade a"] {
        let error = outcome(&graph, &recorded, command).expect_err(command);
        assert!(matches!(&error, GraphError::UnknownApplied { stems } if *stems == ["m1_gone"]), "{error}");
    }
    assert_eq!(joined(&graph.current(&recorded)), "a");
    assert_eq!(outcome(&graph, &recorded, "stamp c").expect("rows"), "+b +c → {c}");
}

#[test]
fn v71_a_graph_of_three_thousand() {
    let names: Vec<String> = (0..3000).map(|number| format!("m{number:05}_change")).collect();
    let revisions = Graph::linear(names.clone());
    let start = std::time::Instant::now();
    let graph = Graph::new(&revisions).expect("a graph");
    assert_eq!(joined(&graph.heads()), "m02999_change");
    assert_eq!(
        graph.downgrade_steps(&graph.resolve("m00000_change", &names).expect("one"), &names).expect("steps").len(),
        2999
    );
    // A guard against squares, not a measurement: that is `cargo xtask bench revisions`.
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}
