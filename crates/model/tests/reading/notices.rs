//! What is worth saying, with the line it is about.

use autogen_schema::NoticeKind;

use crate::project::{Project, entity, entity_with};

fn one(source: &str) -> (NoticeKind, String) {
    let notices = Project::new(&[("user.rs", source)]).notices();
    let [notice] = notices.as_slice() else { panic!("one notice was expected: {notices:?}") };
    notice.clone()
}

#[test]
fn a_misspelt_attribute_is_pointed_at() {
    let source = entity("users", "#[sea_orm(uniqe)]\n    pub name: String,");
    let message = "user.rs:7:15: unknown attribute `uniqe` on the field `name` of users; did you mean `unique`?";
    assert_eq!(one(&source), (NoticeKind::UnknownAttribute, message.to_owned()));
}

#[test]
fn an_attribute_of_nobody_is_said_to_be_ignored() {
    let source = entity("users", "").replace("table_name =", "flavour = \"sweet\", table_name =");
    let message = "user.rs:3:11: unknown attribute `flavour` on the model of users; SeaORM ignores it";
    assert_eq!(one(&source), (NoticeKind::UnknownAttribute, message.to_owned()));
}

#[test]
fn a_type_that_is_not_known_comes_with_its_remedy() {
    let source = format!("{} pub struct Point {{ x: i32 }}", entity("users", "pub at: Option<Point>,"));
    let (kind, message) = one(&source);
    assert_eq!(kind, NoticeKind::OpaqueType);
    assert_eq!(
        message,
        "user.rs:7:9: the type `Point` of users.at could not be resolved, so it is not compared; say what it is with \
         `\"crate::Point\" = \"…\"` under [types] in autogen.toml, or with `column_type`"
    );
}

#[test]
fn of_a_list_the_element_is_what_is_not_known() {
    let (_, message) = one(&entity("users", "pub at: Vec<geo::Point>,"));
    assert!(message.contains("`\"geo::Point\" = \"…\"`"), "{message}");
}

#[test]
fn a_column_type_outside_the_grammar_is_not_guessed() {
    let (kind, message) = one(&entity("users", "#[sea_orm(column_type = \"Custom(text_type())\")] pub name: String,"));
    assert_eq!(kind, NoticeKind::OpaqueType);
    assert!(message.contains("users.name"), "{message}");
}

#[test]
fn a_default_that_only_rust_can_compute_is_left_out() {
    let (kind, message) = one(&entity("users", "#[sea_orm(default_expr = \"make(7)\")] pub name: String,"));
    assert_eq!(kind, NoticeKind::NotUnderstood);
    assert!(
        message.contains("the default of users.name is Rust code that only SeaORM can run (`make(7)`)"),
        "{message}"
    );
}

#[test]
fn a_column_under_a_condition_is_left_alone() {
    let source = entity("users", "#[cfg(feature = \"geo\")] pub place: String,");
    let project = Project::new(&[("user.rs", &source)]);
    let reading = project.read();
    let table = reading.schema.tables.values().next().expect("there is one table");
    assert_eq!(table.ignored, ["place"]);
    assert!(project.notices()[0].1.contains("users.place exists only under cfg(feature=\"geo\")"));
}

#[test]
fn a_relation_to_nowhere_is_no_key() {
    let relation = "#[sea_orm(belongs_to = \"super::gone::Entity\", from = \"Column::Id\", \
                    to = \"super::gone::Column::Id\")] Gone,";
    let (kind, message) = one(&entity_with("users", "", relation));
    assert_eq!(kind, NoticeKind::NotUnderstood);
    assert!(message.contains("the relation Gone of users was not understood"), "{message}");
    assert!(message.contains("there is no entity at `super::gone::Entity`"), "{message}");
}

#[test]
fn a_relation_over_a_column_that_is_not_there_is_no_key() {
    let relation = "#[sea_orm(belongs_to = \"Entity\", from = \"Column::ParentId\", to = \"Column::Id\")] Parent,";
    let (_, message) = one(&entity_with("users", "", relation));
    assert!(message.contains("users has no column `ParentId`"), "{message}");
}

#[test]
fn a_table_named_at_run_time_is_not_read() {
    let source = "use sea_orm::entity::prelude::*;
        #[derive(DeriveEntity)] pub struct Entity { pub number: u32 }
        impl EntityName for Entity {
            fn table_name(&self) -> &'static str { match self.number { 1 => \"one\", _ => \"many\" } }
        }
        #[derive(EnumIter, DeriveColumn)] pub enum Column { Id }";
    let (kind, message) = one(source);
    assert_eq!(kind, NoticeKind::NotUnderstood);
    assert!(message.contains("the name of the table of `Entity` is made at run time"), "{message}");
}

#[test]
fn an_attribute_that_does_not_parse_is_pointed_at() {
    let (kind, message) = one(&entity("users", "#[sea_orm(default_value = )] pub name: String,"));
    assert_eq!(kind, NoticeKind::NotUnderstood);
    assert!(message.contains("the attribute of users.name does not parse"), "{message}");
}

#[test]
fn notices_come_in_the_order_of_their_places() {
    let project = Project::new(&[
        ("b.rs", &entity("b", "#[sea_orm(uniqe)] pub x: String, pub y: Unknown,")),
        ("a.rs", &entity("a", "pub z: Unknown,")),
    ]);
    let places: Vec<String> = project
        .read()
        .notices
        .iter()
        .map(|notice| notice.source.as_ref().expect("each has a place").to_string())
        .collect();
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted);
}
