//! A revision that is not written yet: its place in the history, its file, its registration.

use std::fs;
use std::path::PathBuf;

use autogen_migrate::graph::{Graph, GraphError, Revision, Target};
use autogen_migrate::header::{self, Header};
use autogen_migrate::source::{Project, register};

use crate::args::{Marks, Placing};
use crate::exit::Failure;
use crate::files::{self, Edit, WriteError};
use crate::hooks;
use crate::lock::LockFile;
use crate::naming::Naming;
use crate::series;
use crate::settings::Settings;

/// A revision that is not written yet.
pub(super) struct Draft<'a> {
    pub(super) id: String,
    pub(super) stem: String,
    pub(super) project: &'a Project,
    parents: Vec<String>,
    depends_on: Vec<String>,
    labels: Vec<String>,
    created: String,
    message: String,
    /// The text of the file that it takes the place of.
    amended: Option<String>,
}

impl<'a> Draft<'a> {
    /// A revision at the place that is asked for; after the head, which must be one, where nothing is.
    pub(super) fn new(
        project: &'a Project,
        placing: &Placing,
        message: &'a str,
        naming: &Naming,
    ) -> Result<Self, Failure> {
        let graph = project.graph();
        let parents = parents(&graph, &placing.heads)?;
        if !placing.marks.splice {
            refuse_if_followed(&graph, &parents)?;
        }
        Self::after(project, &parents, &placing.marks, message, naming)
    }

    /// A revision that brings others together.
    pub(super) fn merge(
        project: &'a Project,
        parents: &[&Revision],
        marks: &Marks,
        message: &'a str,
        naming: &Naming,
    ) -> Result<Self, Failure> {
        if !marks.splice {
            refuse_if_followed(&project.graph(), parents)?;
        }
        Self::after(project, parents, marks, message, naming)
    }

    fn after(
        project: &'a Project,
        parents: &[&Revision],
        marks: &Marks,
        message: &'a str,
        naming: &Naming,
    ) -> Result<Self, Failure> {
        let graph = project.graph();
        refuse_one_line(&graph, parents)?;
        let depends_on = named(&graph, &marks.depends_on, "--depends-on")?;
        let labels = labels(&graph, &marks.labels)?;
        let parents: Vec<String> = parents.iter().map(|parent| parent.id.clone()).collect();
        let created = naming.created();
        let id = match &marks.rev_id {
            Some(id) => free_id(&graph, id)?,
            None => header::revision_id(&parents, &created, message),
        };
        Ok(Self {
            project,
            stem: naming.stem(&id, message)?,
            id,
            parents,
            depends_on: depends_on.into_iter().map(|revision| revision.id.clone()).collect(),
            labels,
            created,
            message: message.to_owned(),
            amended: None,
        })
    }

    /// The newest revision anew, if it was generated and nobody touched it since.
    pub(super) fn amending(
        settings: &Settings,
        project: &'a Project,
        lock_file: &LockFile,
        message: &'a str,
    ) -> Result<Self, Failure> {
        let heads = project.heads();
        let [newest] = heads.as_slice() else {
            return Err(match heads.is_empty() {
                true => Failure::graph("there is no revision to write anew; leave --amend away"),
                false => refused(GraphError::ManyHeads { heads: heads.iter().map(|head| head.id.clone()).collect() }),
            });
        };
        let text = newest.file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let header = Header::parse(&text).filter(|_| lock_file.is_for(&newest.id) && lock_file.is_as_written(&text));
        let Some(header) = header else {
            let file =
                newest.file.as_ref().map_or_else(|| newest.stem.clone(), |file| settings.shown(file).to_string());
            return Err(Failure::graph(format!(
                "{file} is not as autogen wrote it, so it stays as it is; write a further revision, or throw this one away with `autogen discard {}`",
                newest.id
            )));
        };
        if series::part(&header.message).is_some() {
            return Err(Failure::graph(format!(
                "{} is one of several revisions that one plan took; throw them away with `autogen discard {}` and write them anew",
                newest.stem, newest.id
            )));
        }
        Ok(Self {
            project,
            id: newest.id.clone(),
            stem: newest.stem.clone(),
            parents: header.revises,
            depends_on: header.depends_on,
            labels: header.labels,
            created: header.created,
            message: message.to_owned(),
            amended: Some(text),
        })
    }

    /// Whether no revision comes before it.
    pub(super) fn is_first(&self) -> bool {
        self.parents.is_empty()
    }

    /// Its file.
    pub(super) fn file(&self) -> PathBuf {
        self.project.revisions_folder().join(format!("{}.rs", self.stem))
    }

    /// The doc comment of its file.
    pub(super) fn header(&self, proof: &str) -> Header {
        Header {
            id: self.id.clone(),
            revises: self.parents.clone(),
            depends_on: self.depends_on.clone(),
            labels: self.labels.clone(),
            created: self.created.clone(),
            message: self.message.clone(),
            proof: proof.to_owned(),
        }
    }

