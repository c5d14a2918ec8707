//! What is kept word for word: views, triggers, functions, policies, and whatever else hangs together with tables.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Notice, NoticeKind, Object, ObjectKind, TableName};

use super::catalog::{ObjectRow, SequenceRow};
use super::dependency::Dependencies;
use super::untold::Untold;

/// The objects in an order in which they can be made, as far as the database tells: by kind, each view after those it
/// reads, and by name where nothing else decides.
/// Where the server has no text for one, it is there without its definition.
pub(super) fn objects(
    rows: Vec<ObjectRow>,
    sequences: Vec<SequenceRow>,
    dependencies: &Dependencies,
    tables: &BTreeMap<i64, TableName>,
    untold: &mut Untold,
    notices: &mut Vec<Notice>,
) -> Vec<Object> {
    let mut objects: Vec<Object> = sequences.into_iter().map(sequence).collect();
    for row in rows {
        match kind(&row.kind) {
            Some(kind) => {
                let (oid, is_untold) = (row.object.unwrap_or_default(), row.definition.is_none());
                let object = object(kind, row, dependencies);
                if is_untold {
                    let table = tables.iter().find(|(_, name)| Some(*name) == object.table.as_ref());
                    untold.add("objects", oid, &object.name.to_string(), table.map(|(oid, _)| *oid));
                }
                objects.push(object);
            }
            None => notices.push(not_understood(&row)),
        }
    }
    let levels = levels(&objects);
    objects.sort_by(|one, other| {
        let place = |object: &Object| (rank(object.kind), levels.get(&object.name).copied().unwrap_or_default());
        (place(one), &one.name, &one.table).cmp(&(place(other), &other.name, &other.table))
    });
    objects
}

fn object(kind: ObjectKind, row: ObjectRow, dependencies: &Dependencies) -> Object {
    Object {
        kind,
        depends_on: dependencies.of_object(&row),
        name: TableName { schema: row.schema, name: row.name },
        table: row.table_schema.zip(row.table_name).map(|(schema, name)| TableName::qualified(schema, name)),
        definition: row.definition.unwrap_or_default(),
    }
}

/// A sequence that no `serial` or identity column accounts for; or what such a column cannot say of its own, which can
/// only be said once the table is there.
fn sequence(row: SequenceRow) -> Object {
    let statements = if row.of_serial {
        vec![Some(format!("ALTER SEQUENCE {} {}", row.sql, row.options)), row.comment]
    } else {
        let unlogged = if row.unlogged { "UNLOGGED " } else { "" };
        let create = format!("CREATE {unlogged}SEQUENCE {} {}", row.sql, row.options);
        vec![Some(create), row.comment, row.owned_by]
    };
    let owner = row.owner.map(|(schema, name)| TableName::qualified(schema, name));
    Object {
        kind: ObjectKind::Sequence,
        name: TableName::qualified(row.schema, row.name),
        depends_on: owner.iter().filter(|_| row.of_serial).cloned().collect(),
        table: owner,
        definition: statements.into_iter().flatten().collect::<Vec<_>>().join(";\n"),
    }
}

fn kind(name: &str) -> Option<ObjectKind> {
    Some(match name {
        "extension" => ObjectKind::Extension,
        "view" => ObjectKind::View,
        "materialized_view" => ObjectKind::MaterializedView,
        "trigger" => ObjectKind::Trigger,
        "rule" => ObjectKind::Rule,
        "policy" => ObjectKind::Policy,
        "exclusion" => ObjectKind::Exclusion,
        "function" => ObjectKind::Function,
        "domain" => ObjectKind::Domain,
        "composite_type" => ObjectKind::CompositeType,
        "collation" => ObjectKind::Collation,
        "server" => ObjectKind::Server,
        "statistics" => ObjectKind::Statistics,
        "comment" => ObjectKind::Comment,
        _ => return None,
    })
}

/// For what cannot be written down as one statement, such as an aggregate.
fn not_understood(row: &ObjectRow) -> Notice {
    let name = TableName { schema: row.schema.clone(), name: row.name.clone() };
    let message = format!("{name}: {}: seen, and not kept; make it by hand where it is needed", row.kind);
    Notice::new(NoticeKind::NotUnderstood, message).named(&row.name)
}

const fn rank(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Extension => 0,
        ObjectKind::Server => 1,
        ObjectKind::Collation => 2,
        ObjectKind::Domain => 3,
        ObjectKind::CompositeType => 4,
        ObjectKind::Sequence => 5,
        ObjectKind::Function => 6,
        ObjectKind::Exclusion => 7,
        ObjectKind::Statistics => 8,
        // A view may read a materialised one, and the other way round.
        ObjectKind::View | ObjectKind::MaterializedView => 9,
        ObjectKind::Rule => 10,
        ObjectKind::Trigger => 11,
        ObjectKind::Policy => 12,
        ObjectKind::Event => 13,
        ObjectKind::Comment => 14,
    }
}

/// How many views stand below each view.
fn levels(objects: &[Object]) -> BTreeMap<TableName, usize> {
    let views: BTreeMap<&TableName, &[TableName]> = objects
        .iter()
        .filter(|object| matches!(object.kind, ObjectKind::View | ObjectKind::MaterializedView))
        .map(|object| (&object.name, object.depends_on.as_slice()))
        .collect();
    views.keys().map(|name| ((*name).clone(), level(name, &views, &mut BTreeSet::new()))).collect()
}

fn level<'a>(
    name: &'a TableName,
    views: &BTreeMap<&'a TableName, &'a [TableName]>,
    above: &mut BTreeSet<&'a TableName>,
) -> usize {
    // Views cannot read each other in a circle, but one that is altered while it is read may seem to.
    let Some(below) = views.get(name).filter(|_| above.insert(name)) else { return 0 };
    let deepest = below.iter().filter(|name| views.contains_key(name)).map(|name| 1 + level(name, views, above)).max();
    above.remove(name);
    deepest.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, reads: &[&str]) -> Object {
        Object {
            kind: ObjectKind::View,
            name: TableName::qualified("public", name),
            table: None,
            depends_on: reads.iter().map(|name| TableName::qualified("public", *name)).collect(),
            definition: String::new(),
        }
    }

    #[test]
    fn a_view_stands_above_all_it_reads() {
        let levels = levels(&[view("a", &["b", "t"]), view("b", &["c"]), view("c", &["t"]), view("d", &["c", "b"])]);
        let of = |name: &str| levels[&TableName::qualified("public", name)];
        assert_eq!([of("a"), of("b"), of("c"), of("d")], [2, 1, 0, 2]);
    }

    #[test]
    fn a_circle_comes_to_an_end() {
        let levels = levels(&[view("a", &["b"]), view("b", &["a"])]);
        assert_eq!(levels.len(), 2);
    }
}
