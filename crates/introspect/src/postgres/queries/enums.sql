-- The enum types of the schemas in $2, a JSON list of names, and those that a column of the tables in $1, an array of
-- oids as text, uses from elsewhere. An extension's types come with the extension.
SELECT row_to_json(r)::text AS row
FROM (
    SELECT n.nspname AS schema,
           t.typname AS name,
           (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
           obj_description(t.oid, 'pg_type') AS comment
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e'
      AND (n.nspname IN (SELECT json_array_elements_text($2::text::json))
           OR EXISTS (SELECT FROM pg_attribute a
                      WHERE a.atttypid IN (t.oid, t.typarray) AND a.attnum > 0 AND NOT a.attisdropped
                        AND a.attrelid IN (SELECT unnest($1::text::oid[]))))
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    ORDER BY n.nspname, t.typname
) r
