//! The queries, and their rows as plain values. Every row travels as JSON text: lists and absent columns of older
//! servers need no special care.

use std::sync::{Mutex, PoisonError};

use autogen_schema::TableName;
use sea_orm::DatabaseTransaction;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::query::{OddRow, Row, rows, understood};
use crate::scope::TableFilter;
use crate::{Connection, Error, Scope};

/// Everything that the catalog says about the tables in scope.
pub(super) struct Catalog {
    pub(super) default_schema: String,
    pub(super) tables: Vec<TableRow>,
    pub(super) parts: Parts,
    pub(super) enums: Vec<EnumRow>,
    pub(super) objects: Vec<ObjectRow>,
    pub(super) dependencies: Vec<DependencyRow>,
    /// What was not understood.
    pub(super) odd: Vec<OddRow<OddTable>>,
}

/// What hangs on the tables.
pub(super) struct Parts {
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) sequences: Vec<SequenceRow>,
}

/// The name of a relation: schema and name.
pub(super) type Pair = (String, String);

#[derive(Deserialize)]
pub(super) struct TableRow {
    pub(super) oid: i64,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) unlogged: bool,
    pub(super) partition_key: Option<String>,
    pub(super) is_partition: bool,
    pub(super) partition_of: Option<String>,
    pub(super) parents: Option<Vec<Pair>>,
    pub(super) options: Option<Vec<String>>,
    pub(super) toast_options: Option<Vec<String>>,
    pub(super) access_method: Option<String>,
    pub(super) server: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) of_extension: bool,
    pub(super) of_type: Option<String>,
    pub(super) replica_identity: Option<String>,
    pub(super) clustered_on: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) table: i64,
    pub(super) number: i64,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) base: BaseType,
    pub(super) is_array: bool,
    pub(super) not_null: bool,
    pub(super) identity: String,
    pub(super) generated: String,
    pub(super) has_default: bool,
    pub(super) default: Option<String>,
    pub(super) default_uses: Option<Vec<i64>>,
    /// The schema where the name alone does not say it, and the name.
    pub(super) collation: Option<(Option<String>, String)>,
    pub(super) storage: Option<String>,
    pub(super) compression: Option<String>,
    pub(super) foreign_options: Option<String>,
    pub(super) statistics: Option<i64>,
    pub(super) options: Option<Vec<String>>,
    pub(super) comment: Option<String>,
}

