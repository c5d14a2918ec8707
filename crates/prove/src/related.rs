//! Which tables a proof needs: those that the plan is about, those that refer to them, and everything that these need
//! in order to exist. The rest of a large database is left out.

use std::collections::{BTreeMap, BTreeSet};

use autogen_diff::{Change, Inputs, Labelled, Plan};
use autogen_schema::{Column, EnumName, Object, ObjectKind, Schema, Table, TableName, Type};

/// The part of both sides that a proof is about.
pub(crate) struct Related {
    /// Of the live schema.
    pub(crate) live: Schema,
    /// What the entities say, without the tables that were left out.
    pub(crate) desired: Schema,
    /// How many tables of the live schema were left out.
    pub(crate) left_out: usize,
}

/// What the plan needs; `with_objects` where views, triggers and the like are made too.
pub(crate) fn related(inputs: &Inputs<'_>, plan: &Plan, with_objects: bool) -> Related {
    let named = |name: &TableName| qualified(name, inputs.default_schema);
    let touched = touched(inputs, plan);
    let live = inputs.live;
    let refers_to_touched =
        |table: &&Table| table.foreign_keys.iter().any(|key| touched.contains(&named(&key.references)));
    let mut names: BTreeSet<TableName> =
        live.tables.keys().filter(|name| touched.contains(&named(name))).cloned().collect();
    names.extend(live.tables.values().filter(refers_to_touched).map(|table| table.name.clone()));
    let objects = close(live, &mut names, with_objects);

    let left_out: BTreeSet<TableName> = live.tables.keys().filter(|name| !names.contains(*name)).map(named).collect();
    let mut desired = inputs.desired.clone();
    desired.tables.retain(|name, _| !left_out.contains(&named(name)));
    let tables: BTreeMap<TableName, Table> = live
        .tables
        .iter()
        .filter(|(name, _)| names.contains(*name))
        .map(|(name, table)| (name.clone(), table.clone()))
        .collect();
    Related { left_out: left_out.len(), live: Schema { tables, enums: live.enums.clone(), objects }, desired }
}

/// `name` in full, where the database has schemas.
pub(crate) fn qualified(name: &TableName, default_schema: Option<&str>) -> TableName {
    let schema = name.schema.clone().or_else(|| default_schema.map(str::to_owned));
    TableName { schema, name: name.name.clone() }
}

/// The tables that the plan names, by any of the names that they have on the way.
fn touched(inputs: &Inputs<'_>, plan: &Plan) -> BTreeSet<TableName> {
    let mut names = BTreeSet::new();
    for finding in &plan.findings {
        names.extend(finding.change.table().cloned());
        match &finding.change {
            Change::RenameTable { from, .. } => {
                names.insert(from.clone());
            }
            Change::AddForeignKey { key, .. } | Change::DropForeignKey { key, .. } => {
                names.insert(key.references.clone());
            }
            Change::CreateTable(table) | Change::DropTable(table) => {
                names.extend(table.foreign_keys.iter().map(|key| key.references.clone()));
            }
            Change::CreateEnum(ty) | Change::DropEnum(ty) | Change::AlterEnum { from: ty, .. } => {
                names.extend(tables_with(inputs.live, &ty.name));
            }
            Change::RenameEnumValue { of: Labelled::Type(ty), .. } => names.extend(tables_with(inputs.live, ty)),
            Change::RenameEnumValue { of: Labelled::Column { table, .. }, .. } => {
                names.insert(table.clone());
            }
            Change::AddColumn { .. }
            | Change::DropColumn { .. }
            | Change::RenameColumn { .. }
            | Change::AlterColumn { .. }
            | Change::SetPrimaryKey { .. }
            | Change::AddIndex { .. }
            | Change::DropIndex { .. }
            | Change::RenameIndex { .. }
            | Change::AddUnique { .. }
            | Change::DropUnique { .. }
            | Change::AddCheck { .. }
            | Change::DropCheck { .. }
            | Change::SetTableOptions { .. } => {}
        }
    }
    names.iter().map(|name| qualified(name, inputs.default_schema)).collect()
}

/// The tables with a column of this enum type. Two schemas may have a type of one name; too many tables do no harm.
pub(crate) fn tables_with(schema: &Schema, name: &EnumName) -> Vec<TableName> {
    let has = |column: &Column| enum_of(&column.ty).is_some_and(|other| other.name == name.name);
    let tables = schema.tables.values().filter(|table| table.columns.values().any(has));
    tables.map(|table| table.name.clone()).collect()
}

/// The enum type that a type is, or is an array of.
pub(crate) fn enum_of(ty: &Type) -> Option<&EnumName> {
    if let Type::Array { element } = ty {
        return enum_of(element);
    }
    if let Type::Enum { name, .. } = ty { name.as_ref() } else { None }
}

/// Adds what the tables need, and gives the objects that belong to them.
fn close(live: &Schema, names: &mut BTreeSet<TableName>, with_objects: bool) -> Vec<Object> {
    let mut views: BTreeSet<TableName> = BTreeSet::new();
    loop {
        let before = (names.len(), views.len());
        let mut needed: Vec<TableName> = Vec::new();
        for table in live.tables.values() {
            if names.contains(&table.name) {
                needed.extend(table.foreign_keys.iter().map(|key| key.references.clone()));
                needed.extend(table.options.inherits.iter().cloned());
            }
            if table.options.inherits.iter().any(|parent| names.contains(parent)) {
                needed.push(table.name.clone());
            }
        }
        for object in live.objects.iter().filter(|object| with_objects && is_tied(object.kind)) {
            if tied_to(object).any(|name| names.contains(name) || views.contains(name)) {
                needed.extend(tied_to(object).cloned());
                views.extend(is_view(object.kind).then(|| object.name.clone()));
            }
        }
        views.extend(needed.iter().filter(|name| is_a_view(live, name)).cloned());
        names.extend(needed.into_iter().filter(|name| live.tables.contains_key(name)));
        if before == (names.len(), views.len()) {
            break;
        }
    }
    let is_kept = |object: &&Object| {
        with_objects
            && (!is_tied(object.kind)
                || (is_view(object.kind) && views.contains(&object.name))
                || tied_to(object).any(|name| names.contains(name) || views.contains(name)))
    };
    live.objects.iter().filter(is_kept).cloned().collect()
}

fn is_a_view(live: &Schema, name: &TableName) -> bool {
    live.objects.iter().any(|object| is_view(object.kind) && object.name == *name)
}

fn tied_to(object: &Object) -> impl Iterator<Item = &TableName> {
    object.table.iter().chain(&object.depends_on)
}

const fn is_view(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::View | ObjectKind::MaterializedView)
}

/// Whether such an object is about tables, and is nothing without them.
pub(crate) const fn is_tied(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::Exclusion
        | ObjectKind::Statistics
        | ObjectKind::Comment
        | ObjectKind::Rule => true,
        ObjectKind::Function
        | ObjectKind::Sequence
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Extension
        | ObjectKind::Collation
        | ObjectKind::Server
        | ObjectKind::Event => false,
    }
}
