-- Tables with their columns. Views are left out: one that names a missing table makes table_xinfo fail. A virtual
-- table is listed without columns here, because its module may be missing, which makes table_xinfo fail too.
SELECT l.name AS table_name, l.type AS kind, l.wr AS without_rowid, l.strict AS strict,
       c.name AS name, c.type AS declared_type, c."notnull" AS required, c.dflt_value AS default_text,
       c.pk AS key_position, c.hidden AS hidden
FROM (
    SELECT name, type, wr, strict
    FROM pragma_table_list
    WHERE schema = 'main' AND type <> 'view' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
) AS l
LEFT JOIN pragma_table_xinfo(CASE WHEN l.type <> 'virtual' THEN l.name END, 'main') AS c
ORDER BY l.name, c.cid
