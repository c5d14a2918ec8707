//! All that a database says of its schema and its rows, in its own words, as one text to compare.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::database::{Server, TestDatabase, block_on, connect};

impl TestDatabase {
    /// Every table with its columns, constraints and indexes, and every row, version table and sequences included.
    pub(crate) fn dump(&self) -> String {
        block_on(async {
            let connection = connect(&self.url).await;
            let mut lines = Vec::new();
            for query in schema_queries(self.server) {
                lines.extend(texts(&connection, query).await);
            }
            let tables = texts(&connection, tables_query(self.server)).await;
            for table in tables.into_iter().filter(|table| table != "autogen_history") {
                if matches!(self.server, Server::Mariadb | Server::Mysql) {
                    lines.push(show_create(&connection, &table).await);
                }
                lines.push(format!("rows of {table}:"));
                lines.extend(rows(&connection, self.server, &table).await);
            }
            connection.close().await.unwrap();
            // The log of who did what when grows with every step, there and back.
            lines.retain(|line| !line.contains("autogen_history"));
            lines.join("\n")
        })
    }

    /// The names of the tables, without the version table.
    pub(crate) fn tables(&self) -> Vec<String> {
        let mut tables = block_on(async { texts(&connect(&self.url).await, tables_query(self.server)).await });
        tables.retain(|table| !is_of_the_history(table) && !table.starts_with("sqlite_"));
        tables
    }
}

/// The version table of SeaORM, and the log beside it.
fn is_of_the_history(table: &str) -> bool {
    matches!(table, "seaql_migrations" | "autogen_history")
}

fn tables_query(server: Server) -> &'static str {
    match server {
        Server::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
        Server::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
        Server::Mariadb | Server::Mysql => {
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
        }
    }
}

/// Each gives one column of text. MySQL and MariaDB have a statement that says everything of a table at once.
fn schema_queries(server: Server) -> &'static [&'static str] {
    match server {
        // Not the text of CREATE TABLE: a rebuilt table is spelled differently and is the same.
        Server::Sqlite => &[
            "SELECT 'table ' || t.name || concat_options || CASE WHEN s.sql LIKE '%AUTOINCREMENT%' THEN ' autoincrement' \
                 ELSE '' END \
             FROM (SELECT name, ' wr' || wr || ' strict' || strict AS concat_options FROM pragma_table_list \
                   WHERE type = 'table' AND schema = 'main') t \
             JOIN sqlite_schema s ON s.name = t.name ORDER BY t.name",
            "SELECT t.name || '.' || c.cid || ' ' || c.name || ' ' || c.type || ' notnull' || c.\"notnull\" || ' default ' \
                 || coalesce(c.dflt_value, '-') || ' pk' || c.pk || ' hidden' || c.hidden \
             FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
            "SELECT t.name || ' index ' || CASE i.origin WHEN 'c' THEN i.name ELSE '-' END || ' unique' || i.\"unique\" \
                 || ' ' || i.origin || ' partial' || i.partial || ' (' \
                 || (SELECT group_concat(x.name || ' ' || x.\"desc\" || ' ' || x.coll) FROM pragma_index_xinfo(i.name) x \
                     WHERE x.key) || ')' \
             FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' ORDER BY 1",
            "SELECT t.name || ' references ' || f.\"table\" || ' ' || f.\"from\" || '->' || f.\"to\" || ' update ' \
                 || f.on_update || ' delete ' || f.on_delete \
             FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY 1",
            "SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema \
             WHERE type NOT IN ('table', 'index') ORDER BY type, name",
        ],
        Server::Postgres => &[
            "SELECT c.relname || '.' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) || ' ' || a.attname \
                 || ' ' || format_type(a.atttypid, a.atttypmod) || ' notnull ' || a.attnotnull || ' default ' \
                 || coalesce(pg_get_expr(d.adbin, d.adrelid), '-') || ' identity ' || a.attidentity::text \
                 || ' generated ' || a.attgenerated::text || ' collation ' || a.attcollation::regcollation::text \
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY c.relname, a.attnum",
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 ORDER BY 1",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT sequencename || ' ' || data_type || ' ' || start_value || ' ' || coalesce(last_value::text, '-') \
             FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
            "SELECT t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) \
             FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname ORDER BY 1",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        ],
        Server::Mariadb | Server::Mysql => &[],
    }
}

async fn show_create(connection: &DatabaseConnection, table: &str) -> String {
    let statement = Statement::from_string(connection.get_database_backend(), format!("SHOW CREATE TABLE `{table}`"));
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(1).unwrap()
}

async fn rows(connection: &DatabaseConnection, server: Server, table: &str) -> Vec<String> {
    let columns_query = match server {
        Server::Sqlite => format!("SELECT name FROM pragma_table_xinfo('{table}') ORDER BY cid"),
        Server::Postgres => {
            return texts(connection, &format!("SELECT to_jsonb(t)::text FROM \"{table}\" t ORDER BY 1")).await;
        }
        Server::Mariadb | Server::Mysql => format!(
            "SELECT CAST(column_name AS CHAR) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    let columns = texts(connection, &columns_query).await;
    let values: Vec<String> = columns
        .iter()
        .map(|column| match server {
            Server::Sqlite => format!("'{column}=' || quote(\"{column}\")"),
            Server::Postgres | Server::Mariadb | Server::Mysql => {
                format!("'{column}=', IFNULL(HEX(CAST(`{column}` AS BINARY)), 'NULL')")
            }
        })
        .collect();
    let row = match server {
        Server::Sqlite => values.join(" || ' ' || "),
        Server::Postgres | Server::Mariadb | Server::Mysql => format!("CONCAT({})", values.join(", ' ', ")),
    };
    let quoted = match server {
        Server::Sqlite | Server::Postgres => format!("\"{table}\""),
        Server::Mariadb | Server::Mysql => format!("`{table}`"),
    };
    texts(connection, &format!("SELECT {row} FROM {quoted} ORDER BY 1")).await
}

async fn texts(connection: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap_or_else(|error| panic!("{query}: {error}"))).collect()
}
