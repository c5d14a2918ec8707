//! From entities to tables. Several entities of one table are views of it, and their columns are joined.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{
    Column, ForeignKey, Index, Notice, NoticeKind, Origin, Place, PrimaryKey, Rename, Schema, Table, TableName, Type,
    Unique,
};

use crate::entity::{Draft, DraftColumn};
use crate::error::Problem;

/// What became of the entities.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) schema: Schema,
    pub(crate) renames: Vec<Rename>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) problems: Vec<Problem>,
}

/// Puts entities, each with its foreign keys, together.
pub(crate) fn merge(drafts: impl Iterator<Item = (Draft, Vec<ForeignKey>)>) -> Merged {
    let mut merged = Merged::default();
    // Which columns had their types said in so many words; the implied ones give way to them.
    let mut said: BTreeMap<TableName, BTreeSet<String>> = BTreeMap::new();
    for (draft, keys) in drafts {
        merged.add_renames(&draft);
        let said = said.entry(draft.table.clone()).or_default();
        for column in &draft.columns {
            merged.reconcile(&draft, column, said.contains(&column.column.name));
        }
        let in_words = draft.columns.iter().filter(|column| column.type_is_said);
        said.extend(in_words.map(|column| column.column.name.clone()));
        merged.add(table(draft, keys));
    }
    merged
}

impl Merged {
    fn add_renames(&mut self, draft: &Draft) {
        if let Some(from) = &draft.renamed_from {
            let mut name = draft.table.clone();
            name.name.clone_from(from);
            self.push_rename(Rename::Table { from: name, to: draft.table.clone() });
        }
        for column in &draft.columns {
            if let Some(from) = &column.renamed_from {
                let (table, to) = (draft.table.clone(), column.column.name.clone());
                self.push_rename(Rename::Column { table, from: from.clone(), to });
            }
        }
    }

    fn push_rename(&mut self, rename: Rename) {
        if !self.renames.contains(&rename) {
            self.renames.push(rename);
        }
    }

    /// Settles what two entities of one table say differently about one column: the first keeps its word where both
    /// can be meant, and where they cannot, somebody has to decide.
    fn reconcile(&mut self, draft: &Draft, new: &DraftColumn, first_is_said: bool) {
        let Some(table) = self.schema.tables.get_mut(&draft.table) else { return };
        let Some(known) = table.columns.get_mut(&new.column.name) else { return };
        let (name, new_place) = (&new.column.name, new.column.origin.place());
        let places = || format!("{} and {}", shown(known.origin.place()), shown(new_place));
        if known.nullable != new.column.nullable {
            let [nullable, required] =
                if known.nullable { [known.origin.place(), new_place] } else { [new_place, known.origin.place()] };
            let message = format!(
                "{}.{name} is nullable at {} and required at {}; it is read as nullable",
                draft.table,
                shown(nullable),
                shown(required)
            );
            let notice = Notice::new(NoticeKind::EntityConflict, message).on(&draft.table).named(name);
            self.notices.push(notice.at(new_place));
            known.nullable = true;
        }
        if known.ty == new.column.ty || new.column.ty.is_opaque() {
            return;
        }
        if known.ty.is_opaque() || (new.type_is_said && !first_is_said && are_akin(&known.ty, &new.column.ty)) {
            known.ty = new.column.ty.clone();
        } else if new.type_is_said || !first_is_said || !are_akin(&known.ty, &new.column.ty) {
            let message = format!(
                "{}.{name} is {} in one entity and {} in another ({}); make them agree or exclude one of the files",
                draft.table,
                known.ty,
                new.column.ty,
                places()
            );
            self.problems.push(match new_place {
                Some(place) => Problem::at(place, message),
                None => Problem::new(message),
            });
        }
    }

    fn add(&mut self, new: Table) {
        let Some(table) = self.schema.tables.get_mut(&new.name) else {
            self.schema.insert(new);
            return;
        };
        for (name, column) in new.columns {
            match table.columns.get_mut(&name) {
                Some(known) => fill(known, column),
                None => {
                    table.columns.insert(name, column);
                }
            }
        }
        if table.primary_key.is_none() {
            table.primary_key = new.primary_key;
        }
        table.comment = table.comment.take().or(new.comment);
        extend(&mut table.uniques, new.uniques, |a, b| a.columns == b.columns);
        extend(&mut table.indexes, new.indexes, |a, b| a.name == b.name);
        extend(&mut table.checks, new.checks, |a, b| a == b);
        extend(&mut table.foreign_keys, new.foreign_keys, |a, b| {
            (&a.columns, &a.references, &a.referenced_columns) == (&b.columns, &b.references, &b.referenced_columns)
        });
        table.ignored.extend(new.ignored);
        table.ignored.retain(|name| !table.columns.contains_key(name));
        table.ignored.dedup();
    }
}

