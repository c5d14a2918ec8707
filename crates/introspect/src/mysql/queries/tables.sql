-- Base tables, views, MariaDB's system-versioned tables and sequences.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS name,
       CONVERT(TABLE_TYPE USING utf8mb4) AS kind,
       CONVERT(ENGINE USING utf8mb4) AS engine,
       CONVERT(TABLE_COLLATION USING utf8mb4) AS collation,
       CONVERT(CREATE_OPTIONS USING utf8mb4) AS options,
       CONVERT(TABLE_COMMENT USING utf8mb4) AS comment
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE()
