//! SQLite: a lock of the operating system on a file beside the database.
//!
//! The file is never deleted. Deleting it would let one process lock the old file and another the new one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sea_orm_migration::sea_orm::sqlx::{self, Row};
use sea_orm_migration::sea_orm::{DatabaseConnection, sqlx::sqlite::SqliteRow};

use super::{LockError, Patience};

/// Unlocked when it is dropped, and by the operating system when the process ends.
#[derive(Debug)]
pub(super) struct LockFile {
    path: PathBuf,
    /// The lock is on the open file, and ends when it is closed.
    _file: File,
}

impl LockFile {
    /// Whoever deletes the file lets another process lock a new one of the same name.
    pub(super) fn confirm(&self) -> Result<(), LockError> {
        if self.path.exists() { Ok(()) } else { Err(LockError::Lost(format!("{} was deleted", self.path.display()))) }
    }
}

/// `None` for a database in memory.
///
/// The lock is of the file, whatever the version table: SQLite has one writer at a time anyway.
pub(super) async fn acquire(
    db: &DatabaseConnection,
    table: &str,
    patience: Patience,
) -> Result<Option<LockFile>, LockError> {
    let Some(database) = database_file(db).await? else { return Ok(None) };
    let path = beside(&database);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| LockError::Refused(format!("{}: {error}", path.display())))?;
    loop {
        match file.try_lock() {
            Ok(()) => {
                sign(&mut file, table);
                return Ok(Some(LockFile { path, _file: file }));
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(LockError::Refused(format!("{}: {error}", path.display())));
            }
        }
        if !patience.wait().await {
            return Err(patience.over(holder(&path)));
        }
    }
}

/// SQLite knows its file best: the URL may be relative, have parameters, or name memory in several ways.
async fn database_file(db: &DatabaseConnection) -> Result<Option<PathBuf>, LockError> {
    let rows: Vec<SqliteRow> = sqlx::query("PRAGMA database_list")
        .fetch_all(db.get_sqlite_connection_pool())
        .await
        .map_err(|error| LockError::Refused(error.to_string()))?;
    let main = rows.iter().find(|row| row.try_get::<String, _>("name").is_ok_and(|name| name == "main"));
    let file = main.and_then(|row| row.try_get::<Option<String>, _>("file").ok().flatten());
    Ok(file.filter(|file| !file.is_empty()).map(PathBuf::from))
}

fn beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".autogen-lock");
    PathBuf::from(path)
}

/// Leaves the process id for whoever waits. The lock holds without it, so a full disk is no reason to stop.
fn sign(file: &mut File, table: &str) {
    let _signed = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| writeln!(file, "process {}, table {table}", std::process::id()))
        .and_then(|()| file.flush());
}

/// On Windows a locked file cannot be read; then nobody knows.
fn holder(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(200).read_to_string(&mut text).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| format!("{text}, by {}", path.display()))
}
