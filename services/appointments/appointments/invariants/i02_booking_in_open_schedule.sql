-- A live booking to come lies in an open window of its practitioner, site, reason and mode, unless overbooked or flagged as conflict.
SELECT p.id AS key, 'no open window holds ' || p.occupied AS detail
FROM appointment p
WHERE p.status IN ('pending', 'booked') AND NOT p.overbooked AND p.conflict IS NULL AND upper(p.occupied) > kit_now()
  AND NOT EXISTS (
      SELECT FROM availability a
      WHERE a.practitioner_id = p.practitioner_id AND a.site_id = p.site_id AND a.kind <> 'admin'
        AND a.ends_at >= upper(p.occupied) AND a.ends_at < upper(p.occupied) + interval '25 hours'
        AND a.during @> p.occupied AND NOT a.closed && p.during
        AND p.mode = ANY (a.modes) AND (a.reason_ids = '{}' OR p.reason_id = ANY (a.reason_ids)))
