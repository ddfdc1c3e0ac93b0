-- Every refusal is recorded: a refused scan and a refused record with why; other refusals are in the audit as `refused.<code>`.
SELECT s.id::text AS key, 'was ' || s.outcome || ' and nobody knows why' AS detail
FROM scan s WHERE s.outcome = 'refused' AND s.refused_for IS NULL
UNION ALL
SELECT s.id::text, 'was settled and nobody knows how'
FROM scan s WHERE s.settled_at IS NOT NULL AND (s.settled_by IS NULL OR s.settled_how IS NULL)
UNION ALL
SELECT c.id::text, 'is a record that was refused, and the trace does not say so'
FROM cycle_record c
WHERE NOT c.accepted AND NOT EXISTS (
    SELECT FROM trace_entry e WHERE e.subject_id IN (c.load_id, c.machine_id)
    AND e.kind IN ('load.record_refused', 'machine.record_refused') AND e.data -> 'facts' ->> 'record_id' = c.id::text)
UNION ALL
SELECT a.id::text, 'was refused and nobody knows what' FROM kit.audit a WHERE a.action LIKE 'refused.%' AND a.facts = '{}'
