-- No row of one organisation is reachable by another: row-level security is forced on each table that has organisation_id, and the service's role cannot pass by it.
SELECT format('%s.%s', n.nspname, c.relname) AS key,
       CASE WHEN NOT c.relrowsecurity THEN 'row-level security is off'
            WHEN NOT c.relforcerowsecurity THEN 'row-level security is not forced on the owner'
            ELSE 'row-level security has no policy' END AS detail
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'kit')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
UNION ALL
SELECT current_user::text, 'the role of the service is superuser, or passes by row-level security'
FROM pg_roles r WHERE r.rolname = current_user AND (r.rolsuper OR r.rolbypassrls)
UNION ALL
SELECT format('%s.%s', n.nspname, c.relname), 'the role of the service owns the table'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'kit') AND pg_has_role(current_user, c.relowner, 'USAGE')
