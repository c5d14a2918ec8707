//! The file: a migration as a colleague would have written it.
//!
//! The layout is close to `rustfmt`'s; whoever writes the file runs `rustfmt` over it where there is one.

use autogen_schema::{TableName, visible};

use super::literal::string;
use super::rebuild::{self, Steps};
use super::{Form, form};
use crate::dialect::{Dialect, dialect};
use crate::statement::{Rebuild, Statement};
use crate::{Plan, Step};

/// The whole source of a migration: `header` is its `//!` comment, `stem` the name that is recorded for it.
pub fn migration(plan: &Plan, header: &str, stem: &str) -> String {
    let dialect = dialect(plan.backend);
    let guarded = is_guarded(plan);
    let mut file = String::new();
    file.push_str(header.trim_end());
    file.push_str("\n\nuse sea_orm_migration::prelude::*;\n");
    if guarded {
        file.push_str("use sea_orm_migration::sea_orm::Statement;\n");
    }
    file.push_str("\npub struct Migration;\n\n");
    file.push_str(&format!(
        "impl MigrationName for Migration {{\n    fn name(&self) -> &str {{\n        {}\n    }}\n}}\n\n",
        string(stem)
    ));
    file.push_str("#[async_trait::async_trait]\nimpl MigrationTrait for Migration {\n");
    file.push_str(&transaction(dialect, guarded));
    if guarded {
        file.push_str(&guarded_method("up", "upgrade"));
        file.push('\n');
        file.push_str(&guarded_method("down", "downgrade"));
        file.push_str("}\n\n");
        file.push_str(&function(dialect, "upgrade", &plan.up));
        file.push('\n');
        file.push_str(&function(dialect, "downgrade", &plan.down));
        file.push('\n');
        file.push_str(REBUILD_HELPERS);
    } else {
        file.push_str(&method(dialect, "up", &plan.up));
        file.push('\n');
        file.push_str(&method(dialect, "down", &plan.down));
        file.push_str("}\n");
    }
    file
}

/// What the file of this plan answers when it is asked whether it runs in a transaction: `None` is SeaORM's own rule for
/// the database, and `false` on SQLite means that it begins its own, with foreign keys off.
pub fn use_transaction(plan: &Plan) -> Option<bool> {
    dialect(plan.backend).use_transaction(is_guarded(plan))
}

fn is_guarded(plan: &Plan) -> bool {
    has_rebuild(&plan.up) || has_rebuild(&plan.down)
}

fn has_rebuild(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step.statement, Statement::Rebuild(_)))
}

/// SeaORM has a rule of its own, unless told.
fn transaction(dialect: &dyn Dialect, guarded: bool) -> String {
    let Some(answer) = dialect.use_transaction(guarded) else { return String::new() };
    let why = if guarded {
        "        // Foreign keys can be switched off only outside a transaction; this file begins its own.\n"
    } else {
        ""
    };
    format!("    fn use_transaction(&self) -> Option<bool> {{\n{why}        Some({answer})\n    }}\n\n")
}

fn method(dialect: &dyn Dialect, name: &str, steps: &[Step]) -> String {
    let body = Body { dialect, indent: "        ", helper: false }.source(steps);
    let manager = parameter(steps);
    format!(
        "    async fn {name}(&self, {manager}: &SchemaManager) -> Result<(), DbErr> {{\n{body}        Ok(())\n    }}\n"
    )
}

fn function(dialect: &dyn Dialect, name: &str, steps: &[Step]) -> String {
    let body = Body { dialect, indent: "    ", helper: true }.source(steps);
    let manager = parameter(steps);
    format!("async fn {name}({manager}: &SchemaManager<'_>) -> Result<(), DbErr> {{\n{body}    Ok(())\n}}\n")
}

fn parameter(steps: &[Step]) -> &'static str {
    if steps.is_empty() { "_manager" } else { "manager" }
}

/// The statements of one direction.
struct Body<'d> {
    dialect: &'d dyn Dialect,
    /// White space in front of each line.
    indent: &'static str,
    /// Whether the file has the helper `execute`.
    helper: bool,
}

