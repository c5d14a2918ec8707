//! Registration on the shapes of `lib.rs` that projects have: the new lines appear, every other byte stays, and taking
//! the migration out again gives the file back.
#![cfg(feature = "source")]

use autogen_migrate::source::{register, unregister};
use expect_test::{Expect, expect};

const NEW: &str = "m20261120_143000_add_email";

/// Registers, and checks that `unregister` is the inverse and that line ends of Windows make no difference.
fn round_trip(source: &str, after: Option<&str>) -> String {
    let edited = register(source, NEW, after).expect("a file that can be edited");
    assert_eq!(unregister(&edited, NEW).expect("a file that can be edited"), source);
    let windows = source.replace('\n', "\r\n");
    let edited_windows = register(&windows, NEW, after).expect("a file that can be edited");
    assert_eq!(edited_windows, edited.replace('\n', "\r\n"));
    assert_eq!(unregister(&edited_windows, NEW).expect("a file that can be edited"), windows);
    edited
}

fn check(source: &str, after: Option<&str>, expected: &Expect) {
    expected.assert_eq(&round_trip(source, after));
}

/// Shows only the list, in a file whose other parts are always the same.
fn check_list(list: &str, after: Option<&str>, expected: &Expect) {
    let before = "pub use sea_orm_migration::prelude::*;\n\nmod m20220101_000001_a;\nmod m20220102_000001_b;\n";
    let between = "\npub struct Migrator;\n\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        ";
    let behind = "\n    }\n}\n";
    let edited = round_trip(&format!("{before}{between}{list}{behind}"), after);
    let shown = edited.strip_prefix(&format!("{before}mod {NEW};\n{between}"));
    let shown = shown.and_then(|rest| rest.strip_suffix(behind)).unwrap_or(&edited);
    expected.assert_eq(&format!("{}\n", shown.replace("\n        ", "\n")));
}

/// Whatever the reason, the two lines to add are said.
fn check_refused(source: &str, after: Option<&str>, reason: &str) {
    let error = register(source, NEW, after).expect_err("a file that cannot be edited");
    assert_eq!(error.reason, reason);
    assert_eq!(error.lines, [format!("mod {NEW};"), format!("Box::new({NEW}::Migration),")]);
}

