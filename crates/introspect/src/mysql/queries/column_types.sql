-- The columns of one table, with what makes a column of the same type.
SELECT CONVERT(COLUMN_NAME USING utf8mb4) AS name,
       CONVERT(COLUMN_TYPE USING utf8mb4) AS column_type,
       CONVERT(COLLATION_NAME USING utf8mb4) AS collation
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?
ORDER BY ORDINAL_POSITION
