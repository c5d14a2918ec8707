//! What a change does to a schema in memory.

use std::collections::BTreeMap;

use autogen_schema::{Column, DefaultValue, EnumName, IndexKey, Schema, Table, TableName, Type};

use crate::identifiers::renamed;
use crate::{Change, Labelled};

/// A change that does not fit the schema it is applied to: our own bug, or a schema that is not the one it was made for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot {change}: {reason}")]
pub struct Misfit {
    change: String,
    reason: String,
}

impl Change {
    /// Changes `schema` as the database would.
    ///
    /// # Errors
    ///
    /// Where what the change speaks of is not there, or what it makes is there already. `schema` is then unchanged or
    /// partly changed; throw it away.
    pub fn apply(&self, schema: &mut Schema) -> Result<(), Misfit> {
        let misfit = |reason: String| Misfit { change: self.describe(), reason };
        match self {
            Self::CreateTable(table) => {
                if schema.tables.contains_key(&table.name) {
                    return Err(misfit(format!("{} exists", table.name)));
                }
                schema.insert(table.clone());
            }
            Self::DropTable(table) => {
                schema.tables.remove(&table.name).ok_or_else(|| misfit(format!("{} does not exist", table.name)))?;
            }
            Self::RenameTable { from, to } => rename_table(schema, from, to).map_err(misfit)?,
            Self::AddColumn { table, column } => {
                let table = table_mut(schema, table).map_err(misfit)?;
                if table.columns.insert(column.name.clone(), column.clone()).is_some() {
                    return Err(misfit(format!("{} has it already", table.name)));
                }
            }
            Self::DropColumn { table, column } => {
                let table = table_mut(schema, table).map_err(misfit)?;
                let gone = table.columns.shift_remove(&column.name);
                gone.ok_or_else(|| misfit(format!("{} has no such column", table.name)))?;
            }
            Self::RenameColumn { table, from, to } => rename_column(schema, table, from, to).map_err(misfit)?,
            Self::AlterColumn { table, from, to } => {
                let column = table_mut(schema, table).map_err(misfit)?.columns.get_mut(&from.name);
                match column {
                    Some(column) if column == from => *column = to.clone(),
                    Some(_) => return Err(misfit("the column is not what the change was made for".into())),
                    None => return Err(misfit("there is no such column".into())),
                }
            }
            Self::SetPrimaryKey { table, from, to } => {
                let table = table_mut(schema, table).map_err(misfit)?;
                if table.primary_key != *from {
                    return Err(misfit("the key is not what the change was made for".into()));
                }
                table.primary_key.clone_from(to);
            }
            Self::AddIndex { table, index } => {
                add(&mut table_mut(schema, table).map_err(misfit)?.indexes, index).map_err(misfit)?;
            }
            Self::DropIndex { table, index } => {
                remove(&mut table_mut(schema, table).map_err(misfit)?.indexes, index).map_err(misfit)?;
            }
            Self::RenameIndex { table, from, to } => {
                let indexes = &mut table_mut(schema, table).map_err(misfit)?.indexes;
                remove(indexes, from).map_err(misfit)?;
                add(indexes, to).map_err(misfit)?;
            }
            Self::AddUnique { table, unique } => {
                add(&mut table_mut(schema, table).map_err(misfit)?.uniques, unique).map_err(misfit)?;
            }
            Self::DropUnique { table, unique } => {
                remove(&mut table_mut(schema, table).map_err(misfit)?.uniques, unique).map_err(misfit)?;
            }
            Self::AddForeignKey { table, key } => {
                add(&mut table_mut(schema, table).map_err(misfit)?.foreign_keys, key).map_err(misfit)?;
            }
            Self::DropForeignKey { table, key } => {
                remove(&mut table_mut(schema, table).map_err(misfit)?.foreign_keys, key).map_err(misfit)?;
            }
            Self::AddCheck { table, check } => {
                add(&mut table_mut(schema, table).map_err(misfit)?.checks, check).map_err(misfit)?;
            }
            Self::DropCheck { table, check } => {
                remove(&mut table_mut(schema, table).map_err(misfit)?.checks, check).map_err(misfit)?;
            }
            Self::CreateEnum(ty) => {
                if schema.enums.insert(ty.name.clone(), ty.clone()).is_some() {
                    return Err(misfit("it exists".into()));
                }
            }
            Self::DropEnum(ty) => {
                schema.enums.remove(&ty.name).ok_or_else(|| misfit("it does not exist".into()))?;
            }
            Self::AlterEnum { from, to } => match schema.enums.get_mut(&from.name) {
                Some(ty) if ty == from => *ty = to.clone(),
                _ => return Err(misfit("the type is not what the change was made for".into())),
            },
            Self::RenameEnumValue { of: Labelled::Type(ty), from, to } => {
                rename_value(schema, ty, from, to).map_err(misfit)?;
            }
            Self::RenameEnumValue { of: Labelled::Column { table, column }, from, to } => {
                let column = table_mut(schema, table).map_err(misfit)?.columns.get_mut(column);
                let column = column.ok_or_else(|| misfit("there is no such column".into()))?;
                rename_value_of(column, from, to).map_err(misfit)?;
            }
            Self::SetTableOptions { table, to, .. } => {
                let table = table_mut(schema, table).map_err(misfit)?;
                table.options = to.options.clone();
                table.comment.clone_from(&to.comment);
            }
        }
        Ok(())
    }
}

