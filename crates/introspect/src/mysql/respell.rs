//! Puts expressions on a temporary table with the same columns, and reads off `SHOW CREATE TABLE` how the server wrote
//! them down.
//!
//! One statement makes the table with everything on it: a user who may do no more than create temporary tables may not
//! alter one. `information_schema` does not list it, and nobody else sees it.

use autogen_schema::{DefaultValue, TableName};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, TransactionTrait};

use super::create_table::CreateTable;
use super::expression::{is_literal, quoted, quoted_text, without_parentheses};
use super::{Flavour, defaults, types};
use crate::respell::Answer;
use crate::{Connection, Error, Expression};

/// The expressions as the server spells them. See [`crate::respell()`].
pub(crate) async fn respell(
    connection: &Connection,
    table: &TableName,
    expressions: &[Expression],
) -> Result<Vec<Answer>, Error> {
    let flavour = Flavour::of(connection)?;
    let begun = connection.db().begin().await;
    // For its one connection: a temporary table is seen by no other.
    let transaction = begun.map_err(|error| connection.query_error("a transaction", &error))?;
    let bench = Bench { connection, transaction: &transaction, flavour };
    let answers = bench.answers(table, expressions).await;
    transaction.rollback().await.map_err(|error| connection.query_error("the end of a transaction", &error))?;
    answers
}

struct Bench<'a> {
    connection: &'a Connection,
    transaction: &'a DatabaseTransaction,
    flavour: Flavour,
}

impl Bench<'_> {
    async fn answers(&self, table: &TableName, expressions: &[Expression]) -> Result<Vec<Answer>, Error> {
        let original = Original::read(self, table).await?;
        let asked: Vec<Result<Asked<'_>, String>> = expressions
            .iter()
            .enumerate()
            .map(|(place, expression)| Asked::new(self.flavour, &original, place, expression))
            .collect();
        let questions: Vec<&Asked<'_>> = asked.iter().flatten().collect();
        let mut spelled = self.spelled(&original, &questions).await?.into_iter();
        let answers = asked.iter().map(|asked| match asked {
            Ok(_) => spelled.next().expect("every question has its answer"),
            Err(reason) => Err(reason.clone()),
        });
        Ok(answers.collect())
    }

    /// Asks for all at once; where the server refuses that, for each half, until it is known which one it refuses.
    async fn spelled(&self, original: &Original, questions: &[&Asked<'_>]) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::with_capacity(questions.len());
        let mut groups = vec![questions];
        while let Some(group) = groups.pop() {
            match self.definition(original, group).await? {
                Ok(table) => answers.extend(group.iter().map(|asked| asked.answer(self.flavour, &table))),
                Err(reason) if group.len() == 1 => answers.push(Err(reason)),
                Err(_) => {
                    let (first, second) = group.split_at(group.len() / 2);
                    groups.extend([second, first]);
                }
            }
        }
        Ok(answers)
    }

    /// The temporary table as the server shows it, or why it refuses to make it.
    async fn definition(
        &self,
        original: &Original,
        group: &[&Asked<'_>],
    ) -> Result<Result<CreateTable, String>, Error> {
        let columns = original.columns.iter().map(Column::clause);
        let all: Vec<String> = columns.chain(group.iter().map(|asked| asked.clause.clone())).collect();
        match self.run(&format!("CREATE TEMPORARY TABLE {} ({})", original.name, all.join(", "))).await {
            Ok(()) => {}
            Err(Error::Query { reason, .. }) => return Ok(Err(reason)),
            Err(other) => return Err(other),
        }
        let shown = self.shown(&original.name).await;
        self.run(&format!("DROP TEMPORARY TABLE {}", original.name)).await?;
        Ok(Ok(CreateTable::parse(&shown?)))
    }

    /// The statement that would make the table. What it holds need not be UTF-8: MariaDB writes a default of bytes as
    /// it is.
    async fn shown(&self, name: &str) -> Result<String, Error> {
        let query = "a temporary table";
        let sql = format!("SHOW CREATE TABLE {name}");
        let rows = crate::query::rows(self.connection, self.transaction, query, &sql, []).await?;
        match rows.first() {
            Some(row) => Ok(String::from_utf8_lossy(&row.get::<Vec<u8>>("Create Table")?).into_owned()),
            None => Err(Error::Query { query, reason: "no row came back".to_owned() }),
        }
    }

    /// Runs one statement, as a prepared one holds no more than one: an expression cannot smuggle in another.
    async fn run(&self, sql: &str) -> Result<(), Error> {
        let statement = Statement::from_string(self.transaction.get_database_backend(), sql);
        let result = self.transaction.execute_raw(statement).await;
        result.map(drop).map_err(|error| self.connection.query_error("an expression", &error))
    }
}

/// The table that the expressions are on.
struct Original {
    /// For SQL. The temporary table has the same name, because an expression may say `users.age`.
    name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    ty: String,
    collation: Option<String>,
}

impl Original {
    async fn read(bench: &Bench<'_>, table: &TableName) -> Result<Self, Error> {
        let values = [table.schema.clone().into(), table.name.clone().into()];
        let sql = include_str!("queries/column_types.sql");
        let rows = crate::query::rows(bench.connection, bench.transaction, "columns", sql, values).await?;
        if rows.is_empty() {
            return Err(Error::Query { query: "columns", reason: format!("there is no table {table}") });
        }
        let columns = rows.iter().map(|row| {
            Ok(Column { name: row.get("name")?, ty: row.get("column_type")?, collation: row.get("collation")? })
        });
        let schema = table.schema.as_deref().map_or_else(String::new, |schema| format!("{}.", quoted(schema)));
        Ok(Self { name: format!("{schema}{}", quoted(&table.name)), columns: columns.collect::<Result<_, Error>>()? })
    }

    fn column(&self, name: &str) -> Result<&Column, String> {
        let found = self.columns.iter().find(|column| column.name == name);
        found.ok_or_else(|| format!("there is no column {name}"))
    }
}

impl Column {
    /// Plain and nullable: what else the table has would only stand in the way.
    fn clause(&self) -> String {
        format!("{} {} NULL", quoted(&self.name), self.typed())
    }

    fn typed(&self) -> String {
        let collation = self.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
        format!("{}{collation}", self.ty)
    }
}

/// One of the expressions.
struct Asked<'a> {
    expression: &'a Expression,
    /// The name under which it is found again.
    label: String,
    /// What stands for it in the statement.
    clause: String,
    /// The type of the column that it fills; empty where it fills none.
    ty: String,
}

