//! What changes cost on MySQL and MariaDB: whether the server changes the table in the catalog alone, writes it again
//! while others go on, or copies it while nobody may write.
//! See https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html and
//! https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/

use autogen_schema::{
    Backend, Column, DefaultValue, GeneratedKind, Index, IndexKey, Schema, Table, TableOptions, Type,
};

use super::super::Dialect;
use super::super::weight::{QUIET, Scales, Waits, Weight, Work, calls};
use super::{Mysql, columns};
use crate::change::TableDetails;
use crate::{Change, Labelled};

const TOOL: &str = "if it is large, use gh-ost";
const ROOM: &str = "others go on, but disk and replicas must keep up";

/// The worst that a change makes the server do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effort {
    /// Nothing that grows with the rows, or an index that is built while others go on.
    Little,
    /// The table is written again while others go on (`ALGORITHM=INPLACE, LOCK=NONE`).
    InPlace,
    /// An index is built, and nobody may write (`ALGORITHM=INPLACE, LOCK=SHARED`).
    Shared,
    /// The table is written again, and nobody may write (`ALGORITHM=COPY`).
    Copy,
}

/// How the server does what [`super::lower`] asks of it, where that is not said in `ALGORITHM=…`: as cheaply as it can.
pub(super) fn weigh(dialect: &Mysql, change: &Change, now: &Schema, _: &Scales<'_>) -> Vec<Weight> {
    let Some(table) = change.table() else { return Vec::new() };
    let weight = |work, waits, remedy| vec![Weight::of(table, work, waits, remedy)];
    match effort(dialect, change, now.tables.get(table)) {
        Effort::Little => Vec::new(),
        Effort::InPlace => weight(Work::Rewrite, Waits::Nobody, ROOM),
        Effort::Shared => weight(Work::Index, Waits::Writers, TOOL),
        // gh-ost takes no table with foreign keys.
        Effort::Copy if matches!(change, Change::AddForeignKey { .. }) => weight(Work::Rewrite, Waits::Writers, QUIET),
        Effort::Copy => weight(Work::Rewrite, Waits::Writers, TOOL),
    }
}

fn effort(dialect: &Mysql, change: &Change, holder: Option<&Table>) -> Effort {
    match change {
        Change::AddColumn { column, .. } => added(dialect, column),
        // With the column go its indexes, and then the rows are written without it.
        Change::DropColumn { column, .. } if holder.is_some_and(|table| is_indexed(table, &column.name)) => {
            Effort::InPlace
        }
        Change::AlterColumn { from, to, .. } => altered(dialect, from, to, holder),
        // The rows lie in the order of the key.
        Change::SetPrimaryKey { to: Some(_), .. } => Effort::InPlace,
        Change::SetPrimaryKey { to: None, .. } => Effort::Copy,
        Change::AddIndex { index, .. } => indexed(index),
        Change::AddForeignKey { .. } => Effort::Copy,
        // MariaDB takes a check that stands at its column without looking at the rows.
        Change::AddCheck { check, .. } if !columns::stands_at_column(dialect, check) && !check.not_valid => {
            Effort::Copy
        }
        Change::RenameEnumValue { of: Labelled::Column { .. }, .. } => Effort::Copy,
        Change::SetTableOptions { from, to, .. } => options(from, to),
        Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { of: Labelled::Type(_), .. } => Effort::Little,
    }
}

fn added(dialect: &Mysql, column: &Column) -> Effort {
    if is_stored(column) || column.auto_increment.is_some() || has_computed_default(dialect, column) {
        return Effort::Copy;
    }
    Effort::Little
}

fn is_stored(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|generated| generated.kind == GeneratedKind::Stored)
}

/// Whether the server works the default out for the rows there are. MySQL does so with every expression but the time of
/// the statement; MariaDB works out once what is the same for all rows.
fn has_computed_default(dialect: &Mysql, column: &Column) -> bool {
    const TIMES: &[&str] =
        &["current_timestamp", "now", "localtimestamp", "localtime", "curdate", "current_date", "utc_timestamp"];
    const CONSTANT: &[&str] =
        &["concat", "lower", "upper", "json_array", "json_object", "coalesce", "ifnull", "cast", "char", "date_format"];
    match (&column.default, dialect.backend) {
        (Some(DefaultValue::Expression(sql)), Backend::Mariadb) => {
            calls(sql).any(|name| !TIMES.contains(&name.as_str()) && !CONSTANT.contains(&name.as_str()))
        }
        (Some(DefaultValue::Expression(sql)), _) => {
            let word = sql.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
            !TIMES.contains(&word.as_str())
        }
        (Some(DefaultValue::Text(_) | DefaultValue::Number(_) | DefaultValue::Boolean(_)), Backend::Mysql) => {
            !dialect.takes_literal_default(&column.ty)
        }
        _ => false,
    }
}

