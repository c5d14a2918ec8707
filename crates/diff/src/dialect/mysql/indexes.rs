//! Indexes that the server makes: for uniques, and for foreign keys.
//! See https://dev.mysql.com/doc/refman/8.4/en/constraint-foreign-key.html

//!
//! Seen on MySQL 9 and MariaDB 10.11: the server remembers of an index that it made it for a key, also when the key is
//! gone, and takes it away as soon as another index, or the primary key, begins with the same columns in the same order.
//! `RENAME INDEX` makes it one that stays. The catalog does not tell which indexes are remembered so.

use autogen_schema::{Backend, ForeignKey, Index, IndexKey, Table, Type};

/// A unique constraint is a unique index; a foreign key whose columns lead no index brings one of its own.
pub(super) fn spell(backend: Backend, table: &mut Table) {
    for unique in std::mem::take(&mut table.uniques) {
        let name = unique.name.clone().unwrap_or_else(|| free_name(table, &unique.columns[0]));
        let mut index = Index::new(name, unique.columns).unique();
        index.origin = unique.origin;
        table.indexes.push(index);
    }
    fit_to_types(table);
    add_implicit(backend, table);
}

/// An implicit index goes with its key, and when another takes over for it; a key that no index serves brings one.
pub(super) fn settle(backend: Backend, live: &Table, desired: &mut Table) {
    fit_to_types(desired);
    let stays: Vec<bool> =
        desired.indexes.iter().map(|index| !index.implicit || stays(backend, live, index, desired)).collect();
    let mut stays = stays.into_iter();
    desired.indexes.retain(|_| stays.next() == Some(true));
    add_implicit(backend, desired);
}

/// Whether the server leaves an implicit index of `live` where it is when the rest becomes `desired`.
pub(super) fn stays(backend: Backend, live: &Table, index: &Index, desired: &Table) -> bool {
    let Some(columns) = index.plain_columns() else { return false };
    let serves = |key: &ForeignKey| key.columns == columns;
    let is_other = |other: &&Index| !other.implicit && other.plain_columns().as_ref() != Some(&columns);
    let is_unique = |other: &Index| other.unique && other.plain_columns().as_ref() == Some(&columns);
    let is_taken_over = desired.indexes.iter().filter(is_other).any(|other| leads_this(backend, other, &columns))
        || desired.indexes.iter().any(is_unique)
        || leads_primary_key(desired, &columns);
    desired.foreign_keys.iter().any(serves) && live.foreign_keys.iter().any(serves) && !is_taken_over
}

/// Indexes as the types of their columns allow them. A column whose type takes no prefix of this length is in an index as
/// a whole; where one gets such a type, the server makes it so without a word. It refuses to take a column out of a full
/// text or a spatial index so. Seen on both servers.
fn fit_to_types(table: &mut Table) {
    let Table { columns, indexes, .. } = table;
    let type_of = |key: &IndexKey| match key {
        IndexKey::Column(name) => columns.get(name).map(|column| &column.ty),
        IndexKey::Expression(_) => None,
    };
    for index in indexes {
        for part in &mut index.parts {
            let takes = |prefix: &u32| type_of(&part.key).is_none_or(|ty| takes_prefix(ty, *prefix));
            part.prefix = part.prefix.filter(takes);
        }
        let method = index.method.as_deref().unwrap_or_default();
        if !index.parts.iter().filter_map(|part| type_of(&part.key)).all(|ty| takes_method(ty, method)) {
            index.method = None;
            index.options.clear();
        }
    }
}

/// Whether a column of this type can be in such an index; one without a special method takes every type.
fn takes_method(ty: &Type, method: &str) -> bool {
    let is_text = matches!(ty, Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. });
    let is_special = matches!(ty, Type::Other { .. } | Type::Opaque { .. });
    match method {
        "fulltext" => is_text || is_special,
        "spatial" => is_special,
        _ => true,
    }
}

fn takes_prefix(ty: &Type, prefix: u32) -> bool {
    match ty {
        Type::Char { length } | Type::Varchar { length } | Type::VarBinary { length } => {
            length.is_none_or(|length| prefix < length)
        }
        Type::Binary { length } => prefix < *length,
        Type::Boolean
        | Type::Integer { .. }
        | Type::Float
        | Type::Double
        | Type::Decimal { .. }
        | Type::Bit { .. }
        | Type::Date
        | Type::Time { .. }
        | Type::DateTime { .. }
        | Type::Timestamp { .. }
        | Type::Year
        | Type::Enum { .. } => false,
        _ => true,
    }
}

fn add_implicit(backend: Backend, table: &mut Table) {
    for key in &table.foreign_keys {
        if !leads_an_index(backend, table, &key.columns)
            && let Some(name) = &key.name
        {
            let mut index = Index::new(name.clone(), key.columns.iter().cloned());
            index.implicit = true;
            index.origin = key.origin.clone();
            table.indexes.push(index);
        }
    }
}

/// The name that the server gives: the first column, with a number where that is taken.
fn free_name(table: &Table, column: &str) -> String {
    let is_free = |name: &String| !table.indexes.iter().any(|index| index.name == *name);
    let numbered = (2..).map(|number| format!("{column}_{number}"));
    std::iter::once(column.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| column.to_owned())
}

/// Whether the server makes this index, name and all, with one of the keys.
pub(super) fn comes_by_itself(table: &Table, index: &Index) -> bool {
    let made_for = |key: &ForeignKey| key.name.as_ref() == Some(&index.name);
    index.implicit && table.foreign_keys.iter().any(made_for)
}

/// Whether the index holds a column that counts up, which must be in an index from the beginning.
pub(super) fn is_counted(table: &Table, index: &Index) -> bool {
    let counts = |name: &&str| table.column(name).is_some_and(|column| column.auto_increment.is_some());
    index.plain_columns().is_some_and(|names| names.iter().any(counts))
}

/// Whether an index begins with these columns, in this order: then the server needs no other for a foreign key.
fn leads_an_index(backend: Backend, table: &Table, columns: &[String]) -> bool {
    leads_primary_key(table, columns) || table.indexes.iter().any(|index| leads_this(backend, index, columns))
}

fn leads_primary_key(table: &Table, columns: &[impl AsRef<str>]) -> bool {
    table.primary_key.as_ref().is_some_and(|key| leads(key.columns.iter().map(String::as_str), columns))
}

/// The same for one index. MySQL does not take one that descends; MariaDB does.
pub(super) fn leads_this(backend: Backend, index: &Index, columns: &[impl AsRef<str>]) -> bool {
    let names = index.parts.iter().map_while(|part| match &part.key {
        IndexKey::Column(name)
            if part.prefix.is_none() && (backend == Backend::Mariadb || part.order.is_ascending()) =>
        {
            Some(name.as_str())
        }
        IndexKey::Column(_) | IndexKey::Expression(_) => None,
    });
    index.method.is_none() && leads(names, columns)
}

fn leads<'n>(names: impl Iterator<Item = &'n str>, columns: &[impl AsRef<str>]) -> bool {
    names.take(columns.len()).eq(columns.iter().map(AsRef::as_ref))
}
