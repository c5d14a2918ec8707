//! Database URLs, which hold passwords.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::Backend;

/// A database URL. Its `Display` and `Debug` never show the password; [`DatabaseUrl::expose`] does, for the driver.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
}

/// Why a text is not a database URL that we support. Never holds the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is not a URL at all.
    #[error(
        "the database URL is not a URL ({0}); write it like sqlite://app.db?mode=rwc or postgres://user@host/database"
    )]
    Malformed(String),
    /// The scheme is of another database.
    #[error("database URLs that begin with `{0}:` are not supported; use sqlite:, postgres:, mysql: or mariadb:")]
    Scheme(String),
}

impl DatabaseUrl {
    /// Takes a URL as people write it.
    ///
    /// # Errors
    ///
    /// Where it is not a URL, or is of a database that is not supported.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, _) = text.split_once(':').ok_or_else(|| UrlError::Malformed("it has no scheme".into()))?;
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => {}
            "postgres" | "postgresql" | "mysql" | "mariadb" => {
                Url::parse(text).map_err(|error| UrlError::Malformed(error.to_string()))?;
            }
            other => return Err(UrlError::Scheme(other.into())),
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The URL with its password, for the driver and for the environment of a child process. Print nothing of it.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The database that the scheme names. `mysql:` may turn out to be MariaDB once connected, and the other way
    /// round: only the server knows.
    pub fn backend(&self) -> Backend {
        let scheme = self.text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match scheme.as_str() {
            "sqlite" => Backend::Sqlite,
            "mysql" => Backend::Mysql,
            "mariadb" => Backend::Mariadb,
            _ => Backend::Postgres,
        }
    }

    /// The host and port, where there is a server: `localhost:5432`.
    pub fn host(&self) -> Option<String> {
        let url = self.server()?;
        let host = url.host_str()?;
        Some(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }

    /// The name of the database on its server, or the file of an SQLite database.
    pub fn database(&self) -> Option<String> {
        match self.server() {
            Some(url) => {
                let name = url.path().trim_start_matches('/');
                (!name.is_empty()).then(|| percent_decode(name))
            }
            None => {
                let rest = self.text.split_once(':').map_or("", |(_, rest)| rest);
                let path = rest.strip_prefix("//").unwrap_or(rest);
                let path = path.split('?').next().unwrap_or_default();
                (!path.is_empty()).then(|| percent_decode(path))
            }
        }
    }

    /// The same URL with another database in it; `None` for SQLite, whose database is the URL.
    pub fn with_database(&self, name: &str) -> Option<Self> {
        let mut url = self.server()?;
        url.set_path(name);
        Some(Self { text: url.into() })
    }

    /// The same URL with a search path for PostgreSQL, given as SeaORM takes `DATABASE_SCHEMA`: one schema, or several
    /// with commas between them. Other databases have none, and their URL stays.
    #[must_use]
    pub fn with_search_path(&self, schemas: &str) -> Self {
        let (Backend::Postgres, Some(mut url)) = (self.backend(), self.server()) else { return self.clone() };
        let is_quoted = schemas.trim_start().starts_with('"');
        // Without quotes the server would make small letters of capital ones.
        let quoted = |schema: &str| format!("\"{}\"", schema.trim().replace('"', "\"\""));
        let path = match is_quoted {
            true => schemas.to_owned(),
            false => schemas.split(',').map(quoted).collect::<Vec<_>>().join(","),
        };
        url.query_pairs_mut().append_pair("options[search_path]", &path);
        Self { text: url.into() }
    }

    fn server(&self) -> Option<Url> {
        match self.backend() {
            Backend::Sqlite => None,
            Backend::Postgres | Backend::Mysql | Backend::Mariadb => Url::parse(&self.text).ok(),
        }
    }

    /// `text` with every occurrence of the password replaced, encoded or not: for messages of drivers.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.replace(&self.text, &self.to_string());
        for secret in self.secrets() {
            if !secret.is_empty() {
                text = text.replace(&secret, "***");
            }
        }
        text
    }

    fn secrets(&self) -> Vec<String> {
        let Some(url) = self.server() else { return Vec::new() };
        let mut secrets: Vec<String> = url.password().into_iter().map(str::to_owned).collect();
        secrets.extend(url.query_pairs().filter(|(key, _)| is_secret(key)).map(|(_, value)| value.into_owned()));
        let decoded: Vec<String> = secrets.iter().map(|secret| percent_decode(secret)).collect();
        secrets.extend(decoded.iter().map(|secret| utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string()));
        secrets.extend(decoded);
        secrets
    }
}

/// The URL with `***` in the place of the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(mut url) = self.server() else { return f.write_str(&self.text) };
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return f.write_str("<database URL>");
        }
        if url.query_pairs().any(|(key, _)| is_secret(&key)) {
            let pairs: Vec<(String, String)> = url
                .query_pairs()
                .map(|(key, value)| {
                    let value = if is_secret(&key) { "***".into() } else { value.into_owned() };
                    (key.into_owned(), value)
                })
                .collect();
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
        f.write_str(url.as_str())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("password") || key.contains("passwd") || key == "pwd"
}

fn percent_decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        DatabaseUrl::parse(text).expect("a database URL")
    }

    #[test]
    fn a_password_is_never_shown() {
        for text in ["postgres://ann:s3cr%21t@db.example:5433/app?sslmode=require", "mysql://root@h/d?password=s3cr!t"]
        {
            let url = url(text);
            for shown in [url.to_string(), format!("{url:?}"), url.redact("auth failed for s3cr!t and s3cr%21t")] {
                assert!(!shown.contains("s3cr"), "{shown}");
            }
        }
    }

    #[test]
    fn host_and_database_are_named() {
        let server = url("postgres://ann:x@db.example:5433/app%20one");
        assert_eq!(server.host().as_deref(), Some("db.example:5433"));
        assert_eq!(server.database().as_deref(), Some("app one"));
        assert_eq!(url("sqlite://data/app.db?mode=rwc").database().as_deref(), Some("data/app.db"));
        assert_eq!(url("sqlite::memory:").database().as_deref(), Some(":memory:"));
    }

    #[test]
    fn a_search_path_is_for_postgresql_and_keeps_capital_letters() {
        let with = |text: &str, schemas: &str| url(text).with_search_path(schemas).expose().replace("%22", "'");
        assert_eq!(
            with("postgres://h/d?sslmode=prefer", "App, public"),
            "postgres://h/d?sslmode=prefer&options%5Bsearch_path%5D='App'%2C'public'"
        );
        assert_eq!(with("mysql://h/d", "app"), "mysql://h/d");
        assert_eq!(with("sqlite://a.db", "app"), "sqlite://a.db");
    }

    #[test]
    fn another_scheme_is_refused_without_showing_the_text() {
        let error = DatabaseUrl::parse("oracle://u:topsecret@h/d").expect_err("not supported");
        assert!(!error.to_string().contains("topsecret"));
    }
}
