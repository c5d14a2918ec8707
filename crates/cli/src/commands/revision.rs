//! `autogen revision`, and `autogen -m`: write the next revision.
//!
//! File, registration and lock are one unit: they are all written, or none is.

use std::path::PathBuf;

use autogen_diff::{Lock, render};
use autogen_introspect::Connection;
use autogen_migrate::header::Header;
use autogen_migrate::source::Project;
use autogen_migrate::{graph, header};
use autogen_schema::Schema;
use chrono::{DateTime, Utc};

use super::draft::{Draft, created, lines_to_add, said, write};
use super::{Session, history};
use crate::args::{Format, Placing, Revision};
use crate::compare::{Comparison, Rules, compare, prove};
use crate::exit::{Code, Failure, Outcome};
use crate::lock::{LockFile, Memory};
use crate::settings::Settings;
use crate::{questions, rustfmt, scratch, sources};

/// Writes a revision, empty or generated.
pub(crate) async fn run(session: &Session, args: Revision) -> Outcome {
    let message = args.message.as_deref().map(str::trim).filter(|message| !message.is_empty()).ok_or_else(|| {
        Failure::usage("a revision needs a message; give -m \"what it does\", a few words that its file is named by")
    })?;
    let settings = session.settings()?;
    let now = Utc::now();
    if args.autogenerate {
        generated(session, &settings, message, now, &args).await
    } else if args.comparing.is_said() {
        Err(Failure::usage(
            "--strict, --rename and --backfill belong to a comparison; give --autogenerate, or `autogen -m TEXT`",
        ))
    } else {
        empty(session, &settings, message, now, &args.placing)
    }
}

/// Compares, and writes what is between entities and database.
async fn generated(
    session: &Session,
    settings: &Settings,
    message: &str,
    now: DateTime<Utc>,
    Revision { comparing, proving, placing, .. }: &Revision,
) -> Outcome {
    let mut rules =
        Rules::new(&settings.config.compare, comparing.strict)?.with_renames(comparing.renames.iter().cloned());
    let format = comparing.format.unwrap_or_default();
    let entities = sources::entities(settings)?;
    let project = revisions(settings, message, now)?;
    let draft = Draft::new(&project, placing, message, now)?;
    let lock_file = LockFile::read(settings)?;
    let Memory { lock, notice } = lock_file.memory(&project)?;
    let connection = up_to_date_connection(settings, &project).await?;
    let live =
        sources::live_for(session.printer, &entities, &connection, sources::scope(settings, &project.version_table))
            .await?;
    let mut comparison = compare(&connection, &entities, &live, lock.as_ref(), &rules).await?;
    let decided = questions::renames(&comparison.plan.suspicions, |question| session.printer.ask(question));
    if !decided.is_empty() {
        rules = rules.with_renames(decided);
        comparison = compare(&connection, &entities, &live, lock.as_ref(), &rules).await?;
    }
    let comparison = comparison.with_rows(&connection, &comparing.backfills).await?;
    let decided = questions::backfills(&comparison.plan.unfilled(), |question| session.printer.ask(question));
    let mut comparison = comparison.filled(&decided)?.with_notices(project.notices.iter().cloned().chain(notice));
    if comparison.plan.is_empty() {
        session.printer.result(&comparison.report(format, session.printer.paint));
        return Ok(Code::Fine);
    }
    let proof = if proving.no_prove {
        scratch::skipped()
    } else {
        let place = scratch::place(&session.surroundings.folder, Some(settings), &proving.scratch, live.backend)?;
        let proof = prove(&comparison.plan, &connection, &entities, &live, lock.as_ref(), &rules, &place);
        scratch::unless_interrupted(proof).await?
    };
    comparison = comparison.with_proof(proof.clone());
    session.printer.result(&comparison.report(format, session.printer.paint));
    scratch::refuse_failed(&proof)?;
    let memory = lock.as_ref();
    let header = draft.header(&proof.sentence());
    let written = write_generated(settings, &draft, &header, &comparison, &lock_file, memory, entities.schema)?;
    let paths = written.iter().map(|path| settings.shown(path).to_string()).collect::<Vec<_>>();
    let text = said(&paths, "read it, then apply it with `autogen upgrade`");
    match format {
        Format::Text => session.printer.result(&text),
        Format::Json => session.printer.note(&text),
    }
    Ok(Code::Fine)
}

/// Reads the revisions, and says what to add to a list that no tool can add to.
pub(super) fn revisions(settings: &Settings, message: &str, now: DateTime<Utc>) -> Result<Project, Failure> {
    let project = sources::revisions_to_extend(settings, || {
        let stem = header::file_stem(&created(now), message);
        format!("; {}", lines_to_add(&[format!("mod {stem};"), format!("Box::new({stem}::Migration),")]))
    })?;
    match dangling(&project) {
        None => Ok(project),
        Some(revision) => Err(Failure::graph(format!(
            "{0} is in {1} and its file is gone; restore the file from version control, or take it out with `autogen discard {0}`",
            revision.stem,
            settings.shown(&project.lib_file)
        ))),
    }
}

/// A revision that the list names and whose file is gone: nothing should follow it, and nothing builds. A module of
/// another crate has no file here either, but no `mod` line.
fn dangling(project: &Project) -> Option<&graph::Revision> {
    let text = std::fs::read_to_string(&project.lib_file).unwrap_or_default();
    let is_declared = |stem: &str| text.lines().any(|line| line.trim().ends_with(&format!("mod {stem};")));
    project.revisions.iter().find(|revision| revision.file.is_none() && is_declared(&revision.stem))
}

/// Opens the database, which must have every revision: what is pending would be found a second time.
pub(super) async fn up_to_date_connection(settings: &Settings, project: &Project) -> Result<Connection, Failure> {
    let connection = sources::connect(settings).await?;
    let recorded = sources::recorded(&connection, project).await?;
    project.graph().applied(&recorded).map_err(|error| Failure::graph(error.to_string()))?;
    let pending = project.pending(&recorded);
    if pending.is_empty() { Ok(connection) } else { Err(behind(&pending)) }
}

fn behind(pending: &[&graph::Revision]) -> Failure {
    let mut text = String::from("Target database is not up to date.\nNot applied yet:\n");
    for revision in pending {
        text.push_str(&format!("  {}\n", revision.stem));
    }
    text.push_str(
        "Apply with `autogen upgrade` and run this again, or throw an unapplied one away with `autogen discard`.",
    );
    Failure::graph(text)
}

fn write_generated(
    settings: &Settings,
    draft: &Draft<'_>,
    header: &Header,
    comparison: &Comparison,
    lock_file: &LockFile,
    memory: Option<&Lock>,
    declared: Schema,
) -> Result<Vec<PathBuf>, Failure> {
    let source = rustfmt::format(render::migration(&comparison.plan, &header.render(), &draft.stem));
    let mut edits = draft.edits(settings, source)?;
    edits.push(lock_file.advance(memory, declared, vec![draft.id.clone()]));
    write(&edits)?;
    Ok(edits.iter().map(|edit| edit.path().to_owned()).collect())
}

/// Writes a revision whose statements are still to be written by hand.
fn empty(session: &Session, settings: &Settings, message: &str, now: DateTime<Utc>, placing: &Placing) -> Outcome {
    let project = revisions(settings, message, now)?;
    history::mention(session, &project);
    let draft = Draft::new(&project, placing, message, now)?;
    let paths = draft.write_empty(settings)?;
    session.printer.result(&said(&paths, "write its statements, then apply it with `autogen upgrade`"));
    Ok(Code::Fine)
}
