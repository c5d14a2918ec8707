-- The indexes of the tables in $1, an array of oids as text, that no constraint owns and no partitioned index made.
SELECT row_to_json(r)::text AS row
FROM (
    SELECT i.indexrelid::int8 AS oid,
           i.indrelid::int8 AS table,
           ic.relname AS name,
           i.indisunique AS unique,
           i.indisvalid AS valid,
           am.amname AS method,
           pg_get_indexdef(i.indexrelid) AS definition,
           (SELECT json_agg(json_build_object('column', a.attname,
                                              'text', pg_get_indexdef(i.indexrelid, place, false)) ORDER BY place)
            FROM generate_series(1, i.indnkeyatts) AS place
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place - 1]
                                    AND a.attnum <> 0) AS parts,
           (SELECT json_agg(a.attname ORDER BY place)
            FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS place
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place - 1]) AS include,
           i.indpred IS NOT NULL AS partial,
           pg_get_expr(i.indpred, i.indrelid) AS predicate,
           -- PostgreSQL 15 and later.
           coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
           ic.reloptions AS options,
           obj_description(i.indexrelid, 'pg_class') AS comment
    FROM unnest($1::text::oid[]) AS wanted (oid)
    JOIN pg_index i ON i.indrelid = wanted.oid
    JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_am am ON am.oid = ic.relam
    WHERE NOT ic.relispartition
      AND NOT EXISTS (SELECT FROM pg_constraint k
                      WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.indrelid, ic.relname
) r
