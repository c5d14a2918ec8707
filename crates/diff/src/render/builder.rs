//! Statements in SeaQuery's words, where it says them exactly.

use autogen_schema::{
    ForeignKey, Index as SchemaIndex, IndexKey, ReferentialAction, SortOrder, Table as SchemaTable, TableName, Unique,
};
use sea_query::{
    Alias, ColumnDef, ForeignKey as QueryKey, ForeignKeyAction, ForeignKeyCreateStatement, Index as QueryIndex,
    IndexCreateStatement, IndexOrder, SchemaStatementBuilder, Table, TableCreateStatement, TableRef,
};

use super::chain::Chain;
use super::columns::{column, default, is_sayable};
use super::literal::string;
use super::types::typed;
use super::{Form, Tongue};
use crate::dialect::built_sql;
use crate::statement::Statement;

/// The form in SeaQuery's words; `None` where it has none, or other ones than were meant.
pub(super) fn build(tongue: Tongue<'_>, statement: &Statement) -> Option<Form> {
    match statement {
        Statement::CreateTable(table) => create_table(tongue, table),
        Statement::DropTable(name) => {
            let chain = Chain::new(Table::drop(), "Table::drop()")
                .call(format!("table({})", tongue.table(name)), |s| _ = s.table(table_ref(name)));
            Some(finish(tongue, "drop_table", chain))
        }
        Statement::RenameTable { from, to } if from.schema.is_none() && to.schema.is_none() => {
            let call = format!("table({}, {})", tongue.table(from), tongue.table(to));
            let chain = Chain::new(Table::rename(), "Table::rename()")
                .call(call, |s| _ = s.table(table_ref(from), table_ref(to)));
            Some(finish(tongue, "rename_table", chain))
        }
        Statement::AddColumn { table, column: added } if is_sayable(tongue, added) => {
            let (definition, source) = column(tongue, added, false).finish();
            alter(tongue, table, format!("add_column({source})"), |s| _ = s.add_column(definition))
        }
        Statement::ModifyColumn { table, column: changed } if is_sayable(tongue, changed) => {
            let (definition, source) = column(tongue, changed, false).finish();
            alter(tongue, table, format!("modify_column({source})"), |s| _ = s.modify_column(definition))
        }
        Statement::DropColumn { table, name } => {
            alter(tongue, table, format!("drop_column({})", tongue.name(name)), |s| _ = s.drop_column(Alias::new(name)))
        }
        Statement::RenameColumn { table, from, to } => {
            let call = format!("rename_column({}, {})", tongue.name(from), tongue.name(to));
            alter(tongue, table, call, |s| _ = s.rename_column(Alias::new(from), Alias::new(to)))
        }
        Statement::SetType { table, column, ty } => modify(tongue, table, typed(tongue, named(tongue, column), ty)),
        Statement::SetNullable { table, column, nullable: true } => {
            modify(tongue, table, named(tongue, column).call("null()", |c| _ = c.null()))
        }
        Statement::SetNullable { table, column, nullable: false } => {
            modify(tongue, table, named(tongue, column).call("not_null()", |c| _ = c.not_null()))
        }
        Statement::SetDefault { table, column, default: value } if tongue.says_default(value) => {
            modify(tongue, table, default(named(tongue, column), value))
        }
        Statement::CreateIndex { table, index } if is_plain_index(tongue, table, index) => {
            Some(finish(tongue, "create_index", index_chain(tongue, table, index)))
        }
        Statement::DropIndex { table, name } if says_name(name) && says_qualified(tongue, table) => {
            let chain = Chain::new(QueryIndex::drop(), "Index::drop()")
                .call(format!("name({})", string(name)), |s| _ = s.name(name))
                .call(format!("table({})", tongue.table(table)), |s| _ = s.table(table_ref(table)));
            Some(finish(tongue, "drop_index", chain))
        }
        Statement::AddForeignKey { table, key } if is_plain_key(tongue, table, key) => {
            Some(finish(tongue, "create_foreign_key", key_chain(tongue, table, key)))
        }
        Statement::DropForeignKey { table, name } if says_name(name) => {
            let chain = Chain::new(QueryKey::drop(), "ForeignKey::drop()")
                .call(format!("name({})", string(name)), |s| _ = s.name(name))
                .call(format!("table({})", tongue.table(table)), |s| _ = s.table(table_ref(table)));
            Some(finish(tongue, "drop_foreign_key", chain))
        }
        Statement::RenameTable { .. }
        | Statement::AddColumn { .. }
        | Statement::ModifyColumn { .. }
        | Statement::SetDefault { .. }
        | Statement::DropDefault { .. }
        | Statement::CreateIndex { .. }
        | Statement::DropIndex { .. }
        | Statement::AddForeignKey { .. }
        | Statement::DropForeignKey { .. }
        | Statement::CreateEnum(_)
        | Statement::DropEnum(_)
        | Statement::Raw(_)
        | Statement::Rebuild(_) => None,
    }
}

