//! What names of types mean.

use crate::project::{Project, entity, entity_with, manifest};

fn columns(schema: &str) -> String {
    let lines = schema.lines().filter(|line| line.contains(": ") && !line.contains("  id:"));
    lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join(", ")
}

#[test]
fn types_of_a_neighbour_crate_are_found() {
    let project = Project::new(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"entity\", \"ids\"]\n[workspace.dependencies]\nmy-ids = { path = \"ids\" }\n",
        ),
        (
            "entity/Cargo.toml",
            &manifest("entity", "my-ids.workspace = true\nshort = { package = \"longer-name\", path = \"../other\" }"),
        ),
        ("entity/src/lib.rs", &entity("users", "pub a: my_ids::UserId, pub b: my_ids::Email, pub c: short::Kind,")),
        ("ids/Cargo.toml", &manifest("my-ids", "")),
        ("ids/src/lib.rs", "mod user; pub use user::*; #[derive(DeriveValueType)] pub struct Email(pub String);"),
        ("ids/src/user.rs", "#[derive(DeriveValueType)] pub struct UserId(pub i64);"),
        ("other/Cargo.toml", &manifest("longer-name", "")),
        (
            "other/src/lib.rs",
            "#[derive(DeriveActiveEnum)] #[sea_orm(rs_type = \"i32\", db_type = \"Integer\")] pub enum Kind { A = 1 }",
        ),
    ])
    .entities(&["entity"]);
    assert_eq!(columns(&project.schema()), "a: bigint, b: varchar, c: integer");
}

#[test]
fn a_binary_finds_the_types_of_its_library() {
    let project = Project::new(&[
        ("Cargo.toml", &manifest("shop", "")),
        ("src/lib.rs", "#[derive(DeriveValueType)] pub struct Price(pub i64);"),
        ("src/main.rs", &entity("items", "pub price: shop::Price,")),
    ]);
    assert_eq!(columns(&project.schema()), "price: bigint");
}

#[test]
fn a_framework_may_re_export_the_prelude() {
    let source = entity("users", "pub a: Uuid, pub b: DateTimeWithTimeZone, pub c: Option<Json>,")
        .replace("use sea_orm::entity::prelude::*;", "use framework::db::sea_orm::prelude::*; use other::prelude::*;");
    let project = Project::new(&[("user.rs", &source)]);
    assert_eq!(columns(&project.schema()), "a: uuid, b: timestamptz, c: json null");
}

#[test]
fn a_crate_may_be_called_something_else() {
    let source = entity("users", "pub a: orm::prelude::Uuid,").replace("use sea_orm::", "use orm::");
    let manifest = "[package]\nname = \"x\"\n[dependencies]\norm = { package = \"sea-orm\", version = \"2\" }\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", &source)]);
    assert_eq!(columns(&project.schema()), "a: uuid");
}

#[test]
fn types_reached_through_other_crates_are_known() {
    let fields = "pub a: sqlx::types::chrono::NaiveDate, pub b: sea_orm::prelude::chrono::DateTime<Utc>, \
                  pub c: jiff::civil::DateTime, pub d: jiff::Timestamp, pub e: pgvector::Vector, \
                  pub f: mac_address::MacAddress, pub g: std::borrow::Cow<'static, str>, pub h: ::uuid::Uuid, \
                  pub i: std::string::String, pub j: char,";
    let project = Project::new(&[("user.rs", &entity("users", fields))]);
    assert_eq!(
        columns(&project.schema()),
        "a: date, b: timestamptz, c: timestamp, d: timestamptz, e: vector, f: macaddr, g: varchar, h: uuid, \
         i: varchar, j: char"
    );
}

#[test]
fn relations_lead_into_other_crates() {
    let relation = "#[sea_orm(belongs_to = \"people::user::Entity\", from = \"Column::UserId\", \
                    to = \"people::user::Column::Id\")] User,";
    let project = Project::new(&[
        ("shop/Cargo.toml", &manifest("shop", "people = { path = \"../people\" }")),
        ("shop/src/lib.rs", &entity_with("orders", "pub user_id: i32,", relation)),
        ("people/Cargo.toml", &manifest("people", "")),
        ("people/src/lib.rs", "pub mod user;"),
        ("people/src/user.rs", &entity("users", "")),
    ])
    .entities(&["shop"]);
    let schema = project.schema();
    assert!(schema.contains("(user_id) refers to users (id)"), "{schema}");
    assert!(!schema.contains("\nusers"), "only what was asked for: {schema}");
}

#[test]
fn configuration_says_what_cannot_be_known() {
    let fields = "pub a: geo::Point, pub b: Vec<geo::Point>, pub c: Own, pub d: Option<other::Thing>,";
    let source = format!("{} pub struct Own;", entity("places", fields));
    let project = Project::new(&[("Cargo.toml", &manifest("places", "")), ("src/lib.rs", &source)])
        .with_type("geo::Point", "geometry(point)")
        .with_type("crate::Own", "varchar(40)")
        .with_type("other::Thing", "JsonBinary");
    assert_eq!(columns(&project.schema()), "a: geometry(point), b: geometry(point)[], c: varchar(40), d: jsonb null");
}

#[test]
fn circles_of_aliases_and_imports_end() {
    let source = format!(
        "mod x {{ pub use super::y::Thing; }} mod y {{ pub use super::x::Thing; }} \
         type A = B; type B = A; {}",
        entity("users", "pub a: A, pub b: x::Thing,")
    );
    let project = Project::new(&[("user.rs", &source)]);
    assert_eq!(project.notices().len(), 2);
}

#[test]
fn a_macro_of_a_neighbour_crate_declares_types() {
    let rules = "#[macro_export] macro_rules! id_type { ($name:ident) => { #[derive(DeriveValueType)] pub struct $name(pub i32); }; }";
    let source = format!(
        "use ids::id_type; id_type!(UserId); ids::id_type!(GroupId); {}",
        entity("users", "pub a: UserId, pub b: GroupId,")
    );
    let project = Project::new(&[
        ("entity/Cargo.toml", &manifest("entity", "ids = { path = \"../ids\" }")),
        ("entity/src/lib.rs", &source),
        ("ids/Cargo.toml", &manifest("ids", "")),
        ("ids/src/lib.rs", rules),
    ])
    .entities(&["entity"]);
    assert_eq!(columns(&project.schema()), "a: integer, b: integer");
}
