//! Puts expressions on a temporary table of the same shape, reads them back, and takes everything away again.

use std::collections::BTreeMap;

use autogen_schema::{DefaultValue, IndexKey, TableName};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, TransactionTrait};

use super::catalog::{Asker, ColumnRow, ConstraintRow, IndexRow};
use super::sql_text::{quoted, quoted_text, without_outer_parens};
use super::untold::present;
use super::{default, index, types};
use crate::respell::Answer;
use crate::{Connection, Error, Expression};

/// The expressions as the server spells them, once. See [`crate::respell()`].
pub(crate) async fn respell(
    connection: &Connection,
    table: &TableName,
    expressions: &[Expression],
) -> Result<Vec<Answer>, Error> {
    let begun = connection.db().begin().await;
    let transaction = begun.map_err(|error| connection.query_error("a transaction", &error))?;
    let bench = Bench { connection, transaction: &transaction, ask: Asker::new(connection, &transaction) };
    let answers = bench.answers(table, expressions).await;
    // Dropping the transaction would do the same, later.
    transaction.rollback().await.map_err(|error| connection.query_error("the end of a transaction", &error))?;
    answers
}

struct Bench<'a> {
    connection: &'a Connection,
    transaction: &'a DatabaseTransaction,
    ask: Asker<'a>,
}

impl Bench<'_> {
    async fn answers(&self, table: &TableName, expressions: &[Expression]) -> Result<Vec<Answer>, Error> {
        let default_schema = self.ask.fix_session().await?;
        let schema = table.schema.as_deref().unwrap_or(&default_schema);
        let original = format!("{}.{}", quoted(schema), quoted(&table.name));
        // Of the same name, because an expression may say `users.age`.
        let copy = format!("pg_temp.{}", quoted(&table.name));
        self.run(&format!("CREATE TEMPORARY TABLE {} (LIKE {original})", quoted(&table.name))).await?;
        let oid = self.oid(&copy).await?;
        let columns: Vec<ColumnRow> = self.ask.list("columns", include_str!("queries/columns.sql"), [&oid]).await?;
        let types: BTreeMap<&str, &str> =
            columns.iter().map(|column| (column.name.as_str(), column.ty.as_str())).collect();
        let mut refusals = Vec::with_capacity(expressions.len());
        for (place, expression) in expressions.iter().enumerate() {
            refusals.push(match statement(expression, &copy, &label(place), &types) {
                Ok(sql) => self.try_to(&sql).await?,
                Err(reason) => Some(reason),
            });
        }
        let found = Found::read(&self.ask, &oid).await?;
        expressions
            .iter()
            .zip(refusals)
            .enumerate()
            .map(|(place, (expression, refusal))| match refusal {
                Some(reason) => Ok(Err(reason)),
                None => found.answer(expression, &label(place)).map(Ok),
            })
            .collect()
    }

    async fn oid(&self, copy: &str) -> Result<String, Error> {
        let sql = "SELECT format('{%s}', $1::text::regclass::oid) AS oid";
        let name = "a temporary table";
        let rows = crate::query::rows(self.connection, self.transaction, name, sql, [copy.to_owned().into()]).await?;
        match rows.first() {
            Some(row) => row.get("oid"),
            None => Err(Error::Query { query: name, reason: "no row came back".to_owned() }),
        }
    }

    /// Runs one statement, as the extended protocol takes no more than one: an expression cannot smuggle in another.
    async fn run(&self, sql: &str) -> Result<(), Error> {
        let statement = Statement::from_string(self.transaction.get_database_backend(), sql);
        let result = self.transaction.execute_raw(statement).await;
        result.map(|_| ()).map_err(|error| self.connection.query_error("an expression", &error))
    }

    /// Runs a statement, and gives the reason where the server refuses it.
    async fn try_to(&self, sql: &str) -> Result<Option<String>, Error> {
        self.run("SAVEPOINT expression").await?;
        let Err(refusal) = self.run(sql).await else { return Ok(None) };
        // Fails where it was not the expression's fault: the connection is gone.
        self.run("ROLLBACK TO SAVEPOINT expression").await?;
        Ok(Some(match refusal {
            Error::Query { reason, .. } | Error::NotPermitted { reason, .. } => reason,
            other => other.to_string(),
        }))
    }
}

