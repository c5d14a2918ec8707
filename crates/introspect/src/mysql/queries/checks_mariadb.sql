-- Check constraints. One that stands at a column bears the column's name and can be changed only with the column.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS table_name,
       CONVERT(CONSTRAINT_NAME USING utf8mb4) AS name,
       CONVERT(CHECK_CLAUSE USING utf8mb4) AS expression,
       CONVERT('YES' USING utf8mb4) AS enforced,
       CONVERT(LEVEL USING utf8mb4) AS level
FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, CONSTRAINT_NAME
