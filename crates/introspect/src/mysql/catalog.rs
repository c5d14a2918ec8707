//! The rows of the catalog as they come, and the queries that fetch them. Nothing is interpreted here.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DatabaseTransaction;

use crate::query::{self, Row};
use crate::{Connection, Error};

use super::create_table::CreateTable;
use super::{Flavour, expression, lost_letters};

/// Everything that is asked of the server. What belongs to a table is kept by the table's name.
pub(super) struct Catalog {
    pub(super) database: String,
    /// Whether names of tables are the same whatever their case (`lower_case_table_names` above 0).
    pub(super) folds_names: bool,
    /// Whether the user has a role, whose rights the catalog does not tell.
    pub(super) has_roles: bool,
    pub(super) grants: Vec<GrantRow>,
    pub(super) tables: Vec<TableRow>,
    pub(super) sequences: Vec<SequenceRow>,
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
    /// Statements as `SHOW CREATE` gives them, by the sort of object and its name.
    pub(super) originals: BTreeMap<(&'static str, String), String>,
}

pub(super) type ByTable<T> = BTreeMap<String, Vec<T>>;

impl Catalog {
    /// Asks everything, one query after the other.
    pub(super) async fn read(
        connection: &Connection,
        transaction: &DatabaseTransaction,
        flavour: Flavour,
    ) -> Result<Self, Error> {
        let ask = Asking { connection, transaction };
        let session = Session::read(&ask).await?;
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
        let tables: Vec<TableRow> = ask.list("tables", include_str!("queries/tables.sql")).await?;
        let mut catalog = Self {
            database: session.database,
            folds_names: session.folds_names,
            has_roles: session.has_roles,
            grants: ask.list("grants", include_str!("queries/grants.sql")).await?,
            sequences: ask.sequences(&tables).await?,
            tables,
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
            originals: BTreeMap::new(),
        };
        catalog.originals = ask.originals(&catalog).await?;
        if session.ansi_quotes {
            catalog.quote_names_with_backticks();
        }
        ask.put_back_lost_letters(&mut catalog, flavour).await?;
        Ok(catalog)
    }

    /// MariaDB spells expressions by the session's `sql_mode`, and `ANSI_QUOTES` puts names into double quotes.
    /// One spelling for all sessions.
    fn quote_names_with_backticks(&mut self) {
        let columns = self.columns.values_mut().flatten();
        let of_columns = columns.flat_map(|row| row.generation.as_mut().into_iter().chain(row.default_value.as_mut()));
        let of_checks = self.checks.values_mut().flatten().map(|row| &mut row.expression);
        let partitions = self.partitions.values_mut().flatten();
        let of_partitions =
            partitions.flat_map(|row| row.expression.as_mut().into_iter().chain(row.part_expression.as_mut()));
        for text in of_columns.chain(of_checks).chain(of_partitions) {
            *text = expression::backticked(text);
        }
    }
}

struct Session {
    database: String,
    folds_names: bool,
    ansi_quotes: bool,
    has_roles: bool,
}

impl Session {
    async fn read(ask: &Asking<'_>) -> Result<Self, Error> {
        let rows = ask.rows("the session", include_str!("queries/session.sql")).await?;
        // A URL may name no database.
        let no_database = || Error::NoDatabase { host: ask.connection.url().host().unwrap_or_default() };
        let row = rows.first().ok_or_else(no_database)?;
        let database: Option<String> = row.get("name")?;
        Ok(Self {
            database: database.ok_or_else(no_database)?,
            folds_names: row.get::<i64>("folded")? > 0,
            ansi_quotes: row.get::<i64>("ansi_quotes")? > 0,
            has_roles: row.get::<i64>("roles")? > 0,
        })
    }
}

struct Asking<'c> {
    connection: &'c Connection,
    transaction: &'c DatabaseTransaction,
}