impl Body<'_> {
    /// The statements, those of one table together, with a blank line between tables.
    fn source(&self, steps: &[Step]) -> String {
        let mut source = String::new();
        let mut before: Option<&TableName> = None;
        for (at, step) in steps.iter().enumerate() {
            let table = table_of(&step.statement);
            if at > 0 && table != before {
                source.push('\n');
            }
            before = table;
            for hazard in &step.hazards {
                source.push_str(&self.comment(&format!("warning: {}", hazard.message)));
            }
            source.push_str(&self.step(step));
        }
        source
    }

    fn step(&self, step: &Step) -> String {
        let indent = self.indent;
        match form(self.dialect, &step.statement) {
            Form::Builder { call, .. } => format!("{indent}manager\n{indent}    .{call}\n{indent}    .await?;\n"),
            Form::Raw(sql) => self.execute(&sql),
            Form::Rebuild(rebuild) => self.rebuild(&rebuild),
        }
    }

    fn execute(&self, sql: &str) -> String {
        let (indent, sql) = (self.indent, string(sql));
        if self.helper {
            return format!(
                "{indent}execute(\n{indent}    manager,\n{indent}    {sql},\n{indent})\n{indent}.await?;\n"
            );
        }
        format!(
            "{indent}manager\n{indent}    .get_connection()\n{indent}    .execute_unprepared(\n\
             {indent}        {sql},\n{indent}    )\n{indent}    .await?;\n"
        )
    }

    fn rebuild(&self, rebuild: &Rebuild) -> String {
        let Steps { table, scratch, columns, aside, create, copy, sequence, swap, back } =
            rebuild::steps(self.dialect, rebuild);
        let mut source =
            self.comment(&format!("SQLite cannot make this change to {table} in place: the table is built anew."));
        let columns: Vec<String> = columns.iter().map(|name| string(name)).collect();
        source.push_str(&self.call("expect_columns", &[string(&table), format!("&[{}]", columns.join(", "))]));
        for sql in aside.iter().chain([&create, &copy]).chain(&sequence) {
            source.push_str(&self.execute(sql));
        }
        let count = |table: &str| string(&format!("SELECT count(*) AS value FROM {}", self.dialect.quote(table)));
        source.push_str(&self.call("expect_same_count", &[count(&table), count(&scratch)]));
        for sql in swap.iter().chain(&back) {
            source.push_str(&self.execute(sql));
        }
        source
    }

    fn call(&self, function: &str, arguments: &[String]) -> String {
        let indent = self.indent;
        let lines: String = arguments.iter().map(|argument| format!("{indent}    {argument},\n")).collect();
        format!("{indent}{function}(\n{indent}    manager,\n{lines}{indent})\n{indent}.await?;\n")
    }

    /// A line comment, broken at white space.
    fn comment(&self, text: &str) -> String {
        const WIDTH: usize = 90;
        let mut lines: Vec<String> = Vec::new();
        for word in visible(text).split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.iter().map(|line| format!("{}// {line}\n", self.indent)).collect()
    }
}

fn table_of(statement: &Statement) -> Option<&TableName> {
    match statement {
        Statement::CreateTable(table) => Some(&table.name),
        Statement::DropTable(name) => Some(name),
        Statement::RenameTable { to, .. } => Some(to),
        Statement::AddColumn { table, .. }
        | Statement::DropColumn { table, .. }
        | Statement::RenameColumn { table, .. }
        | Statement::ModifyColumn { table, .. }
        | Statement::SetType { table, .. }
        | Statement::SetNullable { table, .. }
        | Statement::SetDefault { table, .. }
        | Statement::DropDefault { table, .. }
        | Statement::CreateIndex { table, .. }
        | Statement::DropIndex { table, .. }
        | Statement::AddForeignKey { table, .. }
        | Statement::DropForeignKey { table, .. } => Some(table),
        Statement::Rebuild(rebuild) => Some(&rebuild.to.name),
        Statement::CreateEnum(_) | Statement::DropEnum(_) | Statement::Raw(_) => None,
    }
}

