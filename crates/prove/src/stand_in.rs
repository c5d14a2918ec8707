//! A database that stands for one which is not at hand: what the entities declared, made on a scratch database.

use autogen_diff::render;
use autogen_introspect::{ConnectOptions, Connection, Reading, Scope, connect, read};
use autogen_schema::{Backend, DatabaseUrl, Schema};

use crate::database::database;
use crate::run::{Refusal, all};
use crate::scratch::{NoScratch, Place, Scratch};
use crate::stage;

/// A scratch database that holds what entities declare. It is gone when the value is.
#[derive(Debug)]
pub struct StandIn {
    scratch: Scratch,
    reading: Reading,
}

impl StandIn {
    /// Makes a database of this kind, with the tables of `declared` in it, on the server of `url`; an SQLite database is
    /// made in memory, and needs no server. Encoding, locale and modes are those of the database in `url`, to which
    /// nothing is done. What comes out is read, so that names and spellings are the server's own.
    ///
    /// # Errors
    ///
    /// Where it cannot be made, or does not take what is declared.
    pub async fn create(backend: Backend, url: Option<&DatabaseUrl>, declared: &Schema) -> Result<Self, NoScratch> {
        let closed = |reason: &dyn std::fmt::Display| NoScratch::Closed(reason.to_string());
        let origin = match url {
            Some(url) => url.clone(),
            None => DatabaseUrl::parse("sqlite::memory:").map_err(|error| closed(&error))?,
        };
        let server = connect(&origin, &ConnectOptions::default()).await.map_err(|error| closed(&error))?;
        if server.backend() != backend {
            return Err(NoScratch::OtherKind { found: server.backend().product(), needed: backend.product() });
        }
        let scratch = Scratch::create(&server, &Place { url: Some(origin), ..Place::default() }).await?;
        // Whatever it says: it is not needed any more.
        let _ = server.close().await;
        match fill(scratch.connection(), declared).await {
            Ok(reading) => Ok(Self { scratch, reading }),
            Err(reason) => {
                scratch.remove().await;
                Err(reason)
            }
        }
    }

    /// The open database.
    pub fn connection(&self) -> &Connection {
        self.scratch.connection()
    }

    /// What it holds.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Takes it away, in peace. Where this is not reached, dropping the value does the same.
    pub async fn remove(self) {
        self.scratch.remove().await;
    }
}

/// Whether a scratch database of this kind is made on a server, and not in memory.
pub fn needs_server(backend: Backend) -> bool {
    database(backend).creation_query("").is_some()
}

async fn fill(connection: &Connection, declared: &Schema) -> Result<Reading, NoScratch> {
    let schemas = stage::schemas(declared);
    let refused = |refusal: Refusal| NoScratch::Unmade(format!("{} (in `{}`)", refusal.message, refusal.statement));
    let unread = |error: autogen_introspect::Error| NoScratch::Unmade(error.to_string());
    let facts = database(connection.backend());
    all(connection, &facts.preparation(None, &schemas)).await.map_err(refused)?;
    let empty = read(connection, &Scope::default()).await.map_err(unread)?;
    let statements = render::create_sql(declared, connection.backend(), empty.default_schema.as_deref());
    all(connection, &statements).await.map_err(refused)?;
    read(connection, &Scope { beside_default: schemas, ..Scope::default() }).await.map_err(unread)
}
