-- The parts of every index, the primary key's too.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS table_name,
       CONVERT(INDEX_NAME USING utf8mb4) AS name,
       CAST(NON_UNIQUE AS SIGNED) AS non_unique,
       CONVERT(COLUMN_NAME USING utf8mb4) AS column_name,
       CONVERT(NULL USING utf8mb4) AS expression,
       CONVERT(COLLATION USING utf8mb4) AS direction,
       CAST(SUB_PART AS SIGNED) AS prefix,
       CONVERT(INDEX_TYPE USING utf8mb4) AS method,
       CONVERT(INDEX_COMMENT USING utf8mb4) AS comment,
       CONVERT(IGNORED USING utf8mb4) AS ignored
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
