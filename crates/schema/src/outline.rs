//! A schema as a person looks at it: aligned, short, and nothing in it that is as usual.

use crate::{
    AutoIncrement, Check, Column, Deferrable, ForeignKey, GeneratedKind, Index, IndexKey, NullsOrder,
    ReferentialAction, Schema, SortOrder, Table, TableKind, Unique, visible,
};

impl Schema {
    /// The tables with their columns and keys, then the enum types and what is kept word for word, a line for each.
    ///
    /// It is for eyes: names and texts stand without quotes and escapes, except for letters that cannot be seen.
    pub fn outline(&self) -> String {
        let mut paragraphs: Vec<String> = self.tables.values().map(table).collect();
        let enums = self.enums.values().map(|ty| {
            let comment = ty.comment.as_deref().map(remark).unwrap_or_default();
            line(&format!("enum {} ({}){comment}", ty.name, ty.labels.join(", ")))
        });
        let objects = self.objects.iter().map(|object| {
            let on = object.table.as_ref().map(|table| format!(" on {table}")).unwrap_or_default();
            line(&format!("{} {}{on}", object.kind.noun(), object.name))
        });
        let rest: String = enums.chain(objects).collect();
        paragraphs.extend((!rest.is_empty()).then_some(rest));
        if paragraphs.is_empty() { "no tables\n".to_owned() } else { paragraphs.join("\n") }
    }
}

fn line(text: &str) -> String {
    format!("{}\n", visible(text).trim_end())
}

/// A comment of the database, behind what it is about.
fn remark(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("  -- {text}") }
}

fn table(table: &Table) -> String {
    let kind = kind_words(table).map(|words| format!(" ({words})")).unwrap_or_default();
    let comment = table.comment.as_deref().map(remark).unwrap_or_default();
    let mut text = line(&format!("{}{kind}{comment}", table.name));
    column_lines(table).chain(part_lines(table)).for_each(|part| text.push_str(&line(&format!("  {part}"))));
    text
}

