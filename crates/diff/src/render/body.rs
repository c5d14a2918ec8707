//! The statements of one direction as source, with what a reviewer should know at each.

use std::collections::BTreeSet;

use autogen_schema::{Rename, TableName, visible};

use super::literal::string;
use super::rebuild::{self, Steps};
use super::{Form, Tongue, form};
use crate::statement::{Rebuild, Statement};
use crate::suspicion::Suspicion;
use crate::{Change, Hazard, HazardKind, Plan, Step};

/// One step as source, with the table that it is about.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    table: Option<TableName>,
    /// What can happen to rows and to the application, as comments.
    warnings: String,
    /// What it costs those who use the table meanwhile, a sentence each.
    pub(super) costs: Vec<String>,
    source: String,
}

impl Paragraph {
    /// Whether both databases do the same, whatever it costs on each.
    pub(super) fn does_the_same(&self, other: &Self) -> bool {
        (&self.table, &self.warnings, &self.source) == (&other.table, &other.warnings, &other.source)
    }
}

/// Puts steps of one table together, with a blank line between tables.
pub(super) fn join(paragraphs: &[Paragraph], indent: &str) -> String {
    let mut source = String::new();
    let mut before: Option<&Paragraph> = None;
    for paragraph in paragraphs {
        if before.is_some_and(|before| before.table != paragraph.table) {
            source.push('\n');
        }
        source.push_str(&paragraph.warnings);
        paragraph.costs.iter().for_each(|cost| source.push_str(&comment(&format!("warning: {cost}"), indent)));
        source.push_str(&paragraph.source);
        before = Some(paragraph);
    }
    source
}

/// Where statements stand.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// White space in front of each line.
    pub(super) indent: &'static str,
    /// Whether the file has the helper `execute`.
    pub(super) helper: bool,
}

impl Layout {
    /// The white space inside the arm of a `match`.
    pub(super) const fn arm(self) -> &'static str {
        // A body stands in a function or in a method.
        if self.indent.len() == 4 { "            " } else { "                " }
    }
}

/// What one direction is written with.
pub(super) struct Body<'p> {
    tongue: Tongue<'p>,
    layout: Layout,
    /// Renames that nobody decided; each is said once.
    suspected: Vec<&'p Suspicion>,
    /// Tables and columns whose rows and values the other direction deletes.
    lost: Vec<&'p Change>,
    /// What this direction changes, in words, each with its table.
    changes: Vec<(TableName, String)>,
    /// Tables that this direction made already.
    created: BTreeSet<&'p TableName>,
    /// What was said of costs already.
    costs: BTreeSet<&'p str>,
    /// Whether it is the way back.
    is_back: bool,
}

impl<'p> Body<'p> {
    /// The way there.
    pub(super) fn up(tongue: Tongue<'p>, layout: Layout, plan: &'p Plan) -> Vec<Paragraph> {
        let suspected = plan.suspicions.iter().collect();
        let changes = plan.findings.iter().filter_map(|finding| told(&finding.change)).collect();
        Self { suspected, ..Self::new(tongue, layout, changes) }.paragraphs(&plan.up)
    }

    /// The way back.
    pub(super) fn down(tongue: Tongue<'p>, layout: Layout, plan: &'p Plan) -> Vec<Paragraph> {
        let is_lost = |change: &&Change| matches!(change, Change::DropTable(_) | Change::DropColumn { .. });
        let lost = plan.findings.iter().map(|finding| &finding.change).filter(is_lost).collect();
        let changes = plan.findings.iter().rev().filter_map(|finding| told(&finding.change.inverse())).collect();
        Self { lost, is_back: true, ..Self::new(tongue, layout, changes) }.paragraphs(&plan.down)
    }

    fn new(tongue: Tongue<'p>, layout: Layout, changes: Vec<(TableName, String)>) -> Self {
        Self {
            tongue,
            layout,
            suspected: Vec::new(),
            lost: Vec::new(),
            changes,
            created: BTreeSet::new(),
            costs: BTreeSet::new(),
            is_back: false,
        }
    }

    fn paragraphs(mut self, steps: &'p [Step]) -> Vec<Paragraph> {
        steps.iter().map(|step| self.paragraph(step)).collect()
    }

