//! A plan or a schema as a script for the database's own client.

use autogen_schema::{Backend, Object, Schema, visible};

use super::{create_sql, full_sql, recreate_sql};
use crate::dialect::{Dialect, dialect};
use crate::statement::Statement;
use crate::{Hazard, Plan, Step};

/// The statements of the way up, with their hazards as comments. Views, triggers and the like are compared as text, and
/// where they differ from `from` to `to` they stand at the end as comments: to make them is left to a person.
pub fn script(plan: &Plan, from: &Schema, to: &Schema) -> String {
    let dialect = dialect(plan.backend);
    let guarded = plan.up.iter().any(|step| matches!(step.statement, Statement::Rebuild(_)));
    let [begin, end] = if plan.up.is_empty() { ["", ""] } else { dialect.script_frame(guarded) };
    let mut script = begin.to_owned();
    for Step { statement, hazards, .. } in &plan.up {
        Hazard::told(hazards).for_each(|hazard| push_comment(&mut script, &format!("warning: {}", hazard.message)));
        full_sql(dialect, std::slice::from_ref(statement)).iter().for_each(|sql| push_sql(&mut script, dialect, sql));
    }
    script.push_str(end);
    push_objects(&mut script, &from.objects, &to.objects);
    script
}

/// The statements that make `schema` in an empty database: all of it, with what is kept word for word, where it was read
/// from such a database (`is_read`), else its tables and enum types. What could not be read stands in comments.
pub fn schema_script(schema: &Schema, backend: Backend, default_schema: Option<&str>, is_read: bool) -> String {
    let dialect = dialect(backend);
    let statements = match is_read {
        true => recreate_sql(schema, backend, default_schema),
        false => create_sql(schema, backend, default_schema),
    };
    let [begin, end] = if statements.is_empty() { ["", ""] } else { dialect.script_frame(false) };
    let mut script = begin.to_owned();
    for (name, table) in &schema.tables {
        table.not_understood.iter().for_each(|what| push_comment(&mut script, &format!("warning: {name}: {what}")));
    }
    for object in schema.objects.iter().filter(|object| is_read && object.definition.is_empty()) {
        push_comment(&mut script, &format!("warning: the text of {} could not be read", words(object)));
    }
    statements.iter().for_each(|sql| push_sql(&mut script, dialect, sql));
    script + end
}

fn push_sql(script: &mut String, dialect: &dyn Dialect, sql: &str) {
    // What a person wrote may end in a comment, which would swallow the semicolon.
    let comment = sql.lines().next_back().is_some_and(|line| line.contains("--") || line.contains('#'));
    let sql = if comment { format!("{sql}\n") } else { sql.to_owned() };
    script.push_str(&dialect.for_client(&sql));
}

fn push_objects(script: &mut String, from: &[Object], to: &[Object]) {
    for object in from.iter().filter(|object| !to.iter().any(|other| is_same_place(object, other))) {
        push_comment(script, &format!("{} is in the first only", words(object)));
    }
    for object in to {
        match from.iter().find(|other| is_same_place(object, other)) {
            Some(other) if other.definition == object.definition => continue,
            Some(_) => push_comment(script, &format!("{} differs; in the second it is", words(object))),
            None => push_comment(script, &format!("{} is in the second only", words(object))),
        }
        object.definition.split(['\n', '\r']).for_each(|line| push_comment(script, &format!("  {line}")));
    }
}

fn is_same_place(one: &Object, other: &Object) -> bool {
    one.kind == other.kind && one.name == other.name && one.table == other.table
}

fn words(object: &Object) -> String {
    let on = object.table.as_ref().map(|table| format!(" on {table}")).unwrap_or_default();
    format!("{} {}{on}", object.kind.noun(), object.name)
}

/// One line, whatever the text holds: what follows a line end would be a statement.
fn push_comment(script: &mut String, text: &str) {
    script.push_str(format!("-- {}", visible(text)).trim_end());
    script.push('\n');
}

#[cfg(test)]
mod tests {
    use autogen_schema::{ObjectKind, TableName};

    use super::*;

    fn view(name: &str, definition: &str) -> Object {
        let name = TableName::bare(name);
        Object { kind: ObjectKind::View, name, table: None, depends_on: Vec::new(), definition: definition.into() }
    }

    fn objects(from: &[Object], to: &[Object]) -> String {
        let mut script = String::new();
        push_objects(&mut script, from, to);
        script
    }

    #[test]
    fn no_text_leaves_its_comment() {
        let hostile = view("a\nDROP TABLE x; --", "CREATE VIEW a AS\nSELECT 1;\r\nDROP TABLE x");
        let script = objects(std::slice::from_ref(&hostile), &[view("b\rDROP", "SELECT\u{2028}1"), hostile.clone()]);
        assert!(script.lines().all(|line| line.starts_with("--")), "{script}");
        let script = objects(&[], &[hostile]);
        assert!(script.lines().all(|line| line.starts_with("--")) && !script.contains('\r'), "{script}");
        assert!(script.contains("DROP TABLE x"));
    }

    #[test]
    fn the_client_of_mysql_sends_a_body_in_one_piece() {
        let body = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = '$$'; SET @b = 1; END -- done";
        let mut script = String::new();
        push_sql(&mut script, dialect(Backend::Mariadb), body);
        assert_eq!(script, format!("DELIMITER $$$\n{body}\n$$$\nDELIMITER ;\n"));
        script.clear();
        push_sql(&mut script, dialect(Backend::Mariadb), "ALTER TABLE t ALTER a SET DEFAULT ';'");
        assert_eq!(script, "ALTER TABLE t ALTER a SET DEFAULT ';';\n");
        script.clear();
        push_sql(&mut script, dialect(Backend::Sqlite), "CREATE VIEW v AS\nSELECT 1 -- one");
        assert_eq!(script, "CREATE VIEW v AS\nSELECT 1 -- one\n;\n");
    }

    #[test]
    fn what_is_equal_is_not_mentioned() {
        assert_eq!(objects(&[view("a", "SELECT 1")], &[view("a", "SELECT 1")]), "");
        assert!(objects(&[view("a", "SELECT 1")], &[view("a", "SELECT 2")]).contains("SELECT 2"));
    }
}