/// The type of a column, or of the elements where it is an array.
#[derive(Deserialize)]
pub(super) struct BaseType {
    pub(super) schema: String,
    pub(super) name: String,
    /// `typtype`: `b` base, `c` composite, `d` domain, `e` enum, `r` range, `m` multirange, `p` pseudo.
    pub(super) kind: String,
    pub(super) extension: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ConstraintRow {
    pub(super) table: i64,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) columns: Option<Vec<String>>,
    pub(super) include: Option<Vec<String>>,
    pub(super) include_clause: Option<String>,
    pub(super) options: Option<Vec<String>>,
    pub(super) nulls_not_distinct: bool,
    pub(super) references_schema: Option<String>,
    pub(super) references_table: Option<String>,
    pub(super) references_columns: Option<Vec<String>>,
    pub(super) on_update: String,
    pub(super) on_delete: String,
    pub(super) on_delete_columns: Option<Vec<String>>,
    #[serde(rename = "match")]
    pub(super) match_type: String,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
    pub(super) validated: bool,
    pub(super) enforced: bool,
    pub(super) period: bool,
    pub(super) no_inherit: bool,
    pub(super) expression: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct IndexRow {
    pub(super) oid: i64,
    pub(super) table: i64,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) valid: bool,
    pub(super) method: String,
    pub(super) definition: Option<String>,
    pub(super) parts: Vec<IndexPartRow>,
    pub(super) include: Option<Vec<String>>,
    pub(super) partial: bool,
    pub(super) predicate: Option<String>,
    pub(super) nulls_not_distinct: bool,
    pub(super) options: Option<Vec<String>>,
    pub(super) comment: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct IndexPartRow {
    /// The column's name; none for an expression.
    pub(super) column: Option<String>,
    /// The column or expression as it stands in the definition.
    pub(super) text: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SequenceRow {
    pub(super) oid: i64,
    pub(super) schema: String,
    pub(super) name: String,
    /// `a` where a column owns it, `i` where it is an identity column's, none where it is free.
    pub(super) ownership: Option<String>,
    pub(super) table: Option<i64>,
    pub(super) number: Option<i64>,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) start: i64,
    pub(super) increment: i64,
    pub(super) min: i64,
    pub(super) max: i64,
    pub(super) cache: i64,
    pub(super) cycle: bool,
    /// The name in SQL.
    pub(super) sql: String,
    pub(super) unlogged: bool,
    /// All of its options in SQL.
    pub(super) options: String,
    /// The statement that comments on it.
    pub(super) comment: Option<String>,
    pub(super) owner: Option<Pair>,
    /// The statement that gives it to the column that owns it.
    pub(super) owned_by: Option<String>,
    /// Whether a `serial` column makes it, and it has options that a `serial` does not say.
    #[serde(skip)]
    pub(super) of_serial: bool,
}

#[derive(Deserialize)]
pub(super) struct ObjectRow {
    pub(super) kind: String,
    /// None for what lies in no schema.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) table_schema: Option<String>,
    pub(super) table_name: Option<String>,
    pub(super) definition: Option<String>,
    pub(super) class: Option<i64>,
    pub(super) object: Option<i64>,
}

/// One thing that a table or an object depends on.
#[derive(Deserialize)]
pub(super) struct DependencyRow {
    /// The catalog and the oid in it of what depends.
    pub(super) class: i64,
    pub(super) object: i64,
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// Whether it is a table or a view.
    pub(super) is_relation: bool,
}

#[derive(Deserialize)]
pub(super) struct EnumRow {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) labels: Option<Vec<String>>,
    pub(super) comment: Option<String>,
}

impl Catalog {
    /// Asks everything, in one transaction.
    pub(super) async fn read(
        connection: &Connection,
        transaction: &DatabaseTransaction,
        scope: &Scope,
    ) -> Result<Self, Error> {
        let filter = scope.filter()?;
        let ask = Asker::new(connection, transaction);
        let default_schema = ask.fix_session().await?;
        let schemas = ask.schemas(scope, &default_schema).await?;
        let tables = ask.tables(&schemas, &filter).await?;
        let oids = oids(&tables);
        Ok(Self {
            default_schema,
            parts: Parts {
                columns: ask.list("columns", include_str!("queries/columns.sql"), [&oids]).await?,
                constraints: ask.list("constraints", include_str!("queries/constraints.sql"), [&oids]).await?,
                indexes: ask.list("indexes", include_str!("queries/indexes.sql"), [&oids]).await?,
                sequences: ask.list("sequences", include_str!("queries/sequences.sql"), [&oids, &schemas]).await?,
            },
            enums: ask.list("enum types", include_str!("queries/enums.sql"), [&oids, &schemas]).await?,
            objects: ask.list("objects", include_str!("queries/objects.sql"), [&oids, &schemas]).await?,
            dependencies: ask.list("dependencies", include_str!("queries/dependencies.sql"), [&oids, &schemas]).await?,
            tables,
            odd: ask.odd.into_inner().unwrap_or_else(PoisonError::into_inner),
        })
    }
}

