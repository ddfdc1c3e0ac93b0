-- Nothing is released without a conform verdict on a record that counts, evidence that is all ok, a pack seen intact and dry, and a signatory in scope at that instant.
SELECT r.id::text AS key, CASE
    WHEN l.id IS NULL OR l.state <> 'released' THEN 'released, and its load is not'
    WHEN c.verdict IS DISTINCT FROM 'conform' THEN 'released without a conform verdict'
    WHEN d.id IS NULL OR jsonb_array_length(d.evidence) = 0 THEN 'released without a decision on evidence'
    WHEN w.wrong THEN 'released on evidence that is not all ok'
    WHEN s.id IS NULL THEN 'released by somebody who was no signatory for this machine at that instant'
    ELSE 'released, and the pack was not seen intact and dry' END AS detail
FROM run r
LEFT JOIN load l ON l.id = r.load_id AND l.kind <> 'washing'
LEFT JOIN cycle_record c ON c.load_id = l.id AND c.accepted
LEFT JOIN decision d ON d.load_id = l.id AND d.outcome = 'release'
LEFT JOIN LATERAL (
    SELECT bool_or(e ->> 'state' IS DISTINCT FROM 'ok') AS wrong FROM jsonb_array_elements(d.evidence) e) w ON true
LEFT JOIN signatory s ON s.id = d.signatory_id AND s.person_id = d.person_id AND s.valid @> d.decided_at
    AND l.machine_id = ANY (s.machine_ids) AND (s.retired_at IS NULL OR s.retired_at > d.decided_at)
LEFT JOIN load_run p ON p.load_id = l.id AND p.run_id = r.id AND p.frozen AND p.intact AND p.dry
WHERE r.released_at IS NOT NULL AND (
    l.state IS DISTINCT FROM 'released' OR c.verdict IS DISTINCT FROM 'conform' OR d.id IS NULL
    OR jsonb_array_length(d.evidence) = 0 OR w.wrong OR s.id IS NULL OR p.id IS NULL)
