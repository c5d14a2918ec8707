//! Two databases of a test's own: one as it is, one as it is to be; the plan between them, and its proof.

use std::hash::{BuildHasher, RandomState};

use autogen_diff::report::{Proof, ProofStatus};
use autogen_diff::{Coverage, Inputs, Plan, Settings, Spellings, Statement, Step, Unmanaged, plan};
use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_prove::{Place, prove};
use autogen_schema::{Backend, DatabaseUrl};
use sea_orm::ConnectionTrait;

/// The databases to test on, as far as they are there.
pub(crate) const ALL: [Backend; 4] = Backend::ALL;

/// The server of a backend: as the environment says, where an empty text says that there is none, else at its usual port.
pub(crate) fn server(backend: Backend) -> Option<String> {
    let (variable, usual) = match backend {
        Backend::Sqlite => return Some("sqlite::memory:".into()),
        Backend::Postgres => ("AUTOGEN_TEST_POSTGRES_URL", Some("postgres://postgres@127.0.0.1:5432/postgres")),
        Backend::Mariadb => ("AUTOGEN_TEST_MARIADB_URL", Some("mysql://root@127.0.0.1:3306/mysql")),
        Backend::Mysql => ("AUTOGEN_TEST_MYSQL_URL", None),
    };
    match std::env::var(variable) {
        Ok(url) => (!url.is_empty()).then_some(url),
        Err(_) => usual.map(str::to_owned),
    }
}

/// A database that nobody else uses.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    server: DatabaseUrl,
    name: String,
}

impl Database {
    pub(crate) async fn create(backend: Backend) -> Option<Self> {
        let server = DatabaseUrl::parse(&server(backend)?).unwrap();
        let name = format!("autogen_test_{:016x}", RandomState::new().hash_one(0));
        let url = match server.with_database(&name) {
            Some(url) => {
                let admin = open(&server).await;
                admin.db().execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                url
            }
            None => server.clone(),
        };
        Some(Self { connection: open(&url).await, server, name })
    }

    pub(crate) async fn run(&self, script: &str) {
        for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
            let done = self.connection.db().execute_unprepared(statement).await;
            done.unwrap_or_else(|error| panic!("{error}\n{statement}"));
        }
    }

    pub(crate) async fn reading(&self) -> Reading {
        read(&self.connection, &Scope::default()).await.unwrap()
    }

    pub(crate) async fn drop(self) {
        if self.server.host().is_some() {
            self.connection.close().await.unwrap();
            let admin = open(&self.server).await;
            admin.db().execute_unprepared(&format!("DROP DATABASE {}", self.name)).await.unwrap();
        }
    }
}

pub(crate) async fn open(url: &DatabaseUrl) -> Connection {
    connect(url, &ConnectOptions::default()).await.unwrap()
}

/// Where the word `sabotage` in a test's name becomes deed.
pub(crate) type Sabotage = fn(&mut Plan);

/// A statement in a plan that nobody planned.
pub(crate) fn raw(sql: &str) -> Step {
    Step { table: None, statement: Statement::Raw(sql.to_owned()), hazards: Vec::new() }
}

/// A case on one database.
pub(crate) struct Case<'a> {
    pub(crate) live: &'a str,
    pub(crate) desired: &'a str,
    pub(crate) sabotage: Sabotage,
    pub(crate) place: Place,
    pub(crate) unmanaged: Unmanaged,
}

impl<'a> Case<'a> {
    pub(crate) fn new(live: &'a str, desired: &'a str) -> Self {
        Self { live, desired, sabotage: |_| {}, place: Place::default(), unmanaged: Unmanaged::Drop }
    }

    pub(crate) fn sabotaged(self, sabotage: Sabotage) -> Self {
        Self { sabotage, ..self }
    }

    /// The proof on a database, where there is a server; none of its scratch databases is there afterwards.
    pub(crate) async fn prove_on(&self, backend: Backend) -> Option<Proof> {
        let live = Database::create(backend).await?;
        let desired = Database::create(backend).await?;
        live.run(self.live).await;
        desired.run(self.desired).await;
        let (start, end) = (live.reading().await, desired.reading().await);
        let settings = Settings { unmanaged: self.unmanaged, ..Settings::default() };
        let inputs = Inputs {
            live: &start.schema,
            desired: &end.schema,
            coverage: Coverage::Partial,
            memory: None,
            renames: &[],
            decided: &[],
            backend: start.backend,
            default_schema: start.default_schema.as_deref(),
            settings: &settings,
            spellings: &Spellings::default(),
        };
        let mut plan = plan(&inputs).unwrap();
        (self.sabotage)(&mut plan);
        let proof = prove(&live.connection, &inputs, &plan, &self.place).await;
        assert_eq!(start, live.reading().await, "the live database is as it was");
        live.drop().await;
        desired.drop().await;
        Some(proof)
    }

    /// The proof on every database, each with this verdict and these words in its sentence.
    pub(crate) fn expect(&self, backends: &[Backend], status: ProofStatus, words: &[&str]) {
        for backend in backends {
            let Some(proof) = block_on(self.prove_on(*backend)) else { continue };
            let sentence = proof.sentence();
            assert_eq!(proof.status, status, "{backend}: {sentence}");
            for word in words {
                assert!(sentence.contains(word), "{backend} does not say `{word}`: {sentence}");
            }
        }
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
