//! The file: a migration as a colleague would have written it.
//!
//! The layout is close to `rustfmt`'s; whoever writes the file runs `rustfmt` over it where there is one.

use std::collections::BTreeSet;

use super::body::{Body, Layout};
use super::branches::{Direction, VERSION, Way, merge};
use super::literal::string;
use super::{SeaOrm, Tongue, guard};
use crate::dialect::dialect;
use crate::statement::Statement;
use crate::{Plan, Step};

/// What a file says beside its statements.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its `//!` comment.
    pub header: &'a str,
    /// The name that is recorded for it.
    pub stem: &'a str,
    /// The generation of SeaORM that it is written for.
    pub sea_orm: SeaOrm,
    /// What stands above the migration, with `{{header}}` and `{{imports}}` where those belong; `None` for these two
    /// and nothing else.
    pub template: Option<&'a str>,
}

/// What stands above the migration where nobody says otherwise.
const TEMPLATE: &str = "{{header}}\n\n{{imports}}\n";

/// The whole source of a migration: of a plan for one database, or of several for as many. `plans` holds one at least.
pub fn migration(plans: &[&Plan], file: &File<'_>) -> String {
    let guard = plans.iter().find(|plan| is_guarded(plan)).map(|plan| dialect(plan.backend));
    let layout = Layout { indent: if guard.is_some() { "    " } else { "        " }, helper: guard.is_some() };
    let tongue = |plan: &Plan| Tongue { dialect: dialect(plan.backend), sea_orm: file.sea_orm };
    let up: Vec<Way<'_>> = plans.iter().map(|plan| Way::new(tongue(plan), layout, plan, Body::up)).collect();
    let down: Vec<Way<'_>> = plans.iter().map(|plan| Way::new(tongue(plan), layout, plan, Body::down)).collect();
    let (up, down) = (merge(&up, layout), merge(&down, layout));

    let mut imports: BTreeSet<&str> = BTreeSet::new();
    if guard.is_some() {
        imports.extend(guard::imports(file.sea_orm));
    }
    if up.branches || down.branches || (guard.is_some() && plans.len() > 1) {
        imports.insert("DbBackend");
    }
    if up.asks_version || down.asks_version {
        imports.insert("Statement");
    }
    let mut source = top(file, &imports);
    source.push_str("\npub struct Migration;\n\n");
    source.push_str(&format!(
        "impl MigrationName for Migration {{\n    fn name(&self) -> &str {{\n        {}\n    }}\n}}\n\n",
        string(file.stem)
    ));
    source.push_str("#[async_trait::async_trait]\nimpl MigrationTrait for Migration {\n");
    source.push_str(&transaction(plans, file.sea_orm, guard.is_some()));
    match guard {
        Some(guarded) => {
            let elsewhere = (plans.len() > 1).then(|| guarded.sea_orm_name());
            source.push_str(&guarded_method(file.sea_orm, "up", "upgrade", elsewhere));
            source.push('\n');
            source.push_str(&guarded_method(file.sea_orm, "down", "downgrade", elsewhere));
            source.push_str("}\n\n");
            source.push_str(&function("upgrade", &up));
            source.push('\n');
            source.push_str(&function("downgrade", &down));
            source.push('\n');
            source.push_str(&guard::helpers(file.sea_orm));
        }
        None => {
            source.push_str(&plain_method("up", &up));
            source.push('\n');
            source.push_str(&plain_method("down", &down));
            source.push_str("}\n");
        }
    }
    if up.asks_version || down.asks_version {
        source.push_str(&match file.sea_orm {
            SeaOrm::V1 => VERSION.replace("_raw(statement)", "(statement)"),
            SeaOrm::V2 => VERSION.to_owned(),
        });
    }
    source
}

/// Everything above `struct Migration`.
fn top(file: &File<'_>, names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    let more = match names.as_slice() {
        [] => String::new(),
        [one] => format!("\nuse sea_orm_migration::sea_orm::{one};"),
        several => format!("\nuse sea_orm_migration::sea_orm::{{{}}};", several.join(", ")),
    };
    let imports = format!("use sea_orm_migration::prelude::*;{more}");
    let text = file.template.unwrap_or(TEMPLATE).replace("{{imports}}", &imports);
    // The header last: it may hold anything, `{{imports}}` too.
    let text = text.replace("{{header}}", file.header.trim_end());
    format!("{}\n", text.trim_end())
}

/// What the file of this plan answers when it is asked whether it runs in a transaction: `None` is SeaORM's own rule for
/// the database, and `false` on SQLite means that it begins its own, with foreign keys off.
pub fn use_transaction(plan: &Plan) -> Option<bool> {
    plan.transaction.or_else(|| dialect(plan.backend).use_transaction(is_guarded(plan)))
}

fn is_guarded(plan: &Plan) -> bool {
    has_rebuild(&plan.up) || has_rebuild(&plan.down)
}

fn has_rebuild(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step.statement, Statement::Rebuild(_)))
}

/// SeaORM has a rule of its own, unless told; 1.x cannot be told.
fn transaction(plans: &[&Plan], sea_orm: SeaOrm, guarded: bool) -> String {
    let own = plans.iter().find_map(|plan| plan.transaction);
    let answer = own.or_else(|| plans.iter().find_map(|plan| dialect(plan.backend).use_transaction(guarded)));
    let Some(answer) = answer.filter(|_| sea_orm == SeaOrm::V2) else { return String::new() };
    let why = if guarded {
        "        // Foreign keys can be switched off only outside a transaction; this file begins its own.\n"
    } else if own == Some(false) {
        "        // Each statement commits by itself, so that nobody waits for it; where one fails, this runs again.\n"
    } else {
        ""
    };
    format!("    fn use_transaction(&self) -> Option<bool> {{\n{why}        Some({answer})\n    }}\n\n")
}

/// A direction of a file that begins its own transaction, with foreign keys off; `elsewhere` is the name of the only
/// database that needs it, where there are others.
fn guarded_method(sea_orm: SeaOrm, name: &str, of: &str, elsewhere: Option<&str>) -> String {
    let others = elsewhere.map(|backend| guard::elsewhere(sea_orm, of, backend)).unwrap_or_default();
    method(name, "manager", &format!("{others}{}", guard::guarded(sea_orm, of)))
}

fn plain_method(name: &str, direction: &Direction) -> String {
    method(name, parameter(direction), &format!("{}        Ok(())\n", direction.source))
}

fn method(name: &str, manager: &str, body: &str) -> String {
    format!("    async fn {name}(&self, {manager}: &SchemaManager) -> Result<(), DbErr> {{\n{body}    }}\n")
}

fn function(name: &str, direction: &Direction) -> String {
    let (manager, body) = (parameter(direction), &direction.source);
    format!("async fn {name}({manager}: &SchemaManager<'_>) -> Result<(), DbErr> {{\n{body}    Ok(())\n}}\n")
}

fn parameter(direction: &Direction) -> &'static str {
    if direction.source.is_empty() { "_manager" } else { "manager" }
}
