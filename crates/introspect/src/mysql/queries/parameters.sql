-- The parameters of functions and procedures; number 0 is what a function returns.
SELECT CONVERT(SPECIFIC_NAME USING utf8mb4) AS routine,
       CONVERT(ROUTINE_TYPE USING utf8mb4) AS kind,
       CONVERT(PARAMETER_MODE USING utf8mb4) AS mode,
       CONVERT(PARAMETER_NAME USING utf8mb4) AS name,
       CONVERT(DTD_IDENTIFIER USING utf8mb4) AS parameter_type,
       CONVERT(CHARACTER_SET_NAME USING utf8mb4) AS charset,
       CONVERT(COLLATION_NAME USING utf8mb4) AS collation
FROM information_schema.PARAMETERS
WHERE SPECIFIC_SCHEMA = DATABASE() AND ORDINAL_POSITION > 0
ORDER BY ROUTINE_TYPE, SPECIFIC_NAME, ORDINAL_POSITION