    fn paragraph(&mut self, step: &'p Step) -> Paragraph {
        let table = table_of(&step.statement).or(step.table.as_ref());
        // An empty table has no row that could stand in the way.
        let is_new = table.is_some_and(|table| self.created.contains(table));
        let hazards = Hazard::told(&step.hazards).filter(|hazard| !(is_new && hazard.kind == HazardKind::MayFail));
        let (costs, dangers): (Vec<&Hazard>, Vec<&Hazard>) = hazards.partition(|hazard| hazard.grows_with_the_table());
        // Who goes back puts the older version of the application back, too.
        let dangers = dangers.into_iter().filter(|hazard| !self.is_back || hazard.kind != HazardKind::BreaksOldCode);
        let warnings = dangers.map(|hazard| self.comment(&format!("warning: {}", hazard.message))).collect();
        // What several statements cost alike, the first says for all.
        let costs = costs.into_iter().filter(|hazard| self.costs.insert(&hazard.message));
        let costs = costs.map(|hazard| hazard.message.clone()).collect();
        let mut source = self.reason(&step.statement, is_new);
        source.push_str(&self.possible_rename(&step.statement));
        source.push_str(&self.statement(&step.statement));
        if let Statement::CreateTable(table) = &step.statement {
            self.created.insert(&table.name);
        }
        Paragraph { table: table.cloned(), warnings, costs, source }
    }

    /// One sentence where a reviewer would ask why.
    fn reason(&self, statement: &Statement, is_new: bool) -> String {
        match statement {
            Statement::AddForeignKey { table, key } if is_new => {
                let other = &key.references;
                self.comment(&format!(
                    "{table} and {other} refer to each other, so that this key comes when both are there."
                ))
            }
            Statement::Rebuild(rebuild) => {
                let name = &rebuild.to.name;
                let changes: Vec<&str> =
                    self.changes.iter().filter(|(table, _)| table == name).map(|(_, words)| words.as_str()).collect();
                let what = if changes.is_empty() { ".".to_owned() } else { format!(": {}", changes.join("; ")) };
                let mut text =
                    self.comment(&format!("SQLite cannot do this in place, so that {name} is built anew{what}"));
                let new = rebuild.to.columns.keys().filter(|name| !rebuild.from.columns.contains_key(*name));
                new.for_each(|name| text.push_str(&self.lost_values(&rebuild.to.name, name)));
                text
            }
            Statement::CreateTable(table) => {
                let is_lost = |change: &&Change| matches!(change, Change::DropTable(lost) if lost.name == table.name);
                if self.lost.iter().any(is_lost) {
                    self.comment(&format!("The rows of {} that `up` deleted do not come back.", table.name))
                } else {
                    String::new()
                }
            }
            Statement::AddColumn { table, column } => self.lost_values(table, &column.name),
            Statement::DropTable(_)
            | Statement::RenameTable { .. }
            | Statement::DropColumn { .. }
            | Statement::RenameColumn { .. }
            | Statement::ModifyColumn { .. }
            | Statement::SetType { .. }
            | Statement::SetNullable { .. }
            | Statement::SetDefault { .. }
            | Statement::DropDefault { .. }
            | Statement::CreateIndex { .. }
            | Statement::DropIndex { .. }
            | Statement::AddForeignKey { .. }
            | Statement::DropForeignKey { .. }
            | Statement::CreateEnum(_)
            | Statement::DropEnum(_) => String::new(),
            Statement::Raw(sql) if sql.starts_with("UPDATE ") => {
                self.comment("Rows that have no value get one, before every row must have one.")
            }
            Statement::Raw(_) => String::new(),
        }
    }

    fn lost_values(&self, table: &TableName, name: &str) -> String {
        let is_lost = |change: &&Change| matches!(change, Change::DropColumn { table: holder, column } if holder == table && column.name == name);
        if self.lost.iter().any(is_lost) {
            return self.comment(&format!("The values of {table}.{name} that `up` deleted do not come back."));
        }
        String::new()
    }

    /// The rename that may be meant where something goes and something like it comes, ready to be taken.
    fn possible_rename(&mut self, statement: &Statement) -> String {
        let mentions = |suspicion: &&Suspicion| {
            suspicion.candidates.first().is_some_and(|likeliest| is_about(statement, &likeliest.rename))
        };
        let Some(at) = self.suspected.iter().position(mentions) else { return String::new() };
        let Some(candidate) = self.suspected.remove(at).candidates.first() else { return String::new() };
        let (statement, from, to) = match candidate.rename.clone() {
            Rename::Table { from, to } => {
                let names = (from.to_string(), to.to_string());
                (Statement::RenameTable { from, to }, names.0, names.1)
            }
            Rename::Column { table, from, to } => {
                let names = (format!("{table}.{from}"), format!("{table}.{to}"));
                (Statement::RenameColumn { table, from, to }, names.0, names.1)
            }
            Rename::Index { .. } | Rename::EnumValue { .. } => return String::new(),
        };
        let mut source = self.comment(&format!(
            "{from} may have been renamed to {to}. If so, write this in the place of what drops the one and adds the \
             other, and the reverse in `down`:"
        ));
        for line in self.plain(&statement).lines() {
            source.push_str(&format!("{}//     {line}\n", self.layout.indent));
        }
        source
    }

