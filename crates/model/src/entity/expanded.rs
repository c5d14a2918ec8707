//! Entities written out: `struct Entity`, `enum Column`, `impl ColumnTrait`, and whatever a compact model leaves to
//! the author.

use autogen_schema::{Place, TableName};

use super::{Draft, Reader};
use crate::sources::ModuleId;

pub(super) fn read(_reader: &mut Reader<'_>, _module: ModuleId) -> Vec<Draft> {
    Vec::new()
}

/// The table and the comment of an entity whose `EntityName` is written by hand.
pub(super) fn named_by_hand(
    _reader: &mut Reader<'_>,
    _module: ModuleId,
    _entity: &str,
    _place: &Place,
) -> Option<(TableName, Option<String>)> {
    None
}
