//! How many rows a hazard concerns: questions for the live database, as data, and what the answers say.
//!
//! Nothing here talks to a database. A step that cannot succeed on the rows that are there is told apart from one that is
//! merely dangerous; where no row stands in the way now, that is said, and the hazard stays: production has other rows.

use autogen_schema::{EnumType, ForeignKey, Index, IndexKey, IntegerWidth, TableName, Type};

use crate::dialect::{Dialect, column_list, dialect};
use crate::hazard::rounded_to;
use crate::plan::Labels;
use crate::size::SMALL_ROWS;
use crate::{Change, Hazard, HazardKind, Plan};

/// A question about rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// One `SELECT` of one number.
    pub sql: String,
    subject: Subject,
}

/// What an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    /// A hazard of the finding at this place.
    Finding(usize, About),
    /// How large a table is.
    Size(TableName, Measure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Rows, as far as it takes to see that they are many.
    Counted,
    Estimated,
    Bytes,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The rows of a table that is dropped.
    DroppedRows,
    /// The values of a column that is dropped.
    DroppedValues,
    /// The rows that have no value in a column that becomes required.
    Empty,
    /// The values that stand more than once under a unique.
    Duplicates,
    /// The rows that have the same primary key, or none.
    Keys,
    /// The rows that refer to nothing.
    Orphans,
    /// The rows that do not satisfy a check.
    Violations,
    /// The values that do not fit the new type.
    Misfits,
    /// The values with more digits behind the point than the new type has.
    Rounded,
    /// The values that an enum loses.
    LostLabels,
}

impl Plan {
    /// What to ask the database that the plan was made for, about the hazards of its differences.
    pub fn counts(&self) -> Vec<Count> {
        let names = Names { plan: self, dialect: dialect(self.backend) };
        // Sizes first: they are cheap.
        let mut counts: Vec<Count> = self.weighed().into_iter().flat_map(|table| names.sizes(table)).collect();
        for (at, finding) in self.findings.iter().enumerate() {
            // A hazard that is settled, as where a column is filled, needs no count.
            let is_open = |about: About| finding.hazards.iter().any(|hazard| hazard.about == Some(about));
            let asked = names.questions(&finding.change).into_iter().filter(|(about, _)| is_open(*about));
            counts.extend(asked.map(|(about, sql)| Count { sql, subject: Subject::Finding(at, about) }));
        }
        counts
    }

    /// The same plan, with what the answers say in its hazards. `None` is a question without an answer, because the
    /// database refuses it or it takes too long.
    #[must_use]
    pub fn counted(mut self, answers: impl IntoIterator<Item = (Count, Option<u64>)>) -> Self {
        let fills_by_itself = dialect(self.backend).fills_required();
        for (Count { subject, .. }, number) in answers {
            match subject {
                Subject::Size(table, measure) => {
                    let size = self.sizes.entry(table).or_default();
                    match measure {
                        Measure::Counted => size.counted = number,
                        Measure::Estimated => size.estimated = number,
                        Measure::Bytes => size.bytes = number,
                    }
                }
                Subject::Finding(at, about) => {
                    let Some(finding) = self.findings.get_mut(at) else { continue };
                    let hazard = finding.hazards.iter_mut().find(|hazard| hazard.about == Some(about));
                    match (hazard, number) {
                        (Some(hazard), Some(number)) => {
                            reword(hazard, &finding.change, about, number, fills_by_itself);
                        }
                        (Some(hazard), None) => hazard.message.push_str(" (in this database: not counted)"),
                        (None, _) => {}
                    }
                }
            }
        }
        self.say_sizes();
        self
    }
}

