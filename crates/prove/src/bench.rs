//! The steps of a proof.

use std::collections::BTreeSet;

use autogen_diff::{Inputs, Lock, Plan, Spellings, plan as compare, render};
use autogen_introspect::{Connection, Reading, Scope, read};
use autogen_schema::{ObjectKind, Schema, TableName};

use crate::database::{Database, Envelope, database};
use crate::names::{Direction, Names, may_stop};
use crate::related::{Related, related};
use crate::rows::{End, generate, insert, losses, survivors, take};
use crate::run::{Refusal, direction, execute};
use crate::same::differences;
use crate::scratch::{Place, Scratch};
use crate::spelling::{respelled, spellings};
use crate::stage;
use crate::unsaid::unsaid;

/// Why a proof went no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It could not be found out.
    Unproven(String),
    /// The plan does not do what it should.
    Failed(String),
}

/// A plan, and all that is needed to try it.
pub(crate) struct Bench<'a> {
    live: &'a Connection,
    inputs: &'a Inputs<'a>,
    plan: &'a Plan,
    place: &'a Place,
    facts: &'static dyn Database,
    related: Related,
    names: Names,
    revisions: Vec<Statements>,
}

/// What one revision of the plan runs, and what stands around it.
struct Statements {
    up: Vec<String>,
    down: Vec<String>,
    envelope: Envelope,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(live: &'a Connection, inputs: &'a Inputs<'a>, plan: &'a Plan, place: &'a Place) -> Self {
        let facts = database(plan.backend);
        let related = related(inputs, plan, facts.makes_objects());
        let statements = |stage: &Plan| {
            let (up, down) = render::sql(stage);
            Statements { up, down, envelope: facts.envelope(render::use_transaction(stage)) }
        };
        let revisions = plan.stages().iter().map(statements).collect();
        Self {
            names: Names::of(plan, &related.live, inputs.default_schema),
            live,
            inputs,
            plan,
            place,
            facts,
            related,
            revisions,
        }
    }