    /// The drafts of a plan that takes so many revisions: this one, and each after the one before it.
    pub(super) fn series(self, of: usize) -> Result<Vec<Self>, Failure> {
        if of == 1 {
            return Ok(vec![self]);
        }
        if self.amended.is_some() {
            return Err(Failure::graph(format!(
                "the plan takes {of} revisions now, so that the newest one cannot be written anew; throw it away with \
                 `autogen discard {}` and leave --amend away",
                self.id
            )));
        }
        let mut drafts: Vec<Self> = Vec::with_capacity(of);
        for number in 1..=of {
            let message = series::numbered(&self.message, number, of);
            drafts.push(match drafts.last() {
                None => Self { message, parents: self.parents.clone(), ..self.bare() },
                Some(before) => {
                    let parents = vec![before.id.clone()];
                    let id = header::revision_id(&parents, &self.created, &message);
                    let stem = format!("{}_{number}", self.stem);
                    Self { id, stem, parents, message, depends_on: Vec::new(), labels: Vec::new(), ..self.bare() }
                }
            });
        }
        Ok(drafts)
    }

    fn bare(&self) -> Self {
        Self {
            id: self.id.clone(),
            stem: self.stem.clone(),
            project: self.project,
            parents: Vec::new(),
            depends_on: self.depends_on.clone(),
            labels: self.labels.clone(),
            created: self.created.clone(),
            message: String::new(),
            amended: None,
        }
    }

    /// The files of drafts, each with its source, and their registration: one of drafts that follow each other.
    pub(super) fn edits(settings: &Settings, drafts: &[Self], sources: &[String]) -> Result<Vec<Edit>, Failure> {
        let Some(first) = drafts.first() else { return Ok(Vec::new()) };
        if let (Some(from), [to]) = (first.amended.clone(), sources) {
            return Ok(vec![Edit::Replace { path: first.file(), from, to: to.clone() }]);
        }
        let lib_file = &first.project.lib_file;
        let from = fs::read_to_string(lib_file)
            .map_err(|error| Failure::graph(format!("could not read {}: {error}", lib_file.display())))?;
        let needs: Vec<String> = first.parents.iter().chain(&first.depends_on).cloned().collect();
        let (mut to, mut after) = (from.clone(), first.project.register_after(&needs));
        for draft in drafts {
            to = register(&to, &draft.stem, after).map_err(|error| {
                Failure::graph(format!(
                    "could not register the revision in {}: {}; {}",
                    settings.shown(lib_file),
                    error.reason,
                    lines_to_add(&error.lines)
                ))
            })?;
            after = Some(&draft.stem);
        }
        let files = drafts.iter().zip(sources);
        let create = |(draft, source): (&Self, &String)| Edit::Create { path: draft.file(), text: source.clone() };
        Ok(files.map(create).chain([Edit::Replace { path: lib_file.clone(), from, to }]).collect())
    }

    /// Writes it with empty bodies.
    pub(super) fn write_empty(&self, settings: &Settings) -> Result<Vec<Edit>, Failure> {
        let source = format!("{}{EMPTY}", self.header("").render());
        let edits = Self::edits(settings, std::slice::from_ref(self), &[source])?;
        write(&edits)?;
        hooks::run(settings, &self.file())?;
        Ok(edits)
    }
}

/// The revisions that texts name, each once. What depends on the database is refused: a file must say the same on every
/// machine.
pub(super) fn named<'g>(graph: &Graph<'g>, texts: &[String], option: &str) -> Result<Vec<&'g Revision>, Failure> {
    let mut found: Vec<&Revision> = Vec::new();
    for text in texts {
        if names_what_is_applied(text) {
            return Err(Failure::usage(format!("{option} {text} depends on the database; name the revision itself")));
        }
        let ids = match graph.resolve(text, &[]).map_err(refused)? {
            Target::Base | Target::Before(_) => {
                return Err(Failure::usage(format!("{option} {text} names no revision")));
            }
            Target::Revision(id) | Target::OnBranch { revision: id, .. } => vec![id],
            Target::Heads(ids) => ids,
        };
        found.extend(ids.iter().filter_map(|id| graph.by_id(id)));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|revision| seen.insert(&revision.id));
    Ok(found)
}

/// Whether a name counts from what is applied: `current`, `+1`, `billing@-2`.
pub(super) fn names_what_is_applied(text: &str) -> bool {
    let place = text.rsplit('@').next().unwrap_or(text).trim();
    place.starts_with(['+', '-']) || place.starts_with("current")
}

