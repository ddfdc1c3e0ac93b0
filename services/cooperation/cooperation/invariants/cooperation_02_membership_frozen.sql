-- What is in a load does not change after its start: each pack was frozen then, none went in or out since.
SELECT p.id::text AS key, 'is in load ' || l.id || ', which has started, and is not frozen' AS detail
FROM load l JOIN load_run p ON p.load_id = l.id
WHERE l.state <> 'open' AND p.removed_at IS NULL AND NOT p.frozen
UNION ALL
SELECT p.id::text, 'was frozen in load ' || l.id || ' and is out, or the load is open again'
FROM load l JOIN load_run p ON p.load_id = l.id
WHERE p.frozen AND (p.removed_at IS NOT NULL OR l.state = 'open')
UNION ALL
SELECT e.subject_id::text, e.kind || ' after the start of load ' || p.load_id
FROM trace_entry e JOIN load_run p ON p.id = e.subject_id
JOIN trace_entry started ON started.subject_id = p.load_id AND started.kind = 'load.started'
WHERE e.kind IN ('load_run.added', 'load_run.removed', 'load_run.frozen') AND e.seq > started.seq
UNION ALL
SELECT e.subject_id::text, 'its load or its run became another one'
FROM trace_entry e
WHERE e.subject_kind = 'load_run' AND e.subject_version > 1 AND e.data -> 'row' ?| ARRAY['load_id', 'run_id']
