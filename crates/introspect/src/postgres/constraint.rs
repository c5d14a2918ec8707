//! Keys, uniques and checks.

use autogen_schema::{
    Check, Deferrable, ForeignKey, MatchType, Origin, PrimaryKey, ReferentialAction, Table, TableName, Unique,
};

use super::catalog::ConstraintRow;
use super::sql_text::without_outer_parens;
use super::untold::{NoText, present};

/// Puts the constraint into its table, or a sentence into the table's list of what was not understood.
///
/// # Errors
///
/// Where the server has no text for it.
pub(super) fn add(row: ConstraintRow, table: &mut Table) -> Result<(), NoText> {
    if row.period || !row.enforced {
        let what = if row.period { "a period" } else { "NOT ENFORCED" };
        table.not_understood.push(format!("constraint {}: {what}", row.name));
    }
    match row.kind.as_str() {
        "p" => table.primary_key = Some(primary_key(row)),
        "u" => table.uniques.push(unique(row)),
        "f" => {
            let name = row.name.clone();
            match foreign_key(row) {
                Some(key) => table.foreign_keys.push(key),
                None => table.not_understood.push(format!("foreign key {name}: its target or an action of it")),
            }
        }
        "c" => table.checks.push(check(row)?),
        other => table.not_understood.push(format!("constraint {}: of kind `{other}`", row.name)),
    }
    Ok(())
}

fn primary_key(row: ConstraintRow) -> PrimaryKey {
    let mut extra: Vec<String> = row.include_clause.iter().cloned().collect();
    extra.extend(storage(&row));
    extra.extend(deferrable(&row).map(|when| {
        match when {
            Deferrable::InitiallyImmediate => "DEFERRABLE",
            Deferrable::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
        }
        .to_owned()
    }));
    PrimaryKey { name: Some(row.name), extra, ..PrimaryKey::new(row.columns.unwrap_or_default()) }
}

fn unique(row: ConstraintRow) -> Unique {
    Unique {
        deferrable: deferrable(&row),
        extra: storage(&row).into_iter().collect(),
        name: Some(row.name),
        include: row.include.unwrap_or_default(),
        nulls_not_distinct: row.nulls_not_distinct,
        ..Unique::new(row.columns.unwrap_or_default())
    }
}

/// The storage parameters of the index behind a constraint.
fn storage(row: &ConstraintRow) -> Option<String> {
    let options = row.options.as_ref()?;
    Some(format!("WITH ({})", options.join(", ")))
}

fn foreign_key(row: ConstraintRow) -> Option<ForeignKey> {
    Some(ForeignKey {
        deferrable: deferrable(&row),
        name: Some(row.name),
        columns: row.columns?,
        references: TableName::qualified(row.references_schema?, row.references_table?),
        referenced_columns: row.references_columns?,
        on_delete: Some(action(&row.on_delete)?),
        on_update: Some(action(&row.on_update)?),
        on_delete_columns: row.on_delete_columns.unwrap_or_default(),
        match_type: match row.match_type.as_str() {
            "s" => None,
            "f" => Some(MatchType::Full),
            "p" => Some(MatchType::Partial),
            _ => return None,
        },
        not_valid: !row.validated,
        origin: Origin::default(),
    })
}

fn action(letter: &str) -> Option<ReferentialAction> {
    Some(match letter {
        "a" => ReferentialAction::NoAction,
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => return None,
    })
}

fn check(row: ConstraintRow) -> Result<Check, NoText> {
    let expression = present(row.expression)?;
    Ok(Check {
        name: Some(row.name),
        expression: without_outer_parens(&expression).to_owned(),
        no_inherit: row.no_inherit,
        not_valid: !row.validated,
        column: None,
        origin: Origin::default(),
    })
}

fn deferrable(row: &ConstraintRow) -> Option<Deferrable> {
    match (row.deferrable, row.deferred) {
        (false, _) => None,
        (true, false) => Some(Deferrable::InitiallyImmediate),
        (true, true) => Some(Deferrable::InitiallyDeferred),
    }
}
