//! What lowering gives: statements as data. `render` turns each into SQL and into Rust source, once.

use autogen_schema::{Column, DefaultValue, EnumName, EnumType, ForeignKey, Index, Object, Table, TableName, Type};

use crate::{Change, Hazard};

/// One statement that a database can run, or a rebuild of a table.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the words of the variants")]
#[expect(clippy::large_enum_variant, reason = "there are as many of them as changes, not as rows")]
pub enum Statement {
    /// A table with its columns and constraints, without indexes.
    CreateTable(Table),
    DropTable(TableName),
    RenameTable {
        from: TableName,
        to: TableName,
    },
    AddColumn {
        table: TableName,
        column: Column,
    },
    DropColumn {
        table: TableName,
        name: String,
    },
    RenameColumn {
        table: TableName,
        from: String,
        to: String,
    },
    /// All of a column anew (MySQL, MariaDB).
    ModifyColumn {
        table: TableName,
        column: Column,
    },
    /// Another type, which the server converts to by itself (PostgreSQL).
    SetType {
        table: TableName,
        column: String,
        ty: Type,
    },
    SetNullable {
        table: TableName,
        column: String,
        nullable: bool,
    },
    SetDefault {
        table: TableName,
        column: String,
        default: DefaultValue,
    },
    DropDefault {
        table: TableName,
        column: String,
    },
    CreateIndex {
        table: TableName,
        index: Index,
    },
    DropIndex {
        table: TableName,
        name: String,
    },
    AddForeignKey {
        table: TableName,
        key: ForeignKey,
    },
    DropForeignKey {
        table: TableName,
        name: String,
    },
    CreateEnum(EnumType),
    DropEnum(EnumName),
    /// SQL that the builder has no words for.
    Raw(String),
    /// A table built anew (SQLite).
    Rebuild(Box<Rebuild>),
}

/// A table that is built anew, its rows copied, and put in the place of the old one.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuild {
    /// The table as it is.
    pub from: Table,
    /// The table as it is to be, under the same name.
    pub to: Table,
    /// The name that the new table has until it takes the old one's place; nothing else has it before or after the plan.
    pub scratch: TableName,
    /// Triggers and views that stand in the way and are put back, in the order in which they were made.
    pub around: Vec<Object>,
    /// Values for the rows that have none.
    pub fills: Vec<Fill>,
}

/// What a column holds in the rows that have no value in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The column.
    pub column: String,
    /// An SQL expression over the old row.
    pub sql: String,
}

/// A statement with what to think about before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The table that the change behind it is about.
    pub table: Option<TableName>,
    /// The statement.
    pub statement: Statement,
    /// The hazards of the change behind it.
    pub hazards: Vec<Hazard>,
}

impl Step {
    /// The statements of one change; its hazards stand at the first.
    pub(crate) fn of(change: &Change, statements: Vec<Statement>, mut hazards: Vec<Hazard>) -> Vec<Self> {
        let step =
            |statement| Self { table: change.table().cloned(), statement, hazards: std::mem::take(&mut hazards) };
        statements.into_iter().map(step).collect()
    }
}

impl Statement {
    /// A table and then its indexes.
    pub(crate) fn create_table(mut table: Table) -> Vec<Self> {
        let name = table.name.clone();
        let indexes = std::mem::take(&mut table.indexes);
        let index = |index| Self::CreateIndex { table: name.clone(), index };
        std::iter::once(Self::CreateTable(table)).chain(indexes.into_iter().map(index)).collect()
    }
}