/// One direction of a file that begins its own transaction, with foreign keys off.
fn guarded_method(name: &str, function: &str) -> String {
    GUARDED.replace("NAME", name).replace("FUNCTION", function)
}

const GUARDED: &str = r#"    async fn NAME(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let enforced = suspend_foreign_keys(manager).await?;
        let result = match begin_unenforced(manager).await {
            Ok(transaction) => match FUNCTION(&transaction).await {
                Ok(()) => commit_checked(transaction).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        restore_foreign_keys(manager, enforced).await.and(result)
    }
"#;

/// The mechanics of every rebuild, at the foot of the file.
const REBUILD_HELPERS: &str = r#"/// Runs one statement.
async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}

/// Reads one number.
async fn number(manager: &SchemaManager<'_>, sql: &str) -> Result<i64, DbErr> {
    let connection = manager.get_connection();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    match connection.query_one_raw(statement).await? {
        Some(row) => row.try_get("", "value"),
        None => Ok(0),
    }
}

const FOREIGN_KEYS: &str = "SELECT foreign_keys AS value FROM pragma_foreign_keys";

/// Switches foreign keys off, or dropping the old table would delete the rows that refer to it.
async fn suspend_foreign_keys(manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
    let enforced = number(manager, FOREIGN_KEYS).await? != 0;
    if enforced {
        execute(manager, "PRAGMA foreign_keys = OFF").await?;
    }
    Ok(enforced)
}

/// Switches foreign keys on again where they were on.
async fn restore_foreign_keys(manager: &SchemaManager<'_>, enforced: bool) -> Result<(), DbErr> {
    if enforced {
        execute(manager, "PRAGMA foreign_keys = ON").await?;
    }
    Ok(())
}

/// Begins a transaction and makes sure that foreign keys are off in it.
async fn begin_unenforced(manager: &SchemaManager<'_>) -> Result<SchemaManager<'static>, DbErr> {
    let transaction = manager.begin().await?;
    if number(&transaction, FOREIGN_KEYS).await? != 0 {
        return Err(DbErr::Migration(
            "foreign keys are still on: the pragma went to another connection of the pool; \
             connect with max_connections(1)"
                .to_owned(),
        ));
    }
    Ok(transaction)
}

/// Commits if every foreign key of the database still finds its row.
async fn commit_checked(transaction: SchemaManager<'static>) -> Result<(), DbErr> {
    let broken = number(
        &transaction,
        "SELECT count(*) AS value FROM pragma_foreign_key_check",
    )
    .await?;
    if broken != 0 {
        return Err(DbErr::Migration(format!(
            "{broken} rows refer to rows that do not exist (PRAGMA foreign_key_check lists them); \
             nothing was changed"
        )));
    }
    transaction.commit().await
}

/// Stops where the table is not the one that this file was written for.
async fn expect_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    known: &[&str],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1",
        [table.into()],
    );
    let mut found = Vec::new();
    for row in connection.query_all_raw(statement).await? {
        found.push(row.try_get::<String>("", "name")?);
    }
    let unknown = found.iter().find(|name| !known.contains(&name.as_str()));
    let missing = known.iter().find(|name| !found.iter().any(|found| found == *name));
    match (unknown, missing) {
        (None, None) => Ok(()),
        (Some(name), _) => Err(DbErr::Migration(format!(
            "{table} has a column {name} that this migration does not know and would lose; \
             nothing was changed"
        ))),
        (None, Some(name)) => Err(DbErr::Migration(format!(
            "{table} has no column {name}, which this migration copies; nothing was changed"
        ))),
    }
}

/// Stops where rows were lost on the way.
async fn expect_same_count(
    manager: &SchemaManager<'_>,
    old: &str,
    new: &str,
) -> Result<(), DbErr> {
    let (before, after) = (number(manager, old).await?, number(manager, new).await?);
    if before != after {
        return Err(DbErr::Migration(format!(
            "{before} rows became {after}; nothing was changed"
        )));
    }
    Ok(())
}
"#;