/// Adds to a column what only its second entity says.
fn fill(known: &mut Column, new: Column) {
    known.default = known.default.take().or(new.default);
    known.generated = known.generated.take().or(new.generated);
    known.auto_increment = known.auto_increment.take().or(new.auto_increment);
    known.on_update = known.on_update.take().or(new.on_update);
    known.charset = known.charset.take().or(new.charset);
    known.collation = known.collation.take().or(new.collation);
    known.comment = known.comment.take().or(new.comment);
}

fn extend<T>(known: &mut Vec<T>, new: Vec<T>, is_same: impl Fn(&T, &T) -> bool) {
    for item in new {
        if !known.iter().any(|other| is_same(other, &item)) {
            known.push(item);
        }
    }
}

fn shown(place: Option<&Place>) -> String {
    place.map_or_else(|| "an unknown place".to_owned(), ToString::to_string)
}

/// Whether one Rust type stands for both: `String` for `varchar` and `text` alike.
fn are_akin(one: &Type, other: &Type) -> bool {
    family(one).is_some_and(|family_of_one| family(other) == Some(family_of_one))
}

fn family(ty: &Type) -> Option<u8> {
    Some(match ty {
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } | Type::Other { .. } => 0,
        Type::Binary { .. } | Type::VarBinary { .. } | Type::Blob { .. } => 1,
        Type::Json | Type::JsonBinary => 2,
        Type::Decimal { .. } | Type::Money => 3,
        Type::DateTime { .. } | Type::Timestamp { .. } | Type::TimestampWithTimeZone { .. } => 4,
        Type::Inet | Type::Cidr => 5,
        Type::Array { .. } => 6,
        Type::Vector { .. } => 7,
        Type::Boolean
        | Type::Integer { .. }
        | Type::Float
        | Type::Double
        | Type::Bit { .. }
        | Type::VarBit { .. }
        | Type::Date
        | Type::Time { .. }
        | Type::Year
        | Type::Interval { .. }
        | Type::Uuid
        | Type::MacAddr
        | Type::LTree
        | Type::Enum { .. }
        | Type::Opaque { .. } => return None,
    })
}

/// The table that one entity describes.
fn table(draft: Draft, foreign_keys: Vec<ForeignKey>) -> Table {
    let mut table = Table::new(draft.table.clone());
    table.origin = draft.place.clone().into();
    table.comment.clone_from(&draft.comment);
    table.ignored.clone_from(&draft.ignored);
    table.foreign_keys = foreign_keys;
    table.primary_key = primary_key(&draft);
    table.uniques = draft.columns.iter().filter(|column| column.unique).map(unique).collect();
    table.indexes = indexes(&draft);
    for column in draft.columns {
        table.checks.extend(column.extra.checks);
        table.columns.insert(column.column.name.clone(), column.column);
    }
    table
}

fn primary_key(draft: &Draft) -> Option<PrimaryKey> {
    let mut columns: Vec<&DraftColumn> = draft.columns.iter().filter(|column| column.is_primary).collect();
    columns.sort_by_key(|column| column.key_position);
    let first = columns.first()?;
    let mut key = PrimaryKey::new(columns.iter().map(|column| column.column.name.clone()));
    if columns.len() > 1 {
        key.name = Some(format!("pk-{}", draft.table.name));
    }
    key.origin = first.column.origin.clone();
    Some(key)
}

fn unique(column: &DraftColumn) -> Unique {
    let mut unique = Unique::new([column.column.name.clone()]);
    unique.origin = column.column.origin.clone();
    unique
}

/// First the indexes of single columns in their order, then the unique keys by name, as SeaORM makes them.
fn indexes(draft: &Draft) -> Vec<Index> {
    let table = &draft.table.name;
    let mut indexes = Vec::new();
    let mut keys: BTreeMap<&str, (Vec<String>, Origin)> = BTreeMap::new();
    for column in &draft.columns {
        let name = &column.column.name;
        if column.indexed {
            let mut index = Index::new(format!("idx-{table}-{name}"), [name.clone()]);
            index.origin = column.column.origin.clone();
            indexes.push(index);
        }
        if let Some(key) = &column.unique_key {
            keys.entry(key).or_insert_with(|| (Vec::new(), column.column.origin.clone())).0.push(name.clone());
        }
    }
    for (key, (columns, origin)) in keys {
        let mut index = Index::new(format!("idx-{table}-{key}"), columns).unique();
        index.origin = origin;
        indexes.push(index);
    }
    indexes
}
