//! What is kept word for word: views, triggers, functions, procedures and events.
//!
//! `SHOW CREATE` would need a query for each, so the statements are put together from the catalog's pieces, unless those
//! are damaged.

use std::collections::BTreeSet;

use autogen_schema::{Notice, NoticeKind, Object, ObjectKind, TableName};

use crate::scope::TableFilter;

use super::catalog::Catalog;
use super::expression::{quoted, quoted_text, tokens, without_database};
use super::rows::{EventRow, ParameterRow, RoutineRow, SequenceRow, TableRow, TriggerRow, ViewRow};

/// Everything that is no table, views first. A trigger is read with its table.
pub(super) fn read(
    catalog: &Catalog,
    tables: &[TableRow],
    filter: &TableFilter,
    notices: &mut Vec<Notice>,
) -> Vec<Object> {
    let known: BTreeSet<&str> = tables.iter().map(|row| row.name.as_str()).collect();
    let in_scope = views_in_scope(catalog, &known, filter);
    let mut objects = Vec::new();
    for row in catalog.views.iter().filter(|row| in_scope.contains(row.name.as_str())) {
        objects.push(view(row, &catalog.database, &known).unwrap_or_else(|notice| {
            notices.push(*notice);
            unread_view(&row.name)
        }));
    }
    let triggers = catalog.triggers.iter().filter(|row| filter.admits(&row.table_name));
    let found: Vec<Result<Object, Box<Notice>>> = triggers
        .map(|row| Ok(original(trigger(row)?, catalog, "TRIGGER")))
        .chain(catalog.routines.iter().map(|row| Ok(original(routine(row, &catalog.parameters)?, catalog, &row.kind))))
        .chain(catalog.events.iter().map(|row| Ok(original(event(row)?, catalog, "EVENT"))))
        .collect();
    for result in found {
        match result {
            Ok(object) => objects.push(object),
            Err(notice) => notices.push(*notice),
        }
    }
    objects.extend(sequences(catalog, tables, filter));
    objects
}

/// The views that are in scope by their own name, or hang on a table that is, directly or by way of a view.
fn views_in_scope<'c>(catalog: &'c Catalog, known: &BTreeSet<&'c str>, filter: &TableFilter) -> BTreeSet<&'c str> {
    let views: BTreeSet<&str> = catalog.views.iter().map(|row| row.name.as_str()).collect();
    let mut kept: BTreeSet<&str> = known.iter().copied().filter(|name| filter.admits(name)).collect();
    loop {
        let before = kept.len();
        for row in &catalog.views {
            let named = mentioned(row.body.as_deref().unwrap_or_default(), &catalog.database, known);
            if named.iter().any(|table| kept.contains(table.name.as_str())) {
                kept.insert(&row.name);
            }
        }
        if kept.len() == before {
            return kept.intersection(&views).copied().collect();
        }
    }
}

/// The object with the statement as the server gives it, where it was asked for.
fn original(mut object: Object, catalog: &Catalog, kind: &str) -> Object {
    let found = catalog.originals.iter().find(|((sort, name), _)| *sort == kind && *name == object.name.name);
    if let Some((_, text)) = found {
        object.definition = text.trim_end_matches(';').to_owned();
    }
    object
}

/// The text of an object that the database user may see; the catalog shows an empty one to others.
fn body<'r>(kind: ObjectKind, name: &str, text: Option<&'r str>) -> Result<&'r str, Box<Notice>> {
    text.map(|text| text.trim().trim_end_matches(';').trim_end()).filter(|text| !text.is_empty()).ok_or_else(|| {
        let message = format!(
            "{} {name}: the database user may not see its definition; grant SHOW VIEW, TRIGGER or SHOW_ROUTINE",
            kind.noun()
        );
        unread(name, message)
    })
}

fn unread(name: &str, message: String) -> Box<Notice> {
    Box::new(Notice::new(NoticeKind::NotUnderstood, message).named(name))
}

/// A view whose text is hidden is there, and no table of its name may be made.
fn unread_view(name: &str) -> Object {
    Object {
        kind: ObjectKind::View,
        name: TableName::bare(name),
        table: None,
        depends_on: Vec::new(),
        definition: String::new(),
    }
}

