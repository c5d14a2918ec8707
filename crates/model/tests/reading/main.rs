//! What the reader makes of projects: modules, names, notices, and files that are not as they should be.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod columns;
mod modules;
mod names;
mod notices;
mod project;
mod robust;
mod tables;
mod versions;
