//! The nouns of a database schema, as plain values.
//!
//! Both readers (entity source, live database) produce a [`Schema`], and everything between them compares two of
//! these with `==`. Nothing here does I/O, knows how a database behaves, or depends on another crate of the workspace.
//!
//! Two conventions hold throughout:
//!
//! * `None` and an empty list mean *unsaid*. A live database says everything; an entity says little.
//! * Where a value came from ([`Origin`]) travels with it and never takes part in a comparison.

mod backfill;
mod bookkeeping;
mod column;
mod constraint;
mod document;
mod expression;
mod index;
mod name;
mod notice;
mod origin;
mod outline;
mod rename;
mod schema;
mod table;
mod types;
mod url;
mod visible;

pub use backfill::{Backfill, BackfillError};
pub use bookkeeping::BOOKKEEPING;
pub use column::{AutoIncrement, Column, DefaultValue, Generated, GeneratedKind, Identity, IdentityMode};
pub use constraint::{Check, Deferrable, ForeignKey, MatchType, PrimaryKey, ReferentialAction, Unique};
pub use document::{Document, DocumentError, FORMAT_VERSION};
pub use expression::Expression;
pub use index::{Index, IndexKey, IndexPart, NullsOrder, SortOrder};
pub use name::{EnumName, TableName};
pub use notice::{Notice, NoticeKind};
pub use origin::{Origin, Place};
pub use rename::{Rename, RenameError};
pub use schema::{Backend, EnumType, Object, ObjectKind, Schema};
pub use table::{Table, TableKind, TableOptions};
pub use types::{BlobSize, IntegerWidth, TextSize, Type};
pub use url::{DatabaseUrl, UrlError};
pub use visible::{is_unseen, visible};
