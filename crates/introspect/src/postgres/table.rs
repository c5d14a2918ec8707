//! Tables, put together from the rows of the catalog.

use std::collections::BTreeMap;

use autogen_schema::{
    AutoIncrement, Column, Generated, GeneratedKind, Identity, IdentityMode, Notice, NoticeKind, Table, TableKind,
    TableName, TableOptions, Type,
};

use super::catalog::{ColumnRow, Pair, Parts, SequenceRow, TableRow};
use super::sql_text::without_outer_parens;
use super::untold::{NoText, Untold, present};
use super::{constraint, default, index, types};

/// The tables by oid, and the sequences that no column's `serial` or identity accounts for in full.
pub(super) fn assemble(
    rows: Vec<TableRow>,
    parts: Parts,
    untold: &mut Untold,
    notices: &mut Vec<Notice>,
) -> (BTreeMap<i64, Table>, Vec<SequenceRow>) {
    let mut tables: BTreeMap<i64, Table> = rows.into_iter().map(|row| (row.oid, table(row, untold))).collect();
    let mut sequences: BTreeMap<i64, SequenceRow> = parts.sequences.into_iter().map(|row| (row.oid, row)).collect();
    for row in parts.columns {
        if let Some(table) = tables.get_mut(&row.table) {
            match column(&row, table, &mut sequences, notices) {
                Ok(column) => drop(table.columns.insert(column.name.clone(), column)),
                Err(NoText) => untold.add("columns", row.table, &row.name, Some(row.table)),
            }
        }
    }
    for row in parts.constraints {
        if let Some(table) = tables.get_mut(&row.table) {
            let (oid, name) = (row.table, row.name.clone());
            constraint::add(row, table).unwrap_or_else(|NoText| untold.add("constraints", oid, &name, Some(oid)));
        }
    }
    for row in parts.indexes {
        if let Some(table) = tables.get_mut(&row.table) {
            let (oid, of, name) = (row.oid, row.table, row.name.clone());
            match index::index(row) {
                Ok((index, not_understood)) => {
                    table.indexes.push(index);
                    table.not_understood.extend(not_understood);
                }
                Err(NoText) => untold.add("indexes", oid, &name, Some(of)),
            }
        }
    }
    for table in tables.values() {
        let notice = |what: &String| Notice::new(NoticeKind::NotUnderstood, format!("{}: {what}", table.name));
        notices.extend(table.not_understood.iter().map(|what| notice(what).on(&table.name)));
    }
    (tables, sequences.into_values().collect())
}

fn table(mut row: TableRow, untold: &mut Untold) -> Table {
    let mut table = Table::new(TableName::qualified(&row.schema, &row.name));
    table.kind = match row.kind.as_str() {
        _ if row.of_extension => TableKind::Extension,
        _ if row.is_partition => TableKind::Partition,
        "p" => TableKind::Partitioned,
        "f" => TableKind::Foreign,
        _ => TableKind::Ordinary,
    };
    table.options = TableOptions {
        unlogged: row.unlogged,
        partition: partition(&row).unwrap_or_else(|NoText| {
            untold.add("tables", row.oid, &row.name, Some(row.oid));
            None
        }),
        inherits: if row.is_partition {
            Vec::new()
        } else {
            row.parents.take().unwrap_or_default().into_iter().map(name).collect()
        },
        extra: options(&row),
        ..TableOptions::default()
    };
    table.not_understood = peculiarities(&row);
    table.incomplete = !["r", "p", "f"].contains(&row.kind.as_str());
    table.comment = row.comment;
    table
}

/// `RANGE (at)` for a parent; `public.events FOR VALUES FROM (…) TO (…)` for a partition, with both for one that is
/// divided again.
fn partition(row: &TableRow) -> Result<Option<String>, NoText> {
    let key = match row.kind.as_str() {
        "p" => Some(present(row.partition_key.clone())?),
        _ => None,
    };
    if !row.is_partition {
        return Ok(key);
    }
    let of = present(row.partition_of.clone())?;
    Ok(Some(match key {
        Some(key) => format!("{of} PARTITION BY {key}"),
        None => of,
    }))
}

/// The storage parameters, one an entry; for a foreign table, where its rows are; and in capitals, what `ALTER TABLE`
/// says of it.
fn options(row: &TableRow) -> Vec<String> {
    let mut options: Vec<String> = row.server.iter().cloned().collect();
    options.extend(row.options.iter().flatten().cloned());
    options.extend(row.toast_options.iter().flatten().map(|option| format!("toast.{option}")));
    options.extend(row.of_type.iter().map(|ty| format!("OF {ty}")));
    options.extend(row.clustered_on.iter().map(|index| format!("CLUSTER ON {index}")));
    options.extend(row.replica_identity.iter().map(|identity| format!("REPLICA IDENTITY {identity}")));
    options
}

/// What a table may be and the vocabulary has no word for.
fn peculiarities(row: &TableRow) -> Vec<String> {
    let of_type = row.of_type.as_ref().map(|ty| format!("it is a table OF {ty}"));
    let method = row.access_method.as_ref().map(|method| format!("it is kept USING {method}"));
    let known = ["r", "p", "f"].contains(&row.kind.as_str());
    let kind = (!known).then(|| format!("it is a table of the kind `{}`", row.kind));
    of_type.into_iter().chain(method).chain(kind).collect()
}

fn name((schema, name): Pair) -> TableName {
    TableName::qualified(schema, name)
}

