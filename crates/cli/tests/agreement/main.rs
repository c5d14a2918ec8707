//! The most valuable assertion of all: a database that SeaORM itself created from an entity reads back as exactly what
//! the entity's source says. Every entity of `fixtures/entities`, on every database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../end_to_end/database.rs"]
#[expect(dead_code, reason = "its other functions serve the end-to-end tests")]
mod database;
#[path = "../../../model/tests/judge/list.rs"]
mod list;
mod statements;

use std::path::{Path, PathBuf};

use autogen_diff::{Change, Coverage, Inputs, Plan, Settings, Spellings, plan};
use autogen_introspect::{ConnectOptions, Connection, Scope, connect, read};
use autogen_model::Options;
use autogen_schema::{Backend, Column, DatabaseUrl};
use sea_orm::ConnectionTrait;

use self::database::{Server, TestDatabase, block_on};
use self::statements::Judge;

/// What SeaORM cannot create, on which databases: it panics, or the server refuses what it writes.
const REFUSED: &str = include_str!("refused.txt");

/// The schemas that fixtures name, after the default one.
const SCHEMAS: &[&str] = &["public", "app", "shop"];

const SERVERS: [Server; 4] = [Server::Sqlite, Server::Postgres, Server::Mariadb, Server::Mysql];

pub(crate) fn compare(name: &str, judge: &Judge) {
    let mut wrong = Vec::new();
    for server in SERVERS {
        let Some(database) = TestDatabase::create(server) else { continue };
        let place = format!("{name} {}", format!("{server:?}").to_lowercase());
        let found = block_on(outcome(name, judge, &database));
        let expected = match &found {
            Outcome::Agrees => !is_refused(&place),
            Outcome::Refused(_) => is_refused(&place),
            Outcome::Differs(_) => false,
        };
        if !expected {
            wrong.push(format!("{place}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Debug)]
#[expect(dead_code, reason = "the reasons are read in the message of a failing test")]
enum Outcome {
    Agrees,
    Refused(String),
    Differs(Box<Plan>),
}

async fn outcome(name: &str, judge: &Judge, database: &TestDatabase) -> Outcome {
    let url = DatabaseUrl::parse(&database.url).unwrap();
    let connection = connect(&url, &ConnectOptions::default()).await.unwrap();
    let outcome = match create(judge, database.server, &connection).await {
        Err(reason) => Outcome::Refused(reason),
        Ok(()) => compare_with_source(name, &connection).await,
    };
    connection.close().await.unwrap();
    outcome
}

/// Runs SeaORM's statements, each as soon as what it refers to is there.
async fn create(judge: &Judge, server: Server, connection: &Connection) -> Result<(), String> {
    if server == Server::Postgres {
        for schema in &SCHEMAS[1..] {
            connection.db().execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        }
    }
    let mut left = judge.statements(server)?;
    while !left.is_empty() {
        let (before, mut refused, mut reason) = (left.len(), Vec::new(), String::new());
        for statement in left {
            if let Err(error) = connection.db().execute_unprepared(&statement).await {
                reason = format!("{error}\n{statement}");
                refused.push(statement);
            }
        }
        if refused.len() == before {
            return Err(reason);
        }
        left = refused;
    }
    Ok(())
}

async fn compare_with_source(name: &str, connection: &Connection) -> Outcome {
    let schemas = if connection.backend() == Backend::Postgres { SCHEMAS } else { &[] };
    let scope = Scope { schemas: schemas.iter().map(|name| (*name).to_owned()).collect(), ..Scope::default() };
    let live = read(connection, &scope).await.unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/entities").canonicalize().unwrap();
    let entities = vec![PathBuf::from(format!("{name}.rs"))];
    let source = autogen_model::read(&Options { root, entities, ..Options::default() }).unwrap();
    let mut plan = plan(&Inputs {
        live: &live.schema,
        desired: &source.schema,
        memory: None,
        coverage: Coverage::Partial,
        renames: &[],
        decided: &[],
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &Settings::default(),
        spellings: &Spellings::default(),
    })
    .unwrap();
    // SeaORM says comments on MySQL and MariaDB only; elsewhere the plan rightly adds them.
    plan.findings.retain(|finding| live.backend != Backend::Postgres || !adds_only_a_comment(&finding.change));
    if plan.is_empty() { Outcome::Agrees } else { Outcome::Differs(Box::new(plan)) }
}

fn adds_only_a_comment(change: &Change) -> bool {
    match change {
        Change::AlterColumn { from, to, .. } => *to == Column { comment: to.comment.clone(), ..from.clone() },
        Change::SetTableOptions { from, to, .. } => from.options == to.options,
        _ => false,
    }
}

/// The list has a line `fixture database: reason` for each.
fn is_refused(place: &str) -> bool {
    REFUSED.lines().any(|line| line.split(':').next() == Some(place))
}