#[test]
fn the_file_of_sea_orm_cli() {
    check(
        "pub use sea_orm_migration::prelude::*;\n\nmod m20220101_000001_create_table;\n\npub struct Migrator;\n\n#[async_trait::async_trait]\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![Box::new(m20220101_000001_create_table::Migration)]\n    }\n}\n",
        None,
        &expect![[r#"
            pub use sea_orm_migration::prelude::*;

            mod m20220101_000001_create_table;
            mod m20261120_143000_add_email;

            pub struct Migrator;

            #[async_trait::async_trait]
            impl MigratorTrait for Migrator {
                fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                    vec![
                        Box::new(m20220101_000001_create_table::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
                }
            }
        "#]],
    );
}

#[test]
fn an_empty_list() {
    check(
        "pub use sea_orm_migration::prelude::*;\n\npub struct Migrator;\n\n#[async_trait::async_trait]\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![]\n    }\n}\n",
        None,
        &expect![[r#"
            pub use sea_orm_migration::prelude::*;

            mod m20261120_143000_add_email;

            pub struct Migrator;

            #[async_trait::async_trait]
            impl MigratorTrait for Migrator {
                fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                    vec![Box::new(m20261120_143000_add_email::Migration)]
                }
            }
        "#]],
    );
}

#[test]
fn an_empty_list_without_imports_and_with_a_comment() {
    check(
        "//! Migrations.\n\npub struct Migrator;\n\nimpl sea_orm_migration::MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {\n        vec![\n            // The next one goes here.\n        ]\n    }\n}\n",
        None,
        &expect![[r#"
            //! Migrations.

            mod m20261120_143000_add_email;

            pub struct Migrator;

            impl sea_orm_migration::MigratorTrait for Migrator {
                fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
                    vec![
                        // The next one goes here.
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
                }
            }
        "#]],
    );
}

#[test]
fn a_list_over_many_lines() {
    check_list(
        "vec![\n            Box::new(m20220101_000001_a::Migration),\n            Box::new(m20220102_000001_b::Migration),\n        ]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220101_000001_a::Migration),
                        Box::new(m20220102_000001_b::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
        "#]],
    );
}

#[test]
fn after_a_parent_that_is_not_the_last() {
    check_list(
        "vec![\n            Box::new(m20220101_000001_a::Migration),\n            Box::new(m20220102_000001_b::Migration),\n        ]",
        Some("m20220101_000001_a"),
        &expect![[r#"
                    vec![
                        Box::new(m20220101_000001_a::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                        Box::new(m20220102_000001_b::Migration),
                    ]
        "#]],
    );
}

#[test]
fn no_comma_at_the_end() {
    check_list(
        "vec![\n            Box::new(m20220101_000001_a::Migration),\n            Box::new(m20220102_000001_b::Migration)\n        ]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220101_000001_a::Migration),
                        Box::new(m20220102_000001_b::Migration),
                        Box::new(m20261120_143000_add_email::Migration)
                    ]
        "#]],
    );
    check_list(
        "vec![\n            Box::new(m20220101_000001_a::Migration),\n            Box::new(m20220102_000001_b::Migration) // the last\n        ]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220101_000001_a::Migration),
                        Box::new(m20220102_000001_b::Migration), // the last
                        Box::new(m20261120_143000_add_email::Migration)
                    ]
        "#]],
    );
}

#[test]
fn comments_stay_where_they_are() {
    check_list(
        "vec![\n            // First.\n            Box::new(m20220101_000001_a::Migration), // a\n            /* second */ Box::new(m20220102_000001_b::Migration), /* b */\n            // Box::new(m20220103_000001_c::Migration),\n        ]",
        None,
        &expect![[r#"
                    vec![
                        // First.
                        Box::new(m20220101_000001_a::Migration), // a
                        /* second */ Box::new(m20220102_000001_b::Migration), /* b */
                        Box::new(m20261120_143000_add_email::Migration),
                        // Box::new(m20220103_000001_c::Migration),
                    ]
        "#]],
    );
}

#[test]
fn a_line_with_several() {
    check_list(
        "vec![\n            Box::new(m20220101_000001_a::Migration), Box::new(m20220102_000001_b::Migration),\n        ]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220101_000001_a::Migration), Box::new(m20220102_000001_b::Migration), Box::new(m20261120_143000_add_email::Migration),
                    ]
        "#]],
    );
    check_list(
        "vec![Box::new(m20220101_000001_a::Migration),\n             Box::new(m20220102_000001_b::Migration)]",
        None,
        &expect![[r#"
                    vec![Box::new(m20220101_000001_a::Migration),
                         Box::new(m20220102_000001_b::Migration),
                         Box::new(m20261120_143000_add_email::Migration)]
        "#]],
    );
}

#[test]
fn a_list_that_is_too_wide_for_one_line_becomes_many() {
    check_list(
        "vec![Box::new(m20220102_000001_b::Migration)]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220102_000001_b::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
        "#]],
    );
    check_list(
        "vec![Box::new(\n            m20220102_000001_b_with_a_name_that_is_too_wide_for_it::Migration,\n        )]",
        None,
        &expect![[r#"
                    vec![
                        Box::new(m20220102_000001_b_with_a_name_that_is_too_wide_for_it::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
        "#]],
    );
}

#[test]
fn conditions_and_constructor_arguments() {
    check_list(
        "vec![\n            #[cfg(feature = \"a\")]\n            Box::new(m20220101_000001_a::Migration { size: vec![1, 2].len() }),\n            Box::new(m20220102_000001_b::Migration::new(\"x, y\", [1, 2])),\n        ]",
        None,
        &expect![[r#"
                    vec![
                        #[cfg(feature = "a")]
                        Box::new(m20220101_000001_a::Migration { size: vec![1, 2].len() }),
                        Box::new(m20220102_000001_b::Migration::new("x, y", [1, 2])),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
        "#]],
    );
}

#[test]
fn another_crates_migrations_and_a_tail_that_is_not_the_list() {
    check_list(
        "let mut list: Vec<Box<dyn MigrationTrait>> = vec![\n            Box::new(m20220101_000001_a::Migration),\n            Box::new(queue::m20200101_000001_jobs::Migration),\n        ];\n        list.extend(queue::Migrator::migrations());\n        list",
        None,
        &expect![[r#"
                    let mut list: Vec<Box<dyn MigrationTrait>> = vec![
                        Box::new(m20220101_000001_a::Migration),
                        Box::new(queue::m20200101_000001_jobs::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ];
                    list.extend(queue::Migrator::migrations());
                    list
        "#]],
    );
}

#[test]
fn visibility_attributes_and_comments_of_mod_lines() {
    check(
        "#![allow(clippy::all)]\nuse sea_orm_migration::prelude::*;\n\n/// The first.\npub(crate) mod m0001_accounts; // keep\n#[cfg(feature = \"b\")]\npub mod m0002_books;\nmod util;\n\npub struct Migrator;\nimpl MigratorTrait for Migrator {\n\tfn migrations() -> Vec<Box<dyn MigrationTrait>> {\n\t\tvec![\n\t\t\tBox::new(m0001_accounts::Migration),\n\t\t\tBox::new(m0002_books::Migration),\n\t\t]\n\t}\n}\n",
        None,
        &expect![[r##"
            #![allow(clippy::all)]
            use sea_orm_migration::prelude::*;

            /// The first.
            pub(crate) mod m0001_accounts; // keep
            #[cfg(feature = "b")]
            pub mod m0002_books;
            pub mod m20261120_143000_add_email;
            mod util;

            pub struct Migrator;
            impl MigratorTrait for Migrator {
            	fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            		vec![
            			Box::new(m0001_accounts::Migration),
            			Box::new(m0002_books::Migration),
            			Box::new(m20261120_143000_add_email::Migration),
            		]
            	}
            }
        "##]],
    );
}

#[test]
fn several_lists_in_one_file() {
    check(
        "mod m0001_a;\nmod m0002_b;\n\nfn others() -> Vec<u32> {\n    vec![1, 2]\n}\n\npub struct Tenant;\nimpl MigratorTrait for Tenant {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![Box::new(m0002_b::Migration)]\n    }\n}\n\npub struct Migrator;\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        let _names = vec![\"a\"];\n        vec![Box::new(m0001_a::Migration)]\n    }\n}\n",
        None,
        &expect![[r#"
            mod m0001_a;
            mod m0002_b;
            mod m20261120_143000_add_email;

            fn others() -> Vec<u32> {
                vec![1, 2]
            }

            pub struct Tenant;
            impl MigratorTrait for Tenant {
                fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                    vec![Box::new(m0002_b::Migration)]
                }
            }

            pub struct Migrator;
            impl MigratorTrait for Migrator {
                fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                    let _names = vec!["a"];
                    vec![
                        Box::new(m0001_a::Migration),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
                }
            }
        "#]],
    );
}

#[test]
fn a_list_in_another_function_and_a_byte_order_mark() {
    check(
        "\u{feff}use m0001_a::Migration as First;\n\nmod m0001_a;\n\npub struct Migrator;\nimpl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        Self::all()\n    }\n}\nimpl Migrator {\n    // größer\n    fn all() -> Vec<Box<dyn MigrationTrait>> {\n        vec![Box::new(First)]\n    }\n}\n",
        Some("m0001_a"),
        &expect![[r#"
            ﻿use m0001_a::Migration as First;

            mod m0001_a;
            mod m20261120_143000_add_email;

            pub struct Migrator;
            impl MigratorTrait for Migrator {
                fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                    Self::all()
                }
            }
            impl Migrator {
                // größer
                fn all() -> Vec<Box<dyn MigrationTrait>> {
                    vec![
                        Box::new(First),
                        Box::new(m20261120_143000_add_email::Migration),
                    ]
                }
            }
        "#]],
    );
}

#[test]
fn what_is_not_understood_is_refused_with_the_lines_to_add() {
    let migrator =
        |body: &str| format!("mod a;\nimpl MigratorTrait for Migrator {{ fn migrations() -> V {{ {body} }} }}\n");
    check_refused("pub struct Migrator;\n", None, "there is no `fn migrations()` in the file");
    check_refused("not rust at all", None, "line 1: expected `!`");
    check_refused(&migrator("Vec::new()"), None, "`fn migrations()` has no `vec![…]`");
    check_refused(
        &migrator("[vec![Box::new(a::M)], vec![Box::new(b::M)]].concat()"),
        None,
        "`fn migrations()` has several `vec![…]`, and none of them is its result",
    );
    check_refused(
        &migrator("vec![Box::new(elsewhere::m1::M)]"),
        None,
        "no `mod` of a registered migration stands in the file",
    );
    let after = "b, which it follows, is not in the list of migrations()";
    check_refused(&migrator("vec![Box::new(a::M)]"), Some("b"), after);
    let already = "m20261120_143000_add_email is in migrations() already";
    check_refused(&migrator(&format!("vec![Box::new({NEW}::M)]")), None, already);
    check_refused(
        "impl MigratorTrait for A { fn migrations() -> V { vec![] } }\nimpl MigratorTrait for B { fn migrations() -> V { vec![] } }\n",
        None,
        "line 1: several migrators have a `fn migrations()`, and none of them is named Migrator",
    );
}

#[test]
fn taking_out_what_is_not_there_is_refused() {
    let source = "mod a;\nimpl MigratorTrait for Migrator { fn migrations() -> V { vec![Box::new(a::M)] } }\n";
    let error = unregister(source, NEW).expect_err("it is not there");
    expect!["m20261120_143000_add_email is not in migrations(); change by hand: mod m20261120_143000_add_email; Box::new(m20261120_143000_add_email::Migration),"].assert_eq(&error.to_string());
}

/// Every combination of a list's length, its layout, its last comma, its comments and the place of the new element.
#[test]
fn every_layout_comes_back_byte_for_byte() {
    let mut layouts = 0;
    for length in 0..4_usize {
        for (open, gap, close) in [
            ("", " ", ""),
            (" ", " ", " "),
            ("\n            ", "\n            ", "\n        "),
            ("\n\t", "\n\t", "\n"),
            ("", "\n  ", ""),
        ] {
            for comment in ["", " // words, with a comma", " /* ] */"] {
                if comment.contains("//") && !(gap.contains('\n') && close.contains('\n')) {
                    continue;
                }
                for last_comma in ["", ","] {
                    let mut list = String::new();
                    for index in 0..length {
                        let comma = if index + 1 == length { last_comma } else { "," };
                        let before = if index == 0 { open } else { gap };
                        // Long names, so that rustfmt would not have put several on one line.
                        list.push_str(&format!(
                            "{before}Box::new(m{index}_a_name_that_is_long_enough::Migration){comma}{comment}"
                        ));
                    }
                    if length > 0 {
                        list.push_str(close);
                    }
                    layouts += 1;
                    check_layout(&list, length);
                }
            }
        }
    }
    assert_eq!(layouts, 4 * 2 * (3 * 5 - 3));
}

fn check_layout(list: &str, length: usize) {
    let mods: String = (0..length).map(|index| format!("mod m{index}_a_name_that_is_long_enough;\n")).collect();
    let source = format!(
        "{mods}\nimpl MigratorTrait for Migrator {{\n    fn migrations() -> V {{\n        vec![{list}]\n    }}\n}}\n"
    );
    for after in 0..=length {
        let parent = (after > 0).then(|| format!("m{}_a_name_that_is_long_enough", after - 1));
        let edited = register(&source, NEW, parent.as_deref()).unwrap_or_else(|error| panic!("{error}\n{source}"));
        let back = unregister(&edited, NEW).unwrap_or_else(|error| panic!("{error}\n{edited}"));
        // One element over several lines, and one on a line that is spread, are the shapes that rustfmt does not leave.
        let is_rustfmt = length != 1 || !list.contains('\n');
        if is_rustfmt && !is_spread(&source, &edited) {
            assert_eq!(back, source, "{edited}");
        }
        let again = register(&back, NEW, parent.as_deref()).unwrap_or_else(|error| panic!("{error}\n{back}"));
        assert_eq!(unregister(&again, NEW).ok().as_ref(), Some(&back), "{again}");
    }
}

/// Whether registration had to change the layout.
fn is_spread(source: &str, edited: &str) -> bool {
    edited.lines().count() > source.lines().count() + 2
}
