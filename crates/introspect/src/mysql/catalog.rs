//! The rows of the catalog as they come, and the queries that fetch them. Nothing is interpreted here.

use std::collections::BTreeMap;

use crate::query::{self, Row};
use crate::{Connection, Error};

use super::Flavour;

/// Everything that is asked of the server. What belongs to a table is kept by the table's name.
pub(super) struct Catalog {
    pub(super) database: String,
    /// Whether names of tables are the same whatever their case (`lower_case_table_names` above 0).
    pub(super) folds_names: bool,
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: ByTable<ColumnRow>,
    pub(super) indexes: ByTable<IndexRow>,
    pub(super) foreign_keys: ByTable<ForeignKeyRow>,
    pub(super) checks: ByTable<CheckRow>,
    pub(super) partitions: ByTable<PartitionRow>,
    pub(super) triggers: Vec<TriggerRow>,
    pub(super) views: Vec<ViewRow>,
    pub(super) routines: Vec<RoutineRow>,
    pub(super) parameters: Vec<ParameterRow>,
    pub(super) events: Vec<EventRow>,
}

pub(super) type ByTable<T> = BTreeMap<String, Vec<T>>;

impl Catalog {
    /// Asks everything, one query after the other.
    pub(super) async fn read(connection: &Connection, flavour: Flavour) -> Result<Self, Error> {
        let ask = Asking { connection };
        let session = ask.rows("the session", include_str!("queries/session.sql")).await?;
        let (columns, indexes, checks, views) = match flavour {
            Flavour::Mysql => (
                include_str!("queries/columns_mysql.sql"),
                include_str!("queries/indexes_mysql.sql"),
                include_str!("queries/checks_mysql.sql"),
                include_str!("queries/views_mysql.sql"),
            ),
            Flavour::Mariadb => (
                include_str!("queries/columns_mariadb.sql"),
                include_str!("queries/indexes_mariadb.sql"),
                include_str!("queries/checks_mariadb.sql"),
                include_str!("queries/views_mariadb.sql"),
            ),
        };
        let (database, folds_names) = session_of(connection, &session)?;
        Ok(Self {
            database,
            folds_names,
            tables: ask.list("tables", include_str!("queries/tables.sql")).await?,
            columns: ask.by_table("columns", columns).await?,
            indexes: ask.by_table("indexes", indexes).await?,
            foreign_keys: ask.by_table("foreign keys", include_str!("queries/foreign_keys.sql")).await?,
            checks: ask.by_table("checks", checks).await?,
            partitions: ask.by_table("partitions", include_str!("queries/partitions.sql")).await?,
            triggers: ask.list("triggers", include_str!("queries/triggers.sql")).await?,
            views: ask.list("views", views).await?,
            routines: ask.list("routines", include_str!("queries/routines.sql")).await?,
            parameters: ask.list("parameters", include_str!("queries/parameters.sql")).await?,
            events: ask.list("events", include_str!("queries/events.sql")).await?,
        })
    }
}

/// The name of the database and whether names of tables fold. A URL may name no database.
fn session_of(connection: &Connection, rows: &[Row]) -> Result<(String, bool), Error> {
    let no_database = || Error::NoDatabase { host: connection.url().host().unwrap_or_default() };
    let row = rows.first().ok_or_else(no_database)?;
    let database: Option<String> = row.get("name")?;
    Ok((database.ok_or_else(no_database)?, row.get::<i64>("folded")? > 0))
}

struct Asking<'c> {
    connection: &'c Connection,
}

impl Asking<'_> {
    async fn rows(&self, name: &'static str, sql: &str) -> Result<Vec<Row>, Error> {
        query::rows(self.connection, self.connection.db(), name, sql, []).await
    }

    async fn list<T: FromRow>(&self, name: &'static str, sql: &str) -> Result<Vec<T>, Error> {
        self.rows(name, sql).await?.iter().map(T::from_row).collect()
    }

    async fn by_table<T: FromRow>(&self, name: &'static str, sql: &str) -> Result<ByTable<T>, Error> {
        let mut tables = ByTable::new();
        for row in self.rows(name, sql).await? {
            tables.entry(row.get("table_name")?).or_insert_with(Vec::new).push(T::from_row(&row)?);
        }
        Ok(tables)
    }
}

trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, Error>;
}

/// A row whose fields are called as the columns of its query.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        pub(super) struct $name {
            $(pub(super) $field: $ty,)*
        }

        impl FromRow for $name {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(Self { $($field: row.get(stringify!($field))?,)* })
            }
        }
    };
}

row! {
    /// A base table, a view or a sequence.
    TableRow {
        name: String,
        kind: String,
        engine: Option<String>,
        collation: Option<String>,
        options: Option<String>,
        comment: Option<String>,
    }
}

row! {
    /// A column.
    ColumnRow {
        name: String,
        column_type: String,
        nullable: String,
        default_value: Option<String>,
        extra: Option<String>,
        generation: Option<String>,
        charset: Option<String>,
        collation: Option<String>,
        comment: Option<String>,
        reference_system: Option<i64>,
    }
}

row! {
    /// One part of an index.
    IndexRow {
        name: String,
        non_unique: i64,
        column_name: Option<String>,
        expression: Option<String>,
        direction: Option<String>,
        prefix: Option<i64>,
        method: String,
        comment: Option<String>,
        ignored: String,
    }
}

row! {
    /// One column of a foreign key.
    ForeignKeyRow {
        name: String,
        column_name: String,
        referenced_schema: String,
        referenced_table: String,
        referenced_column: String,
        on_delete: String,
        on_update: String,
    }
}

row! {
    /// A check.
    CheckRow {
        name: String,
        expression: String,
        enforced: String,
        level: String,
    }
}

row! {
    /// A partition, or one part of it.
    PartitionRow {
        name: String,
        part_name: Option<String>,
        method: Option<String>,
        part_method: Option<String>,
        expression: Option<String>,
        part_expression: Option<String>,
        bound: Option<String>,
        comment: Option<String>,
    }
}

row! {
    /// A trigger.
    TriggerRow {
        name: String,
        table_name: String,
        timing: String,
        event: String,
        body: Option<String>,
        definer: Option<String>,
    }
}

row! {
    /// A view.
    ViewRow {
        name: String,
        body: Option<String>,
        check_option: Option<String>,
        definer: Option<String>,
        security: Option<String>,
        algorithm: Option<String>,
    }
}

row! {
    /// A function or procedure.
    RoutineRow {
        name: String,
        kind: String,
        returns: Option<String>,
        charset: Option<String>,
        body: Option<String>,
        is_deterministic: String,
        data_access: Option<String>,
        security: Option<String>,
        comment: Option<String>,
        definer: Option<String>,
    }
}

row! {
    /// A parameter of a function or procedure.
    ParameterRow {
        routine: String,
        kind: String,
        mode: Option<String>,
        name: Option<String>,
        parameter_type: Option<String>,
        charset: Option<String>,
    }
}

row! {
    /// A scheduled event.
    EventRow {
        name: String,
        body: Option<String>,
        kind: String,
        execute_at: Option<String>,
        interval_value: Option<String>,
        interval_field: Option<String>,
        starts: Option<String>,
        ends: Option<String>,
        status: String,
        on_completion: Option<String>,
        comment: Option<String>,
        definer: Option<String>,
    }
}
