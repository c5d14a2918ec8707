//! Several entities of one table, renames, and where things come from.

use autogen_schema::{NoticeKind, Rename, TableName};

use crate::project::{Project, entity, entity_with, text};

#[test]
fn entities_of_one_table_are_joined() {
    let relation = "#[sea_orm(belongs_to = \"Entity\", from = \"Column::Id\", to = \"Column::Id\")] Itself,";
    let project = Project::new(&[
        ("a.rs", &entity_with("users", "pub name: String, #[sea_orm(indexed)] pub email: String,", relation)),
        ("b.rs", &entity_with("users", "#[sea_orm(unique)] pub email: String, pub age: i32,", relation)),
    ]);
    assert_eq!(
        project.schema(),
        "users\n  id: integer numbered\n  name: varchar\n  email: varchar\n  age: integer\n  key (id)\n  \
         unique (email)\n  index idx-users-email (email)\n  (id) refers to users (id)\n"
    );
}

#[test]
fn a_sibling_s_column_beats_a_field_that_is_ignored() {
    let project = Project::new(&[
        ("a.rs", &entity("users", "#[sea_orm(ignore)] pub name: String, #[sea_orm(ignore)] pub cache: String,")),
        ("b.rs", &entity("users", "pub name: String,")),
    ]);
    let schema = project.schema();
    assert!(schema.contains("name: varchar") && schema.contains("leaves alone cache\n"), "{schema}");
}

#[test]
fn siblings_that_disagree_on_null_are_mentioned_with_both_places() {
    let project = Project::new(&[
        ("a.rs", &entity("users", "pub name: String,")),
        ("b.rs", &entity("users", "pub name: Option<String>,")),
    ]);
    let notices = project.notices();
    let message = "b.rs:7:9: users.name is nullable at b.rs:7:9 and required at a.rs:7:9; it is read as nullable";
    assert_eq!(notices, [(NoticeKind::EntityConflict, message.to_owned())]);
    assert!(text(&project.read().schema).contains("name: varchar null"));
}

#[test]
fn siblings_that_contradict_each_other_on_a_type_are_an_error_with_both_places() {
    let project = Project::new(&[
        ("a.rs", &entity("users", "pub age: i32, pub name: String,")),
        ("b.rs", &entity("users", "pub age: i64, pub name: i32,")),
    ]);
    assert_eq!(
        project.error(),
        "b.rs:7:9: users.age is integer in one entity and bigint in another (a.rs:7:9 and b.rs:7:9); make them agree \
         or exclude one of the files\n\
         b.rs:7:23: users.name is varchar in one entity and integer in another (a.rs:7:23 and b.rs:7:23); make them \
         agree or exclude one of the files"
    );
}

#[test]
fn a_type_that_is_said_beats_one_that_is_implied() {
    let said = entity("users", "#[sea_orm(column_type = \"Text\")] pub name: String,");
    let implied = entity("users", "pub name: String,");
    for (a, b) in [(&said, &implied), (&implied, &said)] {
        let project = Project::new(&[("a.rs", a), ("b.rs", b)]);
        assert!(project.schema().contains("name: text"));
    }
}

#[test]
fn two_types_that_are_said_must_agree() {
    let one = entity("users", "#[sea_orm(column_type = \"Text\")] pub name: String,");
    let other = entity("users", "#[sea_orm(column_type = \"Char(None)\")] pub name: String,");
    let project = Project::new(&[("a.rs", &one), ("b.rs", &other)]);
    assert!(project.error().contains("users.name is text in one entity and char in another"));
}

#[test]
fn a_table_in_two_schemas_is_two_tables() {
    let other = entity("users", "pub x: i64,").replace("table_name =", "schema_name = \"app\", table_name =");
    let project = Project::new(&[("a.rs", &entity("users", "pub x: i32,")), ("b.rs", &other)]);
    assert_eq!(project.tables(), ["users", "app.users"]);
}

#[test]
fn renames_are_handed_on() {
    let source = entity("users", "#[sea_orm(renamed_from = \"nick\")] pub name: String,")
        .replace("table_name =", "renamed_from = \"people\", table_name =");
    let reading = Project::new(&[("a.rs", &source)]).read();
    let users = TableName::bare("users");
    assert_eq!(
        reading.renames,
        [
            Rename::Table { from: TableName::bare("people"), to: users.clone() },
            Rename::Column { table: users, from: "nick".to_owned(), to: "name".to_owned() },
        ]
    );
    assert!(reading.notices.is_empty());
}

#[test]
fn everything_knows_where_it_comes_from() {
    let relation = "\n#[sea_orm(belongs_to = \"Entity\", from = \"Column::ParentId\", to = \"Column::Id\")]\nParent,";
    let source = entity_with("users", "#[sea_orm(unique)]\n    pub name: String,\n    pub parent_id: i32,", relation);
    let reading = Project::new(&[("deep/user.rs", &source)]).read();
    let table = reading.schema.tables.values().next().expect("there is one table");
    let place = |origin: &autogen_schema::Origin| origin.place().expect("it has a place").to_string();
    assert_eq!(place(&table.origin), "deep/user.rs:4:12");
    assert_eq!(place(&table.columns["name"].origin), "deep/user.rs:8:9");
    assert_eq!(place(&table.uniques[0].origin), "deep/user.rs:8:9");
    assert_eq!(place(&table.primary_key.as_ref().expect("there is a key").origin), "deep/user.rs:6:9");
    assert_eq!(place(&table.foreign_keys[0].origin), "deep/user.rs:14:1");
}

#[test]
fn enums_of_one_name_that_disagree_are_mentioned() {
    let kind = |labels: &str| {
        format!(
            "{} #[derive(EnumIter, DeriveActiveEnum)] #[sea_orm(rs_type = \"String\", db_type = \"Enum\", \
             enum_name = \"kind\", rename_all = \"lowercase\")] pub enum Kind {{ {labels} }}",
            entity("t", "pub kind: Kind,")
        )
    };
    let other = kind("A, C").replace("table_name = \"t\"", "table_name = \"u\"");
    let project = Project::new(&[("a.rs", &kind("A, B")), ("b.rs", &other)]);
    let notices = project.notices();
    assert_eq!((notices.len(), notices[0].0), (1, NoticeKind::EntityConflict));
    assert!(notices[0].1.contains("the enum type kind has other labels at b.rs:"), "{}", notices[0].1);
}
