//! What the entities, the lock and the database together mean: each row of the table in `docs/architecture.md`.

use autogen_diff::{Coverage, Inputs, Lock, Plan, PlanError, Settings, Spellings, Unmanaged, plan};
use autogen_schema::{
    Backend, Check, Column, DefaultValue, ForeignKey, Index, IntegerWidth, NoticeKind, Origin, PrimaryKey,
    ReferentialAction, Rename, Schema, Table, TableName, Type, Unique,
};

const INTEGER: Type = Type::integer(IntegerWidth::Regular);

fn users() -> Table {
    let mut table = Table::new(TableName::bare("users"))
        .with_column(Column::new("id", INTEGER))
        .with_column(Column::new("name", Type::varchar(50)));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    table
}

fn posts() -> Table {
    let mut table = Table::new(TableName::bare("posts"))
        .with_column(Column::new("id", INTEGER))
        .with_column(Column::new("user_id", INTEGER));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    table
}

fn key() -> ForeignKey {
    let mut key = ForeignKey::new(["user_id"], TableName::bare("users"), ["id"]);
    key.name = Some("fk-posts-user_id".into());
    key.origin = Origin::at("post.rs", 7, 5);
    key
}

fn live_key() -> ForeignKey {
    let action = Some(ReferentialAction::NoAction);
    ForeignKey { on_delete: action, on_update: action, origin: Origin::default(), ..key() }
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut schema = Schema::default();
    tables.into_iter().for_each(|table| schema.insert(table));
    schema
}

fn with(mut table: Table, change: impl FnOnce(&mut Table)) -> Table {
    change(&mut table);
    table
}

struct Case {
    base: Option<Schema>,
    desired: Schema,
    live: Schema,
    renames: Vec<Rename>,
    unmanaged: Unmanaged,
}

impl Case {
    fn new(base: Option<Schema>, desired: Schema, live: Schema) -> Self {
        Self { base, desired, live, renames: Vec::new(), unmanaged: Unmanaged::Report }
    }

    fn plan(&self, backend: Backend) -> Plan {
        self.try_plan(backend).expect("nothing here is opaque")
    }

    fn try_plan(&self, backend: Backend) -> Result<Plan, PlanError> {
        let memory = self.base.clone().map(|declared| Lock::advance(None, declared, vec!["a".into()]));
        let settings = Settings { unmanaged: self.unmanaged, ..Settings::default() };
        plan(&Inputs {
            live: &self.live,
            desired: &self.desired,
            memory: memory.as_ref(),
            coverage: Coverage::Partial,
            renames: &self.renames,
            decided: &[],
            backend,
            default_schema: Some("public"),
            settings: &settings,
            spellings: &Spellings::default(),
        })
    }

    /// The same on every database: these kinds of changes, these kinds of notices.
    fn check(&self, changes: &[&str], notices: &[NoticeKind]) {
        for backend in Backend::ALL {
            let plan = self.plan(backend);
            let kinds: Vec<&str> = plan.findings.iter().map(|finding| finding.change.kind()).collect();
            assert_eq!(kinds, changes, "{backend}: {:#?}", plan.findings);
            let kinds: Vec<NoticeKind> = plan.notices.iter().map(|notice| notice.kind).collect();
            assert_eq!(kinds, notices, "{backend}: {:#?}", plan.notices);
        }
    }
}

#[test]
fn what_is_said_and_missing_is_added() {
    let desired =
        schema([with(users(), |table| *table = table.clone().with_column(Column::new("age", INTEGER).null()))]);
    Case::new(None, desired, schema([users()])).check(&["add_column"], &[]);
    Case::new(None, schema([users()]), schema([])).check(&["create_table"], &[]);
}

#[test]
fn what_was_never_ours_is_kept_and_mentioned() {
    let extra = with(users(), |table| {
        *table = table.clone().with_column(Column::new("age", INTEGER).null());
        table.indexes.push(Index::new("by_name", ["name"]));
        table.checks.push(Check { name: Some("positive".into()), ..Check::new("id > 0") });
        table.columns["name"].default = Some(DefaultValue::Text("x".into()));
    });
    let notices = [
        NoticeKind::UnmanagedTable,
        NoticeKind::UnmanagedDefault,
        NoticeKind::UnmanagedColumn,
        NoticeKind::UnmanagedIndex,
        NoticeKind::UnmanagedCheck,
    ];
    let case = Case::new(None, schema([users()]), schema([extra.clone(), posts()]));
    case.check(&[], &notices);
    Case { unmanaged: Unmanaged::Ignore, ..case }.check(&[], &[]);
}

#[test]
fn what_was_said_and_is_no_longer_said_was_removed_on_purpose() {
    let before = with(users(), |table| {
        *table = table.clone().with_column(Column::new("age", INTEGER).null());
        table.indexes.push(Index::new("by_name", ["name"]));
    });
    Case::new(Some(schema([before.clone()])), schema([users()]), schema([before]))
        .check(&["drop_index", "drop_column"], &[]);
    Case::new(Some(schema([users(), posts()])), schema([users()]), schema([users(), posts()]))
        .check(&["drop_table"], &[]);
}

