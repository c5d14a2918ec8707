-- The constraints of the tables in $1, an array of oids as text.
--
-- Not read: what a table has from its parents (it comes back with them), the rows that PostgreSQL keeps for each
-- partition behind a key on a partitioned table, NOT NULL (PostgreSQL 18 keeps a row for it; the column says it too),
-- and constraint triggers and exclusion constraints (objects.sql).
SELECT row_to_json(r)::text AS row
FROM (
    SELECT k.conrelid::int8 AS table,
           k.conname AS name,
           k.contype::text AS kind,
           (SELECT json_agg(a.attname ORDER BY u.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
           CASE WHEN k.contype = 'u' THEN
               (SELECT json_agg(a.attname ORDER BY place)
                FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS place
                -- Not the index's own attributes: they keep a name that the table's column had before.
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.indkey[place - 1]) END AS include,
           CASE WHEN k.contype = 'p' THEN
               (SELECT 'INCLUDE (' || string_agg(quote_ident(a.attname), ', ' ORDER BY place) || ')'
                FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS place
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.indkey[place - 1])
           END AS include_clause,
           CASE WHEN k.contype IN ('p', 'u') THEN ic.reloptions END AS options,
           -- PostgreSQL 15 and later.
           coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
           rn.nspname AS references_schema,
           rc.relname AS references_table,
           (SELECT json_agg(a.attname ORDER BY u.place)
            FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS references_columns,
           k.confupdtype::text AS on_update,
           k.confdeltype::text AS on_delete,
           -- PostgreSQL 15 and later.
           (SELECT json_agg(a.attname ORDER BY u.place)
            FROM jsonb_array_elements_text(nullif(to_jsonb(k) -> 'confdelsetcols', 'null'))
                WITH ORDINALITY AS u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number::int2) AS on_delete_columns,
           k.confmatchtype::text AS match,
           k.condeferrable AS deferrable,
           k.condeferred AS deferred,
           k.convalidated AS validated,
           -- PostgreSQL 18 and later.
           coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS enforced,
           coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS period,
           k.connoinherit AS no_inherit,
           CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression
    FROM unnest($1::text::oid[]) AS wanted (oid)
    JOIN pg_constraint k ON k.conrelid = wanted.oid
    LEFT JOIN pg_index i ON i.indexrelid = k.conindid
    LEFT JOIN pg_class ic ON ic.oid = k.conindid
    LEFT JOIN pg_class rc ON rc.oid = k.confrelid
    LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
    LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid
    WHERE k.contype NOT IN ('n', 't', 'x')
      AND k.conislocal
      AND parent.conrelid IS DISTINCT FROM k.conrelid
    ORDER BY k.conrelid, k.conname
) r
