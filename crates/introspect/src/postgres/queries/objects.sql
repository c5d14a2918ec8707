-- What is kept word for word: $1 are the tables, an array of oids as text; $2 the schemas, a JSON list of names.
--
-- A definition is NULL where the server has no text for a part of it: a clause must not vanish with its expression.
-- A definition with more than one statement has `;` and a line break between them; `target` is what a comment on the
-- object calls it. An extension's things come with the extension.
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
           CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END AS noun,
           nullif(am.amname, 'heap') AS access_method,
           rtrim(ltrim(pg_get_viewdef(c.oid)), ';') AS query
    FROM pg_class c
    JOIN schemas s ON s.oid = c.relnamespace
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
), column_comments AS (
    -- Of views and composite types; those of tables stand with their columns.
    SELECT c.oid, string_agg(format(E';\nCOMMENT ON COLUMN %I.%I.%I IS %s', s.nspname, c.relname, a.attname,
                                    quote_literal(d.description)), '' ORDER BY a.attnum) AS sql
    FROM pg_class c
    JOIN schemas s ON s.oid = c.relnamespace
    JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
    WHERE c.relkind IN ('v', 'm', 'c')
    GROUP BY c.oid
), objects AS (
    SELECT 'extension' AS kind, n.nspname AS schema, x.extname::text AS name,
           NULL::name AS table_schema, NULL::name AS table_name,
           format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', x.extname, n.nspname) AS definition,
           -- It comments on itself.
           NULL::text AS target,
           'pg_extension'::regclass AS class, x.oid AS object
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
           END || coalesce((SELECT c.sql FROM column_comments c WHERE c.oid = v.oid), ''),
           format('%s %I.%I', v.noun, v.nspname, v.relname),
           'pg_class'::regclass, v.oid
    FROM views v

    UNION ALL
    SELECT 'trigger', o.nspname, t.tgname::text, o.nspname, o.relname,
           pg_get_triggerdef(t.oid)
           || CASE t.tgenabled
                  WHEN 'D' THEN format(E';\nALTER TABLE %s DISABLE TRIGGER %I', o.sql, t.tgname)
                  WHEN 'R' THEN format(E';\nALTER TABLE %s ENABLE REPLICA TRIGGER %I', o.sql, t.tgname)
                  WHEN 'A' THEN format(E';\nALTER TABLE %s ENABLE ALWAYS TRIGGER %I', o.sql, t.tgname)
                  ELSE '' END,
           format('TRIGGER %I ON %s', t.tgname, o.sql),
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
           format('RULE %I ON %s', r.rulename, o.sql),
           'pg_rewrite'::regclass, r.oid
    FROM pg_rewrite r
    JOIN owners o ON o.oid = r.ev_class
    WHERE r.rulename <> '_RETURN'

    UNION ALL
    SELECT 'policy', o.nspname, p.polname::text, o.nspname, o.relname,
           format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname, o.sql,
                  CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                  (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END, ', '
                                     ORDER BY pg_get_userbyid(role))
                   FROM unnest(p.polroles) AS role))
           || CASE WHEN p.polqual IS NULL THEN '' ELSE ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')' END
           || CASE WHEN p.polwithcheck IS NULL THEN ''
                   ELSE ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')' END,
           format('POLICY %I ON %s', p.polname, o.sql),
           'pg_policy'::regclass, p.oid
    FROM pg_policy p
    JOIN owners o ON o.oid = p.polrelid

    UNION ALL
    -- Without this switch a policy does nothing; without a policy it hides all rows.
    SELECT 'policy', o.nspname, 'row level security', o.nspname, o.relname,
           concat_ws(E';\n',
               CASE WHEN o.relrowsecurity THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', o.sql) END,
               CASE WHEN o.relforcerowsecurity THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', o.sql) END),
           NULL, NULL, NULL
    FROM owners o
    WHERE o.relrowsecurity OR o.relforcerowsecurity

    UNION ALL
    SELECT 'exclusion', o.nspname, k.conname::text, o.nspname, o.relname,
           format('ALTER TABLE %s ADD CONSTRAINT %I ', o.sql, k.conname) || pg_get_constraintdef(k.oid),
           format('CONSTRAINT %I ON %s', k.conname, o.sql),
           'pg_constraint'::regclass, k.oid
    FROM pg_constraint k
    JOIN owners o ON o.oid = k.conrelid
    WHERE k.contype = 'x' AND k.conislocal

    UNION ALL
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END, s.nspname,
           format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), NULL, NULL,
           CASE WHEN p.prokind <> 'a' THEN rtrim(pg_get_functiondef(p.oid), E'\n') ELSE '' END,
           format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, s.nspname, p.proname,
                  pg_get_function_identity_arguments(p.oid)),
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
                   || coalesce((SELECT c.sql FROM column_comments c WHERE c.oid = t.typrelid), '')
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
           format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, s.nspname, t.typname),
           'pg_type'::regclass, t.oid
    FROM pg_type t
    JOIN schemas s ON s.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
           -- A base type of our own; its array type belongs to it.
           OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)))
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)

    UNION ALL
    SELECT 'collation', s.nspname, c.collname::text, NULL, NULL,
           CASE WHEN c.collprovider IN ('c', 'i') THEN
               format('CREATE COLLATION %I.%I (PROVIDER = %s, %s%s)', s.nspname, c.collname,
                      CASE c.collprovider WHEN 'i' THEN 'icu' ELSE 'libc' END,
                      -- Where ICU's locale stands has changed in PostgreSQL 15 and 17.
                      CASE WHEN c.collcollate IS NULL THEN
                               format('LOCALE = %L', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale'))
                           WHEN c.collcollate = c.collctype THEN format('LOCALE = %L', c.collcollate)
                           ELSE format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype) END,
                      CASE WHEN NOT c.collisdeterministic THEN ', DETERMINISTIC = false' END) ELSE '' END,
           format('COLLATION %I.%I', s.nspname, c.collname),
           'pg_collation'::regclass, c.oid
    FROM pg_collation c
    JOIN schemas s ON s.oid = c.collnamespace
    WHERE s.nspname <> 'pg_catalog'
      AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid)

    UNION ALL
    -- Of those that a table uses; they lie in no schema.
    SELECT 'server', NULL, s.srvname::text, NULL, NULL,
           format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype),
                  ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
                  (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', ') || ')'
                   FROM pg_options_to_table(s.srvoptions) o)),
           format('SERVER %I', s.srvname),
           'pg_foreign_server'::regclass, s.oid
    FROM pg_foreign_server s
    JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE s.oid IN (SELECT f.ftserver FROM pg_foreign_table f JOIN tables ON tables.oid = f.ftrelid)

    UNION ALL
    SELECT 'statistics', sn.nspname, x.stxname::text, o.nspname, o.relname,
           pg_get_statisticsobjdef(x.oid)
           || CASE WHEN x.stxstattarget >= 0 THEN format(E';\nALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname,
                                                         x.stxname, x.stxstattarget) ELSE '' END,
           format('STATISTICS %I.%I', sn.nspname, x.stxname),
           'pg_statistic_ext'::regclass, x.oid
    FROM pg_statistic_ext x
    JOIN pg_namespace sn ON sn.oid = x.stxnamespace
    JOIN owners o ON o.oid = x.stxrelid

    UNION ALL
    -- On what is part of a table and keeps no comment of its own.
    SELECT 'comment', o.nspname, k.conname::text, o.nspname, o.relname,
           format('COMMENT ON CONSTRAINT %I ON %s IS %s', k.conname, o.sql, quote_literal(d.description)),
           NULL, NULL, NULL
    FROM pg_description d
    JOIN pg_constraint k ON k.oid = d.objoid
    JOIN owners o ON o.oid = k.conrelid
    WHERE d.classoid = 'pg_constraint'::regclass AND k.contype IN ('c', 'f', 'p', 'u')

    UNION ALL
    SELECT 'comment', s.nspname, s.nspname::text, NULL, NULL,
           format('COMMENT ON SCHEMA %I IS %s', s.nspname, quote_literal(obj_description(s.oid, 'pg_namespace'))),
           NULL, NULL, NULL
    FROM schemas s
    -- A new database has this one.
    WHERE obj_description(s.oid, 'pg_namespace') <> 'standard public schema'
)
SELECT row_to_json(r)::text AS row
FROM (
    SELECT o.kind, o.schema, o.name, o.table_schema, o.table_name,
           o.definition || coalesce(E';\nCOMMENT ON ' || o.target || ' IS '
                                    || quote_literal(obj_description(o.object, o.class::text)), '') AS definition,
           o.class::oid::int8 AS class, o.object::int8 AS object
    FROM objects o
    ORDER BY o.schema, o.name, o.table_name
) r
