//! Random tables, with what each database can say. Every check and key holds for the rows that [`crate::rows`] makes.

use autogen_schema::{
    AutoIncrement, Backend, BlobSize, Check, Column, DefaultValue, EnumName, EnumType, Generated, GeneratedKind,
    Identity, IdentityMode, IntegerWidth, Origin, PrimaryKey, Table, Type, Unique,
};

use crate::dice::Dice;
use crate::indexes::{add_foreign_keys, add_indexes};
use crate::names::{Names, quoted};

pub(crate) const INTEGER: Type = Type::integer(IntegerWidth::Regular);

/// An enum type, its labels in any order.
pub(crate) fn any_enum(dice: &mut Dice) -> Option<EnumType> {
    let labels = any_labels(dice);
    dice.once_in(2).then(|| EnumType { name: EnumName::bare("mood"), labels, comment: None, origin: Origin::default() })
}

fn any_labels(dice: &mut Dice) -> Vec<String> {
    let labels: [&[&str]; 6] = [&["x", "y"], &["x", "y", "z"], &["x", "n", "y"], &["y", "x"], &["x", "it's"], &["x"]];
    dice.one_of(&labels).iter().map(|label| (*label).to_owned()).collect()
}

/// A table with a numbered or plain key `id`.
pub(crate) fn any_table(names: &Names, at: usize, labels: Option<&EnumName>, dice: &mut Dice) -> Option<Table> {
    if !dice.once_in(2) && at != 0 {
        return None;
    }
    let (backend, stem) = (names.backend, names.stems[at]);
    let mut table = Table::new(names.tables[at].clone());
    table = table.with_column(any_key_column(names, at, dice));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    let wide = dice.once_in(3);
    if wide {
        table.columns.insert("k".into(), Column::new("k", INTEGER));
        let mut unique = Unique::new(["id", "k"]);
        unique.name = Some(format!("{stem}_wide"));
        table.uniques.push(unique);
    }
    for column in names.columns {
        if dice.once_in(2) {
            let column = any_column(backend, column, labels, dice);
            table.columns.insert(column.name.clone(), column);
        }
    }
    if wide {
        add_key(&mut table, stem, backend, dice);
    }
    add_generated(&mut table, backend, dice);
    add_checks(&mut table, stem, backend, dice);
    add_indexes(&mut table, stem, backend, dice);
    add_foreign_keys(&mut table, stem, names, dice);
    add_options(&mut table, backend, dice);
    Some(table)
}

fn any_key_column(names: &Names, at: usize, dice: &mut Dice) -> Column {
    let mut column = Column::new("id", INTEGER);
    column.auto_increment = match names.backend {
        Backend::Postgres => {
            let max = i64::from(i32::MAX);
            let plain =
                Identity { mode: IdentityMode::ByDefault, start: 1, increment: 1, min: 1, max, cache: 1, cycle: false };
            let odd = Identity { mode: IdentityMode::Always, start: 5, increment: 2, ..plain.clone() };
            let table = &names.tables[at];
            let schema = table.schema.as_deref().unwrap_or("public");
            let serial = AutoIncrement::Serial { sequence: format!("{schema}.{}_id_seq", table.name) };
            dice.one_of(&[
                None,
                Some(AutoIncrement::Identity(plain)),
                Some(AutoIncrement::Identity(odd)),
                names.plain.then_some(serial),
            ])
        }
        Backend::Sqlite | Backend::Mysql | Backend::Mariadb => dice.one_of(&[None, Some(AutoIncrement::Keyword)]),
    };
    match names.numbered {
        Some(numbered) if !numbered[at] => column.auto_increment = None,
        // How it is numbered stays as it is, too.
        Some(_) if column.auto_increment.is_none() => return any_key_column(names, at, dice),
        Some(_) | None => {}
    }
    column
}

