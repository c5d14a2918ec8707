//! The databases' own clients, which know nothing of this project.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::database::{Server, TestDatabase};

/// A shell for SQLite where there is no `sqlite3`: Python has one built in.
const SQLITE: &str = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())";

impl TestDatabase {
    /// Runs a script in the database's own client, which stops at the first error. `false` where this machine has no
    /// such client.
    #[track_caller]
    pub(crate) fn run_script(&self, script: &str) -> bool {
        let mut client = self.client();
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let Ok(mut client) = client.spawn() else { return false };
        let mut input = client.stdin.take().unwrap();
        // A client that has given up reads no more; its message says why.
        let _ = input.write_all(script.as_bytes());
        drop(input);
        let output = client.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}\n--- script\n{script}");
        true
    }

    fn client(&self) -> Command {
        match self.server {
            Server::Sqlite => {
                let file = self.url.trim_start_matches("sqlite://").split('?').next().unwrap();
                let mut client = Command::new("python3");
                client.args(["-c", SQLITE, file]);
                client
            }
            Server::Postgres => {
                let mut client = Command::new("psql");
                client.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", &self.url]);
                client
            }
            Server::Mariadb | Server::Mysql => {
                let (user, place) = self.url.trim_start_matches("mysql://").split_once('@').unwrap();
                let (user, password) = user.split_once(':').unwrap_or((user, ""));
                let (host, database) = place.split_once('/').unwrap();
                let (host, port) = host.split_once(':').unwrap_or((host, "3306"));
                let mut client = Command::new("mysql");
                client.args(["--protocol=tcp", "--host", host, "--port", port, "--user", user]);
                client.env("MYSQL_PWD", password).arg(database);
                client
            }
        }
    }
}
