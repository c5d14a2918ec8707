//! The binary of a migration crate with a branched history of ten revisions, for the tests.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait that SeaORM declares elides it, and async_trait compares the spelling"
)]

#[path = "../tests/support/ten.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod ten;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    autogen_migrate::main_with_graph(ten::Migrator, &ten::bundle()).await
}
