//! Clauses of `extra`, and spellings of older versions.

use autogen_schema::{Check, Column, DefaultValue, Generated, GeneratedKind, ReferentialAction, Table, Type};

use crate::project::{Project, entity};

fn table(fields: &str) -> Table {
    let reading = Project::new(&[("user.rs", &entity("users", fields))]).read();
    assert!(reading.notices.is_empty(), "{:?}", reading.notices);
    reading.schema.tables.into_values().next().expect("there is one table")
}

fn column(field: &str) -> Column {
    table(field).columns["x"].clone()
}

#[test]
fn checks_become_checks_of_the_table() {
    let table = table("#[sea_orm(extra = \"CHECK (x > 0) CHECK (x < 9)\")] pub x: i32,");
    assert_eq!(table.checks, [Check::new("x > 0"), Check::new("x < 9")]);
    assert_eq!(table.columns["x"].extra, Vec::<String>::new());
}

#[test]
fn a_generated_column_is_generated() {
    let generated = Generated { expression: "a || ')'".to_owned(), kind: GeneratedKind::Stored };
    let found = column("#[sea_orm(extra = \"GENERATED ALWAYS AS (a || ')') STORED\")] pub x: String,");
    assert_eq!(found.generated, Some(generated));
}

#[test]
fn the_other_clauses_find_their_places() {
    let found = column(
        "#[sea_orm(extra = \"CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'a' COMMENT 'it''s' INVISIBLE\")] pub x: String,",
    );
    assert_eq!(found.charset.as_deref(), Some("latin1"));
    assert_eq!(found.collation.as_deref(), Some("latin1_bin"));
    assert_eq!(found.default, Some(DefaultValue::Text("a".to_owned())));
    assert_eq!(found.comment.as_deref(), Some("it's"));
    assert!(found.invisible);
}

#[test]
fn a_clause_of_update_is_no_default() {
    let found =
        column("#[sea_orm(extra = \"DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP\")] pub x: DateTime,");
    assert_eq!(found.default, Some(DefaultValue::expression("CURRENT_TIMESTAMP")));
    assert_eq!(found.on_update.as_deref(), Some("CURRENT_TIMESTAMP"));
}

#[test]
fn a_reference_is_a_foreign_key() {
    let table = table("#[sea_orm(extra = \"REFERENCES cakes(id) ON DELETE CASCADE UNIQUE\")] pub x: i32,");
    let key = &table.foreign_keys[0];
    assert_eq!(
        (key.columns.as_slice(), key.on_delete),
        (["x".to_owned()].as_slice(), Some(ReferentialAction::Cascade))
    );
    assert_eq!(key.references.name, "cakes");
    assert_eq!(table.uniques[0].columns, ["x"]);
}

#[test]
fn what_has_no_place_is_kept() {
    assert_eq!(column("#[sea_orm(extra = \"STORAGE EXTERNAL\")] pub x: String,").extra, ["STORAGE EXTERNAL"]);
}

#[test]
fn column_types_of_older_versions_are_understood() {
    let of = |text: &str| column(&format!("#[sea_orm(column_type = \"{text}\")] pub x: String,")).ty;
    let blob = Type::Blob { size: autogen_schema::BlobSize::Regular };
    assert_eq!(of("String(Some(16))"), Type::varchar(16));
    assert_eq!(of("String(None)"), Type::Varchar { length: None });
    assert_eq!(of("Binary(BlobSize::Blob(None))"), blob);
    assert_eq!(of("Binary(BlobSize::Blob(Some(20)))"), Type::Binary { length: 20 });
    assert_eq!(of("Binary(BlobSize::Long)"), Type::Blob { size: autogen_schema::BlobSize::Long });
    assert_eq!(of("VarBinary(16)"), Type::VarBinary { length: Some(16) });
    assert_eq!(of("Custom(\\\"geometry\\\".to_owned())"), Type::other("geometry"));
    assert_eq!(of("Custom(SeaRc::new(Alias::new(\\\"box\\\")))"), Type::other("box"));
}

#[test]
fn expressions_for_defaults_are_understood_in_all_spellings() {
    let of = |text: &str| column(&format!("#[sea_orm(default_expr = \"{text}\")] pub x: String,")).default;
    let expression = |sql: &str| Some(DefaultValue::expression(sql));
    assert_eq!(of("SimpleExpr::Keyword(Keyword::CurrentTimestamp)"), expression("CURRENT_TIMESTAMP"));
    assert_eq!(of("Expr::current_timestamp().into()"), expression("CURRENT_TIMESTAMP"));
    assert_eq!(of("SimpleExpr::Custom(\\\"now()\\\".to_owned())"), expression("now()"));
    assert_eq!(of("Expr::custom_keyword(Alias::new(\\\"LOCALTIME\\\"))"), expression("LOCALTIME"));
    assert_eq!(of("Func::cust(Alias::new(\\\"uuid_v7\\\"))"), expression("uuid_v7()"));
    assert_eq!(of("Value::from(\\\"a\\\")"), Some(DefaultValue::Text("a".to_owned())));
    assert_eq!(of("SimpleExpr::Value(Value::Int(Some(5)))"), Some(DefaultValue::Number("5".to_owned())));
}
