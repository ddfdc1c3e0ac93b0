-- Instants are kept with their zone: no column is a timestamp without time zone, or a range of such.
SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS key, format_type(a.atttypid, a.atttypmod) AS detail
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'kit') AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND a.atttypid IN ('timestamp'::regtype, 'timestamp[]'::regtype, 'tsrange'::regtype, 'tsmultirange'::regtype, 'timetz'::regtype)
