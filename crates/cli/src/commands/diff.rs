//! `autogen diff`: what is between two schemas, wherever they come from.

use autogen_diff::{Coverage, Inputs, Plan, Spellings, render};
use autogen_schema::{Backend, DatabaseUrl, NoticeKind};

use super::Session;
use crate::args::{Diff, Format, SchemaFormat};
use crate::compare::{self, Comparison};
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::sources::{Named, Reach, Source};

/// Compares two sources, and prints the report or the SQL between them.
pub(crate) async fn run(session: &Session, args: &Diff) -> Outcome {
    let sources = [&args.from, &args.to].map(|text| Source::parse(text, &session.surroundings.folder));
    let [from, to] = sources;
    let (from, to) = (from?, to?);
    let settings = session.settings_for(&[&from, &to])?;
    let (from, to) = read(session, settings.as_ref(), &from, &to).await?;
    let backend = backend(args, &from, &to, settings.as_ref())?;
    compare::refuse_foreign(&args.backfills, &[backend])?;
    let plan = compare::filled(plan(&from, &to, backend, settings.as_ref()).await?, &args.backfills)?;
    let differs = !plan.is_empty();
    match args.format {
        SchemaFormat::Sql => {
            // Views and the like stand in the script as comments.
            let of_plan = plan.notices.iter().filter(|notice| notice.kind != NoticeKind::UnmanagedObject);
            let notices = from.notices.iter().chain(&to.notices).chain(of_plan);
            notices.for_each(|notice| session.printer.warning(&notice.to_string()));
            session.printer.result(&sql(&plan, &from, &to));
        }
        SchemaFormat::Text => report(session, counted(plan, &from).await, &from, &to, Format::Text),
        SchemaFormat::Json => report(session, counted(plan, &from).await, &from, &to, Format::Json),
    }
    Ok(if args.exit_code && differs { Code::Drift } else { Code::Fine })
}

/// Reads both, entities first: they may name schemas of the database that are not read by themselves.
async fn read(
    session: &Session,
    settings: Option<&Settings>,
    from: &Source,
    to: &Source,
) -> Result<(Named, Named), Failure> {
    let place = session.place(settings);
    if from.is_database() && !to.is_database() {
        let to = to.read(&place, Reach::Everything).await?;
        return Ok((from.read(&place, reach_beside(&to, &to.schemas())).await?, to));
    }
    let from = from.read(&place, Reach::Everything).await?;
    let to = to.read(&place, reach_beside(&from, &from.schemas())).await?;
    Ok((from, to))
}

/// How much of a database is read to be compared with `other`, which names these schemas: entities are a part of it.
fn reach_beside<'a>(other: &Named, schemas: &'a [String]) -> Reach<'a> {
    if other.is_complete() { Reach::Everything } else { Reach::Beside(schemas) }
}

/// The database that both are of, or that is asked for, or that the project has.
fn backend(args: &Diff, from: &Named, to: &Named, settings: Option<&Settings>) -> Result<Backend, Failure> {
    if let (Some(one), Some(other)) = (from.backend, to.backend)
        && one != other
    {
        return Err(Failure::usage(format!(
            "{} is of {} and {} of {}; what is between them has no meaning, compare two of one kind",
            args.from,
            one.product(),
            args.to,
            other.product()
        )));
    }
    let read = from.backend.or(to.backend);
    if let (Some(asked), Some(read)) = (args.backend, read)
        && asked != read
    {
        return Err(Failure::usage(format!(
            "--backend says {}, and the source is of {}",
            asked.product(),
            read.product()
        )));
    }
    let of_project = || settings?.url().ok().map(DatabaseUrl::backend);
    args.backend.or(read).or_else(of_project).ok_or_else(|| {
        Failure::usage("the entities of which database are meant? say --backend sqlite, postgres, mysql or mariadb")
    })
}

/// What takes `from` to `to`. What entities leave unsaid is completed from the other side, so where the first side is
/// the partial one, the comparison is made the other way round and turned.
async fn plan(from: &Named, to: &Named, backend: Backend, settings: Option<&Settings>) -> Result<Plan, Failure> {
    let turned = !from.is_complete() && to.is_complete();
    let (live, desired) = if turned { (to, from) } else { (from, to) };
    let default_schema = live.default_schema.as_deref().or(desired.default_schema.as_deref());
    // Two sets of entities leave the same things unsaid.
    let alike = live.is_complete() == desired.is_complete();
    let compare = settings.map(|settings| settings.config.compare.clone()).unwrap_or_default();
    let inputs = Inputs {
        live: &live.schema,
        desired: &desired.schema,
        coverage: if alike { Coverage::Complete } else { Coverage::Partial },
        memory: None,
        renames: &desired.renames,
        decided: &[],
        backend,
        default_schema: default_schema.or(Some("public")),
        settings: &compare::settings(&compare)?,
        spellings: &Spellings::default(),
    };
    let plan = compare::plan(&inputs, live.connection.as_ref()).await?;
    Ok(if turned { plan.reversed() } else { plan })
}

/// With the rows of the database that the plan is for, where that is at hand.
async fn counted(plan: Plan, from: &Named) -> Plan {
    match &from.connection {
        Some(connection) => compare::counted(plan, connection).await,
        None => plan,
    }
}

fn sql(plan: &Plan, from: &Named, to: &Named) -> String {
    let complete = from.is_complete() && to.is_complete();
    // Entities say nothing of views and triggers.
    let of_entities = if complete { &to.schema } else { &from.schema };
    render::script(plan, &from.schema, of_entities)
}

fn report(session: &Session, plan: Plan, from: &Named, to: &Named, format: Format) {
    let notices = from.notices.iter().chain(&to.notices).cloned().collect::<Vec<_>>();
    let comparison = Comparison::of(plan).with_notices(notices);
    session.printer.result(&comparison.report(format, session.printer.paint));
}
