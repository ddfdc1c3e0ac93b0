-- The rows of traced tables are their entries, folded.
SELECT t.name || ' ' || d.id AS key, d.detail
FROM (VALUES
    ('allocation', 'allocation'), ('compartment', 'compartment'), ('continuity_plan', 'continuity_plan'), ('crate', 'crate'),
    ('stay', 'custody'), ('order', 'flow_order'), ('handover', 'handover'), ('hold', 'hold'),
    ('hold_subject', 'hold_subject'), ('instrument', 'instrument'), ('set', 'instrument_set'), ('issue', 'issue'),
    ('load', 'load'), ('load_run', 'load_run'), ('loan', 'loan'), ('machine', 'machine'), ('need', 'need'),
    ('operation', 'operation'), ('order_line', 'order_line'), ('recall', 'recall'), ('recall_line', 'recall_line'),
    ('run', 'run'), ('content', 'run_content'), ('stop', 'stop'), ('urgent_request', 'urgent_request'), ('use', 'use')
) AS t (kind, name)
CROSS JOIN LATERAL trace_differences(t.kind, t.name::regclass) d
UNION ALL
SELECT e.subject_id::text, 'of kind ' || e.subject_kind || ' is folded by nobody'
FROM (SELECT DISTINCT ON (subject_kind) subject_kind, subject_id FROM trace_entry ORDER BY subject_kind, seq) e
WHERE e.subject_kind NOT IN (
    'allocation', 'compartment', 'continuity_plan', 'crate', 'stay', 'order', 'handover', 'hold', 'hold_subject', 'instrument',
    'set', 'issue', 'load', 'load_run', 'loan', 'machine', 'need', 'operation', 'order_line', 'recall', 'recall_line', 'run',
    'content', 'stop', 'urgent_request', 'use')
