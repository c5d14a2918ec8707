//! The report for people: grouped by table, one difference a line, in columns.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Column, Notice, Table, TableName, visible};

use super::Report;
use crate::describe::{column_words, foreign_key_words, index_parts_words, key_words};
use crate::{Change, Finding, Hazard, HazardKind, Labelled, Plan};

/// The differences by table, each with the line of the entity behind it and its hazards, then the notices, what is
/// pending, and a sentence in the end. `paint` puts colour in, for a terminal.
pub fn text(report: &Report<'_>, paint: bool) -> String {
    let paint = Paint(paint);
    let mut text = String::new();
    for (table, findings) in by_table(&report.plan.findings) {
        let title = table.map_or_else(|| "enum types".into(), ToString::to_string);
        text.push_str(&format!("{}\n", paint.bold(&visible(&title))));
        push_findings(&mut text, report.plan, &findings, &paint);
        text.push('\n');
    }
    push_notices(&mut text, report.notices, &paint);
    push_pending(&mut text, report.pending, &paint);
    text.push_str(&summary(report));
    if let Some(proof) = report.proof {
        text.push_str(&format!("\n{} {}", paint.bold("Proof:"), visible(&proof.sentence())));
    }
    text
}

fn by_table(findings: &[Finding]) -> BTreeMap<Option<&TableName>, Vec<&Finding>> {
    let mut groups: BTreeMap<Option<&TableName>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry(finding.change.table()).or_default().push(finding);
    }
    groups
}

/// One line: a sign, what sort of thing, its name, and the rest.
struct Row {
    sign: char,
    noun: &'static str,
    name: String,
    rest: String,
    place: Option<String>,
    below: Vec<String>,
}

impl Row {
    /// `costs` is what was said already of how long others wait; what several differences cost alike, the first says, and
    /// what costs a moment in the database at hand, none.
    fn of<'f>(plan: &Plan, finding: &'f Finding, costs: &mut BTreeSet<&'f str>, paint: &Paint) -> Self {
        let change = &finding.change;
        let (sign, noun, name, rest) = cells(change);
        let is_news = |hazard: &&'f Hazard| {
            !plan.is_slight(hazard) && (!hazard.grows_with_the_table() || costs.insert(&hazard.message))
        };
        let hazards = Hazard::told(&finding.hazards)
            .filter(is_news)
            .map(|hazard| format!("      {} {}", paint.hazard(hazard.kind), visible(&hazard.message)));
        Self {
            sign,
            noun,
            name: visible(name).into_owned(),
            rest: visible(&rest).into_owned(),
            place: change.place().map(ToString::to_string),
            below: table_lines(change).into_iter().chain(hazards).collect(),
        }
    }
}

fn push_findings(text: &mut String, plan: &Plan, findings: &[&Finding], paint: &Paint) {
    let mut costs = BTreeSet::new();
    let rows: Vec<Row> = findings.iter().map(|finding| Row::of(plan, finding, &mut costs, paint)).collect();
    let nouns = width(rows.iter().map(|row| row.noun));
    let names = width(rows.iter().map(|row| row.name.as_str()));
    for row in &rows {
        let noun = pad(row.noun, nouns);
        let line = format!("  {} {noun}  {}  {}", paint.sign(row.sign), pad(&row.name, names), row.rest);
        text.push_str(line.trim_end());
        if let Some(place) = &row.place {
            text.push_str(&format!("  {}", paint.dim(place)));
        }
        text.push('\n');
        row.below.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
}

fn width<'w>(words: impl Iterator<Item = &'w str>) -> usize {
    words.map(|word| word.chars().count()).max().unwrap_or(0)
}

fn pad(word: &str, width: usize) -> String {
    format!("{word}{}", " ".repeat(width.saturating_sub(word.chars().count())))
}

fn cells(change: &Change) -> (char, &'static str, &str, String) {
    let name = change.name().unwrap_or_default();
    match change {
        Change::CreateTable(_) => ('+', "table", "", "new".into()),
        Change::DropTable(table) => ('-', "table", "", format!("with its {}", count(table.columns.len(), "column"))),
        Change::RenameTable { from, .. } => ('~', "table", "", format!("renamed from {from}")),
        Change::AddColumn { column, .. } => ('+', "column", name, column_words(column)),
        Change::DropColumn { column, .. } => ('-', "column", name, column_words(column)),
        Change::RenameColumn { from, .. } => ('~', "column", name, format!("renamed from {from}")),
        Change::AlterColumn { from, to, .. } => ('~', "column", name, altered(from, to)),
        Change::SetPrimaryKey { from, to, .. } => {
            ('~', "primary key", "", format!("{} → {}", key_words(from.as_ref()), key_words(to.as_ref())))
        }
        Change::AddIndex { index, .. } => ('+', index_noun(index.unique), name, index_parts_words(index)),
        Change::DropIndex { index, .. } => ('-', index_noun(index.unique), name, index_parts_words(index)),
        Change::RenameIndex { from, .. } => ('~', "index", name, format!("renamed from {}", from.name)),
        Change::AddUnique { unique, .. } => ('+', "unique", name, format!("({})", unique.columns.join(", "))),
        Change::DropUnique { unique, .. } => ('-', "unique", name, format!("({})", unique.columns.join(", "))),
        Change::AddForeignKey { key, .. } => ('+', "foreign key", name, foreign_key_words(key)),
        Change::DropForeignKey { key, .. } => ('-', "foreign key", name, foreign_key_words(key)),
        Change::AddCheck { check, .. } => ('+', "check", name, format!("({})", check.expression)),
        Change::DropCheck { check, .. } => ('-', "check", name, format!("({})", check.expression)),
        Change::CreateEnum(ty) => ('+', "enum", name, format!("({})", ty.labels.join(", "))),
        Change::DropEnum(ty) => ('-', "enum", name, format!("({})", ty.labels.join(", "))),
        Change::AlterEnum { from, to } => {
            ('~', "enum", name, format!("({}) → ({})", from.labels.join(", "), to.labels.join(", ")))
        }
        Change::RenameEnumValue { of, from, to } => {
            let noun = match of {
                Labelled::Type(_) => "enum",
                Labelled::Column { .. } => "column",
            };
            ('~', noun, name, format!("value {from} renamed to {to}"))
        }
        Change::SetTableOptions { .. } => ('~', "table", "", change.describe()),
    }
}

