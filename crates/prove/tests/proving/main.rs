//! Plans, right ones and deliberately wrong ones, proven on real databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lab;
mod refused;
mod right;
mod scratch;
mod wrong;
