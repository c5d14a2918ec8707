-- The columns of virtual tables. Fails as a whole where the module of one of them is not loaded.
SELECT l.name AS table_name,
       c.name AS name, c.type AS declared_type, c."notnull" AS required, c.dflt_value AS default_text,
       c.pk AS key_position, c.hidden AS hidden
FROM (
    SELECT name
    FROM pragma_table_list
    WHERE schema = 'main' AND type = 'virtual' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
) AS l
JOIN pragma_table_xinfo(l.name, 'main') AS c
ORDER BY l.name, c.cid
