-- Check constraints, whose names are unique in the database. `DISTINCT` makes the server put each side together once;
-- without it the time grows with the square of the number of tables. Names are compared as bytes, because the
-- catalog's own collation takes é for e.
SELECT CONVERT(t.TABLE_NAME USING utf8mb4) AS table_name,
       CONVERT(c.CONSTRAINT_NAME USING utf8mb4) AS name,
       CONVERT(c.CHECK_CLAUSE USING utf8mb4) AS expression,
       CONVERT(t.ENFORCED USING utf8mb4) AS enforced,
       CONVERT('Table' USING utf8mb4) AS level
FROM (
    SELECT DISTINCT CAST(CONSTRAINT_NAME AS BINARY) AS bytes, CONSTRAINT_NAME, CHECK_CLAUSE
    FROM information_schema.CHECK_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE()
) c
JOIN (
    SELECT DISTINCT CAST(CONSTRAINT_NAME AS BINARY) AS bytes, CONSTRAINT_NAME, TABLE_NAME, ENFORCED
    FROM information_schema.TABLE_CONSTRAINTS
    WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'CHECK'
) t ON t.bytes = c.bytes
ORDER BY t.TABLE_NAME, c.CONSTRAINT_NAME