fn view(row: &ViewRow, database: &str, known: &BTreeSet<&str>) -> Result<Object, Box<Notice>> {
    let body = body(ObjectKind::View, &row.name, row.body.as_deref())?;
    let mut text = "CREATE".to_owned();
    if let Some(algorithm) = row.algorithm.as_deref().filter(|name| *name != "UNDEFINED") {
        text.push_str(&format!(" ALGORITHM={algorithm}"));
    }
    push_definer(&mut text, row.definer.as_deref());
    push_security(&mut text, row.security.as_deref());
    text.push_str(&format!(" VIEW {} AS {}", quoted(&row.name), without_database(body, database)));
    if let Some(option) = row.check_option.as_deref().filter(|option| *option != "NONE") {
        text.push_str(&format!(" WITH {option} CHECK OPTION"));
    }
    Ok(Object {
        kind: ObjectKind::View,
        name: TableName::bare(&row.name),
        table: None,
        depends_on: mentioned(body, database, known),
        definition: text,
    })
}

fn trigger(row: &TriggerRow) -> Result<Object, Box<Notice>> {
    let body = body(ObjectKind::Trigger, &row.name, row.body.as_deref())?;
    let mut text = "CREATE".to_owned();
    push_definer(&mut text, row.definer.as_deref());
    let (name, table) = (quoted(&row.name), quoted(&row.table_name));
    text.push_str(&format!(" TRIGGER {name} {} {} ON {table} FOR EACH ROW {body}", row.timing, row.event));
    Ok(Object {
        kind: ObjectKind::Trigger,
        name: TableName::bare(&row.name),
        table: Some(TableName::bare(&row.table_name)),
        depends_on: Vec::new(),
        definition: text,
    })
}

fn routine(row: &RoutineRow, parameters: &[ParameterRow]) -> Result<Object, Box<Notice>> {
    let body = body(ObjectKind::Function, &row.name, row.body.as_deref())?;
    if !["FUNCTION", "PROCEDURE"].contains(&row.kind.as_str()) {
        let message = format!("{} is a {}, which is not read", row.name, row.kind.to_ascii_lowercase());
        return Err(unread(&row.name, message));
    }
    let mut text = "CREATE".to_owned();
    push_definer(&mut text, row.definer.as_deref());
    let own = parameters.iter().filter(|parameter| parameter.routine == row.name && parameter.kind == row.kind);
    let list: Vec<String> = own.map(|parameter| declared(parameter, &row.kind)).collect();
    text.push_str(&format!(" {} {}({})", row.kind, quoted(&row.name), list.join(", ")));
    if let Some(returns) = row.returns.as_deref().filter(|_| row.kind == "FUNCTION") {
        text.push_str(&format!(" RETURNS {returns}"));
        push_charset(&mut text, row.charset.as_deref());
    }
    if row.is_deterministic == "YES" {
        text.push_str(" DETERMINISTIC");
    }
    if let Some(access) = row.data_access.as_deref().filter(|access| *access != "CONTAINS SQL") {
        text.push_str(&format!(" {access}"));
    }
    push_security(&mut text, row.security.as_deref().filter(|security| *security != "DEFINER"));
    if let Some(comment) = row.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text.push_str(&format!(" COMMENT {}", quoted_text(comment)));
    }
    text.push_str(&format!(" {body}"));
    Ok(Object {
        kind: ObjectKind::Function,
        name: TableName::bare(&row.name),
        table: None,
        depends_on: Vec::new(),
        definition: text,
    })
}

fn sequences<'c>(
    catalog: &'c Catalog,
    tables: &'c [TableRow],
    filter: &'c TableFilter,
) -> impl Iterator<Item = Object> + 'c {
    let named = tables.iter().filter(|row| row.kind == "SEQUENCE").map(|row| row.name.as_str());
    let options = |place: usize| catalog.sequences.iter().find(move |row| usize::try_from(row.place) == Ok(place));
    let found = named.enumerate().filter_map(move |(place, name)| Some((name, options(place)?)));
    found.filter(|(name, _)| filter.admits(name)).map(|(name, row)| sequence(name, row))
}

fn sequence(name: &str, row: &SequenceRow) -> Object {
    let cycle = if row.cycles == 0 { "NOCYCLE" } else { "CYCLE" };
    let definition = format!(
        "CREATE SEQUENCE {} START WITH {} MINVALUE {} MAXVALUE {} INCREMENT BY {} CACHE {} {cycle}",
        quoted(name),
        row.start_value,
        row.minimum,
        row.maximum,
        row.increment,
        row.cache
    );
    let name = TableName::bare(name);
    Object { kind: ObjectKind::Sequence, name, table: None, depends_on: Vec::new(), definition }
}