impl Asking<'_> {
    async fn rows(&self, name: &'static str, sql: &str) -> Result<Vec<Row>, Error> {
        query::rows(self.connection, self.transaction, name, sql, []).await
    }

    async fn list<T: FromRow>(&self, name: &'static str, sql: &str) -> Result<Vec<T>, Error> {
        self.rows(name, sql).await?.iter().map(T::from_row).collect()
    }

    /// A sequence's options stand in its one row, as in a table; one query reads them all.
    async fn sequences(&self, tables: &[TableRow]) -> Result<Vec<SequenceRow>, Error> {
        let names: Vec<&str> =
            tables.iter().filter(|row| row.kind == "SEQUENCE").map(|row| row.name.as_str()).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let parts: Vec<String> = names.iter().enumerate().map(|(place, name)| sequence_query(place, name)).collect();
        self.list("sequences", &parts.join(" UNION ALL ")).await
    }

    /// The catalog undoes the escapes inside the texts of a trigger, a routine or an event, so that `'it''s'` is no
    /// longer SQL. Where such a body holds a quote, the statement itself is asked for, one query for each.
    async fn originals(&self, catalog: &Catalog) -> Result<BTreeMap<(&'static str, String), String>, Error> {
        let holds_text = |body: &Option<String>| body.as_ref().is_some_and(|body| body.contains(['\'', '"']));
        let triggers = catalog.triggers.iter().map(|row| ("TRIGGER", &row.name, &row.body));
        let routines = catalog.routines.iter().filter_map(|row| {
            let kind = ["FUNCTION", "PROCEDURE"].into_iter().find(|kind| *kind == row.kind)?;
            Some((kind, &row.name, &row.body))
        });
        let events = catalog.events.iter().map(|row| ("EVENT", &row.name, &row.body));
        let mut originals = BTreeMap::new();
        for (kind, name, _) in triggers.chain(routines).chain(events).filter(|(.., body)| holds_text(body)) {
            let column = match kind {
                "TRIGGER" => "SQL Original Statement",
                "FUNCTION" => "Create Function",
                "PROCEDURE" => "Create Procedure",
                _ => "Create Event",
            };
            let sql = format!("SHOW CREATE {kind} {}", expression::quoted(name));
            for row in self.rows("a statement as it was written", &sql).await? {
                if let Some(statement) = row.get::<Option<String>>(column)? {
                    originals.insert((kind, name.clone()), statement);
                }
            }
        }
        Ok(originals)
    }

    /// One query for each table whose texts hold a question mark.
    async fn put_back_lost_letters(&self, catalog: &mut Catalog, flavour: Flavour) -> Result<(), Error> {
        let views: BTreeSet<&String> = catalog.views.iter().map(|row| &row.name).collect();
        for (name, columns) in catalog.columns.iter_mut().filter(|(name, _)| !views.contains(name)) {
            let mut none = Vec::new();
            let checks = catalog.checks.get_mut(name).unwrap_or(&mut none);
            if lost_letters::may_be_lost(columns, checks) {
                let sql = format!("SHOW CREATE TABLE {}", expression::quoted(name));
                for row in self.rows("a table with letters that the catalog may have lost", &sql).await? {
                    // MariaDB writes a default of bytes as it is.
                    let text: Vec<u8> = row.get("Create Table")?;
                    let statement = CreateTable::parse(&String::from_utf8_lossy(&text));
                    lost_letters::put_back(columns, checks, &statement, flavour);
                }
            }
        }
        Ok(())
    }

    async fn by_table<T: FromRow>(&self, name: &'static str, sql: &str) -> Result<ByTable<T>, Error> {
        let mut tables = ByTable::new();
        for row in self.rows(name, sql).await? {
            tables.entry(row.get("table_name")?).or_insert_with(Vec::new).push(T::from_row(&row)?);
        }
        Ok(tables)
    }
}

/// By its place among the tables, so that no name needs to stand in quotes.
fn sequence_query(place: usize, name: &str) -> String {
    format!(
        "SELECT CAST({place} AS SIGNED) AS place, CAST(start_value AS CHAR) AS start_value, \
         CAST(minimum_value AS CHAR) AS minimum, CAST(maximum_value AS CHAR) AS maximum, \
         CAST(increment AS CHAR) AS increment, CAST(cache_size AS CHAR) AS cache, \
         CAST(cycle_option AS SIGNED) AS cycles FROM {}",
        expression::quoted(name)
    )
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

row! {
    /// A sequence (MariaDB), by its place among the sequences.
    SequenceRow {
        place: i64,
        start_value: String,
        minimum: String,
        maximum: String,
        increment: String,
        cache: String,
        cycles: i64,
    }
}

row! {
    /// A right that the user has.
    GrantRow {
        privilege: String,
    }
}
