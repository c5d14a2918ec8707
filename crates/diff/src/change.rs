//! What can change between two schemas.
//!
//! A change is a value: it carries everything that it makes or takes away, so that it can be undone, applied to a
//! [`Schema`] in memory and described, without asking anybody.

use autogen_schema::{
    Check, Column, EnumName, EnumType, ForeignKey, Index, Origin, Place, PrimaryKey, Table, TableName, TableOptions,
    Unique,
};

/// One difference, from live to desired.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words of the variants")]
pub enum Change {
    /// Make a table with its keys and indexes.
    CreateTable(Table),
    /// Take a table away, with its rows.
    DropTable(Table),
    /// Give a table another name.
    RenameTable {
        from: TableName,
        to: TableName,
    },
    /// Add a column at the end.
    AddColumn {
        table: TableName,
        column: Column,
    },
    /// Take a column away, with its values.
    DropColumn {
        table: TableName,
        column: Column,
    },
    /// Give a column another name.
    RenameColumn {
        table: TableName,
        from: String,
        to: String,
    },
    /// Change what a column is; the name stays.
    AlterColumn {
        table: TableName,
        from: Column,
        to: Column,
    },
    /// Give a table another primary key, or none.
    SetPrimaryKey {
        table: TableName,
        from: Option<PrimaryKey>,
        to: Option<PrimaryKey>,
    },
    AddIndex {
        table: TableName,
        index: Index,
    },
    DropIndex {
        table: TableName,
        index: Index,
    },
    /// Give an index another name.
    RenameIndex {
        table: TableName,
        from: Index,
        to: Index,
    },
    AddUnique {
        table: TableName,
        unique: Unique,
    },
    DropUnique {
        table: TableName,
        unique: Unique,
    },
    AddForeignKey {
        table: TableName,
        key: ForeignKey,
    },
    DropForeignKey {
        table: TableName,
        key: ForeignKey,
    },
    AddCheck {
        table: TableName,
        check: Check,
    },
    DropCheck {
        table: TableName,
        check: Check,
    },
    CreateEnum(EnumType),
    DropEnum(EnumType),
    /// Give an enum type other labels.
    AlterEnum {
        from: EnumType,
        to: EnumType,
    },
    /// Give a value of an enum another name; rows that have it follow.
    RenameEnumValue {
        of: Labelled,
        from: String,
        to: String,
    },
    /// Change the options or the comment of a table.
    SetTableOptions {
        table: TableName,
        from: TableDetails,
        to: TableDetails,
    },
}

/// Where the labels of an enum stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Labelled {
    /// At a type of its own (PostgreSQL).
    Type(EnumName),
    /// At each column (MySQL, MariaDB), or in the application alone (SQLite).
    Column {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
}

/// What [`Change::SetTableOptions`] changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDetails {
    /// The options.
    pub options: TableOptions,
    /// The comment.
    pub comment: Option<String>,
}

impl TableDetails {
    /// Those of this table.
    pub fn of(table: &Table) -> Self {
        Self { options: table.options.clone(), comment: table.comment.clone() }
    }
}

