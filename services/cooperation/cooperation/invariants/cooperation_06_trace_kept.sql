-- The trace is append-only, and each entry stands in the audit, whose chain `maillage audit verify` walks; `maillage cooperation verify` hashes each entry again.
SELECT e.id::text AS key, 'of ' || e.subject_id || ' is not in the audit as it stands' AS detail
FROM trace_entry e LEFT JOIN kit.audit a ON a.record_id = e.subject_id AND a.at = e.recorded_at
    AND a.facts = '{"entry":"' || e.id || '","sha256":"' || encode(e.digest, 'hex') || '"}'
WHERE a.id IS NULL
UNION ALL
SELECT substr(a.facts, 11, 36), 'of ' || a.record_id || ' is in the audit and not in the trace'
FROM kit.audit a
WHERE a.facts LIKE '{"entry":"________-____-____-____-____________","sha256":"%'
  AND NOT EXISTS (SELECT FROM trace_entry e WHERE e.subject_id = a.record_id AND e.id::text = substr(a.facts, 11, 36))
UNION ALL
SELECT c.relname::text, 'may be rewritten'
FROM pg_class c
WHERE (c.oid = 'trace_entry'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'trace_entry'::regclass))
  AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('append_only', 'append_only_all') AND t.tgenabled = 'O') < 2
