//! A real PostgreSQL server says how it writes an expression.

mod postgres_support;

use autogen_introspect::{Connection, Error, Expression, respell};
use autogen_schema::{DefaultValue, TableName};
use postgres_support::{column, execute, on_database, open, reading, table};

const TABLE: &str = r#"
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (id serial PRIMARY KEY, name varchar(20), mood mood, age integer, at timestamptz, data jsonb,
    "Odd ""name" text);
"#;

async fn check(connection: &Connection, asked: Expression, spelled: Expression) {
    let table = TableName::qualified("public", "users");
    let answer = respell(connection, &table, &[asked, spelled.clone()]).await.expect("the server answers");
    assert_eq!(answer, [Ok(spelled.clone()), Ok(spelled)], "the second is spelled already");
}

fn default(column: &str, value: DefaultValue) -> Expression {
    Expression::Default { column: column.to_owned(), value }
}

#[tokio::test]
async fn expressions_come_back_in_the_servers_words() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, TABLE).await;
        for (asked, spelled) in [
            ("age in (1,2)", "age = ANY (ARRAY[1, 2])"),
            ("age between 1 and 9", "(age >= 1) AND (age <= 9)"),
            ("users.age>0", "age > 0"),
            ("(((age > 0)))", "age > 0"),
            (r#""Odd ""name" <> ''"#, r#""Odd ""name" <> ''::text"#),
        ] {
            check(&connection, Expression::Check(asked.into()), Expression::Check(spelled.into())).await;
        }
        let predicate = |sql: &str| Expression::Predicate(sql.to_owned());
        check(&connection, predicate("mood = 'ok'"), predicate("mood = 'ok'::mood")).await;
        let key = |sql: &str| Expression::IndexKey(sql.to_owned());
        check(&connection, key("LOWER(name)"), key("lower((name)::text)")).await;
        let generated = |sql: &str| Expression::Generated { column: "age".to_owned(), sql: sql.to_owned() };
        check(&connection, generated("id*2"), generated("id * 2")).await;
    })
    .await;
}

#[tokio::test]
async fn defaults_come_back_as_the_reader_gives_them() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, TABLE).await;
        let (text, sql) = (|text: &str| DefaultValue::Text(text.to_owned()), |sql: &str| DefaultValue::expression(sql));
        for (column, asked, spelled) in [
            ("name", sql("'x'::varchar"), text("x")),
            ("name", text(r"it's \"), text(r"it's \")),
            ("mood", sql("'ok'"), text("ok")),
            ("age", sql("'7'"), DefaultValue::Number("7".into())),
            ("age", DefaultValue::Number("-1".into()), DefaultValue::Number("-1".into())),
            ("at", sql("CURRENT_TIMESTAMP"), sql("CURRENT_TIMESTAMP")),
            ("at", sql("now()+interval '1 day'"), sql("now() + '1 day'::interval")),
            ("data", text("{}"), sql("'{}'::jsonb")),
            ("age", DefaultValue::Null, DefaultValue::Null),
        ] {
            check(&connection, default(column, asked), default(column, spelled)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_reader_gives_is_spelled_already() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, TABLE).await;
        execute(
            &connection,
            "ALTER TABLE users ADD CHECK (age IN (1, 2)), ALTER name SET DEFAULT upper('x') || 'y';
             CREATE INDEX i ON users ((age + 1)) WHERE name LIKE 'a%'",
        )
        .await;
        let reading = reading(&connection).await;
        let users = table(&reading, "users");
        let name = column(&reading, "users", "name").default.clone().expect("it has a default");
        let predicate = users.indexes[0].predicate.clone().expect("it is partial");
        let check = users.checks[0].expression.clone();
        let all = [default("name", name), Expression::Check(check), Expression::Predicate(predicate)];
        let answer = respell(&connection, &users.name, &all).await.expect("the server answers");
        assert_eq!(answer, all.map(Ok));
    })
    .await;
}

/// PostgreSQL 15 spells a list of varchars in one way at first, and in another when it reads its own spelling.
#[tokio::test]
async fn a_spelling_that_the_server_would_spell_anew_comes_to_rest() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, TABLE).await;
        execute(&connection, "ALTER TABLE users ADD CONSTRAINT listed CHECK (name IN ('a', 'b'))").await;
        let reading = reading(&connection).await;
        let users = table(&reading, "users");
        let live = users.checks[0].expression.clone();
        let asked = [Expression::Check("name in ('a','b')".into()), Expression::Check(live.clone())];
        let answers = respell(&connection, &users.name, &asked).await.expect("the server answers");
        assert_eq!(answers[0], answers[1]);
        let Ok(Expression::Check(rest)) = &answers[0] else { panic!("{answers:?}") };
        execute(&connection, &format!("CREATE TABLE again (name varchar(20) CHECK ({rest}))")).await;
        assert_eq!(&table(&postgres_support::reading(&connection).await, "again").checks[0].expression, rest);
    })
    .await;
}

#[tokio::test]
async fn what_the_server_refuses_has_its_reason_and_spoils_nothing() {
    on_database(|url| async move {
        let connection = open(&url).await;
        execute(&connection, TABLE).await;
        let asked = [
            Expression::Check("nothing > 0".into()),
            Expression::Check("age > 0".into()),
            Expression::Check("true); DROP TABLE users; --".into()),
            default("missing", DefaultValue::Null),
        ];
        let answers = respell(&connection, &TableName::bare("users"), &asked).await.expect("the server answers");
        assert!(
            matches!(&answers[0], Err(reason) if reason.contains("column \"nothing\" does not exist")),
            "{answers:?}"
        );
        assert_eq!(answers[1], Ok(Expression::Check("age > 0".into())));
        assert!(answers[2].is_err() && answers[3] == Err("there is no column missing".into()), "{answers:?}");
        assert_eq!(table(&reading(&connection).await, "users").checks, [], "nothing is left behind");
    })
    .await;
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_an_error() {
    on_database(|url| async move {
        let connection = open(&url).await;
        let error = respell(&connection, &TableName::bare("users"), &[]).await.expect_err("there is no such table");
        assert!(matches!(error, Error::Query { .. }), "{error}");
    })
    .await;
}
