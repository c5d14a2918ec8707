//! The migration crate's `main`: whether it is the one that `sea-orm-cli migrate init` writes, and the one that knows
//! the graph in its place.

use syn::{Expr, Item, ItemFn, Stmt};

use super::template::{BUILD, MAIN};

/// What gives a migration crate a `main` with the graph compiled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    /// The text of `src/main.rs`.
    pub main: String,
    /// The text of `build.rs`.
    pub build: &'static str,
}

/// The `main` that runs this crate's migrator, for a `main` that does nothing but call SeaORM's command line, or ours
/// without the graph; `None` for any other, which somebody wrote for a reason.
pub fn runner_for(main: &str) -> Option<Runner> {
    let migrator = migrator(main)?;
    Some(Runner { main: MAIN.replace("migration::Migrator", &migrator), build: BUILD })
}

/// The path of the migrator in `cli::run_cli(migration::Migrator).await`.
fn migrator(main: &str) -> Option<String> {
    let file = syn::parse_file(main).ok()?;
    let mut functions = file.items.iter().filter(|item| !matches!(item, Item::Use(_)));
    let (Some(Item::Fn(ItemFn { sig, block, .. })), None) = (functions.next(), functions.next()) else { return None };
    let [Stmt::Expr(Expr::Await(waited), _)] = block.stmts.as_slice() else { return None };
    let Expr::Call(call) = waited.base.as_ref() else { return None };
    let (Expr::Path(called), [Expr::Path(migrator)]) = (call.func.as_ref(), &call.args.iter().collect::<Vec<_>>()[..])
    else {
        return None;
    };
    let called = words(&called.path);
    let is_command_line = called.ends_with("run_cli") || called == "autogen_migrate::main";
    // A single word comes from a `use` that the new file would not have.
    let is_whole = migrator.path.segments.len() > 1;
    (sig.ident == "main" && is_command_line && is_whole).then(|| words(&migrator.path))
}

fn words(path: &syn::Path) -> String {
    let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    words.join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_main_that_only_calls_a_command_line_is_recognised() {
        let stock = "use sea_orm_migration::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    cli::run_cli(crm_migration::Migrator).await;\n}\n";
        let ours = "use std::process::ExitCode;\n\n#[tokio::main]\nasync fn main() -> ExitCode {\n    autogen_migrate::main(migration::db::Migrator).await\n}\n";
        for (main, expected) in [(stock, "crm_migration::Migrator"), (ours, "migration::db::Migrator")] {
            let runner = runner_for(main).expect("the usual main");
            assert!(runner.main.contains(&format!("main_with_graph({expected}, REVISIONS)")), "{}", runner.main);
        }
    }

    #[test]
    fn a_main_that_does_more_is_left_alone() {
        for main in [
            "async fn main() {\n    dotenvy::dotenv().ok();\n    cli::run_cli(migration::Migrator).await;\n}",
            "async fn main() {\n    cli::run_cli(Migrator).await;\n}",
            "mod more;\nasync fn main() {\n    cli::run_cli(migration::Migrator).await;\n}",
            "async fn main() {\n    autogen_migrate::main_with_graph(migration::Migrator, REVISIONS).await\n}",
            "fn main() {}",
            "not Rust",
        ] {
            assert_eq!(runner_for(main), None, "{main}");
        }
    }
}