/// What a table is beside ordinary: `partitioned by RANGE (at), unlogged`.
fn kind_words(table: &Table) -> Option<String> {
    let options = &table.options;
    let partition = |words: &str| format!("{words} {}", options.partition.as_deref().unwrap_or_default());
    let kind = match table.kind {
        TableKind::Ordinary => None,
        TableKind::Partitioned => Some(partition("partitioned by")),
        TableKind::Partition => Some(partition("partition of")),
        TableKind::Virtual => Some("virtual".to_owned()),
        TableKind::Shadow => Some("of a virtual table".to_owned()),
        TableKind::Foreign => Some("foreign".to_owned()),
        TableKind::Extension => Some("of an extension".to_owned()),
        TableKind::View => Some("view".to_owned()),
    };
    let flag = |is: bool, words: &str| is.then(|| words.to_owned());
    let parents: Vec<String> = options.inherits.iter().map(ToString::to_string).collect();
    let words = [
        kind.map(|words| words.trim_end().to_owned()),
        flag(!parents.is_empty(), &format!("inherits {}", parents.join(", "))),
        flag(options.strict, "strict"),
        flag(options.without_rowid, "without rowid"),
        flag(options.unlogged, "unlogged"),
        options.engine.clone().filter(|engine| engine != USUAL_ENGINE),
        flag(!options.extra.is_empty(), &options.extra.join(", ")),
        flag(table.incomplete, "not read in full"),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The storage engine that MySQL takes unasked.
const USUAL_ENGINE: &str = "InnoDB";

/// Name, type, and whether it may be empty under each other; what else there is behind them.
fn column_lines(table: &Table) -> impl Iterator<Item = String> {
    let cells = |column: &Column| [visible(&column.name).into_owned(), visible(&column.ty.to_string()).into_owned()];
    let cells: Vec<[String; 2]> = table.columns.values().map(cells).collect();
    let width = |place: usize| cells.iter().map(|cells| cells[place].chars().count()).max().unwrap_or_default();
    let (names, types) = (width(0), width(1));
    table.columns.values().zip(cells).map(move |(column, [name, ty])| {
        let null = if column.nullable { "null" } else { "not null" };
        let rest = column_words(column) + &column.comment.as_deref().map(remark).unwrap_or_default();
        format!("{name:names$}  {ty:types$}  {null:8}  {}", rest.trim_start())
    })
}

fn column_words(column: &Column) -> String {
    let generated = column.generated.as_ref().map(|generated| {
        let kind = match generated.kind {
            GeneratedKind::Stored => "stored",
            GeneratedKind::Virtual => "virtual",
        };
        format!("as ({}) {kind}", generated.expression)
    });
    let numbered = column.auto_increment.as_ref().map(|how| match how {
        AutoIncrement::Unspecified | AutoIncrement::Keyword => "auto increment",
        AutoIncrement::Serial { .. } => "serial",
        AutoIncrement::Identity(_) => "identity",
    });
    let words = [
        column.default.as_ref().map(|default| format!("default {default}")),
        column.on_update.as_ref().map(|clock| format!("on update {clock}")),
        generated,
        numbered.map(str::to_owned),
        column.collation.as_ref().map(|name| format!("collate {name}")),
        column.invisible.then(|| "invisible".to_owned()),
        (!column.extra.is_empty()).then(|| column.extra.join(" ")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn part_lines(table: &Table) -> impl Iterator<Item = String> {
    let key = table.primary_key.iter().map(|key| {
        let extra = if key.extra.is_empty() { String::new() } else { format!(" {}", key.extra.join(" ")) };
        format!("primary key ({}){extra}", key.columns.join(", "))
    });
    key.chain(table.uniques.iter().map(unique))
        .chain(table.foreign_keys.iter().map(foreign_key))
        .chain(table.checks.iter().map(check))
        .chain(table.indexes.iter().map(index))
}

fn named(name: Option<&String>) -> String {
    name.map(|name| format!(" {name}")).unwrap_or_default()
}

fn deferrable_words(when: Option<Deferrable>) -> &'static str {
    match when {
        None => "",
        Some(Deferrable::InitiallyImmediate) => " deferrable",
        Some(Deferrable::InitiallyDeferred) => " deferrable initially deferred",
    }
}

fn include_words(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(" include ({})", columns.join(", ")) }
}

fn nulls_words(not_distinct: bool) -> &'static str {
    if not_distinct { " nulls not distinct" } else { "" }
}

fn unique(unique: &Unique) -> String {
    format!(
        "unique{} ({}){}{}{}",
        named(unique.name.as_ref()),
        unique.columns.join(", "),
        include_words(&unique.include),
        nulls_words(unique.nulls_not_distinct),
        deferrable_words(unique.deferrable)
    )
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut words = format!(
        "foreign key{} ({}) → {} ({})",
        named(key.name.as_ref()),
        key.columns.join(", "),
        key.references,
        key.referenced_columns.join(", ")
    );
    for (event, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if let Some(action) = action.filter(|action| *action != ReferentialAction::NoAction) {
            words.push_str(&format!(" on {event} {}", action.as_sql().to_lowercase()));
        }
    }
    words.push_str(deferrable_words(key.deferrable));
    words.push_str(if key.not_valid { " not valid" } else { "" });
    words
}

fn check(check: &Check) -> String {
    let not_valid = if check.not_valid { " not valid" } else { "" };
    format!("check{} ({}){not_valid}", named(check.name.as_ref()), check.expression)
}

fn index(index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    let method = index.method.as_ref().map(|method| format!(" using {method}")).unwrap_or_default();
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let mut words = match &part.key {
                IndexKey::Column(name) => name.clone(),
                IndexKey::Expression(sql) => format!("({sql})"),
            };
            words.push_str(&part.prefix.map(|length| format!("({length})")).unwrap_or_default());
            words.push_str(&part.collation.as_ref().map(|name| format!(" collate {name}")).unwrap_or_default());
            words.push_str(&named(part.operator_class.as_ref()));
            words.push_str(match part.order {
                SortOrder::Ascending => "",
                SortOrder::Descending => " desc",
            });
            words.push_str(match part.nulls {
                None => "",
                Some(NullsOrder::First) => " nulls first",
                Some(NullsOrder::Last) => " nulls last",
            });
            words
        })
        .collect();
    let flag = |is: bool, words: &'static str| if is { words } else { "" };
    format!(
        "{unique}index {}{method} ({}){}{}{}{}{}{}{}",
        index.name,
        parts.join(", "),
        include_words(&index.include),
        nulls_words(index.nulls_not_distinct),
        index.predicate.as_ref().map(|sql| format!(" where {sql}")).unwrap_or_default(),
        flag(index.invisible, " invisible"),
        flag(index.invalid, " unusable"),
        flag(index.implicit, " for the foreign key"),
        index.comment.as_deref().map(remark).unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DefaultValue, EnumName, EnumType, IndexPart, PrimaryKey, TableName, Type};

    #[test]
    fn a_person_sees_what_is_there_and_nothing_usual() {
        let mut users = Table::new(TableName::bare("users"));
        users.comment = Some("people".into());
        users = users
            .with_column(Column { auto_increment: Some(AutoIncrement::Keyword), ..Column::new("id", Type::text()) })
            .with_column(Column { comment: Some("as\nsaid".into()), ..Column::new("name", Type::text()).null() })
            .with_column(Column::new("größe", Type::text()).with_default(DefaultValue::Text("it's".into())));
        users.primary_key = Some(PrimaryKey::new(["id"]));
        users.uniques = vec![Unique { name: Some("u".into()), ..Unique::new(["name"]) }];
        let mut key = ForeignKey::new(["name"], TableName::bare("names"), ["name"]);
        (key.on_delete, key.on_update) = (Some(ReferentialAction::SetNull), Some(ReferentialAction::NoAction));
        users.foreign_keys = vec![key];
        users.checks = vec![Check { name: Some("c".into()), ..Check::new("name <> ''") }];
        let mut index = Index::new("i", ["name"]).unique();
        index.parts.push(IndexPart { order: SortOrder::Descending, ..IndexPart::expression("lower(name)") });
        index.predicate = Some("name > 'a'".into());
        users.indexes = vec![index];
        let mut schema = Schema::default();
        schema.insert(users);
        let name = EnumName::bare("mood");
        let labels = vec!["sad".into(), "ok".into()];
        schema.enums.insert(name.clone(), EnumType { name, labels, comment: None, origin: crate::Origin::default() });
        assert_eq!(
            schema.outline(),
            "\
users  -- people
  id     text  not null  auto increment
  name   text  null      -- as\\nsaid
  größe  text  not null  default 'it's'
  primary key (id)
  unique u (name)
  foreign key (name) → names (name) on delete set null
  check c (name <> '')
  unique index i (name, (lower(name)) desc) where name > 'a'

enum mood (sad, ok)
"
        );
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        assert_eq!(Schema::default().outline(), "no tables\n");
    }
}