impl<'a> Asked<'a> {
    /// Fails with the reason where the expression cannot stand in a table of this server.
    fn new(flavour: Flavour, original: &Original, place: usize, expression: &'a Expression) -> Result<Self, String> {
        let label = format!("autogen expression {place}");
        let clause = clause(flavour, original, &quoted(&label), expression)?;
        let ty = match expression {
            Expression::Default { column, .. } => original.column(column)?.ty.clone(),
            Expression::Generated { .. }
            | Expression::Check(_)
            | Expression::Predicate(_)
            | Expression::IndexKey(_) => String::new(),
        };
        Ok(Self { expression, label, clause, ty })
    }

    fn answer(&self, flavour: Flavour, table: &CreateTable) -> Answer {
        let sql = |found: Option<&str>| match found {
            Some(sql) if sql.contains(char::REPLACEMENT_CHARACTER) => Err(NOT_SHOWN.to_owned()),
            Some(sql) => Ok(without_parentheses(sql).to_owned()),
            None => Err(format!("{} did not say how it writes it", flavour.name())),
        };
        Ok(match self.expression {
            Expression::Default { column, .. } => {
                // A column without a default has NULL.
                let text = sql(table.default_of(&self.label).or(Some("NULL")))?;
                let value = defaults::of_statement(&text, &types::parse(&self.ty), &self.ty);
                Expression::Default { column: column.clone(), value: value.unwrap_or(DefaultValue::Null) }
            }
            Expression::Generated { column, .. } => {
                Expression::Generated { column: column.clone(), sql: sql(table.generated(&self.label))? }
            }
            Expression::Check(_) => Expression::Check(sql(table.check(&self.label))?),
            Expression::IndexKey(_) => Expression::IndexKey(sql(table.index_key(&self.label))?),
            Expression::Predicate(_) => return Err(no_partial_indexes(flavour)),
        })
    }
}

fn no_partial_indexes(flavour: Flavour) -> String {
    format!("{} has no partial indexes", flavour.name())
}

const NOT_SHOWN: &str = "the server does not show all of its characters";

/// What stands for the expression in a `CREATE TABLE`, or why nothing can.
fn clause(flavour: Flavour, original: &Original, label: &str, expression: &Expression) -> Result<String, String> {
    let sql = match expression {
        Expression::Default { column, value } => {
            let column = original.column(column)?;
            format!("{label} {} NULL DEFAULT {}", column.typed(), default_sql(flavour, &column.ty, value))
        }
        Expression::Generated { column, sql } => {
            format!("{label} {} GENERATED ALWAYS AS ({sql}) VIRTUAL", original.column(column)?.typed())
        }
        Expression::Check(sql) => format!("CONSTRAINT {label} CHECK ({sql})"),
        Expression::IndexKey(sql) => match flavour {
            Flavour::Mysql => format!("KEY {label} (({sql}))"),
            Flavour::Mariadb => return Err("MariaDB has no indexes over expressions".to_owned()),
        },
        Expression::Predicate(_) => return Err(no_partial_indexes(flavour)),
    };
    // MariaDB keeps what it was told in three-byte UTF-8, and shows `?` for all that does not fit.
    let is_lost = |letter: char| u32::from(letter) > 0xffff;
    if flavour == Flavour::Mariadb && sql.contains(is_lost) {
        return Err(NOT_SHOWN.to_owned());
    }
    Ok(sql)
}

/// The default as `CREATE TABLE` takes it. MySQL tells a literal from an expression by the parentheses.
fn default_sql(flavour: Flavour, type_text: &str, value: &DefaultValue) -> String {
    match value {
        DefaultValue::Null => "NULL".to_owned(),
        DefaultValue::Boolean(value) => value.to_string(),
        DefaultValue::Number(digits) => digits.clone(),
        DefaultValue::Text(text) if flavour == Flavour::Mysql && only_takes_expressions(type_text) => {
            format!("({})", quoted_text(text))
        }
        DefaultValue::Text(text) => quoted_text(text),
        DefaultValue::Expression(sql) if is_literal(sql) || is_clock(sql) => sql.clone(),
        DefaultValue::Expression(sql) => format!("({sql})"),
    }
}

/// <https://dev.mysql.com/doc/refman/9.0/en/data-type-defaults.html>
fn only_takes_expressions(type_text: &str) -> bool {
    ["text", "blob", "json", "geometry"].iter().any(|name| type_text.contains(name))
}

/// In parentheses, MySQL takes the present time for a function like any other.
fn is_clock(sql: &str) -> bool {
    let name = sql.split('(').next().unwrap_or_default().trim();
    let names = ["current_timestamp", "now", "localtime", "localtimestamp"];
    names.iter().any(|clock| name.eq_ignore_ascii_case(clock)) && !sql.contains([' ', '+', '-'])
}
