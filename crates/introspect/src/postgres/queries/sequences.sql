-- The sequences of the tables in $1, an array of oids as text, and those of the schemas in $2, a JSON list of names,
-- that no column owns. Every column's own sequence, of a table that is not read, stays out with its table.
SELECT row_to_json(r)::text AS row
FROM (
    SELECT s.seqrelid::int8 AS oid,
           n.nspname AS schema,
           c.relname AS name,
           owner.deptype::text AS ownership,
           owner.refobjid::int8 AS table,
           owner.refobjsubid AS number,
           format_type(s.seqtypid, NULL) AS type,
           s.seqstart AS start,
           s.seqincrement AS increment,
           s.seqmin AS min,
           s.seqmax AS max,
           s.seqcache AS cache,
           s.seqcycle AS cycle,
           format('%I.%I', n.nspname, c.relname) AS sql,
           c.relpersistence = 'u' AS unlogged,
           format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
                  format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                  CASE WHEN s.seqcycle THEN ' CYCLE' END) AS options,
           format('COMMENT ON SEQUENCE %I.%I IS ', n.nspname, c.relname)
               || quote_literal(obj_description(s.seqrelid, 'pg_class')) AS comment,
           CASE WHEN owner.refobjid IS NOT NULL THEN json_build_array(tn.nspname, t.relname) END AS owner,
           CASE WHEN owner.refobjid IS NOT NULL THEN
               format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname)
           END AS owned_by
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_depend owner ON owner.classid = 'pg_class'::regclass AND owner.objid = s.seqrelid
                             AND owner.objsubid = 0 AND owner.refclassid = 'pg_class'::regclass
                             AND owner.deptype IN ('a', 'i')
    LEFT JOIN pg_class t ON t.oid = owner.refobjid
    LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = owner.refobjsubid
    LEFT JOIN unnest($1::text::oid[]) AS wanted (oid) ON wanted.oid = owner.refobjid
    WHERE CASE WHEN owner.refobjid IS NULL
               THEN n.nspname IN (SELECT json_array_elements_text($2::text::json))
                    AND NOT EXISTS (SELECT FROM pg_depend e
                                    WHERE e.classid = 'pg_class'::regclass AND e.objid = s.seqrelid
                                      AND e.deptype = 'e')
               ELSE wanted.oid IS NOT NULL END
    ORDER BY n.nspname, c.relname
) r