    fn statement(&self, statement: &Statement) -> String {
        match form(self.tongue, statement) {
            Form::Builder { call, .. } => {
                let indent = self.layout.indent;
                format!("{indent}manager\n{indent}    .{call}\n{indent}    .await?;\n")
            }
            Form::Raw(sql) => self.execute(&sql),
            Form::Rebuild(rebuild) => self.rebuild(&rebuild),
        }
    }

    /// A statement that is no rebuild, on as few lines as it has.
    fn plain(&self, statement: &Statement) -> String {
        match form(self.tongue, statement) {
            Form::Builder { call, .. } => format!("manager\n    .{call}\n    .await?;\n"),
            Form::Raw(sql) => {
                format!("manager\n    .get_connection()\n    .execute_unprepared({})\n    .await?;\n", string(&sql))
            }
            Form::Rebuild(_) => String::new(),
        }
    }

    fn execute(&self, sql: &str) -> String {
        let sql = string(sql);
        if self.layout.helper {
            return self.call("execute", &[sql]);
        }
        let indent = self.layout.indent;
        format!(
            "{indent}manager\n{indent}    .get_connection()\n{indent}    .execute_unprepared(\n\
             {indent}        {sql},\n{indent}    )\n{indent}    .await?;\n"
        )
    }

    fn rebuild(&self, rebuild: &Rebuild) -> String {
        let dialect = self.tongue.dialect;
        let Steps { table, scratch, columns, aside, create, copy, sequence, swap, back } =
            rebuild::steps(dialect, rebuild);
        let columns: Vec<String> = columns.iter().map(|name| string(name)).collect();
        let mut source = self.call("expect_columns", &[string(&table), format!("&[{}]", columns.join(", "))]);
        let mut push = |why: &str, statements: &[String]| {
            if !statements.is_empty() && !why.is_empty() {
                source.push_str(&self.comment(why));
            }
            statements.iter().for_each(|sql| source.push_str(&self.execute(sql)));
        };
        push("Views and triggers that know the table are put aside, and back in the end.", &aside);
        push("", &[create, copy]);
        push("AUTOINCREMENT goes on counting where it was.", &sequence);
        let count = |table: &str| string(&format!("SELECT count(*) AS value FROM {}", dialect.quote(table)));
        source.push_str(&self.call("expect_same_count", &[count(&table), count(&scratch)]));
        for sql in swap.iter().chain(&back) {
            source.push_str(&self.execute(sql));
        }
        source
    }

    fn call(&self, function: &str, arguments: &[String]) -> String {
        let indent = self.layout.indent;
        let lines: String = arguments.iter().map(|argument| format!("{indent}    {argument},\n")).collect();
        format!("{indent}{function}(\n{indent}    manager,\n{lines}{indent})\n{indent}.await?;\n")
    }

    /// A line comment, broken at white space.
    fn comment(&self, text: &str) -> String {
        comment(text, self.layout.indent)
    }
}

fn comment(text: &str, indent: &str) -> String {
    const WIDTH: usize = 90;
    let mut lines: Vec<String> = Vec::new();
    for word in visible(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| format!("{indent}// {line}\n")).collect()
}

/// A change in words, with its table.
fn told(change: &Change) -> Option<(TableName, String)> {
    Some((change.table()?.clone(), change.describe()))
}

/// Whether the statement is where one side of this rename is made.
fn is_about(statement: &Statement, rename: &Rename) -> bool {
    match (statement, rename) {
        (Statement::CreateTable(table), Rename::Table { to, .. }) => table.name == *to,
        (Statement::DropTable(name), Rename::Table { from, .. }) => name == from,
        (Statement::AddColumn { table, column }, Rename::Column { table: holder, to, .. }) => {
            table == holder && column.name == *to
        }
        (Statement::DropColumn { table, name }, Rename::Column { table: holder, from, .. }) => {
            table == holder && name == from
        }
        (Statement::Rebuild(rebuild), Rename::Column { table, .. }) => rebuild.to.name == *table,
        _ => false,
    }
}

fn table_of(statement: &Statement) -> Option<&TableName> {
    match statement {
        Statement::CreateTable(table) => Some(&table.name),
        Statement::DropTable(name) => Some(name),
        Statement::RenameTable { to, .. } => Some(to),
        Statement::AddColumn { table, .. }
        | Statement::DropColumn { table, .. }
        | Statement::RenameColumn { table, .. }
        | Statement::ModifyColumn { table, .. }
        | Statement::SetType { table, .. }
        | Statement::SetNullable { table, .. }
        | Statement::SetDefault { table, .. }
        | Statement::DropDefault { table, .. }
        | Statement::CreateIndex { table, .. }
        | Statement::DropIndex { table, .. }
        | Statement::AddForeignKey { table, .. }
        | Statement::DropForeignKey { table, .. } => Some(table),
        Statement::Rebuild(rebuild) => Some(&rebuild.to.name),
        Statement::CreateEnum(_) | Statement::DropEnum(_) | Statement::Raw(_) => None,
    }
}
