//! Renames that nobody decided and that look like some: what goes beside what comes, the likeliest first.

use autogen_schema::{Column, EnumName, Notice, NoticeKind, Place, Rename, Schema, Table, TableName, Type};

use crate::Change;

/// Names below this likeness are a coincidence, unless the rest says otherwise.
const LIKE: f32 = 0.6;

/// Something that goes, and what may be its new name.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// What goes, for people: `column users.name`.
    pub gone: String,
    /// The renames that it may be, the likeliest first; never empty.
    pub candidates: Vec<Candidate>,
}

/// A rename that may be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The rename; its text is the argument of `--rename`.
    pub rename: Rename,
    /// The line of the entity with the new name.
    pub place: Option<Place>,
    likeness: f32,
}

impl Suspicion {
    /// A suspicion whose candidates are all as likely.
    pub fn new(gone: impl Into<String>, renames: impl IntoIterator<Item = Rename>) -> Self {
        let candidate = |rename| Candidate { rename, place: None, likeness: 0.0 };
        Self { gone: gone.into(), candidates: renames.into_iter().map(candidate).collect() }
    }
}

/// What looks like a rename among these changes. Where no memory tells that a column was removed, `notices` name it as
/// one that only the database has; `live` knows it. `said` is what the entities say, not spelled: it names the enums of
/// columns whose database has no enum types.
pub(crate) fn suspicions(changes: &[Change], notices: &[Notice], live: &Schema, said: &Schema) -> Vec<Suspicion> {
    let mut found: Vec<Suspicion> = Vec::new();
    let of_changes = changes.iter().flat_map(|change| of_change(change, changes, said));
    let of_notices = notices.iter().filter_map(|notice| of_unmanaged(notice, changes, live));
    for suspicion in of_changes.chain(of_notices) {
        // Several columns may be of one enum.
        if !found.contains(&suspicion) {
            found.push(suspicion);
        }
    }
    found
}

/// One sentence for each, with what to do.
pub(crate) fn notices(suspicions: &[Suspicion]) -> Vec<Notice> {
    let notice = |suspicion: &Suspicion| {
        let best = suspicion.candidates.first()?;
        let attribute = match &best.rename {
            Rename::Column { from, .. } => format!(", or #[sea_orm(renamed_from = {from:?})] at the field"),
            Rename::Table { .. } | Rename::Index { .. } | Rename::EnumValue { .. } => String::new(),
        };
        let message = format!(
            "{}, and {} is new; if that is a rename, say so with --rename {}{attribute}; what only goes loses its values",
            suspicion.gone,
            new_name(&best.rename),
            shell_word(&best.rename.to_string()),
        );
        let notice = Notice::new(NoticeKind::PossibleRename, message).named(new_name(&best.rename));
        let notice = match table_of(&best.rename) {
            Some(table) => notice.on(table),
            None => notice,
        };
        Some(notice.at(best.place.as_ref()))
    };
    suspicions.iter().filter_map(notice).collect()
}

/// The new name alone.
fn new_name(rename: &Rename) -> &str {
    match rename {
        Rename::Table { to, .. } => &to.name,
        Rename::Column { to, .. } | Rename::Index { to, .. } | Rename::EnumValue { to, .. } => to,
    }
}

fn table_of(rename: &Rename) -> Option<&TableName> {
    match rename {
        Rename::Table { to, .. } => Some(to),
        Rename::Column { table, .. } | Rename::Index { table, .. } => Some(table),
        Rename::EnumValue { .. } => None,
    }
}

/// A word that a shell takes as it is.
fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "_-.=:".contains(letter);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn of_change(change: &Change, changes: &[Change], said: &Schema) -> Vec<Suspicion> {
    match change {
        Change::DropTable(old) => suspicion(format!("table {} goes", old.name), new_tables(old, changes)),
        Change::DropColumn { table, column } => {
            suspicion(format!("column {table}.{} goes", column.name), new_columns(table, column, 0.0, changes))
        }
        Change::AlterEnum { from, to } => return new_values(&to.name, &from.labels, &to.labels, to.origin.place()),
        Change::AlterColumn { table, from, to } => {
            let column = said.tables.get(table).and_then(|table| table.columns.get(&to.name));
            return match (column.map(|column| &column.ty), &from.ty, &to.ty) {
                (
                    Some(Type::Enum { name: Some(name), .. }),
                    Type::Enum { labels: from, .. },
                    Type::Enum { labels: wanted, .. },
                ) => new_values(name, from, wanted, said.enums.get(name).and_then(|ty| ty.origin.place())),
                _ => Vec::new(),
            };
        }
        Change::CreateTable(_)
        | Change::RenameTable { .. }
        | Change::AddColumn { .. }
        | Change::RenameColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => None,
    }
    .into_iter()
    .collect()
}

/// A column that nobody removed on purpose must look more like the new one.
fn of_unmanaged(notice: &Notice, changes: &[Change], live: &Schema) -> Option<Suspicion> {
    let name = notice.table.as_ref()?;
    let table = live.tables.get(name)?;
    if notice.kind == NoticeKind::UnmanagedTable {
        return suspicion(format!("table {name} is in the database only"), new_tables(table, changes));
    }
    let column = table.columns.get(notice.name.as_ref()?).filter(|_| notice.kind == NoticeKind::UnmanagedColumn)?;
    let gone = format!("column {name}.{} is in the database only", column.name);
    suspicion(gone, new_columns(name, column, LIKE, changes))
}

