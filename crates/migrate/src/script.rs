//! A range of the history as SQL, for somebody who may not run programs on the database.
//!
//! What a migration does is known only by running it. So the range is run on a database made for the purpose, which is
//! brought to the start of the range first, and what it writes is taken down. That database has no rows: a migration
//! that asks for some is marked in the script.

mod tape;

use std::fmt::Write;

use autogen_schema::DatabaseUrl;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager};

use self::tape::{Line, Tape};
use crate::graph::{Graph, GraphError, Revision};
use crate::runner::RunError;
use crate::step::Direction;
use crate::{versions, work};

/// A range, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range<'a> {
    /// What is applied at its start, in the order of the list.
    pub start: Vec<&'a Revision>,
    /// What is run, in order.
    pub steps: Vec<&'a Revision>,
}

/// The steps of `from:to`. Going up, a text without a colon begins at the base.
///
/// # Errors
///
/// Where an end is not found, the ends are not on one line in this direction, or a downgrade has no start.
pub fn range<'a>(graph: &Graph<'a>, text: &str, direction: Direction) -> Result<Range<'a>, GraphError> {
    let (from, to) = match (text.split_once(':'), direction) {
        (Some((from, to)), _) if !to.is_empty() => (from, to),
        (None, Direction::Up) => ("base", text),
        (Some(_), _) | (None, Direction::Down) => return Err(GraphError::NotARange { text: text.to_owned() }),
    };
    let start = match from {
        "" | "base" => Vec::new(),
        _ => graph.range(&format!(":{from}"), &[])?,
    };
    let recorded: Vec<String> = start.iter().map(|revision| revision.stem.clone()).collect();
    let is_whole = matches!(from, "" | "base") || to == "base";
    match direction {
        Direction::Up if !is_whole => drop(graph.range(&format!("{from}:{to}"), &recorded)?),
        Direction::Down if !is_whole => drop(graph.range(&format!("{to}:{from}"), &recorded).map_err(turned)?),
        Direction::Up | Direction::Down => {}
    }
    let target = graph.resolve(to, &recorded)?;
    let steps = match direction {
        Direction::Up => graph.upgrade_steps(&target, &recorded)?,
        Direction::Down => graph.downgrade_steps(&target, &recorded)?,
    };
    Ok(Range { start, steps })
}

/// A downgrade names its range from above; so does what is said of it.
fn turned(error: GraphError) -> GraphError {
    let turn = |text: &String| text.split_once(':').map_or(text.clone(), |(from, to)| format!("{to}:{from}"));
    match error {
        GraphError::DisjointRange { text, nearest } => {
            GraphError::DisjointRange { text: turn(&text), nearest: nearest.iter().map(turn).collect() }
        }
        other => other,
    }
}

/// The statements of a range, as they are run on `scratch`: an empty database that nobody else uses.
///
/// # Errors
///
/// Where the range is none, the database cannot be opened or is in use, or a migration fails on it.
pub(crate) async fn write<M: MigratorTrait>(
    scratch: &DatabaseUrl,
    revisions: &[Revision],
    text: &str,
    direction: Direction,
) -> Result<String, RunError> {
    let graph = Graph::new(revisions)?;
    let range = range(&graph, text, direction)?;
    let (migrations, table) = (M::migrations(), M::migration_table_name().to_string());
    let (db, tape) = tape::open(scratch)?;
    if versions::exists(&db, &table).await? {
        let message = format!("the scratch database holds {table} already; name an empty one that nobody else uses");
        return Err(DbErr::Custom(message).into());
    }
    let writer = Writer { db: &db, tape: &tape, migrations: &migrations, table: &table };
    let created = writer.version_table().await?;
    for revision in &range.start {
        writer.step(revision, Direction::Up).await?;
    }
    let mut script = format!("-- {direction} {text}, written by autogen-migrate {}\n", env!("CARGO_PKG_VERSION"));
    if range.start.is_empty() {
        script.push_str(&created);
    }
    for revision in &range.steps {
        script.push_str(&writer.step(revision, direction).await?);
    }
    Ok(script)
}

struct Writer<'w> {
    db: &'w DatabaseConnection,
    tape: &'w Tape,
    migrations: &'w [Box<dyn MigrationTrait>],
    table: &'w str,
}

/// What stands around the statements of a migration, as the runner has it.
#[derive(Clone, Copy)]
enum Frame {
    Transaction,
    /// SQLite ignores the setting inside a transaction.
    TransactionWithoutForeignKeys,
    Nothing,
}

impl Frame {
    fn of(backend: DbBackend, migration: &dyn MigrationTrait) -> Self {
        match (backend, migration.use_transaction()) {
            (DbBackend::Sqlite, Some(false)) => Self::TransactionWithoutForeignKeys,
            (DbBackend::Sqlite, _) | (DbBackend::Postgres, None | Some(true)) => Self::Transaction,
            // MySQL commits at every DDL statement.
            (_, _) => Self::Nothing,
        }
    }

