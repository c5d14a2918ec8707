//! `autogen revision`, and `autogen -m`: write the next revision.
//!
//! File, registration and lock are one unit: they are all written, or none is.

use std::fs;

use autogen_diff::report::{Proof, ProofStatus};
use autogen_diff::{Lock, Online, Plan, render};
use autogen_introspect::Connection;
use autogen_migrate::graph;
use autogen_migrate::header::Header;
use autogen_migrate::source::{Project, SeaOrmMajor};
use autogen_schema::{Backend, visible};
use chrono::Utc;

use super::draft::{Draft, lines_to_add, said, write};
use super::{Session, history};
use crate::args::{Format, Placing, Revision, Writing};
use crate::compare::{Rules, compare, prove, refuse_foreign};
use crate::config::SeaOrmGeneration;
use crate::elsewhere::{self, Branch};
use crate::exit::{Code, Failure, Outcome};
use crate::files::Edit;
use crate::lock::{LockFile, Memory};
use crate::naming::Naming;
use crate::settings::Settings;
use crate::{hooks, preview, questions, runner, rustfmt, scratch, sources};

/// Writes a revision, empty or generated.
pub(crate) async fn run(session: &Session, args: Revision) -> Outcome {
    let message = args.message.as_deref().map(str::trim).filter(|message| !message.is_empty()).ok_or_else(|| {
        Failure::usage("a revision needs a message; give -m \"what it does\", a few words that its file is named by")
    })?;
    let settings = session.settings()?;
    let naming = Naming::new(&settings.config.render, Utc::now())?;
    let Writing { dry_run, sql, stdout, amend, build, online } = args.writing;
    if args.autogenerate {
        generated(session, &settings, message, &naming, &args).await
    } else if dry_run || sql || stdout || amend || build || online {
        Err(Failure::usage(
            "--dry-run, --sql, --stdout, --amend, --build and --online go with a generated revision; give --autogenerate, or `autogen -m TEXT`",
        ))
    } else if args.comparing.is_said() {
        Err(Failure::usage(
            "--strict, --rename and --backfill belong to a comparison; give --autogenerate, or `autogen -m TEXT`",
        ))
    } else {
        empty(session, &settings, message, &naming, &args.placing)
    }
}

