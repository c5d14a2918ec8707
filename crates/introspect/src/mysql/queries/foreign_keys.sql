-- The columns of every foreign key with its actions. A name is unique per table on some servers
-- only, and compared as bytes, because the catalog's own collation takes é for e.
SELECT CONVERT(k.TABLE_NAME USING utf8mb4) AS table_name,
       CONVERT(k.CONSTRAINT_NAME USING utf8mb4) AS name,
       CONVERT(k.COLUMN_NAME USING utf8mb4) AS column_name,
       CONVERT(k.REFERENCED_TABLE_SCHEMA USING utf8mb4) AS referenced_schema,
       CONVERT(k.REFERENCED_TABLE_NAME USING utf8mb4) AS referenced_table,
       CONVERT(k.REFERENCED_COLUMN_NAME USING utf8mb4) AS referenced_column,
       CONVERT(r.DELETE_RULE USING utf8mb4) AS on_delete,
       CONVERT(r.UPDATE_RULE USING utf8mb4) AS on_update
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
 AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
 AND r.TABLE_NAME = k.TABLE_NAME
 AND CAST(r.CONSTRAINT_NAME AS BINARY) = CAST(k.CONSTRAINT_NAME AS BINARY)
WHERE k.TABLE_SCHEMA = DATABASE()
  AND k.CONSTRAINT_SCHEMA = DATABASE()
  AND r.CONSTRAINT_SCHEMA = DATABASE()
  AND k.REFERENCED_TABLE_NAME IS NOT NULL
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
