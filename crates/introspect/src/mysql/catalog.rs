//! The queries that fetch the catalog, and its rows put together by table.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DatabaseTransaction;

use crate::query::{self, OddRow, Row, understood};
use crate::{Connection, Error};

use super::create_table::CreateTable;
use super::rights::Rights;
use super::rows::{
    CheckRow, ColumnRow, EventRow, ForeignKeyRow, FromRow, IndexRow, ParameterRow, PartitionRow, RoutineRow,
    SequenceRow, TableRow, TriggerRow, ViewRow,
};
use super::steady::{self, Changes};
use super::{Flavour, expression, hidden, lost_letters};

/// Everything that is asked of the server. What belongs to a table is kept by the table's name.
pub(super) struct Catalog {
    pub(super) database: String,
    /// Whether names of tables are the same whatever their case (`lower_case_table_names` above 0).
    pub(super) folds_names: bool,
    pub(super) rights: Rights,
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
    /// What was not understood.
    pub(super) odd: Vec<OddRow<String>>,
    /// Whether nobody changed a schema of the server meanwhile.
    pub(super) is_steady: bool,
}

pub(super) type ByTable<T> = BTreeMap<String, Vec<T>>;

impl Catalog {
    /// Asks everything, one query after the other.
    pub(super) async fn read(
        connection: &Connection,
        transaction: &DatabaseTransaction,
        flavour: Flavour,
    ) -> Result<Self, Error> {
        let mut ask = Asking { connection, transaction, odd: Vec::new() };
        let session = Session::read(&ask).await?;
        let changes = Changes::count(&ask).await?;
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
            rights: ask.rights(&session.database).await?,
            database: session.database,
            folds_names: session.folds_names,
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
            odd: Vec::new(),
            is_steady: true,
        };
        catalog.originals = ask.originals(&catalog).await?;
        if session.ansi_quotes {
            catalog.quote_names_with_backticks();
        }
        if !catalog.rights.show_constraints(flavour) {
            ask.put_back_hidden_constraints(&mut catalog).await?;
        }
        ask.put_back_lost_letters(&mut catalog, flavour).await?;
        let torn = steady::torn(&ask, changes, &catalog).await?;
        catalog.is_steady = torn.is_none();
        catalog.odd.append(&mut ask.odd);
        catalog.odd.extend(torn.into_iter().flatten());
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
        })
    }
}

/// Puts the queries, in one transaction.
pub(super) struct Asking<'c> {
    connection: &'c Connection,
    transaction: &'c DatabaseTransaction,
    odd: Vec<OddRow<String>>,
}

impl Asking<'_> {
    pub(super) async fn rows(&self, name: &'static str, sql: &str) -> Result<Vec<Row>, Error> {
        query::rows(self.connection, self.transaction, name, sql, []).await
    }

    async fn list<T: FromRow>(&mut self, name: &'static str, sql: &str) -> Result<Vec<T>, Error> {
        let rows = self.rows(name, sql).await?;
        Ok(understood(&rows, &mut self.odd, table_of, T::from_row))
    }

    async fn rights(&self, database: &str) -> Result<Rights, Error> {
        let rows = self.rows("grants", "SHOW GRANTS").await?;
        let lines = rows.iter().map(Row::first_text).collect::<Result<Vec<_>, _>>()?;
        Ok(Rights::parse(&lines, database))
    }

    /// A sequence's options stand in its one row, as in a table; one query reads them all.
    async fn sequences(&mut self, tables: &[TableRow]) -> Result<Vec<SequenceRow>, Error> {
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
    async fn originals(&mut self, catalog: &Catalog) -> Result<BTreeMap<(&'static str, String), String>, Error> {
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
            let query = "a statement as it was written";
            for row in self.rows(query, &sql).await? {
                match row.get::<Option<String>>(column) {
                    Ok(statement) => originals.extend(statement.map(|statement| ((kind, name.clone()), statement))),
                    Err(error) => {
                        let (name, reason) = (Some(name.clone()), error.to_string());
                        self.odd.push(OddRow { table: None, name, query, reason });
                    }
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
                let what = "a table with letters that the catalog may have lost";
                if let Some(statement) = self.statement_of(what, name).await? {
                    lost_letters::put_back(columns, checks, &statement, flavour);
                }
            }
        }
        Ok(())
    }

    /// One query for each table (MariaDB).
    async fn put_back_hidden_constraints(&mut self, catalog: &mut Catalog) -> Result<(), Error> {
        let query = "a table whose keys the catalog may hide";
        for table in catalog.tables.iter().filter(|row| row.is_base_table() && row.engine.is_some()) {
            let name = &table.name;
            let Some(statement) = self.statement_of(query, name).await? else { continue };
            match hidden::foreign_keys(&statement, &catalog.database) {
                Ok(keys) => {
                    catalog.foreign_keys.insert(name.clone(), keys);
                }
                Err(reason) => self.odd.push(OddRow { table: Some(name.clone()), name: None, query, reason }),
            }
            let columns = catalog.columns.get(name).into_iter().flatten().map(|row| row.name.as_str());
            catalog.checks.insert(name.clone(), hidden::checks(&statement, columns));
        }
        Ok(())
    }

    /// The statement of a table, where it has one.
    pub(super) async fn statement_of(&self, what: &'static str, table: &str) -> Result<Option<CreateTable>, Error> {
        let rows = self.rows(what, &format!("SHOW CREATE TABLE {}", expression::quoted(table))).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        // MariaDB writes a default of bytes as it is.
        let text: Vec<u8> = row.get("Create Table")?;
        Ok(Some(CreateTable::parse(&String::from_utf8_lossy(&text))))
    }

    async fn by_table<T: FromRow>(&mut self, name: &'static str, sql: &str) -> Result<ByTable<T>, Error> {
        let rows = self.rows(name, sql).await?;
        let decode = |row: &Row| Ok((row.get::<String>("table_name")?, T::from_row(row)?));
        let mut tables = ByTable::new();
        for (table, value) in understood(&rows, &mut self.odd, table_of, decode) {
            tables.entry(table).or_insert_with(Vec::new).push(value);
        }
        Ok(tables)
    }
}

/// The table that a row is about.
fn table_of(row: &Row) -> Option<String> {
    row.get("table_name").ok()
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
