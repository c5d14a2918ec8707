//! One direction of a file for several databases: what all of them do alike is written once, the rest in a branch for
//! each.

use super::body::{Layout, Paragraph, join};
use super::{SeaOrm, Tongue};
use crate::Plan;

/// What one database does in a direction.
pub(super) struct Way<'p> {
    tongue: Tongue<'p>,
    layout: Layout,
    plan: &'p Plan,
    write: fn(Tongue<'p>, Layout, &'p Plan) -> Vec<Paragraph>,
    paragraphs: Vec<Paragraph>,
}

impl<'p> Way<'p> {
    /// The steps of a plan, as `write` writes them.
    pub(super) fn new(
        tongue: Tongue<'p>,
        layout: Layout,
        plan: &'p Plan,
        write: fn(Tongue<'p>, Layout, &'p Plan) -> Vec<Paragraph>,
    ) -> Self {
        Self { tongue, layout, plan, write, paragraphs: write(tongue, layout, plan) }
    }

    /// All but so many steps at the start and at the end, as they stand in a branch.
    fn middle(&self, start: usize, end: usize) -> String {
        let inside = (self.write)(self.tongue, Layout { indent: self.layout.arm(), ..self.layout }, self.plan);
        join(&inside[start..inside.len() - end])
    }
}

/// A direction as source.
pub(super) struct Direction {
    pub(super) source: String,
    /// Whether it asks which database it is.
    pub(super) branches: bool,
    /// Whether it asks the server for its version, because SeaORM has one name for two databases.
    pub(super) asks_version: bool,
}

/// Puts the ways of all databases into one.
pub(super) fn merge(ways: &[Way<'_>], layout: Layout) -> Direction {
    let plain: Vec<&[Paragraph]> = ways.iter().map(|way| way.paragraphs.as_slice()).collect();
    let (start, end) = common(&plain);
    let Some(first) = plain.first() else {
        return Direction { source: String::new(), branches: false, asks_version: false };
    };
    if plain.iter().all(|paragraphs| paragraphs.len() == start + end) {
        return Direction { source: join(first), branches: false, asks_version: false };
    }
    let mut groups: Vec<(&str, Vec<(Tongue<'_>, String)>)> = Vec::new();
    for way in ways {
        let name = way.tongue.dialect.sea_orm_name();
        let arm = (way.tongue, way.middle(start, end));
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, arms)) => arms.push(arm),
            None => groups.push((name, vec![arm])),
        }
    }
    let indent = layout.indent;
    let mut asks_version = false;
    let mut source = join(&first[..start]);
    if start > 0 {
        source.push('\n');
    }
    source.push_str(&format!("{indent}match manager.get_database_backend() {{\n"));
    let mut bodies: Vec<(String, String)> = Vec::new();
    for (name, arms) in &groups {
        asks_version |= arms.iter().any(|(_, body)| *body != arms[0].1);
        let body = told_apart(arms, layout);
        match bodies.iter_mut().find(|(_, known)| *known == body) {
            Some((names, _)) => names.push_str(&format!(" | DbBackend::{name}")),
            None => bodies.push((format!("DbBackend::{name}"), body)),
        }
    }
    for (names, body) in &bodies {
        source.push_str(&format!("{indent}    {names} => {{\n{body}{indent}    }}\n"));
    }
    // In SeaORM 1 these are all there are.
    let is_complete = groups.len() == 3 && ways.iter().all(|way| way.tongue.sea_orm == SeaOrm::V1);
    if !is_complete {
        source.push_str(&refusal(indent));
    }
    source.push_str(&format!("{indent}}}\n"));
    if end > 0 {
        source.push('\n');
    }
    source.push_str(&join(&first[first.len() - end..]));
    Direction { source, branches: true, asks_version }
}

/// The arm for databases that the file is not written for.
fn refusal(indent: &str) -> String {
    format!(
        "{indent}    other => {{\n{indent}        return Err(DbErr::Migration(format!(\n{indent}            \
         \"this migration is not written for {{other:?}}\"\n{indent}        )));\n{indent}    }}\n"
    )
}

/// The body of an arm that stands for one database, or for two that only their version tells apart.
fn told_apart(arms: &[(Tongue<'_>, String)], layout: Layout) -> String {
    let Some((_, first)) = arms.first() else { return String::new() };
    if arms.iter().all(|(_, body)| body == first) {
        return first.clone();
    }
    let indent = layout.arm();
    let named = arms.iter().find_map(|(tongue, body)| Some((tongue.dialect.version_word()?, body)));
    let other = arms.iter().find(|(tongue, _)| tongue.dialect.version_word().is_none());
    match (named, other) {
        (Some((word, one)), Some((_, other))) => {
            format!(
                "{indent}if version(manager).await?.contains({word:?}) {{\n{one}{indent}}} else {{\n{other}{indent}}}\n"
            )
        }
        (Some((_, body)), None) => body.clone(),
        (None, Some((_, body))) => body.clone(),
        (None, None) => first.clone(),
    }
}

/// How many paragraphs at the start, and how many of the others at the end, are the same everywhere.
fn common(ways: &[&[Paragraph]]) -> (usize, usize) {
    let Some((first, others)) = ways.split_first() else { return (0, 0) };
    let shortest = ways.iter().map(|way| way.len()).min().unwrap_or_default();
    let same_start = |at: &usize| others.iter().all(|way| way[*at] == first[*at]);
    let start = (0..shortest).take_while(same_start).count();
    let same_end = |back: &usize| others.iter().all(|way| way[way.len() - 1 - back] == first[first.len() - 1 - back]);
    let end = (0..shortest - start).take_while(same_end).count();
    (start, end)
}

/// Reads the server's version, at the foot of a file that needs it.
pub(super) const VERSION: &str = r#"
/// MySQL and MariaDB have one name in SeaORM; the server says which of the two it is.
async fn version(manager: &SchemaManager<'_>) -> Result<String, DbErr> {
    let connection = manager.get_connection();
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT VERSION() AS value",
    );
    match connection.query_one_raw(statement).await? {
        Some(row) => row.try_get("", "value"),
        None => Ok(String::new()),
    }
}
"#;
