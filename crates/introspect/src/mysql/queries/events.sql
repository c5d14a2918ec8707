-- Scheduled events. The interval stands without the quotes that its words would need.
SELECT CONVERT(EVENT_NAME USING utf8mb4) AS name,
       CONVERT(EVENT_DEFINITION USING utf8mb4) AS body,
       CONVERT(EVENT_TYPE USING utf8mb4) AS kind,
       CONVERT(CAST(EXECUTE_AT AS CHAR) USING utf8mb4) AS execute_at,
       CONVERT(INTERVAL_VALUE USING utf8mb4) AS interval_value,
       CONVERT(INTERVAL_FIELD USING utf8mb4) AS interval_field,
       CONVERT(CAST(STARTS AS CHAR) USING utf8mb4) AS starts,
       CONVERT(CAST(ENDS AS CHAR) USING utf8mb4) AS ends,
       CONVERT(STATUS USING utf8mb4) AS status,
       CONVERT(ON_COMPLETION USING utf8mb4) AS on_completion,
       CONVERT(EVENT_COMMENT USING utf8mb4) AS comment,
       CONVERT(DEFINER USING utf8mb4) AS definer
FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = DATABASE()
ORDER BY EVENT_NAME
