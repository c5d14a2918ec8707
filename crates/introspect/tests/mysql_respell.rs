//! Real MySQL and MariaDB servers say how they write an expression.

mod mysql_server;

use autogen_introspect::{ConnectOptions, Connection, Error, Expression, Reading, Scope, connect, read, respell};
use autogen_schema::{DefaultValue, IndexKey, Table, TableName};
use mysql_server::{Server, with_database};
use sea_orm::ConnectionTrait;

const TABLE: &str = "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20), age int, at datetime(3), \
    stamp timestamp NULL, flag tinyint(1), bits bit(4), bytes varbinary(9), words text, data json, price decimal(9,2), \
    mood enum('sad', 'o''k'), `Odd ``name` varchar(9), twice int AS (age * 2), CHECK (age < 200)) \
    PARTITION BY HASH (id) PARTITIONS 2";

fn users() -> TableName {
    TableName::bare("users")
}

async fn execute(connection: &Connection, sql: &str) {
    connection.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn default(column: &str, value: DefaultValue) -> Expression {
    Expression::Default { column: column.to_owned(), value }
}

/// Asks for all, and then for what came back, which is spelled already.
async fn check(server: Server, connection: &Connection, pairs: Vec<(Expression, Expression)>) {
    let (asked, spelled): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let spelled: Vec<_> = spelled.into_iter().map(Ok).collect();
    let answers = respell(connection, &users(), &asked).await.expect("the server answers");
    assert_eq!(answers, spelled, "on {}", server.name());
    let again: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(respell(connection, &users(), &again).await.expect("the server answers"), spelled);
}

#[tokio::test]
async fn expressions_come_back_in_the_servers_words() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(&connection, TABLE).await;
            let generated = |sql: &str| Expression::Generated { column: "age".to_owned(), sql: sql.to_owned() };
            let checks = [
                ("age in (1,2)", "`age` in (1,2)", "`age` in (1,2)"),
                ("age BETWEEN 1 AND 9", "`age` between 1 and 9", "`age` between 1 and 9"),
                ("users.age>0", "`age` > 0", "`age` > 0"),
                ("(((age > 0)))", "`age` > 0", "`age` > 0"),
                ("name <> 'it''s é'", r"`name` <> _utf8mb4'it\'s é'", r"`name` <> 'it\'s é'"),
                ("`Odd ``name` like 'a%'", "`Odd ``name` like _utf8mb4'a%'", "`Odd ``name` like 'a%'"),
            ];
            let pair = |(asked, mysql, mariadb): (&str, &str, &str)| {
                let spelled = if server == Server::Mysql { mysql } else { mariadb };
                (Expression::Check(asked.to_owned()), Expression::Check(spelled.to_owned()))
            };
            let mut pairs: Vec<_> = checks.into_iter().map(pair).collect();
            pairs.push((generated("id*2"), generated("`id` * 2")));
            if server == Server::Mysql {
                let key = |sql: &str| Expression::IndexKey(sql.to_owned());
                pairs.push((key("LOWER(name)"), key("lower(`name`)")));
            }
            check(server, &connection, pairs).await;
        })
        .await;
    }
}

#[tokio::test]
async fn defaults_come_back_as_the_reader_gives_them() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(&connection, TABLE).await;
            let text = |text: &str| DefaultValue::Text(text.to_owned());
            let sql = |sql: &str| DefaultValue::expression(sql);
            let number = |digits: &str| DefaultValue::Number(digits.to_owned());
            let pairs = [
                ("name", text(r"it's \ é"), text(r"it's \ é")),
                ("name", sql("'x'"), text("x")),
                ("mood", sql("'o''k'"), text("o'k")),
                ("words", text("x"), text("x")),
                ("data", text("{}"), text("{}")),
                ("age", sql("'7'"), number("7")),
                ("age", number("-1"), number("-1")),
                ("price", number("1.5"), number("1.50")),
                ("flag", DefaultValue::Boolean(true), DefaultValue::Boolean(true)),
                ("flag", number("0"), DefaultValue::Boolean(false)),
                ("bits", sql("b'101'"), sql("b'101'")),
                ("bytes", text("abc"), text("abc")),
                ("at", sql("NOW(3)"), sql("CURRENT_TIMESTAMP(3)")),
                ("stamp", sql("CURRENT_TIMESTAMP"), sql("CURRENT_TIMESTAMP")),
                ("age", sql("1+2"), sql("1 + 2")),
                ("age", DefaultValue::Null, DefaultValue::Null),
            ];
            let pairs = pairs.map(|(column, asked, spelled)| (default(column, asked), default(column, spelled)));
            check(server, &connection, pairs.into()).await;
        })
        .await;
    }
}

/// Everything that the reader says of a table, as questions.
fn expressions(table: &Table) -> Vec<Expression> {
    let columns = table.columns.values().flat_map(|column| {
        let name = || column.name.clone();
        let value = column.default.clone().map(|value| Expression::Default { column: name(), value });
        let generated = column.generated.as_ref();
        let generated = generated.map(|it| Expression::Generated { column: name(), sql: it.expression.clone() });
        value.into_iter().chain(generated)
    });
    let checks = table.checks.iter().map(|check| Expression::Check(check.expression.clone()));
    let keys = table.indexes.iter().flat_map(|index| &index.parts).filter_map(|part| match &part.key {
        IndexKey::Expression(sql) => Some(Expression::IndexKey(sql.clone())),
        IndexKey::Column(_) => None,
    });
    columns.chain(checks).chain(keys).collect()
}

async fn read_all(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("the database can be read")
}

