//! Made by `cargo xtask bless`: every golden file of `fixtures/cases`, compiled as it is.

#[path = "../../../../fixtures/cases/add_check/sqlite.rs"]
mod add_check_sqlite;
#[path = "../../../../fixtures/cases/add_check/postgres.rs"]
mod add_check_postgres;
#[path = "../../../../fixtures/cases/add_check/mysql.rs"]
mod add_check_mysql;
#[path = "../../../../fixtures/cases/add_column_with_default/sqlite.rs"]
mod add_column_with_default_sqlite;
#[path = "../../../../fixtures/cases/add_column_with_default/postgres.rs"]
mod add_column_with_default_postgres;
#[path = "../../../../fixtures/cases/add_column_with_default/mysql.rs"]
mod add_column_with_default_mysql;
#[path = "../../../../fixtures/cases/add_column_with_expression_default/sqlite.rs"]
mod add_column_with_expression_default_sqlite;
#[path = "../../../../fixtures/cases/add_column_with_expression_default/postgres.rs"]
mod add_column_with_expression_default_postgres;
#[path = "../../../../fixtures/cases/add_column_with_expression_default/mysql.rs"]
mod add_column_with_expression_default_mysql;
#[path = "../../../../fixtures/cases/add_column_with_foreign_key/sqlite.rs"]
mod add_column_with_foreign_key_sqlite;
#[path = "../../../../fixtures/cases/add_column_with_foreign_key/postgres.rs"]
mod add_column_with_foreign_key_postgres;
#[path = "../../../../fixtures/cases/add_column_with_foreign_key/mysql.rs"]
mod add_column_with_foreign_key_mysql;
#[path = "../../../../fixtures/cases/add_column_with_text_default/sqlite.rs"]
mod add_column_with_text_default_sqlite;
#[path = "../../../../fixtures/cases/add_column_with_text_default/postgres.rs"]
mod add_column_with_text_default_postgres;
#[path = "../../../../fixtures/cases/add_column_with_text_default/mysql.rs"]
mod add_column_with_text_default_mysql;
#[path = "../../../../fixtures/cases/add_comments/postgres.rs"]
mod add_comments_postgres;
#[path = "../../../../fixtures/cases/add_comments/mysql.rs"]
mod add_comments_mysql;
#[path = "../../../../fixtures/cases/add_composite_foreign_key/sqlite.rs"]
mod add_composite_foreign_key_sqlite;
#[path = "../../../../fixtures/cases/add_composite_foreign_key/postgres.rs"]
mod add_composite_foreign_key_postgres;
#[path = "../../../../fixtures/cases/add_composite_foreign_key/mysql.rs"]
mod add_composite_foreign_key_mysql;
#[path = "../../../../fixtures/cases/add_composite_unique/sqlite.rs"]
mod add_composite_unique_sqlite;
#[path = "../../../../fixtures/cases/add_composite_unique/postgres.rs"]
mod add_composite_unique_postgres;
#[path = "../../../../fixtures/cases/add_composite_unique/mysql.rs"]
mod add_composite_unique_mysql;
#[path = "../../../../fixtures/cases/add_descending_index/sqlite.rs"]
mod add_descending_index_sqlite;
#[path = "../../../../fixtures/cases/add_descending_index/postgres.rs"]
mod add_descending_index_postgres;
#[path = "../../../../fixtures/cases/add_descending_index/mysql.rs"]
mod add_descending_index_mysql;
#[path = "../../../../fixtures/cases/add_enum_column/sqlite.rs"]
mod add_enum_column_sqlite;
#[path = "../../../../fixtures/cases/add_enum_column/postgres.rs"]
mod add_enum_column_postgres;
#[path = "../../../../fixtures/cases/add_enum_column/mysql.rs"]
mod add_enum_column_mysql;
#[path = "../../../../fixtures/cases/add_enum_column/several.rs"]
mod add_enum_column_several;
#[path = "../../../../fixtures/cases/add_enum_value_between/postgres.rs"]
mod add_enum_value_between_postgres;
#[path = "../../../../fixtures/cases/add_enum_value_between/mysql.rs"]
mod add_enum_value_between_mysql;
#[path = "../../../../fixtures/cases/add_enum_value_last/postgres.rs"]
mod add_enum_value_last_postgres;
#[path = "../../../../fixtures/cases/add_enum_value_last/mysql.rs"]
mod add_enum_value_last_mysql;
#[path = "../../../../fixtures/cases/add_expression_index/sqlite.rs"]
mod add_expression_index_sqlite;
#[path = "../../../../fixtures/cases/add_expression_index/postgres.rs"]
mod add_expression_index_postgres;
#[path = "../../../../fixtures/cases/add_expression_index/mysql.rs"]
mod add_expression_index_mysql;
#[path = "../../../../fixtures/cases/add_foreign_key/sqlite.rs"]
mod add_foreign_key_sqlite;
#[path = "../../../../fixtures/cases/add_foreign_key/postgres.rs"]
mod add_foreign_key_postgres;
#[path = "../../../../fixtures/cases/add_foreign_key/mysql.rs"]
mod add_foreign_key_mysql;
#[path = "../../../../fixtures/cases/add_generated_column/sqlite.rs"]
mod add_generated_column_sqlite;
#[path = "../../../../fixtures/cases/add_generated_column/postgres.rs"]
mod add_generated_column_postgres;
#[path = "../../../../fixtures/cases/add_generated_column/mysql.rs"]
mod add_generated_column_mysql;
#[path = "../../../../fixtures/cases/add_index/sqlite.rs"]
mod add_index_sqlite;
#[path = "../../../../fixtures/cases/add_index/postgres.rs"]
mod add_index_postgres;
#[path = "../../../../fixtures/cases/add_index/mysql.rs"]
mod add_index_mysql;
#[path = "../../../../fixtures/cases/add_index_with_options/postgres.rs"]
mod add_index_with_options_postgres;
#[path = "../../../../fixtures/cases/add_indexed_column/sqlite.rs"]
mod add_indexed_column_sqlite;
#[path = "../../../../fixtures/cases/add_indexed_column/postgres.rs"]
mod add_indexed_column_postgres;
#[path = "../../../../fixtures/cases/add_indexed_column/mysql.rs"]
mod add_indexed_column_mysql;
#[path = "../../../../fixtures/cases/add_many_columns/sqlite.rs"]
mod add_many_columns_sqlite;
#[path = "../../../../fixtures/cases/add_many_columns/postgres.rs"]
mod add_many_columns_postgres;
#[path = "../../../../fixtures/cases/add_many_columns/mysql.rs"]
mod add_many_columns_mysql;
#[path = "../../../../fixtures/cases/add_nullable_column/sqlite.rs"]
mod add_nullable_column_sqlite;
#[path = "../../../../fixtures/cases/add_nullable_column/postgres.rs"]
mod add_nullable_column_postgres;
#[path = "../../../../fixtures/cases/add_nullable_column/mysql.rs"]
mod add_nullable_column_mysql;
#[path = "../../../../fixtures/cases/add_nullable_column/several.rs"]
mod add_nullable_column_several;
#[path = "../../../../fixtures/cases/add_partial_index/sqlite.rs"]
mod add_partial_index_sqlite;
#[path = "../../../../fixtures/cases/add_partial_index/postgres.rs"]
mod add_partial_index_postgres;
#[path = "../../../../fixtures/cases/add_prefix_and_fulltext_index/mysql.rs"]
mod add_prefix_and_fulltext_index_mysql;
#[path = "../../../../fixtures/cases/add_primary_key/sqlite.rs"]
mod add_primary_key_sqlite;
#[path = "../../../../fixtures/cases/add_primary_key/postgres.rs"]
mod add_primary_key_postgres;
#[path = "../../../../fixtures/cases/add_primary_key/mysql.rs"]
mod add_primary_key_mysql;
#[path = "../../../../fixtures/cases/add_required_column/sqlite.rs"]
mod add_required_column_sqlite;
#[path = "../../../../fixtures/cases/add_required_column/postgres.rs"]
mod add_required_column_postgres;
#[path = "../../../../fixtures/cases/add_required_column/mysql.rs"]
mod add_required_column_mysql;
#[path = "../../../../fixtures/cases/add_unique/sqlite.rs"]
mod add_unique_sqlite;
#[path = "../../../../fixtures/cases/add_unique/postgres.rs"]
mod add_unique_postgres;
#[path = "../../../../fixtures/cases/add_unique/mysql.rs"]
mod add_unique_mysql;
#[path = "../../../../fixtures/cases/add_unique_column/sqlite.rs"]
mod add_unique_column_sqlite;
#[path = "../../../../fixtures/cases/add_unique_column/postgres.rs"]
mod add_unique_column_postgres;
#[path = "../../../../fixtures/cases/add_unique_column/mysql.rs"]
mod add_unique_column_mysql;
#[path = "../../../../fixtures/cases/alter_several_columns/sqlite.rs"]
mod alter_several_columns_sqlite;
#[path = "../../../../fixtures/cases/alter_several_columns/postgres.rs"]
mod alter_several_columns_postgres;
#[path = "../../../../fixtures/cases/alter_several_columns/mysql.rs"]
mod alter_several_columns_mysql;
#[path = "../../../../fixtures/cases/change_comments/postgres.rs"]
mod change_comments_postgres;
#[path = "../../../../fixtures/cases/change_comments/mysql.rs"]
mod change_comments_mysql;
#[path = "../../../../fixtures/cases/change_decimal/sqlite.rs"]
mod change_decimal_sqlite;
#[path = "../../../../fixtures/cases/change_decimal/postgres.rs"]
mod change_decimal_postgres;
#[path = "../../../../fixtures/cases/change_decimal/mysql.rs"]
mod change_decimal_mysql;
#[path = "../../../../fixtures/cases/change_default/sqlite.rs"]
mod change_default_sqlite;
#[path = "../../../../fixtures/cases/change_default/postgres.rs"]
mod change_default_postgres;
#[path = "../../../../fixtures/cases/change_default/mysql.rs"]
mod change_default_mysql;
#[path = "../../../../fixtures/cases/change_foreign_key_action/sqlite.rs"]
mod change_foreign_key_action_sqlite;
#[path = "../../../../fixtures/cases/change_foreign_key_action/postgres.rs"]
mod change_foreign_key_action_postgres;
#[path = "../../../../fixtures/cases/change_foreign_key_action/mysql.rs"]
mod change_foreign_key_action_mysql;
#[path = "../../../../fixtures/cases/change_foreign_key_action/mariadb.rs"]
mod change_foreign_key_action_mariadb;
#[path = "../../../../fixtures/cases/change_primary_key/sqlite.rs"]
mod change_primary_key_sqlite;
#[path = "../../../../fixtures/cases/change_primary_key/postgres.rs"]
mod change_primary_key_postgres;
#[path = "../../../../fixtures/cases/change_primary_key/mysql.rs"]
mod change_primary_key_mysql;
#[path = "../../../../fixtures/cases/create_table/sqlite.rs"]
mod create_table_sqlite;
#[path = "../../../../fixtures/cases/create_table/postgres.rs"]
mod create_table_postgres;
#[path = "../../../../fixtures/cases/create_table/mysql.rs"]
mod create_table_mysql;
#[path = "../../../../fixtures/cases/create_table/several.rs"]
mod create_table_several;
#[path = "../../../../fixtures/cases/create_table_of_all_types/sqlite.rs"]
mod create_table_of_all_types_sqlite;
#[path = "../../../../fixtures/cases/create_table_of_all_types/postgres.rs"]
mod create_table_of_all_types_postgres;
#[path = "../../../../fixtures/cases/create_table_of_all_types/mysql.rs"]
mod create_table_of_all_types_mysql;
#[path = "../../../../fixtures/cases/create_table_of_all_types/several.rs"]
mod create_table_of_all_types_several;
#[path = "../../../../fixtures/cases/create_table_that_refers_to_itself/sqlite.rs"]
mod create_table_that_refers_to_itself_sqlite;
#[path = "../../../../fixtures/cases/create_table_that_refers_to_itself/postgres.rs"]
mod create_table_that_refers_to_itself_postgres;
#[path = "../../../../fixtures/cases/create_table_that_refers_to_itself/mysql.rs"]
mod create_table_that_refers_to_itself_mysql;
#[path = "../../../../fixtures/cases/create_table_with_big_key/sqlite.rs"]
mod create_table_with_big_key_sqlite;
#[path = "../../../../fixtures/cases/create_table_with_big_key/postgres.rs"]
mod create_table_with_big_key_postgres;
#[path = "../../../../fixtures/cases/create_table_with_big_key/mysql.rs"]
mod create_table_with_big_key_mysql;
#[path = "../../../../fixtures/cases/create_table_with_composite_key/sqlite.rs"]
mod create_table_with_composite_key_sqlite;
#[path = "../../../../fixtures/cases/create_table_with_composite_key/postgres.rs"]
mod create_table_with_composite_key_postgres;
#[path = "../../../../fixtures/cases/create_table_with_composite_key/mysql.rs"]
mod create_table_with_composite_key_mysql;
#[path = "../../../../fixtures/cases/create_table_with_uuid_key/sqlite.rs"]
mod create_table_with_uuid_key_sqlite;
#[path = "../../../../fixtures/cases/create_table_with_uuid_key/postgres.rs"]
mod create_table_with_uuid_key_postgres;
#[path = "../../../../fixtures/cases/create_table_with_uuid_key/mysql.rs"]
mod create_table_with_uuid_key_mysql;
#[path = "../../../../fixtures/cases/create_tables_in_a_cycle/sqlite.rs"]
mod create_tables_in_a_cycle_sqlite;
#[path = "../../../../fixtures/cases/create_tables_in_a_cycle/postgres.rs"]
mod create_tables_in_a_cycle_postgres;
#[path = "../../../../fixtures/cases/create_tables_in_a_cycle/mysql.rs"]
mod create_tables_in_a_cycle_mysql;
#[path = "../../../../fixtures/cases/create_two_tables_with_key/sqlite.rs"]
mod create_two_tables_with_key_sqlite;
#[path = "../../../../fixtures/cases/create_two_tables_with_key/postgres.rs"]
mod create_two_tables_with_key_postgres;
#[path = "../../../../fixtures/cases/create_two_tables_with_key/mysql.rs"]
mod create_two_tables_with_key_mysql;
#[path = "../../../../fixtures/cases/create_two_tables_with_key/several.rs"]
mod create_two_tables_with_key_several;
#[path = "../../../../fixtures/cases/deferrable_foreign_key/sqlite.rs"]
mod deferrable_foreign_key_sqlite;
#[path = "../../../../fixtures/cases/deferrable_foreign_key/postgres.rs"]
mod deferrable_foreign_key_postgres;
#[path = "../../../../fixtures/cases/drop_check/sqlite.rs"]
mod drop_check_sqlite;
#[path = "../../../../fixtures/cases/drop_check/postgres.rs"]
mod drop_check_postgres;
#[path = "../../../../fixtures/cases/drop_check/mysql.rs"]
mod drop_check_mysql;
#[path = "../../../../fixtures/cases/drop_column/sqlite.rs"]
mod drop_column_sqlite;
#[path = "../../../../fixtures/cases/drop_column/postgres.rs"]
mod drop_column_postgres;
#[path = "../../../../fixtures/cases/drop_column/mysql.rs"]
mod drop_column_mysql;
#[path = "../../../../fixtures/cases/drop_column/several.rs"]
mod drop_column_several;
#[path = "../../../../fixtures/cases/drop_default/sqlite.rs"]
mod drop_default_sqlite;
#[path = "../../../../fixtures/cases/drop_default/postgres.rs"]
mod drop_default_postgres;
#[path = "../../../../fixtures/cases/drop_default/mysql.rs"]
mod drop_default_mysql;
#[path = "../../../../fixtures/cases/drop_enum_value/postgres.rs"]
mod drop_enum_value_postgres;
#[path = "../../../../fixtures/cases/drop_enum_value/mysql.rs"]
mod drop_enum_value_mysql;
#[path = "../../../../fixtures/cases/drop_foreign_key/sqlite.rs"]
mod drop_foreign_key_sqlite;
#[path = "../../../../fixtures/cases/drop_foreign_key/postgres.rs"]
mod drop_foreign_key_postgres;
#[path = "../../../../fixtures/cases/drop_foreign_key/mysql.rs"]
mod drop_foreign_key_mysql;
#[path = "../../../../fixtures/cases/drop_foreign_key/mariadb.rs"]
mod drop_foreign_key_mariadb;
#[path = "../../../../fixtures/cases/drop_index/sqlite.rs"]
mod drop_index_sqlite;
#[path = "../../../../fixtures/cases/drop_index/postgres.rs"]
mod drop_index_postgres;
#[path = "../../../../fixtures/cases/drop_index/mysql.rs"]
mod drop_index_mysql;
#[path = "../../../../fixtures/cases/drop_indexed_column/sqlite.rs"]
mod drop_indexed_column_sqlite;
#[path = "../../../../fixtures/cases/drop_indexed_column/postgres.rs"]
mod drop_indexed_column_postgres;
#[path = "../../../../fixtures/cases/drop_indexed_column/mysql.rs"]
mod drop_indexed_column_mysql;
#[path = "../../../../fixtures/cases/drop_required_column/sqlite.rs"]
mod drop_required_column_sqlite;
#[path = "../../../../fixtures/cases/drop_required_column/postgres.rs"]
mod drop_required_column_postgres;
#[path = "../../../../fixtures/cases/drop_required_column/mysql.rs"]
mod drop_required_column_mysql;
#[path = "../../../../fixtures/cases/drop_table/sqlite.rs"]
mod drop_table_sqlite;
#[path = "../../../../fixtures/cases/drop_table/postgres.rs"]
mod drop_table_postgres;
#[path = "../../../../fixtures/cases/drop_table/mysql.rs"]
mod drop_table_mysql;
#[path = "../../../../fixtures/cases/drop_table/mariadb.rs"]
mod drop_table_mariadb;
#[path = "../../../../fixtures/cases/drop_table_that_is_referred_to/sqlite.rs"]
mod drop_table_that_is_referred_to_sqlite;
#[path = "../../../../fixtures/cases/drop_table_that_is_referred_to/postgres.rs"]
mod drop_table_that_is_referred_to_postgres;
#[path = "../../../../fixtures/cases/drop_table_that_is_referred_to/mysql.rs"]
mod drop_table_that_is_referred_to_mysql;
#[path = "../../../../fixtures/cases/drop_table_that_is_referred_to/mariadb.rs"]
mod drop_table_that_is_referred_to_mariadb;
#[path = "../../../../fixtures/cases/drop_tables_in_a_cycle/sqlite.rs"]
mod drop_tables_in_a_cycle_sqlite;
#[path = "../../../../fixtures/cases/drop_tables_in_a_cycle/postgres.rs"]
mod drop_tables_in_a_cycle_postgres;
#[path = "../../../../fixtures/cases/drop_tables_in_a_cycle/mysql.rs"]
mod drop_tables_in_a_cycle_mysql;
#[path = "../../../../fixtures/cases/drop_tables_in_a_cycle/mariadb.rs"]
mod drop_tables_in_a_cycle_mariadb;
#[path = "../../../../fixtures/cases/drop_unique/sqlite.rs"]
mod drop_unique_sqlite;
#[path = "../../../../fixtures/cases/drop_unique/postgres.rs"]
mod drop_unique_postgres;
#[path = "../../../../fixtures/cases/drop_unique/mysql.rs"]
mod drop_unique_mysql;
#[path = "../../../../fixtures/cases/drop_unique/several.rs"]
mod drop_unique_several;
#[path = "../../../../fixtures/cases/drop_unique_column/sqlite.rs"]
mod drop_unique_column_sqlite;
#[path = "../../../../fixtures/cases/drop_unique_column/postgres.rs"]
mod drop_unique_column_postgres;
#[path = "../../../../fixtures/cases/drop_unique_column/mysql.rs"]
mod drop_unique_column_mysql;
#[path = "../../../../fixtures/cases/hostile_backslash/sqlite.rs"]
mod hostile_backslash_sqlite;
#[path = "../../../../fixtures/cases/hostile_backslash/postgres.rs"]
mod hostile_backslash_postgres;
#[path = "../../../../fixtures/cases/hostile_backslash/mysql.rs"]
mod hostile_backslash_mysql;
#[path = "../../../../fixtures/cases/hostile_comments/postgres.rs"]
mod hostile_comments_postgres;
#[path = "../../../../fixtures/cases/hostile_comments/mysql.rs"]
mod hostile_comments_mysql;
#[path = "../../../../fixtures/cases/hostile_emoji/sqlite.rs"]
mod hostile_emoji_sqlite;
#[path = "../../../../fixtures/cases/hostile_emoji/postgres.rs"]
mod hostile_emoji_postgres;
#[path = "../../../../fixtures/cases/hostile_emoji/mysql.rs"]
mod hostile_emoji_mysql;
#[path = "../../../../fixtures/cases/hostile_enum_label/sqlite.rs"]
mod hostile_enum_label_sqlite;
#[path = "../../../../fixtures/cases/hostile_enum_label/postgres.rs"]
mod hostile_enum_label_postgres;
#[path = "../../../../fixtures/cases/hostile_enum_label/mysql.rs"]
mod hostile_enum_label_mysql;
#[path = "../../../../fixtures/cases/hostile_enum_label/several.rs"]
mod hostile_enum_label_several;
#[path = "../../../../fixtures/cases/hostile_quotes/sqlite.rs"]
mod hostile_quotes_sqlite;
#[path = "../../../../fixtures/cases/hostile_quotes/postgres.rs"]
mod hostile_quotes_postgres;
#[path = "../../../../fixtures/cases/hostile_quotes/mysql.rs"]
mod hostile_quotes_mysql;
#[path = "../../../../fixtures/cases/hostile_right_to_left/sqlite.rs"]
mod hostile_right_to_left_sqlite;
#[path = "../../../../fixtures/cases/hostile_right_to_left/postgres.rs"]
mod hostile_right_to_left_postgres;
#[path = "../../../../fixtures/cases/hostile_right_to_left/mysql.rs"]
mod hostile_right_to_left_mysql;
#[path = "../../../../fixtures/cases/hostile_rust/sqlite.rs"]
mod hostile_rust_sqlite;
#[path = "../../../../fixtures/cases/hostile_rust/postgres.rs"]
mod hostile_rust_postgres;
#[path = "../../../../fixtures/cases/hostile_rust/mysql.rs"]
mod hostile_rust_mysql;
#[path = "../../../../fixtures/cases/identity_column/postgres.rs"]
mod identity_column_postgres;
#[path = "../../../../fixtures/cases/integer_to_big_integer/postgres.rs"]
mod integer_to_big_integer_postgres;
#[path = "../../../../fixtures/cases/integer_to_big_integer/mysql.rs"]
mod integer_to_big_integer_mysql;
#[path = "../../../../fixtures/cases/integer_to_boolean/sqlite.rs"]
mod integer_to_boolean_sqlite;
#[path = "../../../../fixtures/cases/integer_to_boolean/postgres.rs"]
mod integer_to_boolean_postgres;
#[path = "../../../../fixtures/cases/integer_to_boolean/mysql.rs"]
mod integer_to_boolean_mysql;
#[path = "../../../../fixtures/cases/integer_to_text/sqlite.rs"]
mod integer_to_text_sqlite;
#[path = "../../../../fixtures/cases/integer_to_text/postgres.rs"]
mod integer_to_text_postgres;
#[path = "../../../../fixtures/cases/integer_to_text/mysql.rs"]
mod integer_to_text_mysql;
#[path = "../../../../fixtures/cases/keywords_of_rust/sqlite.rs"]
mod keywords_of_rust_sqlite;
#[path = "../../../../fixtures/cases/keywords_of_rust/postgres.rs"]
mod keywords_of_rust_postgres;
#[path = "../../../../fixtures/cases/keywords_of_rust/mysql.rs"]
mod keywords_of_rust_mysql;
#[path = "../../../../fixtures/cases/keywords_of_sql/sqlite.rs"]
mod keywords_of_sql_sqlite;
#[path = "../../../../fixtures/cases/keywords_of_sql/postgres.rs"]
mod keywords_of_sql_postgres;
#[path = "../../../../fixtures/cases/keywords_of_sql/mysql.rs"]
mod keywords_of_sql_mysql;
#[path = "../../../../fixtures/cases/make_nullable/sqlite.rs"]
mod make_nullable_sqlite;
#[path = "../../../../fixtures/cases/make_nullable/postgres.rs"]
mod make_nullable_postgres;
#[path = "../../../../fixtures/cases/make_nullable/mysql.rs"]
mod make_nullable_mysql;
#[path = "../../../../fixtures/cases/make_required/sqlite.rs"]
mod make_required_sqlite;
#[path = "../../../../fixtures/cases/make_required/postgres.rs"]
mod make_required_postgres;
#[path = "../../../../fixtures/cases/make_required/mysql.rs"]
mod make_required_mysql;
#[path = "../../../../fixtures/cases/make_required/several.rs"]
mod make_required_several;
#[path = "../../../../fixtures/cases/name_of_63_bytes/sqlite.rs"]
mod name_of_63_bytes_sqlite;
#[path = "../../../../fixtures/cases/name_of_63_bytes/postgres.rs"]
mod name_of_63_bytes_postgres;
#[path = "../../../../fixtures/cases/name_of_63_bytes/mysql.rs"]
mod name_of_63_bytes_mysql;
#[path = "../../../../fixtures/cases/name_of_64_bytes/sqlite.rs"]
mod name_of_64_bytes_sqlite;
#[path = "../../../../fixtures/cases/name_of_64_bytes/mysql.rs"]
mod name_of_64_bytes_mysql;
#[path = "../../../../fixtures/cases/names_with_spaces/sqlite.rs"]
mod names_with_spaces_sqlite;
#[path = "../../../../fixtures/cases/names_with_spaces/postgres.rs"]
mod names_with_spaces_postgres;
#[path = "../../../../fixtures/cases/names_with_spaces/mysql.rs"]
mod names_with_spaces_mysql;
#[path = "../../../../fixtures/cases/narrow_string/sqlite.rs"]
mod narrow_string_sqlite;
#[path = "../../../../fixtures/cases/narrow_string/postgres.rs"]
mod narrow_string_postgres;
#[path = "../../../../fixtures/cases/narrow_string/mysql.rs"]
mod narrow_string_mysql;
#[path = "../../../../fixtures/cases/on_update_timestamp/mysql.rs"]
mod on_update_timestamp_mysql;
#[path = "../../../../fixtures/cases/postgres_arrays_and_ranges/postgres.rs"]
mod postgres_arrays_and_ranges_postgres;
#[path = "../../../../fixtures/cases/rebuild_strict_without_rowid/sqlite.rs"]
mod rebuild_strict_without_rowid_sqlite;
#[path = "../../../../fixtures/cases/rebuild_with_everything/sqlite.rs"]
mod rebuild_with_everything_sqlite;
#[path = "../../../../fixtures/cases/rename_and_alter_column/sqlite.rs"]
mod rename_and_alter_column_sqlite;
#[path = "../../../../fixtures/cases/rename_and_alter_column/postgres.rs"]
mod rename_and_alter_column_postgres;
#[path = "../../../../fixtures/cases/rename_and_alter_column/mysql.rs"]
mod rename_and_alter_column_mysql;
#[path = "../../../../fixtures/cases/rename_column/sqlite.rs"]
mod rename_column_sqlite;
#[path = "../../../../fixtures/cases/rename_column/postgres.rs"]
mod rename_column_postgres;
#[path = "../../../../fixtures/cases/rename_column/mysql.rs"]
mod rename_column_mysql;
#[path = "../../../../fixtures/cases/rename_index/sqlite.rs"]
mod rename_index_sqlite;
#[path = "../../../../fixtures/cases/rename_index/postgres.rs"]
mod rename_index_postgres;
#[path = "../../../../fixtures/cases/rename_index/mysql.rs"]
mod rename_index_mysql;
#[path = "../../../../fixtures/cases/rename_table/sqlite.rs"]
mod rename_table_sqlite;
#[path = "../../../../fixtures/cases/rename_table/postgres.rs"]
mod rename_table_postgres;
#[path = "../../../../fixtures/cases/rename_table/mysql.rs"]
mod rename_table_mysql;
#[path = "../../../../fixtures/cases/set_default/sqlite.rs"]
mod set_default_sqlite;
#[path = "../../../../fixtures/cases/set_default/postgres.rs"]
mod set_default_postgres;
#[path = "../../../../fixtures/cases/set_default/mysql.rs"]
mod set_default_mysql;
#[path = "../../../../fixtures/cases/string_to_text/sqlite.rs"]
mod string_to_text_sqlite;
#[path = "../../../../fixtures/cases/string_to_text/postgres.rs"]
mod string_to_text_postgres;
#[path = "../../../../fixtures/cases/string_to_text/mysql.rs"]
mod string_to_text_mysql;
#[path = "../../../../fixtures/cases/suspected_rename/sqlite.rs"]
mod suspected_rename_sqlite;
#[path = "../../../../fixtures/cases/suspected_rename/postgres.rs"]
mod suspected_rename_postgres;
#[path = "../../../../fixtures/cases/suspected_rename/mysql.rs"]
mod suspected_rename_mysql;
#[path = "../../../../fixtures/cases/table_options/mysql.rs"]
mod table_options_mysql;
#[path = "../../../../fixtures/cases/table_options/mariadb.rs"]
mod table_options_mariadb;
#[path = "../../../../fixtures/cases/text_to_integer/sqlite.rs"]
mod text_to_integer_sqlite;
#[path = "../../../../fixtures/cases/text_to_integer/postgres.rs"]
mod text_to_integer_postgres;
#[path = "../../../../fixtures/cases/text_to_integer/mysql.rs"]
mod text_to_integer_mysql;
#[path = "../../../../fixtures/cases/upper_case_names/sqlite.rs"]
mod upper_case_names_sqlite;
#[path = "../../../../fixtures/cases/upper_case_names/postgres.rs"]
mod upper_case_names_postgres;
#[path = "../../../../fixtures/cases/upper_case_names/mysql.rs"]
mod upper_case_names_mysql;
#[path = "../../../../fixtures/cases/widen_string/sqlite.rs"]
mod widen_string_sqlite;
#[path = "../../../../fixtures/cases/widen_string/postgres.rs"]
mod widen_string_postgres;
#[path = "../../../../fixtures/cases/widen_string/mysql.rs"]
mod widen_string_mysql;