fn reword(hazard: &mut Hazard, change: &Change, about: About, number: u64, fills_by_itself: bool) {
    if number == 0 {
        hazard.message.push_str(" (in this database: none now)");
        return;
    }
    let table = change.table().map(ToString::to_string).unwrap_or_default();
    let column = format!("{table}.{}", change.name().unwrap_or_default());
    let rows = if number == 1 { "1 row".to_owned() } else { format!("{number} rows") };
    let values = if number == 1 { "1 value".to_owned() } else { format!("{number} values") };
    let is_new = matches!(change, Change::AddColumn { .. });
    let message = match about {
        About::DroppedRows | About::DroppedValues | About::Rounded => {
            let lost = if about == About::DroppedRows { rows } else { values };
            hazard.message.push_str(&format!(" (in this database: {lost})"));
            return;
        }
        About::Empty if is_new && fills_by_itself => {
            hazard.message = format!(
                "{column} is required and has no default: the database puts the type's zero value (0, '') into {rows}; \
                 give --backfill {column}=SQL to choose it"
            );
            return;
        }
        About::Empty if is_new => format!(
            "{table} has {rows}, and {column} is required and has no default; give --backfill {column}=SQL, a default, \
             or make it nullable"
        ),
        About::Empty => format!("{column} has no value in {rows}; fill them first, or give --backfill {column}=SQL"),
        About::Duplicates => format!("{table} has {values} in more than one row; make them different first"),
        About::Keys => format!("{table} has {values} twice or not at all under the new key; mend them first"),
        About::Orphans => format!("{table} has {rows} without the row referred to; mend them first"),
        About::Violations => format!("{table} has {rows} against it; mend them first"),
        About::LostLabels => format!("a value that is taken away still stands in {rows}; give them another first"),
        About::Misfits => format!("{column} has {values} that the new type has no room for; change them first"),
    };
    *hazard = Hazard { kind: HazardKind::WillFail, message, ..hazard.clone() };
}

/// Tables and columns under the names that the database has before the plan.
struct Names<'p> {
    plan: &'p Plan,
    dialect: &'static dyn Dialect,
}