fn altered(dialect: &Mysql, from: &Column, to: &Column, holder: Option<&Table>) -> Effort {
    if columns::is_made_anew(from, to) {
        return added(dialect, to);
    }
    let is_mariadb = dialect.backend == Backend::Mariadb;
    let mut effort = Effort::Little;
    let mut needs = |what: Effort| effort = effort.max(what);
    if from.generated != to.generated && !(is_mariadb && !is_stored(from) && !is_stored(to)) {
        needs(Effort::Copy);
    }
    if from.ty != to.ty {
        needs(retyped(dialect, from, to, holder));
    }
    if from.charset != to.charset {
        needs(Effort::Copy);
    }
    // MariaDB builds the indexes again and lets others go on.
    if from.collation != to.collation && !is_mariadb && holder.is_some_and(|table| is_indexed(table, &to.name)) {
        needs(Effort::Copy);
    }
    if from.nullable != to.nullable {
        needs(Effort::InPlace);
    }
    if from.auto_increment != to.auto_increment && !(is_mariadb && to.auto_increment.is_none()) {
        needs(Effort::Copy);
    }
    effort
}

fn retyped(dialect: &Mysql, from: &Column, to: &Column, holder: Option<&Table>) -> Effort {
    let stays = match (&from.ty, &to.ty) {
        (Type::Enum { labels: from, .. }, Type::Enum { labels: to, .. }) => {
            // A label is one byte, and two from the 256th on.
            to.starts_with(from) && (from.len() < 256) == (to.len() < 256)
        }
        (Type::Varchar { length: Some(length) }, Type::Varchar { length: Some(longer) }) if length <= longer => {
            let width = bytes_of_a_letter(to, holder);
            let (length, longer) = (length * width, longer * width);
            // The length of a value stands before it, in one byte or two.
            let room = if dialect.backend == Backend::Mariadb { 127 } else { 0 };
            (length < 256) == (longer < 256) || length <= room
        }
        _ => false,
    };
    if stays { Effort::Little } else { Effort::Copy }
}

/// How many bytes the server reserves for a letter; the most that there are where nobody says.
fn bytes_of_a_letter(column: &Column, holder: Option<&Table>) -> u32 {
    let options = holder.map(|table| &table.options);
    let of_table =
        |option: fn(&TableOptions) -> &Option<String>| options.and_then(|options| option(options).as_deref());
    let charset = column.charset.as_deref().or(column.collation.as_deref());
    let charset = charset.or_else(|| of_table(|options| &options.charset));
    let charset = charset.or_else(|| of_table(|options| &options.collation)).unwrap_or_default();
    match charset.split('_').next().unwrap_or_default() {
        "latin1" | "latin2" | "ascii" | "binary" | "cp1250" | "cp1251" | "cp1252" => 1,
        "utf8" | "utf8mb3" => 3,
        _ => 4,
    }
}

fn is_indexed(table: &Table, column: &str) -> bool {
    let within = |columns: &[String]| columns.iter().any(|name| name == column);
    table.indexes.iter().any(|index| columns::is_over(index, column))
        || table.primary_key.iter().any(|key| within(&key.columns))
}

fn indexed(index: &Index) -> Effort {
    let computed = index.parts.iter().any(|part| matches!(part.key, IndexKey::Expression(_)));
    let special = index.method.as_deref().is_some_and(|method| matches!(method, "fulltext" | "spatial" | "rtree"));
    if computed || special { Effort::Shared } else { Effort::Little }
}

fn options(from: &TableDetails, to: &TableDetails) -> Effort {
    let (old, new) = (&from.options, &to.options);
    let laid_out = |options: &TableOptions| -> Vec<String> {
        let words = ["ROW_FORMAT", "KEY_BLOCK_SIZE", "ENCRYPTION", "COMPRESSION", "PAGE_COMPRESSED"];
        let is_about = |option: &&String| words.iter().any(|word| option.to_ascii_uppercase().starts_with(word));
        options.extra.iter().filter(is_about).cloned().collect()
    };
    if old.engine != new.engine || old.charset != new.charset || old.collation != new.collation {
        // The columns follow, one by one.
        Effort::Copy
    } else if laid_out(old) != laid_out(new) {
        Effort::InPlace
    } else {
        Effort::Little
    }
}