/// The name under which an expression is found again. No column of a table that autogen knows has a line break.
fn label(place: usize) -> String {
    format!("expression\n{place}")
}

/// The statement that puts the expression on the copy, or why there is none.
fn statement(expression: &Expression, copy: &str, label: &str, types: &BTreeMap<&str, &str>) -> Result<String, String> {
    let label = quoted(label);
    let type_of = |column: &str| types.get(column).copied().ok_or_else(|| format!("there is no column {column}"));
    Ok(match expression {
        Expression::Default { column, value } => {
            format!("ALTER TABLE {copy} ADD COLUMN {label} {} DEFAULT ({})", type_of(column)?, value_sql(value))
        }
        Expression::Generated { column, sql } => {
            format!("ALTER TABLE {copy} ADD COLUMN {label} {} GENERATED ALWAYS AS ({sql}) STORED", type_of(column)?)
        }
        Expression::Check(sql) => format!("ALTER TABLE {copy} ADD CONSTRAINT {label} CHECK ({sql})"),
        Expression::Predicate(sql) => format!("CREATE INDEX {label} ON {copy} ((1)) WHERE ({sql})"),
        Expression::IndexKey(sql) => format!("CREATE INDEX {label} ON {copy} (({sql}))"),
    })
}

fn value_sql(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Null => "NULL".to_owned(),
        DefaultValue::Boolean(value) => value.to_string(),
        DefaultValue::Number(digits) => digits.clone(),
        DefaultValue::Text(text) => quoted_text(text),
        DefaultValue::Expression(sql) => sql.clone(),
    }
}

/// What stands on the copy afterwards.
struct Found {
    columns: Vec<ColumnRow>,
    constraints: Vec<ConstraintRow>,
    indexes: Vec<IndexRow>,
}

impl Found {
    async fn read(ask: &Asker<'_>, oid: &String) -> Result<Self, Error> {
        Ok(Self {
            columns: ask.list("columns", include_str!("queries/columns.sql"), [oid]).await?,
            constraints: ask.list("constraints", include_str!("queries/constraints.sql"), [oid]).await?,
            indexes: ask.list("indexes", include_str!("queries/indexes.sql"), [oid]).await?,
        })
    }

    fn answer(&self, expression: &Expression, label: &str) -> Result<Expression, Error> {
        Ok(match expression {
            Expression::Default { column, .. } => {
                let row = self.column(label)?;
                // `DEFAULT NULL` leaves nothing behind where the type has no length.
                let value = match &row.default {
                    Some(sql) => default::default(sql, &types::column_type(row), &row.ty),
                    None => DefaultValue::Null,
                };
                Expression::Default { column: column.clone(), value }
            }
            Expression::Generated { column, .. } => {
                let sql = present(self.column(label)?.default.clone()).map_err(|none| none.during("columns"))?;
                Expression::Generated { column: column.clone(), sql: without_outer_parens(&sql).to_owned() }
            }
            Expression::Check(_) => {
                let row = found("constraints", self.constraints.iter().find(|row| row.name == label))?;
                let sql = present(row.expression.clone()).map_err(|none| none.during("constraints"))?;
                Expression::Check(without_outer_parens(&sql).to_owned())
            }
            Expression::Predicate(_) => {
                let sql = present(self.index(label)?.predicate.clone()).map_err(|none| none.during("indexes"))?;
                Expression::Predicate(without_outer_parens(&sql).to_owned())
            }
            Expression::IndexKey(_) => {
                let part = found("indexes", self.index(label)?.parts.first())?;
                Expression::IndexKey(match index::key(part).map_err(|none| none.during("indexes"))? {
                    IndexKey::Column(name) => quoted(&name),
                    IndexKey::Expression(sql) => sql,
                })
            }
        })
    }

    fn column(&self, label: &str) -> Result<&ColumnRow, Error> {
        found("columns", self.columns.iter().find(|row| row.name == label))
    }

    fn index(&self, label: &str) -> Result<&IndexRow, Error> {
        found("indexes", self.indexes.iter().find(|row| row.name == label))
    }
}

fn found<'a, T>(query: &'static str, row: Option<&'a T>) -> Result<&'a T, Error> {
    row.ok_or_else(|| Error::Query { query, reason: "what was just made is not there".to_owned() })
}
