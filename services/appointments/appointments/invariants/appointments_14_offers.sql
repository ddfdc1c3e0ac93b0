-- An entry has at most one live offer; an offer that can still be answered has exactly one live hold, its own, with its busy rows; a time that is offered is offered to somebody.
SELECT e.id::text AS key, e.state || ' with ' || count(f.id) || ' live offers' AS detail
FROM waiting_entry e LEFT JOIN waiting_offer f ON f.entry_id = e.id AND f.state = 'sent'
GROUP BY e.id, e.state HAVING count(f.id) > 1 OR (e.state = 'offered') <> (count(f.id) = 1)
UNION ALL
SELECT f.id::text, 'can be answered, its hold is ' || h.state || ' of ' || h.owner || ' with ' || count(b.id) || ' busy rows'
FROM waiting_offer f JOIN hold h ON h.id = f.hold_id LEFT JOIN busy b ON b.hold_id = h.id
WHERE f.state = 'sent' AND f.expires_at > kit_now()
GROUP BY f.id, h.id
HAVING h.state NOT IN ('held', 'identified') OR h.owner <> 'offer:' || f.id OR h.expires_at < f.expires_at
    OR count(b.id) <> cardinality(h.resource_ids)
UNION ALL
SELECT h.id::text, 'kept for an offer that is over'
FROM hold h
WHERE h.owner LIKE 'offer:%' AND h.state IN ('held', 'identified') AND h.expires_at > kit_now()
  AND NOT EXISTS (SELECT FROM waiting_offer f WHERE f.hold_id = h.id AND f.state = 'sent')
UNION ALL
SELECT t.id::text, t.state || ' with ' || count(f.id) || ' live offers'
FROM freed_time t LEFT JOIN waiting_offer f ON f.freed_time_id = t.id AND f.state = 'sent'
GROUP BY t.id, t.state HAVING count(f.id) <> CASE t.state WHEN 'offered' THEN 1 ELSE 0 END
UNION ALL
SELECT f.id::text, 'accepted, without its appointment'
FROM waiting_offer f LEFT JOIN hold h ON h.id = f.hold_id AND h.state = 'confirmed' AND h.appointment_id = f.appointment_id
WHERE f.state = 'accepted' AND h.id IS NULL
