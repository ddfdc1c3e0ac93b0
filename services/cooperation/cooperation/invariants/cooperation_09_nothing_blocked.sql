-- A blocked or expired pack is neither crated clean, nor used without a recorded override; under a prion hold not even with one.
WITH blocked AS (
    SELECT l.subject_id AS run_id, 'recall' AS kind, l.created_at AS since,
           CASE WHEN l.ended IN ('cleared', 'aborted', 'acknowledged') THEN l.ended_at END AS until
    FROM recall_line l
    UNION ALL
    SELECT r.id, o.kind, h.created_at, CASE WHEN h.active THEN NULL ELSE o.ended_at END
    FROM hold_subject h JOIN hold o ON o.id = h.hold_id JOIN run r ON r.id = h.subject_id OR r.set_id = h.subject_id
    UNION ALL
    SELECT c.run_id, o.kind, h.created_at, CASE WHEN h.active THEN NULL ELSE o.ended_at END
    FROM hold_subject h JOIN hold o ON o.id = h.hold_id JOIN run_content c ON c.instrument_id = h.subject_id AND c.counted > 0
)
SELECT u.run_id::text AS key, 'was used under a ' || b.kind || CASE b.kind WHEN 'recall' THEN '' ELSE ' hold' END AS detail
FROM use u JOIN blocked b ON b.run_id = u.run_id AND b.since < u.created_at AND (b.until IS NULL OR b.until > u.created_at)
WHERE u.override_by IS NULL OR u.override_reason IS NULL OR b.kind = 'prion'
UNION ALL
SELECT u.run_id::text, 'was used on ' || u.used_at || ' and had expired on ' || r.expires_on
FROM use u JOIN run r ON r.id = u.run_id JOIN cooperation_group g ON g.id = r.group_id
WHERE r.expires_on < (u.used_at AT TIME ZONE g.time_zone)::date AND (u.override_by IS NULL OR u.override_reason IS NULL)
UNION ALL
SELECT r.id::text, 'is in the clean crate ' || k.id || ' and ' || CASE WHEN b.kind IS NULL THEN 'had expired' ELSE 'was blocked' END
FROM crate k JOIN custody c ON c.place_id = k.id
JOIN run r ON r.set_id = c.subject_id AND r.created_at <= c.created_at AND (r.ended_at IS NULL OR r.ended_at > c.since)
JOIN cooperation_group g ON g.id = r.group_id
LEFT JOIN blocked b ON b.run_id = r.id AND b.since < c.created_at AND (b.until IS NULL OR b.until > c.created_at)
WHERE c.until IS NULL AND k.load_state = 'clean' AND NOT k.quarantine
  AND (b.run_id IS NOT NULL OR r.expires_on < (c.since AT TIME ZONE g.time_zone)::date)