fn index_noun(unique: bool) -> &'static str {
    if unique { "unique index" } else { "index" }
}

/// Both sides, without what they have in common where that leaves something to say.
fn altered(from: &Column, to: &Column) -> String {
    let (one, other) = (column_words(from), column_words(to));
    if one != other {
        return format!("{one} → {other}");
    }
    let fields = crate::describe::changed_fields(from, to);
    let said = |column: &Column| match fields.first() {
        Some(&"comment") => column.comment.clone().unwrap_or_else(|| "none".into()),
        Some(&"collation") => column.collation.clone().unwrap_or_else(|| "default".into()),
        _ => String::new(),
    };
    match (said(from), said(to)) {
        (from, to) if from == to => format!("{one} ({} differs)", fields.join(", ")),
        (from, to) => format!("{}: {from} → {to}", fields.join(", ")),
    }
}

/// What a new table holds.
fn table_lines(change: &Change) -> Vec<String> {
    let Change::CreateTable(table) = change else { return Vec::new() };
    let names = width(table.columns.keys().map(String::as_str));
    let columns =
        table.columns.values().map(|column| format!("{}  {}", pad(&column.name, names), column_words(column)));
    columns.chain(key_lines(table)).map(|line| format!("      {}", visible(&line))).collect()
}

fn key_lines(table: &Table) -> Vec<String> {
    let mut lines: Vec<String> =
        table.primary_key.iter().map(|key| format!("primary key {}", key_words(Some(key)))).collect();
    lines.extend(table.uniques.iter().map(|unique| format!("unique ({})", unique.columns.join(", "))));
    lines.extend(table.foreign_keys.iter().map(|key| format!("foreign key {}", foreign_key_words(key))));
    lines.extend(table.checks.iter().map(|check| format!("check ({})", check.expression)));
    let index = |index: &autogen_schema::Index| {
        format!("{} {} {}", index_noun(index.unique), index.name, index_parts_words(index))
    };
    lines.extend(table.indexes.iter().filter(|index| !index.implicit).map(index));
    lines
}

fn push_notices(text: &mut String, notices: &[Notice], paint: &Paint) {
    if notices.is_empty() {
        return;
    }
    text.push_str(&format!("{}\n", paint.bold("notices")));
    for notice in notices {
        text.push_str(&format!("  {}\n", visible(&notice.to_string())));
    }
    text.push('\n');
}

fn push_pending(text: &mut String, pending: &[String], paint: &Paint) {
    if pending.is_empty() {
        return;
    }
    text.push_str(&format!("{} (`autogen upgrade` applies them)\n", paint.bold("not applied yet")));
    for stem in pending {
        text.push_str(&format!("  {}\n", visible(stem)));
    }
    text.push('\n');
}

fn summary(report: &Report<'_>) -> String {
    let findings = &report.plan.findings;
    let tables = by_table(findings).keys().flatten().count();
    let mut sentence = match (findings.len(), tables) {
        (0, _) => "No differences.".to_owned(),
        (differences, 0) => format!("{}.", count(differences, "difference")),
        (differences, tables) => format!("{} in {}.", count(differences, "difference"), count(tables, "table")),
    };
    match report.plan.accepted.len() {
        0 => {}
        1 => sentence.push_str(" 1 accepted difference is not shown."),
        accepted => sentence.push_str(&format!(" {accepted} accepted differences are not shown.")),
    }
    match report.pending.len() {
        0 => {}
        1 => sentence.push_str(" 1 revision is not applied yet."),
        pending => sentence.push_str(&format!(" {pending} revisions are not applied yet.")),
    }
    sentence + "\n"
}

fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Colour, or none.
struct Paint(bool);

impl Paint {
    fn wrap(&self, text: &str, code: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.wrap(text, "1")
    }

    fn dim(&self, text: &str) -> String {
        self.wrap(text, "2")
    }

    fn sign(&self, sign: char) -> String {
        let code = match sign {
            '+' => "32",
            '-' => "31",
            _ => "33",
        };
        self.wrap(&sign.to_string(), code)
    }

    fn hazard(&self, kind: HazardKind) -> String {
        match kind {
            HazardKind::WillFail => self.wrap("will fail:", "1;31"),
            HazardKind::LosesData
            | HazardKind::MayFail
            | HazardKind::RewritesTable
            | HazardKind::BlocksWrites
            | HazardKind::BlocksReads
            | HazardKind::BreaksOldCode => self.wrap("warning:", "33"),
        }
    }
}
