//! Which files are read, and how modules are followed.

use autogen_schema::NoticeKind;

use crate::project::{Project, entity, manifest};

fn lib(mods: &str) -> (&'static str, String) {
    ("src/lib.rs", mods.to_owned())
}

fn project(files: &[(&str, String)]) -> Project {
    let manifest = ("Cargo.toml", manifest("entity", ""));
    let files: Vec<(&str, &str)> =
        std::iter::once(&manifest).chain(files).map(|(path, text)| (*path, text.as_str())).collect();
    Project::new(&files)
}

#[test]
fn modules_are_followed_through_files_and_folders() {
    let project = project(&[
        lib("mod a; mod b; mod c { mod d; }"),
        ("src/a.rs", "pub mod inner;".to_owned()),
        ("src/a/inner.rs", entity("in_a", "")),
        ("src/b/mod.rs", "pub mod inner;".to_owned()),
        ("src/b/inner.rs", entity("in_b", "")),
        ("src/c/d.rs", entity("in_c", "")),
    ]);
    assert_eq!(project.tables(), ["in_a", "in_b", "in_c"]);
}

#[test]
fn path_attributes_lead_where_the_compiler_goes() {
    let project = project(&[
        lib("#[path = \"elsewhere/one.rs\"] mod a; mod b; mod c { #[path = \"three.rs\"] mod d; }"),
        ("src/elsewhere/one.rs", format!("mod below; {}", entity("one", ""))),
        ("src/elsewhere/below.rs", entity("below", "")),
        ("src/b.rs", "#[path = \"two.rs\"] mod x;".to_owned()),
        ("src/two.rs", entity("two", "")),
        ("src/c/three.rs", entity("three", "")),
    ]);
    assert_eq!(project.tables(), ["below", "one", "three", "two"]);
}

#[test]
fn a_file_that_no_module_reaches_is_mentioned_and_not_read() {
    let project = project(&[lib("mod a;"), ("src/a.rs", entity("a", "")), ("src/stale.rs", entity("stale", ""))]);
    assert_eq!(project.tables(), ["a"]);
    let notices = project.notices();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].0, NoticeKind::OrphanFile);
    assert!(notices[0].1.starts_with("src/stale.rs:1:1: no `mod` reaches this file"), "{}", notices[0].1);
}

#[test]
fn modules_that_a_foreign_macro_declares_are_read_where_the_file_is_there() {
    let project = project(&[
        lib("framework::entities! { user, post, missing }"),
        ("src/user.rs", entity("users", "")),
        ("src/post.rs", entity("posts", "")),
    ]);
    assert_eq!(project.tables(), ["posts", "users"]);
    assert!(project.notices().is_empty());
}

#[test]
fn modules_that_an_own_macro_declares_are_read() {
    let project = project(&[
        lib("macro_rules! tables { ($($name:ident),*) => { $(pub mod $name;)* }; } tables!(user, post);"),
        ("src/user.rs", entity("users", "")),
        ("src/post.rs", entity("posts", "")),
    ]);
    assert_eq!(project.tables(), ["posts", "users"]);
}

#[test]
fn copies_in_tests_examples_and_migrations_are_left_out() {
    let project = project(&[
        lib("mod user; mod migrations; mod tests; #[cfg(test)] mod mocks;"),
        ("src/user.rs", entity("users", "")),
        ("src/migrations/mod.rs", "mod m1;".to_owned()),
        ("src/migrations/m1.rs", entity("users", "pub old: String,")),
        ("src/tests/mod.rs", "mod mock;".to_owned()),
        ("src/tests/mock.rs", entity("mock", "")),
        ("src/mocks.rs", entity("mocks", "")),
        ("examples/one.rs", entity("example", "")),
        ("benches/one.rs", entity("bench", "")),
    ]);
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn files_are_excluded_by_globs() {
    let project = project(&[
        lib("mod user; mod legacy;"),
        ("src/user.rs", entity("users", "")),
        ("src/legacy/mod.rs", "mod old;".to_owned()),
        ("src/legacy/old.rs", entity("old", "")),
    ])
    .exclude("src/legacy/**");
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn a_glob_that_is_none_is_an_error() {
    let project = project(&[lib("")]).exclude("a[");
    assert!(project.error().contains("`a[` in `exclude` is no glob"), "{}", project.error());
}

#[test]
fn a_folder_inside_a_crate_is_read_through_the_root_of_the_crate() {
    let project = project(&[
        lib("mod entities; mod types;"),
        ("src/types.rs", "#[derive(sea_orm::DeriveValueType)] pub struct Price(pub i64);".to_owned()),
        ("src/entities/mod.rs", "mod item;".to_owned()),
        ("src/entities/item.rs", entity("items", "pub price: crate::types::Price,")),
        ("src/other.rs", entity("others", "")),
    ])
    .entities(&["src/entities"]);
    assert_eq!(project.schema(), "items\n  id: integer numbered\n  price: bigint\n  key (id)\n");
}

#[test]
fn a_folder_without_a_root_file_is_read_whole() {
    let project = Project::new(&[
        ("models/user.rs", &entity("users", "")),
        ("models/deep/post.rs", &entity("posts", "")),
        ("models/tests/mock.rs", &entity("mock", "")),
        ("other/more.rs", &entity("more", "")),
    ])
    .entities(&["models"]);
    assert_eq!(project.tables(), ["posts", "users"]);
}

#[test]
fn a_single_file_can_be_read() {
    let project = Project::new(&[("user.rs", &entity("users", "")), ("post.rs", &entity("posts", ""))]);
    assert_eq!(project.entities(&["user.rs"]).tables(), ["users"]);
}

#[test]
fn a_workspace_is_all_its_crates_without_the_migrations() {
    let migration = manifest("migration", "sea-orm-migration = \"2\"");
    let project = Project::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"migrate\"]\n"),
        ("crates/a/Cargo.toml", &manifest("a", "")),
        ("crates/a/src/lib.rs", &entity("in_a", "")),
        ("crates/b/Cargo.toml", &manifest("b", "")),
        ("crates/b/src/main.rs", &format!("{} fn main() {{}}", entity("in_b", ""))),
        ("crates/app/Cargo.toml", &manifest("app", "sea-orm-migration = \"2\"")),
        ("crates/app/src/lib.rs", &entity("in_app", "")),
        ("migrate/Cargo.toml", &migration),
        ("migrate/src/lib.rs", &entity("in_migration", "")),
    ]);
    assert_eq!(project.tables(), ["in_a", "in_app", "in_b"]);
}

