-- Views. MySQL does not say which algorithm a view asks for.
SELECT CONVERT(TABLE_NAME USING utf8mb4) AS name,
       CONVERT(VIEW_DEFINITION USING utf8mb4) AS body,
       CONVERT(CHECK_OPTION USING utf8mb4) AS check_option,
       CONVERT(DEFINER USING utf8mb4) AS definer,
       CONVERT(SECURITY_TYPE USING utf8mb4) AS security,
       CONVERT('UNDEFINED' USING utf8mb4) AS algorithm
FROM information_schema.VIEWS
WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME
