-- The columns of the tables in $1, an array of oids as text.
SELECT row_to_json(r)::text AS row
FROM (
    SELECT a.attrelid::int8 AS table,
           a.attnum AS number,
           a.attname AS name,
           format_type(a.atttypid, a.atttypmod) AS type,
           json_build_object(
               'schema', tn.nspname, 'name', t.typname, 'kind', t.typtype::text,
               'extension', (SELECT x.extname
                             FROM pg_depend d
                             JOIN pg_extension x ON x.oid = d.refobjid
                             WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                               AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')) AS base,
           -- oidvector and its like have elements and are not the array of them.
           coalesce(element.typarray = a.atttypid, false) AS is_array,
           a.attnotnull AS not_null,
           a.attidentity::text AS identity,
           a.attgenerated::text AS generated,
           a.atthasdef AS has_default,
           pg_get_expr(def.adbin, def.adrelid) AS default,
           (SELECT json_agg(d.refobjid::int8)
            FROM pg_depend d
            WHERE d.classid = 'pg_attrdef'::regclass AND d.objid = def.oid
              AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> a.attrelid) AS default_uses,
           (SELECT json_build_array(CASE WHEN NOT pg_collation_is_visible(co.oid) THEN cn.nspname END, co.collname)
            FROM pg_collation co
            JOIN pg_namespace cn ON cn.oid = co.collnamespace
            WHERE co.oid = a.attcollation AND a.attcollation <> whole.typcollation) AS collation,
           CASE WHEN a.attstorage <> whole.typstorage THEN a.attstorage::text END AS storage,
           -- PostgreSQL 14 and later.
           nullif(to_jsonb(a) ->> 'attcompression', '') AS compression,
           (SELECT 'OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', ') || ')'
            FROM pg_options_to_table(a.attfdwoptions) o) AS foreign_options,
           -- -1 until PostgreSQL 16, NULL from 17 on.
           CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
           -- Recent minor releases count the versions of a column here; pg_dump leaves that out, too.
           (SELECT json_agg(o ORDER BY place)
            FROM unnest(a.attoptions) WITH ORDINALITY AS u (o, place)
            WHERE NOT starts_with(o, 'pg_attver=')) AS options,
           col_description(a.attrelid, a.attnum) AS comment
    FROM unnest($1::text::oid[]) AS wanted (oid)
    JOIN pg_attribute a ON a.attrelid = wanted.oid
    JOIN pg_type whole ON whole.oid = a.atttypid
    LEFT JOIN pg_type element ON element.oid = whole.typelem AND element.typarray = whole.oid
    JOIN pg_type t ON t.oid = coalesce(element.oid, whole.oid)
    JOIN pg_namespace tn ON tn.oid = t.typnamespace
    LEFT JOIN pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
) r