#[test]
fn strictly_everything_that_only_the_database_has_goes() {
    let case = Case::new(None, schema([users()]), schema([users(), posts()]));
    Case { unmanaged: Unmanaged::Drop, ..case }.check(&["drop_table"], &[]);
}

#[test]
fn an_ignored_field_is_a_column_that_is_known() {
    let live =
        with(users(), |table| *table = table.clone().with_column(Column::new("tags", Type::other("tsvector")).null()));
    let desired = with(users(), |table| table.ignored.push("tags".into()));
    let base = schema([live.clone()]);
    Case::new(Some(base), schema([desired]), schema([live])).check(&[], &[]);
}

#[test]
fn a_relation_without_a_key_is_mentioned_and_one_that_is_new_is_a_key() {
    let related = with(posts(), |table| table.foreign_keys.push(key()));
    let live = schema([users(), posts()]);
    let desired = schema([users(), related.clone()]);
    Case::new(None, desired.clone(), live.clone()).check(&[], &[NoticeKind::RelationWithoutKey]);
    Case::new(Some(desired.clone()), desired.clone(), live.clone()).check(&[], &[NoticeKind::RelationWithoutKey]);
    let before = schema([users(), posts()]);
    Case::new(Some(before), desired.clone(), live).check(&["add_foreign_key"], &[]);
    Case::new(None, desired, schema([users()])).check(&["create_table"], &[]);
}

#[test]
fn an_action_that_is_not_said_is_the_databases() {
    let cascade = Some(ReferentialAction::Cascade);
    let live = with(posts(), |table| table.foreign_keys.push(ForeignKey { on_delete: cascade, ..live_key() }));
    let desired = |on_delete| with(posts(), |table| table.foreign_keys.push(ForeignKey { on_delete, ..key() }));
    let case = |on_delete| Case::new(None, schema([users(), desired(on_delete)]), schema([users(), live.clone()]));
    case(None).check(&[], &[]);
    case(cascade).check(&[], &[]);
    case(Some(ReferentialAction::SetNull)).check(&["drop_foreign_key", "add_foreign_key"], &[]);
}

#[test]
fn a_key_to_a_table_that_goes_goes_with_it() {
    let live = with(posts(), |table| table.foreign_keys.push(live_key()));
    let base = schema([users(), live.clone()]);
    Case::new(Some(base), schema([posts()]), schema([users(), live])).check(&["drop_foreign_key", "drop_table"], &[]);
}

#[test]
fn what_stands_over_a_dropped_column_goes_with_it() {
    let live = with(posts(), |table| {
        table.foreign_keys.push(live_key());
        table.indexes.push(Index::new("by_user", ["user_id"]));
    });
    let desired = with(posts(), |table| _ = table.columns.shift_remove("user_id"));
    let base = schema([users(), posts()]);
    Case::new(Some(base), schema([users(), desired]), schema([users(), live]))
        .check(&["drop_foreign_key", "drop_index", "drop_column"], &[]);
}

#[test]
fn a_name_that_something_new_wants_is_given_up() {
    let other = |mut key: ForeignKey, name: &str| {
        (key.columns, key.name) = (vec!["other_id".into()], Some(name.into()));
        key
    };
    let columns = with(posts(), |table| *table = table.clone().with_column(Column::new("other_id", INTEGER)));
    // The database gave the name that the entities have for a key over another column.
    let live = with(columns.clone(), |table| table.foreign_keys.push(other(live_key(), "fk-posts-user_id")));
    let desired = with(columns, |table| table.foreign_keys.extend([key(), other(key(), "fk-posts-other_id")]));
    let base = Some(schema([users(), posts()]));
    let case = Case::new(base, schema([users(), desired]), schema([users(), live]));
    for backend in Backend::ALL {
        let plan = case.plan(backend);
        let kinds = plan.findings.iter().map(|finding| finding.change.kind());
        // MySQL has an index of that name, too.
        let kinds: Vec<&str> = kinds.filter(|kind| *kind != "rename_index").collect();
        assert_eq!(kinds, ["drop_foreign_key", "add_foreign_key", "add_foreign_key"], "{backend}");
    }
}

#[test]
fn an_index_that_includes_a_dropped_column_goes_with_it() {
    let unique = |name: &str| Unique { name: Some(name.into()), ..Unique::new(["id"]) };
    let live = with(users(), |table| table.uniques.push(Unique { include: vec!["name".into()], ..unique("u") }));
    let desired = with(users(), |table| {
        table.columns.shift_remove("name");
        table.uniques.push(unique("u"));
    });
    let case = Case::new(Some(schema([users()])), schema([desired]), schema([live]));
    let plan = case.plan(Backend::Postgres);
    let kinds: Vec<&str> = plan.findings.iter().map(|finding| finding.change.kind()).collect();
    assert_eq!(kinds, ["drop_unique", "add_unique", "drop_column"]);
}

