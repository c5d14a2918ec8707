-- The tables and views that are there at the end of a reading.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS name
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE()