impl Names<'_> {
    fn sizes(&self, table: &TableName) -> Vec<Count> {
        let few = format!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM {} LIMIT {}) AS few",
            self.table(table),
            SMALL_ROWS + 1
        );
        let count = |measure, sql| Count { sql, subject: Subject::Size(table.clone(), measure) };
        let known = self.dialect.size_sql(self.now(table));
        let known =
            known.into_iter().flat_map(|[bytes, rows]| [count(Measure::Bytes, bytes), count(Measure::Estimated, rows)]);
        std::iter::once(count(Measure::Counted, few)).chain(known).collect()
    }

    fn questions(&self, change: &Change) -> Vec<(About, String)> {
        match change {
            Change::DropTable(table) => vec![(About::DroppedRows, self.rows(&table.name, None))],
            Change::DropColumn { table, column } => {
                let filled = format!("{} IS NOT NULL", self.column(table, &column.name));
                vec![(About::DroppedValues, self.rows(table, Some(&filled)))]
            }
            Change::AddColumn { table, .. } => vec![(About::Empty, self.rows(table, None))],
            Change::AlterColumn { table, from, to } => {
                let name = self.column(table, &to.name);
                let empty = (from.nullable && !to.nullable).then(|| (About::Empty, format!("{name} IS NULL")));
                let misfit = self.misfit(&name, &from.ty, &to.ty).map(|condition| (About::Misfits, condition));
                let rounded = rounded_to(&from.ty, &to.ty)
                    .map(|scale| (About::Rounded, format!("{name} <> round({name}, {scale})")));
                let asked = empty.into_iter().chain(misfit).chain(rounded);
                asked.map(|(about, sql)| (about, self.rows(table, Some(&sql)))).collect()
            }
            Change::AddUnique { table, unique } if !unique.nulls_not_distinct => {
                self.duplicates(table, &unique.columns)
            }
            Change::AddIndex { table, index } => {
                plain_unique(index).map_or_else(Vec::new, |over| self.duplicates(table, &over))
            }
            Change::AddForeignKey { table, key } => self.orphans(table, key),
            Change::AddCheck { table, check } => {
                let violated = format!("NOT ({})", check.expression);
                vec![(About::Violations, self.rows(table, Some(&violated)))]
            }
            Change::SetPrimaryKey { table, to: Some(key), .. } => self.keys(table, &key.columns),
            Change::AlterEnum { from, to } => self.labels(from, to).into_iter().collect(),
            Change::AddUnique { .. }
            | Change::CreateTable(_)
            | Change::RenameTable { .. }
            | Change::RenameColumn { .. }
            | Change::SetPrimaryKey { .. }
            | Change::DropIndex { .. }
            | Change::RenameIndex { .. }
            | Change::DropUnique { .. }
            | Change::DropForeignKey { .. }
            | Change::DropCheck { .. }
            | Change::CreateEnum(_)
            | Change::DropEnum(_)
            | Change::RenameEnumValue { .. }
            | Change::SetTableOptions { .. } => Vec::new(),
        }
    }

    fn rows(&self, table: &TableName, condition: Option<&str>) -> String {
        let condition = condition.map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
        format!("SELECT count(*) FROM {}{condition}", self.table(table))
    }

    fn duplicates(&self, table: &TableName, columns: &[String]) -> Vec<(About, String)> {
        // A new column has no values yet.
        if columns.iter().any(|name| self.is_new(table, name)) {
            return Vec::new();
        }
        let names: Vec<String> = columns.iter().map(|name| self.column(table, name)).collect();
        let filled: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let groups = format!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1) AS twice",
            self.table(table),
            filled.join(" AND "),
            names.join(", ")
        );
        vec![(About::Duplicates, groups)]
    }

    /// A key is refused for values that stand twice, and for rows without one.
    fn keys(&self, table: &TableName, columns: &[String]) -> Vec<(About, String)> {
        let Some((_, twice)) = self.duplicates(table, columns).pop() else { return Vec::new() };
        let empty: Vec<String> = columns.iter().map(|name| format!("{} IS NULL", self.column(table, name))).collect();
        let empty = self.rows(table, Some(&empty.join(" OR ")));
        vec![(About::Keys, format!("SELECT ({twice}) + ({empty})"))]
    }

    /// The rows that have a label which an enum type loses, in all columns of the type.
    fn labels(&self, from: &EnumType, to: &EnumType) -> Option<(About, String)> {
        let lost: Vec<String> = from.labels.iter().filter(|label| !to.labels.contains(label)).cloned().collect();
        let of_type = self.plan.labelled.iter().filter(|labels| labels.ty == from.name);
        let rows = |labels: &Labels| {
            let column = column_list(self.dialect, std::slice::from_ref(&labels.column));
            let condition = self.dialect.has_label(&column, labels.is_array, &lost);
            format!("(SELECT count(*) FROM {} WHERE {condition})", self.dialect.table_sql(&labels.table))
        };
        let rows: Vec<String> = of_type.map(rows).collect();
        let is_asked = !lost.is_empty() && !rows.is_empty();
        is_asked.then(|| (About::LostLabels, format!("SELECT {}", rows.join(" + "))))
    }

    fn orphans(&self, table: &TableName, key: &ForeignKey) -> Vec<(About, String)> {
        if key.columns.iter().any(|name| self.is_new(table, name)) || self.is_new_table(&key.references) {
            return Vec::new();
        }
        let pairs = key.columns.iter().zip(&key.referenced_columns);
        let same: Vec<String> = pairs
            .map(|(from, to)| {
                format!("parent.{} = child.{}", self.column(&key.references, to), self.column(table, from))
            })
            .collect();
        let filled: Vec<String> =
            key.columns.iter().map(|name| format!("child.{} IS NOT NULL", self.column(table, name))).collect();
        let sql = format!(
            "SELECT count(*) FROM {} AS child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {})",
            self.table(table),
            filled.join(" AND "),
            self.table(&key.references),
            same.join(" AND ")
        );
        vec![(About::Orphans, sql)]
    }

    /// The condition that a value does not fit, where the database refuses such a value.
    fn misfit(&self, name: &str, from: &Type, to: &Type) -> Option<String> {
        match (from, to) {
            (Type::Enum { labels: from, .. }, Type::Enum { labels: to, .. }) => {
                let lost: Vec<String> = from.iter().filter(|label| !to.contains(label)).cloned().collect();
                (!lost.is_empty()).then(|| self.dialect.has_label(name, false, &lost))
            }
            _ if !self.dialect.refuses_misfits() => None,
            (
                Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. },
                Type::Varchar { length: Some(length) } | Type::Char { length: Some(length) },
            ) => Some(format!("char_length({name}) > {length}")),
            (Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. }, Type::Enum { labels, .. }) => {
                Some(format!("{name} IS NOT NULL AND NOT ({})", self.dialect.has_label(name, false, labels)))
            }
            (Type::VarBinary { .. } | Type::Blob { .. }, Type::VarBinary { length: Some(length) }) => {
                Some(format!("octet_length({name}) > {length}"))
            }
            (Type::Integer { .. } | Type::Decimal { .. }, Type::Integer { width, unsigned }) => {
                let (least, most) = range(*width, *unsigned);
                Some(format!("{name} < {least} OR {name} > {most}"))
            }
            // The digits after the point are rounded, and may make a number longer.
            (Type::Integer { .. } | Type::Decimal { .. }, Type::Decimal { precision: Some((digits, scale)) }) => {
                let least = format!("1{}", "0".repeat(digits.saturating_sub(*scale) as usize));
                Some(format!("abs(round({name}, {scale})) >= {least}"))
            }
            _ => None,
        }
    }

    fn is_new_table(&self, name: &TableName) -> bool {
        self.changes().any(|change| matches!(change, Change::CreateTable(table) if table.name == *name))
    }

    fn is_new(&self, table: &TableName, name: &str) -> bool {
        let added = |change: &Change| matches!(change, Change::AddColumn { table: holder, column } if holder == table && column.name == name);
        self.changes().any(added)
    }

    fn changes(&self) -> impl Iterator<Item = &Change> {
        self.plan.findings.iter().map(|finding| &finding.change)
    }

    fn table(&self, name: &TableName) -> String {
        self.dialect.table_sql(self.now(name))
    }

    /// What the database calls a table before the plan.
    fn now<'n>(&'n self, name: &'n TableName) -> &'n TableName {
        let renamed = self.changes().find_map(|change| match change {
            Change::RenameTable { from, to } if to == name => Some(from),
            _ => None,
        });
        renamed.unwrap_or(name)
    }

    fn column(&self, table: &TableName, name: &str) -> String {
        let renamed = self.changes().find_map(|change| match change {
            Change::RenameColumn { table: holder, from, to } if holder == table && to == name => Some(from),
            _ => None,
        });
        column_list(self.dialect, std::slice::from_ref(&renamed.cloned().unwrap_or_else(|| name.to_owned())))
    }
}

/// The columns of an index that refuses duplicates in all rows.
fn plain_unique(index: &Index) -> Option<Vec<String>> {
    let whole = index.unique && index.predicate.is_none() && !index.nulls_not_distinct;
    let plain = |part: &autogen_schema::IndexPart| match &part.key {
        IndexKey::Column(name) if part.prefix.is_none() => Some(name.clone()),
        IndexKey::Column(_) | IndexKey::Expression(_) => None,
    };
    index.parts.iter().map(plain).collect::<Option<Vec<String>>>().filter(|_| whole)
}

/// The least and the greatest number of a width.
fn range(width: IntegerWidth, unsigned: bool) -> (i128, i128) {
    let bits = match width {
        IntegerWidth::Tiny => 8,
        IntegerWidth::Small => 16,
        IntegerWidth::Medium => 24,
        IntegerWidth::Regular => 32,
        IntegerWidth::Big => 64,
    };
    if unsigned { (0, (1 << bits) - 1) } else { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) }
}
