-- The audit is sealed within a minute: no row waits longer for its link in the chain.
SELECT a.id::text AS key, format('%s, written at %s', a.action, a.at) AS detail
FROM kit.audit a
WHERE a.at < kit_now() - interval '1 minute' AND NOT EXISTS (SELECT FROM kit.audit_seal s WHERE s.audit_id = a.id)
ORDER BY a.at LIMIT 100
