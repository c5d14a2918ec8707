//! Two databases, the online plan between them, and what it does on a real server.

use std::time::Duration;

use autogen_diff::{Coverage, Inputs, Online, Plan, Settings, Spellings, Unmanaged, plan, render};
use autogen_introspect::{Connection, Reading, Scope, read};
use autogen_schema::{Backend, Backfill};
use expect_test::Expect;
use sea_orm::ConnectionTrait;

use crate::servers::{Database, url};

/// A database with its rows, and what it is to become.
pub(crate) struct Case<'a> {
    live: &'a str,
    desired: &'a str,
    backfills: Vec<Backfill>,
    online: Online,
}

/// A database where the plan of a case is still to run.
pub(crate) struct Trial {
    pub(crate) database: Database,
    wanted: Database,
    pub(crate) stages: Vec<Plan>,
    start: Reading,
}

impl<'a> Case<'a> {
    pub(crate) fn new(live: &'a str, desired: &'a str) -> Self {
        Self { live, desired, backfills: Vec::new(), online: Online::default() }
    }

    pub(crate) fn filled(mut self, text: &str) -> Self {
        self.backfills.push(text.parse().expect("a backfill"));
        self
    }

    pub(crate) fn waiting(mut self, lock_timeout: Duration) -> Self {
        self.online = Online { lock_timeout };
        self
    }

    /// Makes the databases and the plan.
    pub(crate) async fn trial(&self) -> Option<Trial> {
        let url = url(Backend::Postgres)?;
        let (database, wanted) = (Database::create(&url).await, Database::create(&url).await);
        run(&database.connection, self.live).await.expect("the database can be made");
        run(&wanted.connection, self.desired).await.expect("what is desired can be made");
        let (start, end) = (reading(&database.connection).await, reading(&wanted.connection).await);
        let stages =
            planned(&start, &end, &self.online).backfilled(&self.backfills).expect("something to fill").stages();
        Some(Trial { database, wanted, stages, start })
    }

    /// The stages, as they are shown, and that they lead there and back however often each is begun.
    pub(crate) fn check(&self, expected: &Expect) {
        block_on(async {
            let Some(trial) = self.trial().await else { return };
            expected.assert_eq(&shown(&trial.stages));
            let connection = &trial.database.connection;
            for stage in &trial.stages {
                up(connection, stage).await.expect("up runs");
                down(connection, stage).await.expect("down runs from here");
                up(connection, stage).await.expect("up runs again");
                if stage.transaction == Some(false) {
                    up(connection, stage).await.expect("what nothing holds together can be begun again");
                }
            }
            trial.expect_end().await;
            for stage in trial.stages.iter().rev() {
                down(connection, stage).await.expect("down runs");
                if stage.transaction == Some(false) {
                    down(connection, stage).await.expect("what nothing holds together can be begun again");
                }
            }
            assert_eq!(reading(connection).await, trial.start, "down leads back to exactly the start");
            trial.drop().await;
        });
    }
}

impl Trial {
    /// The database is as it was desired.
    pub(crate) async fn expect_end(&self) {
        let (now, wanted) = (reading(&self.database.connection).await, reading(&self.wanted.connection).await);
        assert_eq!(planned(&now, &wanted, &Online::default()).findings, Vec::new());
    }

    pub(crate) async fn drop(self) {
        self.database.drop().await;
        self.wanted.drop().await;
    }
}

fn planned(live: &Reading, desired: &Reading, online: &Online) -> Plan {
    let online = Some(online.clone());
    let settings = Settings { unmanaged: Unmanaged::Drop, online, ..Settings::default() };
    plan(&Inputs {
        live: &live.schema,
        desired: &desired.schema,
        coverage: Coverage::Complete,
        memory: None,
        renames: &[],
        decided: &[],
        backend: live.backend,
        default_schema: live.default_schema.as_deref(),
        settings: &settings,
        spellings: &Spellings::default(),
    })
    .expect("all of it is understood")
}

async fn reading(connection: &Connection) -> Reading {
    read(connection, &Scope::default()).await.expect("the database can be read")
}

pub(crate) async fn up(connection: &Connection, stage: &Plan) -> Result<(), String> {
    direction(connection, stage, &render::sql(stage).0).await
}

pub(crate) async fn down(connection: &Connection, stage: &Plan) -> Result<(), String> {
    direction(connection, stage, &render::sql(stage).1).await
}

/// As a migration file runs it.
async fn direction(connection: &Connection, stage: &Plan, statements: &[String]) -> Result<(), String> {
    let held = render::use_transaction(stage) != Some(false);
    if held {
        run(connection, "BEGIN").await?;
    }
    for statement in statements {
        if let Err(error) = run(connection, statement).await {
            if held {
                run(connection, "ROLLBACK").await?;
            }
            return Err(error);
        }
    }
    if held { run(connection, "COMMIT").await } else { Ok(()) }
}

pub(crate) async fn run(connection: &Connection, sql: &str) -> Result<(), String> {
    connection.db().execute_unprepared(sql).await.map(drop).map_err(|error| format!("{error}\n{sql}"))
}

fn shown(stages: &[Plan]) -> String {
    let mut text = String::new();
    for (number, stage) in stages.iter().enumerate() {
        let held = if stage.transaction == Some(false) { "no transaction" } else { "a transaction" };
        let (up, down) = render::sql(stage);
        text.push_str(&format!("{}: {held}\n", number + 1));
        up.iter().for_each(|sql| text.push_str(&format!("  + {sql}\n")));
        down.iter().for_each(|sql| text.push_str(&format!("  - {sql}\n")));
    }
    text
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
