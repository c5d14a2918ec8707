-- The columns of tables and views, in their order.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS table_name,
       CONVERT(COLUMN_NAME USING utf8mb4) AS name,
       CONVERT(COLUMN_TYPE USING utf8mb4) AS column_type,
       CONVERT(IS_NULLABLE USING utf8mb4) AS nullable,
       CONVERT(COLUMN_DEFAULT USING utf8mb4) AS default_value,
       CONVERT(EXTRA USING utf8mb4) AS extra,
       CONVERT(GENERATION_EXPRESSION USING utf8mb4) AS generation,
       CONVERT(CHARACTER_SET_NAME USING utf8mb4) AS charset,
       CONVERT(COLLATION_NAME USING utf8mb4) AS collation,
       CONVERT(COLUMN_COMMENT USING utf8mb4) AS comment,
       CAST(NULL AS SIGNED) AS reference_system
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, ORDINAL_POSITION