/// The call on the manager and its SQL.
fn finish<S: SchemaStatementBuilder>(tongue: Tongue<'_>, method: &str, chain: Chain<S>) -> Form {
    let (statement, source) = chain.finish();
    let sql = built_sql(tongue.dialect.backend(), &statement);
    Form::Builder { call: format!("{method}({source}.to_owned())"), sql }
}

fn alter(
    tongue: Tongue<'_>,
    table: &TableName,
    call: String,
    act: impl FnOnce(&mut sea_query::TableAlterStatement),
) -> Option<Form> {
    let chain = Chain::new(Table::alter(), "Table::alter()")
        .call(format!("table({})", tongue.table(table)), |s| _ = s.table(table_ref(table)))
        .call(call, act);
    Some(finish(tongue, "alter_table", chain))
}

fn modify(tongue: Tongue<'_>, table: &TableName, column: Chain<ColumnDef>) -> Option<Form> {
    let (definition, source) = column.finish();
    alter(tongue, table, format!("modify_column({source})"), |s| _ = s.modify_column(definition))
}

fn named(tongue: Tongue<'_>, column: &str) -> Chain<ColumnDef> {
    Chain::new(ColumnDef::new(Alias::new(column)), format!("ColumnDef::new({})", tongue.name(column)))
}

fn table_ref(name: &TableName) -> TableRef {
    use sea_query::IntoTableRef;
    match &name.schema {
        Some(schema) => (Alias::new(schema), Alias::new(&name.name)).into_table_ref(),
        None => Alias::new(&name.name).into_table_ref(),
    }
}

/// SeaQuery quotes the names of indexes and constraints, and does not escape what is in them.
fn says_name(name: &str) -> bool {
    !name.contains(['"', '`', '\\'])
}

fn says_qualified(tongue: Tongue<'_>, table: &TableName) -> bool {
    table.schema.is_none() || tongue.dialect.words().qualified_names
}

fn create_table(tongue: Tongue<'_>, table: &SchemaTable) -> Option<Form> {
    if !is_plain_table(tongue, table) {
        return None;
    }
    let mut chain = Chain::new(Table::create(), "Table::create()")
        .call(format!("table({})", tongue.table(&table.name)), |s| _ = s.table(table_ref(&table.name)));
    let key_at_column = single_key(table);
    for part in table.columns.values() {
        let mut definition = column(tongue, part, key_at_column == Some(part.name.as_str()));
        if table.uniques.iter().any(|unique| unique_at(unique) == Some(part.name.as_str())) {
            definition = definition.call("unique_key()", |c| _ = c.unique_key());
        }
        let (value, source) = definition.finish();
        chain = chain.call(format!("col({source})"), |s: &mut TableCreateStatement| _ = s.col(value));
    }
    if let Some(key) = table.primary_key.as_ref().filter(|_| key_at_column.is_none()) {
        let mut index = Chain::new(QueryIndex::create(), "Index::create()");
        if let Some(name) = &key.name {
            index = index.call(format!("name({})", string(name)), |s| _ = s.name(name));
        }
        for name in &key.columns {
            index = index.call(format!("col({})", tongue.name(name)), |s| _ = s.col(Alias::new(name)));
        }
        let (mut value, source) = index.finish();
        chain = chain.call(format!("primary_key({source})"), |s| _ = s.primary_key(&mut value));
    }
    for unique in table.uniques.iter().filter(|unique| unique_at(unique).is_none()) {
        let mut index = Chain::new(QueryIndex::create(), "Index::create()").call("unique()", |s| _ = s.unique());
        if let Some(name) = &unique.name {
            index = index.call(format!("name({})", string(name)), |s| _ = s.name(name));
        }
        for name in &unique.columns {
            index = index.call(format!("col({})", tongue.name(name)), |s| _ = s.col(Alias::new(name)));
        }
        let (mut value, source) = index.finish();
        chain = chain.call(format!("index({source})"), |s| _ = s.index(&mut value));
    }
    for key in &table.foreign_keys {
        let (mut value, source) = key_chain(tongue, &table.name, key).finish();
        chain = chain.call(format!("foreign_key({source})"), |s| _ = s.foreign_key(&mut value));
    }
    Some(finish(tongue, "create_table", chain))
}

