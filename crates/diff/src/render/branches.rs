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
    fn middle(&self, start: usize, end: usize) -> Arm<'p> {
        let mut inside = (self.write)(self.tongue, Layout { indent: self.layout.arm(), ..self.layout }, self.plan);
        inside.truncate(inside.len() - end);
        Arm { tongue: self.tongue, paragraphs: inside.split_off(start) }
    }
}

/// What one database does in its branch.
struct Arm<'p> {
    tongue: Tongue<'p>,
    paragraphs: Vec<Paragraph>,
}

impl Arm<'_> {
    fn does_the_same(&self, other: &Self) -> bool {
        let steps = self.paragraphs.iter().zip(&other.paragraphs);
        self.paragraphs.len() == other.paragraphs.len() && steps.into_iter().all(|(one, two)| one.does_the_same(two))
    }
}

/// What SeaORM tells apart by these names, or takes for one.
struct Branch<'p> {
    names: Vec<&'static str>,
    arms: Vec<Arm<'p>>,
}

impl Branch<'_> {
    /// Whether its databases do the same.
    fn is_uniform(&self) -> bool {
        self.arms.iter().all(|arm| arm.does_the_same(&self.arms[0]))
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
    let tongues: Vec<Tongue<'_>> = ways.iter().map(|way| way.tongue).collect();
    let (start, end) = common(&plain);
    if plain.is_empty() {
        return Direction { source: String::new(), branches: false, asks_version: false };
    }
    let indent = layout.indent;
    if plain.iter().all(|paragraphs| paragraphs.len() == start + end) {
        return Direction { source: join(&together(&tongues, &plain), indent), branches: false, asks_version: false };
    }
    let firsts: Vec<&[Paragraph]> = plain.iter().map(|paragraphs| &paragraphs[..start]).collect();
    let lasts: Vec<&[Paragraph]> = plain.iter().map(|paragraphs| &paragraphs[paragraphs.len() - end..]).collect();
    let branches = branches(ways, start, end);
    let asks_version = branches.iter().any(|branch| !branch.is_uniform());
    let mut source = join(&together(&tongues, &firsts), indent);
    if start > 0 {
        source.push('\n');
    }
    source.push_str(&format!("{indent}match manager.get_database_backend() {{\n"));
    for branch in &branches {
        let names: Vec<String> = branch.names.iter().map(|name| format!("DbBackend::{name}")).collect();
        let body = told_apart(branch, layout);
        source.push_str(&format!("{indent}    {} => {{\n{body}{indent}    }}\n", names.join(" | ")));
    }
    // In SeaORM 1 these are all there are.
    let named = branches.iter().map(|branch| branch.names.len()).sum::<usize>();
    let is_complete = named == 3 && ways.iter().all(|way| way.tongue.sea_orm == SeaOrm::V1);
    if !is_complete {
        source.push_str(&refusal(indent));
    }
    source.push_str(&format!("{indent}}}\n"));
    if end > 0 {
        source.push('\n');
    }
    source.push_str(&join(&together(&tongues, &lasts), indent));
    Direction { source, branches: true, asks_version }
}

/// The middle of every way, those together that do the same, and those that SeaORM has one name for.
fn branches<'p>(ways: &[Way<'p>], start: usize, end: usize) -> Vec<Branch<'p>> {
    let mut named: Vec<Branch<'p>> = Vec::new();
    for way in ways {
        let (name, arm) = (way.tongue.dialect.sea_orm_name(), way.middle(start, end));
        match named.iter_mut().find(|branch| branch.names == [name]) {
            Some(branch) => branch.arms.push(arm),
            None => named.push(Branch { names: vec![name], arms: vec![arm] }),
        }
    }
    let mut branches: Vec<Branch<'p>> = Vec::new();
    for branch in named {
        let alike = |known: &&mut Branch<'p>| {
            known.is_uniform() && branch.is_uniform() && known.arms[0].does_the_same(&branch.arms[0])
        };
        match branches.iter_mut().find(alike) {
            Some(known) => {
                known.names.extend(branch.names);
                known.arms.extend(branch.arms);
            }
            None => branches.push(branch),
        }
    }
    branches
}

/// Steps that are the same everywhere. Where one costs more on some of the databases, that says on which.
fn together(tongues: &[Tongue<'_>], ways: &[&[Paragraph]]) -> Vec<Paragraph> {
    let Some(first) = ways.first() else { return Vec::new() };
    let mut merged = first.to_vec();
    for (at, step) in merged.iter_mut().enumerate() {
        let mut costs: Vec<(&String, Vec<&str>)> = Vec::new();
        for (tongue, way) in tongues.iter().zip(ways) {
            for cost in &way[at].costs {
                let product = tongue.dialect.backend().product();
                match costs.iter_mut().find(|(known, _)| *known == cost) {
                    Some((_, products)) => products.push(product),
                    None => costs.push((cost, vec![product])),
                }
            }
        }
        let sentence = |(cost, products): (&String, Vec<&str>)| match products.len() == ways.len() {
            true => cost.clone(),
            false => format!("on {}, {cost}", products.join(" and ")),
        };
        step.costs = costs.into_iter().map(sentence).collect();
    }
    merged
}

/// The arm for databases that the file is not written for.
fn refusal(indent: &str) -> String {
    format!(
        "{indent}    other => {{\n{indent}        return Err(DbErr::Migration(format!(\n{indent}            \
         \"this migration is not written for {{other:?}}\"\n{indent}        )));\n{indent}    }}\n"
    )
}

/// The body of a branch that stands for databases which do the same, or for two that only their version tells apart.
fn told_apart(branch: &Branch<'_>, layout: Layout) -> String {
    let (indent, arms) = (layout.arm(), &branch.arms);
    if branch.is_uniform() {
        let tongues: Vec<Tongue<'_>> = arms.iter().map(|arm| arm.tongue).collect();
        let ways: Vec<&[Paragraph]> = arms.iter().map(|arm| arm.paragraphs.as_slice()).collect();
        return join(&together(&tongues, &ways), indent);
    }
    let body = |arm: &Arm<'_>| join(&arm.paragraphs, indent);
    let named = arms.iter().find_map(|arm| Some((arm.tongue.dialect.version_word()?, body(arm))));
    let other = arms.iter().find(|arm| arm.tongue.dialect.version_word().is_none()).map(body);
    match (named, other) {
        (Some((word, one)), Some(other)) => {
            format!(
                "{indent}if version(manager).await?.contains({word:?}) {{\n{one}{indent}}} else {{\n{other}{indent}}}\n"
            )
        }
        (Some((_, body)), None) | (None, Some(body)) => body,
        (None, None) => String::new(),
    }
}

/// How many paragraphs at the start, and how many of the others at the end, are the same everywhere.
fn common(ways: &[&[Paragraph]]) -> (usize, usize) {
    let Some((first, others)) = ways.split_first() else { return (0, 0) };
    let shortest = ways.iter().map(|way| way.len()).min().unwrap_or_default();
    let same_start = |at: &usize| others.iter().all(|way| way[*at].does_the_same(&first[*at]));
    let start = (0..shortest).take_while(same_start).count();
    let same_end =
        |back: &usize| others.iter().all(|way| way[way.len() - 1 - back].does_the_same(&first[first.len() - 1 - back]));
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
