-- Foreign keys, in the order in which they were declared: SQLite numbers them from the last to the first.
SELECT l.name AS table_name, k.id AS id, k."table" AS parent, k."from" AS name, k."to" AS parent_column,
       k.on_update AS on_update, k.on_delete AS on_delete
FROM (
    SELECT name
    FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
) AS l
JOIN pragma_foreign_key_list(l.name, 'main') AS k
ORDER BY l.name, k.id DESC, k.seq
