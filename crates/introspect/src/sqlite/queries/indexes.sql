-- Indexes with their key columns. A part without a column is an expression (cid -2) or the rowid (cid -1).
SELECT l.name AS table_name, i.name AS index_name, i."unique" AS is_unique, i.origin AS origin, i.partial AS partial,
       p.cid AS cid, p.name AS name, p."desc" AS descending, p.coll AS collation
FROM (
    SELECT name
    FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
) AS l
JOIN pragma_index_list(l.name, 'main') AS i
JOIN pragma_index_xinfo(i.name, 'main') AS p
WHERE p."key" = 1
ORDER BY l.name, i.name, p.seqno