fn parents<'g>(graph: &Graph<'g>, heads: &[String]) -> Result<Vec<&'g Revision>, Failure> {
    if heads.iter().any(|head| head == "base") {
        return match heads {
            [_] => Ok(Vec::new()),
            _ => Err(Failure::usage("--head base is a new root, and goes with no other --head")),
        };
    }
    if !heads.is_empty() {
        return named(graph, heads, "--head");
    }
    match graph.heads().as_slice() {
        heads @ ([] | [_]) => Ok(heads.to_vec()),
        heads => {
            let ids: Vec<&str> = heads.iter().map(|head| head.id.as_str()).collect();
            Err(Failure::graph(format!(
                "multiple heads are present ({}); say which one the new revision follows with --head, or bring them \
                 together with `autogen merge`",
                ids.join(", ")
            )))
        }
    }
}

fn refuse_if_followed(graph: &Graph<'_>, parents: &[&Revision]) -> Result<(), Failure> {
    let heads = graph.heads();
    match parents.iter().find(|parent| heads.iter().all(|head| head.id != parent.id)) {
        Some(parent) => Err(Failure::graph(format!(
            "revision {} is not a head revision; give --splice to begin a new branch there",
            parent.id
        ))),
        None => Ok(()),
    }
}

/// Of two parents neither may need the other: there would be nothing to bring together.
fn refuse_one_line(graph: &Graph<'_>, parents: &[&Revision]) -> Result<(), Failure> {
    for above in parents {
        let line = graph.ancestors(std::slice::from_ref(&above.id));
        if let Some(below) = parents.iter().find(|below| below.id != above.id && line.contains(&below.id)) {
            let (above, below) = (above.id.clone(), below.id.clone());
            return Err(refused(GraphError::Overlap { above, below }));
        }
    }
    Ok(())
}

fn labels(graph: &Graph<'_>, labels: &[String]) -> Result<Vec<String>, Failure> {
    for label in labels {
        let label = speakable(label, "branch label")?;
        if let Some(first) = graph.revisions().iter().find(|revision| revision.labels.contains(&label)) {
            let second = "the new one".to_owned();
            return Err(refused(GraphError::LabelTaken { label, first: first.id.clone(), second }));
        }
        if let Some(revision) = graph.by_id(&label).or_else(|| graph.by_stem(&label)) {
            return Err(Failure::graph(format!("'{label}' is the name of revision {}", revision.place())));
        }
    }
    Ok(labels.to_vec())
}

fn free_id(graph: &Graph<'_>, id: &str) -> Result<String, Failure> {
    let id = speakable(id, "revision identifier")?;
    let has_label = |revision: &&Revision| revision.labels.contains(&id);
    let taken = graph.by_id(&id).or_else(|| graph.by_stem(&id)).or_else(|| graph.revisions().iter().find(has_label));
    match taken {
        Some(revision) => Err(Failure::graph(format!(
            "revision {id} is present already, in {}; nothing was written, give another --rev-id",
            revision.place()
        ))),
        None => Ok(id),
    }
}

/// A name that can be typed wherever a revision is named.
fn speakable(name: &str, kind: &str) -> Result<String, Failure> {
    let wrong: Vec<String> = name
        .chars()
        .filter(|letter| "@-+:,".contains(*letter) || letter.is_whitespace() || letter.is_control())
        .map(|letter| format!("'{letter}'"))
        .collect();
    if !wrong.is_empty() {
        return Err(Failure::usage(format!("character(s) {} not allowed in {kind} '{name}'", wrong.join(", "))));
    }
    if name.is_empty() || ["head", "heads", "base", "current"].contains(&name) {
        return Err(Failure::usage(format!("'{name}' cannot be a {kind}: it means something else already")));
    }
    Ok(name.to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn refused(error: GraphError) -> Failure {
    Failure::graph(error.to_string())
}

/// What to do by hand where the list cannot be edited.
pub(super) fn lines_to_add(lines: &[String]) -> String {
    format!(
        "nothing was written. Bring migrations() into the form `vec![Box::new(…), …]` and run this again. The lines to add are:\n  {}",
        lines.join("\n  ")
    )
}

/// What was written, and what comes next.
pub(super) fn said(settings: &Settings, edits: &[Edit], next: &str) -> String {
    let path = |edit: &Edit| settings.shown(edit.path()).to_string();
    // The files of the revisions stand first: new ones, or one that is written anew.
    let new = edits.iter().take_while(|edit| matches!(edit, Edit::Create { .. })).count();
    let (files, others) = edits.split_at(new.max(1).min(edits.len()));
    let files: String = files.iter().map(|edit| format!("Wrote {}\n", path(edit))).collect();
    let others: Vec<String> = others.iter().map(path).collect();
    format!("{files}Changed {}\nNext: {next}.\n", others.join(", "))
}

/// Makes the edits, or none of them.
pub(super) fn write(edits: &[Edit]) -> Result<(), Failure> {
    files::write_all(edits).map_err(|error| match error {
        WriteError::Exists(_) | WriteError::Changed(_) => Failure::graph(error.to_string()),
        WriteError::Io { .. } | WriteError::Stuck { .. } => Failure::usage(error.to_string()),
    })
}

const EMPTY: &str = "
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
";
