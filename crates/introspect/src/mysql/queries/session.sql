-- What the session is: whether names of tables compare without case, and how MariaDB quotes names in expressions.
SELECT CONVERT(DATABASE() USING utf8mb4) AS name,
       CAST(@@lower_case_table_names AS SIGNED) AS folded,
       CAST(FIND_IN_SET('ANSI_QUOTES', @@SESSION.sql_mode) > 0 AS SIGNED) AS ansi_quotes
