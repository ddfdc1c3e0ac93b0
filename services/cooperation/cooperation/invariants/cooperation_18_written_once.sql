-- Decisions, signatures, records, controls, tests and adopted versions are immutable, and a load is as its decision says.
SELECT t.name AS key, 'may be rewritten' AS detail
FROM (VALUES ('decision', 'written_once'), ('signature', 'written_once'), ('cycle_record', 'written_once'), ('control', 'written_once'),
             ('machine_test', 'written_once'), ('composition_version', 'adopted'), ('composition_line', 'adopted'),
             ('load_run', 'frozen')) AS t (name, rule)
WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.name::regclass AND g.tgname = t.rule AND g.tgenabled = 'O')
UNION ALL
SELECT l.id::text, 'is ' || l.state || ', its decision says ' || coalesce(d.outcome, 'nothing')
FROM load l LEFT JOIN decision d ON d.load_id = l.id
WHERE (CASE l.state WHEN 'released' THEN 'release' WHEN 'rejected' THEN 'reject' END) IS DISTINCT FROM d.outcome
UNION ALL
SELECT d.load_id::text, 'its decision is not the one that the trace tells of'
FROM decision d
WHERE NOT EXISTS (SELECT FROM trace_entry e WHERE e.subject_id = d.load_id AND e.kind IN ('load.released', 'load.rejected')
                  AND e.data -> 'facts' ->> 'evidence_hash' = d.evidence_hash)
