//! `autogen baseline`: leave the differences that there are today as they are.

use std::time::Duration;

use autogen_diff::{Change, can_be_accepted};
use autogen_migrate::lock;
use autogen_migrate::source::Project;

use super::{Session, revision};
use crate::args::Baseline;
use crate::compare::{Rules, compare};
use crate::exit::{Code, Failure, Outcome};
use crate::files::{self, Edit};
use crate::lock::LockFile;
use crate::settings::Settings;
use crate::sources;

/// Writes what differs into `autogen.lock`, and says what it was. Nobody migrates the database meanwhile: what is
/// accepted is what it has.
pub(crate) async fn run(session: &Session, args: &Baseline) -> Outcome {
    let settings = session.settings()?;
    let project = sources::revisions(&settings)?;
    let holder = sources::connect(&settings).await?;
    let timeout = Duration::from_secs(args.lock_timeout);
    let lock = lock::acquire(holder.db(), &project.version_table, timeout)
        .await
        .map_err(|error| Failure::run(&error.into(), holder.url()))?;
    let outcome = accept(session, args, &settings, &project).await;
    lock.release().await;
    outcome
}

async fn accept(session: &Session, args: &Baseline, settings: &Settings, project: &Project) -> Outcome {
    let entities = sources::entities(settings)?;
    let rules = Rules::new(&settings.config.compare, false)?.with_version_table(&project.version_table);
    let lock_file = LockFile::read(settings)?;
    // A lock that does not fit the revisions is one of the reasons to come here.
    let memory = lock_file.memory(project).unwrap_or_else(|_| lock_file.only_accepted());
    let connection = revision::up_to_date_connection(settings, project).await?;
    let live =
        sources::live_for(session.printer, &entities, &connection, sources::scope(settings, &project.version_table))
            .await?;
    let comparison = compare(&connection, &entities, &live, memory.lock.as_ref(), &rules).await?;
    let differences: Vec<&Change> = comparison.plan.findings.iter().map(|finding| &finding.change).collect();
    let (taken, left): (Vec<&Change>, Vec<&Change>) =
        differences.into_iter().partition(|change| can_be_accepted(change));

    let all = comparison.plan.accepted.iter().chain(taken.iter().copied());
    let edit = lock_file.accept(&memory, project, entities.schema, autogen_diff::accept(all));
    session.printer.result(&said(&taken, &left, args.dry_run));
    match edit {
        Some(edit) if !args.dry_run => {
            write(&edit)?;
            session.printer.result(&format!("{} {}", edit.verb(), settings.shown(edit.path())));
        }
        Some(_) => session.printer.result("Nothing was written; without --dry-run it is."),
        None => session.printer.result("The lock says so already."),
    }
    Ok(Code::Fine)
}

fn write(edit: &Edit) -> Result<(), Failure> {
    files::write_all(std::slice::from_ref(edit)).map_err(|error| Failure::graph(error.to_string()))
}

fn said(taken: &[&Change], left: &[&Change], dry_run: bool) -> String {
    let verb = if dry_run { "Would accept" } else { "Accepted" };
    let mut text = match taken.len() {
        0 => "No differences to accept.\n".to_owned(),
        1 => format!("{verb} 1 difference:\n"),
        many => format!("{verb} {many} differences:\n"),
    };
    push_lines(&mut text, taken);
    if !left.is_empty() {
        text.push_str("Renames are decisions to make, and stay differences:\n");
        push_lines(&mut text, left);
    }
    text
}

fn push_lines(text: &mut String, changes: &[&Change]) {
    for change in changes {
        let table = change.table().map(|table| format!("{table}: ")).unwrap_or_default();
        text.push_str(&format!("  {}\n", autogen_schema::visible(&format!("{table}{}", change.describe()))));
    }
}
