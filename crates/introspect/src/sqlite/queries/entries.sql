-- Everything that has a name, with the statement that made it. An index that a constraint owns has none.
SELECT type, name, tbl_name, sql
FROM main.sqlite_schema
WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY rowid