#[test]
fn a_unique_is_content_with_an_index_and_the_other_way_round() {
    let unique = with(users(), |table| table.uniques.push(Unique::new(["name"])));
    let index = with(users(), |table| table.indexes.push(Index::new("users_name", ["name"]).unique()));
    Case::new(None, schema([unique.clone()]), schema([index.clone()])).check(&[], &[]);
    Case::new(None, schema([index]), schema([unique])).check(&[], &[]);
}

#[test]
fn a_partial_unique_index_is_never_made_a_full_one() {
    let desired = with(users(), |table| table.uniques.push(Unique::new(["name"])));
    let live = with(users(), |table| {
        let mut index = Index::new("live_names", ["name"]).unique();
        index.predicate = Some("id > 0".into());
        table.indexes.push(index);
    });
    Case::new(None, schema([desired]), schema([live])).check(&[], &[NoticeKind::NotComparable]);
}

#[test]
fn a_string_is_content_with_any_text_until_the_entity_is_edited() {
    let said = |ty: Type| schema([with(users(), |table| table.columns["name"].ty = ty)]);
    let string = Type::Varchar { length: None };
    let live = said(Type::text());
    Case::new(None, said(string.clone()), live.clone()).check(&[], &[]);
    Case::new(Some(said(Type::text())), said(Type::varchar(9)), live).check(&["alter_column"], &[]);
    let opaque = Type::Opaque { path: "crate::Name".into() };
    Case::new(None, said(opaque), said(INTEGER)).check(&[], &[]);
}

#[test]
fn a_rename_that_was_decided_keeps_the_column() {
    let desired = with(users(), |table| {
        let column = Column::new("full_name", Type::varchar(50));
        table.columns.shift_remove("name");
        *table = table.clone().with_column(column);
    });
    let rename = Rename::Column { table: TableName::bare("users"), from: "name".into(), to: "full_name".into() };
    let case = Case::new(Some(schema([users()])), schema([desired]), schema([users()]));
    case.check(&["add_column", "drop_column"], &[NoticeKind::PossibleRename]);
    Case { renames: vec![rename], ..case }.check(&["rename_column"], &[]);
}

#[test]
fn a_new_column_of_an_unknown_type_is_refused_with_the_remedy() {
    let opaque =
        Column { origin: Origin::at("user.rs", 3, 5), ..Column::new("at", Type::Opaque { path: "Moment".into() }) };
    let desired = schema([users().with_column(opaque)]);
    let live = schema([users()]);
    let settings = Settings::default();
    let inputs = Inputs {
        live: &live,
        desired: &desired,
        memory: None,
        coverage: Coverage::Partial,
        renames: &[],
        decided: &[],
        backend: Backend::Sqlite,
        default_schema: None,
        settings: &settings,
        spellings: &Spellings::default(),
    };
    let error = plan(&inputs).expect_err("the type is not known").to_string();
    assert!(error.starts_with("user.rs:3:5: users.at") && error.contains("[types]"), "{error}");
}

#[test]
fn the_default_schema_is_the_same_said_or_not() {
    let explicit = with(users(), |table| table.name = TableName::qualified("public", "users"));
    let case = Case::new(None, schema([users()]), schema([explicit]));
    assert!(case.plan(Backend::Postgres).is_empty());
}

#[test]
fn a_table_that_could_not_be_read_in_full_is_left_as_it_is() {
    let incomplete = |table: Table| with(table, |table| table.incomplete = true);
    let desired = schema([with(posts(), |table| table.foreign_keys.push(key())), users()]);
    let unread = with(posts(), |table| drop(table.columns.shift_remove("user_id")));
    let live = schema([incomplete(unread), users()]);
    Case::new(None, desired.clone(), live.clone()).check(&[], &[NoticeKind::NotUnderstood]);
    // Neither is it dropped, nor made after a description with gaps.
    Case::new(Some(desired), schema([users()]), live).check(&[], &[NoticeKind::NotUnderstood]);
    Case::new(None, schema([incomplete(posts())]), schema([])).check(&[], &[NoticeKind::NotUnderstood]);
}

#[test]
fn a_table_with_something_that_is_not_understood_is_never_built_anew() {
    let odd = with(users(), |table| table.not_understood.push("CHECK with ON CONFLICT".into()));
    let optional = with(users(), |table| table.columns["name"].nullable = true);
    let case = Case::new(None, schema([optional]), schema([odd]));
    let refused = case.try_plan(Backend::Sqlite).expect_err("SQLite has no other way to drop NOT NULL");
    assert!(refused.to_string().contains("CHECK with ON CONFLICT"), "{refused}");
    assert!(case.try_plan(Backend::Postgres).is_ok(), "PostgreSQL changes the column where it is");
}