    /// What the proof is not about, for people.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let tables = match self.related.left_out {
            0 => None,
            1 => Some("1 table that the plan does not concern was left out".to_owned()),
            number => Some(format!("{number} tables that the plan does not concern were left out")),
        };
        let is_any = |kind| self.inputs.live.objects.iter().any(|object| object.kind == kind);
        let objects = !self.facts.makes_objects() && (is_any(ObjectKind::View) || is_any(ObjectKind::Trigger));
        tables.into_iter().chain(objects.then(|| "views and triggers were left out".to_owned())).collect()
    }

    /// Makes a scratch database, in the place of the one before, that holds the live schema, and reads it.
    pub(crate) async fn set_up(&self, scratch: &mut Option<Scratch>, notes: &mut Vec<String>) -> Result<Schema, Stop> {
        if let Some(used) = scratch.take() {
            used.remove().await;
        }
        let made = Scratch::create(self.live, self.place).await.map_err(|error| Stop::Unproven(error.to_string()))?;
        let connection = scratch.insert(made).connection();
        let related = &self.related;
        let said = stage::make(connection, self.facts, &related.live, self.inputs.default_schema).await;
        *notes = said
            .map_err(|refusal| {
                Stop::Unproven(format!("the live schema could not be made on the scratch database: {}", told(&refusal)))
            })?
            .into_iter()
            .chain(notes.drain(..))
            .collect();
        notes.dedup();
        let start = self.now(connection).await?;
        let live = respelled(connection, &related.live, &start).await;
        let mut live =
            live.map_err(|error| Stop::Unproven(format!("the server does not spell expressions: {error}")))?;
        self.facts.level(&mut live);
        match differences(&live, &start).as_slice() {
            [] => Ok(start),
            differences => Err(Stop::Unproven(format!(
                "the live schema does not come out the same on the scratch database: {}",
                differences.join("; ")
            ))),
        }
    }

    /// Runs up, and compares what comes out with the entities. Gives the schema at the end.
    pub(crate) async fn up(
        &self,
        scratch: &Option<Scratch>,
        start: &Schema,
        converged: &mut Option<bool>,
    ) -> Result<Schema, Stop> {
        let connection = open(scratch)?;
        self.go(connection, Direction::Up).await.map_err(|refusal| {
            *converged = Some(false);
            Stop::Failed(format!("up stops: {}", told(&refusal)))
        })?;
        let end = self.now(connection).await?;
        let left = self.left_to_do(connection, &end).await?;
        *converged = Some(left.is_empty());
        if !left.is_empty() {
            return Err(Stop::Failed(format!(
                "after up the database still differs from the entities: {}",
                left.join("; ")
            )));
        }
        match unsaid(self.plan, &self.names, start, &end).as_slice() {
            [] => Ok(end),
            lost => {
                Err(Stop::Failed(format!("up takes away what no change of the plan speaks of: {}", lost.join("; "))))
            }
        }
    }

    /// Runs down, and compares what comes out with the start.
    pub(crate) async fn down(
        &self,
        scratch: &Option<Scratch>,
        start: &Schema,
        exact: &mut Option<bool>,
    ) -> Result<(), Stop> {
        let connection = open(scratch)?;
        self.go(connection, Direction::Down).await.map_err(|refusal| {
            *exact = Some(false);
            Stop::Failed(format!("down stops: {}", told(&refusal)))
        })?;
        let differences = differences(start, &self.now(connection).await?);
        *exact = Some(differences.is_empty());
        if differences.is_empty() {
            return Ok(());
        }
        Err(Stop::Failed(format!("down does not return the schema that up started from: {}", differences.join("; "))))
    }

    /// Puts rows in, and looks for them after up and after down. A direction that rows stop, as the hazards of the plan
    /// say, is tried again without the rows of these tables.
    pub(crate) async fn with_rows(
        &self,
        scratch: &mut Option<Scratch>,
        (start, end): (&Schema, &Schema),
        kept: &mut Option<bool>,
        notes: &mut Vec<String>,
    ) -> Result<(), Stop> {
        if self.related.live.tables.is_empty() {
            notes.push("no table was there before, so there are no rows to keep".to_owned());
            return Ok(());
        }
        let mut withheld = BTreeSet::new();
        let mut tables = 0;
        loop {
            let stopped = self.attempt(open(scratch)?, (start, end), &withheld, (kept, &mut tables, notes)).await?;
            let Some((direction, refusal)) = stopped else { break };
            let more: BTreeSet<TableName> =
                may_stop(self.plan, direction, &self.names, start).difference(&withheld).cloned().collect();
            if more.is_empty() {
                *kept = Some(false);
                return Err(Stop::Failed(format!(
                    "{} stops on tables with rows, of which no hazard of the plan speaks: {}",
                    direction.as_str(),
                    told(&refusal)
                )));
            }
            let names: Vec<&str> = more.iter().map(|table| table.name.as_str()).collect();
            let which = direction.as_str();
            notes.push(format!("{which} was tried without rows in {}: {}", names.join(", "), refusal.message));
            withheld.extend(more);
            self.set_up(scratch, notes).await?;
        }
        if tables == 0 {
            notes.push("no table had rows to look for".to_owned());
        } else {
            *kept = Some(true);
            let dropped = self.names.dropped();
            if !dropped.is_empty() {
                notes.push(format!("what the plan drops comes back empty ({})", dropped.join(", ")));
            }
        }
        Ok(())
    }

    /// One time up and down with rows. Gives the direction that was refused, and what refused it.
    async fn attempt(
        &self,
        connection: &Connection,
        (start, end): (&Schema, &Schema),
        withheld: &BTreeSet<TableName>,
        (kept, tables, notes): (&mut Option<bool>, &mut usize, &mut Vec<String>),
    ) -> Result<Option<(Direction, Refusal)>, Stop> {
        let unreadable = |refusal: Refusal| Stop::Unproven(format!("rows could not be read: {}", told(&refusal)));
        let without = self.fill(connection, (start, end), withheld).await?;
        for (table, reason) in without {
            notes.push(format!("no rows in {} ({reason})", table.name));
        }
        let survivors = survivors(start, end, &self.names);
        let before = take(connection, self.facts, start).await.map_err(unreadable)?;
        let filled = before.values().filter(|shot| shot.len() > 0).count();

        for (way, schema, there) in [(Direction::Up, end, End::End), (Direction::Down, start, End::Start)] {
            if let Err(refusal) = self.go(connection, way).await {
                return Ok(Some((way, refusal)));
            }
            let now = take(connection, self.facts, schema).await.map_err(unreadable)?;
            let lost = losses(&survivors, &before, &now, there);
            if !lost.is_empty() {
                *kept = Some(false);
                return Err(Stop::Failed(format!("{} loses or changes rows: {}", way.as_str(), lost.join("; "))));
            }
            *tables = (*tables).max(filled);
        }
        let differences = differences(start, &self.now(connection).await?);
        if differences.is_empty() {
            return Ok(None);
        }
        Err(Stop::Failed(format!(
            "down does not return the schema that up started from when there are rows: {}",
            differences.join("; ")
        )))
    }

    /// Rows for every table. Triggers are put aside meanwhile: what they do is not asked here.
    async fn fill(
        &self,
        connection: &Connection,
        (start, end): (&Schema, &Schema),
        withheld: &BTreeSet<TableName>,
    ) -> Result<Vec<(TableName, String)>, Stop> {
        let in_the_way = |refusal: Refusal| Stop::Unproven(format!("a trigger is in the way: {}", told(&refusal)));
        let triggers = start.objects.iter().filter(|object| object.kind == ObjectKind::Trigger);
        let removal = |trigger| Some((self.facts.trigger_removal(trigger, trigger.table.as_ref()?)?, trigger));
        let aside: Vec<_> = triggers.filter_map(removal).collect();
        for (removal, _) in &aside {
            execute(connection, removal).await.map_err(in_the_way)?;
        }
        let rows = generate(start, end, &self.names, self.facts, withheld);
        let without = insert(connection, self.facts, rows).await;
        for (_, trigger) in &aside {
            execute(connection, &trigger.definition).await.map_err(in_the_way)?;
        }
        Ok(without)
    }

    async fn go(&self, connection: &Connection, way: Direction) -> Result<(), Refusal> {
        match way {
            Direction::Up => {
                for revision in &self.revisions {
                    direction(connection, &revision.up, revision.envelope).await?;
                }
            }
            Direction::Down => {
                for revision in self.revisions.iter().rev() {
                    direction(connection, &revision.down, revision.envelope).await?;
                }
            }
        }
        Ok(())
    }

    /// Reads the scratch database.
    async fn now(&self, connection: &Connection) -> Result<Schema, Stop> {
        let mut schemas = stage::schemas(&self.related.live);
        schemas.extend(stage::schemas(&self.related.desired));
        let scope = Scope { beside_default: schemas, ..Scope::default() };
        let reading: Result<Reading, _> = read(connection, &scope).await;
        let mut reading =
            reading.map_err(|error| Stop::Unproven(format!("the scratch database could not be read: {error}")))?;
        self.facts.level(&mut reading.schema);
        Ok(reading.schema)
    }

    /// What is left between a schema and the entities: with the memory that there is, and with the one that there will
    /// be once this plan is a revision.
    async fn left_to_do(&self, connection: &Connection, schema: &Schema) -> Result<Vec<String>, Stop> {
        let desired = &self.related.desired;
        let next = Lock::advance(self.inputs.memory, desired.clone(), Vec::new());
        let mut left = Vec::new();
        for memory in [self.inputs.memory, Some(&next)] {
            // What was decided has been made.
            let (decided, unasked) = (&[][..], &Spellings::default());
            let inputs = Inputs { live: schema, desired, memory, decided, spellings: unasked, ..*self.inputs };
            let spellings = spellings(&inputs, connection).await;
            let plan = compare(&Inputs { spellings: &spellings, ..inputs });
            let plan = plan.map_err(|error| Stop::Unproven(error.to_string()))?;
            left.extend(plan.findings.iter().map(|finding| match finding.change.table() {
                Some(table) => format!("{table}: {}", finding.change.describe()),
                None => finding.change.describe(),
            }));
        }
        left.sort();
        left.dedup();
        Ok(left)
    }
}

fn open(scratch: &Option<Scratch>) -> Result<&Connection, Stop> {
    let closed = || Stop::Unproven("the scratch database is closed".to_owned());
    scratch.as_ref().map(Scratch::connection).ok_or_else(closed)
}

/// What was refused, with the beginning of the statement.
fn told(refusal: &Refusal) -> String {
    const LONGEST: usize = 400;
    let statement = refusal.statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = if statement.chars().count() > LONGEST { " …" } else { "" };
    let statement: String = statement.chars().take(LONGEST).collect();
    format!("{} (in `{statement}{cut}`)", refusal.message)
}
