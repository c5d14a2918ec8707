//! Random tables, with what each database can say.

use autogen_schema::{
    AutoIncrement, Backend, Check, Column, DefaultValue, Deferrable, EnumName, EnumType, ForeignKey, Generated,
    GeneratedKind, Identity, IdentityMode, Index, IndexKey, IndexPart, IntegerWidth, MatchType, NullsOrder, PrimaryKey,
    ReferentialAction, SortOrder, Table, TableName, Type, Unique,
};

use crate::dice::Dice;

/// The names of the tables that there may be.
pub(crate) const TABLES: [&str; 5] = ["a", "b", "c", "d", "e"];
/// The columns that there may be beside `id` and `k`.
const COLUMNS: [&str; 4] = ["p", "q", "r", "s"];
const INTEGER: Type = Type::integer(IntegerWidth::Regular);

/// An enum type, its labels in any order.
pub(crate) fn any_enum(dice: &mut Dice<'_>) -> Option<EnumType> {
    let labels = any_labels(dice);
    dice.once_in(2).then(|| EnumType {
        name: EnumName::bare("mood"),
        labels,
        comment: None,
        origin: autogen_schema::Origin::default(),
    })
}

fn any_labels(dice: &mut Dice<'_>) -> Vec<String> {
    let labels: [&[&str]; 6] = [&["x", "y"], &["x", "y", "z"], &["x", "n", "y"], &["y", "x"], &["x", "it's"], &["x"]];
    dice.one_of(&labels).iter().map(|label| (*label).to_owned()).collect()
}

/// A table with a numbered or plain key `id`.
pub(crate) fn any_table(backend: Backend, name: &str, labels: Option<&EnumName>, dice: &mut Dice<'_>) -> Option<Table> {
    if !dice.once_in(2) && name != "a" {
        return None;
    }
    let mut table = Table::new(TableName::bare(name)).with_column(any_key_column(backend, name, dice));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    let wide = dice.once_in(3);
    if wide {
        table.columns.insert("k".into(), Column::new("k", INTEGER));
        let mut unique = Unique::new(["id", "k"]);
        unique.name = Some(format!("{name}_wide"));
        table.uniques.push(unique);
    }
    for column in COLUMNS {
        if dice.once_in(2) {
            let column = any_column(backend, column, labels, dice);
            table.columns.insert(column.name.clone(), column);
        }
    }
    add_key(&mut table, wide, backend, dice);
    add_generated(&mut table, backend, dice);
    add_checks(&mut table, backend, dice);
    add_indexes(&mut table, backend, dice);
    add_foreign_keys(&mut table, backend, dice);
    add_options(&mut table, backend, dice);
    Some(table)
}

fn any_key_column(backend: Backend, table: &str, dice: &mut Dice<'_>) -> Column {
    let mut column = Column::new("id", INTEGER);
    column.auto_increment = match backend {
        Backend::Postgres => {
            let max = i64::from(i32::MAX);
            let plain =
                Identity { mode: IdentityMode::ByDefault, start: 1, increment: 1, min: 1, max, cache: 1, cycle: false };
            let odd = Identity { mode: IdentityMode::Always, start: 5, increment: 2, ..plain.clone() };
            let sequence = format!("public.{table}_id_seq");
            dice.one_of(&[
                None,
                Some(AutoIncrement::Identity(plain)),
                Some(AutoIncrement::Identity(odd)),
                Some(AutoIncrement::Serial { sequence }),
            ])
        }
        Backend::Sqlite | Backend::Mysql | Backend::Mariadb => dice.one_of(&[None, Some(AutoIncrement::Keyword)]),
    };
    column
}

fn any_column(backend: Backend, name: &str, labels: Option<&EnumName>, dice: &mut Dice<'_>) -> Column {
    let mut types = vec![
        INTEGER,
        Type::integer(IntegerWidth::Big),
        Type::Boolean,
        Type::varchar(20),
        Type::varchar(40),
        Type::text(),
        Type::Double,
        Type::DateTime { precision: None },
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
        column.comment = dice.one_of(&[None, None, None, Some("it's \"one\"".to_owned()), Some("other".to_owned())]);
    }
    column
}

