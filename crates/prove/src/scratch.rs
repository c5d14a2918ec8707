//! A database that we make, use and take away.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use autogen_introspect::{ConnectOptions, Connection, Error, connect, is_local};
use autogen_schema::{Backend, DatabaseUrl};
use tempfile::TempDir;

use crate::database::{Database, database};
use crate::run::{Refusal, execute, text};

/// Where a scratch database may be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// A server to make it on, in the place of the live database's.
    pub url: Option<DatabaseUrl>,
    /// Whether it may be made on the live database's server where that is another machine.
    pub on_server: bool,
    /// Whether another process must be able to open it: a file then, where a database can be in memory.
    pub shared: bool,
}

/// Why there is no scratch database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoScratch {
    /// The live database is on another machine, and nobody allowed to make a database there.
    #[error(
        "the database is on {host}, which is not this machine; give --scratch-on-server to make and drop a database of \
         its own there, or --scratch-url to name another server"
    )]
    Elsewhere {
        /// The host.
        host: String,
    },
    /// The server does not let the user make a database.
    #[error(
        "no scratch database could be made on {host}: {reason}; grant the user the right (CREATEDB on PostgreSQL, CREATE \
         and DROP on `autogen\\_scratch\\_%` on MySQL), or name another server with --scratch-url"
    )]
    Refused {
        /// The host.
        host: String,
        /// The server's reason.
        reason: String,
    },
    /// The server for scratch databases is not of the kind that is needed.
    #[error("the scratch server is {found}, and the database is {needed}; name a server of the same kind")]
    OtherKind {
        /// The kind of the scratch server.
        found: &'static str,
        /// The kind of the live database.
        needed: &'static str,
    },
    /// The scratch database could not be opened, or not be prepared.
    #[error("the scratch database could not be opened: {0}")]
    Closed(String),
    /// The scratch database does not take what the entities declared.
    #[error("what the entities declared at the last revision could not be made on the scratch database: {0}")]
    Unmade(String),
}

/// A scratch database, open. It is gone when the value is.
#[derive(Debug)]
pub struct Scratch {
    connection: Connection,
    made: Option<Made>,
}

/// What was made and is to be taken away.
#[derive(Debug)]
enum Made {
    Database { server: DatabaseUrl, name: String },
    File { _folder: TempDir },
    Memory,
}

impl Scratch {
    /// Makes an empty database that is to the eye what `live` is: product, encoding, locale, modes of the session.
    ///
    /// # Errors
    ///
    /// Where it may not be made, or cannot be.
    pub async fn create(live: &Connection, place: &Place) -> Result<Self, NoScratch> {
        let facts = database(live.backend());
        let made = make(live, place, facts).await?;
        let url = made.url()?;
        let opened = connect(&url, &ConnectOptions::default()).await;
        let scratch = match opened {
            Ok(connection) => Self { connection, made: Some(made) },
            Err(error) => {
                made.remove().await;
                return Err(NoScratch::Closed(error.to_string()));
            }
        };
        match scratch.like(live, facts).await {
            Ok(()) => Ok(scratch),
            Err(reason) => {
                scratch.remove().await;
                Err(reason)
            }
        }
    }

    /// The open database.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Its URL, for another process.
    pub fn url(&self) -> &DatabaseUrl {
        self.connection.url()
    }

    /// Takes it away, in peace. Where this is not reached, dropping the value does the same.
    pub async fn remove(mut self) {
        let made = self.made.take();
        // Whatever is still open goes with the database.
        let _ = self.connection.db().clone().close().await;
        if let Some(made) = made {
            made.remove().await;
        }
    }

    async fn like(&self, live: &Connection, facts: &dyn Database) -> Result<(), NoScratch> {
        let [found, needed] = [self.connection.backend(), live.backend()];
        if found != needed {
            return Err(NoScratch::OtherKind { found: found.product(), needed: needed.product() });
        }
        let closed = |refusal: Refusal| NoScratch::Closed(refusal.message);
        let session = text(live, facts.session_query()).await.map_err(closed)?;
        execute(&self.connection, &session).await.map_err(closed)
    }
}

/// A panic, or a person who pressed Ctrl-C: the one who waits for us is gone, so the work is done on a thread.
impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(made @ Made::Database { .. }) = self.made.take() {
            let removed = std::thread::Builder::new().spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                if let Ok(runtime) = runtime {
                    runtime.block_on(made.remove());
                }
            });
            if let Ok(thread) = removed {
                // A panic there has nobody to tell.
                let _ = thread.join();
            }
        }
    }
}

async fn make(live: &Connection, place: &Place, facts: &dyn Database) -> Result<Made, NoScratch> {
    let name = format!("autogen_scratch_{:016x}", RandomState::new().hash_one(std::process::id()));
    let Some(query) = facts.creation_query(&name) else {
        if !place.shared {
            return Ok(Made::Memory);
        }
        let folder = tempfile::Builder::new().prefix("autogen_scratch_").tempdir();
        return folder
            .map(|folder| Made::File { _folder: folder })
            .map_err(|error| NoScratch::Closed(error.to_string()));
    };
    let server = place.url.as_ref().unwrap_or(live.url());
    let host = server.host().unwrap_or_else(|| "this machine".to_owned());
    if place.url.is_none() && !place.on_server && !is_local(server) {
        return Err(NoScratch::Elsewhere { host });
    }
    let refused = |refusal: Refusal| NoScratch::Refused { host: host.clone(), reason: refusal.message };
    let statement = text(live, &query).await.map_err(refused)?;
    match &place.url {
        None => execute(live, &statement).await.map_err(refused)?,
        Some(url) => {
            let admin = open(url).await?;
            let made = execute(&admin, &statement).await.map_err(refused);
            let _ = admin.close().await;
            made?;
        }
    }
    Ok(Made::Database { server: server.clone(), name })
}

async fn open(url: &DatabaseUrl) -> Result<Connection, NoScratch> {
    connect(url, &ConnectOptions::default()).await.map_err(|error: Error| NoScratch::Closed(error.to_string()))
}

impl Made {
    fn url(&self) -> Result<DatabaseUrl, NoScratch> {
        let closed = |reason: &dyn fmt::Display| NoScratch::Closed(reason.to_string());
        match self {
            Self::Memory => DatabaseUrl::parse("sqlite::memory:").map_err(|error| closed(&error)),
            Self::File { _folder: folder } => {
                let path = folder.path().join("scratch.db").display().to_string();
                let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                DatabaseUrl::parse(&format!("sqlite://{path}?mode=rwc")).map_err(|error| closed(&error))
            }
            Self::Database { server, name } => {
                server.with_database(name).ok_or_else(|| closed(&"its URL cannot be written"))
            }
        }
    }

    /// Takes away what was made. Failing that there is nothing to be done, and the name says what it is.
    async fn remove(self) {
        let Self::Database { server, name } = self else { return };
        let Ok(admin) = connect(&server, &ConnectOptions::default()).await else { return };
        for statement in database(admin.backend()).removal(&name) {
            let _ = execute(&admin, &statement).await;
        }
        let _ = admin.close().await;
    }
}

/// The product and version, for people: `PostgreSQL 15.6`.
pub(crate) fn product(connection: &Connection) -> String {
    let backend: Backend = connection.backend();
    let version = connection.server_version().split([' ', '-']).next().unwrap_or_default();
    format!("{} {version}", backend.product())
}