fn any_column(backend: Backend, name: &str, labels: Option<&EnumName>, dice: &mut Dice) -> Column {
    let mut types = vec![
        INTEGER,
        Type::integer(IntegerWidth::Big),
        Type::Boolean,
        Type::varchar(20),
        Type::varchar(40),
        Type::text(),
        Type::Double,
        Type::DateTime { precision: None },
        Type::integer(IntegerWidth::Small),
        Type::Decimal { precision: Some((10, 2)) },
        Type::Decimal { precision: Some((12, 4)) },
        Type::Date,
        Type::Char { length: Some(4) },
        Type::Blob { size: BlobSize::Regular },
    ];
    match backend {
        Backend::Postgres => {
            if let Some(name) = labels {
                let mood = Type::Enum { name: Some(name.clone()), labels: Vec::new() };
                types.push(Type::Array { element: Box::new(mood.clone()) });
                types.push(mood);
            }
            types.push(Type::Array { element: Box::new(INTEGER) });
            types.push(Type::Uuid);
        }
        Backend::Mysql | Backend::Mariadb => types.push(Type::Enum { name: None, labels: any_labels(dice) }),
        Backend::Sqlite => {}
    }
    let mut column = Column::new(name, dice.one_of(&types));
    column.nullable = dice.once_in(2);
    column.default = any_default(&column.ty, dice);
    let is_text = matches!(column.ty, Type::Varchar { .. } | Type::Text { .. });
    column.collation = match backend {
        _ if !is_text => None,
        Backend::Postgres => dice.maybe(4, "C".to_owned()),
        Backend::Sqlite => dice.maybe(4, "NOCASE".to_owned()),
        Backend::Mysql | Backend::Mariadb => dice.maybe(4, "utf8mb4_bin".to_owned()),
    };
    if backend != Backend::Sqlite {
        column.comment =
            dice.one_of(&[None, None, None, Some("it's \"one\" \\ ü".to_owned()), Some("other".to_owned())]);
    }
    column
}

fn any_default(ty: &Type, dice: &mut Dice) -> Option<DefaultValue> {
    let default = match ty {
        Type::Integer { .. } => DefaultValue::Number(dice.one_of(&["7", "-1"]).into()),
        Type::Boolean => DefaultValue::Boolean(true),
        Type::Varchar { .. } => DefaultValue::Text(dice.one_of(&["it's", ""]).into()),
        Type::DateTime { .. } => DefaultValue::expression("CURRENT_TIMESTAMP"),
        Type::Enum { .. } => DefaultValue::Text("x".into()),
        _ => return None,
    };
    dice.maybe(2, default)
}

/// The primary key may be over two columns, in either order.
fn add_key(table: &mut Table, stem: &str, backend: Backend, dice: &mut Dice) {
    let is_numbered = table.columns.values().any(|column| column.auto_increment.is_some());
    let keys: [&[&str]; 3] = [&["id"], &["id", "k"], &["k", "id"]];
    let key = dice.one_of(&keys);
    if key.len() > 1 && (!is_numbered || backend == Backend::Postgres) {
        table.primary_key = Some(PrimaryKey::new(key.iter().copied()));
        // The unique would be over the same columns.
        let mut unique = Unique::new(["id"]);
        unique.name = Some(format!("{stem}_one"));
        table.uniques = vec![unique];
    }
}

fn add_generated(table: &mut Table, backend: Backend, dice: &mut Dice) {
    let Some(expression) = dice.one_of(&[None, None, Some("id + 1"), Some("id * 2")]) else { return };
    // A value made from a column that counts up is refused.
    let is_numbered = table.columns["id"].auto_increment.is_some();
    let kind = dice.one_of(&[GeneratedKind::Stored, GeneratedKind::Virtual]);
    let kind = if backend == Backend::Postgres { GeneratedKind::Stored } else { kind };
    if is_numbered && matches!(backend, Backend::Mysql | Backend::Mariadb) {
        return;
    }
    let mut column = Column::new("g", INTEGER).null();
    column.generated = Some(Generated { expression: expression.into(), kind });
    table.columns.insert("g".into(), column);
}

fn add_checks(table: &mut Table, stem: &str, backend: Backend, dice: &mut Dice) {
    // Where a column counts up, neither server takes a check of it.
    let is_mysql = matches!(backend, Backend::Mysql | Backend::Mariadb);
    if (table.columns["id"].auto_increment.is_none() || !is_mysql)
        && let Some(expression) = dice.one_of(&[None, None, Some("id > 0"), Some("id > 1 AND id < 100")])
    {
        let name = Some(format!("{stem}_{}", dice.one_of(&["sane", "good"])));
        table.checks.push(Check { name, ..Check::new(expression) });
    }
    let text = table.columns.values().find(|column| matches!(column.ty, Type::Varchar { .. }));
    if let Some(text) = text.filter(|_| dice.once_in(4)) {
        let expression = format!("{} <> 'it''s not'", quoted(backend, &text.name));
        table.checks.push(Check { name: Some(format!("{stem}_text")), ..Check::new(expression) });
    }
}

fn add_options(table: &mut Table, backend: Backend, dice: &mut Dice) {
    match backend {
        Backend::Sqlite => {
            let is_numbered = table.columns["id"].auto_increment.is_some();
            table.options.without_rowid = dice.once_in(4) && !is_numbered;
        }
        Backend::Postgres => {
            table.comment = dice.one_of(&[None, None, Some("it's".to_owned())]);
        }
        Backend::Mysql | Backend::Mariadb => {
            table.comment = dice.one_of(&[None, None, Some("it's".to_owned())]);
            table.options.collation = dice.maybe(4, "utf8mb4_bin".to_owned());
        }
    }
}
