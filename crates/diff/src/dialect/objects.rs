//! The order in which things that are kept word for word can be made.

use std::collections::{BTreeMap, BTreeSet};

use autogen_schema::{Object, TableName};

/// The objects in the order in which they stand, except that each comes after those that it depends on.
pub(super) fn in_order(objects: &[Object]) -> Vec<&Object> {
    let mut by_name: BTreeMap<&TableName, Vec<&Object>> = BTreeMap::new();
    // What hangs on a table is no table, whatever its name.
    for object in objects.iter().filter(|object| object.table.is_none()) {
        by_name.entry(&object.name).or_default().push(object);
    }
    let mut ordered = Vec::with_capacity(objects.len());
    let mut seen = BTreeSet::new();
    for object in objects {
        put(object, &by_name, &mut seen, &mut ordered);
    }
    ordered
}

fn put<'s>(
    object: &'s Object,
    by_name: &BTreeMap<&TableName, Vec<&'s Object>>,
    seen: &mut BTreeSet<*const Object>,
    ordered: &mut Vec<&'s Object>,
) {
    // A second visit is of one that stands already, or of a circle, which has no order.
    if !seen.insert(std::ptr::from_ref(object)) {
        return;
    }
    for needed in object.table.iter().chain(&object.depends_on).filter_map(|name| by_name.get(name)).flatten() {
        put(needed, by_name, seen, ordered);
    }
    ordered.push(object);
}

#[cfg(test)]
mod tests {
    use autogen_schema::ObjectKind;

    use super::*;

    #[test]
    fn a_view_comes_after_those_it_reads_and_a_trigger_after_its_view() {
        let named = |names: &[&str]| names.iter().copied().map(TableName::bare).collect();
        let view = |name: &str, reads: &[&str]| Object {
            kind: ObjectKind::View,
            name: TableName::bare(name),
            table: None,
            depends_on: named(reads),
            definition: name.to_owned(),
        };
        let on_c = Object { kind: ObjectKind::Trigger, table: Some(TableName::bare("c")), ..view("b", &[]) };
        let objects = [on_c, view("a", &["b", "t"]), view("b", &["c"]), view("c", &["t"]), view("d", &["d"])];
        let order: Vec<_> = in_order(&objects).into_iter().map(|object| (object.kind, &*object.definition)).collect();
        let (view, trigger) = (ObjectKind::View, ObjectKind::Trigger);
        assert_eq!(order, [(view, "c"), (trigger, "b"), (view, "b"), (view, "a"), (view, "d")]);
    }
}