fn any_default(ty: &Type, dice: &mut Dice<'_>) -> Option<DefaultValue> {
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
fn add_key(table: &mut Table, wide: bool, backend: Backend, dice: &mut Dice<'_>) {
    let is_numbered = table.columns.values().any(|column| column.auto_increment.is_some());
    let keys: [&[&str]; 3] = [&["id"], &["id", "k"], &["k", "id"]];
    if wide && (!is_numbered || backend == Backend::Postgres) {
        let key = dice.one_of(&keys);
        table.primary_key = Some(PrimaryKey::new(key.iter().copied()));
        if key.len() > 1 {
            // The unique would be over the same columns.
            table.uniques.clear();
            let mut unique = Unique::new(["id"]);
            unique.name = Some(format!("{}_one", table.name.name));
            table.uniques.push(unique);
        }
    }
}

fn add_generated(table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
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

fn add_checks(table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
    let numbered = table.columns["id"].auto_increment.is_some();
    let is_mysql = matches!(backend, Backend::Mysql | Backend::Mariadb);
    if let Some(expression) = dice.one_of(&[None, None, Some("id > 0"), Some("id > 1 AND id < 100")])
        && !(numbered && is_mysql)
    {
        let name = Some(format!("{}_{}", table.name.name, dice.one_of(&["sane", "good"])));
        table.checks.push(Check { name, ..Check::new(expression) });
    }
}

fn add_indexes(table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
    let name = table.name.name.clone();
    let is_array = |ty: &Type| matches!(ty, Type::Array { .. });
    let columns: Vec<Column> = table.columns.values().skip(1).cloned().collect();
    let plain: Vec<&Column> =
        columns.iter().filter(|column| column.ty != Type::text() && !is_array(&column.ty)).collect();
    if let Some(first) = plain.first() {
        if dice.once_in(2) {
            let index = Index::new(dice.one_of(&["i", "j"]).to_owned() + &name, [&first.name]);
            table.indexes.push(any_options(index, backend, dice));
        }
        if dice.once_in(3) && first.generated.is_none() {
            let names = plain.iter().take(2).map(|column| &column.name);
            table.indexes.push(Index::new(format!("uq_{name}"), names).unique());
        }
    }
    let text = columns.iter().find(|column| matches!(column.ty, Type::Varchar { .. } | Type::Text { .. }));
    if let Some(text) = text
        && dice.once_in(3)
    {
        table.indexes.push(index_on_text(format!("t{name}"), text, backend, dice));
    }
    if backend == Backend::Postgres && dice.once_in(4) && table.columns.contains_key("p") {
        let mut unique = Unique::new(["p", "id"]);
        unique.name = Some(format!("odd_{name}"));
        unique.nulls_not_distinct = dice.once_in(2);
        unique.deferrable = dice.one_of(&[None, Some(Deferrable::InitiallyDeferred)]);
        if table.columns.contains_key("q") {
            unique.include = dice.one_of(&[vec![], vec!["q".to_owned()]]);
        }
        table.uniques.push(unique);
    }
}

fn any_options(mut index: Index, backend: Backend, dice: &mut Dice<'_>) -> Index {
    if dice.once_in(2) {
        index.parts[0].order = SortOrder::Descending;
    }
    match backend {
        Backend::Postgres => {
            index.parts[0].nulls = match index.parts[0].order {
                SortOrder::Ascending => dice.maybe(4, NullsOrder::First),
                SortOrder::Descending => dice.maybe(4, NullsOrder::Last),
            };
            index.predicate = dice.one_of(&[None, None, Some("id > 3".to_owned()), Some("id > 4".to_owned())]);
            index.include = dice.one_of(&[vec![], vec![], vec!["id".to_owned()]]);
            index.comment = dice.maybe(4, "why".to_owned());
        }
        Backend::Sqlite => {
            index.predicate = dice.one_of(&[None, None, Some("id > 3".to_owned()), Some("id > 4".to_owned())]);
        }
        Backend::Mysql => {
            index.comment = dice.maybe(4, "why".to_owned());
            index.invisible = dice.once_in(4);
        }
        Backend::Mariadb => index.comment = dice.maybe(4, "why".to_owned()),
    }
    index
}

fn index_on_text(name: String, column: &Column, backend: Backend, dice: &mut Dice<'_>) -> Index {
    let mut index = Index::new(name, [&column.name]);
    match backend {
        Backend::Postgres => {
            if dice.once_in(2) {
                index.parts[0].key = IndexKey::Expression(format!("lower({})", column.name));
            } else {
                index.parts[0].operator_class = Some(
                    if matches!(column.ty, Type::Text { .. }) { "text_pattern_ops" } else { "varchar_pattern_ops" }
                        .into(),
                );
            }
        }
        Backend::Sqlite => {
            let collation = Some("NOCASE".to_owned());
            let key = IndexKey::Expression(format!("lower({})", column.name));
            if dice.once_in(2) {
                index.parts = vec![IndexPart { key, ..index.parts[0].clone() }];
            } else if column.collation.is_none() {
                index.parts[0].collation = collation;
            }
        }
        Backend::Mysql | Backend::Mariadb => {
            if dice.once_in(2) {
                index.parts[0].prefix = Some(dice.one_of(&[5, 8]));
            } else {
                index.method = Some("fulltext".into());
            }
        }
    }
    index
}

fn add_foreign_keys(table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
    let name = table.name.name.clone();
    let free: Vec<String> =
        COLUMNS.iter().filter(|name| table.columns.contains_key(**name)).map(ToString::to_string).collect();
    for column in free.iter().take(2) {
        let target = dice.one_of(&TABLES);
        if !dice.once_in(2) {
            continue;
        }
        let mut key = ForeignKey::new([column], TableName::bare(target), ["id"]);
        key.name = Some(format!("fk_{name}_{column}"));
        make_number(table, column);
        finish_key(key, table, backend, dice);
    }
    if let [.., one, other] = free.as_slice()
        && free.len() > 3
        && dice.once_in(2)
    {
        let mut key = ForeignKey::new([one, other], TableName::bare(dice.one_of(&TABLES)), ["id", "k"]);
        key.name = Some(format!("fk_{name}_wide"));
        make_number(table, one);
        make_number(table, other);
        if backend == Backend::Postgres {
            key.match_type = dice.maybe(2, MatchType::Full);
        }
        finish_key(key, table, backend, dice);
    }
}

/// A key and its target have one type on every database but SQLite, and what was over the column may not suit a number.
fn make_number(table: &mut Table, name: &str) {
    let column = &mut table.columns[name];
    if column.ty != INTEGER {
        *column = Column { nullable: column.nullable, ..Column::new(name, INTEGER) };
        table.indexes.retain(|index| {
            !index.parts.iter().any(|part| match &part.key {
                IndexKey::Column(over) => over == name,
                IndexKey::Expression(sql) => sql.contains(&format!("({name})")),
            })
        });
    }
}

fn finish_key(mut key: ForeignKey, table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
    use ReferentialAction::{Cascade, NoAction, SetNull};
    let nullable = key.columns.iter().all(|name| table.columns[name].nullable);
    let actions: &[ReferentialAction] = if nullable { &[NoAction, Cascade, SetNull] } else { &[NoAction, Cascade] };
    key.on_delete = Some(dice.one_of(actions));
    key.on_update = Some(dice.one_of(&[NoAction, Cascade]));
    if matches!(backend, Backend::Postgres | Backend::Sqlite) {
        key.deferrable = dice.one_of(&[None, None, Some(Deferrable::InitiallyDeferred)]);
    }
    table.foreign_keys.push(key);
}

fn add_options(table: &mut Table, backend: Backend, dice: &mut Dice<'_>) {
    match backend {
        Backend::Sqlite => {
            let is_numbered = table.columns["id"].auto_increment.is_some();
            table.options.without_rowid = dice.once_in(4) && !is_numbered;
        }
        Backend::Postgres => table.comment = dice.one_of(&[None, None, Some("it's".to_owned())]),
        Backend::Mysql | Backend::Mariadb => {
            table.comment = dice.one_of(&[None, None, Some("it's".to_owned())]);
            table.options.collation = dice.maybe(4, "utf8mb4_bin".to_owned());
        }
    }
}
