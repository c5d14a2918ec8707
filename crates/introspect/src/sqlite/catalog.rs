//! What SQLite's catalog tells, as plain rows grouped by table. Five queries, whatever the number of tables.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use crate::query::{OddRow, Row, rows, understood};
use crate::{Connection, Error};

/// The catalog of one database file.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Tables that are no views, by name.
    pub(crate) tables: BTreeMap<String, TableFacts>,
    /// Views and triggers, in the order in which they were made.
    pub(crate) objects: Vec<Entry>,
    /// Tables and views by their name in small letters, with the name as it was declared.
    pub(crate) declared_names: BTreeMap<String, String>,
    /// What was not understood.
    pub(crate) odd: Vec<OddRow<String>>,
}

type Odd = Vec<OddRow<String>>;

/// A row of `sqlite_schema`.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `table`, `view`, `index` or `trigger`.
    pub(crate) kind: String,
    pub(crate) name: String,
    /// The table it belongs to; its own name for a table.
    pub(crate) table: String,
    pub(crate) sql: Option<String>,
}

/// What the pragmas tell about a table.
#[derive(Debug, Default)]
pub(crate) struct TableFacts {
    /// `table`, `virtual` or `shadow`.
    pub(crate) kind: String,
    pub(crate) without_rowid: bool,
    pub(crate) strict: bool,
    pub(crate) columns: Vec<ColumnFacts>,
    /// All indexes by name, those of constraints among them.
    pub(crate) indexes: BTreeMap<String, IndexFacts>,
    /// Foreign keys in the order of declaration.
    pub(crate) foreign_keys: Vec<ForeignKeyFacts>,
    /// The statement that made it.
    pub(crate) sql: String,
    /// Why the columns of a virtual table are not known.
    pub(crate) columns_unknown: Option<String>,
}

/// What `table_xinfo` tells about a column that is not hidden.
#[derive(Debug)]
pub(crate) struct ColumnFacts {
    pub(crate) name: String,
    /// The declared type, of which SQLite writes some in capitals.
    pub(crate) declared_type: String,
    pub(crate) required: bool,
    pub(crate) default: Option<String>,
    /// The place in the primary key, from 1; 0 outside it.
    pub(crate) key_position: i64,
    pub(crate) computed: Computed,
}

/// Whether a column is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Computed {
    No,
    Virtual,
    Stored,
}

/// What `index_list` and `index_xinfo` tell about an index.
#[derive(Debug)]
pub(crate) struct IndexFacts {
    pub(crate) unique: bool,
    pub(crate) origin: IndexOrigin,
    pub(crate) partial: bool,
    pub(crate) parts: Vec<PartFacts>,
    /// The statement that made it; `None` where a constraint did.
    pub(crate) sql: Option<String>,
}

/// What made an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexOrigin {
    CreateIndex,
    Unique,
    PrimaryKey,
}

/// A part of an index.
#[derive(Debug)]
pub(crate) struct PartFacts {
    /// The column; `None` for an expression or the rowid.
    pub(crate) column: Option<String>,
    pub(crate) descending: bool,
    pub(crate) collation: String,
}

/// What `foreign_key_list` tells about a foreign key.
#[derive(Debug)]
pub(crate) struct ForeignKeyFacts {
    id: i64,
    pub(crate) parent: String,
    pub(crate) columns: Vec<String>,
    /// Empty where the statement names none.
    pub(crate) parent_columns: Vec<String>,
    pub(crate) on_update: String,
    pub(crate) on_delete: String,
}

/// Reads the catalog.
///
/// # Errors
///
/// Where a query fails.
pub(crate) async fn catalog(connection: &Connection, on: &impl ConnectionTrait) -> Result<Catalog, Error> {
    let mut odd = Odd::new();
    let mut tables = columns(connection, on, &mut odd).await?;
    virtual_columns(connection, on, &mut tables, &mut odd).await?;
    indexes(connection, on, &mut tables, &mut odd).await?;
    foreign_keys(connection, on, &mut tables, &mut odd).await?;
    let entries = entries(connection, on, &mut odd).await?;
    Ok(Catalog { odd, ..with_statements(tables, entries) })
}

/// Puts every statement where it belongs.
fn with_statements(mut tables: BTreeMap<String, TableFacts>, entries: Vec<Entry>) -> Catalog {
    let mut objects = Vec::new();
    for entry in entries {
        match entry.kind.as_str() {
            "table" => {
                if let Some(table) = tables.get_mut(&entry.name) {
                    table.sql = entry.sql.unwrap_or_default();
                }
            }
            "index" => {
                let index = tables.get_mut(&entry.table).and_then(|table| table.indexes.get_mut(&entry.name));
                if let Some(index) = index {
                    index.sql = entry.sql;
                }
            }
            _ => objects.push(entry),
        }
    }
    let views = objects.iter().filter(|entry| entry.kind == "view").map(|entry| &entry.name);
    let declared_names = tables.keys().chain(views).map(|name| (name.to_ascii_lowercase(), name.clone())).collect();
    Catalog { tables, objects, declared_names, odd: Odd::new() }
}

/// The table that a row is about.
fn table_of(row: &Row) -> Option<String> {
    row.get("table_name").or_else(|_| row.get("tbl_name")).ok()
}

