-- What must be there before the tables in $1, an array of oids as text, and the objects of the schemas in $2, a JSON list
-- of names, as far as pg_depend tells: of a function only what its arguments, its result and (in PostgreSQL 14's own
-- syntax for bodies) its body name. What every database has is not in pg_depend.
WITH schemas AS (
    SELECT n.oid FROM pg_namespace n WHERE n.nspname IN (SELECT json_array_elements_text($2::text::json))
), tables AS (
    SELECT unnest($1::text::oid[]) AS oid
), views AS (
    SELECT c.oid FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN (SELECT oid FROM schemas)
), extension_member AS (
    SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'
), holders (class, object, part_class, part) AS (
    -- What depends, and the thing or the part of it that pg_depend knows.
    SELECT 'pg_class'::regclass, t.oid, 'pg_class'::regclass, t.oid FROM tables t
    UNION ALL
    SELECT 'pg_class'::regclass, d.adrelid, 'pg_attrdef'::regclass, d.oid
    FROM pg_attrdef d JOIN tables t ON t.oid = d.adrelid
    UNION ALL
    SELECT CASE k.contype WHEN 'c' THEN 'pg_class'::regclass ELSE 'pg_constraint'::regclass END,
           CASE k.contype WHEN 'c' THEN k.conrelid ELSE k.oid END, 'pg_constraint'::regclass, k.oid
    FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid
    WHERE k.contype IN ('c', 'x')
    UNION ALL
    SELECT CASE r.rulename WHEN '_RETURN' THEN 'pg_class'::regclass ELSE 'pg_rewrite'::regclass END,
           CASE r.rulename WHEN '_RETURN' THEN r.ev_class ELSE r.oid END, 'pg_rewrite'::regclass, r.oid
    FROM pg_rewrite r WHERE r.ev_class IN (SELECT oid FROM tables UNION ALL SELECT oid FROM views)
    UNION ALL
    SELECT 'pg_trigger'::regclass, g.oid, 'pg_trigger'::regclass, g.oid
    FROM pg_trigger g
    WHERE NOT g.tgisinternal AND g.tgrelid IN (SELECT oid FROM tables UNION ALL SELECT oid FROM views)
    UNION ALL
    SELECT 'pg_policy'::regclass, p.oid, 'pg_policy'::regclass, p.oid
    FROM pg_policy p WHERE p.polrelid IN (SELECT oid FROM tables)
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, x.oid, 'pg_statistic_ext'::regclass, x.oid
    FROM pg_statistic_ext x WHERE x.stxrelid IN (SELECT oid FROM tables)
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 'pg_proc'::regclass, p.oid
    FROM pg_proc p
    WHERE p.pronamespace IN (SELECT oid FROM schemas)
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, part.class, part.oid
    FROM pg_type t
    LEFT JOIN pg_constraint k ON k.contypid = t.oid
    CROSS JOIN LATERAL (VALUES ('pg_type'::regclass, t.oid), ('pg_constraint'::regclass, k.oid),
                               -- The columns of a composite type are those of a relation.
                               ('pg_class'::regclass, t.typrelid)) AS part (class, oid)
    WHERE t.typtype IN ('d', 'c', 'r') AND t.typnamespace IN (SELECT oid FROM schemas)
    UNION ALL
    SELECT 'pg_extension'::regclass, x.oid, 'pg_extension'::regclass, x.oid FROM pg_extension x
)
SELECT row_to_json(r)::text AS row
FROM (
    SELECT DISTINCT h.class::oid::int8 AS class, h.object::int8 AS object, needed.schema, needed.name, needed.is_relation
    FROM holders h
    JOIN pg_depend d ON d.classid = h.part_class AND d.objid = h.part
    LEFT JOIN pg_type whole ON d.refclassid = 'pg_type'::regclass AND whole.oid = d.refobjid
    LEFT JOIN pg_type element ON element.oid = whole.typelem AND element.typarray = whole.oid
    LEFT JOIN pg_type t ON t.oid = coalesce(element.oid, whole.oid)
    CROSS JOIN LATERAL (
        SELECT n.nspname, c.relname::text, c.relkind IN ('r', 'p', 'f', 'v', 'm')
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = CASE d.refclassid WHEN 'pg_class'::regclass THEN d.refobjid
                                        WHEN 'pg_type'::regclass THEN t.typrelid END
          AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
        UNION ALL
        SELECT n.nspname, t.typname::text, false
        FROM pg_namespace n
        LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE n.oid = t.typnamespace AND (c.oid IS NULL OR c.relkind = 'c')
        UNION ALL
        SELECT n.nspname, format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), false
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
        UNION ALL
        SELECT n.nspname, co.collname::text, false
        FROM pg_collation co
        JOIN pg_namespace n ON n.oid = co.collnamespace
        WHERE d.refclassid = 'pg_collation'::regclass AND co.oid = d.refobjid
        UNION ALL
        SELECT NULL, s.srvname::text, false
        FROM pg_foreign_server s
        WHERE d.refclassid = 'pg_foreign_server'::regclass AND s.oid = d.refobjid
        UNION ALL
        SELECT n.nspname, x.extname::text, false
        FROM pg_extension x
        JOIN pg_namespace n ON n.oid = x.extnamespace
        WHERE d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid
    ) AS needed (schema, name, is_relation)
    WHERE (d.refclassid, d.refobjid) <> (h.class, h.object)
    ORDER BY class, object, needed.schema, needed.name
) r
