//! `autogen stamp` and `autogen ensure-version`: the version table, without running anything.

use std::time::Duration;

use autogen_migrate::{RunError, versions};
use serde::Serialize;

use super::view::json;
use super::{Session, history};
use crate::args::{Format, Stamp};
use crate::exit::{Code, Failure, Outcome};
use crate::sources;

/// Records that the database is at these revisions. What the table records and no file has is no obstacle.
pub(crate) async fn run(session: &Session, args: &Stamp) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    history::mention(session, &project);
    let url = settings.url()?;
    let failed = |error: RunError| Failure::run(&error, url);
    let db = autogen_migrate::connect(url, None).await.map_err(|error| failed(error.into()))?;
    let (table, timeout) = (&project.version_table, Duration::from_secs(args.lock_timeout));
    let stamp = autogen_migrate::stamp(&db, table, &project.graph(), &args.revisions, args.purge, timeout)
        .await
        .map_err(failed)?;
    for error in &project.errors {
        session.printer.warning(&error.to_string());
    }
    session.printer.result(&match args.format {
        Format::Json => json(&Stamped { version: 1, recorded: &stamp.add, removed: &stamp.remove })?,
        Format::Text if stamp.add.is_empty() && stamp.remove.is_empty() => {
            "nothing to change: the version table says so already".to_owned()
        }
        Format::Text => {
            let removed = stamp.remove.iter().map(|stem| format!("removed {stem}\n"));
            removed.chain(stamp.add.iter().map(|stem| format!("recorded {stem}\n"))).collect()
        }
    });
    Ok(Code::Fine)
}

#[derive(Serialize)]
struct Stamped<'a> {
    version: u32,
    recorded: &'a [String],
    removed: &'a [String],
}

/// Creates the version table where it is not there.
pub(crate) async fn ensure_version(session: &Session) -> Outcome {
    let settings = session.settings()?;
    let project = sources::survey(&settings)?;
    let (url, table) = (settings.url()?, &project.version_table);
    let failed = |error| Failure::run(&RunError::Database(error), url);
    let db = autogen_migrate::connect(url, None).await.map_err(failed)?;
    if versions::exists(&db, table).await.map_err(failed)? {
        session.printer.result(&format!("{table} is there already"));
    } else {
        versions::ensure(&db, table).await.map_err(failed)?;
        session.printer.result(&format!("created {table}"));
    }
    Ok(Code::Fine)
}
