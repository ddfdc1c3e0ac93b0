-- A recall lists every run that ever was in its scope, and every operation that used one.
WITH scoped AS (
    SELECT r.id AS recall_id, p.run_id FROM recall r
    CROSS JOIN LATERAL jsonb_array_elements_text(r.scope -> 'loads') s (load_id)
    JOIN load_run p ON p.load_id = s.load_id::uuid AND p.frozen
    UNION
    SELECT r.id, s.run_id::uuid FROM recall r CROSS JOIN LATERAL jsonb_array_elements_text(r.scope -> 'runs') s (run_id)
    UNION
    SELECT r.id, p.run_id FROM recall r CROSS JOIN LATERAL jsonb_array_elements(r.scope -> 'machines') s (span)
    JOIN load l ON l.machine_id = (s.span ->> 'machine_id')::uuid AND l.started_at >= (s.span ->> 'since')::timestamptz
        AND l.started_at < (s.span ->> 'until')::timestamptz AND l.started_at <= r.opened_at
    JOIN load_run p ON p.load_id = l.id AND p.frozen
    UNION
    SELECT r.id, c.run_id FROM recall r CROSS JOIN LATERAL jsonb_array_elements_text(r.scope -> 'instruments') s (id)
    JOIN run_content c ON c.instrument_id = s.id::uuid AND c.created_at <= r.opened_at
)
SELECT s.run_id::text AS key, 'is in the scope of recall ' || s.recall_id || ' and has no line' AS detail
FROM scoped s
WHERE NOT EXISTS (SELECT FROM recall_line l WHERE l.recall_id = s.recall_id AND l.subject_id = s.run_id)
UNION ALL
SELECT l.id::text, 'does not name the operation that used its run'
FROM recall_line l JOIN recall r ON r.id = l.recall_id JOIN use u ON u.run_id = l.subject_id
WHERE u.created_at < l.created_at AND (l.state <> 'used' OR l.operation_ref IS DISTINCT FROM u.operation_ref)
UNION ALL
SELECT r.id::text, 'is closed with lines that have not ended'
FROM recall r WHERE r.state = 'closed' AND EXISTS (SELECT FROM recall_line l WHERE l.recall_id = r.id AND l.ended IS NULL)