/// Puts the queries, in one transaction.
pub(super) struct Asker<'a> {
    pub(super) connection: &'a Connection,
    pub(super) transaction: &'a DatabaseTransaction,
    odd: Mutex<Vec<OddRow<OddTable>>>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(connection: &'a Connection, transaction: &'a DatabaseTransaction) -> Self {
        Self { connection, transaction, odd: Mutex::default() }
    }

    /// Sets what decides how the server spells things, until the transaction ends, and gives the default schema.
    pub(super) async fn fix_session(&self) -> Result<String, Error> {
        let name = "the session";
        let rows = rows(self.connection, self.transaction, name, include_str!("queries/session.sql"), []).await?;
        match rows.first() {
            Some(row) => {
                self.refuse_old(row.get("server_version_num")?)?;
                row.get("default_schema")
            }
            None => Err(Error::Query { query: name, reason: "no row came back".to_owned() }),
        }
    }

    /// The catalogs of older servers lack columns that the queries name.
    fn refuse_old(&self, version: i32) -> Result<(), Error> {
        if version >= 130_000 {
            return Ok(());
        }
        Err(Error::Unsupported {
            what: format!("PostgreSQL {}", self.connection.server_version()),
            reason: "it is older than 13, the oldest that autogen reads; update the server".to_owned(),
        })
    }

    /// The schemas in scope, as a JSON list.
    async fn schemas(&self, scope: &Scope, default_schema: &str) -> Result<String, Error> {
        let name = "schemas";
        let mut names = scope.schemas.clone();
        if names.is_empty() {
            names.push(default_schema.to_owned());
            names.extend(scope.beside_default.iter().filter(|name| *name != default_schema).cloned());
            if scope.every_schema {
                let sql = include_str!("queries/schemas.sql");
                let found = rows(self.connection, self.transaction, name, sql, []).await?;
                let found = found.iter().map(|row| row.get("name")).collect::<Result<Vec<String>, _>>()?;
                names.extend(found.into_iter().filter(|name| name != default_schema));
            }
        }
        serde_json::to_string(&names).map_err(|error| Error::Query { query: name, reason: error.to_string() })
    }

    async fn tables(&self, schemas: &str, filter: &TableFilter) -> Result<Vec<TableRow>, Error> {
        let mut tables: Vec<TableRow> =
            self.list("tables", include_str!("queries/tables.sql"), [&schemas.to_owned()]).await?;
        tables.retain(|table| filter.admits(&table.name));
        let mut odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        let is_in_scope = |table: &OddTable| table.name.as_ref().is_none_or(|name| filter.admits(&name.name));
        odd.retain(|row| row.table.as_ref().is_none_or(is_in_scope));
        Ok(tables)
    }

    /// The rows of a query, each by itself.
    pub(super) async fn list<T: DeserializeOwned, const N: usize>(
        &self,
        name: &'static str,
        sql: &str,
        values: [&String; N],
    ) -> Result<Vec<T>, Error> {
        let values = values.map(|value| value.clone().into());
        let rows = rows(self.connection, self.transaction, name, sql, values).await?;
        let decode = |row: &Row| {
            let text: String = row.get("row")?;
            serde_json::from_str(&text)
                .map_err(|error| Error::Query { query: name, reason: format!("{error}, in the row {text}") })
        };
        let mut odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(understood(&rows, &mut odd, OddTable::of, decode))
    }
}

/// The table of a row that is not understood.
#[derive(Debug)]
pub(super) struct OddTable {
    pub(super) oid: i64,
    /// Where the row is the table's own.
    pub(super) name: Option<TableName>,
}

impl OddTable {
    fn of(row: &Row) -> Option<Self> {
        let row: serde_json::Value = serde_json::from_str(&row.get::<String>("row").ok()?).ok()?;
        let text = |key: &str| row.get(key)?.as_str();
        match row.get("table") {
            Some(oid) => Some(Self { oid: oid.as_i64()?, name: None }),
            // Only a table's own row tells that it is a partition.
            None => Some(Self {
                oid: row.get("is_partition").and(row.get("oid"))?.as_i64()?,
                name: Some(TableName::qualified(text("schema")?, text("name")?)),
            }),
        }
    }
}

/// The tables as PostgreSQL writes an array.
fn oids(tables: &[TableRow]) -> String {
    let numbers: Vec<String> = tables.iter().map(|table| table.oid.to_string()).collect();
    format!("{{{}}}", numbers.join(","))
}