async fn entries(connection: &Connection, on: &impl ConnectionTrait, odd: &mut Odd) -> Result<Vec<Entry>, Error> {
    let rows = rows(connection, on, "the statements", include_str!("queries/entries.sql"), []).await?;
    Ok(understood(&rows, odd, table_of, |row| {
        Ok(Entry { kind: row.get("type")?, name: row.get("name")?, table: row.get("tbl_name")?, sql: row.get("sql")? })
    }))
}

async fn columns(
    connection: &Connection,
    on: &impl ConnectionTrait,
    odd: &mut Odd,
) -> Result<BTreeMap<String, TableFacts>, Error> {
    let mut tables = BTreeMap::<String, TableFacts>::new();
    let rows = rows(connection, on, "the columns", include_str!("queries/columns.sql"), []).await?;
    understood(&rows, odd, table_of, |row| {
        let table = tables.entry(row.get("table_name")?).or_default();
        table.kind = row.get("kind")?;
        table.without_rowid = row.get("without_rowid")?;
        table.strict = row.get("strict")?;
        table.columns.extend(column(row)?);
        Ok(())
    });
    Ok(tables)
}

/// A column, unless it is hidden or the table has none.
fn column(row: &Row) -> Result<Option<ColumnFacts>, Error> {
    let Some(name) = row.get("name")? else { return Ok(None) };
    let computed = match row.get::<i64>("hidden")? {
        0 => Computed::No,
        2 => Computed::Virtual,
        3 => Computed::Stored,
        // Arguments of a virtual table, which are no columns to anybody else.
        _ => return Ok(None),
    };
    Ok(Some(ColumnFacts {
        name,
        declared_type: row.get::<Option<String>>("declared_type")?.unwrap_or_default(),
        required: row.get("required")?,
        default: row.get("default_text")?,
        key_position: row.get("key_position")?,
        computed,
    }))
}

/// SQLite loads a virtual table's module to tell its columns. An extension that is not loaded here must not keep us
/// from everything else in the database.
async fn virtual_columns(
    connection: &Connection,
    on: &impl ConnectionTrait,
    tables: &mut BTreeMap<String, TableFacts>,
    odd: &mut Odd,
) -> Result<(), Error> {
    let sql = include_str!("queries/virtual_columns.sql");
    match rows(connection, on, "the columns of virtual tables", sql, []).await {
        Ok(rows) => {
            understood(&rows, odd, table_of, |row| {
                tables.entry(row.get("table_name")?).or_default().columns.extend(column(row)?);
                Ok(())
            });
            Ok(())
        }
        Err(Error::Query { reason, .. }) => {
            for table in tables.values_mut().filter(|table| table.kind == "virtual") {
                table.columns_unknown = Some(reason.clone());
            }
            Ok(())
        }
        Err(other) => Err(other),
    }
}

async fn indexes(
    connection: &Connection,
    on: &impl ConnectionTrait,
    tables: &mut BTreeMap<String, TableFacts>,
    odd: &mut Odd,
) -> Result<(), Error> {
    let rows = rows(connection, on, "the indexes", include_str!("queries/indexes.sql"), []).await?;
    understood(&rows, odd, table_of, |row| {
        let origin = match row.get::<String>("origin")?.as_str() {
            "pk" => IndexOrigin::PrimaryKey,
            "u" => IndexOrigin::Unique,
            _ => IndexOrigin::CreateIndex,
        };
        let (unique, partial) = (row.get("is_unique")?, row.get("partial")?);
        let table = tables.entry(row.get("table_name")?).or_default();
        let index = table.indexes.entry(row.get("index_name")?).or_insert_with(|| IndexFacts {
            unique,
            origin,
            partial,
            parts: Vec::new(),
            sql: None,
        });
        let of_table = row.get::<i64>("cid")? >= 0;
        index.parts.push(PartFacts {
            column: row.get::<Option<String>>("name")?.filter(|_| of_table),
            descending: row.get("descending")?,
            collation: row.get::<Option<String>>("collation")?.unwrap_or_default(),
        });
        Ok(())
    });
    Ok(())
}

async fn foreign_keys(
    connection: &Connection,
    on: &impl ConnectionTrait,
    tables: &mut BTreeMap<String, TableFacts>,
    odd: &mut Odd,
) -> Result<(), Error> {
    let rows = rows(connection, on, "the foreign keys", include_str!("queries/foreign_keys.sql"), []).await?;
    understood(&rows, odd, table_of, |row| {
        let keys = &mut tables.entry(row.get("table_name")?).or_default().foreign_keys;
        let id = row.get("id")?;
        if keys.last().is_none_or(|key| key.id != id) {
            keys.push(ForeignKeyFacts {
                id,
                parent: row.get("parent")?,
                columns: Vec::new(),
                parent_columns: Vec::new(),
                on_update: row.get("on_update")?,
                on_delete: row.get("on_delete")?,
            });
        }
        let key = keys.last_mut().expect("one was just pushed where there was none");
        key.columns.push(row.get("name")?);
        key.parent_columns.extend(row.get::<Option<String>>("parent_column")?);
        Ok(())
    });
    Ok(())
}
