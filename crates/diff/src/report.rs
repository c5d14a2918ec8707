//! What was found, for people and for machines.

mod json;
mod text;

pub use self::json::json;
pub use self::text::text;