#[test]
fn a_library_and_a_binary_of_one_crate_are_read_once() {
    let project = project(&[
        lib("pub mod user;"),
        ("src/main.rs", "mod user; mod local; fn main() {}".to_owned()),
        ("src/user.rs", entity("users", "")),
        ("src/local.rs", entity("local", "")),
    ]);
    let reading = project.read();
    assert_eq!((reading.entities, reading.schema.tables.len()), (2, 2));
}

#[test]
fn the_root_file_may_have_another_name() {
    let manifest = "[package]\nname = \"x\"\n[lib]\nname = \"entities\"\npath = \"all.rs\"\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("all.rs", &entity("users", ""))]);
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn several_paths_are_one_schema() {
    let project = Project::new(&[("a/user.rs", &entity("users", "")), ("b/post.rs", &entity("posts", ""))]);
    assert_eq!(project.entities(&["a", "b", "a/user.rs"]).tables(), ["posts", "users"]);
}

#[test]
fn a_path_that_is_missing_is_named() {
    let project = project(&[lib("")]).entities(&["entities", "models"]);
    let error = project.error();
    assert_eq!(error.lines().count(), 2);
    assert!(error.starts_with("there is nothing at entities; set `entities` in autogen.toml"), "{error}");
}

#[test]
fn a_module_without_a_file_is_an_error_with_its_place() {
    let project = project(&[
        lib("mod user;\n  mod gone;\n#[cfg(feature = \"x\")] mod optional;"),
        ("src/user.rs", entity("users", "")),
    ]);
    assert_eq!(
        project.error(),
        "src/lib.rs:2:7: there is no file for `mod gone`; create src/gone.rs or remove the line"
    );
}

#[test]
fn a_broken_file_elsewhere_in_the_crate_does_not_matter() {
    let project = project(&[
        lib("mod entities; mod broken; mod gone;"),
        ("src/broken.rs", "fn half(".to_owned()),
        ("src/entities/mod.rs", entity("users", "")),
    ])
    .entities(&["src/entities"]);
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn modules_in_a_circle_are_read_once() {
    let project = project(&[
        lib("mod a;"),
        ("src/a.rs", format!("#[path = \"b.rs\"] mod b; {}", entity("a", ""))),
        ("src/b.rs", format!("#[path = \"a.rs\"] mod a; {}", entity("b", ""))),
    ]);
    let reading = project.read();
    assert_eq!((reading.entities, reading.schema.tables.len()), (2, 2));
}

#[test]
fn entities_inside_inline_modules_are_found() {
    let project = project(&[lib(&format!("mod db {{ pub mod user {{ {} }} }}", entity("users", "")))]);
    assert_eq!(project.tables(), ["users"]);
}

#[test]
fn an_entity_derived_under_a_feature_is_an_entity() {
    let source = entity("users", "").replace(
        "#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n#[sea_orm(table_name = \"users\")]",
        "#[cfg_attr(feature = \"orm\", derive(DeriveEntityModel), sea_orm(table_name = \"users\"))]",
    );
    assert_eq!(project(&[lib("mod user;"), ("src/user.rs", source)]).tables(), ["users"]);
}
