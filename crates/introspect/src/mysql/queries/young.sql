-- The tables that were made a moment ago. The servers keep whole seconds.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS name
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE()
  AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
  AND (CREATE_TIME IS NULL OR CREATE_TIME >= NOW() - INTERVAL 2 SECOND)
