//! Random indexes, uniques and foreign keys.

use autogen_schema::{
    Backend, Column, Deferrable, ForeignKey, Index, IndexKey, IndexPart, MatchType, NullsOrder, ReferentialAction,
    SortOrder, Table, Type, Unique,
};

use crate::dice::Dice;
use crate::names::{Names, quoted};
use crate::tables::INTEGER;

pub(crate) fn add_indexes(table: &mut Table, name: &str, backend: Backend, dice: &mut Dice) {
    let is_array = |ty: &Type| matches!(ty, Type::Array { .. });
    let columns: Vec<Column> = table.columns.values().skip(1).cloned().collect();
    let plain: Vec<&Column> =
        columns.iter().filter(|column| !needs_prefix(&column.ty) && !is_array(&column.ty)).collect();
    if let Some(first) = plain.first() {
        if dice.once_in(2) {
            let index = Index::new(dice.one_of(&["i", "j"]).to_owned() + name, [&first.name]);
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
    if backend == Backend::Postgres
        && dice.once_in(4)
        && let Some(first) = plain.first()
    {
        let mut unique = Unique::new([first.name.as_str(), "id"]);
        unique.name = Some(format!("odd_{name}"));
        unique.nulls_not_distinct = dice.once_in(2);
        unique.deferrable = dice.one_of(&[None, Some(Deferrable::InitiallyDeferred)]);
        if let Some(second) = plain.get(1).filter(|_| dice.once_in(2)) {
            unique.include = vec![second.name.clone()];
        }
        table.uniques.push(unique);
    }
}

/// MySQL indexes these only by a prefix.
fn needs_prefix(ty: &Type) -> bool {
    matches!(ty, Type::Text { .. } | Type::Blob { .. })
}

fn any_options(mut index: Index, backend: Backend, dice: &mut Dice) -> Index {
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

fn index_on_text(name: String, column: &Column, backend: Backend, dice: &mut Dice) -> Index {
    let mut index = Index::new(name, [&column.name]);
    match backend {
        Backend::Postgres => {
            if dice.once_in(2) {
                index.parts[0].key = IndexKey::Expression(format!("lower({})", quoted(backend, &column.name)));
            } else {
                index.parts[0].operator_class = Some(
                    if matches!(column.ty, Type::Text { .. }) { "text_pattern_ops" } else { "varchar_pattern_ops" }
                        .into(),
                );
            }
        }
        Backend::Sqlite => {
            let collation = Some("NOCASE".to_owned());
            let key = IndexKey::Expression(format!("lower({})", quoted(backend, &column.name)));
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

pub(crate) fn add_foreign_keys(table: &mut Table, stem: &str, names: &Names, dice: &mut Dice) {
    let free: Vec<String> =
        names.columns.iter().filter(|name| table.columns.contains_key(**name)).map(ToString::to_string).collect();
    for (at, column) in free.iter().take(2).enumerate() {
        let target = dice.one_of(&names.tables);
        if dice.once_in(2) {
            let mut key = ForeignKey::new([column], target, ["id"]);
            key.name = Some(format!("fk_{stem}_{at}"));
            make_number(table, column, names.backend);
            finish_key(key, table, names.backend, dice);
        }
    }
    if let [.., one, other] = free.as_slice()
        && free.len() > 3
        && dice.once_in(2)
    {
        let mut key = ForeignKey::new([one, other], dice.one_of(&names.tables), ["id", "k"]);
        key.name = Some(format!("fk_{stem}_wide"));
        make_number(table, one, names.backend);
        make_number(table, other, names.backend);
        if names.backend == Backend::Postgres {
            key.match_type = dice.maybe(2, MatchType::Full);
        }
        finish_key(key, table, names.backend, dice);
    }
}

/// A key and its target have one type on every database but SQLite, and what was over the column may not suit a number.
fn make_number(table: &mut Table, name: &str, backend: Backend) {
    let column = &mut table.columns[name];
    if column.ty != INTEGER {
        *column = Column { nullable: column.nullable, ..Column::new(name, INTEGER) };
        let word = quoted(backend, name);
        table.checks.retain(|check| !check.expression.contains(&word));
        table.indexes.retain(|index| {
            !index.parts.iter().any(|part| match &part.key {
                IndexKey::Column(over) => over == name,
                IndexKey::Expression(sql) => sql.contains(&word),
            })
        });
    }
}

fn finish_key(mut key: ForeignKey, table: &mut Table, backend: Backend, dice: &mut Dice) {
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