#[tokio::test]
async fn what_the_reader_gives_is_spelled_already() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(
                &connection,
                r#"CREATE TABLE t (a int DEFAULT 7, b varchar(30) DEFAULT 'it''s "a" \\ \n é', c varchar(9) DEFAULT (concat('é', a)),
                    d datetime(6) DEFAULT CURRENT_TIMESTAMP(6), e text DEFAULT ('a''b'), f decimal(5,2) DEFAULT -1.5,
                    g varchar(9) AS (concat(b, '(''\\')), h int AS (a + 1) STORED, i tinyint(1) DEFAULT true, j bit(3) DEFAULT b'11',
                    k varbinary(9) DEFAULT 'abc', l date DEFAULT '2020-01-01', m enum('a', 'b,)') DEFAULT 'b,)', n year DEFAULT 2020,
                    o double DEFAULT 1e10, p varchar(9) CHARACTER SET latin1 DEFAULT 'é', q json DEFAULT ('[]'),
                    CHECK (b <> 'it''s \\ é' AND a BETWEEN 1 AND 9), CHECK (b NOT LIKE '%\n%' OR NOT (a > 0 XOR a < 9)))"#,
            )
            .await;
            if server == Server::Mysql {
                execute(&connection, "CREATE INDEX i ON t ((lower(b)), a, (coalesce(a, 0) + 1))").await;
            }
            let before = read_all(&connection).await;
            let table = &before.schema.tables[&TableName::bare("t")];
            let asked = expressions(table);
            assert!(asked.len() > 18, "{asked:?}");
            let answers = respell(&connection, &table.name, &asked).await.expect("the server answers");
            assert_eq!(answers, asked.into_iter().map(Ok).collect::<Vec<_>>(), "on {}", server.name());
            assert_eq!(read_all(&connection).await, before, "nothing is left behind");
        })
        .await;
    }
}

#[tokio::test]
async fn a_session_that_quotes_names_otherwise_gets_the_same_answers() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(&connection, TABLE).await;
            let asked = [
                Expression::Check("`age` > 0 and name <> '\"'".into()),
                default("name", DefaultValue::Text("x".into())),
            ];
            let usual = respell(&connection, &users(), &asked).await.expect("the server answers");
            execute(&connection, "SET SESSION sql_mode = 'ANSI_QUOTES'").await;
            assert_eq!(respell(&connection, &users(), &asked).await.expect("the server answers"), usual);
        })
        .await;
    }
}

#[tokio::test]
async fn what_the_server_refuses_has_its_reason_and_spoils_nothing() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(&connection, TABLE).await;
            let asked = [
                Expression::Check("nothing > 0".into()),
                Expression::Check("age > 0".into()),
                Expression::Check("true); DROP TABLE users; --".into()),
                default("missing", DefaultValue::Null),
                Expression::Predicate("age > 0".into()),
                default("age", DefaultValue::Number("1".into())),
            ];
            let answers = respell(&connection, &users(), &asked).await.expect("the server answers");
            assert!(matches!(&answers[0], Err(reason) if reason.contains("nothing")), "{answers:?}");
            assert_eq!(answers[1], Ok(Expression::Check("`age` > 0".into())));
            assert!(answers[2].is_err() && answers[3] == Err("there is no column missing".into()), "{answers:?}");
            assert!(matches!(&answers[4], Err(reason) if reason.contains("no partial indexes")), "{answers:?}");
            assert_eq!(answers[5], Ok(asked[5].clone()));
            assert_eq!(read_all(&connection).await.schema.tables[&users()].checks.len(), 1, "nothing is left behind");
        })
        .await;
    }
}

/// MariaDB shows `?` for such a character, and two texts that differ in it alone would look alike.
#[tokio::test]
async fn what_the_server_cannot_show_is_no_answer() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let connection = database.connect().await;
            execute(&connection, TABLE).await;
            let emoji = default("name", DefaultValue::Text("😀".into()));
            let bytes = default("bytes", DefaultValue::expression("0xff00"));
            let answers = respell(&connection, &users(), &[emoji.clone(), bytes]).await.expect("the server answers");
            match server {
                Server::Mysql => {
                    assert_eq!(answers, [Ok(emoji), Ok(default("bytes", DefaultValue::expression("0xFF00")))]);
                }
                Server::Mariadb => {
                    assert!(
                        answers.iter().all(|answer| matches!(answer, Err(reason) if reason.contains("characters"))),
                        "{answers:?}"
                    );
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn the_right_to_create_temporary_tables_is_enough_and_needed() {
    for server in Server::all() {
        with_database(server, move |database| async move {
            let admin = database.connect().await;
            execute(&admin, TABLE).await;
            let asked = [Expression::Check("age > 0".into())];
            for (right, suffix) in [("SELECT, CREATE TEMPORARY TABLES", "a"), ("SELECT", "b")] {
                let user = database.user(suffix);
                user.create(&admin, right).await;
                let connection = connect(&user.url, &ConnectOptions::default()).await.expect("the user was just made");
                let answers = respell(&connection, &users(), &asked).await;
                connection.close().await.expect("it can be closed");
                user.drop(&admin).await;
                match right {
                    "SELECT" => assert!(matches!(answers, Err(Error::NotPermitted { .. })), "{answers:?}"),
                    _ => assert_eq!(answers, Ok(vec![Ok(Expression::Check("`age` > 0".into()))])),
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_an_error() {
    for server in Server::all() {
        with_database(server, |database| async move {
            let error = respell(&database.connect().await, &users(), &[]).await.expect_err("there is no such table");
            assert!(matches!(error, Error::Query { .. }), "{error}");
        })
        .await;
    }
}