fn column(
    row: &ColumnRow,
    table: &mut Table,
    sequences: &mut BTreeMap<i64, SequenceRow>,
    notices: &mut Vec<Notice>,
) -> Result<Column, NoText> {
    let ty = types::column_type(row);
    let mut column = Column::new(&row.name, ty);
    column.nullable = !row.not_null;
    match (row.has_default, row.generated.as_str()) {
        (true, "s") => column.generated = Some(generated(row, GeneratedKind::Stored)?),
        (true, "v") => column.generated = Some(generated(row, GeneratedKind::Virtual)?),
        (true, "") => match serial(row, &column.ty, sequences) {
            Some(sequence) => {
                let name = TableName::qualified(&sequence.schema, &sequence.name).to_key();
                column.auto_increment = Some(AutoIncrement::Serial { sequence: name });
                notices.extend((!is_usual(&sequence, row)).then(|| unusual(&sequence, row, table)));
                if !is_usual(&sequence, row) || sequence.comment.is_some() {
                    sequences.insert(sequence.oid, SequenceRow { of_serial: true, ..sequence });
                }
            }
            None => {
                let sql = present(row.default.clone())?;
                column.default = Some(default::default(&sql, &column.ty, &row.ty));
            }
        },
        (false, _) => {}
        (true, kind) => table.not_understood.push(format!("column {}: generated in the way `{kind}`", row.name)),
    }
    if !row.identity.is_empty() {
        match identity(row, sequences) {
            Some(identity) => column.auto_increment = Some(AutoIncrement::Identity(identity)),
            // From PostgreSQL 17 on a partition counts with its parent's sequence.
            None if table.kind == TableKind::Partition => {}
            None => table.not_understood.push(format!("column {}: identity of kind `{}`", row.name, row.identity)),
        }
    }
    column.extra = column_clauses(row, table);
    column.collation = row.collation.clone().map(|(schema, name)| TableName { schema, name }.to_key());
    column.comment = row.comment.clone();
    Ok(column)
}

fn generated(row: &ColumnRow, kind: GeneratedKind) -> Result<Generated, NoText> {
    let sql = present(row.default.clone())?;
    Ok(Generated { expression: without_outer_parens(&sql).to_owned(), kind })
}

/// The sequence behind a `serial` column: the column owns it, and its default is the sequence's next number and
/// nothing else.
fn serial(row: &ColumnRow, ty: &Type, sequences: &mut BTreeMap<i64, SequenceRow>) -> Option<SequenceRow> {
    let whole = matches!(ty, Type::Integer { .. });
    let default = row.default.as_deref()?;
    let [oid] = row.default_uses.as_deref()? else { return None };
    let sequence = sequences.get(oid)?;
    let owned = sequence.ownership.as_deref() == Some("a")
        && (sequence.table, sequence.number) == (Some(row.table), Some(row.number));
    let plain = default.starts_with("nextval('") && default.ends_with("'::regclass)");
    if whole && owned && plain { sequences.remove(oid) } else { None }
}

/// Whether a `serial` column would make this sequence.
fn is_usual(sequence: &SequenceRow, row: &ColumnRow) -> bool {
    let counts = (sequence.start, sequence.increment, sequence.min, sequence.cache, sequence.cycle);
    counts == (1, 1, 1, 1, false) && sequence.max == largest(&sequence.ty) && sequence.ty == row.ty
}

fn unusual(sequence: &SequenceRow, row: &ColumnRow, table: &Table) -> Notice {
    let message = format!(
        "{}.{}: the options of its sequence {}.{} (start {}, increment {}, …) are not the usual ones of serial, and are \
         not compared",
        table.name, row.name, sequence.schema, sequence.name, sequence.start, sequence.increment
    );
    Notice::new(NoticeKind::NotComparable, message).on(&table.name).named(&row.name)
}

fn largest(ty: &str) -> i64 {
    match ty {
        "smallint" => i16::MAX.into(),
        "integer" => i32::MAX.into(),
        _ => i64::MAX,
    }
}

fn identity(row: &ColumnRow, sequences: &mut BTreeMap<i64, SequenceRow>) -> Option<Identity> {
    let mode = match row.identity.as_str() {
        "a" => IdentityMode::Always,
        "d" => IdentityMode::ByDefault,
        _ => return None,
    };
    let place = (Some(row.table), Some(row.number));
    let (&oid, _) = sequences.iter().find(|(_, sequence)| {
        sequence.ownership.as_deref() == Some("i") && (sequence.table, sequence.number) == place
    })?;
    let sequence = sequences.remove(&oid)?;
    Some(Identity {
        mode,
        start: sequence.start,
        increment: sequence.increment,
        min: sequence.min,
        max: sequence.max,
        cache: sequence.cache,
        cycle: sequence.cycle,
    })
}

/// How the column is stored and counted, where not as its type is.
fn column_clauses(row: &ColumnRow, table: &mut Table) -> Vec<String> {
    let mut clauses: Vec<String> = row.foreign_options.iter().cloned().collect();
    match row.storage.as_deref() {
        None => {}
        Some("p") => clauses.push("STORAGE PLAIN".to_owned()),
        Some("e") => clauses.push("STORAGE EXTERNAL".to_owned()),
        Some("m") => clauses.push("STORAGE MAIN".to_owned()),
        Some("x") => clauses.push("STORAGE EXTENDED".to_owned()),
        Some(other) => table.not_understood.push(format!("column {}: storage `{other}`", row.name)),
    }
    match row.compression.as_deref() {
        None => {}
        Some("p") => clauses.push("COMPRESSION pglz".to_owned()),
        Some("l") => clauses.push("COMPRESSION lz4".to_owned()),
        Some(other) => table.not_understood.push(format!("column {}: compression `{other}`", row.name)),
    }
    clauses.extend(row.statistics.map(|target| format!("STATISTICS {target}")));
    clauses.extend(row.options.as_ref().map(|options| format!("({})", options.join(", "))));
    clauses
}