fn suspicion(gone: String, mut candidates: Vec<Candidate>) -> Option<Suspicion> {
    candidates.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    (!candidates.is_empty()).then_some(Suspicion { gone, candidates })
}

/// What each value of an enum that goes may be called now.
fn new_values(ty: &EnumName, from: &[String], to: &[String], place: Option<&Place>) -> Vec<Suspicion> {
    let values = |old: &String| {
        let candidate = |new: &String| Candidate {
            rename: Rename::EnumValue { ty: ty.clone(), from: old.clone(), to: new.clone() },
            place: place.cloned(),
            likeness: likeness(old, new),
        };
        let new = to.iter().filter(|label| !from.contains(label));
        suspicion(format!("the value {old} of {ty} goes"), new.map(candidate).collect())
    };
    from.iter().filter(|label| !to.contains(label)).filter_map(values).collect()
}

/// New columns of the same type, or of a like name.
fn new_columns(table: &TableName, old: &Column, least: f32, changes: &[Change]) -> Vec<Candidate> {
    let candidate = |change: &Change| match change {
        Change::AddColumn { table: holder, column: new } if holder == table => {
            let (by_name, same_type) = (likeness(&old.name, &new.name), same_family(&old.ty, &new.ty));
            let is_candidate = by_name >= least && (same_type || by_name >= LIKE);
            is_candidate.then(|| Candidate {
                rename: Rename::Column { table: table.clone(), from: old.name.clone(), to: new.name.clone() },
                place: new.origin.place().cloned(),
                likeness: by_name + if same_type { 1.0 } else { 0.0 },
            })
        }
        Change::AddColumn { .. }
        | Change::CreateTable(_)
        | Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::SetPrimaryKey { .. }
        | Change::AddIndex { .. }
        | Change::DropIndex { .. }
        | Change::RenameIndex { .. }
        | Change::AddUnique { .. }
        | Change::DropUnique { .. }
        | Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::RenameEnumValue { .. }
        | Change::SetTableOptions { .. } => None,
    };
    changes.iter().filter_map(candidate).collect()
}

/// New tables that have most of the columns, or a like name and some of them.
fn new_tables(old: &Table, changes: &[Change]) -> Vec<Candidate> {
    let candidate = |change: &Change| {
        let Change::CreateTable(new) = change else { return None };
        let shared = old
            .columns
            .values()
            .filter(|column| new.columns.get(&column.name).is_some_and(|new| same_family(&new.ty, &column.ty)));
        let share = ratio(shared.count(), old.columns.len().max(new.columns.len()));
        let by_name = likeness(&old.name.name, &new.name.name);
        (share > LIKE || (by_name >= LIKE && share > 0.3)).then(|| Candidate {
            rename: Rename::Table { from: old.name.clone(), to: new.name.clone() },
            place: new.origin.place().cloned(),
            likeness: share + by_name,
        })
    };
    changes.iter().filter_map(candidate).collect()
}

/// Whether two types hold the same sort of value: `varchar` and `text`, `VARCHAR(40)` and `varchar`.
fn same_family(one: &Type, other: &Type) -> bool {
    let family = |ty: &Type| {
        let text = ty.to_string().to_ascii_lowercase();
        let word = text.split('(').next().unwrap_or_default().trim().to_owned();
        if matches!(word.as_str(), "char" | "varchar" | "text") { "text".to_owned() } else { word }
    };
    family(one) == family(other)
}

fn likeness(one: &str, other: &str) -> f32 {
    similar::TextDiff::from_chars(one, other).ratio()
}

fn ratio(part: usize, whole: usize) -> f32 {
    let small = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    if whole == 0 { 0.0 } else { small(part) / small(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(changes: &[Change], expected: &[&str]) {
        let found = suspicions(changes, &[], &Schema::default(), &Schema::default());
        let arguments: Vec<String> = found
            .iter()
            .map(|one| {
                one.candidates.iter().map(|candidate| candidate.rename.to_string()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(arguments, expected);
    }

    fn add(name: &str, ty: Type) -> Change {
        Change::AddColumn { table: TableName::bare("users"), column: Column::new(name, ty) }
    }

    fn gone(name: &str, ty: Type) -> Change {
        Change::DropColumn { table: TableName::bare("users"), column: Column::new(name, ty) }
    }

    #[test]
    fn the_likeliest_column_comes_first() {
        let changes =
            [gone("name", Type::Uuid), add("age", Type::Date), add("ident", Type::Uuid), add("full_name", Type::Uuid)];
        check(&changes, &["users.name=full_name users.name=ident"]);
        check(&[gone("title", Type::Uuid), add("titles", Type::Date)], &["users.title=titles"]);
        check(&[gone("title", Type::Uuid), add("age", Type::Date)], &[]);
    }

    #[test]
    fn a_table_with_the_same_columns_is_one() {
        let table = |name: &str| {
            Table::new(TableName::bare(name))
                .with_column(Column::new("id", Type::Uuid))
                .with_column(Column::new("at", Type::Date))
        };
        check(&[Change::DropTable(table("people")), Change::CreateTable(table("users"))], &["people=users"]);
        let other = Table::new(TableName::bare("users")).with_column(Column::new("key", Type::Date));
        check(&[Change::DropTable(table("people")), Change::CreateTable(other)], &[]);
    }

    #[test]
    fn an_argument_survives_the_shell() {
        assert_eq!(shell_word("users.name=full_name"), "users.name=full_name");
        assert_eq!(shell_word("it's.a=$b"), r"'it'\''s.a=$b'");
    }
}
