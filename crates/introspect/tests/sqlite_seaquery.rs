//! SeaQuery as the judge of types: what its SQLite builder writes must be read as the type it was asked for.

use autogen_introspect::{ConnectOptions, Scope, connect, read};
use autogen_schema::{
    AutoIncrement, BlobSize, DatabaseUrl, DefaultValue, IntegerWidth, ReferentialAction, TableName, Type,
};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{
    Alias, ColumnDef, ColumnType, Expr, ExprTrait, ForeignKey, ForeignKeyAction, Index, SqliteQueryBuilder, StringLen,
    Table,
};

async fn tables(statements: &[String]) -> Vec<autogen_schema::Table> {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("a URL");
    let connection = connect(&url, &ConnectOptions::default()).await.expect("a database in memory");
    for statement in statements {
        connection.db().execute_unprepared(statement).await.expect("SQLite takes what SeaQuery writes");
    }
    let reading = read(&connection, &Scope::default()).await.expect("it can be read");
    assert_eq!(reading.notices, []);
    reading.schema.tables.into_values().collect()
}

#[tokio::test]
async fn every_type_that_seaquery_writes_is_read_as_itself() {
    let integer = Type::integer;
    let cases = [
        (ColumnType::Char(None), Type::Char { length: None }),
        (ColumnType::Char(Some(3)), Type::Char { length: Some(3) }),
        (ColumnType::String(StringLen::None), Type::Varchar { length: None }),
        (ColumnType::String(StringLen::N(40)), Type::varchar(40)),
        (ColumnType::String(StringLen::Max), Type::Varchar { length: None }),
        (ColumnType::Text, Type::text()),
        (ColumnType::Blob, Type::Blob { size: BlobSize::Regular }),
        (ColumnType::TinyInteger, integer(IntegerWidth::Tiny)),
        (ColumnType::SmallInteger, integer(IntegerWidth::Small)),
        (ColumnType::Integer, integer(IntegerWidth::Regular)),
        // SQLite's integers all hold eight bytes, and SeaQuery writes one word for the two widest.
        (ColumnType::BigInteger, integer(IntegerWidth::Regular)),
        (ColumnType::Float, Type::Float),
        (ColumnType::Double, Type::Double),
        (ColumnType::Decimal(None), Type::Decimal { precision: None }),
        (ColumnType::Decimal(Some((10, 2))), Type::Decimal { precision: Some((10, 2)) }),
        (ColumnType::DateTime, Type::DateTime { precision: None }),
        (ColumnType::Timestamp, Type::Timestamp { precision: None }),
        (ColumnType::TimestampWithTimeZone, Type::TimestampWithTimeZone { precision: None }),
        (ColumnType::Time, Type::Time { precision: None, with_time_zone: false }),
        (ColumnType::Date, Type::Date),
        (ColumnType::Binary(16), Type::Binary { length: 16 }),
        (ColumnType::VarBinary(StringLen::N(9)), Type::VarBinary { length: Some(9) }),
        (ColumnType::VarBinary(StringLen::None), Type::VarBinary { length: None }),
        (ColumnType::Boolean, Type::Boolean),
        (ColumnType::Money(None), Type::Money),
        (ColumnType::Money(Some((19, 4))), Type::other("real_money(19, 4)")),
        (ColumnType::Json, Type::Json),
        (ColumnType::JsonBinary, Type::JsonBinary),
        (ColumnType::Uuid, Type::Uuid),
        (ColumnType::custom("geometry(4326)"), Type::other("geometry(4326)")),
        (
            ColumnType::Enum { name: "mood".into(), variants: vec!["sad".into(), "glad".into()] },
            Type::other("enum_text"),
        ),
    ];
    let mut create = Table::create().table("t").to_owned();
    for (number, (asked, _)) in cases.iter().enumerate() {
        create.col(ColumnDef::new_with_type(Alias::new(format!("c{number}")), asked.clone()));
    }
    let tables = tables(&[create.to_string(SqliteQueryBuilder)]).await;
    for (number, (asked, expected)) in cases.iter().enumerate() {
        let column = tables[0].column(&format!("c{number}")).expect("every column was made");
        assert_eq!(&column.ty, expected, "{asked:?}");
        assert!(column.nullable, "{asked:?}");
    }
}

#[tokio::test]
async fn a_table_as_seaorm_makes_it_reads_as_it_was_asked_for() {
    let users = Table::create()
        .table("users")
        .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new("email").string_len(120).not_null().unique_key())
        .col(ColumnDef::new("age").integer().default(18).check(Expr::col("age").gte(0)))
        .col(ColumnDef::new("bio").text().null().default("it's me"))
        .col(ColumnDef::new("seen").timestamp_with_time_zone().default(Expr::current_timestamp()))
        .to_owned();
    let posts = Table::create()
        .table("posts")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("author").integer().not_null())
        .foreign_key(
            ForeignKey::create()
                .name("fk-posts-author")
                .from("posts", "author")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade)
                .on_update(ForeignKeyAction::SetNull),
        )
        .to_owned();
    let index = Index::create().name("idx-posts-author").table("posts").col("author").to_owned();
    let tables = tables(&[
        users.to_string(SqliteQueryBuilder),
        posts.to_string(SqliteQueryBuilder),
        index.to_string(SqliteQueryBuilder),
    ])
    .await;
    let [posts, users] = tables.as_slice() else { panic!("two tables were made") };

    assert_eq!(users.name, TableName::bare("users"));
    assert_eq!(users.columns["id"].auto_increment, Some(AutoIncrement::Keyword));
    assert_eq!(users.columns["id"].ty, Type::integer(IntegerWidth::Regular));
    assert_eq!(users.uniques[0].columns, ["email"]);
    assert_eq!(users.columns["age"].default, Some(DefaultValue::Number("18".into())));
    assert_eq!(users.checks[0].expression, r#""age" >= 0"#);
    assert_eq!(users.columns["bio"].default, Some(DefaultValue::Text("it's me".into())));
    assert_eq!(users.columns["seen"].default, Some(DefaultValue::expression("CURRENT_TIMESTAMP")));

    assert_eq!(posts.primary_key.as_ref().expect("it has a key").columns, ["id"]);
    let key = &posts.foreign_keys[0];
    // SeaQuery writes no name for a foreign key on SQLite.
    assert_eq!(key.name, None);
    assert_eq!((key.on_delete, key.on_update), (Some(ReferentialAction::Cascade), Some(ReferentialAction::SetNull)));
    assert_eq!(posts.indexes[0].name, "idx-posts-author");
    assert_eq!(posts.indexes[0].plain_columns(), Some(vec!["author"]));
}
