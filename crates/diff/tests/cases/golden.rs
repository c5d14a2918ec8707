//! Made by `cargo xtask bless`: every golden file of `fixtures/cases`, compiled as it is.

/// A case, a database, and what makes the migration.
pub(crate) type Golden = (&'static str, &'static str, fn() -> Box<dyn sea_orm_migration::MigrationTrait>);

macro_rules! golden {
    ($($case:ident: $($database:ident)+;)+) => {
        #[path = "../../../../fixtures/cases"]
        mod cases {
            $(pub(super) mod $case {
                $(pub(crate) mod $database;)+
            })+
        }

        pub(crate) const MIGRATIONS: &[Golden] = &[
            $($((stringify!($case), stringify!($database), || Box::new(cases::$case::$database::Migration))),+),+
        ];
    };
}

golden! {
    add_check: sqlite postgres mysql;
    add_column_with_default: sqlite postgres mysql;
    add_column_with_expression_default: sqlite postgres mysql;
    add_column_with_foreign_key: sqlite postgres mysql;
    add_column_with_text_default: sqlite postgres mysql;
    add_comments: postgres mysql;
    add_composite_foreign_key: sqlite postgres mysql;
    add_composite_unique: sqlite postgres mysql;
    add_descending_index: sqlite postgres mysql;
    add_enum_column: sqlite postgres mysql several;
    add_enum_value_between: postgres mysql;
    add_enum_value_last: postgres mysql;
    add_expression_index: sqlite postgres mysql;
    add_foreign_key: sqlite postgres mysql;
    add_generated_column: sqlite postgres mysql;
    add_index: sqlite postgres mysql;
    add_index_with_options: postgres;
    add_indexed_column: sqlite postgres mysql;
    add_many_columns: sqlite postgres mysql;
    add_nullable_column: sqlite postgres mysql several;
    add_partial_index: sqlite postgres;
    add_prefix_and_fulltext_index: mysql;
    add_primary_key: sqlite postgres mysql;
    add_required_column: sqlite postgres mysql;
    add_unique: sqlite postgres mysql;
    add_unique_column: sqlite postgres mysql;
    alter_several_columns: sqlite postgres mysql;
    backfill_added_column: sqlite postgres mysql several;
    backfill_required_column: sqlite postgres mysql several;
    change_comments: postgres mysql;
    change_decimal: sqlite postgres mysql;
    change_default: sqlite postgres mysql;
    change_foreign_key_action: sqlite postgres mysql mariadb;
    change_primary_key: sqlite postgres mysql;
    create_table: sqlite postgres mysql several;
    create_table_of_all_types: sqlite postgres mysql several;
    create_table_that_refers_to_itself: sqlite postgres mysql;
    create_table_with_big_key: sqlite postgres mysql;
    create_table_with_composite_key: sqlite postgres mysql;
    create_table_with_uuid_key: sqlite postgres mysql;
    create_tables_in_a_cycle: sqlite postgres mysql;
    create_two_tables_with_key: sqlite postgres mysql several;
    deferrable_foreign_key: sqlite postgres;
    drop_check: sqlite postgres mysql;
    drop_column: sqlite postgres mysql several;
    drop_default: sqlite postgres mysql;
    drop_enum_value: postgres mysql;
    drop_foreign_key: sqlite postgres mysql mariadb;
    drop_index: sqlite postgres mysql;
    drop_indexed_column: sqlite postgres mysql;
    drop_required_column: sqlite postgres mysql;
    drop_table: sqlite postgres mysql mariadb;
    drop_table_that_is_referred_to: sqlite postgres mysql mariadb;
    drop_tables_in_a_cycle: sqlite postgres mysql mariadb;
    drop_unique: sqlite postgres mysql several;
    drop_unique_column: sqlite postgres mysql;
    hostile_backslash: sqlite postgres mysql;
    hostile_check: sqlite postgres mysql mariadb;
    hostile_comments: postgres mysql;
    hostile_emoji: sqlite postgres mysql;
    hostile_emoji_names: sqlite postgres;
    hostile_enum_label: sqlite postgres mysql several;
    hostile_enum_letters: postgres mysql;
    hostile_placeholders: sqlite postgres mysql several;
    hostile_quotes: sqlite postgres mysql;
    hostile_right_to_left: sqlite postgres mysql;
    hostile_rust: sqlite postgres mysql;
    hostile_trigger: sqlite;
    identity_column: postgres;
    integer_to_big_integer: postgres mysql;
    integer_to_boolean: sqlite postgres mysql;
    integer_to_short_string: sqlite postgres mysql;
    integer_to_text: sqlite postgres mysql;
    keywords_of_rust: sqlite postgres mysql;
    keywords_of_sql: sqlite postgres mysql;
    make_nullable: sqlite postgres mysql;
    make_required: sqlite postgres mysql several;
    name_of_63_bytes: sqlite postgres mysql;
    name_of_64_bytes: sqlite mysql;
    names_with_spaces: sqlite postgres mysql;
    narrow_string: sqlite postgres mysql;
    on_update_timestamp: mysql;
    postgres_arrays_and_ranges: postgres;
    rebuild_strict_without_rowid: sqlite;
    rebuild_with_everything: sqlite;
    rename_and_alter_column: sqlite postgres mysql;
    rename_column: sqlite postgres mysql;
    rename_index: sqlite postgres mysql;
    rename_table: sqlite postgres mysql;
    set_default: sqlite postgres mysql;
    string_to_text: sqlite postgres mysql;
    suspected_rename: sqlite postgres mysql;
    table_options: mysql mariadb;
    text_to_integer: sqlite postgres mysql;
    upper_case_names: sqlite postgres mysql;
    widen_string: sqlite postgres mysql;
    widen_unique_of_foreign_key: sqlite postgres mysql;
}