/// The column of a key that says itself at the column: it is alone and has no name of its own.
fn single_key(table: &SchemaTable) -> Option<&str> {
    let key = table.primary_key.as_ref()?;
    let [column] = key.columns.as_slice() else { return None };
    key.name.is_none().then_some(column)
}

/// The column of a unique that says itself at the column, likewise.
fn unique_at(unique: &Unique) -> Option<&str> {
    let [column] = unique.columns.as_slice() else { return None };
    unique.name.is_none().then_some(column)
}

fn is_plain_table(tongue: Tongue<'_>, table: &SchemaTable) -> bool {
    let plain_unique = |unique: &Unique| {
        unique.include.is_empty()
            && !unique.nulls_not_distinct
            && unique.deferrable.is_none()
            && unique.extra.is_empty()
            && unique.column_options.is_empty()
            && unique.name.as_deref().is_none_or(says_name)
    };
    let numbered = table.columns.values().any(|column| column.auto_increment.is_some());
    let key = table.primary_key.as_ref().is_none_or(|key| {
        key.extra.is_empty()
            && key.column_options.is_empty()
            && key.name.as_deref().is_none_or(says_name)
            && (tongue.dialect.words().numbers_anywhere || !numbered || single_key(table).is_some())
    });
    key && table.columns.values().all(|column| is_sayable(tongue, column))
        && table.uniques.iter().all(plain_unique)
        && table.foreign_keys.iter().all(|key| is_plain_inline_key(tongue, &table.name, key))
        && table.checks.is_empty()
        && table.indexes.is_empty()
        && table.options.is_plain()
        && (table.comment.is_none() || !tongue.dialect.words().comments_inline)
}

fn index_chain(tongue: Tongue<'_>, table: &TableName, index: &SchemaIndex) -> Chain<IndexCreateStatement> {
    let mut chain = Chain::new(QueryIndex::create(), "Index::create()")
        .call(format!("name({})", string(&index.name)), |s| _ = s.name(&index.name))
        .call(format!("table({})", tongue.table(table)), |s| _ = s.table(table_ref(table)));
    for part in &index.parts {
        let IndexKey::Column(name) = &part.key else { continue };
        chain = match part.order {
            SortOrder::Ascending => chain.call(format!("col({})", tongue.name(name)), |s| _ = s.col(Alias::new(name))),
            SortOrder::Descending => chain.call(format!("col(({}, IndexOrder::Desc))", tongue.name(name)), |s| {
                _ = s.col((Alias::new(name), IndexOrder::Desc));
            }),
        };
    }
    if index.unique {
        chain = chain.call("unique()", |s| _ = s.unique());
    }
    chain
}