fn declared(parameter: &ParameterRow, routine_kind: &str) -> String {
    let mut text = match parameter.mode.as_deref().filter(|_| routine_kind == "PROCEDURE") {
        Some(mode) => format!("{mode} "),
        None => String::new(),
    };
    text.push_str(&quoted(parameter.name.as_deref().unwrap_or_default()));
    text.push_str(&format!(" {}", parameter.parameter_type.as_deref().unwrap_or_default()));
    push_charset(&mut text, parameter.charset.as_deref());
    text
}

fn event(row: &EventRow) -> Result<Object, Box<Notice>> {
    let body = body(ObjectKind::Event, &row.name, row.body.as_deref())?;
    let mut text = "CREATE".to_owned();
    push_definer(&mut text, row.definer.as_deref());
    text.push_str(&format!(" EVENT {} ON SCHEDULE", quoted(&row.name)));
    match (&row.execute_at, &row.interval_value, &row.interval_field) {
        (Some(at), _, _) if row.kind == "ONE TIME" => text.push_str(&format!(" AT {}", quoted_text(at))),
        (_, Some(value), Some(field)) => {
            text.push_str(&format!(" EVERY {} {field}", quoted_text(value.trim_matches('\''))));
            push_moment(&mut text, "STARTS", row.starts.as_deref());
            push_moment(&mut text, "ENDS", row.ends.as_deref());
        }
        _ => {
            let message = format!("event {}: its schedule is not understood", row.name);
            return Err(unread(&row.name, message));
        }
    }
    text.push_str(&format!(" ON COMPLETION {}", row.on_completion.as_deref().unwrap_or("NOT PRESERVE")));
    text.push_str(match row.status.as_str() {
        "ENABLED" => " ENABLE",
        "DISABLED" => " DISABLE",
        _ => " DISABLE ON SLAVE",
    });
    if let Some(comment) = row.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text.push_str(&format!(" COMMENT {}", quoted_text(comment)));
    }
    text.push_str(&format!(" DO {body}"));
    Ok(Object {
        kind: ObjectKind::Event,
        name: TableName::bare(&row.name),
        table: None,
        depends_on: Vec::new(),
        definition: text,
    })
}

/// `root@localhost` as `DEFINER=`root`@`localhost``; a role has no host.
fn push_definer(text: &mut String, definer: Option<&str>) {
    let Some(definer) = definer.filter(|definer| !definer.is_empty()) else { return };
    match definer.rsplit_once('@') {
        Some((user, host)) if !host.is_empty() => {
            text.push_str(&format!(" DEFINER={}@{}", quoted(user), quoted(host)));
        }
        Some((role, _)) => text.push_str(&format!(" DEFINER={}", quoted(role))),
        None => text.push_str(&format!(" DEFINER={}", quoted(definer))),
    }
}

fn push_security(text: &mut String, security: Option<&str>) {
    if let Some(security) = security {
        text.push_str(&format!(" SQL SECURITY {security}"));
    }
}

fn push_charset(text: &mut String, charset: Option<&str>) {
    if let Some(charset) = charset {
        text.push_str(&format!(" CHARSET {charset}"));
    }
}

fn push_moment(text: &mut String, word: &str, moment: Option<&str>) {
    if let Some(moment) = moment {
        text.push_str(&format!(" {word} {}", quoted_text(moment)));
    }
}

/// The tables and views that the text names, which the server always writes with their database.
fn mentioned(text: &str, database: &str, known: &BTreeSet<&str>) -> Vec<TableName> {
    let name = quoted(database);
    let pieces: Vec<&str> = tokens(text).map(|(_, token)| token).collect();
    let found: BTreeSet<&str> = pieces
        .windows(3)
        .filter(|window| window[0] == name && window[1] == ".")
        .filter_map(|window| known.iter().find(|table| quoted(table) == window[2]).copied())
        .collect();
    found.into_iter().map(TableName::bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definer_may_hold_anything() {
        let definer = |text: &str| {
            let mut sql = String::new();
            push_definer(&mut sql, Some(text));
            sql
        };
        assert_eq!(definer("root@localhost"), " DEFINER=`root`@`localhost`");
        assert_eq!(definer("a@b`c@%"), " DEFINER=`a@b``c`@`%`");
        assert_eq!(definer("editors@"), " DEFINER=`editors`");
    }
}
