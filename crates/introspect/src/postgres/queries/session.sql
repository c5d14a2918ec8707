-- Fixes everything in the session that changes how the server spells names and constants, until the transaction ends.
--
-- Names in the default schema, and in those schemas of the session's own path that hold extensions, are written bare,
-- as people write them; all others are qualified. The rest of the path and the session's formats play no part.
WITH session AS MATERIALIZED (
    SELECT pg_catalog.current_schemas(false) AS path,
           coalesce(nullif(pg_catalog.current_schema(), 'pg_catalog'), 'public') AS default_schema
)
SELECT session.default_schema,
       pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ',
           pg_catalog.quote_ident(session.default_schema),
           (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(entry.name), ', ' ORDER BY entry.place)
            FROM pg_catalog.unnest(session.path) WITH ORDINALITY AS entry (name, place)
            WHERE entry.name NOT IN ('pg_catalog', session.default_schema)
              AND EXISTS (SELECT FROM pg_catalog.pg_extension x
                          JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
                          WHERE n.nspname = entry.name)),
           -- Last, so that no temporary table stands in for a catalog.
           'pg_temp'), true) AS search_path,
       pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS server_version_num,
       -- Compiling a catalog query takes longer than running it.
       pg_catalog.set_config('jit', 'off', true) AS jit,
       pg_catalog.set_config('datestyle', 'ISO, YMD', true) AS datestyle,
       pg_catalog.set_config('intervalstyle', 'postgres', true) AS intervalstyle,
       pg_catalog.set_config('timezone', 'UTC', true) AS timezone,
       pg_catalog.set_config('bytea_output', 'hex', true) AS bytea_output,
       pg_catalog.set_config('extra_float_digits', '1', true) AS extra_float_digits,
       pg_catalog.set_config('quote_all_identifiers', 'off', true) AS quote_all_identifiers,
       pg_catalog.set_config('standard_conforming_strings', 'on', true) AS standard_conforming_strings
FROM session
