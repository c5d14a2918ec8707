//! A required column on a table with rows: added nullable, filled, then required.
//!
//! This works on the lowered steps, so that it is the same wherever the database alters in place, and a part of the copy
//! where the table is built anew.

use autogen_schema::{Backfill, Column, Schema, TableName};

use crate::counts::About;
use crate::dialect::{Dialect, Scales, dialect};
use crate::statement::{Fill, Statement};
use crate::{Change, Hazard, HazardKind, Plan, Step};

/// Why a value cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}.{column} does not become required in this revision, so there is nothing to fill")]
pub struct NothingToFill {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
}

impl Plan {
    /// The same plan, with values for the rows that have none in a column that becomes required. What is for another
    /// kind of database is left out.
    ///
    /// # Errors
    ///
    /// Where a column does not become required.
    pub fn backfilled(mut self, backfills: &[Backfill]) -> Result<Self, NothingToFill> {
        let dialect = dialect(self.backend);
        for backfill in Backfill::for_backend(backfills, self.backend) {
            let table = self.bare(&backfill.table);
            let finding = self.findings.iter_mut().find(|finding| requires(&finding.change, &table, &backfill.column));
            let finding =
                finding.ok_or_else(|| NothingToFill { table: table.clone(), column: backfill.column.clone() })?;
            let is_settled = |hazard: &Hazard| hazard.about == Some(About::Empty);
            let settled: Vec<Hazard> = finding.hazards.iter().filter(|hazard| is_settled(hazard)).cloned().collect();
            finding.hazards.retain(|hazard| !is_settled(hazard));
            finding.hazards.splice(0..0, may_be_null(&table, backfill));
            let steps = std::mem::take(&mut self.up).into_iter().map(|mut step| {
                step.hazards.retain(|hazard| !settled.contains(hazard));
                step
            });
            self.up = steps.flat_map(|step| fill(dialect, step, &table, backfill)).collect();
            let is_rebuilt =
                |step: &Step| matches!(&step.statement, Statement::Rebuild(rebuild) if rebuild.to.name == table);
            if self.staging.is_none() && !self.up.iter().any(is_rebuilt) {
                finding.hazards.extend(filling(dialect, &finding.change).concat());
            }
            if let Some(mut staging) = self.staging.take() {
                staging.fill(dialect, &table, backfill, &settled);
                self = self.staged(staging);
            }
        }
        Ok(self)
    }

    /// The columns that become required although rows were counted that have no value in them, with what is said of it.
    pub fn unfilled(&self) -> Vec<(&TableName, &str, &str)> {
        let is_unfilled = |hazard: &&Hazard| hazard.kind == HazardKind::WillFail && hazard.about == Some(About::Empty);
        let unfilled = self.findings.iter().filter_map(|finding| {
            let (table, name) = (finding.change.table()?, finding.change.name()?);
            let hazard = finding.hazards.iter().find(is_unfilled)?;
            requires(&finding.change, table, name).then_some((table, name, hazard.message.as_str()))
        });
        unfilled.collect()
    }

    fn bare(&self, table: &TableName) -> TableName {
        match &table.schema {
            Some(schema) if self.default_schema.as_ref() == Some(schema) => TableName::bare(&table.name),
            _ => table.clone(),
        }
    }
}

/// Whether this change makes a column required that rows may have no value in.
fn requires(change: &Change, table: &TableName, name: &str) -> bool {
    match change {
        Change::AddColumn { table: holder, column } => {
            holder == table && column.name == name && !column.nullable && column.generated.is_none()
        }
        Change::AlterColumn { table: holder, from, to } => {
            holder == table && to.name == name && from.nullable && !to.nullable
        }
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => false,
    }
}

/// An expression over the row can have no value either; a literal always is one.
fn may_be_null(table: &TableName, backfill: &Backfill) -> Option<Hazard> {
    let sql = &backfill.sql;
    let text = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let is_literal = text.is_some_and(|text| !text.contains('\'')) || sql.parse::<f64>().is_ok();
    (!is_literal).then(|| {
        let message = format!("fails if {sql} is NULL for a row of {table} that has no value in {}", backfill.column);
        Hazard::new(HazardKind::MayFail, message)
    })
}

/// What it costs to give a new column its values, and to require them then. Where the table is built anew, both are parts
/// of the copy.
fn filling(dialect: &dyn Dialect, change: &Change) -> [Vec<Hazard>; 2] {
    let Change::AddColumn { table, column } = change else { return [Vec::new(), Vec::new()] };
    let message = format!("every row of {table} is updated in one go; if it is large, fill it in portions");
    let from = Column { nullable: true, ..column.clone() };
    let required = Change::AlterColumn { table: table.clone(), from, to: column.clone() };
    let nothing = Schema::default();
    let scales = Scales::new(dialect, &[], &nothing, &nothing);
    [vec![Hazard::weighing(HazardKind::RewritesTable, table, message)], scales.costs(&required, &nothing)]
}

/// The step with what gives the rows their values before it.
pub(crate) fn fill(dialect: &dyn Dialect, mut step: Step, table: &TableName, backfill: &Backfill) -> Vec<Step> {
    let Backfill { column: name, sql, .. } = backfill;
    let quoted = dialect.quote(name);
    let plain = |statement| Step { table: Some(table.clone()), statement, hazards: Vec::new() };
    let costly = |statement, hazards| Step { hazards, ..plain(statement) };
    let update = update(dialect, table, backfill);
    if let Statement::AddColumn { table: at, column } = &step.statement
        && at == table
        && column.name == *name
    {
        let required = dialect.require(at, column);
        let nullable = Column { nullable: true, ..column.clone() };
        let added = Statement::AddColumn { table: at.clone(), column: nullable };
        let [while_filled, while_required] =
            filling(dialect, &Change::AddColumn { table: at.clone(), column: column.clone() });
        return vec![
            Step { statement: added, ..step },
            costly(Statement::Raw(update), while_filled),
            costly(required, while_required),
        ];
    }
    if becomes_required(&step.statement, table, name) {
        return vec![plain(Statement::Raw(format!("{update} WHERE {quoted} IS NULL"))), step];
    }
    if let Statement::Rebuild(rebuild) = &mut step.statement
        && rebuild.to.name == *table
    {
        rebuild.fills.push(Fill { column: name.clone(), sql: sql.clone() });
    }
    vec![step]
}

/// The statement that gives every row the value.
pub(crate) fn update(dialect: &dyn Dialect, table: &TableName, backfill: &Backfill) -> String {
    format!("UPDATE {} SET {} = {}", dialect.table_sql(table), dialect.quote(&backfill.column), backfill.sql)
}

fn becomes_required(statement: &Statement, table: &TableName, name: &str) -> bool {
    match statement {
        Statement::SetNullable { table: at, column, nullable: false } => at == table && column == name,
        Statement::ModifyColumn { table: at, column } => at == table && column.name == name && !column.nullable,
        Statement::CreateTable(_)
        | Statement::DropTable(_)
        | Statement::RenameTable { .. }
        | Statement::AddColumn { .. }
        | Statement::DropColumn { .. }
        | Statement::RenameColumn { .. }
        | Statement::SetType { .. }
        | Statement::SetNullable { .. }
        | Statement::SetDefault { .. }
        | Statement::DropDefault { .. }
        | Statement::CreateIndex { .. }
        | Statement::DropIndex { .. }
        | Statement::AddForeignKey { .. }
        | Statement::DropForeignKey { .. }
        | Statement::CreateEnum(_)
        | Statement::DropEnum(_)
        | Statement::Raw(_)
        | Statement::Rebuild(_) => false,
    }
}