/// Compares, and writes what is between entities and database.
async fn generated(
    session: &Session,
    settings: &Settings,
    message: &str,
    naming: &Naming,
    Revision { comparing, proving, placing, writing, .. }: &Revision,
) -> Outcome {
    let format = comparing.format.unwrap_or_default();
    let entities = sources::entities(settings)?;
    let project = revisions(settings, message, naming)?;
    let rules = Rules::new(&settings.config.compare, comparing.strict)?.with_version_table(&project.version_table);
    let online = online(settings, writing, &project)?;
    let mut rules = rules.with_online(online).with_renames(comparing.renames.iter().cloned());
    let lock_file = LockFile::read(settings)?;
    let draft = match writing.amend {
        true => Draft::amending(settings, &project, &lock_file, message)?,
        false => Draft::new(&project, placing, message, naming)?,
    };
    let Memory { lock, notice } = match writing.amend {
        true => Memory { lock: lock_file.memory_before(), notice: None },
        false => lock_file.memory(&project)?,
    };
    let connection = connection_without(settings, &project, writing.amend.then_some(draft.stem.as_str())).await?;
    let live =
        sources::live_for(session.printer, &entities, &connection, sources::scope(settings, &project.version_table))
            .await?;
    let mut comparison = compare(&connection, &entities, &live, lock.as_ref(), &rules).await?;
    let decided = questions::renames(&comparison.plan.suspicions, |question| session.printer.ask(question));
    if !decided.is_empty() {
        rules = rules.with_renames(decided);
        comparison = compare(&connection, &entities, &live, lock.as_ref(), &rules).await?;
    }
    let served: Vec<Backend> = std::iter::once(live.backend).chain(settings.config.backends.iter().copied()).collect();
    refuse_foreign(&comparing.backfills, &served)?;
    let comparison = comparison.with_rows(&connection, &comparing.backfills).await?;
    let decided = questions::backfills(&comparison.plan.unfilled(), |question| session.printer.ask(question));
    let mut comparison = comparison.filled(&decided)?.with_notices(project.notices.iter().cloned().chain(notice));
    if comparison.plan.is_empty() {
        session.printer.result(&comparison.report(format, session.printer.paint));
        return Ok(Code::Fine);
    }
    refuse_unknown(settings, &draft, lock.as_ref(), live.backend)?;
    let proof = if proving.no_prove {
        scratch::skipped()
    } else {
        let place = scratch::place(&session.surroundings.folder, Some(settings), &proving.scratch, live.backend)?;
        let proof = prove(&comparison.plan, &connection, &entities, &live, lock.as_ref(), &rules, &place);
        scratch::unless_interrupted(proof).await?
    };
    comparison = comparison.with_proof(proof.clone());
    let report = comparison.report(format, session.printer.paint);
    let is_result = !(writing.sql || writing.stdout);
    say(session, is_result, &report);
    scratch::refuse_failed(&proof)?;
    let backfills = [comparing.backfills.as_slice(), &decided].concat();
    let common = elsewhere::Common {
        settings,
        entities: &entities,
        memory: lock.as_ref(),
        rules: &rules,
        backfills: &backfills,
        proves: !proving.no_prove,
    };
    let others = elsewhere::branches(common, live.backend).await?;
    say_proofs(session, is_result && format == Format::Text, &others)?;
    let stages = comparison.plan.stages();
    let drafts = draft.series(stages.len())?;
    let plans =
        |stage| -> Vec<&Plan> { std::iter::once(stage).chain(others.iter().map(|other| &other.plan)).collect() };
    let proven = proven(&proof, &others);
    let file = |(draft, stage): (&Draft<'_>, _)| source(settings, draft, &draft.header(&proven), &plans(stage));
    let sources = drafts.iter().zip(&stages).map(file).collect::<Result<Vec<String>, Failure>>()?;
    let mut edits = Draft::edits(settings, &drafts, &sources)?;
    if let (Some(draft), Some(source)) = (drafts.last(), sources.last()) {
        edits.push(lock_file.advance(lock.as_ref(), entities.schema, &draft.id, source));
    }
    if writing.is_preview() {
        let plans: Vec<&Plan> = stages.iter().chain(others.iter().map(|other| &other.plan)).collect();
        show(session, settings, writing, &plans, &edits);
        return Ok(Code::Fine);
    }
    write(&edits)?;
    run_hooks(settings, &drafts)?;
    let text = said(settings, &edits, "read it, then apply it with `autogen upgrade`");
    say(session, format == Format::Text, &text);
    if writing.build {
        runner::check(&project.folder)?;
    }
    Ok(Code::Fine)
}

/// How an online plan is made, where one is wanted. Refused before anything is compared, where there can be none.
fn online(settings: &Settings, writing: &Writing, project: &Project) -> Result<Option<Online>, Failure> {
    let who = match (writing.online, settings.config.render.online) {
        (true, _) => "--online",
        (false, true) => "online = true in autogen.toml",
        (false, false) => return Ok(None),
    };
    let here = settings.url()?.backend();
    let refused = |why: String| Err(Failure::usage(format!("{who}: {why}")));
    if here != Backend::Postgres {
        return refused(format!(
            "only PostgreSQL can be changed while others work, and this is {}; leave it away",
            here.product()
        ));
    }
    if let Some(other) = settings.config.backends.iter().find(|backend| **backend != here) {
        return refused(format!(
            "one file for several databases cannot be split as PostgreSQL needs it; leave {other} out of `backends`, \
             or write this revision without"
        ));
    }
    if sea_orm(settings, project) == render::SeaOrm::V1 {
        return refused(
            "this project uses sea-orm-migration 1.x, which runs all pending files in one transaction on PostgreSQL, \
             and cannot be told otherwise; no index can be built concurrently there, and no lock is short. Leave it \
             away, or move to SeaORM 2"
                .to_owned(),
        );
    }
    let usual = Online::default();
    Ok(Some(Online { lock_timeout: settings.config.render.lock_timeout.unwrap_or(usual.lock_timeout) }))
}

/// The generation of SeaORM that files are written for.
fn sea_orm(settings: &Settings, project: &Project) -> render::SeaOrm {
    match (settings.config.render.sea_orm, project.sea_orm) {
        (Some(SeaOrmGeneration::V1), _) | (None, SeaOrmMajor::V1) => render::SeaOrm::V1,
        (Some(SeaOrmGeneration::V2), _) | (None, SeaOrmMajor::V2) => render::SeaOrm::V2,
    }
}

/// Stops where the file is to serve a database of which nothing is known.
fn refuse_unknown(settings: &Settings, draft: &Draft<'_>, memory: Option<&Lock>, here: Backend) -> Result<(), Failure> {
    let other = settings.config.backends.iter().find(|backend| **backend != here);
    match other.filter(|_| memory.is_none() && !draft.is_first()) {
        None => Ok(()),
        Some(backend) => Err(Failure::graph(format!(
            "what a {backend} database has is not known, because there is no autogen.lock of the revision before; \
             run `autogen baseline`, or leave {backend} out of `backends`"
        ))),
    }
}

/// Says what was proven about the other databases. Stops where something is wrong.
fn say_proofs(session: &Session, is_result: bool, others: &[Branch]) -> Result<(), Failure> {
    for Branch { proof, .. } in others.iter().filter(|branch| branch.proof.status != ProofStatus::Skipped) {
        say(session, is_result, &format!("Proof: {}", visible(&proof.sentence())));
    }
    others.iter().try_for_each(|branch| scratch::refuse_failed(&branch.proof))
}

/// Prints a text as a result, or beside one.
fn say(session: &Session, is_result: bool, text: &str) {
    if is_result { session.printer.result(text) } else { session.printer.note(text) }
}

/// What was proven, a line for each database.
fn proven(proof: &Proof, others: &[Branch]) -> String {
    let proofs = std::iter::once(proof).chain(others.iter().map(|branch| &branch.proof));
    let mut lines: Vec<String> = proofs.map(Proof::sentence).collect();
    lines.dedup();
    lines.join("\n")
}

/// The file, laid out.
fn source(settings: &Settings, draft: &Draft<'_>, header: &Header, plans: &[&Plan]) -> Result<String, Failure> {
    let template = settings.config.render.template.as_ref().map(|path| template(settings, path)).transpose()?;
    let sea_orm = sea_orm(settings, draft.project);
    let header = header.render();
    let file = render::File { header: &header, stem: &draft.stem, sea_orm, template: template.as_deref() };
    Ok(rustfmt::format(render::migration(plans, &file), draft.project.revisions_folder()))
}

fn template(settings: &Settings, path: &std::path::Path) -> Result<String, Failure> {
    let path = settings.root.join(path);
    let wrong = |what: String| Failure::usage(format!("template {} of [render]: {what}", settings.shown(&path)));
    let text = fs::read_to_string(&path).map_err(|error| wrong(format!("could not be read: {error}")))?;
    match ["{{header}}", "{{imports}}"].into_iter().find(|word| text.matches(word).count() != 1) {
        None => Ok(text),
        Some(word) => Err(wrong(format!("{word} must stand in it once"))),
    }
}

/// Prints what would be written.
fn show(session: &Session, settings: &Settings, writing: &Writing, plans: &[&Plan], edits: &[Edit]) {
    let printer = session.printer;
    if writing.dry_run {
        printer.result(&preview::files(edits, |path| settings.shown(path).to_string()));
    } else if writing.stdout {
        printer.result(&preview::source(edits, |path| settings.shown(path).to_string()));
    }
    if writing.dry_run || writing.sql {
        plans.iter().for_each(|plan| printer.result(&preview::sql(plan)));
    }
    printer.note("Nothing was written.");
}

/// Runs the hooks over the new files, and notes in the lock how they left the last one.
fn run_hooks(settings: &Settings, drafts: &[Draft<'_>]) -> Result<(), Failure> {
    drafts.iter().try_for_each(|draft| hooks::run(settings, &draft.file()))?;
    let text = drafts.last().map(|draft| fs::read_to_string(draft.file()).unwrap_or_default()).unwrap_or_default();
    match LockFile::read(settings)?.rewritten(&text) {
        Some(edit) => write(&[edit]),
        None => Ok(()),
    }
}

/// Reads the revisions, and says what to add to a list that no tool can add to.
pub(super) fn revisions(settings: &Settings, message: &str, naming: &Naming) -> Result<Project, Failure> {
    // Refused before anything is read.
    let stem = naming.stem("000000000000", message)?;
    let project = sources::revisions_to_extend(settings, || {
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
    connection_without(settings, project, None).await
}

/// Opens the database, which must have every revision but `missing`, and not that one.
async fn connection_without(
    settings: &Settings,
    project: &Project,
    missing: Option<&str>,
) -> Result<Connection, Failure> {
    let connection = sources::connect(settings).await?;
    let recorded = sources::recorded(&connection, project).await?;
    project.graph().applied(&recorded).map_err(|error| Failure::graph(error.to_string()))?;
    let (amended, pending): (Vec<_>, Vec<_>) =
        project.pending(&recorded).into_iter().partition(|revision| Some(revision.stem.as_str()) == missing);
    if !pending.is_empty() {
        return Err(behind(&pending));
    }
    match missing {
        Some(stem) if amended.is_empty() => Err(Failure::graph(format!(
            "{stem} is applied to this database, so it stays as it is; write a further revision, or take it back with `autogen downgrade` first"
        ))),
        Some(_) | None => Ok(connection),
    }
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

/// Writes a revision whose statements are still to be written by hand.
fn empty(session: &Session, settings: &Settings, message: &str, naming: &Naming, placing: &Placing) -> Outcome {
    let project = revisions(settings, message, naming)?;
    history::mention(session, &project);
    let draft = Draft::new(&project, placing, message, naming)?;
    let edits = draft.write_empty(settings)?;
    session.printer.result(&said(settings, &edits, "write its statements, then apply it with `autogen upgrade`"));
    Ok(Code::Fine)
}
