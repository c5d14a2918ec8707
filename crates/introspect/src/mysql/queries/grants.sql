-- What the user may do here, by grants on the server, on the database or on any of its tables. What a role grants is
-- not told.
SELECT DISTINCT CONVERT(PRIVILEGE_TYPE USING utf8mb4) AS privilege
FROM (
    SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
    UNION ALL
    SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA
    UNION ALL
    SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()
) granted
WHERE GRANTEE = CONCAT('''', SUBSTRING(CURRENT_USER(), 1, CHAR_LENGTH(CURRENT_USER())
                                       - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
                       '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')
