-- What is kept word for word: $1 are the tables, an array of oids as text; $2 the schemas, a JSON list of names.
--
-- `depends_on` is what pg_depend tells, which for a function is only what its arguments, its result and (in PostgreSQL
-- 14's own syntax for bodies) its body name. A definition with more than one statement has `;` and a line break between
-- them. An extension's things come with the extension.
WITH schemas AS (
    SELECT n.oid, n.nspname
    FROM pg_namespace n
    WHERE n.nspname IN (SELECT json_array_elements_text($2::text::json))
), tables AS (
    SELECT unnest($1::text::oid[]) AS oid
), extension_member AS (
    SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'
), views AS (
    SELECT c.oid, s.nspname, c.relname, c.relkind, c.reloptions, c.relispopulated,
           nullif(am.amname, 'heap') AS access_method,
           rtrim(ltrim(pg_get_viewdef(c.oid)), ';') AS query,
           rule.oid AS rule
    FROM pg_class c
    JOIN schemas s ON s.oid = c.relnamespace
    JOIN pg_rewrite rule ON rule.ev_class = c.oid AND rule.rulename = '_RETURN'
    LEFT JOIN pg_am am ON am.oid = c.relam
    WHERE c.relkind IN ('v', 'm')
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), owners AS (
    -- What triggers, rules and policies may hang on.
    SELECT c.oid, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) AS sql,
           c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid IN (SELECT oid FROM tables UNION ALL SELECT oid FROM views)
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), objects AS (
    SELECT 'extension' AS kind, n.nspname AS schema, x.extname::text AS name,
           NULL::name AS table_schema, NULL::name AS table_name,
           format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', x.extname, n.nspname) AS definition,
           NULL::oid AS class, NULL::oid AS object
    FROM pg_extension x
    JOIN pg_namespace n ON n.oid = x.extnamespace
    WHERE x.extname <> 'plpgsql'

    UNION ALL
    SELECT CASE v.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END, v.nspname, v.relname::text, NULL, NULL,
           CASE v.relkind
               WHEN 'v' THEN format('CREATE VIEW %I.%I%s AS ', v.nspname, v.relname,
                                    ' WITH (' || array_to_string(v.reloptions, ', ') || ')') || v.query
               ELSE format('CREATE MATERIALIZED VIEW %I.%I%s%s AS ', v.nspname, v.relname,
                           ' USING ' || quote_ident(v.access_method),
                           ' WITH (' || array_to_string(v.reloptions, ', ') || ')')
                    || v.query
                    || CASE WHEN v.relispopulated THEN '' ELSE ' WITH NO DATA' END
                    || coalesce((SELECT string_agg(E';\n' || pg_get_indexdef(i.indexrelid), '' ORDER BY ic.relname)
                                 FROM pg_index i
                                 JOIN pg_class ic ON ic.oid = i.indexrelid
                                 WHERE i.indrelid = v.oid), '')
           END || coalesce(format(E';\nCOMMENT ON %s %I.%I IS ',
                                  CASE v.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
                                  v.nspname, v.relname)
                           || quote_literal(obj_description(v.oid, 'pg_class')), '') AS definition,
           'pg_rewrite'::regclass, v.rule
    FROM views v

    UNION ALL
    SELECT 'trigger', o.nspname, t.tgname::text, o.nspname, o.relname,
           pg_get_triggerdef(t.oid)
           || CASE t.tgenabled
                  WHEN 'D' THEN format(E';\nALTER TABLE %s DISABLE TRIGGER %I', o.sql, t.tgname)
                  WHEN 'R' THEN format(E';\nALTER TABLE %s ENABLE REPLICA TRIGGER %I', o.sql, t.tgname)
                  WHEN 'A' THEN format(E';\nALTER TABLE %s ENABLE ALWAYS TRIGGER %I', o.sql, t.tgname)
                  ELSE '' END,
           'pg_trigger'::regclass, t.oid
    FROM pg_trigger t
    JOIN owners o ON o.oid = t.tgrelid
    -- A partition's copy of its parent's trigger comes with the parent.
    WHERE NOT t.tgisinternal AND t.tgparentid = 0

    UNION ALL
    SELECT 'rule', o.nspname, r.rulename::text, o.nspname, o.relname,
           rtrim(pg_get_ruledef(r.oid), ';')
           || CASE r.ev_enabled
                  WHEN 'D' THEN format(E';\nALTER TABLE %s DISABLE RULE %I', o.sql, r.rulename)
                  WHEN 'R' THEN format(E';\nALTER TABLE %s ENABLE REPLICA RULE %I', o.sql, r.rulename)
                  WHEN 'A' THEN format(E';\nALTER TABLE %s ENABLE ALWAYS RULE %I', o.sql, r.rulename)
                  ELSE '' END,
           'pg_rewrite'::regclass, r.oid
    FROM pg_rewrite r
    JOIN owners o ON o.oid = r.ev_class
    WHERE r.rulename <> '_RETURN'

    UNION ALL
    SELECT 'policy', o.nspname, p.polname::text, o.nspname, o.relname,
           format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, o.sql,
                  CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                  (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END, ', '
                                     ORDER BY pg_get_userbyid(role))
                   FROM unnest(p.polroles) AS role),
                  ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                  ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
           'pg_policy'::regclass, p.oid
    FROM pg_policy p
    JOIN owners o ON o.oid = p.polrelid

    UNION ALL
    -- Without this switch a policy does nothing; without a policy it hides all rows.
    SELECT 'policy', o.nspname, 'row level security', o.nspname, o.relname,
           concat_ws(E';\n',
               CASE WHEN o.relrowsecurity THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', o.sql) END,
               CASE WHEN o.relforcerowsecurity THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', o.sql) END),
           NULL, NULL
    FROM owners o
    WHERE o.relrowsecurity OR o.relforcerowsecurity

    UNION ALL
    SELECT 'exclusion', o.nspname, k.conname::text, o.nspname, o.relname,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', o.sql, k.conname, pg_get_constraintdef(k.oid)),
           NULL, NULL
    FROM pg_constraint k
    JOIN owners o ON o.oid = k.conrelid
    WHERE k.contype = 'x' AND k.conislocal

    UNION ALL
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END, s.nspname,
           format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), NULL, NULL,
           CASE WHEN p.prokind <> 'a' THEN rtrim(pg_get_functiondef(p.oid), E'\n') ELSE '' END,
           'pg_proc'::regclass, p.oid
    FROM pg_proc p
    JOIN schemas s ON s.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
      -- The constructors of a range come with the range.
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                        AND d.deptype = 'i')

    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite_type' WHEN 'r' THEN 'composite_type'
                          ELSE 'base type' END,
           s.nspname, t.typname::text, NULL, NULL,
           CASE t.typtype
               WHEN 'd' THEN
                   format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', s.nspname, t.typname,
                          format_type(t.typbasetype, t.typtypmod),
                          (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname)
                           FROM pg_collation co
                           JOIN pg_namespace cn ON cn.oid = co.collnamespace
                           JOIN pg_type base ON base.oid = t.typbasetype
                           WHERE co.oid = t.typcollation AND t.typcollation <> base.typcollation),
                          ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0),
                          CASE WHEN t.typnotnull THEN ' NOT NULL' END,
                          (SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ''
                                             ORDER BY k.conname)
                           FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
               WHEN 'c' THEN
                   format('CREATE TYPE %I.%I AS (%s)', s.nspname, t.typname,
                          (SELECT string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                                      (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname)
                                       FROM pg_collation co
                                       JOIN pg_namespace cn ON cn.oid = co.collnamespace
                                       JOIN pg_type at ON at.oid = a.atttypid
                                       WHERE co.oid = a.attcollation AND a.attcollation <> at.typcollation)),
                                  ', ' ORDER BY a.attnum)
                           FROM pg_attribute a
                           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
               WHEN 'r' THEN
                   (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s%s%s%s)', s.nspname, t.typname,
                                  format_type(r.rngsubtype, NULL),
                                  (SELECT format(', SUBTYPE_OPCLASS = %I.%I', ocn.nspname, oc.opcname)
                                   FROM pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
                                   WHERE oc.oid = r.rngsubopc AND NOT oc.opcdefault),
                                  (SELECT format(', COLLATION = %I.%I', cn.nspname, co.collname)
                                   FROM pg_collation co
                                   JOIN pg_namespace cn ON cn.oid = co.collnamespace
                                   JOIN pg_type sub ON sub.oid = r.rngsubtype
                                   WHERE co.oid = r.rngcollation AND r.rngcollation <> sub.typcollation),
                                  CASE WHEN r.rngcanonical <> 0 THEN ', CANONICAL = ' || r.rngcanonical::text END,
                                  CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::text END)
                    FROM pg_range r WHERE r.rngtypid = t.oid)
               ELSE '' END,
           NULL, NULL
    FROM pg_type t
    JOIN schemas s ON s.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
           -- A base type of our own; its array type belongs to it.
           OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)))
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
)
SELECT row_to_json(r)::text AS row
FROM (
    SELECT o.kind, o.schema, o.name, o.table_schema, o.table_name, o.definition,
           (SELECT json_agg(DISTINCT jsonb_build_array(dn.nspname, dc.relname))
            FROM pg_depend d
            LEFT JOIN pg_type rowtype ON d.refclassid = 'pg_type'::regclass AND rowtype.oid = d.refobjid
            JOIN pg_class dc ON dc.oid = CASE d.refclassid WHEN 'pg_class'::regclass THEN d.refobjid
                                                           WHEN 'pg_type'::regclass THEN rowtype.typrelid END
            JOIN pg_namespace dn ON dn.oid = dc.relnamespace
            WHERE d.classid = o.class AND d.objid = o.object
              AND dc.relkind IN ('r', 'p', 'f', 'v', 'm')
              -- A view depends on itself by its rule.
              AND NOT (o.kind IN ('view', 'materialized_view') AND (dn.nspname, dc.relname::text) = (o.schema, o.name))
           ) AS depends_on
    FROM objects o
    ORDER BY o.schema, o.name, o.table_name
) r