/// A case, a database, and what makes the migration.
pub(crate) type Golden = (&'static str, &'static str, fn() -> Box<dyn sea_orm_migration::MigrationTrait>);

pub(crate) const MIGRATIONS: &[Golden] = &[
    ("add_check", "sqlite", || Box::new(add_check_sqlite::Migration)),
    ("add_check", "postgres", || Box::new(add_check_postgres::Migration)),
    ("add_check", "mysql", || Box::new(add_check_mysql::Migration)),
    ("add_column_with_default", "sqlite", || Box::new(add_column_with_default_sqlite::Migration)),
    ("add_column_with_default", "postgres", || Box::new(add_column_with_default_postgres::Migration)),
    ("add_column_with_default", "mysql", || Box::new(add_column_with_default_mysql::Migration)),
    ("add_column_with_expression_default", "sqlite", || Box::new(add_column_with_expression_default_sqlite::Migration)),
    ("add_column_with_expression_default", "postgres", || Box::new(add_column_with_expression_default_postgres::Migration)),
    ("add_column_with_expression_default", "mysql", || Box::new(add_column_with_expression_default_mysql::Migration)),
    ("add_column_with_foreign_key", "sqlite", || Box::new(add_column_with_foreign_key_sqlite::Migration)),
    ("add_column_with_foreign_key", "postgres", || Box::new(add_column_with_foreign_key_postgres::Migration)),
    ("add_column_with_foreign_key", "mysql", || Box::new(add_column_with_foreign_key_mysql::Migration)),
    ("add_column_with_text_default", "sqlite", || Box::new(add_column_with_text_default_sqlite::Migration)),
    ("add_column_with_text_default", "postgres", || Box::new(add_column_with_text_default_postgres::Migration)),
    ("add_column_with_text_default", "mysql", || Box::new(add_column_with_text_default_mysql::Migration)),
    ("add_comments", "postgres", || Box::new(add_comments_postgres::Migration)),
    ("add_comments", "mysql", || Box::new(add_comments_mysql::Migration)),
    ("add_composite_foreign_key", "sqlite", || Box::new(add_composite_foreign_key_sqlite::Migration)),
    ("add_composite_foreign_key", "postgres", || Box::new(add_composite_foreign_key_postgres::Migration)),
    ("add_composite_foreign_key", "mysql", || Box::new(add_composite_foreign_key_mysql::Migration)),
    ("add_composite_unique", "sqlite", || Box::new(add_composite_unique_sqlite::Migration)),
    ("add_composite_unique", "postgres", || Box::new(add_composite_unique_postgres::Migration)),
    ("add_composite_unique", "mysql", || Box::new(add_composite_unique_mysql::Migration)),
    ("add_descending_index", "sqlite", || Box::new(add_descending_index_sqlite::Migration)),
    ("add_descending_index", "postgres", || Box::new(add_descending_index_postgres::Migration)),
    ("add_descending_index", "mysql", || Box::new(add_descending_index_mysql::Migration)),
    ("add_enum_column", "sqlite", || Box::new(add_enum_column_sqlite::Migration)),
    ("add_enum_column", "postgres", || Box::new(add_enum_column_postgres::Migration)),
    ("add_enum_column", "mysql", || Box::new(add_enum_column_mysql::Migration)),
    ("add_enum_column", "several", || Box::new(add_enum_column_several::Migration)),
    ("add_enum_value_between", "postgres", || Box::new(add_enum_value_between_postgres::Migration)),
    ("add_enum_value_between", "mysql", || Box::new(add_enum_value_between_mysql::Migration)),
    ("add_enum_value_last", "postgres", || Box::new(add_enum_value_last_postgres::Migration)),
    ("add_enum_value_last", "mysql", || Box::new(add_enum_value_last_mysql::Migration)),
    ("add_expression_index", "sqlite", || Box::new(add_expression_index_sqlite::Migration)),
    ("add_expression_index", "postgres", || Box::new(add_expression_index_postgres::Migration)),
    ("add_expression_index", "mysql", || Box::new(add_expression_index_mysql::Migration)),
    ("add_foreign_key", "sqlite", || Box::new(add_foreign_key_sqlite::Migration)),
    ("add_foreign_key", "postgres", || Box::new(add_foreign_key_postgres::Migration)),
    ("add_foreign_key", "mysql", || Box::new(add_foreign_key_mysql::Migration)),
    ("add_generated_column", "sqlite", || Box::new(add_generated_column_sqlite::Migration)),
    ("add_generated_column", "postgres", || Box::new(add_generated_column_postgres::Migration)),
    ("add_generated_column", "mysql", || Box::new(add_generated_column_mysql::Migration)),
    ("add_index", "sqlite", || Box::new(add_index_sqlite::Migration)),
    ("add_index", "postgres", || Box::new(add_index_postgres::Migration)),
    ("add_index", "mysql", || Box::new(add_index_mysql::Migration)),
    ("add_index_with_options", "postgres", || Box::new(add_index_with_options_postgres::Migration)),
    ("add_indexed_column", "sqlite", || Box::new(add_indexed_column_sqlite::Migration)),
    ("add_indexed_column", "postgres", || Box::new(add_indexed_column_postgres::Migration)),
    ("add_indexed_column", "mysql", || Box::new(add_indexed_column_mysql::Migration)),
    ("add_many_columns", "sqlite", || Box::new(add_many_columns_sqlite::Migration)),
    ("add_many_columns", "postgres", || Box::new(add_many_columns_postgres::Migration)),
    ("add_many_columns", "mysql", || Box::new(add_many_columns_mysql::Migration)),
    ("add_nullable_column", "sqlite", || Box::new(add_nullable_column_sqlite::Migration)),
    ("add_nullable_column", "postgres", || Box::new(add_nullable_column_postgres::Migration)),
    ("add_nullable_column", "mysql", || Box::new(add_nullable_column_mysql::Migration)),
    ("add_nullable_column", "several", || Box::new(add_nullable_column_several::Migration)),
    ("add_partial_index", "sqlite", || Box::new(add_partial_index_sqlite::Migration)),
    ("add_partial_index", "postgres", || Box::new(add_partial_index_postgres::Migration)),
    ("add_prefix_and_fulltext_index", "mysql", || Box::new(add_prefix_and_fulltext_index_mysql::Migration)),
    ("add_primary_key", "sqlite", || Box::new(add_primary_key_sqlite::Migration)),
    ("add_primary_key", "postgres", || Box::new(add_primary_key_postgres::Migration)),
    ("add_primary_key", "mysql", || Box::new(add_primary_key_mysql::Migration)),
    ("add_required_column", "sqlite", || Box::new(add_required_column_sqlite::Migration)),
    ("add_required_column", "postgres", || Box::new(add_required_column_postgres::Migration)),
    ("add_required_column", "mysql", || Box::new(add_required_column_mysql::Migration)),
    ("add_unique", "sqlite", || Box::new(add_unique_sqlite::Migration)),
    ("add_unique", "postgres", || Box::new(add_unique_postgres::Migration)),
    ("add_unique", "mysql", || Box::new(add_unique_mysql::Migration)),
    ("add_unique_column", "sqlite", || Box::new(add_unique_column_sqlite::Migration)),
    ("add_unique_column", "postgres", || Box::new(add_unique_column_postgres::Migration)),
    ("add_unique_column", "mysql", || Box::new(add_unique_column_mysql::Migration)),
    ("alter_several_columns", "sqlite", || Box::new(alter_several_columns_sqlite::Migration)),
    ("alter_several_columns", "postgres", || Box::new(alter_several_columns_postgres::Migration)),
    ("alter_several_columns", "mysql", || Box::new(alter_several_columns_mysql::Migration)),
    ("change_comments", "postgres", || Box::new(change_comments_postgres::Migration)),
    ("change_comments", "mysql", || Box::new(change_comments_mysql::Migration)),
    ("change_decimal", "sqlite", || Box::new(change_decimal_sqlite::Migration)),
    ("change_decimal", "postgres", || Box::new(change_decimal_postgres::Migration)),
    ("change_decimal", "mysql", || Box::new(change_decimal_mysql::Migration)),
    ("change_default", "sqlite", || Box::new(change_default_sqlite::Migration)),
    ("change_default", "postgres", || Box::new(change_default_postgres::Migration)),
    ("change_default", "mysql", || Box::new(change_default_mysql::Migration)),
    ("change_foreign_key_action", "sqlite", || Box::new(change_foreign_key_action_sqlite::Migration)),
    ("change_foreign_key_action", "postgres", || Box::new(change_foreign_key_action_postgres::Migration)),
    ("change_foreign_key_action", "mysql", || Box::new(change_foreign_key_action_mysql::Migration)),
    ("change_foreign_key_action", "mariadb", || Box::new(change_foreign_key_action_mariadb::Migration)),
    ("change_primary_key", "sqlite", || Box::new(change_primary_key_sqlite::Migration)),
    ("change_primary_key", "postgres", || Box::new(change_primary_key_postgres::Migration)),
    ("change_primary_key", "mysql", || Box::new(change_primary_key_mysql::Migration)),
    ("create_table", "sqlite", || Box::new(create_table_sqlite::Migration)),
    ("create_table", "postgres", || Box::new(create_table_postgres::Migration)),
    ("create_table", "mysql", || Box::new(create_table_mysql::Migration)),
    ("create_table", "several", || Box::new(create_table_several::Migration)),
    ("create_table_of_all_types", "sqlite", || Box::new(create_table_of_all_types_sqlite::Migration)),
    ("create_table_of_all_types", "postgres", || Box::new(create_table_of_all_types_postgres::Migration)),
    ("create_table_of_all_types", "mysql", || Box::new(create_table_of_all_types_mysql::Migration)),
    ("create_table_of_all_types", "several", || Box::new(create_table_of_all_types_several::Migration)),
    ("create_table_that_refers_to_itself", "sqlite", || Box::new(create_table_that_refers_to_itself_sqlite::Migration)),
    ("create_table_that_refers_to_itself", "postgres", || Box::new(create_table_that_refers_to_itself_postgres::Migration)),
    ("create_table_that_refers_to_itself", "mysql", || Box::new(create_table_that_refers_to_itself_mysql::Migration)),
    ("create_table_with_big_key", "sqlite", || Box::new(create_table_with_big_key_sqlite::Migration)),
    ("create_table_with_big_key", "postgres", || Box::new(create_table_with_big_key_postgres::Migration)),
    ("create_table_with_big_key", "mysql", || Box::new(create_table_with_big_key_mysql::Migration)),
    ("create_table_with_composite_key", "sqlite", || Box::new(create_table_with_composite_key_sqlite::Migration)),
    ("create_table_with_composite_key", "postgres", || Box::new(create_table_with_composite_key_postgres::Migration)),
    ("create_table_with_composite_key", "mysql", || Box::new(create_table_with_composite_key_mysql::Migration)),
    ("create_table_with_uuid_key", "sqlite", || Box::new(create_table_with_uuid_key_sqlite::Migration)),
    ("create_table_with_uuid_key", "postgres", || Box::new(create_table_with_uuid_key_postgres::Migration)),
    ("create_table_with_uuid_key", "mysql", || Box::new(create_table_with_uuid_key_mysql::Migration)),
    ("create_tables_in_a_cycle", "sqlite", || Box::new(create_tables_in_a_cycle_sqlite::Migration)),
    ("create_tables_in_a_cycle", "postgres", || Box::new(create_tables_in_a_cycle_postgres::Migration)),
    ("create_tables_in_a_cycle", "mysql", || Box::new(create_tables_in_a_cycle_mysql::Migration)),
    ("create_two_tables_with_key", "sqlite", || Box::new(create_two_tables_with_key_sqlite::Migration)),
    ("create_two_tables_with_key", "postgres", || Box::new(create_two_tables_with_key_postgres::Migration)),
    ("create_two_tables_with_key", "mysql", || Box::new(create_two_tables_with_key_mysql::Migration)),
    ("create_two_tables_with_key", "several", || Box::new(create_two_tables_with_key_several::Migration)),
    ("deferrable_foreign_key", "sqlite", || Box::new(deferrable_foreign_key_sqlite::Migration)),
    ("deferrable_foreign_key", "postgres", || Box::new(deferrable_foreign_key_postgres::Migration)),
    ("drop_check", "sqlite", || Box::new(drop_check_sqlite::Migration)),
    ("drop_check", "postgres", || Box::new(drop_check_postgres::Migration)),
    ("drop_check", "mysql", || Box::new(drop_check_mysql::Migration)),
    ("drop_column", "sqlite", || Box::new(drop_column_sqlite::Migration)),
    ("drop_column", "postgres", || Box::new(drop_column_postgres::Migration)),
    ("drop_column", "mysql", || Box::new(drop_column_mysql::Migration)),
    ("drop_column", "several", || Box::new(drop_column_several::Migration)),
    ("drop_default", "sqlite", || Box::new(drop_default_sqlite::Migration)),
    ("drop_default", "postgres", || Box::new(drop_default_postgres::Migration)),
    ("drop_default", "mysql", || Box::new(drop_default_mysql::Migration)),
    ("drop_enum_value", "postgres", || Box::new(drop_enum_value_postgres::Migration)),
    ("drop_enum_value", "mysql", || Box::new(drop_enum_value_mysql::Migration)),
    ("drop_foreign_key", "sqlite", || Box::new(drop_foreign_key_sqlite::Migration)),
    ("drop_foreign_key", "postgres", || Box::new(drop_foreign_key_postgres::Migration)),
    ("drop_foreign_key", "mysql", || Box::new(drop_foreign_key_mysql::Migration)),
    ("drop_foreign_key", "mariadb", || Box::new(drop_foreign_key_mariadb::Migration)),
    ("drop_index", "sqlite", || Box::new(drop_index_sqlite::Migration)),
    ("drop_index", "postgres", || Box::new(drop_index_postgres::Migration)),
    ("drop_index", "mysql", || Box::new(drop_index_mysql::Migration)),
    ("drop_indexed_column", "sqlite", || Box::new(drop_indexed_column_sqlite::Migration)),
    ("drop_indexed_column", "postgres", || Box::new(drop_indexed_column_postgres::Migration)),
    ("drop_indexed_column", "mysql", || Box::new(drop_indexed_column_mysql::Migration)),
    ("drop_required_column", "sqlite", || Box::new(drop_required_column_sqlite::Migration)),
    ("drop_required_column", "postgres", || Box::new(drop_required_column_postgres::Migration)),
    ("drop_required_column", "mysql", || Box::new(drop_required_column_mysql::Migration)),
    ("drop_table", "sqlite", || Box::new(drop_table_sqlite::Migration)),
    ("drop_table", "postgres", || Box::new(drop_table_postgres::Migration)),
    ("drop_table", "mysql", || Box::new(drop_table_mysql::Migration)),
    ("drop_table", "mariadb", || Box::new(drop_table_mariadb::Migration)),
    ("drop_table_that_is_referred_to", "sqlite", || Box::new(drop_table_that_is_referred_to_sqlite::Migration)),
    ("drop_table_that_is_referred_to", "postgres", || Box::new(drop_table_that_is_referred_to_postgres::Migration)),
    ("drop_table_that_is_referred_to", "mysql", || Box::new(drop_table_that_is_referred_to_mysql::Migration)),
    ("drop_table_that_is_referred_to", "mariadb", || Box::new(drop_table_that_is_referred_to_mariadb::Migration)),
    ("drop_tables_in_a_cycle", "sqlite", || Box::new(drop_tables_in_a_cycle_sqlite::Migration)),
    ("drop_tables_in_a_cycle", "postgres", || Box::new(drop_tables_in_a_cycle_postgres::Migration)),
    ("drop_tables_in_a_cycle", "mysql", || Box::new(drop_tables_in_a_cycle_mysql::Migration)),
    ("drop_tables_in_a_cycle", "mariadb", || Box::new(drop_tables_in_a_cycle_mariadb::Migration)),
    ("drop_unique", "sqlite", || Box::new(drop_unique_sqlite::Migration)),
    ("drop_unique", "postgres", || Box::new(drop_unique_postgres::Migration)),
    ("drop_unique", "mysql", || Box::new(drop_unique_mysql::Migration)),
    ("drop_unique", "several", || Box::new(drop_unique_several::Migration)),
    ("drop_unique_column", "sqlite", || Box::new(drop_unique_column_sqlite::Migration)),
    ("drop_unique_column", "postgres", || Box::new(drop_unique_column_postgres::Migration)),
    ("drop_unique_column", "mysql", || Box::new(drop_unique_column_mysql::Migration)),
    ("hostile_backslash", "sqlite", || Box::new(hostile_backslash_sqlite::Migration)),
    ("hostile_backslash", "postgres", || Box::new(hostile_backslash_postgres::Migration)),
    ("hostile_backslash", "mysql", || Box::new(hostile_backslash_mysql::Migration)),
    ("hostile_comments", "postgres", || Box::new(hostile_comments_postgres::Migration)),
    ("hostile_comments", "mysql", || Box::new(hostile_comments_mysql::Migration)),
    ("hostile_emoji", "sqlite", || Box::new(hostile_emoji_sqlite::Migration)),
    ("hostile_emoji", "postgres", || Box::new(hostile_emoji_postgres::Migration)),
    ("hostile_emoji", "mysql", || Box::new(hostile_emoji_mysql::Migration)),
    ("hostile_enum_label", "sqlite", || Box::new(hostile_enum_label_sqlite::Migration)),
    ("hostile_enum_label", "postgres", || Box::new(hostile_enum_label_postgres::Migration)),
    ("hostile_enum_label", "mysql", || Box::new(hostile_enum_label_mysql::Migration)),
    ("hostile_enum_label", "several", || Box::new(hostile_enum_label_several::Migration)),
    ("hostile_quotes", "sqlite", || Box::new(hostile_quotes_sqlite::Migration)),
    ("hostile_quotes", "postgres", || Box::new(hostile_quotes_postgres::Migration)),
    ("hostile_quotes", "mysql", || Box::new(hostile_quotes_mysql::Migration)),
    ("hostile_right_to_left", "sqlite", || Box::new(hostile_right_to_left_sqlite::Migration)),
    ("hostile_right_to_left", "postgres", || Box::new(hostile_right_to_left_postgres::Migration)),
    ("hostile_right_to_left", "mysql", || Box::new(hostile_right_to_left_mysql::Migration)),
    ("hostile_rust", "sqlite", || Box::new(hostile_rust_sqlite::Migration)),
    ("hostile_rust", "postgres", || Box::new(hostile_rust_postgres::Migration)),
    ("hostile_rust", "mysql", || Box::new(hostile_rust_mysql::Migration)),
    ("identity_column", "postgres", || Box::new(identity_column_postgres::Migration)),
    ("integer_to_big_integer", "postgres", || Box::new(integer_to_big_integer_postgres::Migration)),
    ("integer_to_big_integer", "mysql", || Box::new(integer_to_big_integer_mysql::Migration)),
    ("integer_to_boolean", "sqlite", || Box::new(integer_to_boolean_sqlite::Migration)),
    ("integer_to_boolean", "postgres", || Box::new(integer_to_boolean_postgres::Migration)),
    ("integer_to_boolean", "mysql", || Box::new(integer_to_boolean_mysql::Migration)),
    ("integer_to_text", "sqlite", || Box::new(integer_to_text_sqlite::Migration)),
    ("integer_to_text", "postgres", || Box::new(integer_to_text_postgres::Migration)),
    ("integer_to_text", "mysql", || Box::new(integer_to_text_mysql::Migration)),
    ("keywords_of_rust", "sqlite", || Box::new(keywords_of_rust_sqlite::Migration)),
    ("keywords_of_rust", "postgres", || Box::new(keywords_of_rust_postgres::Migration)),
    ("keywords_of_rust", "mysql", || Box::new(keywords_of_rust_mysql::Migration)),
    ("keywords_of_sql", "sqlite", || Box::new(keywords_of_sql_sqlite::Migration)),
    ("keywords_of_sql", "postgres", || Box::new(keywords_of_sql_postgres::Migration)),
    ("keywords_of_sql", "mysql", || Box::new(keywords_of_sql_mysql::Migration)),
    ("make_nullable", "sqlite", || Box::new(make_nullable_sqlite::Migration)),
    ("make_nullable", "postgres", || Box::new(make_nullable_postgres::Migration)),
    ("make_nullable", "mysql", || Box::new(make_nullable_mysql::Migration)),
    ("make_required", "sqlite", || Box::new(make_required_sqlite::Migration)),
    ("make_required", "postgres", || Box::new(make_required_postgres::Migration)),
    ("make_required", "mysql", || Box::new(make_required_mysql::Migration)),
    ("make_required", "several", || Box::new(make_required_several::Migration)),
    ("name_of_63_bytes", "sqlite", || Box::new(name_of_63_bytes_sqlite::Migration)),
    ("name_of_63_bytes", "postgres", || Box::new(name_of_63_bytes_postgres::Migration)),
    ("name_of_63_bytes", "mysql", || Box::new(name_of_63_bytes_mysql::Migration)),
    ("name_of_64_bytes", "sqlite", || Box::new(name_of_64_bytes_sqlite::Migration)),
    ("name_of_64_bytes", "mysql", || Box::new(name_of_64_bytes_mysql::Migration)),
    ("names_with_spaces", "sqlite", || Box::new(names_with_spaces_sqlite::Migration)),
    ("names_with_spaces", "postgres", || Box::new(names_with_spaces_postgres::Migration)),
    ("names_with_spaces", "mysql", || Box::new(names_with_spaces_mysql::Migration)),
    ("narrow_string", "sqlite", || Box::new(narrow_string_sqlite::Migration)),
    ("narrow_string", "postgres", || Box::new(narrow_string_postgres::Migration)),
    ("narrow_string", "mysql", || Box::new(narrow_string_mysql::Migration)),
    ("on_update_timestamp", "mysql", || Box::new(on_update_timestamp_mysql::Migration)),
    ("postgres_arrays_and_ranges", "postgres", || Box::new(postgres_arrays_and_ranges_postgres::Migration)),
    ("rebuild_strict_without_rowid", "sqlite", || Box::new(rebuild_strict_without_rowid_sqlite::Migration)),
    ("rebuild_with_everything", "sqlite", || Box::new(rebuild_with_everything_sqlite::Migration)),
    ("rename_and_alter_column", "sqlite", || Box::new(rename_and_alter_column_sqlite::Migration)),
    ("rename_and_alter_column", "postgres", || Box::new(rename_and_alter_column_postgres::Migration)),
    ("rename_and_alter_column", "mysql", || Box::new(rename_and_alter_column_mysql::Migration)),
    ("rename_column", "sqlite", || Box::new(rename_column_sqlite::Migration)),
    ("rename_column", "postgres", || Box::new(rename_column_postgres::Migration)),
    ("rename_column", "mysql", || Box::new(rename_column_mysql::Migration)),
    ("rename_index", "sqlite", || Box::new(rename_index_sqlite::Migration)),
    ("rename_index", "postgres", || Box::new(rename_index_postgres::Migration)),
    ("rename_index", "mysql", || Box::new(rename_index_mysql::Migration)),
    ("rename_table", "sqlite", || Box::new(rename_table_sqlite::Migration)),
    ("rename_table", "postgres", || Box::new(rename_table_postgres::Migration)),
    ("rename_table", "mysql", || Box::new(rename_table_mysql::Migration)),
    ("set_default", "sqlite", || Box::new(set_default_sqlite::Migration)),
    ("set_default", "postgres", || Box::new(set_default_postgres::Migration)),
    ("set_default", "mysql", || Box::new(set_default_mysql::Migration)),
    ("string_to_text", "sqlite", || Box::new(string_to_text_sqlite::Migration)),
    ("string_to_text", "postgres", || Box::new(string_to_text_postgres::Migration)),
    ("string_to_text", "mysql", || Box::new(string_to_text_mysql::Migration)),
    ("suspected_rename", "sqlite", || Box::new(suspected_rename_sqlite::Migration)),
    ("suspected_rename", "postgres", || Box::new(suspected_rename_postgres::Migration)),
    ("suspected_rename", "mysql", || Box::new(suspected_rename_mysql::Migration)),
    ("table_options", "mysql", || Box::new(table_options_mysql::Migration)),
    ("table_options", "mariadb", || Box::new(table_options_mariadb::Migration)),
    ("text_to_integer", "sqlite", || Box::new(text_to_integer_sqlite::Migration)),
    ("text_to_integer", "postgres", || Box::new(text_to_integer_postgres::Migration)),
    ("text_to_integer", "mysql", || Box::new(text_to_integer_mysql::Migration)),
    ("upper_case_names", "sqlite", || Box::new(upper_case_names_sqlite::Migration)),
    ("upper_case_names", "postgres", || Box::new(upper_case_names_postgres::Migration)),
    ("upper_case_names", "mysql", || Box::new(upper_case_names_mysql::Migration)),
    ("widen_string", "sqlite", || Box::new(widen_string_sqlite::Migration)),
    ("widen_string", "postgres", || Box::new(widen_string_postgres::Migration)),
    ("widen_string", "mysql", || Box::new(widen_string_mysql::Migration)),
];
