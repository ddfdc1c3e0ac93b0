-- No booking to come meets the rest of its practitioner unless flagged as conflict; a rest closes time exactly as its own event said last.
SELECT p.id::text AS key, 'booked ' || p.during || ' within the rest ' || x.during AS detail
FROM appointment p
JOIN absence x ON x.practitioner_id = p.practitioner_id AND x.kind = 'rest' AND x.during && p.during
WHERE p.status IN ('pending', 'booked') AND p.conflict IS NULL AND lower(p.during) > kit_now()
UNION ALL
SELECT w.rest_window_id::text, 'owed from ' || w.starts_at || ' to ' || w.ends_at || ' and not closed for ' || p.id
FROM rest_window w JOIN practitioner p ON p.rpps = w.rpps
WHERE NOT w.withdrawn AND w.ends_at > kit_now() AND NOT EXISTS (
    SELECT FROM absence x
    WHERE x.source = 'permanence' AND x.source_ref = w.rest_window_id::text AND x.practitioner_id = p.id
      AND x.during = tstzrange(w.starts_at, w.ends_at))
UNION ALL
SELECT x.id::text, 'closes ' || x.during || ' for a rest that nobody owes'
FROM absence x LEFT JOIN rest_window w ON w.rest_window_id::text = x.source_ref
WHERE x.source = 'permanence' AND (w.withdrawn IS NOT FALSE OR x.kind <> 'rest')