fn table_mut<'s>(schema: &'s mut Schema, name: &TableName) -> Result<&'s mut Table, String> {
    schema.tables.get_mut(name).ok_or_else(|| format!("there is no table {name}"))
}

fn add<T: Clone + PartialEq>(list: &mut Vec<T>, item: &T) -> Result<(), String> {
    if list.contains(item) {
        return Err("it is there already".into());
    }
    list.push(item.clone());
    Ok(())
}

fn remove<T: PartialEq>(list: &mut Vec<T>, item: &T) -> Result<(), String> {
    let at = list.iter().position(|other| other == item).ok_or("it is not there")?;
    list.remove(at);
    Ok(())
}

/// Defaults follow: the server keeps them by the value, not by its name.
fn rename_value(schema: &mut Schema, name: &EnumName, from: &str, to: &str) -> Result<(), String> {
    let ty = schema.enums.get_mut(name).ok_or_else(|| format!("there is no type {name}"))?;
    rename_label(&mut ty.labels, from, to)?;
    for column in schema.tables.values_mut().flat_map(|table| table.columns.values_mut()) {
        if matches!(&column.ty, Type::Enum { name: Some(used), .. } if used == name) {
            rename_default(column, from, to);
        }
    }
    Ok(())
}

/// Where the labels are the application's alone, there is nothing to rename but rows.
fn rename_value_of(column: &mut Column, from: &str, to: &str) -> Result<(), String> {
    if let Type::Enum { labels, .. } = &mut column.ty {
        rename_label(labels, from, to)?;
        rename_default(column, from, to);
    }
    Ok(())
}

fn rename_label(labels: &mut [String], from: &str, to: &str) -> Result<(), String> {
    if labels.iter().any(|label| label == to) {
        return Err(format!("it has the value {to}"));
    }
    let label = labels.iter_mut().find(|label| *label == from).ok_or_else(|| format!("there is no value {from}"))?;
    to.clone_into(label);
    Ok(())
}

fn rename_default(column: &mut Column, from: &str, to: &str) {
    if let Some(DefaultValue::Text(label)) = &mut column.default
        && label == from
    {
        to.clone_into(label);
    }
}

fn rename_table(schema: &mut Schema, from: &TableName, to: &TableName) -> Result<(), String> {
    if schema.tables.contains_key(to) {
        return Err(format!("{to} exists"));
    }
    let mut table = schema.tables.remove(from).ok_or_else(|| format!("{from} does not exist"))?;
    table.name = to.clone();
    schema.insert(table);
    for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.references == *from {
            key.references = to.clone();
        }
    }
    Ok(())
}

fn rename_column(schema: &mut Schema, name: &TableName, from: &str, to: &str) -> Result<(), String> {
    let table = table_mut(schema, name)?;
    if table.columns.contains_key(to) {
        return Err(format!("{to} exists"));
    }
    let at = table.columns.get_index_of(from).ok_or_else(|| format!("{from} does not exist"))?;
    let (_, mut column) = table.columns.shift_remove_index(at).ok_or("the column was just found")?;
    column.name = to.to_owned();
    table.columns.shift_insert(at, to.to_owned(), column);
    rename_in_table(table, from, to);
    for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.references == *name {
            rename_in(&mut key.referenced_columns, from, to);
        }
    }
    Ok(())
}

/// Follows a renamed column through keys, indexes and the expressions of its table.
fn rename_in_table(table: &mut Table, from: &str, to: &str) {
    if let Some(key) = &mut table.primary_key {
        rename_in(&mut key.columns, from, to);
        rename_in_options(&mut key.column_options, from, to);
    }
    for unique in &mut table.uniques {
        rename_in(&mut unique.columns, from, to);
        rename_in_options(&mut unique.column_options, from, to);
        rename_in(&mut unique.include, from, to);
    }
    for key in &mut table.foreign_keys {
        rename_in(&mut key.columns, from, to);
        rename_in(&mut key.on_delete_columns, from, to);
    }
    for index in &mut table.indexes {
        rename_in(&mut index.include, from, to);
        for part in &mut index.parts {
            match &mut part.key {
                IndexKey::Column(name) if name == from => to.clone_into(name),
                IndexKey::Column(_) => {}
                IndexKey::Expression(sql) => *sql = renamed(sql, from, to),
            }
        }
        if let Some(sql) = &mut index.predicate {
            *sql = renamed(sql, from, to);
        }
    }
    for generated in table.columns.values_mut().filter_map(|column| column.generated.as_mut()) {
        generated.expression = renamed(&generated.expression, from, to);
    }
    for check in &mut table.checks {
        check.expression = renamed(&check.expression, from, to);
        if check.column.as_deref() == Some(from) {
            check.column = Some(to.to_owned());
        }
    }
}

fn rename_in_options(options: &mut BTreeMap<String, String>, from: &str, to: &str) {
    if let Some(words) = options.remove(from) {
        options.insert(to.to_owned(), words);
    }
}

fn rename_in(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| *name == from) {
        to.clone_into(name);
    }
}