fn is_plain_index(tongue: Tongue<'_>, table: &TableName, index: &SchemaIndex) -> bool {
    let plain_part = |part: &autogen_schema::IndexPart| {
        matches!(part.key, IndexKey::Column(_))
            && part.nulls.is_none()
            && part.collation.is_none()
            && part.operator_class.is_none()
            && part.prefix.is_none()
    };
    index.parts.iter().all(plain_part)
        && index.method.is_none()
        && index.predicate.is_none()
        && index.include.is_empty()
        && !index.nulls_not_distinct
        && index.options.is_empty()
        && (index.comment.is_none() || !tongue.dialect.words().comments_inline)
        && !index.invisible
        && says_name(&index.name)
        && says_qualified(tongue, table)
}

fn key_chain(tongue: Tongue<'_>, table: &TableName, key: &ForeignKey) -> Chain<ForeignKeyCreateStatement> {
    let unsaid = tongue.dialect.unsaid_action();
    let mut chain = Chain::new(QueryKey::create(), "ForeignKey::create()");
    if let Some(name) = &key.name {
        chain = chain.call(format!("name({})", string(name)), |s| _ = s.name(name));
    }
    chain = match (key.columns.as_slice(), key.referenced_columns.as_slice()) {
        ([column], [target]) => {
            let (from, to) = (tongue.table(table), tongue.table(&key.references));
            chain
                .call(format!("from({from}, {})", tongue.name(column)), |s| {
                    _ = s.from(table_ref(table), Alias::new(column));
                })
                .call(format!("to({to}, {})", tongue.name(target)), |s| {
                    _ = s.to(table_ref(&key.references), Alias::new(target));
                })
        }
        (columns, targets) => {
            chain = chain.call(format!("from_tbl({})", tongue.table(table)), |s| _ = s.from_tbl(table_ref(table)));
            for name in columns {
                chain = chain.call(format!("from_col({})", tongue.name(name)), |s| _ = s.from_col(Alias::new(name)));
            }
            let target = format!("to_tbl({})", tongue.table(&key.references));
            chain = chain.call(target, |s| _ = s.to_tbl(table_ref(&key.references)));
            for name in targets {
                chain = chain.call(format!("to_col({})", tongue.name(name)), |s| _ = s.to_col(Alias::new(name)));
            }
            chain
        }
    };
    let said = |action: Option<ReferentialAction>| action.filter(|action| Some(*action) != unsaid);
    if let Some((word, action)) = said(key.on_delete).map(foreign_key_action) {
        chain = chain.call(format!("on_delete(ForeignKeyAction::{word})"), |s| _ = s.on_delete(action));
    }
    if let Some((word, action)) = said(key.on_update).map(foreign_key_action) {
        chain = chain.call(format!("on_update(ForeignKeyAction::{word})"), |s| _ = s.on_update(action));
    }
    chain
}

fn foreign_key_action(action: ReferentialAction) -> (&'static str, ForeignKeyAction) {
    match action {
        ReferentialAction::NoAction => ("NoAction", ForeignKeyAction::NoAction),
        ReferentialAction::Restrict => ("Restrict", ForeignKeyAction::Restrict),
        ReferentialAction::Cascade => ("Cascade", ForeignKeyAction::Cascade),
        ReferentialAction::SetNull => ("SetNull", ForeignKeyAction::SetNull),
        ReferentialAction::SetDefault => ("SetDefault", ForeignKeyAction::SetDefault),
    }
}

fn is_plain_inline_key(tongue: Tongue<'_>, table: &TableName, key: &ForeignKey) -> bool {
    // SeaQuery leaves the name of an inline key out on SQLite. The name that SeaORM derives may go; one that the database
    // has must be kept, and needs SQL.
    let derived = key.origin.place().is_some()
        && key.name.as_ref().is_some_and(|name| *name == format!("fk-{}-{}", table.name, key.columns.join("-")));
    let names = tongue.dialect.words().names_of_inline_keys;
    (key.name.is_none() || derived || names)
        && says_qualified(tongue, &key.references)
        && key.on_delete_columns.is_empty()
        && key.match_type.is_none()
        && key.deferrable.is_none()
        && !key.not_valid
        && key.name.as_deref().is_none_or(says_name)
}

fn is_plain_key(tongue: Tongue<'_>, table: &TableName, key: &ForeignKey) -> bool {
    tongue.dialect.words().adding_keys && is_plain_inline_key(tongue, table, key)
}