    const fn begin(self) -> &'static [&'static str] {
        match self {
            Self::Transaction => &["BEGIN"],
            Self::TransactionWithoutForeignKeys => &["PRAGMA foreign_keys = OFF", "BEGIN"],
            Self::Nothing => &[],
        }
    }

    const fn end(self) -> &'static [&'static str] {
        match self {
            Self::Transaction => &["COMMIT"],
            Self::TransactionWithoutForeignKeys => &["PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON"],
            Self::Nothing => &[],
        }
    }
}

impl Writer<'_> {
    async fn version_table(&self) -> Result<String, RunError> {
        versions::ensure(self.db, self.table).await?;
        Ok(format!("\n{}", self.statements(&self.tape.take())))
    }

    /// Runs a step, and says what it wrote.
    async fn step(&self, revision: &Revision, direction: Direction) -> Result<String, RunError> {
        let found = self.migrations.iter().find(|migration| migration.name() == revision.stem);
        let unknown = || GraphError::Unknown { text: revision.stem.clone(), nearest: Vec::new() };
        let migration = found.ok_or_else(unknown)?.as_ref();
        let failed = |source| RunError::Migration {
            stem: revision.stem.clone(),
            direction,
            source,
            state: "that was on the scratch database; no other was touched".to_owned(),
        };
        self.run(revision, migration, direction).await.map_err(failed)
    }

    async fn run(
        &self,
        revision: &Revision,
        migration: &dyn MigrationTrait,
        direction: Direction,
    ) -> Result<String, DbErr> {
        let frame = Frame::of(self.db.get_database_backend(), migration);
        self.tape.play_all(frame.begin())?;
        let begin = self.tape.take();
        let manager = SchemaManager::new(self.db);
        match direction {
            Direction::Up => work::without_panic(migration.up(&manager)).await?,
            Direction::Down => work::without_panic(migration.down(&manager)).await?,
        }
        self.tape.confirm()?;
        let body = self.tape.take();
        match direction {
            Direction::Up => versions::record(self.db, self.table, &revision.stem).await?,
            Direction::Down => drop(versions::remove(self.db, self.table, &revision.stem).await?),
        }
        self.tape.play_all(frame.end())?;
        let end = self.tape.take();
        let parts = [begin, body, end].map(|lines| self.statements(&lines));
        Ok(format!("\n{}{}", heading(revision, direction), parts.concat()))
    }

    fn statements(&self, lines: &[Line]) -> String {
        let mut text = String::new();
        for line in lines {
            // Writing into a String cannot fail.
            let _written = match line {
                Line::Question(sql) if asks_for_rows(sql) => writeln!(
                    text,
                    "-- Here the migration asks: {}\n-- On a database without rows what follows is what came of it; with rows it may be something else.",
                    on_one_line(sql)
                ),
                Line::Question(_) => Ok(()),
                Line::Statement(sql) => writeln!(text, "{}", self.terminated(sql)),
            };
        }
        text
    }

    /// The statement as the database's own client takes it.
    fn terminated(&self, sql: &str) -> String {
        let sql = sql.trim().trim_end_matches(';').trim_end();
        // A comment at the end would take what follows into itself.
        let gap =
            if sql.lines().last().is_some_and(|line| line.contains("--") || line.contains('#')) { "\n" } else { "" };
        // The client of MySQL ends a statement at the first semicolon, be it in the body of a trigger.
        if self.db.get_database_backend() == DbBackend::MySql && sql.contains(';') {
            let delimiter = delimiter_for(sql);
            return format!("DELIMITER {delimiter}\n{sql}{gap}{delimiter}\nDELIMITER ;");
        }
        format!("{sql}{gap};")
    }
}

/// What can end a statement in MySQL's client that holds semicolons.
fn delimiter_for(sql: &str) -> &'static str {
    ["//", "$$", "%%"].into_iter().find(|delimiter| !sql.contains(delimiter)).unwrap_or("//")
}

fn heading(revision: &Revision, direction: Direction) -> String {
    let parents = if revision.parents.is_empty() { "base".to_owned() } else { revision.parents.join(", ") };
    let (from, to) = match direction {
        Direction::Up => (parents, revision.id.clone()),
        Direction::Down => (revision.id.clone(), parents),
    };
    let line = format!("-- Running {direction} {from} -> {to}: {}", revision.stem);
    format!("{}\n", on_one_line(&line))
}

/// Of what a migration asks, the catalog answers the same on every database at this place of the history.
fn asks_for_rows(sql: &str) -> bool {
    let sql = sql.to_ascii_lowercase();
    let catalogs =
        ["information_schema", "sqlite_master", "sqlite_schema", "pragma", "pg_catalog", "pg_class", "pg_type"];
    !catalogs.iter().any(|catalog| sql.contains(catalog))
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
