//! Opening a database from its URL, without a word of the URL in an error.

use std::time::Duration;

use autogen_schema::{Backend, DatabaseUrl};
use sea_orm_migration::sea_orm::sqlx;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use sea_orm_migration::sea_orm::sqlx::Connection;
use sea_orm_migration::sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// Opens a pool of one connection. `schema` becomes the `search_path` on PostgreSQL and is ignored elsewhere.
///
/// # Errors
///
/// Where the database cannot be reached; the message never holds the password.
pub async fn connect(url: &DatabaseUrl, schema: Option<&str>) -> Result<DatabaseConnection, DbErr> {
    knock(url).await.map_err(|error| DbErr::Custom(refusal(url, &error)))?;
    let mut options = ConnectOptions::new(driver_url(url));
    // One connection: settings of a session, which migrations make, then hold for the next statement too.
    options.max_connections(1).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false);
    if let (Some(schema), Backend::Postgres) = (schema, url.backend()) {
        options.set_schema_search_path(schema);
    }
    Database::connect(options)
        .await
        .map_err(|error| DbErr::Custom(url.redact(&format!("could not connect to {url}: {error}"))))
}

/// A pool tries a server that refuses connections again and again until its time is over; one connection says so at
/// once.
async fn knock(url: &DatabaseUrl) -> Result<(), sqlx::Error> {
    match url.backend() {
        #[cfg(feature = "postgres")]
        Backend::Postgres => sqlx::PgConnection::connect(url.expose()).await?.close().await,
        #[cfg(feature = "mysql")]
        Backend::Mysql | Backend::Mariadb => sqlx::MySqlConnection::connect(&driver_url(url)).await?.close().await,
        #[cfg(feature = "sqlite")]
        Backend::Sqlite => Ok(()),
        #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
        other => Err(sqlx::Error::Configuration(
            format!("this program is built without {other}; add it to the features of autogen-migrate").into(),
        )),
    }
}

fn refusal(url: &DatabaseUrl, error: &sqlx::Error) -> String {
    url.redact(&format!("could not connect to {url}: {error}"))
}

/// The URL as SeaORM takes it, which does not know the scheme `mariadb:`.
fn driver_url(url: &DatabaseUrl) -> String {
    match url.backend() {
        Backend::Mariadb => format!("mysql:{}", url.expose().split_once(':').map_or("", |(_, rest)| rest)),
        Backend::Sqlite | Backend::Postgres | Backend::Mysql => url.expose().to_owned(),
    }
}
