//! Checks: the server spells their conditions its own way, so that text alone seldom tells.

use autogen_schema::{Check, Expression, NoticeKind};

use super::defaults::Sameness;
use super::tables::Part;

pub(super) fn settle(part: &mut Part<'_, '_>) {
    let mut said = std::mem::take(&mut part.table.checks);
    // A check that the entity said in the same words at the last revision is there, under whatever spelling.
    let known = |check: &Check, part: &Part<'_, '_>| {
        part.base.is_some_and(|base| base.checks.iter().any(|base| base.expression == check.expression))
    };
    let mut unclear = vec![false; said.len()];
    for live in &part.live.checks {
        let verdicts: Vec<Sameness> = said.iter().map(|check| same(part, check, live)).collect();
        if let Some(at) = verdicts.iter().position(|verdict| *verdict == Sameness::Same) {
            said.remove(at);
            unclear.remove(at);
            part.table.checks.push(live.clone());
            continue;
        }
        for (unclear, verdict) in unclear.iter_mut().zip(&verdicts) {
            *unclear |= *verdict == Sameness::Unknown;
        }
        let declared = part.base.map(|base| base.checks.clone()).unwrap_or_default();
        let was_declared = declared.iter().any(|base| same(part, base, live) == Sameness::Same);
        if part.sides.keeps(was_declared) && part.has_columns_in(&live.expression) {
            part.table.checks.push(live.clone());
            let what = format!("check ({})", live.expression);
            let may_be_said = verdicts.contains(&Sameness::Unknown);
            if !may_be_said {
                part.unmanaged(NoticeKind::UnmanagedCheck, live.name.as_deref(), &what);
            }
        }
    }
    for (check, unclear) in said.into_iter().zip(unclear) {
        if !unclear {
            part.table.checks.push(check);
        } else if !known(&check, part) {
            let name = check.name.clone().or_else(|| check.column.clone()).unwrap_or_else(|| "check".into());
            let message = format!(
                "cannot tell whether the check ({}) of the entity is one of those in the database",
                check.expression
            );
            part.not_comparable(&name, &message, check.origin.place());
        }
    }
}

fn same(part: &mut Part<'_, '_>, check: &Check, live: &Check) -> Sameness {
    let ask = |sql: &str| Expression::Check(sql.to_owned());
    let pair = (check.expression.as_str(), live.expression.as_str());
    part.sides.same_expression(part.questions, &part.live.name, ask, pair)
}
