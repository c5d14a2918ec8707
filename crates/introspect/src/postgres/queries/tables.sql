-- The tables of the schemas in $1, a JSON list of names. One JSON row for each.
SELECT row_to_json(r)::text AS row
FROM (
    SELECT c.oid::int8 AS oid,
           n.nspname AS schema,
           c.relname AS name,
           c.relkind::text AS kind,
           c.relpersistence = 'u' AS unlogged,
           pg_get_partkeydef(c.oid) AS partition_key,
           c.relispartition AS is_partition,
           CASE WHEN c.relispartition THEN
               (SELECT format('%I.%I ', pn.nspname, p.relname) || pg_get_expr(c.relpartbound, c.oid)
                FROM pg_inherits i
                JOIN pg_class p ON p.oid = i.inhparent
                JOIN pg_namespace pn ON pn.oid = p.relnamespace
                WHERE i.inhrelid = c.oid) END AS partition_of,
           (SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
            FROM pg_inherits i
            JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = c.oid) AS parents,
           c.reloptions AS options,
           toast.reloptions AS toast_options,
           quote_ident(nullif(am.amname, 'heap')) AS access_method,
           (SELECT format('SERVER %I', s.srvname) || coalesce(
                       ' OPTIONS (' || (SELECT string_agg(format('%I %L', o.option_name, o.option_value), ', ')
                                        FROM pg_options_to_table(f.ftoptions) o) || ')', '')
            FROM pg_foreign_table f
            JOIN pg_foreign_server s ON s.oid = f.ftserver
            WHERE f.ftrelid = c.oid) AS server,
           obj_description(c.oid, 'pg_class') AS comment,
           EXISTS (SELECT FROM pg_depend d
                   WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                     AND d.deptype = 'e') AS of_extension,
           CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
           -- A foreign table has none.
           CASE CASE WHEN c.relkind <> 'f' THEN c.relreplident END
               WHEN 'f' THEN 'FULL'
               WHEN 'n' THEN 'NOTHING'
               WHEN 'i' THEN (SELECT format('USING INDEX %I', ic.relname)
                              FROM pg_index i
                              JOIN pg_class ic ON ic.oid = i.indexrelid
                              WHERE i.indrelid = c.oid AND i.indisreplident) END AS replica_identity,
           (SELECT quote_ident(ic.relname)
            FROM pg_index i
            JOIN pg_class ic ON ic.oid = i.indexrelid
            WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered_on
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
    LEFT JOIN pg_am am ON am.oid = c.relam
    -- Whatever is none of these is a table, maybe of a kind that we do not know.
    WHERE c.relkind NOT IN ('v', 'm', 'S', 'i', 'I', 't', 'c')
      AND n.nspname IN (SELECT json_array_elements_text($1::text::json))
    ORDER BY n.nspname, c.relname
) r
