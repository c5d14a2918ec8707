//! The report for people, grouped by table.

use std::collections::BTreeMap;

use autogen_schema::{Notice, TableName, visible};

use crate::describe::column_words;
use crate::{Change, Finding, Plan};

/// The findings of a plan grouped by table, each with the line of the entity behind it, then the notices. `paint` puts
/// colour in, for a terminal.
pub fn text(plan: &Plan, notices: &[Notice], paint: bool) -> String {
    let paint = Paint(paint);
    let mut report = String::new();
    for (table, findings) in by_table(&plan.findings) {
        let title = table.map_or_else(|| "enum types".into(), ToString::to_string);
        report.push_str(&format!("{}\n", paint.bold(&visible(&title))));
        for finding in findings {
            push_finding(&mut report, finding, &paint);
        }
        report.push('\n');
    }
    push_notices(&mut report, notices, &paint);
    report.push_str(&summary(plan));
    report.push('\n');
    report
}

fn by_table(findings: &[Finding]) -> BTreeMap<Option<&TableName>, Vec<&Finding>> {
    let mut groups: BTreeMap<Option<&TableName>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry(finding.change.table()).or_default().push(finding);
    }
    groups
}

fn push_finding(report: &mut String, finding: &Finding, paint: &Paint) {
    let sign = match &finding.change {
        Change::CreateTable(_)
        | Change::AddColumn { .. }
        | Change::AddIndex { .. }
        | Change::AddUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::CreateEnum(_) => paint.green("+"),
        Change::DropTable(_)
        | Change::DropColumn { .. }
        | Change::DropIndex { .. }
        | Change::DropUnique { .. }
        | Change::DropForeignKey { .. }
        | Change::DropCheck { .. }
        | Change::DropEnum(_) => paint.red("-"),
        Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::RenameIndex { .. }
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => paint.yellow("~"),
    };
    report.push_str(&format!("  {sign} {}", visible(&finding.change.describe())));
    if let Some(place) = finding.change.place() {
        report.push_str(&format!("  {}", paint.dim(&place.to_string())));
    }
    report.push('\n');
    if let Change::CreateTable(table) = &finding.change {
        for column in table.columns.values() {
            let line = format!("{} {}", column.name, column_words(column));
            report.push_str(&format!("      {}\n", visible(&line)));
        }
    }
    for hazard in &finding.hazards {
        report.push_str(&format!("      {} {}\n", paint.yellow("warning:"), visible(&hazard.message)));
    }
}

fn push_notices(report: &mut String, notices: &[Notice], paint: &Paint) {
    if notices.is_empty() {
        return;
    }
    report.push_str(&format!("{}\n", paint.bold("notices")));
    for notice in notices {
        report.push_str(&format!("  {}\n", visible(&notice.to_string())));
    }
    report.push('\n');
}

fn summary(plan: &Plan) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    if plan.is_empty() {
        return "No differences: the database is what the entities say.".into();
    }
    let tables = by_table(&plan.findings).keys().flatten().count();
    format!("{} in {}.", count(plan.findings.len(), "difference", "differences"), count(tables, "table", "tables"))
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

    fn green(&self, text: &str) -> String {
        self.wrap(text, "32")
    }

    fn red(&self, text: &str) -> String {
        self.wrap(text, "31")
    }

    fn yellow(&self, text: &str) -> String {
        self.wrap(text, "33")
    }
}