impl Change {
    /// The change that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let change = self.clone();
        match change {
            Self::CreateTable(table) => Self::DropTable(table),
            Self::DropTable(table) => Self::CreateTable(table),
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::AddColumn { table, column } => Self::DropColumn { table, column },
            Self::DropColumn { table, column } => Self::AddColumn { table, column },
            Self::RenameColumn { table, from, to } => Self::RenameColumn { table, from: to, to: from },
            Self::AlterColumn { table, from, to } => Self::AlterColumn { table, from: to, to: from },
            Self::SetPrimaryKey { table, from, to } => Self::SetPrimaryKey { table, from: to, to: from },
            Self::AddIndex { table, index } => Self::DropIndex { table, index },
            Self::DropIndex { table, index } => Self::AddIndex { table, index },
            Self::RenameIndex { table, from, to } => Self::RenameIndex { table, from: to, to: from },
            Self::AddUnique { table, unique } => Self::DropUnique { table, unique },
            Self::DropUnique { table, unique } => Self::AddUnique { table, unique },
            Self::AddForeignKey { table, key } => Self::DropForeignKey { table, key },
            Self::DropForeignKey { table, key } => Self::AddForeignKey { table, key },
            Self::AddCheck { table, check } => Self::DropCheck { table, check },
            Self::DropCheck { table, check } => Self::AddCheck { table, check },
            Self::CreateEnum(ty) => Self::DropEnum(ty),
            Self::DropEnum(ty) => Self::CreateEnum(ty),
            Self::AlterEnum { from, to } => Self::AlterEnum { from: to, to: from },
            Self::RenameEnumValue { of, from, to } => Self::RenameEnumValue { of, from: to, to: from },
            Self::SetTableOptions { table, from, to } => Self::SetTableOptions { table, from: to, to: from },
        }
    }

    /// The kind, as the JSON report names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CreateTable(_) => "create_table",
            Self::DropTable(_) => "drop_table",
            Self::RenameTable { .. } => "rename_table",
            Self::AddColumn { .. } => "add_column",
            Self::DropColumn { .. } => "drop_column",
            Self::RenameColumn { .. } => "rename_column",
            Self::AlterColumn { .. } => "alter_column",
            Self::SetPrimaryKey { .. } => "set_primary_key",
            Self::AddIndex { .. } => "add_index",
            Self::DropIndex { .. } => "drop_index",
            Self::RenameIndex { .. } => "rename_index",
            Self::AddUnique { .. } => "add_unique",
            Self::DropUnique { .. } => "drop_unique",
            Self::AddForeignKey { .. } => "add_foreign_key",
            Self::DropForeignKey { .. } => "drop_foreign_key",
            Self::AddCheck { .. } => "add_check",
            Self::DropCheck { .. } => "drop_check",
            Self::CreateEnum(_) => "create_enum",
            Self::DropEnum(_) => "drop_enum",
            Self::AlterEnum { .. } => "alter_enum",
            Self::RenameEnumValue { .. } => "rename_enum_value",
            Self::SetTableOptions { .. } => "set_table_options",
        }
    }

    /// The table it is about, by the name it has after the change; `None` for an enum type.
    pub fn table(&self) -> Option<&TableName> {
        match self {
            Self::CreateTable(table) | Self::DropTable(table) => Some(&table.name),
            Self::RenameTable { to, .. } => Some(to),
            Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::SetPrimaryKey { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddUnique { table, .. }
            | Self::DropUnique { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::DropForeignKey { table, .. }
            | Self::AddCheck { table, .. }
            | Self::DropCheck { table, .. }
            | Self::SetTableOptions { table, .. }
            | Self::RenameEnumValue { of: Labelled::Column { table, .. }, .. } => Some(table),
            Self::CreateEnum(_)
            | Self::DropEnum(_)
            | Self::AlterEnum { .. }
            | Self::RenameEnumValue { of: Labelled::Type(_), .. } => None,
        }
    }

    /// The name of the column, index, constraint or type it is about.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::CreateTable(_) | Self::DropTable(_) | Self::RenameTable { .. } | Self::SetTableOptions { .. } => None,
            Self::AddColumn { column, .. } | Self::DropColumn { column, .. } => Some(&column.name),
            Self::RenameColumn { to, .. } => Some(to),
            Self::AlterColumn { to, .. } => Some(&to.name),
            Self::SetPrimaryKey { from, to, .. } => to.as_ref().or(from.as_ref()).and_then(|key| key.name.as_deref()),
            Self::AddIndex { index, .. } | Self::DropIndex { index, .. } => Some(&index.name),
            Self::RenameIndex { to, .. } => Some(&to.name),
            Self::AddUnique { unique, .. } | Self::DropUnique { unique, .. } => unique.name.as_deref(),
            Self::AddForeignKey { key, .. } | Self::DropForeignKey { key, .. } => key.name.as_deref(),
            Self::AddCheck { check, .. } | Self::DropCheck { check, .. } => check.name.as_deref(),
            Self::CreateEnum(ty) | Self::DropEnum(ty) => Some(&ty.name.name),
            Self::AlterEnum { to, .. } => Some(&to.name.name),
            Self::RenameEnumValue { of: Labelled::Type(ty), .. } => Some(&ty.name),
            Self::RenameEnumValue { of: Labelled::Column { column, .. }, .. } => Some(column),
        }
    }

    /// The line of the entity that asks for it, where one does.
    pub fn place(&self) -> Option<&Place> {
        self.origin().and_then(Origin::place)
    }

    fn origin(&self) -> Option<&Origin> {
        match self {
            Self::CreateTable(table) => Some(&table.origin),
            Self::AddColumn { column, .. } => Some(&column.origin),
            Self::AlterColumn { to, .. } => Some(&to.origin),
            Self::SetPrimaryKey { to, .. } => to.as_ref().map(|key| &key.origin),
            Self::AddIndex { index, .. } => Some(&index.origin),
            Self::RenameIndex { to, .. } => Some(&to.origin),
            Self::AddUnique { unique, .. } => Some(&unique.origin),
            Self::AddForeignKey { key, .. } => Some(&key.origin),
            Self::AddCheck { check, .. } => Some(&check.origin),
            Self::CreateEnum(ty) => Some(&ty.origin),
            Self::AlterEnum { to, .. } => Some(&to.origin),
            Self::DropTable(_)
            | Self::RenameTable { .. }
            | Self::DropColumn { .. }
            | Self::RenameColumn { .. }
            | Self::DropIndex { .. }
            | Self::DropUnique { .. }
            | Self::DropForeignKey { .. }
            | Self::DropCheck { .. }
            | Self::DropEnum(_)
            | Self::RenameEnumValue { .. }
            | Self::SetTableOptions { .. } => None,
        }
    }
}
