//! What differs between versions of SeaORM, and how the version is found.

use autogen_model::SeaOrmVersion;
use autogen_schema::{AutoIncrement, Type};

use crate::project::{Project, entity, manifest};

const SHADOWED: &str = "#[derive(DeriveValueType)] pub struct Uuid(pub String);";

fn code_type(version: SeaOrmVersion) -> Type {
    let mut project = Project::new(&[("user.rs", &format!("{SHADOWED} {}", entity("users", "pub code: Uuid,")))]);
    project.options.sea_orm = Some(version);
    project.read().schema.tables.values().next().expect("there is one table").columns["code"].ty.clone()
}

#[test]
fn version_1_goes_by_the_text_of_a_type_and_version_2_by_its_meaning() {
    assert_eq!(code_type(SeaOrmVersion::V1), Type::Uuid);
    assert_eq!(code_type(SeaOrmVersion::V2), Type::Varchar { length: None });
}

#[test]
fn a_key_of_text_is_never_numbered_and_version_1_would_try() {
    let source = entity("users", "").replace("pub id: i32", "pub id: String");
    let mut project = Project::new(&[("user.rs", &source)]);
    assert!(project.notices().is_empty());
    project.options.sea_orm = Some(SeaOrmVersion::V1);
    let reading = project.read();
    let table = reading.schema.tables.values().next().expect("there is one table");
    assert_eq!(table.columns["id"].auto_increment, None::<AutoIncrement>);
    assert!(reading.notices[0].message.contains("SeaORM would number the primary key users.id"));
}

fn found(manifest: &str, others: &[(&str, &str)]) -> SeaOrmVersion {
    let source = entity("users", "");
    let mut files = vec![("app/Cargo.toml", manifest), ("app/src/lib.rs", source.as_str())];
    files.extend(others);
    Project::new(&files).entities(&["app"]).read().sea_orm
}

#[test]
fn the_version_is_read_from_the_manifest() {
    let with = |version: &str| format!("[package]\nname = \"app\"\n[dependencies]\nsea-orm = {version}\n");
    assert_eq!(found(&with("\"1.1\""), &[]), SeaOrmVersion::V1);
    assert_eq!(found(&with("\"^0.12\""), &[]), SeaOrmVersion::V1);
    assert_eq!(found(&with("{ version = \"~2.0.0-rc.4\", features = [] }"), &[]), SeaOrmVersion::V2);
    assert_eq!(found(&with("{ git = \"https://example.org\" }"), &[]), SeaOrmVersion::V2);
}

#[test]
fn the_version_is_inherited_from_the_workspace() {
    let app = "[package]\nname = \"app\"\n[dependencies]\nsea-orm = { workspace = true }\n";
    let workspace = "[workspace]\nmembers = [\"app\"]\n[workspace.dependencies]\nsea-orm = \"1.1\"\n";
    assert_eq!(found(app, &[("Cargo.toml", workspace)]), SeaOrmVersion::V1);
}

#[test]
fn a_lock_knows_better_than_a_manifest() {
    let lock = "[[package]]\nname = \"sea-orm\"\nversion = \"1.1.20\"\n";
    assert_eq!(found(&manifest("app", ""), &[("Cargo.lock", lock)]), SeaOrmVersion::V1);
}

#[test]
fn a_lock_with_two_versions_leaves_it_to_the_manifest() {
    let lock =
        "[[package]]\nname = \"sea-orm\"\nversion = \"1.1.20\"\n[[package]]\nname = \"sea-orm\"\nversion = \"2.0.4\"\n";
    assert_eq!(found(&manifest("app", ""), &[("Cargo.lock", lock)]), SeaOrmVersion::V2);
}

#[test]
fn version_1_indexes_a_unique_column_that_says_so() {
    let mut project = Project::new(&[("user.rs", &entity("users", "#[sea_orm(unique, indexed)] pub name: String,"))]);
    assert!(!project.schema().contains("index"));
    project.options.sea_orm = Some(SeaOrmVersion::V1);
    assert!(project.schema().contains("index idx-users-name (name)"));
}
